"""An old workbook (xls) in, nothing out: where its cells stand is read before it is opened, as a damaged one may say anywhere.

A reader holds all cells between the first and the last; a cell that a damaged byte moves to the far corner would end the
process. [MS-CFB] for the container, [MS-XLS] for the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from etl.errors import SourceError
from etl.unpack import Whole

SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = ("Workbook", "Book")
LOCKED = "EncryptedPackage".encode("utf-16-le")
ENTRY, FREE = 128, 0xFFFFFFFA  # from here on, a number is no sector but a mark
MOST_ROWS, MOST_COLUMNS = 65_536, 256
BEGIN, MULTIPLE = 0x0809, 0x00BD
# Records of one cell each: row and column come first.
CELLS = (0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, MULTIPLE)
MOST_CELLS = 8_000_000
BEGINNINGS = (0x0009, 0x0209, 0x0409, BEGIN)  # how a workbook of each version begins


def refuse_large_old(book: Whole) -> None:
    """Refuse an old workbook with cells where none can be, or whose cells span more than a reader may hold.

    Errors: SourceError. What is no such workbook is left to the reader to refuse.
    """
    content = book.content
    if not content.startswith(SIGN):
        return
    try:
        stream = _stream(content)
    except (struct.error, IndexError, ValueError) as fault:
        raise SourceError(f"{book.name}: is a damaged xls workbook; save it anew") from fault
    if stream is None:
        if LOCKED in content:
            return  # the reader says that it is locked
        raise SourceError(f"{book.name}: is a damaged xls workbook, or none; save it anew")
    if struct.unpack_from("<H", stream.ljust(2, b"\0"))[0] not in BEGINNINGS:
        raise SourceError(f"{book.name}: is a damaged xls workbook; save it anew")
    for rows, columns in _spans(stream):
        if columns > MOST_COLUMNS or rows > MOST_ROWS:
            raise SourceError(f"{book.name}: is a damaged xls workbook; save it anew")
        if rows * columns > MOST_CELLS:
            raise SourceError(
                f"{book.name}: a sheet spans {rows} rows and {columns} columns; delete what is empty after the table, and save it"
            )


def _spans(stream: bytes) -> Iterator[tuple[int, int]]:
    """Give the last row and column, counted from 1, of every sheet."""
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind == BEGIN:
            yield rows, columns
            rows = columns = 0
        elif kind in CELLS and length >= 4 and body + length <= len(stream):
            row, column = struct.unpack_from("<HH", stream, body)
            if kind == MULTIPLE and length >= 6:
                column = max(column, struct.unpack_from("<H", stream, body + length - 2)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at = body + length
    yield rows, columns


def _stream(content: bytes) -> bytes | None:
    """Give the stream of the workbook out of its container; None where there is none."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if not 7 <= shift <= 16 or not 4 <= small_shift <= shift:
        raise ValueError("sectors of no size")
    first_entry, _, cutoff, first_small = struct.unpack_from("<IIII", content, 48)
    size = 1 << shift
    table = _table(content, size)
    entries = _chain(content, table, first_entry, size)
    root: tuple[int, int] | None = None
    found: tuple[int, int] | None = None
    for at in range(0, len(entries) - ENTRY + 1, ENTRY):
        length = min(64, struct.unpack_from("<H", entries, at + 64)[0])
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", errors="replace")
        start, extent = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = start, extent
        elif name in STREAMS:
            found = found or (start, extent)
    if found is None:
        return None
    if found[1] >= cutoff or root is None:
        return _chain(content, table, found[0], size)[: found[1]]
    small = _chain(content, table, root[0], size)
    numbers = _chain(content, table, first_small, size)
    links = struct.unpack(f"<{len(numbers) // 4}I", numbers[: len(numbers) // 4 * 4])
    return _follow(small, links, found[0], 1 << small_shift, 0)[: found[1]]


def _table(content: bytes, size: int) -> tuple[int, ...]:
    """Give the table that says which sector follows each: its own sectors are listed in the head and in a chain."""
    listed = [number for number in struct.unpack_from("<109I", content, 76) if number < FREE]
    following, seen = struct.unpack_from("<I", content, 68)[0], 0
    while following < FREE and seen < len(content) // size:
        numbers = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        listed += [number for number in numbers[:-1] if number < FREE]
        following, seen = numbers[-1], seen + 1
    links: list[int] = []
    for number in listed:
        links += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    return tuple(links)


def _chain(content: bytes, table: tuple[int, ...], first: int, size: int) -> bytes:
    return _follow(content, table, first, size, 1)


def _follow(content: bytes, links: tuple[int, ...], first: int, size: int, offset: int) -> bytes:
    """Join the sectors of a chain; one that bites its tail ends there."""
    pieces, at, left = [], first, len(links)
    while at < FREE and at < len(links) and left:
        pieces.append(content[(at + offset) * size : (at + offset + 1) * size])
        at, left = links[at], left - 1
    return b"".join(pieces)
