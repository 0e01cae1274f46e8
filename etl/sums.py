"""Bounds of numbers and which of them make which in, the tightest bounds that follow sum by sum out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
FAR = 10**9  # stands for no upper bound; a count is below half of it


@dataclass(frozen=True)
class Sums:
    """Which cells make which: one entry for each part, with the number of its sum; `whole` is the total of each sum."""

    part: Numbers
    of: Numbers
    whole: Numbers


def propagate(lower: Numbers, upper: Numbers, sums: Sums) -> tuple[Numbers, Numbers]:
    """Run bounds through sums until nothing moves: a total lies between its parts' bounds, a part in what the others leave.

    A sum is looked at again only where a bound of one of its cells moved. Bounds are whole numbers that hold the true table
    between them and move by one at least, towards it and never past it, so that this comes to an end.

    Errors: ValueError where no table agrees with the bounds.
    """
    lower, upper = lower.copy(), upper.copy()
    parts, of_cell = _by_number(sums.of, sums.part, len(sums.whole)), _by_cell(sums, len(lower))
    pending = np.arange(len(sums.whole))
    while len(pending):
        part, own = parts.of(pending)
        whole = sums.whole[pending]
        low, high = _added(lower[part], own, len(pending)), _added(upper[part], own, len(pending))
        touched = np.unique(np.concatenate([part, whole]))
        before = lower[touched], upper[touched]
        least = lower[whole][own] - (high[own] - upper[part])
        most = upper[whole][own] - (low[own] - lower[part])
        np.maximum.at(lower, whole, low)
        np.minimum.at(upper, whole, high)
        np.maximum.at(lower, part, least)
        np.minimum.at(upper, part, most)
        upper[touched] = np.where(upper[touched] >= FAR // 2, FAR, upper[touched])
        if (lower[touched] > upper[touched]).any():
            raise ValueError("no table agrees with these bounds")
        moved = touched[(lower[touched] != before[0]) | (upper[touched] != before[1])]
        pending = np.unique(of_cell.of(moved)[0])
    return lower, upper


def split(sums: Sums, block: Numbers) -> Iterator[tuple[Numbers, Sums]]:
    """Give for every block, from 0, its cells and the sums among them, in which the cells are numbered anew in this order."""
    blocks = int(block.max(initial=-1)) + 1
    cells = _by_number(block, np.arange(len(block)), blocks)
    place = np.zeros(len(block), np.int64)
    place[cells.values] = np.arange(len(block)) - cells.starts[block[cells.values]]
    totals = _by_number(block[sums.whole], np.arange(len(sums.whole)), blocks)
    number = np.zeros(len(sums.whole), np.int64)
    number[totals.values] = np.arange(len(sums.whole)) - totals.starts[block[sums.whole[totals.values]]]
    entries = _by_number(block[sums.part], np.arange(len(sums.part)), blocks)
    for of in range(blocks):
        own, inside = entries.list(of), totals.list(of)
        yield cells.list(of), Sums(place[sums.part[own]], number[sums.of[own]], place[sums.whole[inside]])


def with_cells(cells: Flags, sums: Sums) -> Flags:
    """Say which sums hold any of these cells."""
    found = cells[sums.whole]
    found[sums.of[cells[sums.part]]] = True
    return found


@dataclass(frozen=True)
class _Lists:
    """Lists of numbers one after the other: those of list i stand from starts[i] to starts[i + 1]."""

    values: Numbers
    starts: Numbers

    def list(self, wanted: int) -> Numbers:
        return self.values[self.starts[wanted] : self.starts[wanted + 1]]

    def of(self, wanted: Numbers) -> tuple[Numbers, Numbers]:
        """Give the members of some lists, and for each the place of its list among those wanted."""
        first = self.starts[wanted]
        lengths = self.starts[wanted + 1] - first
        own = np.repeat(np.arange(len(wanted)), lengths)
        before = np.cumsum(lengths) - lengths
        return self.values[np.arange(len(own)) + (first - before)[own]], own


def _by_number(number: Numbers, values: Numbers, lists: int) -> _Lists:
    order = np.argsort(number, kind="stable")
    return _Lists(values[order], np.searchsorted(number[order], np.arange(lists + 1)))


def _by_cell(sums: Sums, cells: int) -> _Lists:
    """List for every cell the sums that it stands in, as a part or as the total."""
    cell = np.concatenate([sums.part, sums.whole])
    return _by_number(cell, np.concatenate([sums.of, np.arange(len(sums.whole))]), cells)


def _added(values: Numbers, own: Numbers, number: int) -> Numbers:
    return np.bincount(own, weights=values, minlength=number).astype(np.int64)
