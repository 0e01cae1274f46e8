"""The command `pembe protect`: what protection promises, and what it costs in an edition."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.options import DATA, Data, Json, Named, edition_of, print_report


def protect(
    report: Annotated[
        bool, typer.Option("--report", help="Print what protection costs and promises; nothing else is done.")
    ] = True,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """Say how many cells are still shown, how far off the totals are, and what is known at most of a small count."""
    from etl.protect_report import report_protection

    if not report:
        raise typer.BadParameter("protection is done at publish; ask for its --report")
    print_report(report_protection(edition_of(data, edition)), as_json)
