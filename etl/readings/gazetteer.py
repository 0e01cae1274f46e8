"""Names of countries and areas as they are looked up: folded, with their codes."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import schemas
from etl.fold import fold

_SCHEMAS = Path(schemas.__file__).parent
_JOINT = re.compile(r"[-/' ]+")


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a place: its code, the name as written, and what to ask when the name has two meanings."""

    code: str
    word: str
    ask: str = ""
    note: str = ""


@cache
def country_codes() -> dict[str, str]:
    """Give ISO 3166-1 alpha-3 by alpha-3 and alpha-2, as written."""
    found: dict[str, str] = {}
    for row in _rows("countries.csv"):
        found[row["iso3"]] = row["iso3"]
        if row["iso2"]:
            found[row["iso2"]] = row["iso3"]
    return found


@cache
def country_aliases() -> dict[str, tuple[Alias, ...]]:
    """Give every known name of every country, folded: names by language, demonyms, misspellings, cities that stand for one."""
    return _index(_country_names())


def _country_names() -> Iterator[Alias]:
    for row in _rows("countries.csv"):
        for column, name in row.items():
            if column.startswith("label_") and name:
                yield Alias(row["iso3"], name)
    for row in _rows("country_aliases.csv"):
        yield Alias(row["iso3"], row["alias"], row["ask"], row["note"])


@cache
def area_codes() -> frozenset[str]:
    """Give the codes of every area of every country."""
    return frozenset(row["area_code"] for row in _rows("areas.csv"))


@cache
def area_aliases(iso3: str) -> dict[str, tuple[Alias, ...]]:
    """Give every known name of the areas of one country, folded, also without its hyphens, slashes and spaces."""
    return _index(_area_names(iso3))


def _area_names(iso3: str) -> Iterator[Alias]:
    for row in _rows("areas.csv"):
        for column, name in row.items():
            if row["iso3"] == iso3 and name and (column.startswith("label_") or column == "name_iso"):
                yield from _spellings(Alias(row["area_code"], name))
    for row in _rows("area_aliases.csv"):
        if row["iso3"] == iso3:
            yield from _spellings(Alias(row["area_code"], row["alias"], row["ask"], row["note"]))


def _spellings(alias: Alias) -> Iterator[Alias]:
    yield alias
    joined = _JOINT.sub(" ", fold(alias.word)).strip()
    for spelling in {joined, joined.replace(" ", "")} - {fold(alias.word)}:
        yield Alias(alias.code, spelling, alias.ask, alias.note)


def _index(aliases: Iterable[Alias]) -> dict[str, tuple[Alias, ...]]:
    found: dict[str, list[Alias]] = defaultdict(list)
    for alias in aliases:
        found[fold(alias.word)].append(alias)
    return {word: tuple(met) for word, met in found.items()}


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_SCHEMAS / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
