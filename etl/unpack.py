"""The bytes of a file, unpacked on the way and never written anywhere, within bounds that a zip bomb meets first."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from etl.errors import SourceError

MOST_BYTES = 64 << 30
MOST_TIMES = 100
FREE_BYTES = 32 << 20
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


def plain_name(path: Path) -> str:
    """Give the file's name without the ending of the packing."""
    return path.stem if path.suffix.lower() in (".gz", ".bz2", ".zip") else path.name


def is_packed(path: Path) -> bool:
    """Say whether the file is packed, by its name."""
    return path.suffix.lower() in (".gz", ".bz2", ".zip")


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file for reading bytes, unpacking .gz, .bz2 and a .zip that holds one file.

    Errors: SourceError for a file that is not there, cannot be read, is damaged, locked or holds several files.
    """
    try:
        if not path.is_file():
            raise SourceError(f"{path.name}: is not there or is no file; put the file itself beside the others of this source")
        if not is_packed(path):
            return path.open("rb")
        packed = path.stat().st_size
        return io.BufferedReader(Bounded(_inner(path), packed, path.name), 1 << 20)
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be opened ({fault.strerror}); mend its rights or send it again") from fault
    except DAMAGED as fault:
        raise SourceError(f"{path.name}: is not a whole packed file ({type(fault).__name__}); send it again") from fault


def _inner(path: Path) -> BinaryIO:
    match path.suffix.lower():
        case ".gz":
            refuse_bomb(path.name, _said_size(path), path.stat().st_size)
            return cast(BinaryIO, gzip.open(path, "rb"))
        case ".bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise SourceError(f"{path.name}: holds {len(members)} files; pack one file alone")
    if members[0].flag_bits & 1:
        raise SourceError(f"{path.name}: is locked with a password; send it without")
    refuse_bomb(path.name, members[0].file_size, path.stat().st_size)
    return cast(BinaryIO, archive.open(members[0]))


def _said_size(path: Path) -> int:
    """Give the size that the last bytes of a gzip file say (RFC 1952): a lie is met later, when it is unpacked."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 4))
        return int.from_bytes(stream.read(4), "little")
