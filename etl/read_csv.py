"""A delimited text file in, batches of text out. Arrow reads it; a file with uneven rows is read again, row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from etl.cell_limit import limited
from etl.errors import SourceError
from etl.headings import joined_headings
from etl.memory import BLOCK
from etl.raw import TEXT, Raw, batches_of_rows
from etl.source import FileForm
from etl.unpack import is_packed, open_plain

LINE_END = re.compile(b"\n")
MOST_CELL = 1 << 20
# Up to this size every quotation mark of a file with line ends in cells is looked at: Python takes 8 s a gigabyte.
MOST_STRICT = 64 << 20
# What Arrow says when only a reading row by row can tell what is wrong. A handler of uneven rows, which it offers,
# prints a trace of its own where such a row is no text.
BY_ROW = (" columns, got ", "straddl", "Could not skip")
MARKS = (b"\xff\xfe", b"\xfe\xff")
# What begins so is text in another encoding than the declared one; other kinds of file are told by `etl.kinds`.
SIGNATURES = {
    MARKS[0]: "written in UTF-16; declare `encoding: utf-16`",
    MARKS[1]: "written in UTF-16; declare `encoding: utf-16`",
}


def read_csv(path: Path, form: FileForm, wanted: Sequence[str] | None, keys: frozenset[str]) -> Raw:
    """Read the wanted columns (None: all) of a delimited file; `keys` come as plain text, the rest as dictionaries.

    Errors: SourceError for bytes that are not of the declared encoding, for a cell over 1 MB, for a damaged file.
    """
    headers = csv_headings(path, form)
    raw = Raw(headers=headers, batches=iter(()))
    wanted = headers if wanted is None else wanted
    if not set(wanted) <= set(headers):
        return raw
    raw.batches = limited(_batches(path, form, headers, wanted, keys, raw), path.name)
    return raw


def csv_headings(path: Path, form: FileForm) -> tuple[str, ...]:
    """Read the headings alone; several heading rows become one, joined by ` / `."""
    last = max(form.header_rows)
    with open_plain(path) as stream:
        _refuse_signature(stream, path, form)
        top = [row for _, row in islice(_rows(stream, path, form), last)]
    if len(top) < last:
        raise SourceError(f"{path.name}: has {len(top)} rows, but its headings are declared in row {last}; send the whole file")
    return joined_headings([top[number - 1] for number in form.header_rows], path.name)


def _refuse_signature(stream: io.BufferedReader, path: Path, form: FileForm) -> None:
    start = _peeked(stream, path)
    wide = form.encoding.lower().startswith(("utf-16", "utf-32"))
    for sign, what in SIGNATURES.items():
        if start.startswith(sign) and not (wide and sign in MARKS):
            raise SourceError(f"{path.name}: is {what} under `file:`, or send it as it was agreed")


def _peeked(stream: io.BufferedReader, path: Path) -> bytes:
    try:
        return stream.peek(8)[:8]
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be read ({fault.strerror or 'damaged'}); send it again") from None


def _batches(
    path: Path, form: FileForm, headers: tuple[str, ...], wanted: Sequence[str], keys: frozenset[str], raw: Raw
) -> Iterator[pa.RecordBatch]:
    if form.footer_rows:
        yield from _slow_batches(path, form, headers, wanted, keys, raw, 0)
        return
    done = 0
    try:
        for batch in _arrow_batches(path, form, headers, wanted, keys):
            numbers = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int64())
            done += batch.num_rows
            _refuse_swallowed(batch, path, form, len(headers))
            yield pa.record_batch([numbers, *batch.columns], names=["_row", *wanted])
        if path.stat().st_size <= MOST_STRICT:
            _refuse_open_quotes(path, form, done + max(form.header_rows))
    except UnevenRows:
        yield from _slow_batches(path, form, headers, wanted, keys, raw, done)


def _refuse_swallowed(batch: pa.RecordBatch, path: Path, form: FileForm, width: int) -> None:
    """Refuse a cell that holds line ends and as many delimiters as a row: an open quotation mark has swallowed rows."""
    for column in batch.columns:
        words = column.dictionary if isinstance(column, pa.DictionaryArray) else column
        if LINE_END.search(words.buffers()[-1] or b"") is None:
            continue
        lines = words.filter(compute.match_substring(words, "\n"))
        if len(lines) and any(text.count(form.delimiter) >= width - 1 for text in lines.to_pylist()):
            raise SourceError(f"{path.name}: a cell holds whole rows; look for a quotation mark that is never closed")


def _refuse_open_quotes(path: Path, form: FileForm, records: int) -> None:
    """Refuse a file in which a quotation mark that is never closed has swallowed rows.

    Where there are as many line ends as records no cell holds one. Where there are more, each mark must stand where
    a cell begins or ends.
    """
    with open_plain(path) as stream:
        ends = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(BLOCK), b""))
    if records - 1 <= ends <= records:
        return
    with open_plain(path) as stream:
        for _ in _rows(stream, path, form, strict=True):
            continue


class UnevenRows(Exception):
    """A row has more or fewer cells than the heading."""


def _arrow_batches(
    path: Path, form: FileForm, headers: tuple[str, ...], wanted: Sequence[str], keys: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    _spare_pages()
    types = {name: pa.string() if name in keys else TEXT for name in wanted}
    # A path lets Arrow read ahead without Python; packed bytes and other encodings pass through our own reader.
    source: str | io.BufferedReader = open_plain(path) if is_packed(path) else str(path)
    try:
        reader = arrow_csv.open_csv(
            source,
            read_options=arrow_csv.ReadOptions(
                block_size=BLOCK,
                encoding=form.encoding,
                column_names=list(headers),
                skip_rows_after_names=max(form.header_rows),
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(column_types=types, include_columns=list(wanted), strings_can_be_null=False),
        )
        yield from reader
    except (pa.ArrowInvalid, pa.ArrowKeyError) as fault:
        # Row by row it is said what is wrong: a cell without end, or only that the file ends with its headings.
        if any(sign in str(fault) for sign in BY_ROW):
            raise UnevenRows from None
        if "Empty CSV" in str(fault):
            return
        raise SourceError(f"{path.name}: {_plainly(str(fault), form)}") from None
    except (UnicodeError, LookupError):
        raise SourceError(f"{path.name}: {_plainly('utf', form)}") from None
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be read ({fault.strerror or 'damaged'}); send it again") from None


def _spare_pages() -> None:
    """Take memory from jemalloc where Arrow has it: it gives pages back and forth a third less often while parsing."""
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def _plainly(fault: str, form: FileForm) -> str:
    """Say what Arrow met without the row that it quotes, which may hold personal data."""
    if "utf" in fault.lower() or "unicode" in fault.lower():
        return f"its bytes are not {form.encoding}; declare its encoding under `file:` (windows-1252, windows-1256, utf-16 …)"
    if "limit" in fault:
        return f"a cell is longer than {MOST_CELL >> 20} MB; look for a quotation mark that is never closed"
    return "is not a delimited table; check the delimiter and the quotation marks"


def _slow_batches(
    path: Path,
    form: FileForm,
    headers: tuple[str, ...],
    wanted: Sequence[str],
    keys: frozenset[str],
    raw: Raw,
    done: int,
) -> Iterator[pa.RecordBatch]:
    """Read row by row what comes after so many records, and note the numbers of those that are uneven."""
    with open_plain(path) as stream:
        rows = _even_rows(stream, path, form, len(headers), raw)
        yield from batches_of_rows(((number, row) for number, row in rows if number > done), headers, wanted, keys)


def _even_rows(
    stream: io.BufferedReader, path: Path, form: FileForm, width: int, raw: Raw
) -> Iterator[tuple[int, list[str]]]:
    held: list[tuple[int, list[str]]] = []
    met = number = filled = 0
    for met, row in _rows(stream, path, form):
        if met <= max(form.header_rows) or not row:
            continue
        number += 1
        held.append((number, row))
        filled += any(cell.strip() for cell in row)
        # the last rows that hold something are the footer, whatever empty rows come after them
        while filled > form.footer_rows:
            first, cells = held.pop(0)
            filled -= any(cell.strip() for cell in cells)
            if len(cells) == width:
                yield first, cells
            else:
                raw.ragged.append(first)
    raw.footers += [cells for _, cells in held]
    _refuse_open_quotes(path, form, met)


def _rows(stream: io.BufferedReader, path: Path, form: FileForm, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Give (physical number of the record from 1, its cells); strict: refuse a mark in the midst of a cell."""
    csv.field_size_limit(MOST_CELL)
    encoding = "utf-8-sig" if form.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else form.encoding
    try:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        reader = csv.reader(text, delimiter=form.delimiter, strict=strict)
        yield from enumerate(reader, start=1)
    except (UnicodeError, LookupError):
        raise SourceError(f"{path.name}: {_plainly('utf', form)}") from None
    except csv.Error as fault:
        if "limit" in str(fault):
            raise SourceError(f"{path.name}: {_plainly('limit', form)}") from None
        raise SourceError(
            f"{path.name} line {reader.line_num}: a quotation mark before this line is never closed, or stands inside a text; "
            "close it, or write it twice"
        ) from None
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be read ({fault.strerror or 'damaged'}); send it again") from None
