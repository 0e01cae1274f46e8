"""Questions to an edition held in memory. No word, no colour, no plotly: tuples in, tuples out."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from dashboard.edition import DIMENSIONS, Edition, Figure
from dashboard.filters import VALUE, FilterError, Filters

# From what says most to what says least; the first that holds for a cell is shown.
REPORTED, NIL, EMPTY, NO_RESPONSE, ELSEWHERE, NOT_ASKED = "reported", "nil", "empty", "silent", "elsewhere", "unasked"
STATES = (REPORTED, NIL, EMPTY, NO_RESPONSE, ELSEWHERE, NOT_ASKED)
# For each choice of codes: the field of Filters, the dimension that it is of, and the lists that name its codes.
CODED = {
    "sex": ("sexes", "sex", ("CL_SEX", "CL_RESERVED")),
    "age": ("ages", "age", ("CL_AGE_GROUP", "CL_AGE_BAND", "CL_RESERVED")),
    "form": ("forms", "exploitation", ("CL_EXPLOIT", "CL_RESERVED")),
    "citizenship": ("citizenships", "citizenship", ("COUNTRY", "CL_RESERVED")),
    "kind": ("kinds", "kind", ("CL_SOURCE_TYPE",)),
}
SUBJECTS = ("victims", "justice", "smuggling")
SUBJECTS_OF_DOMAIN = {"TIP": ("victims", "justice"), "SOM": ("smuggling",), "BOTH": SUBJECTS}
# Submissions whose content no longer stands, or never did.
STEPPED_BACK = {"SUPERSEDED", "REJECTED"}
# What the figure of one cell can say; zero, not reported and suppressed are never one another.
NUMBER, ZERO, SUPPRESSED, NOT_REPORTED, SILENCE = "number", "zero", "suppressed", "not_reported", "no_response"


class Choices(NamedTuple):
    """What a reader may choose in an edition."""

    countries: tuple[str, ...]
    years: tuple[int, ...]
    indicators: tuple[str, ...]


class Row(NamedTuple):
    """What one country answered on one subject: a state and a number of figures for each year; `invented` is of all."""

    country: str
    subject: str
    invented: bool
    states: tuple[tuple[str, int], ...]


class Grid(NamedTuple):
    """Rows of the grid of answers, and the years over which they run."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]


@lru_cache(maxsize=2)
def choices(edition: Edition) -> Choices:
    """Give what a reader may choose: countries and indicators in the order of their lists, years in order."""
    seen = {presence.ref_area for presence in edition.presences} | {item.country for item in edition.submissions.values()}
    years = {presence.year for presence in edition.presences}
    indicators = {presence.indicator for presence in edition.presences}
    countries = tuple(sorted(code for code in seen if ("COUNTRY", code, "en") in edition.labels))
    return Choices(countries, tuple(sorted(years)), tuple(code for code in edition.indicators if code in indicators))


