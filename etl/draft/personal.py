"""Which columns and cells are a person's own: found, named by kind, and never shown (rule V02)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from etl.draft.columns import ColumnSeen
from etl.draft.values import DATE, FREE, KEY, NUMBER, TEXT, Profile
from etl.identifying import SHARE, identifying_column, identifying_header, identifying_value

HEADING, VALUES, SHAPE = "heading", "values", "shape"
FREE_TEXT = "free text"
FEWEST_NAMES, DISTINCT, NAMED = 10, 0.8, 0.85
# Two to five words of letters, as names are written in every script.
NAME = re.compile(r"\A[^\W\d_][^\W\d_'’.\-]*(?:[ ,][^\W\d_'’.\-]+(?:['’.\-][^\W\d_]*)*){1,4}\.?")
LONG_NUMBER = re.compile(r"\A(?:\D*+\d){6}")


@dataclass(frozen=True)
class Personal:
    """What of a column is a person's: the kind of the whole column and what says so, or single cells by kind.

    `hidden` are values that must never leave this process.
    """

    kind: str | None = None
    why: str = ""
    cells: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def personal_of(column: ColumnSeen, profile: Profile) -> Personal:
    """Look at the heading, at every distinct value, and at the shape of the whole."""
    kind = identifying_header(column.header)
    if kind is not None:
        return Personal(kind, HEADING, {}, frozenset(column.values))
    kind = identifying_column(column.header, column.values)
    if kind is not None:
        return Personal(kind, VALUES, {}, frozenset(column.values))
    if _named(column, profile):
        return Personal("name", SHAPE, {}, frozenset(column.values))
    cells: Counter[str] = Counter()
    hidden = set()
    for value, times in column.values.items():
        met = _value_kind(value, profile.kind)
        if met is not None:
            cells[met] += times
            hidden.add(value)
    if profile.kind == FREE:
        return Personal(FREE_TEXT, VALUES, dict(cells), frozenset(column.values))
    if cells and len(hidden) >= SHARE * len(column.values) and profile.kind in (TEXT, KEY):
        return Personal(cells.most_common(1)[0][0], VALUES, dict(cells), frozenset(column.values))
    return Personal(None, "", dict(cells), frozenset(hidden))


def _value_kind(value: str, kind: str) -> str | None:
    """Give the kind of identifier that one value holds; numbers and days of few digits hold none."""
    if kind in (NUMBER, DATE) and LONG_NUMBER.match(value) is None and not any(letter.isalpha() for letter in value):
        return None
    return identifying_value(value)


def _named(column: ColumnSeen, profile: Profile) -> bool:
    """Tell a column of names by its shape: nearly all rows differ, and nearly all are two to five words of letters."""
    filled = sum(column.values.values())
    if profile.kind != TEXT or filled < FEWEST_NAMES or len(column.values) < DISTINCT * filled:
        return False
    return sum(NAME.fullmatch(value.strip()) is not None for value in column.values) >= NAMED * len(column.values)
