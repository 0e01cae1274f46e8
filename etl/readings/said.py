"""Said: what one reading says of one raw text, and how sure it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

EXACT, FOLDED, ALIAS, DECLARED = "EXACT", "FOLDED", "ALIAS", "DECLARED"
COMPUTED, APPROX, ASK, NONE = "COMPUTED", "APPROX", "ASK", "NONE"
MATCHES = (EXACT, FOLDED, ALIAS, DECLARED, COMPUTED, APPROX, ASK, NONE)


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what a text was read as: one value for each output of the reading, and how it was read.

    `match` is one of MATCHES. `rules` are ids of rules that the value breaks (an E rule refuses the row). `note` is one
    sentence: what was met, what to do. `line` is the YAML line a person may add to settle it, by its dotted path.
    `since` and `until` bound the days on which the text means this: a row of another day breaks V16 or V38.
    """

    values: tuple[object, ...]
    match: str
    rules: tuple[str, ...] = ()
    note: str = ""
    line: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


def missing(width: int) -> Said:
    """Say that nothing was reported: `width` values, all absent, and no rule broken."""
    return Said((None,) * width, EXACT)


def asked(width: int, rule: str, note: str, line: str = "") -> Said:
    """Say that the text has more than one known meaning and that a person must choose."""
    return Said((None,) * width, ASK, (rule,), note, line)


def refused(width: int, rule: str, note: str, line: str = "") -> Said:
    """Say that nobody can read the text for sure."""
    return Said((None,) * width, NONE, (rule,), note, line)
