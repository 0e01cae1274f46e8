"""The footers of Parquet files: read from bytes, joined into one, written again. The figures themselves are never touched.

Parts of one export are written at the same time, each as a whole Parquet file; their row groups stand one after another in the
joined file, and its footer says where. A footer is a struct in Thrift's compact protocol (Apache Parquet's parquet.thrift).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAGIC = b"PAR1"
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12
# Not of Thrift: a struct that is written already.
PACKED = -1
# Numbers of fields in parquet.thrift. FileMetaData:
NUM_ROWS, ROW_GROUPS = 3, 4
# RowGroup: its columns, where it begins, and its number in the file.
COLUMNS, GROUP_OFFSET, ORDINAL = 1, 5, 7
# ColumnChunk: its metadata, and what counts bytes from the start of the file.
META, CHUNK_OFFSETS = 3, (2, 4, 6)
# ColumnMetaData: data page, index page, dictionary page, bloom filter.
META_OFFSETS = (9, 10, 11, 14)


@dataclass(slots=True)
class Value:
    """One Thrift value: a struct is a dict of Values by number, a list holds the type of its items, the rest is plain."""

    kind: int
    held: Any
    items: int = 0


def read_footer(path: Path) -> tuple[Value, int]:
    """Read the footer of a Parquet file and give it with the place where the row groups end."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(size - 8)
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC:
            raise ValueError(f"{path.name} does not end as a Parquet file does")
        file.seek(size - 8 - length)
        return _Reader(file.read(length)).struct(), size - 8 - length


def append(joined: Value | None, footer: Value, shift: int) -> Value:
    """Join a footer to those before it, with its row groups moved by `shift` bytes and packed: only few may stay unpacked."""
    groups = footer.held[ROW_GROUPS]
    before = [] if joined is None else joined.held[ROW_GROUPS].held
    for place, group in enumerate(groups.held, start=len(before)):
        _move(group, (GROUP_OFFSET,), shift)
        if ORDINAL in group.held:
            group.held[ORDINAL].held = place
        for chunk in group.held[COLUMNS].held:
            _move(chunk, CHUNK_OFFSETS, shift)
            _move(chunk.held[META], META_OFFSETS, shift)
    packed = [Value(PACKED, b"".join(_struct(group))) for group in groups.held]
    if joined is None:
        groups.held = packed
        return footer
    before.extend(packed)
    joined.held[NUM_ROWS].held += footer.held[NUM_ROWS].held
    return joined


def write_footer(footer: Value) -> Iterator[bytes]:
    """Write the end of a Parquet file: footer, its length, the last sign."""
    length = 0
    for piece in _struct(footer):
        length += len(piece)
        yield piece
    yield length.to_bytes(4, "little") + MAGIC


def _move(struct: Value, numbers: tuple[int, ...], shift: int) -> None:
    for number in numbers:
        # Zero stands where the writer gives no place.
        if number in struct.held and struct.held[number].held:
            struct.held[number].held += shift


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def struct(self) -> Value:
        fields: dict[int, Value] = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else _signed(self._unsigned())
            fields[number] = Value(kind, kind == TRUE) if kind in (TRUE, FALSE) else self._value(kind)
        return Value(STRUCT, fields)

    def _value(self, kind: int) -> Value:
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._unsigned()
            items = head & 15
            return Value(kind, [self._value(items) for _ in range(size)], items)
        if kind in (I16, I32, I64):
            return Value(kind, _signed(self._unsigned()))
        length = {BYTE: 1, TRUE: 1, FALSE: 1, DOUBLE: 8}.get(kind)
        if length is None and kind != BINARY:
            raise ValueError(f"a Parquet footer holds a value of kind {kind}, which none of ours has")
        length = self._unsigned() if length is None else length
        self._at += length
        return Value(kind, self._content[self._at - length : self._at])

    def _byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7


def _struct(value: Value) -> Iterator[bytes]:
    before = 0
    for number, one in sorted(value.held.items()):
        kind = one.kind if one.kind not in (TRUE, FALSE) else TRUE if one.held else FALSE
        step = number - before
        yield bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _packed(_folded(number))
        if kind not in (TRUE, FALSE):
            yield from _content(one)
        before = number
    yield b"\0"


def _content(value: Value) -> Iterator[bytes]:
    if value.kind == STRUCT:
        yield from _struct(value)
    elif value.kind == PACKED:
        yield value.held
    elif value.kind in (LIST, SET):
        size = len(value.held)
        yield bytes([size << 4 | value.items]) if size < 15 else bytes([0xF0 | value.items]) + _packed(size)
        for item in value.held:
            yield from _content(item)
    elif value.kind in (I16, I32, I64):
        yield _packed(_folded(value.held))
    else:
        yield _packed(len(value.held)) + value.held if value.kind == BINARY else value.held


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
