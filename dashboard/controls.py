"""What the form of choices offers, as values for the frame; a plain form, so that it works before and without any script."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from dashboard.edition import Edition
from dashboard.filters import LANGUAGES, Filters
from dashboard.queries import choices
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


class Controls(NamedTuple):
    """All that the form offers, and the languages, each with the address of this same view in it."""

    countries: list[Option]
    first: list[Option]
    last: list[Option]
    indicators: list[Option]
    languages: list[Tongue]


def controls(edition: Edition, filters: Filters, words: Words) -> Controls:
    """Give what may be chosen in an edition, with what these filters have chosen."""
    offered = choices(edition)
    countries = sorted(offered.countries, key=lambda code: words.country_order(edition, code))
    return Controls(
        countries=[Option(code, words.country(edition, code), code in filters.countries) for code in countries],
        first=[Option(str(year), str(year), year == filters.first) for year in offered.years],
        last=[Option(str(year), str(year), year == filters.last) for year in offered.years],
        indicators=[
            Option(code, words.label(edition, "INDICATOR", code), code == filters.indicator) for code in offered.indicators
        ],
        languages=languages(filters),
    )


def languages(filters: Filters) -> list[Tongue]:
    """Give every language by its own name, with the query of this same view in it."""
    return [
        Tongue(code, Words(code).own_name, replace(filters, language=code).query(), code == filters.language)
        for code in LANGUAGES
    ]
