"""Which series may be drawn together, and why not: from the reasons that the edition found, never from names of sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from dashboard.edition import Edition, Figure
from dashboard.filters import Filters
from dashboard.notes import Reason, Series
from dashboard.queries import NUMBER, SUPPRESSED, ZERO, all_figures, saying
from dashboard.words import Words

# What a pair may be, from what stands in the way to what does not.
REFUSE, MARK, NOTE, FREE = "REFUSE", "MARK", "NOTE", "FREE"
# A reason that says that the two are different indicators, and one that says that one of them is made up.
MEANING, INVENTED = "MEANING", "INVENTED"
# Lists whose codes are facts of a whole series: the less usual value in a group is the one to be marked.
FACTS = {"CL_PERIOD", "CL_CALENDAR", "CL_SOURCE_TYPE", "CL_PROTECTION", "AREA"}
# Lists that begin with what is usual: the calendar year, the Gregorian calendar.
FIRST_IS_USUAL = {"CL_PERIOD", "CL_CALENDAR"}
WHOLE = "_T"


class Pair(NamedTuple):
    """Two series and all reasons that hold between them for the chosen years."""

    one: Series
    other: Series
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> str:
        """Give REFUSE, MARK or FREE; a note stands in no one's way."""
        graves = {reason.severity for reason in self.reasons}
        return REFUSE if REFUSE in graves else MARK if MARK in graves else FREE

    @property
    def invented(self) -> bool:
        """Say whether both are made up."""
        return self.one.invented and self.other.invented


class Mark(NamedTuple):
    """One reason for care within a group, and the numbers of the series that carry it."""

    reason: Reason
    series: frozenset[int]

    def of(self, series: Series, year: int) -> bool:
        """Say whether a series carries this mark in a year."""
        return series.number in self.series and (not self.reason.years or year in self.reason.years)


def series_of(edition: Edition, figure: Figure) -> Series | None:
    """Give the series that a figure belongs to; None in an edition that knows of none."""
    key = (figure.source, figure.ref_area, figure.indicator, figure.count_unit, figure.period_type, figure.offence == "TIPSOM")
    number = edition.notes.numbers.get(key)
    return None if number is None else edition.notes.series[number]


def reasons(edition: Edition, one: Series, other: Series, chosen: Callable[[int], bool]) -> tuple[Reason, ...]:
    """Give the reasons between two series that concern any of the chosen years."""
    found = edition.notes.between(one.number, other.number)
    return tuple(reason for reason in found if not reason.years or any(map(chosen, reason.years)))


def compared(edition: Edition, filters: Filters) -> tuple[tuple[Figure, ...], ...]:
    """Part the figures of the chosen indicator into groups: within a group every series may stand beside every other.

    The largest groups come first. A series that may stand beside no other, or not even beside its own years, is a group
    of its own.
    """
    figures: dict[int, list[Figure]] = {}
    for figure in all_figures(edition, filters):
        series = series_of(edition, figure)
        if series is not None and saying(edition, figure) in {NUMBER, ZERO, SUPPRESSED} and _asked(filters, figure):
            figures.setdefault(series.number, []).append(figure)
    allowed = {pair for pair in combinations(sorted(figures), 2) if _together(edition, filters, *pair)}
    friends = Counter(number for pair in allowed for number in pair)
    grouped: list[list[int]] = []
    for number in sorted(figures, key=lambda number: (-friends[number], number)):
        home = next((group for group in grouped if all(_sorted(number, held) in allowed for held in group)), None)
        if home is None:
            grouped.append([number])
        else:
            home.append(number)
    grouped.sort(key=lambda group: (-len(group), group))
    return tuple(tuple(figure for number in sorted(group) for figure in figures[number]) for group in grouped)


def members(edition: Edition, group: Sequence[Figure]) -> list[Series]:
    """Give the series of a group of figures, each once."""
    found = (series_of(edition, figure) for figure in group)
    return list(dict.fromkeys(series for series in found if series is not None))


