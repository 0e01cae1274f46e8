"""A zip archive that is streamed while it is made, and whose bytes depend on nothing but its content."""

from __future__ import annotations

import zipfile
from typing import IO, cast

# The first day that a zip archive can name; the day on which a file is made is no part of it.
DAY = (1980, 1, 1, 0, 0, 0)
LEVEL = 1


class Archive:
    """Take content under names; whatever is ready can be taken at any time."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(cast(IO[bytes], self._sink), "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)

    def add(self, name: str, content: bytes) -> bytes:
        """Add a whole file, and give what is ready."""
        with self.open(name) as file:
            file.write(content)
        return self.taken()

    def open(self, name: str) -> IO[bytes]:
        """Begin a file; what is written to it is ready piece by piece."""
        entry = zipfile.ZipInfo(name, DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return self._zip.open(entry, "w", force_zip64=True)

    def taken(self) -> bytes:
        """Give what is ready and forget it."""
        return self._sink.taken()

    def close(self) -> bytes:
        """Write the list of files, and give the rest."""
        self._zip.close()
        return self._sink.taken()


class _Sink:
    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._held.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Do nothing: all is ready at once."""

    def taken(self) -> bytes:
        content = b"".join(self._held)
        self._held.clear()
        return content
