"""From the pointer to the current edition's public figures, held in memory; a process of its own reads them from the file."""

from __future__ import annotations

import logging
import pickle
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from dashboard.edition import Edition
from schemas.folders import data_folder

ROOT = Path(__file__).parent.parent
EDITION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PATIENCE = 300.0  # seconds that reading an edition may take
_reading = Lock()
# A visitor's process reads one file and nothing else, on one thread.
CONFIGURATION: dict[str, Any] = {
    "threads": 1,
    "memory_limit": "512MB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


class EditionError(Exception):
    """Say which edition cannot be shown, and what to do."""


def current_edition() -> Edition:
    """Give the edition that the pointer names at this moment; raises EditionError when there is none to read."""
    named = current_file()
    with _reading:  # those who ask at the same moment wait for one reading and do not each begin one
        return _edition(*named)


def current_file() -> tuple[Path, str]:
    """Give the public file that the pointer names at this moment, and its edition's name; raises EditionError without one."""
    editions = data_folder() / "editions"
    try:
        name = (editions / "current").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise EditionError("No edition has been published yet; build one with the command: pembe build") from fault
    if EDITION_NAME.fullmatch(name) is None:
        raise EditionError("The pointer to the current edition names no edition; point it with: pembe editions --use")
    path = editions / name / "public.duckdb"
    if not path.is_file():
        raise EditionError(f"Edition {name} is not there; point to another with: pembe editions --use")
    return path, name


@lru_cache(maxsize=2)
def _edition(path: Path, name: str) -> Edition:
    # An edition never changes, so that its name is all the key there is; two are kept for the moment of a change.
    command = [sys.executable, "-m", "dashboard.reader", str(path.resolve())]
    try:
        read = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)
    except subprocess.TimeoutExpired as fault:
        raise EditionError(f"Edition {name} takes longer than {PATIENCE:g} seconds to read; publish fewer figures") from fault
    except (OSError, subprocess.SubprocessError) as fault:
        said = getattr(fault, "stderr", None) or b""
        logging.getLogger(__name__).error("the edition %s cannot be read: %s", name, said.decode(errors="replace")[-500:])
        raise EditionError(f"Edition {name} cannot be read; check it with: pembe verify") from fault
    edition = pickle.loads(read.stdout)  # our own program wrote these bytes a moment ago
    assert isinstance(edition, Edition)
    return edition
