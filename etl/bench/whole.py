"""What a whole process costs, as the system accounts for it, and how two lists of costs compare."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

MEGABYTE = 1_000_000


def whole(command: list[str], environment: dict[str, str], output: int) -> tuple[float, float, float, int]:
    """Run a command; give wall seconds, processor seconds, peak megabytes and its code, as the system accounts for it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts the peak in units of 1024 bytes, macOS in bytes
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MEGABYTE
    return wall, usage.ru_utime + usage.ru_stime, peak, process.returncode


def ratio(above: list[float], below: list[float]) -> float:
    """Give the median of the ratios of each round."""
    return round(statistics.median(one / other for one, other in zip(above, below, strict=True)), 3)