@lru_cache(maxsize=2)
def codes_of(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Give the codes that figures are broken down by, by dimension and in the order of their lists; `kind` is of sources."""
    found: dict[str, set[str]] = {name: set() for name in (*DIMENSIONS, "kind")}
    for (_, broken), held in edition.cells.items():
        for figures in held.values():
            found["kind"] |= {figure.source_type for figure in figures}
            for name in broken:
                found[name] |= {figure.code(name) for figure in figures}
    lists = {**DIMENSIONS, "kind": "CL_SOURCE_TYPE"}
    return {name: _in_order(edition, lists[name], codes) for name, codes in found.items()}


@lru_cache(maxsize=2)
def counted_by(edition: Edition) -> dict[tuple[str, str], frozenset[str]]:
    """Give the dimensions by which an indicator is counted anywhere, for figures of one origin."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (indicator, broken), held in edition.cells.items():
        for origin in {edition.speaker(figure) for figures in held.values() for figure in figures}:
            found[indicator, origin].update(broken)
    return {key: frozenset(names) for key, names in found.items()}


def _in_order(edition: Edition, listed: str, codes: set[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (edition.order.get((listed, code), 10_000), code)))


def check(edition: Edition, filters: Filters) -> Filters:
    """Return the filters when the edition knows every choice in them; raises FilterError otherwise."""
    known = choices(edition)
    if unknown := set(filters.countries) - set(known.countries):
        raise FilterError(f"this edition knows no country {min(unknown)}", VALUE, name="country", value=min(unknown))
    if filters.indicator not in edition.indicators:
        raise FilterError(
            f"this edition knows no indicator {filters.indicator}", VALUE, name="indicator", value=filters.indicator
        )
    used = codes_of(edition)
    for name, (field, dimension, lists) in CODED.items():
        for code in getattr(filters, field):
            if code not in used[dimension] and not any((listed, code, "en") in edition.labels for listed in lists):
                raise FilterError(f"this edition knows no {name} {code}", VALUE, name=name, value=code)
    return filters


def answers(edition: Edition, filters: Filters) -> Grid:
    """Say who answered on what, and when: one row a country and subject, one state a year."""
    found: dict[tuple[str, str, bool], dict[int, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    covered: dict[str, set[str]] = defaultdict(set)
    heard: set[tuple[str, str, int]] = set()
    for presence in edition.presences:
        subject = _subject(edition, presence.indicator)
        covered[presence.source].add(subject)
        heard.add((presence.source, presence.status, presence.year))
        if filters.keeps(presence.ref_area, presence.year):
            state = _state(edition.speaker(presence), presence.status, presence.said)
            found[presence.ref_area, subject, presence.invented][presence.year].append((state, presence.figures))
    for item in edition.submissions.values():
        year = item.period_end.year
        if item.status not in {"NIL", "NORESP"} or (item.source, item.status, year) in heard:
            continue
        for subject in covered[item.source] or SUBJECTS_OF_DOMAIN[item.domain]:
            if filters.keeps(item.country, year):
                found[item.country, subject, item.invented][year].append((NIL if item.status == "NIL" else NO_RESPONSE, 0))
    years = _span({year for states in found.values() for year in states})
    order = sorted(found, key=lambda key: (key[2], key[0], SUBJECTS.index(key[1])))
    return Grid(years, tuple(Row(*key, tuple(_first(found[key].get(year, [])) for year in years)) for key in order))


def figures(edition: Edition, filters: Filters, invented: bool) -> tuple[Figure, ...]:
    """Give the figures of the chosen indicator for whole countries, either the real or the invented ones, never both."""
    held = edition.cells.get((filters.indicator, ()), {})
    return tuple(
        figure
        for country in sorted(filters.countries or held)
        for figure in held.get(country, ())
        if figure.invented is invented
        and filters.keeps(figure.ref_area, figure.year)
        and edition.submissions[figure.submission_id].status not in STEPPED_BACK
    )


def real_figures(edition: Edition, filters: Filters) -> tuple[Figure, ...]:
    """Give the figures that states or bodies published or sent."""
    return figures(edition, filters, invented=False)


def invented_figures(edition: Edition, filters: Filters) -> tuple[Figure, ...]:
    """Give the figures of the invented samples."""
    return figures(edition, filters, invented=True)


def all_figures(edition: Edition, filters: Filters) -> tuple[Figure, ...]:
    """Give the real figures, then the invented ones."""
    return real_figures(edition, filters) + invented_figures(edition, filters)


def conflicts(edition: Edition, filters: Filters) -> tuple[tuple[Figure, ...], ...]:
    """Give the groups of figures that speak of the same country, period and unit and do not agree."""
    cells: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in all_figures(edition, filters):
        if figure.obs_value is not None or figure.value_lower is not None:
            cells[figure.invented, figure.ref_area, figure.time_period, figure.count_unit].append(figure)
    return tuple(tuple(cell) for cell in cells.values() if len({(one.obs_value, one.value_lower) for one in cell}) > 1)


def parts_only(edition: Edition, filters: Filters, invented: bool) -> tuple[str, ...]:
    """Give the countries that have figures of the chosen indicator for parts, by area or sex or age, and none for the whole."""
    whole = {figure.ref_area for figure in figures(edition, filters, invented)}
    parts = {
        presence.ref_area
        for presence in edition.presences
        if presence.indicator == filters.indicator
        and presence.invented is invented
        and presence.parts
        and filters.keeps(presence.ref_area, presence.year)
    }
    return tuple(sorted(parts - whole))


def saying(edition: Edition, figure: Figure) -> str:
    """Tell which of five things a figure says: a number, zero, suppressed, not reported, no response."""
    if edition.submissions[figure.submission_id].status == "NORESP":
        return SILENCE
    if figure.obs_status == "Q":
        return SUPPRESSED
    if figure.obs_value is None:
        return NOT_REPORTED
    return ZERO if figure.obs_value == 0 else NUMBER


def _state(origin: str, status: str, said: int) -> str:
    if status in {"NIL", "NORESP"}:
        return NIL if status == "NIL" else NO_RESPONSE
    if origin == "PUBLISHED":
        return ELSEWHERE if said else NOT_ASKED
    return REPORTED if said else EMPTY


def _first(found: list[tuple[str, int]]) -> tuple[str, int]:
    state = min((state for state, _ in found), key=STATES.index, default=NOT_ASKED)
    return state, sum(number for other, number in found if other == state)


def _subject(edition: Edition, code: str) -> str:
    indicator = edition.indicators[code]
    if indicator.domain == "SOM":
        return "smuggling"
    return "victims" if indicator.count_unit == "VICTIM" else "justice"


def _span(years: set[int]) -> tuple[int, ...]:
    return tuple(range(min(years), max(years) + 1)) if years else ()
