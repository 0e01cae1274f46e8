"""A zip archive that is streamed while it is made, and whose bytes depend on nothing but its content.

Standard: PKWARE's APPNOTE 6.3. Sizes stand before a file that is added at once and behind one that is written piece by piece.
The fields of zip64, which some readers of spreadsheets do not know, stand only where a file or the archive reaches 4 GiB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dashboard.exports.options import ExportError

LEVEL = 1
# The first number that 32 bits cannot hold beside the sign for "see zip64".
TOO_LARGE = 0xFFFF_FFFF
# The first day that a zip archive can name, 1 January 1980; the day on which a file is made is no part of it.
TIME, DAY = 0, 1 << 5 | 1
DEFLATED, SIZES_BEHIND = 8, 1 << 3
PLAIN, ZIP64 = 20, 45
UNIX, READABLE = 3, 0o644 << 16
LOCAL = struct.Struct("<IHHHHHIIIHH")
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
END = struct.Struct("<IHHHHIIH")
END_64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR = struct.Struct("<IIQI")


@dataclass(slots=True)
class Entry:
    """One file of an archive, on its way or finished; sizes in bytes."""

    name: bytes
    flags: int
    version: int
    offset: int
    checksum: int = 0
    size: int = 0
    packed_size: int = 0


class Writer:
    """Take the content of one file piece by piece."""

    def __init__(self, entry: Entry, ready: list[bytes]) -> None:
        self._entry, self._ready = entry, ready
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)

    def write(self, content: bytes) -> None:
        """Pack a piece behind those before it."""
        self._entry.size += len(content)
        self._entry.checksum = zlib.crc32(content, self._entry.checksum)
        self._put(self._packer.compress(content))

    def end(self) -> None:
        """Pack what is left."""
        self._put(self._packer.flush())

    def _put(self, packed: bytes) -> None:
        self._entry.packed_size += len(packed)
        self._ready.append(packed)


class Archive:
    """Take content under names; whatever is ready can be taken at any time."""

    def __init__(self) -> None:
        self._ready: list[bytes] = []
        self._entries: list[Entry] = []
        self._length = 0

    def add(self, name: str, content: bytes) -> bytes:
        """Add a whole file, and give what is ready."""
        entry, packed = self._begun(name, 0, PLAIN), list[bytes]()
        writer = Writer(entry, packed)
        writer.write(content)
        writer.end()
        self._put(_local(entry), *packed)
        return self.taken()

    @contextmanager
    def open(self, name: str, most: int) -> Iterator[Writer]:
        """Begin a file of at most so many bytes; what is written to it is ready piece by piece. Errors: ExportError."""
        entry = self._begun(name, SIZES_BEHIND, ZIP64 if most >= TOO_LARGE else PLAIN)
        self._put(_local(entry))
        writer = Writer(entry, self._ready)
        yield writer
        writer.end()
        if entry.version == PLAIN and max(entry.size, entry.packed_size) >= TOO_LARGE:
            raise ExportError(f"{name} is larger than was announced, so the archive is not to be used; choose fewer years")
        sizes = "<IIQQ" if entry.version == ZIP64 else "<IIII"
        self._length += entry.packed_size
        self._put(struct.pack(sizes, 0x08074B50, entry.checksum, entry.packed_size, entry.size))

    def taken(self) -> bytes:
        """Give what is ready and forget it."""
        content = b"".join(self._ready)
        self._ready.clear()
        return content

    def close(self) -> bytes:
        """Write the list of files, and give the rest."""
        start = self._length
        self._put(*(_central(entry) for entry in self._entries))
        size, number = self._length - start, len(self._entries)
        if start + size >= TOO_LARGE:
            place = self._length
            self._put(END_64.pack(0x06064B50, END_64.size - 12, UNIX << 8 | ZIP64, ZIP64, 0, 0, number, number, size, start))
            self._put(LOCATOR.pack(0x07064B50, 0, place, 1))
        self._put(END.pack(0x06054B50, 0, 0, number, number, min(size, TOO_LARGE), min(start, TOO_LARGE), 0))
        return self.taken()

    def _begun(self, name: str, flags: int, version: int) -> Entry:
        entry = Entry(name.encode("ascii"), flags, version, self._length)
        self._entries.append(entry)
        return entry

    def _put(self, *pieces: bytes) -> None:
        self._ready += pieces
        self._length += sum(map(len, pieces))


def _local(entry: Entry) -> bytes:
    extra = struct.pack("<HHQQ", 1, 16, 0, 0) if entry.version == ZIP64 else b""
    size, packed_size = (TOO_LARGE, TOO_LARGE) if extra else (entry.size, entry.packed_size)
    head = (0x04034B50, entry.version, entry.flags, DEFLATED, TIME, DAY, entry.checksum, packed_size, size)
    return LOCAL.pack(*head, len(entry.name), len(extra)) + entry.name + extra


def _central(entry: Entry) -> bytes:
    numbers = (entry.size, entry.packed_size, entry.offset)
    large = [number for number in numbers if number >= TOO_LARGE]
    size, packed_size, offset = (min(number, TOO_LARGE) for number in numbers)
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    version = ZIP64 if large else entry.version
    head = (0x02014B50, UNIX << 8 | version, version, entry.flags, DEFLATED, TIME, DAY, entry.checksum, packed_size, size)
    return CENTRAL.pack(*head, len(entry.name), len(extra), 0, 0, 0, READABLE, offset) + entry.name + extra
