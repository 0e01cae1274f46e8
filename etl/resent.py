"""A file sent again and the one it replaces in, what changed out: which rows and columns, never a value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyarrow import compute

from etl.plan import Plan
from etl.read import read_submission
from etl.received import Received

LARGEST = 50_000_000  # bytes; larger files are not compared
SHOWN = 20  # changed cells that are named


def changes(plan: Plan, older: Received, newer: Received) -> str:
    """Say in one sentence how the columns that a source reads differ between two files of it.

    Rows are compared in their order; where their number differs, those between the first and the last difference.
    Gives a sentence without numbers for files over 50 MB; errors as in `etl.read.read_submission`.
    """
    if max(older.size or 0, newer.size or 0) > LARGEST or older.path is None or newer.path is None:
        return "the files are too large to be compared cell by cell"
    before, after = _table(plan, older), _table(plan, newer)
    headings = [name for name in after.column_names if name not in ("_row", "_column")]
    start, end = _same_ends(before, after, headings)
    before, after = before.slice(start, before.num_rows - start - end), after.slice(start, after.num_rows - start - end)
    rows = min(before.num_rows, after.num_rows)
    changed = {name: np.flatnonzero(_unequal(before, after, name, rows)) for name in headings}
    places = sorted((int(place), name) for name, found in changed.items() for place in found)
    told = [_cell(after, place, name) for place, name in places[:SHOWN]]
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    sentences = [f"{len(places)} cells changed" + (f": {'; '.join(told)}{more}" if told else "")]
    if before.num_rows != after.num_rows:
        number = after.num_rows - before.num_rows
        unit = "figures" if "_column" in after.column_names else "rows"
        sentences.append(f"{abs(number)} {unit} {'more' if number > 0 else 'fewer'}")
    return ", ".join(sentences)


def _table(plan: Plan, item: Received) -> pa.Table:
    assert item.path is not None
    batches = list(read_submission(plan, item.path).batches)
    if not batches:
        return pa.table({"_row": pa.array([], pa.int64())})
    table = pa.concat_tables([pa.Table.from_batches([batch]) for batch in batches])
    return pa.table({name: _plain(table.column(name)) for name in table.column_names})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _unequal(before: pa.Table, after: pa.Table, name: str, rows: int) -> np.ndarray:
    if name not in before.column_names:
        return np.ones(rows, dtype=bool)
    pairs = (before.column(name).slice(0, rows), after.column(name).slice(0, rows))
    found: np.ndarray = compute.not_equal(*pairs).to_numpy(zero_copy_only=False)
    return found


def _same_ends(before: pa.Table, after: pa.Table, headings: list[str]) -> tuple[int, int]:
    """Give the number of equal rows at the beginning and at the end of two tables of different length."""
    if before.num_rows == after.num_rows:
        return 0, 0
    rows = min(before.num_rows, after.num_rows)
    start = _first(before, after, headings, rows)
    tails = (before.slice(before.num_rows - rows), after.slice(after.num_rows - rows))
    other = np.zeros(rows, dtype=bool)
    for name in headings:
        other |= _unequal(*tails, name, rows)
    end = rows if not other.any() else rows - 1 - int(np.flatnonzero(other)[-1])
    return start, min(end, rows - start)


def _first(before: pa.Table, after: pa.Table, headings: list[str], rows: int) -> int:
    other = np.zeros(rows, dtype=bool)
    for name in headings:
        other |= _unequal(before, after, name, rows)
    return int(np.flatnonzero(other)[0]) if other.any() else rows


def _cell(after: pa.Table, place: int, name: str) -> str:
    row = after.column("_row")[place].as_py()
    label = after.column("_column")[place].as_py() if "_column" in after.column_names else name
    return f"row {row} {label!r}"
