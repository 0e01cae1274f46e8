"""The command `pembe draft`: from a file that nobody has seen to a declaration to finish, a page to send round and a sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.options import Day, Json, day_of, print_report


def draft(
    file: Annotated[Path, typer.Argument(help="The file as it was received: CSV, a workbook or JSON.")],
    country: Annotated[str | None, typer.Option(help="The reporting state, ISO 3166-1 alpha-3, such as KEN.")] = None,
    table: Annotated[str | None, typer.Option(help="victim, suspect, smuggling_incident, smuggled_group, observation.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook; the fullest one if not given.")] = None,
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("drafts"),
    name: Annotated[str | None, typer.Option(help="The name of the source, <iso3>_<institution>_<subject>.")] = None,
    language: Annotated[str, typer.Option(help="Of comments, summary and page: en, fr or ar.")] = "en",
    least: Annotated[int, typer.Option(help="Values that fewer rows share are never shown.", min=2)] = 5,
    force: Annotated[bool, typer.Option("--force", help="Write over a draft of that name.")] = False,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Draft the declaration of a file: what is proven is written, choices stand as comments, the rest is asked."""
    from etl.draft.command import write_draft

    names = "en" if as_json else None  # a program finds the same names in every language
    print_report(write_draft(file, country, table, sheet, to, name, language, least, force, day_of(day), names), as_json)
