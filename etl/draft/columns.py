"""A table of text in, the distinct values of every column with their counts out: all that a draft looks at afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from pyarrow import compute

from etl.draft.signs import is_total
from etl.fold import fold
from etl.raw import Raw

MOST_VALUES = 10_000  # distinct values kept of one column; of what comes after only the rows are counted
MOST_TOTALS = 400
LONGEST_TOTAL = 40
NOWHERE = np.empty(0, dtype=np.int64)


@dataclass
class ColumnSeen:
    """One column as it was met: its heading, its distinct values with the rows that hold each, its empty rows.

    `beyond` counts the rows whose values were met after `MOST_VALUES` others; `first` is the first row of each value.
    """

    header: str
    place: int
    values: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    empty: int = 0
    beyond: int = 0

    @property
    def filled(self) -> int:
        """Give the rows that hold something."""
        return self.rows - self.empty


@dataclass(frozen=True)
class TotalRow:
    """One row in which a cell says that it is a total: its number, that column and word, and the columns it fills."""

    row: int
    place: int
    word: str
    filled: frozenset[int]


@dataclass(frozen=True)
class Seen:
    """A whole table: its columns in order, how many rows, uneven ones, ones that repeat the headings, and totals."""

    columns: tuple[ColumnSeen, ...]
    rows: int
    uneven: int
    repeated: int
    totals: tuple[TotalRow, ...]


def seen(raw: Raw) -> Seen:
    """Read a table to its end, keeping distinct values only; errors: as the readers have them."""
    columns = [ColumnSeen(header, place) for place, header in enumerate(raw.headers)]
    rows = repeated = 0
    totals: list[TotalRow] = []
    for batch in raw.batches:
        numbers = batch.column("_row").to_numpy(zero_copy_only=False)
        again = np.zeros(batch.num_rows, dtype=np.int32)
        said: list[tuple[int, int]] = []
        for column in columns:
            said += [(int(row), column.place) for row in _count(column, batch.column(column.header), numbers, again)]
        rows += batch.num_rows
        repeated += int((again >= max(2, (len(columns) + 1) // 2)).sum())
        for row, place in said[: MOST_TOTALS - len(totals)]:
            cells = [batch.column(column.header)[row].as_py() for column in columns]
            filled = frozenset(at for at, cell in enumerate(cells) if cell and not cell.isspace())
            totals.append(TotalRow(int(numbers[row]), place, cells[place], filled))
    return Seen(tuple(columns), rows, len(raw.ragged), repeated, tuple(totals))


def _count(column: ColumnSeen, cells: pa.Array, numbers: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Add one batch of a column, and to `again` the rows that repeat its heading; give the rows that say a total."""
    if not isinstance(cells, pa.DictionaryArray):
        cells = cells.dictionary_encode()
    indices = cells.indices.to_numpy(zero_copy_only=False)
    times = np.bincount(indices, minlength=len(cells.dictionary))
    column.rows += len(indices)
    room = MOST_VALUES - len(column.values)
    if room <= 0:
        blank = compute.equal(compute.utf8_trim_whitespace(cells.dictionary), "").to_numpy(zero_copy_only=False)
        empty = int(times[blank].sum())
        column.empty += empty
        column.beyond += len(indices) - empty
        return NOWHERE
    words: Sequence[str] = cells.dictionary.to_pylist()
    last = column.header.rpartition(" / ")[2]
    named, total = np.zeros(len(words), dtype=np.int32), np.zeros(len(words), dtype=bool)
    values, firsts = column.values, _firsts(indices, len(words))
    for place, (word, count) in enumerate(zip(words, times.tolist(), strict=True)):
        if not word or word.isspace():
            column.empty += count
            continue
        if word in values:
            values[word] += count
        elif room > 0:
            values[word] = count
            column.first[word] = int(numbers[firsts[place]])
            room -= 1
        else:
            column.beyond += count
        if len(word) <= LONGEST_TOTAL and not word[-1].isdigit():
            named[place] = word == last or fold(word) == fold(last)
            total[place] = is_total(word)
    again += named[indices]
    return np.flatnonzero(total[indices]) if total.any() else NOWHERE


def _firsts(indices: np.ndarray, size: int) -> np.ndarray:
    """Give the first place of each number."""
    firsts = np.zeros(size, dtype=np.int64)
    firsts[indices[::-1]] = np.arange(len(indices) - 1, -1, -1)
    return firsts
