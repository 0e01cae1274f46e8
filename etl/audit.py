"""What an attacker may work out in, what must be hidden besides out: no small count is left too few values.

He knows every number that is shown to within one of the truth (better than any number of editions would tell him), exact
totals exactly, that parts make their total, and what the signs mean. Where a count under the threshold is left fewer values
than the policy asks for, the smallest number that gives it away is hidden with it, under a sign that does not say which of
them is small; where totals alone give it away, the smallest of these loses its exactness first. Bounds are run through sums
until nothing moves, and what they leave open is looked at again by linear programming.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from etl.programme import Programme
from etl.sums import FAR, Flags, Numbers, Sums, propagate, split, with_cells
from schemas.protection import HIDDEN, NOT_LISTED, SMALL_TOTAL, Perturbation, bounds

ASIDE = -2  # hidden together with another: one of them is small, and neither says which
UNSEEN = -3  # a number that is nowhere said and that subtraction would give
HOPS = 4
_PART, _SPARED, _EXACT, _TOTAL, _NONE = range(5)  # what is opened first of a sum


@dataclass(frozen=True)
class Cells:
    """Numbers of which something is told, as arrays of one length.

    n: the true number. said: what the table says of it (a number, HIDDEN, NOT_LISTED, ASIDE, or UNSEEN). block: cells of one
    source and period have one number, and no sum reaches out of it. exact: the true number is shown, and `said` only where it
    loses its exactness. spared: hidden only where no other number of a sum will do. demoted: a total that has lost its
    exactness, which is hidden last of all.
    """

    n: Numbers
    said: Numbers
    block: Numbers
    exact: Flags
    spared: Flags
    demoted: Flags

    def at(self, places: Numbers) -> Cells:
        """Give some of the cells."""
        return Cells(*(getattr(self, item.name)[places] for item in fields(Cells)))

    def small(self, table: Perturbation) -> Flags:
        """Say which counts are under the threshold, and count somebody."""
        return (self.n >= 1) & (self.n < table.audience.threshold)

    def signed(self) -> Flags:
        """Say of which only the sign of a small number is shown."""
        signed: Flags = (self.said == HIDDEN) | (self.said == SMALL_TOTAL)
        return signed

    def known(self, table: Perturbation) -> Flags:
        """Say of which a number is shown."""
        return self.exact | (self.said >= table.audience.threshold)


@dataclass(frozen=True)
class Audit:
    """What is told of every cell after the audit, and the fewest values that a small count has, by bounds and exactly.

    fewest: FAR where no count is small. fewest_exactly: by linear programming, so that it is never above `fewest`.
    """

    said: Numbers
    exact: Flags
    fewest: int
    fewest_exactly: int


def hide_besides(cells: Cells, sums: Sums, table: Perturbation) -> Audit:
    """Hide numbers, and take exactness from totals, until nothing gives a small count away."""
    cells = replace(cells, said=cells.said.copy(), exact=cells.exact.copy(), demoted=cells.demoted.copy())
    told = narrowed(cells, *interval(cells, sums, table), table)
    shaken = np.zeros(int(cells.block.max(initial=-1)) + 1, bool)
    shaken[cells.block[told]] = True
    small = cells.small(table)
    blocks = [(places, inside) for places, inside in split(sums, cells.block) if small[places].any()]
    for places, inside in blocks:
        if shaken[cells.block[places[0]]]:
            _settle(cells, places, _by_bounds(cells.at(places), inside, table))
    fewest = _fewest(cells, sums, table)
    fewest_exactly = fewest
    for places, inside in blocks:
        if len(inside.whole):
            settled, least = _by_programme(cells.at(places), inside, table, max(fewest, table.audience.narrowest))
            _settle(cells, places, settled)
            fewest_exactly = min(fewest_exactly, least)
    return Audit(cells.said, cells.exact, _fewest(cells, sums, table), fewest_exactly)


def narrowed(cells: Cells, lower: Numbers, upper: Numbers, table: Perturbation) -> Flags:
    """Say which cells under the threshold could have fewer values than the policy asks for."""
    return cells.small(table) & (upper - lower + 1 < table.audience.narrowest)


def interval(cells: Cells, sums: Sums, table: Perturbation) -> tuple[Numbers, Numbers]:
    """Give the lowest and highest number that each cell can have by bounds, for the attacker of the policy."""
    return propagate(*alone(cells, table), sums)


def alone(cells: Cells, table: Perturbation) -> tuple[Numbers, Numbers]:
    """Give what each cell can be for the attacker of the policy, before he adds anything up."""
    within = np.where(cells.exact, 0, table.audience.known_within)
    known = cells.known(table)
    lower, upper = prior(cells.said, table)
    # an exact total is known as such, whatever its key would have made of it
    lower, upper = np.where(cells.exact, 0, lower), np.where(cells.exact, FAR, upper)
    lower = np.where(known, np.maximum(lower, cells.n - within), lower)
    upper = np.where(known, np.minimum(upper, cells.n + within), np.where(cells.n == 0, 0, upper))
    return lower, upper


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
    lower[said == SMALL_TOTAL], upper[said == SMALL_TOTAL] = 1, threshold - 1
    lower[said == NOT_LISTED], upper[said == NOT_LISTED] = 0, stated[NOT_LISTED][1]
    lower[said == ASIDE] = 1
    return lower.astype(np.int64), upper.astype(np.int64)


def _fewest(cells: Cells, sums: Sums, table: Perturbation) -> int:
    lower, upper = interval(cells, sums, table)
    return int(np.min((upper - lower + 1)[cells.small(table)], initial=FAR))


def _settle(cells: Cells, places: Numbers, settled: Cells) -> None:
    cells.said[places], cells.exact[places], cells.demoted[places] = settled.said, settled.exact, settled.demoted


def _by_bounds(cells: Cells, sums: Sums, table: Perturbation) -> Cells:
    """Open cells of one block until bounds narrow nothing; then make totals exact again that need not have been opened."""
    exact = cells.exact.copy()
    while True:
        lower, upper = interval(cells, sums, table)
        told = narrowed(cells, lower, upper, table)
        if not told.any():
            break
        chosen = _choose(cells, sums, told, lower, upper, table)
        _open(cells, sums, chosen if chosen.any() else _around(cells, sums, told, lower, upper, table), told)
    opened = np.flatnonzero(exact & ~cells.exact)
    for total in opened[np.lexsort((opened, -cells.n[opened]))]:
        cells.exact[total] = True
        cells.exact[total] = not narrowed(cells, *interval(cells, sums, table), table).any()
        cells.demoted[total] = not cells.exact[total]
    return cells


def _by_programme(cells: Cells, sums: Sums, table: Perturbation, enough: int) -> tuple[Cells, int]:
    """Open cells of one block until a linear programme narrows nothing; give also the fewest values, of at most `enough`."""
    small = np.flatnonzero(cells.small(table) & _in_sums(cells, sums))
    lower, upper = alone(cells, table)
    programme = Programme(cells.n, lower, upper, sums)
    while True:
        programme.look_around(small, enough)
        values = np.array([programme.values(int(cell), enough) for cell in small], np.int64)
        told = small[values < table.audience.narrowest]
        if not len(told):
            return cells, min(enough, int(values.min(initial=FAR)))
        chosen = np.zeros(len(cells.n), bool)
        for cell in told:
            chosen[_smallest(cells, programme.binding(int(cell)), table)] = True
        flags = np.isin(np.arange(len(cells.n)), told)
        _open(cells, sums, chosen if chosen.any() else _around(cells, sums, flags, *interval(cells, sums, table), table), flags)
        before = lower, upper
        lower, upper = alone(cells, table)
        # tables that agreed with more do so with less
        less = bool((lower <= before[0]).all() and (upper >= before[1]).all())
        programme = Programme(cells.n, lower, upper, sums, programme if less else None)


def _open(cells: Cells, sums: Sums, chosen: Flags, told: Flags) -> None:
    """Take exactness from the totals chosen, and hide other cells; every call tells less, so that the audit ends."""
    before = cells.said.copy(), cells.exact.copy()
    if (chosen & cells.exact).any():
        # where a total only loses its exactness, what counts the same records, and other such totals, may not have to be hidden
        chosen = chosen & (cells.exact | ~(cells.demoted | _alone_in_sum(sums, len(cells.n))))
    hidden = (chosen & ~cells.exact) | (told & cells.signed() & ~cells.exact)
    cells.demoted[chosen & cells.exact] = True
    cells.exact[chosen] = False
    cells.said[hidden] = ASIDE
    if (cells.said == before[0]).all() and (cells.exact == before[1]).all():
        raise AssertionError("complementary suppression does not come to an end")


def _alone_in_sum(sums: Sums, cells: int) -> Flags:
    """Say which cells are the only part of a sum, so that they count the same records as its total."""
    found = np.zeros(cells, bool)
    found[sums.part[(np.bincount(sums.of, minlength=len(sums.whole)) == 1)[sums.of]]] = True
    return found


def _around(cells: Cells, sums: Sums, told: Flags, lower: Numbers, upper: Numbers, table: Perturbation) -> Flags:
    """Choose where nothing is shown beside a cell: signs beside it, else what its neighbours tell, in the end all there is."""
    around = told
    for _ in range(HOPS):
        around = _neighbours(around, sums)
        chosen: Flags = around & cells.signed() & ~cells.exact
        if not chosen.any():
            chosen = _choose(cells, sums, around, lower, upper, table)
        if chosen.any():
            return chosen
    chosen = cells.known(table) | cells.signed()
    return chosen if bool(chosen.any()) else (cells.said == NOT_LISTED) & (cells.n > 0)


def _neighbours(cells: Flags, sums: Sums) -> Flags:
    """Give the cells that stand in a sum with any of these."""
    of = with_cells(cells, sums)
    found: Flags = cells.copy()
    found[sums.part[of[sums.of]]] = True
    found[sums.whole[of]] = True
    return found


def _in_sums(cells: Cells, sums: Sums) -> Flags:
    found = np.zeros(len(cells.n), bool)
    found[sums.part] = found[sums.whole] = True
    return found


def _smallest(cells: Cells, among: Flags, table: Perturbation) -> Numbers:
    """Give the cell that is opened first of some, by its rank and its number: one or none."""
    places = np.flatnonzero(among & (cells.known(table) | cells.signed()))
    rank = np.where(cells.known(table)[places], _rank(cells, places, table), _NONE)
    return places[np.lexsort((places, cells.n[places], rank))][:1]


def _rank(cells: Cells, places: Numbers, table: Perturbation) -> Numbers:
    rank = np.where(cells.exact[places], _EXACT, np.where(cells.spared[places], _SPARED, _PART))
    rank = np.where(cells.demoted[places], _TOTAL, rank)
    return np.where(cells.known(table)[places], rank, _NONE)


def _choose(cells: Cells, sums: Sums, told: Flags, lower: Numbers, upper: Numbers, table: Perturbation) -> Flags:
    """Choose one number to open for each sum that gives something away.

    Its smallest part shown, else a part that is spared, else its smallest exact total, else its total.
    """
    low, high = (
        np.bincount(sums.of, weights=values[sums.part], minlength=len(sums.whole)).astype(np.int64) for values in (lower, upper)
    )
    binds = told[sums.part] & (
        (lower[sums.whole][sums.of] - high[sums.of] + upper[sums.part] >= lower[sums.part])
        | (upper[sums.whole][sums.of] - low[sums.of] + lower[sums.part] <= upper[sums.part])
    )
    of = told[sums.whole]
    of[sums.of[binds]] = True
    near, totals = np.flatnonzero(of[sums.of]), np.flatnonzero(of)  # few of all, so that only these are put in order
    cell, group = np.concatenate([sums.part[near], sums.whole[totals]]), np.concatenate([sums.of[near], totals])
    rank = _rank(cells, cell, table)
    rank[len(near) :] = np.where(rank[len(near) :] == _EXACT, _EXACT, np.where(rank[len(near) :] == _NONE, _NONE, _TOTAL))
    order = np.lexsort((cell, cells.n[cell], rank, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    chosen = np.zeros(len(cells.n), bool)
    chosen[cell[first[rank[first] < _NONE]]] = True
    return chosen
