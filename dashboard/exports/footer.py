"""The footers of Parquet files: row groups moved to another place in a file, and joined. No figure is ever touched.

Parts of one export are written at the same time, each as a whole Parquet file; their row groups stand one after another in the
joined file, and its footer says where. A footer is a struct in Thrift's compact protocol (Apache Parquet's parquet.thrift). It is
copied as it stands but for the places in it: to read all of it would take a fifth of the time of an export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = b"PAR1"
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12
# Numbers of fields in parquet.thrift. FileMetaData:
NUM_ROWS, ROW_GROUPS = 3, 4
# RowGroup: its columns, where it begins, and its number in the file.
COLUMNS, GROUP_OFFSET, ORDINAL = 1, 5, 7
# ColumnChunk: its metadata, and what counts bytes from the start of the file.
META, CHUNK_OFFSETS = 3, (2, 4, 6)
# ColumnMetaData: data page, index page, dictionary page, bloom filter.
META_OFFSETS = (9, 10, 11, 14)


@dataclass(slots=True)
class Footer:
    """The footer of one file or of joined ones: what stands before, between and behind its rows and its row groups."""

    head: bytes
    between: bytes
    tail: bytes
    rows: int
    groups: list[bytes] = field(default_factory=list)


def read_footer(path: Path, shift: int = 0, ordinal: int = 0) -> tuple[Footer, int]:
    """Read the footer of a Parquet file and give it with the place where the row groups end.

    shift: by how many bytes the row groups are moved. ordinal: the number of the first of them where they go.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(size - 8)
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC:
            raise ValueError(f"{path.name} does not end as a Parquet file does")
        file.seek(size - 8 - length)
        return _Scan(file.read(length), shift, ordinal).footer(), size - 8 - length


def append(joined: Footer | None, footer: Footer) -> Footer:
    """Join a footer to those before it, whose row groups have been moved behind theirs."""
    if joined is None:
        return footer
    joined.rows += footer.rows
    joined.groups += footer.groups
    return joined


def write_footer(footer: Footer) -> Iterator[bytes]:
    """Write the end of a Parquet file: footer, its length, the last sign."""
    size = len(footer.groups)
    many = bytes([size << 4 | STRUCT]) if size < 15 else bytes([0xF0 | STRUCT]) + _packed(size)
    pieces = [footer.head, _packed(_folded(footer.rows)), footer.between, many, *footer.groups, footer.tail]
    yield from pieces
    yield sum(map(len, pieces)).to_bytes(4, "little") + MAGIC


class _Scan:
    """Walk through a footer, copy what does not change, and move what says where something stands."""

    def __init__(self, content: bytes, shift: int, ordinal: int) -> None:
        self._content = content
        self._at = self._copied = 0
        self._shift, self._ordinal = shift, ordinal
        self._pieces: list[bytes] = []

    def footer(self) -> Footer:
        found: dict[int, tuple[int, int]] = {}
        rows, groups = 0, []
        for number, kind in self._fields():
            start = self._at
            if number == NUM_ROWS:
                rows = _signed(self._unsigned())
            elif number == ROW_GROUPS:
                groups = [self._group() for _ in range(self._size())]
            else:
                self._skip(kind)
            found[number] = start, self._at
        (rows_at, rows_end), (groups_at, groups_end) = found[NUM_ROWS], found[ROW_GROUPS]
        between = self._content[rows_end:groups_at]
        return Footer(self._content[:rows_at], between, self._content[groups_end:], rows, groups)

    def _group(self) -> bytes:
        self._pieces, self._copied = [], self._at
        for number, kind in self._fields():
            if number == COLUMNS:
                for _ in range(self._size()):
                    self._chunk()
            elif number == GROUP_OFFSET:
                self._move()
            elif number == ORDINAL:
                self._put(self._ordinal)
                self._ordinal += 1
            else:
                self._skip(kind)
        self._pieces.append(self._content[self._copied : self._at])
        return b"".join(self._pieces)

    def _chunk(self) -> None:
        for number, kind in self._fields():
            if number == META:
                for inner, inner_kind in self._fields():
                    if inner in META_OFFSETS:
                        self._move()
                    else:
                        self._skip(inner_kind)
            elif number in CHUNK_OFFSETS:
                self._move()
            else:
                self._skip(kind)

    def _fields(self) -> Iterator[tuple[int, int]]:
        """Give the fields of a struct by number and kind; whoever asks goes behind each before the next."""
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else _signed(self._unsigned())
            yield number, head & 15

    def _move(self) -> None:
        start = self._at
        place = _signed(self._unsigned())
        # Zero stands where the writer gives no place.
        if place:
            self._at = start
            self._put(place + self._shift)

    def _put(self, value: int) -> None:
        """Write another number in the place of the one that stands here."""
        self._pieces += (self._content[self._copied : self._at], _packed(_folded(value)))
        self._unsigned()
        self._copied = self._at

    def _skip(self, kind: int) -> None:
        if kind in (I16, I32, I64):
            self._unsigned()
        elif kind == BINARY:
            length = self._unsigned()
            self._at += length
        elif kind == STRUCT:
            for _, inner in self._fields():
                self._skip(inner)
        elif kind in (LIST, SET):
            items = self._content[self._at] & 15
            for _ in range(self._size()):
                self._skip(items)
        elif kind in (BYTE, DOUBLE):
            self._at += 1 if kind == BYTE else 8
        elif kind not in (TRUE, FALSE):
            raise ValueError(f"a Parquet footer holds a value of kind {kind}, which none of ours has")

    def _size(self) -> int:
        """Read how many items a list has."""
        size = self._byte() >> 4
        return size if size < 15 else self._unsigned()

    def _byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1]

    def _unsigned(self) -> int:
        content, at = self._content, self._at
        byte = content[at]
        value, shift = byte & 127, 7
        while byte > 127:
            at += 1
            byte = content[at]
            value |= (byte & 127) << shift
            shift += 7
        self._at = at + 1
        return value


def _packed(number: int) -> bytes:
    content = bytearray()
    while number > 127:
        content.append(number & 127 | 128)
        number >>= 7
    content.append(number)
    return bytes(content)


def _folded(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
