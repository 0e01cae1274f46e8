"""The table of what is added to a count, derived: `python -m schemas.perturbation > schemas/perturbation.csv` writes it anew.

A count under the threshold t is moved to nothing (not listed) with a chance of 1 - count / `fades`, else to a number under t
(confidential). t itself is always confidential: were it ever shown, "not listed" before one known person joins and the number
t after it would say t - 1. From t + 1 to t + 4 a count is confidential with the chance that `hidden` names, so that this sign
too stands for counts on both sides of t, else it is rounded at random to one of the two nearest multiples of 5, so that what
is shown is right on average. From t + 5 on every count is rounded so; the table repeats itself every five counts.

Each chance is a number of the 256 keys. `hidden` was chosen as what hides least while one person more is noticed in a cell
with a chance of at most 0.65.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

KEYS, BASE, LARGEST = 256, 5, 750


@dataclass(frozen=True)
class Design:
    """What decides the table of one audience: its threshold, where "not listed" ends, and how often t + 1 to t + 4 are hidden."""

    audience: str
    threshold: int
    fades: int
    hidden: tuple[Fraction, Fraction, Fraction, Fraction]


def _of_20(*parts: int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    first, second, third, fourth = (Fraction(part, 20) for part in parts)
    return first, second, third, fourth


DESIGNS = (Design("public", 10, 10, _of_20(7, 1, 1, 1)), Design("working_group", 5, 7, _of_20(10, 10, 9, 6)))
HEADINGS = ("audience", "count_first", "count_last", "remainder_of_5", "key_first", "key_last", "perturbation")


def rows() -> Iterator[tuple[str | int, ...]]:
    """Give the rows of `perturbation.csv` under HEADINGS."""
    for design in DESIGNS:
        name, repeats = design.audience, design.threshold + BASE
        for count in range(1, repeats):
            for first, last, move in _keys(chances(design, count)):
                yield name, count, count, "", first, last, move
        for remainder in range(BASE):
            for first, last, move in _keys(_rounded(remainder, Fraction(1))):
                yield name, repeats, LARGEST, remainder, first, last, move


def chances(design: Design, count: int) -> list[tuple[int, Fraction]]:
    """Give what is added to a count under t + 5 with the chance of each, the lowest number first."""
    threshold = design.threshold
    nothing = max(Fraction(0), 1 - Fraction(count, design.fades))
    if count <= threshold:
        # the number under the threshold is never shown; what is nearest to the middle stands in the table
        return [(-count, nothing), (min(BASE, threshold - 1) - count, 1 - nothing)]
    hidden = design.hidden[count - threshold - 1]
    below = min(BASE, threshold - 1) - count
    return [(-count, nothing), (below, hidden), *_rounded(count % BASE, 1 - nothing - hidden)]


def _rounded(remainder: int, chance: Fraction) -> list[tuple[int, Fraction]]:
    """Round to the multiples of 5 beside a count so that it stays what it is on average."""
    up = chance * Fraction(remainder, BASE)
    return [(-remainder, chance - up), (BASE - remainder, up)]


def _keys(wanted: list[tuple[int, Fraction]]) -> Iterator[tuple[int, int, int]]:
    """Give to each move its share of the keys, in order."""
    first, total = 0, Fraction(0)
    for move, chance in wanted:
        total += chance
        last = round(total * KEYS)
        if last > first:
            yield first, last - 1, move
        first = last


def main() -> None:
    """Write the table."""
    lines = [HEADINGS, *rows()]
    sys.stdout.write("".join(",".join(map(str, line)) + "\n" for line in lines))


if __name__ == "__main__":
    main()
