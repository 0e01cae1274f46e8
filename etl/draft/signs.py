"""The signs that a file may use for totals, for what is missing and for none, from `signs.csv`."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from etl.fold import fold

SIGN = re.compile(r"[^\w]+|_")
FILE = Path(__file__).with_name("signs.csv")


def is_total(text: str) -> bool:
    """Tell whether a text says that its row is a total, alone or as the first word before what it is a total of."""
    folded = fold(text).strip(" :")
    words = folded.split()
    return folded in signs("total") or (1 < len(words) <= 4 and words[0] in signs("total"))


@cache
def signs(kind: str) -> frozenset[str]:
    """Give the folded words of one kind, such as `total`, `missing` or `zero`."""
    return frozenset(meanings(kind))


@cache
def meanings(kind: str) -> dict[str, str]:
    """Give the folded words of one kind with what each means, the longest first."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == kind]
    found = {fold(word): row["value"] for row in rows for word in row["words"].split("|")}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def told_by(kind: str, text: str) -> list[str]:
    """Give what the words of one kind that stand in a text mean, the longest words first; no word is met twice."""
    folded = f" {SIGN.sub(' ', fold(text))} "
    found = []
    for word, value in meanings(kind).items():
        plain = f" {SIGN.sub(' ', word)} "
        if plain in folded:
            found.append(value)
            folded = folded.replace(plain, " ")
    return list(dict.fromkeys(found))
