"""The command `pembe`: each command is one call of the pipeline, told in sentences and tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from etl import cli_bench, cli_draft, cli_protect, cli_records
from etl.errors import SourceError, SourceErrors
from etl.leave import INTERRUPTED, end_interrupted, leave_after
from etl.log import LOG, log_to
from etl.options import DATA, HOST, PORT, WORKERS, Data, Day, Json, Named, day_of, edition_of, print_report, say
from etl.private import sweep_temporary
from etl.window import add_window
from schemas.folders import shipped_folder
from schemas.version import VERSION

if TYPE_CHECKING:
    import datetime

    from etl.report import Report

app = typer.Typer(
    name="pembe",
    help="National trafficking and smuggling files in; one checked, explainable edition out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_bench.app, name="bench")
app.add_typer(cli_records.app, name="records")
app.command(epilog="Example: pembe protect --report --json")(cli_protect.protect)
add_window(app)
app.command(epilog="Example: pembe draft ~/Downloads/register.xlsx --country KEN")(cli_draft.draft)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"pembe {VERSION}")
        raise typer.Exit


@app.callback()
def pembe(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    log: Annotated[Path | None, typer.Option(help="A file to which steps and faults are appended with their time.")] = None,
) -> None:
    """Turn national files on trafficking and smuggling into one checked, explainable edition."""
    if log is not None:
        log_to(log)
    sweep_temporary()


@app.command(epilog="Examples: pembe build --samples; pembe build --raw ../received --samples")
def build(
    samples: Annotated[bool, typer.Option("--samples", help="Build from the invented files in data/samples too.")] = False,
    raw: Annotated[Path | None, typer.Option(help="A folder with one folder a source, as received.")] = None,
    sources: Annotated[Path | None, typer.Option(help="A folder of declarations; those of the house if not given.")] = None,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Another key than that of the current edition is meant: all numbers are drawn anew.")
    ] = False,
    data: Data = DATA,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Build an edition from all sources whose files are there, and make it current."""
    report = _build(samples, raw, sources, data, day, new_key)
    print_report(report, as_json)
    if report.faults:
        raise SourceErrors(report.faults)


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
    from etl.editions import sweep_editions
    from etl.inspect import check_source

    sweep_editions(data)
    report = check_source(source, file, data, shipped_folder(), raw, day_of(day))
    print_report(report, as_json)
    if report.faults:
        raise SourceErrors(report.faults)


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

    print_report(list_problems(edition_of(data, edition), source, rule, severity, language, most), as_json)


