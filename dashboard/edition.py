"""What an edition holds for the screens: figures and cells, who was heard, submissions, sources, indicators and words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dashboard.memo import Memo
from dashboard.notes import Notes
from schemas.dimensions import BREAKDOWN, dimensions, label_list

# A remark on a published figure ends in the address of the page that states it.
ADDRESS = re.compile(r"(?:^|;)\s*(https?://\S+)$")


# The dimensions by which a figure may be broken down, with the list of each; a figure that is not holds `_T` there.
DIMENSIONS = {name: label_list(name) for name in dimensions(BREAKDOWN)}
PLACES = {name: place for place, name in enumerate(DIMENSIONS)}


# Which dimensions a figure is broken down by, in the order of DIMENSIONS.
Broken = tuple[str, ...]


class Figure(NamedTuple):
    """One figure for a country, as `observation` holds it; `year` is the year in which its period ends.

    `codes` say of whom it speaks, one for each of DIMENSIONS. `protection` says how it may be shown, None in editions of before.
    """

    observation_id: str
    submission_id: str
    source: str
    origin: str
    invented: bool
    ref_area: str
    indicator: str
    count_unit: str
    offence: str
    period_type: str
    time_period: str
    period_start: datetime.date
    period_end: datetime.date
    year: int
    obs_value: float | None
    value_raw: str | None
    value_lower: float | None
    value_upper: float | None
    obs_status: str
    obs_status_2: str | None
    obs_comment: str | None
    conf_status: str
    source_type: str
    protection: str | None
    codes: tuple[str, ...]

    def code(self, name: str) -> str:
        """Give the code of a dimension, or the text of any other field."""
        return self.codes[PLACES[name]] if name in PLACES else str(getattr(self, name))

    @property
    def broken(self) -> Broken:
        """Name the dimensions by which the figure is broken down."""
        return tuple(name for name, code in zip(DIMENSIONS, self.codes, strict=True) if code != "_T")

    @property
    def remark(self) -> str:
        """Give the remark on the figure without the address that may stand at its end."""
        return ADDRESS.sub("", self.obs_comment or "")

    @property
    def page(self) -> str | None:
        """Give the address of the page that states the figure, with which its remark ends; None where there is none."""
        found = ADDRESS.search(self.obs_comment or "")
        return found.group(1) if found else None


class Presence(NamedTuple):
    """What a source holds on an indicator for a country and year: how many figures there are, and how many have a number."""

    ref_area: str
    indicator: str
    year: int
    source: str
    origin: str
    invented: bool
    status: str
    figures: int
    said: int
    parts: int


class Submission(NamedTuple):
    """One submission, as far as anyone may know of it."""

    submission_id: str
    source: str
    country: str
    domain: str
    status: str
    invented: bool
    period_start: datetime.date
    period_end: datetime.date
    received_at: datetime.datetime | None
    calendar: str
    languages: tuple[str, ...]
    legal_definition: str | None
    coverage: str | None


class Source(NamedTuple):
    """One source, as its declaration describes it."""

    name: str
    title: str
    publisher: str
    url: str | None
    licence: str | None
    invented: bool
    legal_definition: str | None
    coverage: str | None
    note: str | None
    origin: str


class Indicator(NamedTuple):
    """One indicator: its domain (TIP or SOM), unit and formula."""

    code: str
    domain: str
    count_unit: str
    formula: str


class Change(NamedTuple):
    """One figure for a whole country that is not as it was: what it said before and says now, None where it is not there."""

    country: str
    source: str
    indicator: str
    period: str
    year: int
    before: str | None
    after: str | None


class Measure(NamedTuple):
    """One measure of the quality of a submission, or of a whole source where there is no submission; `_T` is all fields."""

    source: str
    submission_id: str | None
    measure: str
    field: str
    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """Everything that this process shows of one edition; each is itself and no other, so that answers can be kept by it.

    `figures` are those of whole countries and all persons. `cells` holds these and all that are broken down, by indicator
    and dimensions, then by country. `labels` is keyed by (list, code, language), `parents` by (list, code); `notes` say
    what is to be known beside the figures.
    """

    name: str
    as_of: str
    figures: tuple[Figure, ...]
    cells: dict[tuple[str, Broken], dict[str, tuple[Figure, ...]]]
    presences: tuple[Presence, ...]
    submissions: dict[str, Submission]
    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    labels: dict[tuple[str, str, str], str]
    order: dict[tuple[str, str], int]
    parents: dict[tuple[str, str], str]
    manifest: dict[str, str]
    measures: tuple[Measure, ...]
    before: str | None
    changes: tuple[Change, ...]
    notes: Notes
    memo: Memo = field(default_factory=Memo)

    def waits(self, figure: Figure) -> bool:
        """Say whether the revision of a figure is pending, so that it is the one that was released before."""
        return figure.protection != "PUBLISHED" and (figure.source, figure.time_period) in self.notes.waiting

    def speaker(self, figure: Figure | Presence) -> str:
        """Say who speaks: PUBLISHED for what another body published or counted from records of its own, else the origin."""
        return "PUBLISHED" if self.sources[figure.source].origin == "PUBLISHED" else figure.origin


def read_figures(rows: Iterable[tuple[Any, ...]]) -> Iterator[Figure]:
    """Make figures of rows that hold the fields of Figure before `codes`, then a code for each of DIMENSIONS."""
    first = Figure._fields.index("codes")
    known: dict[Any, Any] = {}
    for row in rows:
        # The same words come back in row after row: each is kept once, or a million of them would fill the worker.
        values = (*row[:first], tuple(row[first:]))
        yield Figure._make([known.setdefault((type(value), value), value) for value in values])


def indexed(figures: Iterable[Figure]) -> dict[tuple[str, Broken], dict[str, tuple[Figure, ...]]]:
    """Index figures by indicator and dimensions, then by country."""
    found: dict[tuple[str, Broken], dict[str, list[Figure]]] = {}
    for figure in figures:
        found.setdefault((figure.indicator, figure.broken), {}).setdefault(figure.ref_area, []).append(figure)
    return {key: {country: tuple(held) for country, held in held_by.items()} for key, held_by in found.items()}


def whole(cells: dict[tuple[str, Broken], dict[str, tuple[Figure, ...]]]) -> tuple[Figure, ...]:
    """Give the figures of whole countries and all persons, in order of country and time."""
    figures = [figure for (_, broken), held in cells.items() if not broken for part in held.values() for figure in part]
    return tuple(sorted(figures, key=lambda one: (one.ref_area, one.year, one.period_start, one.source, one.submission_id)))
