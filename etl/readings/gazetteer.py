"""Names of countries and areas as they are looked up: folded, with their codes."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from etl.fold import fold
from schemas import places

_JOINT = re.compile(r"[-/' ]+")


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a place: its code, the name as written, whether a person must settle it, what is known, and since
    when and until when the place had it.
    """

    code: str
    word: str
    ask: bool = False
    note: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


@cache
def country_codes() -> dict[str, str]:
    """Give ISO 3166-1 alpha-3 by alpha-3 and alpha-2, as written."""
    by_alpha_2 = {country.iso2: iso3 for iso3, country in places.countries().items() if country.iso2}
    return by_alpha_2 | {iso3: iso3 for iso3 in places.countries()}


@cache
def country_aliases() -> dict[str, tuple[Alias, ...]]:
    """Give every known name of every country, folded: labels, demonyms, misspellings, cities that stand for one."""
    return _index(_country_names())


def _country_names() -> Iterator[Alias]:
    for iso3, country in places.countries().items():
        yield from (Alias(iso3, label) for label in country.labels.values() if label)
    for name in places.country_aliases():
        yield Alias(name.iso3, name.alias, name.ask, name.note)


@cache
def area_codes() -> frozenset[str]:
    """Give the codes of every area of every country."""
    return frozenset(places.areas())


@cache
def area_aliases(iso3: str) -> dict[str, tuple[Alias, ...]]:
    """Give every known name of the areas of one country, folded, also without its hyphens, slashes and spaces."""
    return _index(spelling for alias in _area_names(iso3) for spelling in _spellings(alias))


def _area_names(iso3: str) -> Iterator[Alias]:
    for code, area in places.areas().items():
        if area.iso3 == iso3:
            yield Alias(code, area.name)
    for name in places.area_aliases():
        if name.iso3 == iso3:
            yield Alias(name.area_code, name.alias, name.ask, name.note, name.valid_from, name.valid_to)


def _spellings(alias: Alias) -> Iterator[Alias]:
    yield alias
    joined = _JOINT.sub(" ", fold(alias.word)).strip()
    for spelling in {joined, joined.replace(" ", "")} - {fold(alias.word)}:
        yield replace(alias, word=spelling)


def _index(aliases: Iterable[Alias]) -> dict[str, tuple[Alias, ...]]:
    found: dict[str, list[Alias]] = defaultdict(list)
    for alias in aliases:
        found[fold(alias.word)].append(alias)
    return {word: tuple(met) for word, met in found.items()}
