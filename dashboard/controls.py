"""What the form of choices offers, as values for the frame; a plain form, so that it works before and without any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from dashboard.edition import Edition
from dashboard.filters import LANGUAGES, Filters
from dashboard.page import OFFERS
from dashboard.queries import choices, codes_of
from dashboard.words import Words


class Option(NamedTuple):
    """One thing to choose: its value in the address, its words, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


class Tongue(NamedTuple):
    """One language to choose: its code, its own name, the query of this same view in it, and whether it is chosen."""

    code: str
    label: str
    value: str
    chosen: bool


class Pick(NamedTuple):
    """One choice of several codes: its name in the address, its title, what it offers, and how many are chosen."""

    name: str
    title: str
    options: list[Option]
    chosen: int


class Link(NamedTuple):
    """One page of the menu: its address, its name, whether it is the one at hand, and the pages that it stands for."""

    address: str
    label: str
    here: bool
    each: tuple[Link, ...]


class Controls(NamedTuple):
    """All that the form offers, and the languages, each with the query of this same view in it."""

    first: list[Option]
    last: list[Option]
    indicators: list[Option]
    picks: list[Pick]
    languages: list[Tongue]


def controls(edition: Edition, filters: Filters, words: Words, offers: Sequence[str] = OFFERS) -> Controls:
    """Give what may be chosen in an edition, with what these filters have chosen."""
    offered = choices(edition)
    return Controls(
        first=[Option(str(year), str(year), year == filters.first) for year in offered.years],
        last=[Option(str(year), str(year), year == filters.last) for year in offered.years],
        indicators=[
            Option(code, words.label(edition, "INDICATOR", code), code == filters.indicator) for code in offered.indicators
        ],
        picks=[pick for pick in _picks(edition, filters, words) if pick.name in offers and pick.options],
        languages=languages(filters),
    )


def _picks(edition: Edition, filters: Filters, words: Words) -> list[Pick]:
    offered = choices(edition)
    countries = sorted(offered.countries, key=lambda code: words.country_order(edition, code))
    listed = {
        "country": (words.say("Countries"), [(code, words.country(edition, code)) for code in countries], filters.countries),
        "sex": (words.say("Sex"), _codes(edition, "sex", words), filters.sexes),
        "age": (words.say("Age"), _codes(edition, "age", words), filters.ages),
        "form": (words.say("Form of exploitation"), _codes(edition, "exploitation", words), filters.forms),
        "citizenship": (words.say("Citizenship"), _codes(edition, "citizenship", words), filters.citizenships),
        "kind": (words.say("Kind of source"), _kinds(edition, words), filters.kinds),
    }
    return [
        Pick(name, title, [Option(code, label, code in chosen) for code, label in codes], len(chosen))
        for name, (title, codes, chosen) in listed.items()
    ]


def _codes(edition: Edition, name: str, words: Words) -> list[tuple[str, str]]:
    labelled = [(code, words.code(edition, name, code)) for code in codes_of(edition)[name]]
    return sorted(labelled, key=lambda pair: pair[1]) if name == "citizenship" else labelled


def _kinds(edition: Edition, words: Words) -> list[tuple[str, str]]:
    return [(code, words.label(edition, "CL_SOURCE_TYPE", code)) for code in codes_of(edition)["kind"]]


def languages(filters: Filters) -> list[Tongue]:
    """Give every language by its own name, with the query of this same view in it."""
    return [
        Tongue(code, Words(code).own_name, replace(filters, language=code).query(), code == filters.language)
        for code in LANGUAGES
    ]
