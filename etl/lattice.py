"""Exact numbers with their draws in, what is told of each out: moved, hidden, and hidden besides where sums would tell.

Numbers that count the same records are one number, wherever they stand: as a cell, in another indicator, under a share.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from etl.audit import ASIDE, UNSEEN, Audit, Cells, hide_besides
from etl.draws import KEY
from etl.sums import FAR, Numbers, Sums
from schemas.protection import HIDDEN, LARGEST, NOT_LISTED, PERIOD, SMALL_TOTAL, Perturbation

_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Entries:
    """Numbers of which something is told or could be worked out; arrays of one length.

    n, drawn, records: the number, the sum of the draws of its records, how many these are. block: a hash of source, body
    and period; records are the same only within one. summed: a sum over records, whose zero is a zero. own: no records
    stand behind it, so that it is the same as nothing else. unseen: it is told nowhere. total: the national
    total of a year, which is shown as it is from the threshold on and at 0, unless it gives a small count away. spared: it
    is hidden beside others only where nothing else will do.
    """

    n: Numbers
    drawn: Numbers
    records: Numbers
    block: Hashes
    summed: NDArray[np.bool_]
    own: NDArray[np.bool_]
    unseen: NDArray[np.bool_]
    total: NDArray[np.bool_]
    spared: NDArray[np.bool_]


def join(parts: list[Entries]) -> Entries:
    """Put entries one after the other."""
    return Entries(**{item.name: np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Entries)})


def tell(entries: Entries, sums: Sums, rules: Perturbation) -> Audit:
    """Say for every entry the number shown, HIDDEN, NOT_LISTED or ASIDE; `sums` speaks of entries by their place.

    An entry that is shown exactly says its own number.
    """
    said = moved(entries, rules)
    shown_exactly = entries.total & ((entries.n == 0) | (entries.n >= rules.audience.threshold))
    mixed = entries.block ^ (entries.drawn.astype(np.uint64) * _ODD[0]) ^ (entries.n.astype(np.uint64) * _ODD[1])
    own = np.arange(len(mixed), dtype=np.uint64) * _ODD[0]
    mixed = np.where(entries.own, own, mixed)
    # a breakdown stays moved also where it counts the same records as an exact total; that it does is known, as a sum of one
    base, mixed = mixed, np.where(shown_exactly, ~mixed, mixed)
    _, first, same = np.unique(mixed, return_index=True, return_inverse=True)
    sums = add_sums(
        Sums(same[sums.part], sums.of, same[sums.whole]), _alike(base[first], (shown_exactly & (entries.n > 0))[first])
    )
    merged = np.full(len(first), FAR, np.int64)
    np.minimum.at(merged, same, np.where(said == UNSEEN, FAR, said))
    merged[merged == FAR] = UNSEEN
    exact, spared = np.zeros(len(first), bool), np.zeros(len(first), bool)
    np.logical_or.at(exact, same, shown_exactly)
    np.logical_or.at(spared, same, entries.spared)
    _, block = np.unique(entries.block[first], return_inverse=True)
    n = entries.n[first]
    final = hide_besides(Cells(n, merged, block, exact, spared, np.zeros(len(n), bool)), sums, rules)
    return replace(final, said=np.where(final.exact, n, final.said)[same], exact=final.exact[same])


def _alike(base: Hashes, exact: NDArray[np.bool_]) -> Sums:
    """Give a sum of one part for each number that is not exact and counts the same records as an exact one."""
    totals, others = np.flatnonzero(exact), np.flatnonzero(~exact)
    order = totals[np.argsort(base[totals])]
    place = np.minimum(np.searchsorted(base[order], base[others]), max(0, len(order) - 1))
    found = base[order][place] == base[others] if len(order) else np.zeros(len(others), bool)
    return Sums(others[found], np.arange(int(found.sum())), order[place[found]])


def moved(entries: Entries, rules: Perturbation) -> Numbers:
    """Move every number by its key, as the table says; nothing else is known here."""
    moves = np.array(rules.moves, np.int64)
    n, threshold = entries.n, rules.audience.threshold
    row = np.where(n > LARGEST, (n - 1) % PERIOD + LARGEST - PERIOD + 1, np.maximum(n, 1))
    shown = n + moves[row - 1, entries.drawn & KEY]
    said = np.where(shown >= threshold, shown, np.where(shown > 0, HIDDEN, NOT_LISTED))
    said[(said == NOT_LISTED) & (entries.summed | entries.own)] = HIDDEN
    said[n <= 0] = NOT_LISTED
    few = entries.summed & (said >= threshold) & (entries.records < rules.audience.least_incidents)
    said[few] = ASIDE
    small = (n > 0) & (n < threshold)
    said[entries.total & small] = SMALL_TOTAL
    # a total that loses its exactness and is moved under the threshold is not one of those that say 1 to 9
    said[entries.total & ~small & (said == HIDDEN)] = ASIDE
    said[entries.unseen] = UNSEEN
    return said


def sums_of(base: Hashes, dimensions: list[Hashes], n: Numbers) -> Sums:
    """Find which cells make which: those that differ from a total in one dimension alone, where they do make it.

    base: a hash of all but the dimensions. dimensions: for each, a hash of its value, and 0 where it is the total.
    """
    cell = base.copy()
    for values in dimensions:
        cell = cell + values
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    parts, wholes = [], []
    for place_of, values in enumerate(dimensions):
        broken = np.flatnonzero(values)
        above = cell[broken] - values[broken]
        place = np.minimum(np.searchsorted(ordered, above), max(0, len(ordered) - 1))
        found = ordered[place] == above if len(ordered) else np.zeros(0, bool)
        parts.append(broken[found])
        wholes.append(order[place[found]] * len(dimensions) + place_of)
    part, key = np.concatenate(parts), np.concatenate(wholes)
    unique, of = np.unique(key, return_inverse=True)
    whole = unique // len(dimensions)
    added = np.bincount(of, weights=n[part], minlength=len(whole)).astype(np.int64)
    right = added == n[whole]
    number = np.cumsum(right) - 1
    kept = right[of]
    return Sums(part[kept], number[of[kept]], whole[right])


def add_sums(first: Sums, second: Sums) -> Sums:
    """Put sums one after the other."""
    return Sums(
        np.concatenate([first.part, second.part]),
        np.concatenate([first.of, second.of + len(first.whole)]),
        np.concatenate([first.whole, second.whole]),
    )
