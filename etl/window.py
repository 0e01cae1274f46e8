"""Commands of the window: each runs as a process of `dashboard.cli`, since the edition is all that passes between the two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

ROOT = Path(__file__).parent.parent
# What `pembe --help` says of them; the window's own --help says the rest.
COMMANDS = {
    "brief": "Print a country of the current edition on two pages, as PDF.",
    "pack": "Write a copy of the public pages that opens without a server, at most 5 MB.",
    "cite": "Print how to cite the current edition, or a choice of its figures.",
    "export": "Write figures of the current edition into a file: CSV, XLSX, Parquet, JSON lines and more.",
}


def add_window(app: typer.Typer) -> None:
    """Offer each command of the window under its own name; words after the name, also --help, are handed on as they are."""
    settings = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    for name, told in COMMANDS.items():
        app.command(name, help=told, context_settings=settings)(_hand_on)


def _hand_on(context: typer.Context) -> None:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "dashboard.cli", context.info_name or "", *context.args]
    raise typer.Exit(subprocess.call(command, env=environment))
