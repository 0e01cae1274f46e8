"""Where this installation keeps its data, and where the files that come with the program are."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "PEMBE_DATA"


def checkout() -> Path | None:
    """Give the folder of the checkout that this program runs from; None where it was installed as a package."""
    return ROOT if (ROOT / "pembe.py").is_file() and (ROOT / "data" / "samples").is_dir() else None


def data_folder() -> Path:
    """Give the folder of editions: `PEMBE_DATA`, else the checkout's `data`, else the user's own data folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    home = checkout()
    return home / "data" if home is not None else _user_folder()


def shipped_folder() -> Path:
    """Give the folder that holds `samples` and `published`: the checkout's `data`, or where the package installed them."""
    home = checkout()
    return home / "data" if home is not None else Path(sysconfig.get_path("data")) / "share" / "pembe"


def _user_folder() -> Path:
    """Give the data folder that the system keeps for this user (the XDG base directory specification, and its likes)."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "pembe"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "pembe"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "pembe"
