"""What the window does without a browser: commands on the current edition's public file, offered by `pembe` under their names."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from dashboard.db import EditionError, current_file
from dashboard.errors import BriefError, PackError
from dashboard.exports import FORMATS, METADATA, file_name, write
from dashboard.exports.notes import citation
from dashboard.exports.options import ExportError, Options
from dashboard.exports.published import read_published
from dashboard.exports.rows import opened
from dashboard.filters import FilterError, Filters, read_choices
from dashboard.site import SiteError
from schemas.folders import data_folder

app = typer.Typer(name="pembe", add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
DATA = data_folder()
DATA_DEFAULT = "PEMBE_DATA, else the checkout's data, else the user's data folder"
Data = Annotated[Path, typer.Option(help="The folder that holds editions.", show_default=DATA_DEFAULT)]


@app.callback()
def window() -> None:
    """Use the current edition without a browser."""


Countries = Annotated[list[str] | None, typer.Option("--country", help="A country of three letters; may be repeated.")]
First = Annotated[int | None, typer.Option("--from", help="The first year.")]
Last = Annotated[int | None, typer.Option("--to", help="The last year.")]
Indicators = Annotated[list[str] | None, typer.Option("--indicator", help="An indicator; may be repeated; all if none.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="A choice as in an address: sex=F, age=Y0T17, form=SEX, citizenship=ETH, kind=POLICE."),
]
Language = Annotated[str, typer.Option("--lang", help="The language of labels and notes: en, fr, ar or sw.")]


@app.command(epilog="Example: pembe export csv --country ETH --from 2019 --indicator TIP_VIC_DET --output eth.csv")
def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
    output: Annotated[Path | None, typer.Option(help="The file to write; named by the edition if not given.")] = None,
    country: Countries = None,
    first: First = None,
    last: Last = None,
    indicator: Indicators = None,
    where: Where = None,
    lang: Language = "en",
    labels: Annotated[str, typer.Option(help="What cells hold: codes, labels or both.")] = "codes",
    wide: Annotated[str | None, typer.Option(help="The dimension whose codes become columns, such as sex.")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="CSV that a spreadsheet opens by a double click.")] = False,
    separator: Annotated[str | None, typer.Option(help="Between values of a CSV: comma, semicolon or tab.")] = None,
    notes: Annotated[
        bool | None,
        typer.Option("--notes/--bare", help="Whether a file of text begins with its notes; CSV does, JSON lines do not."),
    ] = None,
    data: Data = DATA,
) -> None:
    """Write figures of the current edition into a file that says what it holds; whole, or not at all.

    Beside a CSV file stands its metadata, by CSV on the Web.
    """
    filters = _filters(country, first, last, where, lang)
    options = Options(labels, wide, tuple(indicator or ()), excel, separator, notes)
    os.environ["PEMBE_DATA"] = str(data)
    path, name = current_file()
    target = output if output is not None else Path(file_name(name, form, filters, options))
    write(path, name, form, filters, options, target)
    sys.stdout.write(f"{target}\n")
    if form == "csv":
        metadata = target.with_name(f"{target.name}{METADATA}")
        write(path, name, "csvw", filters, replace(options, address=quote(target.name)), metadata)


@app.command(epilog="Example: pembe cite --form bibtex --country KEN")
def cite(
    form: Annotated[str, typer.Option(help="text, bibtex, ris or csl (CSL-JSON).")] = "text",
    country: Countries = None,
    first: First = None,
    last: Last = None,
    indicator: Indicators = None,
    where: Where = None,
    data: Data = DATA,
) -> None:
    """Print how to cite the current edition, or a choice of its figures."""
    os.environ["PEMBE_DATA"] = str(data)
    path, name = current_file()
    filters, options = _filters(country, first, last, where, "en"), Options(indicators=tuple(indicator or ()))
    with opened(path, name) as rows:
        published = read_published(rows, path, name, "en")
    sys.stdout.write(f"{citation(published, filters, options).written(form)}\n")


@app.command(epilog="Example: pembe brief KEN --lang fr --output kenya.pdf")
def brief(
    country: Annotated[str, typer.Argument(help="A country of three letters.")],
    lang: Language = "en",
    output: Annotated[Path | None, typer.Option(help="The file to write; named by the edition if not given.")] = None,
    data: Data = DATA,
) -> None:
    """Print a country of the current edition on two pages, as PDF."""
    from dashboard.brief import write_brief

    os.environ["PEMBE_DATA"] = str(data)
    language = _filters(None, None, None, None, lang).language
    target = output if output is not None else Path(f"pembe-{current_file()[1]}-{country}-{language}.pdf")
    target.write_bytes(write_brief(country, language))
    sys.stdout.write(f"{target}\n")


@app.command(epilog="Example: pembe pack --to pembe-copy --language fr")
def pack(
    to: Annotated[Path, typer.Option(help="The folder to make.")] = Path("pembe-copy"),
    language: Annotated[list[str] | None, typer.Option(help="A language of the pages; may be repeated; en if none.")] = None,
    data: Data = DATA,
) -> None:
    """Write a copy of the public pages and their data that opens without a server, at most 5 MB."""
    from dashboard.pack import pack as write_pack

    os.environ["PEMBE_DATA"] = str(data)
    files, size = write_pack(to, language or ["en"])
    sys.stdout.write(f"{to}: {files} files, {size / 1e6:.2f} MB; open {to}/index.html\n")


def _filters(countries: list[str] | None, first: int | None, last: int | None, where: list[str] | None, language: str) -> Filters:
    """Read choices as the address of a page would be read, so that both know the same words."""
    pairs = [("country", code) for code in countries or ()]
    pairs += [(name, str(year)) for name, year in (("from", first), ("to", last)) if year is not None]
    for choice in where or ():
        name, sign, value = choice.partition("=")
        if not sign:
            raise FilterError(f"a choice is written as name=code, such as sex=F, and not as {choice[:40]!r}")
        pairs.append((name, value))
    return read_choices([*pairs, ("lang", language)])


def main() -> None:
    """Run the command; what cannot be shown is told in one sentence, with exit code 1."""
    try:
        app(prog_name="pembe")
    except (BriefError, EditionError, ExportError, FilterError, PackError, SiteError) as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
