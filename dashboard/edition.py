"""What an edition holds for the screens: figures, who was heard, submissions, sources, indicators and words."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import NamedTuple

# A remark on a published figure ends in the address of the page that states it.
ADDRESS = re.compile(r"(?:^|;)\s*(https?://\S+)$")


class Figure(NamedTuple):
    """One figure for a whole country, as `observation` holds it; `year` is the year in which its period ends."""

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


class Indicator(NamedTuple):
    """One indicator: its domain (TIP or SOM), unit and formula."""

    code: str
    domain: str
    count_unit: str
    formula: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that this process shows of one edition; `labels` is keyed by (list, code, language)."""

    name: str
    as_of: str
    figures: tuple[Figure, ...]
    presences: tuple[Presence, ...]
    submissions: dict[str, Submission]
    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    labels: dict[tuple[str, str, str], str]
