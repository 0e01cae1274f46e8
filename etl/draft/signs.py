"""The signs that a file may use for totals, for what is missing and for none, from `signs.csv`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from etl.fold import fold

FILE = Path(__file__).with_name("signs.csv")


def is_total(text: str) -> bool:
    """Tell whether a text says that its row is a total, alone or as the first word before what it is a total of."""
    folded = fold(text).strip(" :")
    words = folded.split()
    return folded in signs("total") or (1 < len(words) <= 4 and words[0] in signs("total"))


@cache
def signs(kind: str) -> frozenset[str]:
    """Give the folded words of one kind: `total`, `missing` or `zero`."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == kind]
    return frozenset(fold(word) for row in rows for word in row["words"].split("|"))
