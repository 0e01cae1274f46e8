"""What the fields of an observation are called in the languages of the readers, as headings of a table say it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


def field_label(name: str, language: str) -> str:
    """Give the heading of a field in a language; KeyError where the field or the language has none."""
    return _labels()[name][f"label_{language}"]


@cache
def _labels() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("field_labels.csv").open(encoding="utf-8", newline="") as lines:
        return {row["field"]: row for row in csv.DictReader(lines)}
