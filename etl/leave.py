"""The end of a command's process: what it wrote is handed over, and nothing is taken apart."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

INTERRUPTED = 130  # the exit code of a command that Ctrl-C ended
SENTENCE = "interrupted; the current edition stays as it was, and the same command can be run again"


def leave_after(command: Callable[[], object]) -> NoReturn:
    """Run a command, and end the process at once if it went well; faults and other exit codes take Python's own way.

    Python would look through all that was imported first and free it piece by piece: a tenth of the time of a small build.
    """
    try:
        command()
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def end_interrupted() -> NoReturn:
    """End a process that Ctrl-C interrupted, with one sentence; its threads and helpers are not waited for."""
    sys.stdout.flush()
    sys.stderr.write(f"{SENTENCE}\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)
