"""Our case rows in the shape of HTCDS 2.0 (UNMigration/HTCDS, CC BY 4.0): one person a row, and the events of the journey.

Only what is surely meant is said: a code whose HTCDS string is exact, or broader than it. A narrower string would say more than
the source did, and of several strings nobody knows which; such codes are left empty and counted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from schemas.codelists import codelist
from schemas.places import areas, countries
from schemas.tables import UNKNOWN

SURE = ("exact", "broad")
EVENTS = (
    ("Recruitment", "country_recruitment", "area_recruitment"), ("Transit", "countries_transit", None),
    ("Exploitation", "country_exploitation", "area_exploitation"),
)  # fmt: skip
EVENT_HEADINGS = ("prs_Reference", "hte_Type", "hte_Country", "hte_State")
# What the box of consent says; that nobody recorded it is said by neither.
BOX = {"Y": "true", "N": "false"}
# Between several values of one field; ours are joined by a bar.
SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One field of HTCDS and those of ours that fill it; allowed: its strings; one empty one allows any.

    listed: the list of our codes, or the kind of a field that holds none: AGE, PLACE, DATE or CHECKBOX.
    """

    name: str
    ours: tuple[str, ...]
    listed: str
    allowed: tuple[str, ...]


@dataclass(slots=True)
class Shape:
    """Persons and events in the shape of HTCDS; unsaid: codes of ours that have no sure string there, and how often."""

    persons: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    unsaid: Counter[tuple[str, str]] = field(default_factory=Counter)


def headings() -> tuple[str, ...]:
    """Give the columns of the persons."""
    return ("prs_Reference", *(one.name for one in mapped()))


def htcds_shape(rows: Iterable[Mapping[str, str]]) -> Shape:
    """Turn case rows, with our field names and codes and lists joined by a bar, into persons and events.

    Fields of ours that a file does not have stay empty; fields that HTCDS does not have (year, age band, scope) are not in it.
    """
    shape = Shape()
    for number, row in enumerate(rows, start=1):
        reference = str(number)
        person = {"prs_Reference": reference}
        for one in mapped():
            person[one.name] = SEPARATOR.join(dict.fromkeys(_said(one, row, shape.unsaid)))
        shape.persons.append(person)
        for kind, ours, area in EVENTS:
            for code in _codes(row, (ours,)):
                if code in countries():
                    state = row.get(area, "") if area is not None else ""
                    shape.events.append(dict(zip(EVENT_HEADINGS, (reference, kind, code, state), strict=True)))
    return shape


@cache
def mapped() -> tuple[Mapped, ...]:
    """Read how HTCDS's fields are filled."""
    with Path(__file__).with_name("htcds.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Mapped(row["htcds_field"], tuple(row["ours"].split("|")), row["codelist"], tuple(row["allowed"].split("|")))
            for row in csv.DictReader(lines)
        )


def _said(one: Mapped, row: Mapping[str, str], unsaid: Counter[tuple[str, str]]) -> Iterator[str]:
    if one.listed in UNLISTED:
        yield from UNLISTED[one.listed](one, row, unsaid)
        return
    for code in _codes(row, one.ours):
        if one.listed == "COUNTRY":
            # A national of the reporting country is known to be one of that country.
            country = row.get("reporting_country", code) if code == "NAT" else code
            if country in countries():
                yield country
            else:
                unsaid[one.name, code] += 1
            continue
        listed = codelist(one.listed)
        theirs = listed.crosswalk(code, "htcds") if code in listed and listed.match(code, "htcds") in SURE else None
        tokens = [] if theirs is None else re.split(r" / |; | \+ ", theirs)
        fitting = [token for token in tokens if one.allowed == ("",) or token in one.allowed]
        if not fitting and one.name != "vic_TypeOfSexExploitation":
            unsaid[one.name, code] += 1
        yield from fitting


def _age(one: Mapped, row: Mapping[str, str], unsaid: Counter[tuple[str, str]]) -> Iterator[str]:
    """Give the age when first trafficked; the age of the record is that age only where its reference says so."""
    first, recorded = (row.get(name) or "" for name in one.ours)
    if first:
        yield first
    elif recorded and row.get("age_reference") == "EXPLOITATION_START":
        yield recorded


def _place(one: Mapped, row: Mapping[str, str], unsaid: Counter[tuple[str, str]]) -> Iterator[str]:
    """Give the smallest place that is known: an area by ISO 3166-2, or else a country by ISO 3166-1."""
    for code in _codes(row, one.ours):
        if code in areas() or code in countries():
            yield code
            return
        if code != UNKNOWN:
            unsaid[one.name, code] += 1


def _day(one: Mapped, row: Mapping[str, str], unsaid: Counter[tuple[str, str]]) -> Iterator[str]:
    """Give a day; one that is known to its month or year only is none."""
    (name,) = one.ours
    if not (day := row.get(name) or ""):
        return
    if row.get(f"{name}_precision") == "D":
        yield day
    else:
        unsaid[one.name, "not known to the day"] += 1


def _box(one: Mapped, row: Mapping[str, str], unsaid: Counter[tuple[str, str]]) -> Iterator[str]:
    """Give `true` or `false`."""
    for code in _codes(row, one.ours):
        if code in BOX:
            yield BOX[code]
        else:
            unsaid[one.name, code] += 1


UNLISTED = {"AGE": _age, "PLACE": _place, "DATE": _day, "CHECKBOX": _box}


def _codes(row: Mapping[str, str], ours: tuple[str, ...]) -> Iterator[str]:
    """Give the codes of the first fields that the row has, without those that say nothing."""
    for name in ours:
        for code in (row.get(name) or "").split("|"):
            if code and code not in ("_X", "_Z"):
                yield code
