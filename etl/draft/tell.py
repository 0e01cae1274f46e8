"""The sentences of a draft in the language of its reader, from `texts.csv`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from etl.errors import SourceError

LANGUAGES = ("en", "fr", "ar")
FILE = Path(__file__).with_name("texts.csv")


def tell(language: str, key: str, **values: object) -> str:
    """Give one sentence; errors: KeyError for a key that `texts.csv` lacks."""
    return _texts()[key][language].format(**values)


def refuse_language(language: str) -> None:
    """Refuse a language that no sentence is written in; errors: SourceError."""
    if language not in LANGUAGES:
        raise SourceError(f"drafts are written in {', '.join(LANGUAGES)}, not in {language!r}; choose one of them")


@cache
def _texts() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["key"]: row for row in csv.DictReader(lines)}
