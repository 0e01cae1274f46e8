"""The longest cell that is read: what is longer is no value of a table, and is told with its place and not its text."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as compute

from etl.errors import SourceError

# Characters. A cell of a workbook has at most 32,767.
LONGEST = 100_000


def limited(batches: Iterator[pa.RecordBatch], file: str) -> Iterator[pa.RecordBatch]:
    """Hand batches of text on; SourceError names the record and the column of the first cell that is too long."""
    for batch in batches:
        for name in batch.schema.names:
            if name != "_row":
                _look(batch, name, file)
        yield batch


def _look(batch: pa.RecordBatch, name: str, file: str) -> None:
    column = batch.column(name)
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    # A character takes at least one byte, so that one look at the bytes settles it for nearly every file.
    longest = compute.max(compute.binary_length(texts)).as_py()
    if longest is None or longest <= LONGEST:
        return
    lengths = compute.utf8_length(column.cast(pa.string()))
    place = compute.index(compute.greater(lengths, LONGEST), True).as_py()
    if place >= 0:
        number, size = batch.column("_row")[place].as_py(), lengths[place].as_py()
        raise SourceError(
            f"{file}: record {number}: the cell under {name[:60]!r} has {size:,} characters and may have {LONGEST:,}; "
            "look whether a quotation mark is missing, or move the text out of the table"
        )
