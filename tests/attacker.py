"""Somebody who wants to know what is hidden: he has every published cell of two editions, and reasons with bounds alone.

He is written apart from `etl.audit`, and from the public numbers and signs only.
"""

from __future__ import annotations

import re
from collections import defaultdict

from people import BREAKDOWN, Cell, Person

Where = tuple[str, ...]
Bounds = dict[Where, tuple[float, float]]
INFINITE = float("inf")
UNLISTED = (0.0, 9.0)


def holds(where: Where, person: Person) -> bool:
    """Say whether a cell counts a person."""
    return all(value in ("_T", own) for value, own in zip(where, person, strict=True))


def told(cells: dict[Where, Cell], where: Where) -> tuple[float, float]:
    """Give what the file says that a cell can be."""
    cell = cells.get(where)
    if cell is None:
        return UNLISTED
    return cell.lower or 0.0, INFINITE if cell.upper is None else cell.upper


def sums(places: set[Where]) -> list[tuple[Where, list[Where]]]:
    """List every total with its parts, for all values that are seen anywhere: unlisted parts may hold somebody too."""
    values = [sorted({where[at] for where in places} - {"_T"}) for at in range(len(BREAKDOWN))]
    found = []
    for where in places:
        for at, value in enumerate(where):
            if value != "_T":
                continue
            parts = [(*where[:at], one, *where[at + 1 :]) for one in values[at]]
            if any(part in places for part in parts):
                found.append((where, parts))
    return found


def combine(first: dict[Where, Cell], second: dict[Where, Cell], person: Person) -> Bounds:
    """Put two editions together that differ by one known person: a cell that holds her has one more in the second."""
    bounds: Bounds = {}
    for where in first.keys() | second.keys():
        more = 1 if holds(where, person) else 0
        (low, high), (later_low, later_high) = told(first, where), told(second, where)
        bounds[where] = max(low, later_low - more, 0), min(high, later_high - more)
    return bounds


def reason(bounds: Bounds, known: list[tuple[Where, list[Where]]]) -> Bounds:
    """Run totals minus parts and parts from totals through all sums until nothing moves.

    Bounds are whole numbers around the truth and only ever come nearer to it, so that this ends.
    """
    bounds = defaultdict(lambda: UNLISTED, bounds)
    moved = True
    while moved:
        moved = False
        for whole, parts in known:
            low, high = sum(bounds[part][0] for part in parts), sum(bounds[part][1] for part in parts)
            new = {whole: (max(bounds[whole][0], low), min(bounds[whole][1], high))}
            for part in parts:
                others_low = low - bounds[part][0]
                others_high = sum(bounds[other][1] for other in parts if other != part)
                new[part] = (
                    max(bounds[part][0], bounds[whole][0] - others_high),
                    min(bounds[part][1], bounds[whole][1] - others_low),
                )
            for where, span in new.items():
                moved |= span != bounds[where]
                bounds[where] = span
    return dict(bounds)


def shares(comment: str | None) -> tuple[int, int] | None:
    """Read the two numbers of which a share is made, where they are told."""
    numbers = re.findall(r"\d+", comment or "")
    return (int(numbers[0]), int(numbers[1])) if len(numbers) >= 2 else None
