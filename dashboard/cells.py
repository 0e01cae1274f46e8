"""What a chart asks of an edition, as one value from which its rows and its caption both come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from dashboard.edition import DIMENSIONS, Broken, Edition, Figure
from dashboard.filters import Filters
from dashboard.queries import STEPPED_BACK, counted_by
from dashboard.words import CHOSEN, Words

NATIONAL, PUBLISHED, ANY = ("COMPUTED", "REPORTED"), ("PUBLISHED",), ("COMPUTED", "REPORTED", "PUBLISHED")


class Answer(NamedTuple):
    """What an edition answers: figures, all broken down by the same dimensions, and what became of the reader's choices.

    `by` are the dimensions that the chart shows. `aside` are chosen dimensions that these indicators are never counted by,
    so that the choice does not apply. `apart` are chosen dimensions that are not counted together with those of the chart.
    """

    figures: tuple[Figure, ...]
    by: Broken = ()
    aside: Broken = ()
    apart: Broken = ()


class Question(Protocol):
    """What a chart asks: rows for a picture and a table, and the caption that says the same choices in words."""

    def rows(self, edition: Edition, filters: Filters) -> object:
        """Give the rows that answer the question for these filters."""

    def caption(self, words: Words, edition: Edition, filters: Filters) -> str:
        """Say in words what was asked."""

    def downloads(self, filters: Filters) -> tuple[Filters, ...]:
        """Give the filters under which an export has what is seen."""


class _Plan(NamedTuple):
    indicators: tuple[str, ...]
    kept: dict[str, tuple[str, ...]]
    aside: Broken
    broken: Broken


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for the figures of indicators, broken down by dimensions; no indicator means the one that the reader chose.

    `origins` keeps figures of national institutions and those that other bodies published apart. `latest` keeps the last
    period of every source alone. A code that was chosen is never added to another: protected figures do not add up.
    """

    indicators: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    origins: tuple[str, ...] = NATIONAL
    latest: bool = False

    def rows(self, edition: Edition, filters: Filters) -> Answer:
        """Give the figures, found by indicator, dimensions and country in the index of the edition."""
        plan = self._plan(edition, filters)
        found = [
            figure
            for indicator in plan.indicators
            for figure in _held(edition.cells.get((indicator, plan.broken), {}), filters.countries)
            if edition.speaker(figure) in self.origins and _kept(edition, figure, filters, plan.kept)
        ]
        figures = tuple(latest(found) if self.latest else found)
        return Answer(figures, self.by, plan.aside, () if figures else tuple(plan.kept))

    def caption(self, words: Words, edition: Edition, filters: Filters) -> str:
        """Name the indicators, the dimensions and every choice that was applied."""
        plan = self._plan(edition, filters)
        named = [words.label(edition, "INDICATOR", indicator) for indicator in plan.indicators]
        parts = [" / ".join(named) if len(named) < 4 else words.count(len(named), "{number} indicator", "{number} indicators")]
        if self.by:
            parts.append(words.say("by {dimensions}", dimensions=words.list(words.dimension(name) for name in self.by)))
        parts += [words.list(words.code(edition, name, code) for code in codes) for name, codes in plan.kept.items()]
        parts += [words.list(words.label(edition, "CL_SOURCE_TYPE", kind) for kind in filters.kinds)] if filters.kinds else []
        parts.append(words.scope(edition, filters))
        return " · ".join([*parts, words.say("last period with figures of each source")] if self.latest else parts)

    def downloads(self, filters: Filters) -> tuple[Filters, ...]:
        """Give the reader's filters with each indicator of the chart."""
        return tuple(replace(filters, indicator=indicator) for indicator in self.indicators or (filters.indicator,))

    def _plan(self, edition: Edition, filters: Filters) -> _Plan:
        indicators = self.indicators or (filters.indicator,)
        counted = counted_by(edition)
        known = {name for indicator in indicators for origin in self.origins for name in counted.get((indicator, origin), ())}
        chosen = {name: codes for name, field in CHOSEN.items() if (codes := getattr(filters, field)) and codes != ("_T",)}
        kept = {name: codes for name, codes in chosen.items() if name in known}
        broken = tuple(name for name in DIMENSIONS if name in self.by or name in kept)
        return _Plan(indicators, kept, tuple(name for name in chosen if name not in known), broken)


def latest(figures: Iterable[Figure]) -> list[Figure]:
    """Keep, of each source's figures of one indicator, unit and country, those of the last period that says anything.

    Where none says anything, the last silence is kept.
    """
    listed = list(figures)
    last: dict[tuple[object, ...], tuple[object, ...]] = {}
    for figure in listed:
        end = (figure.obs_value is not None or figure.obs_status == "Q", figure.period_end, figure.period_start)
        last[_series(figure)] = max(last.get(_series(figure), end), end)
    return [figure for figure in listed if last[_series(figure)][1:] == (figure.period_end, figure.period_start)]


def _series(figure: Figure) -> tuple[object, ...]:
    return figure.indicator, figure.ref_area, figure.source, figure.count_unit


def _held(held: dict[str, tuple[Figure, ...]], countries: tuple[str, ...]) -> Iterable[Figure]:
    return (figure for country in countries or held for figure in held.get(country, ()))


def _kept(edition: Edition, figure: Figure, filters: Filters, kept: dict[str, tuple[str, ...]]) -> bool:
    if not filters.keeps(figure.ref_area, figure.year) or (filters.kinds and figure.source_type not in filters.kinds):
        return False
    if edition.submissions[figure.submission_id].status in STEPPED_BACK:
        return False
    return all(figure.code(name) in codes for name, codes in kept.items())
