"""The command `pembe`: each command is one call of the pipeline, told in sentences and tables."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from etl.errors import SourceError

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"

app = typer.Typer(
    name="pembe",
    help="National trafficking and smuggling files in; one checked, explainable edition out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Data = Annotated[Path, typer.Option(help="The folder that holds samples, raw files and editions.")]
Day = Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the edition; today if not given.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on the last line.")]
Named = Annotated[str | None, typer.Option("--edition", help="The edition; the current one if not given.")]


@app.command(epilog="Examples: pembe build --samples; pembe build --raw ../received --samples")
def build(
    samples: Annotated[bool, typer.Option("--samples", help="Build from the invented files in data/samples too.")] = False,
    raw: Annotated[Path | None, typer.Option(help="A folder with one folder a source, as received.")] = None,
    sources: Annotated[Path | None, typer.Option(help="A folder of declarations; those of the house if not given.")] = None,
    data: Data = DATA,
    day: Day = None,
) -> None:
    """Build an edition from all sources whose files are there, and make it current."""
    from etl.gather import gather
    from etl.pipeline import build as build_edition
    from etl.source import HERE

    declared, folders = gather(data, DATA, samples, raw, HERE if sources is None else sources)
    edition = build_edition(data, declared, folders, _day(day), _progress())
    say(f"edition {edition.name} is current: {edition.folder}")


@app.command(epilog="Example: pembe check ken_ahtcpu_register ~/Downloads/KEN_2021.xlsx")
def check(
    source: Annotated[str, typer.Argument(help="The source's name, or the path of its YAML file.")],
    file: Annotated[Path | None, typer.Argument(help="A file to try it on; the declared files if not given.")] = None,
    raw: Annotated[Path | None, typer.Option(help="A folder with one folder a source, as received.")] = None,
    data: Data = DATA,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Try one source without publishing: rows kept, refused and skipped, problems, and the lines to add."""
    from etl.inspect import check_source

    _print_report(check_source(source, file, data, DATA, raw, _day(day)), as_json)


@app.command(epilog="Example: pembe problems --source dji_gendarmerie_interceptions --rule V01")
def problems(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, such as V10.")] = None,
    severity: Annotated[str | None, typer.Option(help="Only E, W or I.")] = None,
    language: Annotated[str, typer.Option(help="en, fr or ar.")] = "en",
    most: Annotated[int, typer.Option(help="The most problems to list.")] = 50,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """List what could not be said, and what to do about it."""
    from etl.inspect import list_problems

    _print_report(list_problems(_edition(data, edition), source, rule, severity, language, most), as_json)


@app.command(epilog="Example: pembe rulings eth_moj_register --field sex")
def rulings(
    source: Annotated[str, typer.Argument(help="The source's name.")],
    field: Annotated[str | None, typer.Option(help="Only this field.")] = None,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """List how every distinct word of a source was read, and by whom it was decided."""
    from etl.inspect import list_rulings

    _print_report(list_rulings(_edition(data, edition), source, field), as_json)


@app.command(epilog="Examples: pembe explain KEN-2021-4711-17 sex; pembe explain KEN TIP_VIC_DET 2021 --where sex=F")
def explain(
    what: Annotated[list[str], typer.Argument(help="A record or figure and a field; or a country, an indicator and a period.")],
    where: Annotated[list[str] | None, typer.Option(help="For a figure: a dimension, such as sex=F.")] = None,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """Lead one value or published figure back to file, sheet, row, column, raw value, ruling and who decided."""
    from etl.explain import explain as explain_value

    _print_report(explain_value(_edition(data, edition), what, where or []), as_json)


@app.command(epilog="Examples: pembe editions; pembe editions --use 2026-01-31-0a1b2c3d")
def editions(
    use: Annotated[str | None, typer.Option(help="Make this edition current (a roll-back).")] = None,
    prune: Annotated[int | None, typer.Option(help="Keep only so many of the newest.", min=1)] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """List the editions in place; move the pointer; remove old ones."""
    from etl.editions import point
    from etl.editions import prune as prune_editions
    from etl.inspect import list_all_editions

    if use is not None:
        point(data, use)
    if prune is not None:
        prune_editions(data, prune)
    _print_report(list_all_editions(data), as_json)


@app.command(epilog="Example: pembe diff 2026-01-31-0a1b2c3d 2026-02-28-4d5e6f70")
def diff(older: str, newer: str, data: Data = DATA, as_json: Json = False) -> None:
    """Say which figures changed between two editions, and whether by source, mapping, rule or code list."""
    from etl.diff import compare
    from etl.editions import find

    _print_report(compare(find(data, older), find(data, newer)), as_json)


@app.command(epilog="Example: pembe verify")
def verify(data: Data = DATA, edition: Named = None) -> None:
    """Compare the files of an edition with what was published."""
    from etl.editions import verify as verify_edition

    found = _edition(data, edition)
    faults = verify_edition(found)
    if faults:
        raise SourceError("\n".join(faults))
    say(f"edition {found.name}: both files are as published")


@app.command(epilog="Example: pembe codebook --to codebook")
def codebook(to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("codebook")) -> None:
    """Write the data dictionary: Markdown, CSV, and one JSON table schema a table."""
    from schemas.codebook import write_codebook

    for path in write_codebook(to):
        say(str(path))


def _edition(data: Path, name: str | None) -> Any:
    from etl.editions import current, find

    return current(data) if name is None else find(data, name)


def _day(day: datetime.datetime | None) -> datetime.date:
    return day.date() if day is not None else datetime.datetime.now(datetime.UTC).date()


def _progress() -> Callable[[str], None]:
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    return lambda step: console.print(f"· {step}")


def _print_report(report: Any, as_json: bool) -> None:
    """Print a report as its sentences and tables, or as one JSON object."""
    if as_json:
        say(json.dumps(report.as_dict(), ensure_ascii=False, default=str))
        return
    report.print()


def say(text: str) -> None:
    """Print one line as it is."""
    sys.stdout.write(text + "\n")


def main() -> None:
    """Run the command; a fault of the user's or the machine's is told in its sentences, with exit code 1."""
    try:
        app(standalone_mode=True)
    except SourceError as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(1)
    except Exception as fault:
        from etl.machine import machine_sentence

        sentence = machine_sentence(fault)
        if sentence is None:
            raise
        sys.stderr.write(f"{sentence}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
