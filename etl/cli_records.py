"""The commands `pembe records ...`: case rows for analysts who are entitled to them, coarsened and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.options import DATA, Data, Json, Named, edition_of, print_report

app = typer.Typer(help="Give case rows to analysts who are entitled to them.", no_args_is_help=True)


@app.command(epilog="Example: pembe records export victims.csv --k 11")
def export(
    path: Annotated[Path, typer.Argument(help="The CSV file to write; notes are written beside it.")],
    k: Annotated[int, typer.Option(help="How many rows must look the same.", min=2)] = 11,
    country: Annotated[
        list[str] | None, typer.Option(help="Only these reporting countries; all that may leave if not given.")
    ] = None,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """Write victims who consent, coarsened until at least k look the same; print k and l as measured, and what was left out.

    The first file chooses k for this data folder: later ones may ask for more and not for less.
    """
    from etl.records_export import GIVEN, export_records

    print_report(export_records(edition_of(data, edition), path, k, tuple(country or ()), data / GIVEN), as_json)


@app.command(epilog="Example: pembe records htcds victims.csv htcds")
def htcds(
    source: Annotated[Path, typer.Argument(help="A CSV file that `pembe records export` wrote.")],
    folder: Annotated[Path, typer.Argument(help="The folder to write persons.csv, events.csv and notes.txt into.")],
    as_json: Json = False,
) -> None:
    """Give an analyst's case rows the shape of HTCDS 2.0; what has no sure string there is left empty and counted."""
    from etl.htcds import write_htcds

    print_report(write_htcds(source, folder), as_json)


@app.callback()
def main() -> None:
    """Case rows are confidential: what is written here goes to analysts who have signed for it, never to the screens."""
