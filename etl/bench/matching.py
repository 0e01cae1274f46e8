"""The published test set of headings and words: its rows, its halves, and what is right for each row."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from etl.errors import SourceError
from etl.options import ROOT
from etl.plan import GROUPS
from etl.readings import READINGS
from schemas.places import areas, countries

FOLDER = ROOT / "tests" / "matching"
TUNED, UNSEEN = "tuned", "unseen"
IDENTIFYING = "_identifying"
_LISTS = {"COUNTRY": "country", "AREA": "area"}


@dataclass(frozen=True)
class Heading:
    """One heading of the test set; `right` holds the fields that are right, none where the matcher must abstain."""

    language: str
    half: str
    text: str
    table: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """One value of the test set; `listed` is the list that it stands in, `country` that of the file it would stand in."""

    language: str
    half: str
    text: str
    listed: str
    country: str | None
    right: tuple[str, ...]


def headings() -> list[Heading]:
    """Read the headings; SourceError where the test set is not there."""
    return [
        Heading(row["language"], half(row["language"], row["header"]), row["header"], row["table"], _parts(row["field"]))
        for row in _rows("headers")
    ]


def words() -> list[Word]:
    """Read the value words; SourceError where the test set is not there."""
    return [
        Word(
            row["language"],
            half(row["language"], row["value"]),
            row["value"],
            _LISTS.get(row["list"], row["list"]),
            _country(row),
            _parts(row["code"]),
        )
        for row in _rows("values")
    ]


def half(language: str, text: str) -> str:
    """Say to which half a text belongs: by the first hexadecimal digit of the SHA-256 of language, line feed and text."""
    return TUNED if hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[0] in "01234567" else UNSEEN


@cache
def fills(target: str) -> frozenset[str]:
    """Give the fields that a column declared under `target` fills: `age` fills age_years, age_min and others."""
    if target in GROUPS:
        return frozenset({target, *READINGS[GROUPS[target]].outputs(target)})
    if target == "exploitation_forms":
        return frozenset(READINGS["codes"].outputs(target))
    return frozenset({target})


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        raise SourceError(f"{path.relative_to(ROOT)} is not there; the test set comes with the project and not with the package")
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _country(row: dict[str, str]) -> str | None:
    """Give the country of the file in which an area would stand, which a source always says."""
    if row["list"] != "AREA" or not row["code"]:
        return None
    by_two = {known.iso2: iso3 for iso3, known in countries().items()}
    first = _parts(row["code"])[0]
    return areas()[first].iso3 if first in areas() else by_two[first[:2]]