@app.command(
    epilog="Examples: pembe rulings eth_moj_register --field sex; pembe rulings export eth_moj_register --to review.xlsx; "
    "pembe rulings import eth_moj_register review.xlsx"
)
def rulings(
    what: Annotated[list[str], typer.Argument(help="A source; or `export` and a source; or `import`, a source and a file.")],
    to: Annotated[Path | None, typer.Option(help="For an export: the file, .tsv (SSSOM) or .xlsx.")] = None,
    field: Annotated[str | None, typer.Option(help="Only this field.")] = None,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """List how every distinct word of a source was read and by whom it was decided; send decisions out for review and back."""
    from etl.inspect import list_rulings
    from etl.rulings_exchange import exchange

    if what[0] in ("export", "import"):
        print_report(exchange(what, to), as_json)
    elif len(what) > 1:
        raise SourceError(f"{' '.join(what)}: say one source, or begin with export or import")
    else:
        print_report(list_rulings(edition_of(data, edition), what[0], field), as_json)


@app.command(
    epilog="Examples: pembe explain KEN-2021-4711-17; pembe explain KEN-2021-4711-17 sex; "
    "pembe explain KEN TIP_VIC_DET 2021 --where sex=F"
)
def explain(
    what: Annotated[
        list[str], typer.Argument(help="A record or figure, or one and a field; or a country, an indicator and a period.")
    ],
    where: Annotated[list[str] | None, typer.Option(help="For a figure: a dimension, such as sex=F.")] = None,
    data: Data = DATA,
    edition: Named = None,
    as_json: Json = False,
) -> None:
    """Lead one value or published figure back to file, sheet, row, column, raw value, ruling and who decided."""
    from etl.explain import explain as explain_value

    print_report(explain_value(edition_of(data, edition), what, where or []), as_json)


@app.command(epilog="Examples: pembe editions; pembe editions --use 2026-01-31-0a1b2c3d4e5f6071")
def editions(
    use: Annotated[str | None, typer.Option(help="Make this edition current (a roll-back).")] = None,
    prune: Annotated[int | None, typer.Option(help="Keep only so many of the newest.", min=1)] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """List the editions in place; move the pointer; remove old ones."""
    from etl.editions import point, sweep_editions
    from etl.editions import prune as prune_editions
    from etl.inspect import list_all_editions

    sweep_editions(data)
    if use is not None:
        point(data, use)
    if prune is not None:
        prune_editions(data, prune)
    print_report(list_all_editions(data), as_json)


@app.command(epilog="Example: pembe diff 2026-01-31-0a1b2c3d4e5f6071 2026-02-28-8293a4b5c6d7e8f9")
def diff(
    older: Annotated[str, typer.Argument(help="The edition before; see `pembe editions`.")],
    newer: Annotated[str, typer.Argument(help="The edition after.")],
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Say which figures changed between two editions, and whether by source, mapping, rule or code list."""
    from etl.diff import compare
    from etl.editions import find

    print_report(compare(find(data, older), find(data, newer)), as_json)


@app.command(epilog="Example: pembe verify")
def verify(data: Data = DATA, edition: Named = None, as_json: Json = False) -> None:
    """Compare the files of an edition with what was published."""
    from etl.editions import verify as verify_edition
    from etl.report import Report

    found = edition_of(data, edition)
    faults = verify_edition(found)
    if faults:
        raise SourceError("\n".join(faults))
    sentence = f"edition {found.name}: both files are as published"
    print_report(Report({"edition": found.name, "verified": True}, [sentence]), as_json)


@app.command(epilog="Example: pembe codebook --to codebook")
def codebook(to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("codebook"), as_json: Json = False) -> None:
    """Write the data dictionary: Markdown, CSV, and one JSON table schema a table."""
    from etl.report import Report
    from schemas.codebook import write_codebook

    paths = [str(path) for path in write_codebook(to)]
    print_report(Report({"written": len(paths)}, paths), as_json)


@app.command(epilog="Example: pembe serve --port 8080 --workers 4")
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = PORT,
    workers: Annotated[int, typer.Option(help="The number of processes that answer.", min=1)] = WORKERS,
    data: Data = DATA,
) -> None:
    """Show the current edition in a browser until interrupted (Ctrl-C)."""
    from etl.serve import serve as serve_edition

    raise typer.Exit(serve_edition(data, host, port, workers))


@app.command(epilog="Example: pembe demo --port 8051")
def demo(
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = PORT,
    data: Data = DATA,
) -> None:
    """Build an edition from the invented samples and show it in a browser on this machine, until interrupted (Ctrl-C)."""
    from etl.serve import QUIET, refuse_taken_port, running, wait_until_ready

    refuse_taken_port(HOST, port)
    _build(True, None, None, data, None).print()
    with running(data, HOST, port, WORKERS, *QUIET) as process:
        wait_until_ready(process, HOST, port)
        say(f"open http://{HOST}:{port} in a browser; Ctrl-C ends")
        process.wait()


@app.command(epilog="Example: pembe screenshots --to pictures")
def screenshots(
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("pictures"),
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Take the pictures of the screens that the README shows."""
    from etl.pictures import take_pictures

    print_report(take_pictures(data, to), as_json)


def _build(
    samples: bool, raw: Path | None, sources: Path | None, data: Path, day: datetime.datetime | None, new_key: bool = False
) -> Report:
    from etl.gather import gather
    from etl.inspect import accounts, left_out, pending_revisions
    from etl.pipeline import build as build_edition
    from etl.progress import showing
    from etl.report import Listing, Report
    from etl.source import HERE

    declared, folders = gather(data, shipped_folder(), samples, raw, HERE if sources is None else sources)
    with showing([source.name for source in declared]) as progress:
        edition = build_edition(data, declared, folders, day_of(day), progress, new_key)
    sentences = [f"edition {edition.name} is current: {edition.folder}"]
    waiting = pending_revisions(edition)
    if waiting:
        sentences.append(
            "fewer than ten persons moved in these sources and periods, whose figures stay as they were released; they are "
            "released at ten, or by a decision of the state in data/decisions, see docs/operations.md"
        )
    absent = left_out(edition)
    for name, _, held in absent:
        stays = "its last released figures stay, marked as pending" if held else "nothing of it was released before or is shown"
        sentences.append(f"{name} is left out, since it cannot be taken as it is; {stays}")
    facts = {"edition": edition.name, "folder": str(edition.folder), "sources": len(declared) - len(absent)}
    listings = [Listing("rows", ("source", "read", "kept", "refused", "skipped", "standing"), accounts(edition))]
    listings += [Listing("revision pending", ("source", "period"), waiting)] if waiting else []
    return Report(facts, sentences, listings, [reason for _, reasons, _ in absent for reason in reasons])


def main() -> None:
    """Run the command; a fault of the user's or the machine's is reported in one sentence, with exit code 1."""
    try:
        app(prog_name="pembe")
    except SystemExit as end:
        # typer ends with this code at Ctrl-C, without a word
        if end.code == INTERRUPTED:
            end_interrupted()
        raise
    except SourceError as fault:
        _end(str(fault))
    except Exception as fault:
        from etl.machine import machine_sentence, was_interrupted

        if was_interrupted(fault):
            end_interrupted()
        sentence = machine_sentence(fault)
        if sentence is None:
            raise
        _end(sentence)


def _end(sentence: str) -> NoReturn:
    LOG.error(sentence)
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)


if __name__ == "__main__":
    leave_after(main)
