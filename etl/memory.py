"""How much memory a build may take, and so the portions in which it reads and writes."""

from __future__ import annotations

import os
import re

SPARE = 500e6
UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def is_spare(limit: str) -> bool:
    """Say whether a limit, as DuckDB writes it, is so low that everything has to go in smaller portions."""
    said = re.fullmatch(r"\s*([0-9.]+)\s*([KMGT]?)i?B?\s*", limit, re.IGNORECASE)
    return said is not None and float(said[1]) * UNITS[said[2].upper()] < SPARE


LIMIT = os.environ.get("PEMBE_MEMORY", "830MB")
# DuckDB packs so many rows together, and each of its threads takes a group of its own: groups that are not full cost
# twice the time.
GROUP = 122_880
SMALL = 32_000_000
# Rows that are recoded at once, batches of text that may wait for it, portions of rows that may wait to be written, bytes
# of a file that make a batch, and DuckDB's threads: with one group at a time a second thread has nothing to do.
CHUNK, AHEAD, BEHIND, BLOCK, THREADS = (
    (GROUP, 4, 0, 1 << 20, 1) if is_spare(LIMIT) else (4 * GROUP, 16, 2, 4 << 20, min(4, os.cpu_count() or 2))
)


def threads_for(size: int) -> int:
    """Give the number of DuckDB's threads for files of so many bytes: to share little work takes longer than to do it."""
    return THREADS if size > SMALL else 1
