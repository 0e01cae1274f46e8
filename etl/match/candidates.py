"""What goes into the matcher and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class HeaderSeen:
    """One column of a file that nobody has declared yet.

    text: its heading as `etl.headings` gives it, the rows of a merged heading joined by ` / `. values: distinct raw
    values with their counts, perhaps only the most common 2,000; none is allowed. kind: `text`, `number`, `date`,
    `code` or `free`; an empty text where nobody has looked. position: its place in the file, from 0.
    """

    text: str
    values: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a heading, a value or a table may be: `target` is a field, a code or a table; `score` is 0 to 1.

    reasons: for a reader, strongest first, such as `alias (fr)`, `value overlap 0.92`, `kind`, `position`.
    """

    target: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What a column may be: at most five candidates, best first.

    confident: the first may be written as a ruling. identifying: the column names or holds direct identifiers, so it
    is to be ignored and its values are never shown; only exact coordinates keep a candidate all the same. abstain:
    nothing fits well enough to be proposed at all.
    """

    header: str
    candidates: tuple[Candidate, ...]
    confident: bool
    identifying: bool
    abstain: bool


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """What a distinct value may be: at most five codes, best first; `reason` says why it is sure, unsure or unknown."""

    value: str
    candidates: tuple[Candidate, ...]
    confident: bool
    abstain: bool
    reason: str
