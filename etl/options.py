"""What the commands share: their options, and how they print what they found."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.folders import data_folder

if TYPE_CHECKING:
    from etl.editions import Edition
    from etl.report import Report

ROOT = Path(__file__).parent.parent
DATA = data_folder()
HOST, PORT, WORKERS = "127.0.0.1", 8050, 2
DATA_DEFAULT = "PEMBE_DATA, else the checkout's data, else the user's data folder"
Data = Annotated[Path, typer.Option(help="The folder of received files and editions.", show_default=DATA_DEFAULT)]
Day = Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the edition; today if not given.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on the last line.")]
Named = Annotated[str | None, typer.Option("--edition", help="The edition; the current one if not given.")]


def edition_of(data: Path, name: str | None) -> Edition:
    """Give the edition of that name, or the current one, once what dead builds left is swept; SourceError where there is none."""
    from etl.editions import current, find, sweep_editions

    sweep_editions(data)
    return current(data) if name is None else find(data, name)


def day_of(day: datetime.datetime | None) -> datetime.date:
    """Give the day that was said, or today."""
    return day.date() if day is not None else datetime.datetime.now(datetime.UTC).date()


def print_report(report: Report, as_json: bool) -> None:
    """Print a report as its sentences and tables, or as one JSON object."""
    if as_json:
        say(json.dumps(report.as_dict(), ensure_ascii=False, default=str))
        return
    report.print()


def say(text: str) -> None:
    """Print one line as it is."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_aside(step: str) -> None:
    """Tell progress on standard error, which leaves standard output to the report."""
    sys.stderr.write(f"· {step}\n")
    sys.stderr.flush()
