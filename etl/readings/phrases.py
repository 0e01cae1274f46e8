"""The words that readings know by themselves (months, hedges, units), from `schemas/lexicon/phrases.csv`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import schemas
from etl.fold import fold

_FILE = Path(schemas.__file__).with_name("lexicon") / "phrases.csv"


@cache
def phrases(kind: str) -> dict[str, str]:
    """Give the folded words of one kind with their value.

    Columns of the file: kind, value, language (ISO 639-3), words (parted by `|`), source, review. A word that
    one kind gives two values raises ValueError: whoever adds it must choose.
    """
    found: dict[str, str] = {}
    for row in _rows():
        if row["kind"] == kind:
            for word in map(fold, row["words"].split("|")):
                if found.setdefault(word, row["value"]) != row["value"]:
                    raise ValueError(f"phrases.csv: {word!r} is both {found[word]} and {row['value']} in {kind}")
    return found


@cache
def longest_first(kind: str) -> tuple[str, ...]:
    """Give the folded words of one kind, the longest first, so that `plus d'une` is met before `plus d'`."""
    return tuple(sorted(phrases(kind), key=len, reverse=True))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
