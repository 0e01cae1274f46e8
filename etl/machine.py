"""What the machine refuses (a full disk, rights, memory) told in one sentence; anything else is ours and crashes."""

from __future__ import annotations

import errno
import os

REFUSALS = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EFBIG: "make room, or lift the limit on the size of files",
    errno.EACCES: "mend the rights",
    errno.EPERM: "mend the rights",
    errno.EROFS: "choose a folder that may be written with --data",
    errno.EIO: "look after the disk",
    errno.EMFILE: "lift the limit on open files",
    errno.ENOTDIR: "choose another folder",
    errno.EISDIR: "move that folder away",
}


def was_interrupted(fault: Exception) -> bool:
    """Say whether this is how DuckDB, or a library that was being loaded, reports Ctrl-C."""
    loading = isinstance(fault, ImportError) and isinstance(fault.__cause__ or fault.__context__, KeyboardInterrupt)
    return loading or (isinstance(fault, RuntimeError) and str(fault) == "Query interrupted")


def machine_sentence(fault: Exception) -> str | None:
    """Tell a fault of disk, rights or memory in one sentence; None for any other."""
    if isinstance(fault, MemoryError):
        return "the machine has no memory left; close other programs, or build fewer sources at once"
    if isinstance(fault, OSError):
        advice = REFUSALS.get(fault.errno or 0)
        place = f"{os.fsdecode(fault.filename)}: " if isinstance(fault.filename, str | bytes) else ""
        return f"{place}the machine refused ({fault.strerror}); {advice} and try again" if advice is not None else None
    import duckdb

    if isinstance(fault, duckdb.OutOfMemoryException):
        return "the edition needs more memory or more room beside it than it may use; raise PEMBE_MEMORY, or make room"
    if isinstance(fault, duckdb.Error):
        # DuckDB has no number for what the system said, and tells it in the system's own words at the end.
        for number, advice in REFUSALS.items():
            if str(fault).rstrip().endswith(os.strerror(number)):
                return f"the edition could not be written ({os.strerror(number)}); {advice} and build again"
    if isinstance(fault, duckdb.IOException):
        return "a file of an edition cannot be opened or written; run `pembe verify`, and build again"
    return None
