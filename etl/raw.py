"""The one form in which every file reaches the pipeline: batches of text columns, dictionaries of distinct values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

TEXT = pa.dictionary(pa.int32(), pa.string())
BATCH = 50_000


@dataclass
class Raw:
    """A table of text as received; nothing is interpreted.

    headers: the columns' names in the file's order. batches: record batches with `_row` (int64, the number of the
    record, from 1) and one column a wanted header: dictionary<int32, string>, or plain string for `keys`.
    ragged: numbers of records that have more or fewer cells than the heading, which no batch holds. footers: the rows
    that were left out at the end by `footer_rows`, known once all batches were read.
    """

    headers: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    ragged: list[int] = field(default_factory=list)
    footers: list[Sequence[str]] = field(default_factory=list)


def numbered_rows(raw: Raw) -> Iterator[tuple[int, dict[str, str]]]:
    """Give every record that holds something, its number and its cells by heading: for a source with a twin."""
    for batch in raw.batches:
        columns = [batch.column(name).to_pylist() for name in raw.headers]
        for number, *cells in zip(batch.column("_row").to_pylist(), *columns, strict=True):
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(raw.headers, cells, strict=True))


def batches_of_rows(
    rows: Iterator[tuple[int, Sequence[str]]], headers: Sequence[str], wanted: Sequence[str], keys: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    """Turn numbered rows of text into batches of the wanted columns; numbers are those of the records."""
    places = [headers.index(name) for name in wanted]
    numbers: list[int] = []
    cells: list[list[str]] = [[] for _ in places]
    for number, row in rows:
        numbers.append(number)
        for column, place in zip(cells, places, strict=True):
            column.append(row[place])
        if len(numbers) == BATCH:
            yield _batch(numbers, cells, wanted, keys)
            numbers, cells = [], [[] for _ in places]
    if numbers:
        yield _batch(numbers, cells, wanted, keys)


def _batch(numbers: list[int], cells: list[list[str]], wanted: Sequence[str], keys: frozenset[str]) -> pa.RecordBatch:
    columns = [pa.array(numbers, pa.int64())]
    for name, column in zip(wanted, cells, strict=True):
        text = pa.array(column, pa.string())
        columns.append(text if name in keys else text.dictionary_encode())
    return pa.record_batch(columns, names=["_row", *wanted])
