"""Numbers of cells in, what those of different indicators tell of each other out: sums, and what subtraction leaves.

An indicator whose condition implies another's counts some of its records, in every cell that both have; what the others are is
a number that nobody is shown and everybody can work out. Figures that were received are left out: what a report counts as
prosecuted in a year need not be among those that it counts as investigated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from etl.cells import CELLS
from etl.conditions import PARTS, Broken, Conditions, conditions
from etl.dimensions import ALL_DIMENSIONS, DIMENSIONS
from etl.lattice import Entries, Hashes, add_sums, join
from etl.sums import Numbers, Sums

if TYPE_CHECKING:
    import duckdb

_ODD = np.uint64(0xD6E8FEB86659FD93)
_CODE = " ".join(f"WHEN '{name}' THEN {name}" for name in ALL_DIMENSIONS)


@dataclass(frozen=True)
class Located:
    """Numbers by the set of records that they count, and the cell: arrays of one length, the cells in order of their key.

    entry: the place of the number among the entries. number: of the set. where: a hash of the block and the cell's codes.
    codes: for each dimension a hash of the cell's code, 0 for the total. key: a hash of set and cell, in order.
    """

    entry: Numbers
    number: Numbers
    where: Hashes
    codes: dict[str, Hashes]
    key: Hashes

    def at(self, number: int, where: Hashes) -> Numbers:
        """Give the entries of a set in some cells, -1 where there is none."""
        wanted = _key(np.full(len(where), number), where)
        place = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[place] == wanted, self.entry[place], -1)


def identities(
    connection: duckdb.DuckDBPyConnection, rows: dict[str, np.ndarray], entries: Entries, places: dict[str, Numbers]
) -> tuple[Entries, Sums]:
    """Give the entries that subtraction leaves, to stand behind the others, and the sums that hold between indicators.

    rows: of the cells, with `block` and `hash_` of every dimension. places: for each of `PARTS` the place of its number among
    the entries, for each row, or -1.
    """
    if not len(rows["row"]):
        return entries, Sums(*(np.zeros(0, np.int64) for _ in range(3)))
    known = {name: conditions(connection, name) for name in DIMENSIONS}
    located = _located(rows, places, _numbered(connection, known))
    left: list[Entries] = []
    sums = Sums(*(np.zeros(0, np.int64) for _ in range(3)))
    start = len(entries.n)
    for first, found in zip(_starts(known), known.values(), strict=True):
        for whole, family in found.families():
            rest, more = _family(located, entries, whole + first, [part + first for part in family], start)
            left, start = [*left, rest], start + len(rest.n)
            sums = add_sums(sums, more)
        for broken in found.broken:
            sums = add_sums(sums, _cells_of(connection, located, entries, broken, first))
    return join([entries, *left]), sums


def _starts(known: dict[str, Conditions]) -> Numbers:
    """Give the first number of the sets of every table, so that no two tables share one."""
    return np.cumsum([0, *(len(found.within) for found in known.values())])[:-1]


def _numbered(connection: duckdb.DuckDBPyConnection, known: dict[str, Conditions]) -> dict[str, np.ndarray]:
    """Give for each cell the numbers of the sets in its parts, -1 where there is none, and the dimension that it fixes."""
    sets: dict[tuple[str, tuple[str, str]], dict[str, int]] = {}
    for first, found in zip(_starts(known), known.values(), strict=True):
        for figure, number in found.figures.items():
            sets.setdefault((figure.indicator, figure.fixed or ("", "")), {})[figure.part] = number + int(first)
    table = [
        {"indicator": indicator, "dimension": dimension, "code": code, **{part: parts.get(part, -1) for part in PARTS}}
        for (indicator, (dimension, code)), parts in sets.items()
    ]
    connection.register("record_set", pa.Table.from_pylist(table))
    numbers = ", ".join(f"coalesce(record_set.{part}, -1) AS {part}" for part in PARTS)
    rows = connection.execute(
        f"SELECT cell.rowid AS row, coalesce(record_set.dimension, '') AS dimension, {numbers} "
        f"FROM {CELLS} AS cell LEFT JOIN record_set ON cell.kind <> 'sum' AND record_set.indicator = cell.indicator "
        f"AND record_set.code = CASE record_set.dimension {_CODE} ELSE '' END ORDER BY cell.rowid"
    ).fetchnumpy()
    connection.unregister("record_set")
    return {name: np.asarray(values) for name, values in rows.items()}


def _located(rows: dict[str, np.ndarray], places: dict[str, Numbers], numbered: dict[str, np.ndarray]) -> Located:
    # what is public already, or released, is not among the rows
    asked = np.isin(numbered["row"], rows["row"])
    numbered = {name: values[asked] for name, values in numbered.items()}
    if len(numbered["row"]) != len(rows["row"]) or (numbered["row"] != rows["row"]).any():
        raise AssertionError("a cell counts no one set of records")
    fixes = numbered["dimension"].astype(str)
    codes = {name: np.where(fixes == name, np.uint64(0), rows[f"hash_{name}"]) for name in ALL_DIMENSIONS}
    where = rows["block"].copy()
    for values in codes.values():
        where = where + values
    entry, number, row = [], [], []
    for part in PARTS:
        there = np.flatnonzero((numbered[part] >= 0) & (places[part] >= 0))
        entry.append(places[part][there])
        number.append(numbered[part][there])
        row.append(there)
    of = np.concatenate(row)
    key = _key(np.concatenate(number), where[of])
    # figures of one set in one cell are one number
    first = np.unique(key, return_index=True)[1]
    of = of[first]
    return Located(
        np.concatenate(entry)[first], np.concatenate(number)[first], where[of],
        {name: values[of] for name, values in codes.items()}, key[first],
    )  # fmt: skip


def _key(number: Numbers, where: Hashes) -> Hashes:
    return where ^ ((number.astype(np.uint64) + np.uint64(1)) * _ODD)


def _family(located: Located, entries: Entries, whole: int, family: list[int], start: int) -> tuple[Entries, Sums]:
    """Take sets that share no record from a set that holds them all, in every cell: what is left is told nowhere."""
    cells = np.flatnonzero(located.number == whole)
    total = located.entry[cells]
    parts = np.stack([located.at(part, located.where[cells]) for part in family])
    known = parts >= 0
    n, drawn = (values[total] - np.where(known, values[parts], 0).sum(axis=0) for values in (entries.n, entries.drawn))
    # where nothing is left, one part alone is the same number as the total
    wanted = known.any(axis=0) & (n >= 0) & ((n > 0) | (known.sum(axis=0) > 1))
    total, parts, known, n, drawn = total[wanted], parts[:, wanted], known[:, wanted], n[wanted], drawn[wanted]
    more = n > 0
    nothing = np.zeros(int(more.sum()), bool)
    rest = Entries(
        n[more], drawn[more], n[more], entries.block[total[more]], nothing, nothing, ~nothing, nothing, nothing
    )  # fmt: skip
    of = np.broadcast_to(np.arange(len(total)), parts.shape)
    part = np.concatenate([parts[known], start + np.arange(len(rest.n))])
    return rest, Sums(part, np.concatenate([of[known], np.flatnonzero(more)]), total)


def _cells_of(connection: duckdb.DuckDBPyConnection, located: Located, entries: Entries, broken: Broken, first: int) -> Sums:
    """Add up the cells of a larger set that make a smaller one, wherever all of them are there."""
    given = located.number == broken.of + first
    for name in broken.dimensions:
        given &= located.codes[name] != 0
    cells = np.flatnonzero(given)
    code = np.zeros(len(cells), np.uint64)
    for name in broken.dimensions:
        code = code + located.codes[name][cells]
    listed = np.array([_hash(connection, broken.dimensions, codes) for codes in sorted(broken.codes)], np.uint64)
    cells, code = (values[np.isin(code, listed) == broken.listed] for values in (cells, code))
    total = located.at(broken.number + first, located.where[cells] - code)
    cells, total = cells[total >= 0], total[total >= 0]
    whole, of = np.unique(total, return_inverse=True)
    part = located.entry[cells]
    added = np.bincount(of, weights=entries.n[part], minlength=len(whole)).astype(np.int64)
    right = added == entries.n[whole]
    number = np.cumsum(right) - 1
    return Sums(part[right[of]], number[of[right[of]]], whole[right])


def _hash(connection: duckdb.DuckDBPyConnection, dimensions: tuple[str, ...], codes: tuple[str, ...]) -> int:
    hashed = [
        connection.execute("SELECT hash($name, $code)", {"name": name, "code": code}).fetchall()[0][0]
        for name, code in zip(dimensions, codes, strict=True)
    ]
    return int(sum(hashed) % 2**64)
