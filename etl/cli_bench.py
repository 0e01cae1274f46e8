"""The commands `pembe bench ...`: what Pembe costs, measured on this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from etl.options import DATA, Data, Json, Named, edition_of, print_report, say_aside

app = typer.Typer(help="Measure what Pembe costs on this machine.", no_args_is_help=True)


@app.command(epilog="Example: pembe bench harmonise --rows 100000 --json")
def harmonise(
    rows: Annotated[int, typer.Option(help="Rows of the generated file.", min=1)] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="Times that each is run, in turn.", min=1)] = 3,
    memory: Annotated[str | None, typer.Option(help="The most memory that DuckDB may take, such as 300MB.")] = None,
    peer: Annotated[
        bool | None, typer.Option("--peer/--no-peer", help="Run pandas too; by default up to a million rows.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Time one generated file from file to edition, against a bare copy into DuckDB and against pandas."""
    from etl.bench.harmonise import harmonise as measure

    measure(rows, rounds, memory, as_json, peer)


@app.command(epilog="Example: pembe bench draft --rows 50000 --json")
def draft(
    rows: Annotated[int, typer.Option(help="Rows of the generated register of 40 columns.", min=1)] = 50_000,
    rounds: Annotated[int, typer.Option(help="Times that it is drafted.", min=1)] = 3,
    as_json: Json = False,
) -> None:
    """Time the draft of one generated register, process start included, and say its peak of memory."""
    from rich.console import Console

    from etl.bench.draft import measure as measure_draft

    console = Console(stderr=True, highlight=False)
    print_report(measure_draft(rows, rounds, lambda step: console.print(f"· {step}")), as_json)


@app.command(epilog="Example: pembe bench match --json")
def match(
    misses: Annotated[bool, typer.Option("--misses", help="List what goes wrong in the tuned half.")] = False,
    valentine: Annotated[bool, typer.Option("--valentine", help="Run Valentine's Coma too, installed aside.")] = False,
    as_json: Json = False,
) -> None:
    """Measure how well headings and words are matched, by language and half of the published test set."""
    from etl.bench.match import bench

    report = bench(misses, valentine)
    print_report(report if as_json else replace(report, facts={}), as_json)  # the facts are the table, for programs


@app.command(epilog="Example: pembe bench explain --cells 2000 --json")
def explain(
    cells: Annotated[int, typer.Option(help="The least number of cells to trace.", min=1)] = 2_000,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """Time how fast a harmonised cell is led back to its origin, and say the share of cells that are."""
    from etl.bench.explain import explain_cells

    print_report(explain_cells(edition_of(data, edition), cells), as_json)


@app.command(epilog="Example: pembe bench export --rows 1000000 --json")
def export(
    rows: Annotated[int, typer.Option(help="Figures of the generated edition.", min=1)] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="Times that each is run, in turn.", min=1)] = 3,
    as_json: Json = False,
) -> None:
    """Time exports of one generated edition, from the command line and over HTTP, against DuckDB's bare copies."""
    from etl.bench.export import measure

    print_report(measure(rows, rounds, say_aside), as_json)


@app.command(epilog="Example: pembe bench dashboard --rows 100000 --most 10000000 --json")
def dashboard(
    rows: Annotated[int, typer.Option(help="Case rows of the smaller edition.", min=1_000)] = 100_000,
    most: Annotated[int, typer.Option(help="Case rows of the larger edition.", min=1_000)] = 10_000_000,
    seconds: Annotated[float, typer.Option(help="Seconds of each of the three rounds of each kind.", min=1)] = 8,
    as_json: Json = False,
) -> None:
    """Count whole callbacks a second with many clients who change filters, against the emptiest POST on the same server."""
    from etl.bench.dashboard import measure

    print_report(measure(rows, most, seconds, say_aside), as_json)


@app.command(epilog="Example: pembe bench api --rows 100000 --json")
def api(
    rows: Annotated[int, typer.Option(help="Figures of the generated edition; 0 asks the samples alone.", min=0)] = 100_000,
    clients: Annotated[int, typer.Option(help="Programs that ask at once, each as soon as it was answered.", min=1)] = 20,
    seconds: Annotated[float, typer.Option(help="How long each round of asking lasts.", min=0.5)] = 10.0,
    as_json: Json = False,
) -> None:
    """Time filtered pages of a thousand figures over HTTP, with many clients at once, beside a route that does nothing."""
    from etl.bench.api import measure

    print_report(measure(rows, clients, seconds, say_aside), as_json)


@app.command(epilog="Example: pembe bench weight --json")
def weight(data: Data = DATA, as_json: Json = False) -> None:
    """Count the bytes over the line by page, at the first visit and at the second, and for one change of a filter."""
    from etl.bench.weight import weigh

    print_report(weigh(data, say_aside), as_json)
