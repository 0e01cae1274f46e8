"""Files and briefs on disk, each made once for an edition and a choice; what was asked for longest ago makes room.

They live as long as the server: another release of the program may write other bytes. PEMBE_CACHE names the folder, the
system's temporary one if it is not set; PEMBE_CACHE_MB how much they may take.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

PREFIX, ALIVE, LOCK, PART = "pembe-files-", "alive", "lock", "part"
TAG = re.compile(r"[0-9a-f]{32}")
MOST_MB, MOST_FILES = 2_000, 5_000


class Stored(NamedTuple):
    """A file that is whole: where it is, its strong ETag made of its bytes, and their number."""

    path: Path
    tag: str
    size: int


class Store:
    """The files of one server, which all its workers share: made before they fork, removed when it ends."""

    def __init__(self, most_bytes: int | None = None, most_files: int = MOST_FILES) -> None:
        megabytes = int(os.environ.get("PEMBE_CACHE_MB", MOST_MB))
        self._most_bytes = megabytes * 1_000_000 if most_bytes is None else most_bytes
        self._most_files = most_files
        self.folder, self._alive = _own_folder(Path(os.environ.get("PEMBE_CACHE") or tempfile.gettempdir()))
        atexit.register(self._remove, os.getpid())

    def find(self, key: str) -> Stored | None:
        """Give the file of a key if it is there, and note that it was asked for."""
        try:
            tags = [name for name in os.listdir(self.folder / key) if TAG.fullmatch(name)]
            if not tags:
                return None
            path = self.folder / key / tags[0]
            os.utime(path)
            return Stored(path, tags[0], path.stat().st_size)
        except FileNotFoundError:
            return None

    def part(self, key: str) -> Path:
        """Give where the file of a key grows while it is made."""
        return self.folder / key / PART

    def make(self, key: str, content: Callable[[], Iterator[bytes]]) -> Stored:
        """Make the file of a key, or wait for the worker that does; nothing is left where making it fails.

        Errors: OSError where the disk is full, and those of `content`.
        """
        with self._locked(key):
            stored = self.find(key)
            if stored is not None:
                return stored
            digest, part = blake2b(digest_size=16), self.part(key)
            try:
                with part.open("wb") as file:
                    for chunk in content():
                        file.write(chunk)
                        file.flush()
                        digest.update(chunk)
                    size = file.tell()
                stored = Stored(part.with_name(digest.hexdigest()), digest.hexdigest(), size)
                part.rename(stored.path)
            except BaseException:
                shutil.rmtree(part.parent, ignore_errors=True)
                raise
        self._sweep(key)
        return stored

    def _sweep(self, newest: str) -> None:
        """Remove what was asked for longest ago, until the rest is as little and as few as allowed."""
        files = sorted((found for found in map(self._aged, os.listdir(self.folder)) if found is not None), reverse=True)
        size = 0
        for place, (_, key, number) in enumerate(files):
            size += number
            if key != newest and (size > self._most_bytes or place >= self._most_files):
                shutil.rmtree(self.folder / key, ignore_errors=True)

    def _aged(self, key: str) -> tuple[int, str, int] | None:
        """Give when a file was last asked for, its key and its size; None for one that is being made."""
        try:
            tags = [entry for entry in os.scandir(self.folder / key) if TAG.fullmatch(entry.name)]
            return (tags[0].stat().st_mtime_ns, key, tags[0].stat().st_size) if tags else None
        except (FileNotFoundError, NotADirectoryError):
            return None

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        """Let one thread of all workers in at a time; a folder that was swept meanwhile is made again."""
        while True:
            home = self.folder / key
            home.mkdir(exist_ok=True)
            try:
                lock = os.open(home / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if _same(home / LOCK, lock):
                    yield
                    return
            finally:
                os.close(lock)

    def _remove(self, maker: int) -> None:
        # A worker ends too, and leaves the files to the others.
        if os.getpid() == maker:
            shutil.rmtree(self.folder, ignore_errors=True)


def _own_folder(parent: Path) -> tuple[Path, int]:
    """Make a folder for this server, and remove those of servers that were killed: nobody holds their mark any more."""
    for left in parent.glob(f"{PREFIX}*/{ALIVE}"):
        try:
            mark = os.open(left, os.O_RDWR)
        except OSError:  # another user's
            continue
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(mark)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    # Held by this process and all that it forks, and let go by the system when the last of them is gone.
    mark = os.open(folder / ALIVE, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(mark, fcntl.LOCK_SH)
    return folder, mark


def _same(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
