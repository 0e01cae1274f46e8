"""A chart in a sentence, for the ear and for everybody in a hurry."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.queries import NUMBER, SUPPRESSED, ZERO, saying
from dashboard.words import Words

# The countries of a journey, in the order in which it goes through them.
WAY = ("citizenship", "departure", "transit", "counterpart_area")


def in_words(rows: Sequence[Figure], edition: Edition, words: Words) -> str:
    """Say how many figures there are, which is the highest, and how many say no number; nothing is added up."""
    said = [saying(edition, row) for row in rows]
    parts = [words.count(len(rows), "{number} figure", "{number} figures")]
    numbers = [row for row, kind in zip(rows, said, strict=True) if kind in {NUMBER, ZERO}]
    if len(numbers) > 1 and len({row.count_unit for row in numbers}) == 1:
        top = max(numbers, key=lambda row: row.obs_value or 0)
        value, what = number(top, edition, words), _what(top, edition, words)
        parts.append(words.say("the highest is {value} ({what})", value=value, what=what))
    if hidden := said.count(SUPPRESSED):
        parts.append(words.count(hidden, "{number} hidden because it is small", "{number} hidden because they are small"))
    if silent := sum(kind not in {NUMBER, ZERO, SUPPRESSED} for kind in said):
        parts.append(words.count(silent, "{number} without a number", "{number} without a number"))
    return " · ".join(parts)


def _what(row: Figure, edition: Edition, words: Words) -> str:
    broken = row.broken
    codes = {name: words.code(edition, name, row.code(name)) for name in broken}
    way = words.way(codes.pop(name) for name in WAY if name in broken)
    return words.row(filter(None, [words.country(edition, row.ref_area), way, *codes.values(), words.period(row)]))
