"""What a command did and when, appended to a file: steps and faults, never values of a person's row."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from etl.errors import SourceError

LOG = logging.getLogger("pembe")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False


def log_to(path: Path) -> None:
    """Append the log of this command to a file that only its owner reads; SourceError where it cannot be written."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError as fault:
        raise SourceError(f"--log {path}: cannot be written ({fault.strerror}); name a file in a folder that exists") from fault
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
