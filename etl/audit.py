"""What an attacker may work out in, what must be hidden besides out: bounds run through sums until nothing moves.

He knows every number that is shown to within one of the truth (better than any number of editions would tell him), that
parts make their total, and what the signs mean. Where a count under the threshold is left fewer values than the policy
asks for, the smallest number that gives it away is hidden with it, under a sign that does not say which of them is small, and
everything is run through again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.protection import HIDDEN, NOT_LISTED, Perturbation, bounds

Numbers = NDArray[np.int64]
ASIDE = -2  # hidden together with another: one of them is small, and neither says which
UNSEEN = -3  # a number that is nowhere said and that subtraction would give
FAR = 10**9
ROUNDS, SWEEPS, HOPS = 200, 30, 4


@dataclass(frozen=True)
class Sums:
    """Which cells make which: one entry for each part, with the number of its sum; `whole` is the total of each sum."""

    part: Numbers
    of: Numbers
    whole: Numbers


def hide_besides(n: Numbers, said: Numbers, sums: Sums, block: Numbers, table: Perturbation) -> tuple[Numbers, int]:
    """Give what is said of every cell once nothing gives a small count away, and the fewest values any of these can have.

    n: true numbers. said: what the table says of them (a number, HIDDEN, NOT_LISTED, or UNSEEN). block: cells of one
    source and period have one number; where nothing smaller helps, all of a block is hidden. The fewest values are FAR where
    no count is small.
    """
    said = said.copy()
    for _ in range(ROUNDS):
        lower, upper = interval(n, said, sums, table)
        told = narrowed(n, lower, upper, table)
        if not told.any():
            return said, int(np.min((upper - lower + 1)[_small(n, table)], initial=FAR))
        chosen = _choose(n, said, sums, told, lower, upper, table)
        around = told
        for _ in range(HOPS):
            if chosen.any():
                break
            # nothing beside it is shown: what narrows it are the signs beside it, else what its neighbours tell
            around = _neighbours(around, sums)
            chosen = around & (said == HIDDEN)
            if not chosen.any():
                chosen = _choose(n, said, sums, around, lower, upper, table)
        if not chosen.any():
            chosen = np.isin(block, np.unique(block[told])) & ((said >= table.audience.threshold) | (said == HIDDEN))
        if not chosen.any():
            break
        said[chosen | (told & (said == HIDDEN))] = ASIDE
    raise AssertionError("complementary suppression does not come to an end")


def narrowed(n: Numbers, lower: Numbers, upper: Numbers, table: Perturbation) -> NDArray[np.bool_]:
    """Say which cells under the threshold could have fewer values than the policy asks for."""
    return _small(n, table) & (upper - lower + 1 < table.audience.narrowest)


def _small(n: Numbers, table: Perturbation) -> NDArray[np.bool_]:
    return (n >= 1) & (n < table.audience.threshold)


def interval(n: Numbers, said: Numbers, sums: Sums, table: Perturbation) -> tuple[Numbers, Numbers]:
    """Give the lowest and highest number that each cell can have, for somebody who knows what is shown to within one."""
    within = table.audience.known_within
    known = said >= table.audience.threshold
    lower, upper = prior(said, table)
    lower = np.where(known, np.maximum(lower, n - within), lower)
    upper = np.where(known, np.minimum(upper, n + within), np.where(n == 0, 0, upper))
    return propagate(lower, upper, sums)


def prior(said: Numbers, table: Perturbation) -> tuple[Numbers, Numbers]:
    """Give what each cell can be by what is said of it alone, as the published table states it."""
    stated = bounds(table.audience.name)
    threshold = table.audience.threshold
    row = np.where(said > 750, (said - 1) % 250 + 501, said)
    below, above = np.zeros(751, np.int64), np.zeros(751, np.int64)
    for told, (least, most) in stated.items():
        if told >= threshold:
            below[told], above[told] = told - least, most - told
    place = np.clip(row, 0, 750)
    lower = np.where(said >= threshold, said - below[place], 0)
    upper = np.where(said >= threshold, said + above[place], FAR)
    lower[said == HIDDEN], upper[said == HIDDEN] = 1, stated[HIDDEN][1]
    lower[said == NOT_LISTED], upper[said == NOT_LISTED] = 0, stated[NOT_LISTED][1]
    lower[said == ASIDE] = 1
    return lower.astype(np.int64), upper.astype(np.int64)


def propagate(lower: Numbers, upper: Numbers, sums: Sums) -> tuple[Numbers, Numbers]:
    """Run bounds through sums: a total lies between the sums of its parts' bounds, a part in what the others leave."""
    lower, upper = lower.copy(), upper.copy()
    for _ in range(SWEEPS):
        low, high = _added(lower, sums), _added(upper, sums)
        least, most = lower.copy(), upper.copy()
        np.maximum.at(least, sums.whole, low)
        np.minimum.at(most, sums.whole, high)
        np.maximum.at(least, sums.part, lower[sums.whole][sums.of] - high[sums.of] + upper[sums.part])
        np.minimum.at(most, sums.part, upper[sums.whole][sums.of] - low[sums.of] + lower[sums.part])
        if (least == lower).all() and (most == upper).all():
            break
        lower, upper = least, most
    return lower, upper


def _neighbours(cells: NDArray[np.bool_], sums: Sums) -> NDArray[np.bool_]:
    """Give the cells that stand in a sum with any of these."""
    of = np.zeros(len(sums.whole), bool)
    of[sums.of[cells[sums.part]]] = True
    of |= cells[sums.whole]
    found = cells.copy()
    found[sums.part[of[sums.of]]] = True
    found[sums.whole[of]] = True
    return found


def _added(values: Numbers, sums: Sums) -> Numbers:
    return np.bincount(sums.of, weights=values[sums.part], minlength=len(sums.whole)).astype(np.int64)


def _choose(
    n: Numbers, said: Numbers, sums: Sums, told: NDArray[np.bool_], lower: Numbers, upper: Numbers, table: Perturbation
) -> NDArray[np.bool_]:
    """Choose one number to hide for each sum that gives something away: its smallest part shown, else its total."""
    shown = said >= table.audience.threshold
    low, high = _added(lower, sums), _added(upper, sums)
    binds = told[sums.part] & (
        (lower[sums.whole][sums.of] - high[sums.of] + upper[sums.part] >= lower[sums.part])
        | (upper[sums.whole][sums.of] - low[sums.of] + lower[sums.part] <= upper[sums.part])
    )
    of = np.zeros(len(sums.whole), bool)
    of[sums.of[binds]] = True
    of |= told[sums.whole]
    near = np.flatnonzero(of[sums.of])  # few of all, so that only these are put in order
    part, group = sums.part[near], sums.of[near]
    order = np.lexsort((part, n[part], ~shown[part], group))
    first = np.unique(group[order], return_index=True)[1]
    smallest = np.full(len(sums.whole), -1, np.int64)
    smallest[group[order][first]] = part[order][first]
    chosen = np.zeros(len(n), bool)
    for pick in (np.where(shown[smallest], smallest, -1), np.where(shown[sums.whole], sums.whole, -1)):
        hit = of & (pick >= 0)
        chosen[pick[hit]] = True
        of &= ~hit
    return chosen
