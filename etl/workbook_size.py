"""A workbook in, nothing out: its cells are counted before it is opened, since a reader holds all between first and last.

A stray cell in the last corner of a sheet, or a cell that is said to repeat, would else take all memory of the machine.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from etl.binary_records import span
from etl.errors import SourceError
from etl.unpack import Whole

MOST_BYTES = 256 << 20
MOST_TIMES = 100
FREE_BYTES = 32 << 20
MOST_CELLS = 8_000_000
MOST_CELL = 1 << 20
PIECE = 1 << 20
# Longer than any reference to a cell, so that none is cut between two pieces.
OVERLAP = 64
# zipfile and what unpacks for it have no family of errors for damaged files.
DAMAGED = (
    OSError,
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    zlib.error,
    lzma.LZMAError,
)
PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def refuse_large(book: Whole) -> None:
    """Refuse a workbook that unpacks to more than it may, or whose sheets span more cells than it may.

    Errors: SourceError; also for one that is no whole file.
    """
    try:
        if not zipfile.is_zipfile(book.stream()):
            _refuse_size(book, len(book.content))
            return
        with zipfile.ZipFile(book.stream()) as archive:
            _refuse_size(book, sum(member.file_size for member in archive.infolist()))
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise SourceError(f"{book.name}: is locked with a password; send it without")
                if member.filename.endswith(".xml"):
                    with archive.open(member) as stream:
                        _refuse_part(book, member.filename, _pieces(stream))
                elif member.filename.startswith("xl/worksheets/") and member.filename.endswith(".bin"):
                    refuse_span(book.name, *span(archive.read(member)))
    except DAMAGED as fault:
        raise SourceError(f"{book.name}: is not a whole workbook ({type(fault).__name__}); send it again") from fault


def _refuse_size(book: Whole, size: int) -> None:
    if size > min(MOST_BYTES, max(FREE_BYTES, book.packed * MOST_TIMES)):
        raise SourceError(f"{book.name}: unpacks to {size >> 20} MB, more than a workbook may; send it as CSV")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _refuse_part(book: Whole, name: str, pieces: Iterator[bytes]) -> None:
    if name == "content.xml":
        _refuse_repeats(book, pieces)
        return
    since = rows = columns = in_row = 0
    width, height, tail = b"", 0, b""
    for piece in pieces:
        first = piece.find(b"<")
        since += len(piece) if first < 0 else first
        if since > MOST_CELL:
            _refuse_cell(book)
        if first >= 0:
            since = len(piece) - piece.rfind(b"<")
        if not name.startswith("xl/worksheets/"):
            continue
        for letters, number in set(PLACE.findall(tail + piece)):
            width = max(width, letters.rjust(3))
            height = max(height, int(number))
        for place, row in enumerate(piece.split(b"<row")):
            rows += place > 0
            in_row = row.count(b"<c") + (in_row if place == 0 else 0)
            columns = max(columns, in_row)
        tail = piece[-OVERLAP:]
    refuse_span(book.name, max(rows, height), max(columns, _number(width)))


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.strip():
        number = number * 26 + letter - 64
    return number


def _refuse_repeats(book: Whole, pieces: Iterator[bytes]) -> None:
    """Count the cells of an OpenDocument sheet, in which a row or a cell may say how often it stands there."""
    counter = Repeats(book)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = counter.start, counter.end, counter.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise SourceError(f"{book.name}: is not a whole workbook (line {fault.lineno} of its content); save it anew") from fault


class Repeats:
    """Follow the elements of an OpenDocument sheet and add up the rows and columns that hold something."""

    def __init__(self, book: Whole) -> None:
        self.book = book
        self.rows = self.columns = self.place = self.repeat = self.width = self.length = self.empty = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet a sheet, a row or a cell."""
        match name.rpartition(":")[2]:
            case "table":
                self.rows = self.columns = self.empty = 0
            case "table-row":
                self.repeat, self.place, self.width = _times(attributes, "rows"), 0, 0
            case "table-cell" | "covered-table-cell":
                self.place += _times(attributes, "columns")
                self.length = 0
                if any(key.endswith(("value-type", "formula")) for key in attributes):
                    self.width = self.place

    def end(self, name: str) -> None:
        """Leave a row: empty ones count only when a full one follows."""
        if name.rpartition(":")[2] != "table-row":
            return
        if self.width == 0:
            self.empty += self.repeat
            return
        self.rows, self.empty = self.rows + self.empty + self.repeat, 0
        self.columns = max(self.columns, self.width)
        refuse_span(self.book.name, self.rows, self.columns)

    def text(self, text: str) -> None:
        """Meet a piece of a cell's text."""
        self.length += len(text)
        if self.length > MOST_CELL:
            _refuse_cell(self.book)
        if text.strip():
            self.width = self.place


def _times(attributes: dict[str, str], what: str) -> int:
    text = next((value for key, value in attributes.items() if key.endswith(f"number-{what}-repeated")), "1")
    return min(int(text), 1 << 40) if text.isascii() and text.isdigit() and len(text) < 20 else 1


def refuse_span(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet that spans more cells than a reader may hold; errors: SourceError."""
    if rows * columns > MOST_CELLS:
        raise SourceError(
            f"{name}: a sheet spans {rows} rows and {columns} columns; delete what is empty after the table, and save it"
        )


def _refuse_cell(book: Whole) -> None:
    raise SourceError(f"{book.name}: a cell is longer than {MOST_CELL >> 20} MB; this is not the table that was agreed")