def pairs(edition: Edition, filters: Filters) -> tuple[Pair, ...]:
    """Give every two series of the chosen indicator, and those that look like it, real ones apart from invented ones."""
    alike = edition.notes.families.get(filters.indicator, frozenset())
    kept = [one for one in edition.notes.series.values() if one.indicator in alike and _within(filters, one)]
    return tuple(
        Pair(one, other, reasons(edition, one, other, _years(filters)))
        for one, other in combinations(kept, 2)
        if filters.indicator in (one.indicator, other.indicator) and one.invented == other.invented
    )


def alone(edition: Edition, filters: Filters) -> tuple[Pair, ...]:
    """Give every series of the chosen indicator with itself: what stands against comparing its own years."""
    kept = [one for one in edition.notes.series.values() if one.indicator == filters.indicator and _within(filters, one)]
    return tuple(Pair(one, one, reasons(edition, one, one, _years(filters))) for one in kept)


def why(reason: Reason, edition: Edition, words: Words) -> str:
    """Say a reason in words, with what differs on either side and the years that it concerns."""
    said = words.label(edition, "CL_COMPARABILITY", reason.code)
    sides = [_side(codes, reason, edition, words) for codes in reason.details]
    if any(sides) and sides[0] != sides[1] and not (reason.years and reason.listed is None):
        said = f"{said}: {' / '.join(side or '–' for side in sides)}"
    return f"{said} ({', '.join(map(str, reason.years))})" if reason.years else said


def marks(edition: Edition, group: Sequence[Figure]) -> list[Mark]:
    """Give the marks of a group in order.

    A series carries a mark where its own flag or law asks for it, or where it has the less usual value of a fact that differs.
    """
    held, years = members(edition, group), {figure.year for figure in group}
    found: dict[str, tuple[Reason, dict[int, tuple[str, ...]]]] = {}
    for one, other in combinations(held, 2):
        for reason in reasons(edition, one, other, years.__contains__):
            if reason.severity == MARK:
                sides = zip((one.number, other.number), reason.details, strict=True)
                found.setdefault(reason.code, (reason, {}))[1].update(sides)
    told = []
    for reason, by_series in found.values():
        usual = _usual(reason, by_series.values(), edition) if reason.listed in FACTS else ()
        marked = {number for number, codes in by_series.items() if codes != usual} or set(by_series)
        told.append(Mark(reason, frozenset(marked)))
    return told


def _usual(reason: Reason, values: Iterable[tuple[str, ...]], edition: Edition) -> tuple[str, ...]:
    """Give the value that needs no mark: the first of its list where that has one to start from, else the most common."""
    counted = Counter(values)
    if reason.listed in FIRST_IS_USUAL:
        return min(counted, key=lambda codes: [edition.order[reason.listed or "", code] for code in codes])
    return counted.most_common(1)[0][0]


def _side(codes: Iterable[str], reason: Reason, edition: Edition, words: Words) -> str:
    labels = []
    for code in codes:
        if reason.listed == "AREA" and code == WHOLE:
            labels.append(words.say("the whole country"))
        else:
            labels.append(words.label(edition, reason.listed, code) if reason.listed else code)
    return words.list(labels)


def _together(edition: Edition, filters: Filters, one: int, other: int) -> bool:
    series = edition.notes.series
    each = ((one, other), (one, one), (other, other))
    found = (reason for a, b in each for reason in reasons(edition, series[a], series[b], _years(filters)))
    return all(reason.severity != REFUSE for reason in found)


def _sorted(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _asked(filters: Filters, figure: Figure) -> bool:
    return not filters.kinds or figure.source_type in filters.kinds


def _within(filters: Filters, series: Series) -> bool:
    span = (filters.last is None or series.first <= filters.last) and (filters.first is None or series.last >= filters.first)
    return span and (not filters.countries or series.ref_area in filters.countries)


def _years(filters: Filters) -> Callable[[int], bool]:
    return range(filters.first or 0, (filters.last or 9999) + 1).__contains__
