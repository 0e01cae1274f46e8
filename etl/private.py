"""Files about persons: made for their owner alone, whatever the umask, and swept when the command that made them has died."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ALONE = 0o077
# How long a new folder may stand before it is locked, in seconds; commands take longer to start.
NEW = 0.5
TEMPORARY = "pembe-private-"


@contextmanager
def private() -> Iterator[None]:
    """Let all files and folders that are made meanwhile, by DuckDB and other libraries too, be their owner's alone.

    Files get the mode 0600 and folders 0700; those that are there already keep theirs.
    """
    before = os.umask(OWNER_ALONE)
    try:
        yield
    finally:
        os.umask(before)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that its owner alone may read, also where one of that name is there already; make its folder if need be."""
    with private():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, 0o600)
        stream.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def private_folder(parent: Path | None = None, prefix: str = TEMPORARY) -> Iterator[Path]:
    """Give an empty folder of its owner alone, gone afterwards; what dead commands left beside it is swept.

    parent: where it is made; the folder of the system for temporary files if not given.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    sweep(place, prefix)
    with private():
        folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place))
        # the lock goes with the process, however it ends
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)


def sweep(parent: Path, prefix: str = TEMPORARY) -> None:
    """Remove the folders of our own that begin so and that no living command holds."""
    for path in parent.glob(f"{prefix}*"):
        if _is_left_behind(path):
            shutil.rmtree(path, ignore_errors=True)


def sweep_temporary() -> None:
    """Remove what dead commands left in the folder of the system for temporary files."""
    sweep(Path(tempfile.gettempdir()))


def _is_left_behind(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        state = os.fstat(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return state.st_uid == os.getuid() and (not _is_alive(folder) or abs(time.time() - state.st_mtime) > NEW)


def _is_alive(folder: Path) -> bool:
    """Say whether the process in the name of a folder runs, or another one that has its number by now."""
    process = next((part for part in folder.name.split("-") if part.isdecimal()), None)
    if process is None:
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
