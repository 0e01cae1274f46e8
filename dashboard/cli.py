"""What the window does without a browser: commands on the current edition's public file, offered by `pembe` under their names."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard.db import DATA, EditionError, current_edition
from dashboard.filters import FilterError

app = typer.Typer(name="pembe", add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
Data = Annotated[Path, typer.Option(help="The folder that holds editions.")]


@app.callback()
def window() -> None:
    """Use the current edition without a browser."""


@app.command(epilog="Example: pembe cite")
def cite(data: Data = DATA) -> None:
    """Print how to cite the current edition."""
    os.environ["PEMBE_DATA"] = str(data)
    edition = current_edition()
    sys.stdout.write(f"Pembe: edition {edition.name}, as of {edition.as_of}.\n")


def main() -> None:
    """Run the command; what cannot be shown is told in one sentence, with exit code 1."""
    try:
        app(prog_name="pembe")
    except (EditionError, FilterError) as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
