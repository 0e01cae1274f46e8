"""What a chart asks of journeys: where they began, which country they went through, where they were to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dashboard.cells import Answer, Ask
from dashboard.edition import Edition, Figure
from dashboard.filters import Filters
from dashboard.words import Words

TRANSIT, END = "transit", "counterpart_area"
UNKNOWN, ALL = "_U", "_T"


class Leg(NamedTuple):
    """One leg of journeys: the figure that counts who went it, the two dimensions of its ends, and their codes."""

    figure: Figure
    by: tuple[str, str]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Journey:
    """Ask for the legs into and out of countries of transit, of the last period of each source that names any.

    `start` is the dimension of where journeys begin. `straight`: give of all other sources the way from the first to the last
    country instead. A journey is in one leg into and one leg out of transit, so that neither is ever added to the other.
    """

    indicator: str
    start: str
    straight: bool = False

    def rows(self, edition: Edition, filters: Filters) -> Answer:
        """Give the legs as figures that are broken down by two of the three dimensions, and are totals of the third."""
        into, out, past = (ask.rows(edition, filters) for ask in self._asks())
        naming = {_series(row) for row in (*into.figures, *out.figures) if row.code(TRANSIT) != UNKNOWN}
        found = [row for part in (into, out) for row in part.figures if _series(row) in naming]
        found += [row for row in past.figures if self.straight and _series(row) not in naming]
        apart = () if found else tuple(dict.fromkeys((*into.apart, *out.apart, *(past.apart if self.straight else ()))))
        return Answer(tuple(found), (self.start, TRANSIT, END), into.aside, apart)

    def caption(self, words: Words, edition: Edition, filters: Filters) -> str:
        """Name the indicator, the three dimensions and every choice that was applied."""
        return Ask((self.indicator,), by=(self.start, TRANSIT, END), latest=True).caption(words, edition, filters)

    def downloads(self, filters: Filters) -> tuple[Filters, ...]:
        """Give the reader's filters with the indicator."""
        return Ask((self.indicator,)).downloads(filters)

    def _asks(self) -> tuple[Ask, ...]:
        pairs = ((self.start, TRANSIT), (TRANSIT, END), (self.start, END))
        return tuple(Ask((self.indicator,), by=pair, latest=True) for pair in pairs)


def legs(answer: Answer) -> list[Leg]:
    """Give the legs of an answer in the order of its figures; its dimensions stand in the order of the journey."""
    found = []
    for figure in answer.figures:
        start, end = (name for name in answer.by if figure.code(name) != ALL)
        found.append(Leg(figure, (start, end), figure.code(start), figure.code(end)))
    return found


def _series(row: Figure) -> tuple[str, str, str]:
    return row.source, row.ref_area, row.time_period
