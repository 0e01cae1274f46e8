"""How much memory a build may take, and so the portions in which it reads and writes."""

from __future__ import annotations

import os
import re

SPARE = 500e6
UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def bytes_of(limit: str) -> float | None:
    """Give a limit, as DuckDB writes it, in bytes; None for one that is no number of bytes, such as a share of all memory."""
    said = re.fullmatch(r"\A\s*([0-9.]+)\s*([KMGT]?)i?B?\s*", limit, re.IGNORECASE)
    return float(said[1]) * UNITS[said[2].upper()] if said is not None else None


def is_spare(limit: str) -> bool:
    """Say whether a limit is so low that everything has to go in smaller portions."""
    size = bytes_of(limit)
    return size is not None and size < SPARE


def while_reading(limit: str) -> str:
    """Give the part of a limit that DuckDB has while files are read: it only passes rows on, and their text needs room too.

    That is half of a low limit, and so much of others that no row is put aside that could wait; one that is no number of
    bytes is given as it is.
    """
    size = bytes_of(limit)
    return limit if size is None else f"{size / 1e6 * (0.5 if is_spare(limit) else 0.75):.3f}MB"


LIMIT = os.environ.get("PEMBE_MEMORY", "830MB")
READING = while_reading(LIMIT)
# DuckDB packs so many rows together, and each of its threads takes a group of its own: groups that are not full cost
# twice the time.
GROUP = 122_880
PORTION = GROUP // 2  # rows whose distinct values are looked up together
SMALL = 32_000_000  # bytes of files that one thread of DuckDB takes in faster than two
# Rows that are recoded at once, batches of text that may wait for it, portions of rows that may wait to be written, bytes
# of a file that make a batch, and DuckDB's threads: with one group at a time a second thread has nothing to do.
CHUNK, AHEAD, BEHIND, BLOCK, THREADS = (
    (GROUP, 4, 1, 1 << 20, 1) if is_spare(LIMIT) else (4 * GROUP, 16, 2, 4 << 20, min(4, os.cpu_count() or 2))
)


def threads_for(size: int) -> int:
    """Give the number of DuckDB's threads for files of so many bytes: to share little work takes longer than to do it."""
    return THREADS if size > SMALL else 1


def patience_for(size: int) -> float:
    """Give the seconds that a thread of Python's may go on while others wait, for files of so many bytes.

    Who reads a large file needs Python for an instant between two of Arrow's steps, and each time would wait for the
    thread that rules on words or imports pandera: that took a tenth. Where little is read the change of threads is what
    takes longer.
    """
    return 0.0001 if size > SMALL else 0.005
