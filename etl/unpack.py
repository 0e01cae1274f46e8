"""The bytes of a file, unpacked on the way and never written anywhere, within bounds that a zip bomb meets first.

Whether a file is packed is told by its first bytes; a zip that is itself a document (a workbook, a text) is not.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from etl.errors import SourceError

MOST_BYTES = 64 << 30
MOST_TIMES = 100
FREE_BYTES = 32 << 20
GZIP, BZIP, ZIP = ".gz", ".bz2", ".zip"
BEGINNINGS = {b"\x1f\x8b": GZIP, b"BZh": BZIP, b"PK\x03\x04": ZIP, b"PK\x05\x06": ZIP}
# Parts that make a zip a document, and what archivers of desktops add beside the file that was meant.
DOCUMENT = ("[Content_Types].xml", "mimetype", "content.xml", "xl/", "word/", "ppt/", "Index/Document.iwa", "Index.zip")
BESIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
# Those who unpack have no family of errors for damaged files.
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, ValueError, OverflowError)


class Bounded(io.RawIOBase):
    """Pass bytes on until they are more than a file of that size can honestly hold."""

    def __init__(self, inner: BinaryIO, packed: int, name: str) -> None:
        self._inner, self._packed, self._name, self._seen = inner, packed, name, 0

    def readable(self) -> bool:
        """Say that this can be read, as every reader asks first."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill `buffer`; errors: SourceError when the file is damaged or unpacks to more than it may."""
        view = memoryview(cast(bytearray, buffer))
        try:
            piece = self._inner.read(len(view))
        except DAMAGED as fault:
            raise SourceError(f"{self._name}: the packed file is damaged ({type(fault).__name__}); send it again") from fault
        self._seen += len(piece)
        refuse_bomb(self._name, self._seen, self._packed)
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the packed file too."""
        self._inner.close()
        super().close()


def refuse_bomb(name: str, plain: int, packed: int) -> None:
    """Refuse a packed file that is or says it is larger than a file of that size can honestly be; errors: SourceError."""
    most = min(MOST_BYTES, max(FREE_BYTES, packed * MOST_TIMES))
    if plain > most:
        raise SourceError(f"{name}: is damaged or unpacks to more than {most >> 20} MB; send the file again without packing it")


def packing(path: Path) -> str | None:
    """Give how a file is packed, as the ending of that packing; None for one that is not.

    A file whose name says that it is packed and whose bytes do not is left to the one who unpacks it to refuse.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError:
        head = b""
    named = path.suffix.lower() if path.suffix.lower() in BEGINNINGS.values() else None
    found = next((ending for sign, ending in BEGINNINGS.items() if head.startswith(sign)), named)
    return None if found == ZIP and _is_document(path) else found


def is_packed(path: Path) -> bool:
    """Say whether the file is packed."""
    return packing(path) is not None


def _is_document(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith(DOCUMENT) for name in archive.namelist())
    except DAMAGED:
        return path.suffix.lower() != ZIP


@dataclass(frozen=True)
class Whole:
    """All bytes of a file, unpacked; `packed` is how many bytes it has as it was sent."""

    name: str
    content: bytes
    packed: int

    def stream(self) -> io.BytesIO:
        """Give the bytes to a reader that wants a file."""
        return io.BytesIO(self.content)


def whole(path: Path, most: int) -> Whole:
    """Give all bytes of a file, unpacked; errors as in `open_plain`, and for one of more than `most` bytes."""
    with open_plain(path) as stream:
        content = read_bytes(stream, path, most + 1)
    if len(content) > most:
        raise SourceError(f"{path.name}: is larger than {most >> 20} MB; send it as CSV")
    return Whole(path.name, content, path.stat().st_size)


def read_bytes(stream: io.BufferedReader, path: Path, size: int) -> bytes:
    """Read so many bytes; errors: SourceError for a file that cannot be read."""
    try:
        return stream.read(size)
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be read ({fault.strerror or 'damaged'}); send it again") from None


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file for reading bytes, unpacking .gz, .bz2 and a .zip that holds one file.

    Errors: SourceError for a file that is not there, cannot be read, is damaged, locked or holds several files.
    """
    try:
        if not path.is_file():
            raise SourceError(f"{path.name}: is not there or is no file; put the file itself beside the others of this source")
        form = packing(path)
        if form is None:
            return path.open("rb")
        packed = path.stat().st_size
        return io.BufferedReader(Bounded(_inner(path, form), packed, path.name), 1 << 20)
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be opened ({fault.strerror}); mend its rights or send it again") from fault
    except DAMAGED as fault:
        raise SourceError(f"{path.name}: is not a whole packed file ({type(fault).__name__}); send it again") from fault


def _inner(path: Path, form: str) -> BinaryIO:
    match form:
        case ".gz":
            refuse_bomb(path.name, _said_size(path), path.stat().st_size)
            return cast(BinaryIO, gzip.open(path, "rb"))
        case ".bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir() and not _is_beside(member.filename)]
    if len(members) != 1:
        raise SourceError(f"{path.name}: holds {len(members)} files; pack one file alone")
    if members[0].flag_bits & 1:
        raise SourceError(f"{path.name}: is locked with a password; send it without")
    refuse_bomb(path.name, members[0].file_size, path.stat().st_size)
    return cast(BinaryIO, archive.open(members[0]))


def _is_beside(name: str) -> bool:
    return name.startswith(BESIDE) or name.rpartition("/")[2].startswith(("._", *BESIDE))


def _said_size(path: Path) -> int:
    """Give the size that the last bytes of a gzip file say (RFC 1952): a lie is met later, when it is unpacked."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 4))
        return int.from_bytes(stream.read(4), "little")
