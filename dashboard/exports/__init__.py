"""Files for analysts: one function streams or writes the same choice of figures in any format.

`stream` gives bytes as they are made; `write` leaves a whole file or none. The same edition, filters and options give the same
bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.exports.crosswalk import crosswalk
from dashboard.exports.csvw import csvw
from dashboard.exports.facts import count_facts
from dashboard.exports.geojson import geojson
from dashboard.exports.glotip import return_glotip
from dashboard.exports.job import Job, agree
from dashboard.exports.notes import notes
from dashboard.exports.options import BOTH, CODES, LABELS, ExportError, Options
from dashboard.exports.package import package
from dashboard.exports.parquet import parquet
from dashboard.exports.published import read_published
from dashboard.exports.rows import opened
from dashboard.exports.sdmx import sdmx_csv, sdmx_package
from dashboard.exports.selection import columns, select
from dashboard.exports.text import csv, json_lines
from dashboard.exports.wide import cells, wide_columns
from dashboard.exports.workbook import workbook
from dashboard.filters import FilterError, Filters


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the ending of its files, its media type, the function that streams it.

    listed: whether it lists all codes, also of ages. wide_memory: whether it looks at all figures together, for which the
    database needs more memory. english: whether its words are English, whatever the language of the filters.
    """

    ending: str
    media: str
    stream: Callable[[Job], Iterator[bytes]]
    listed: bool = False
    wide_memory: bool = False
    english: bool = False


# What the database may take: labels make rows twice as wide.
MEMORY = {CODES: "60MB", LABELS: "96MB", BOTH: "128MB"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOGETHER = "512MB"
# What stands behind the name of a CSV file in the name of its metadata, by CSV on the Web.
METADATA = "-metadata.json"
FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", csv),
    "xlsx": Format("xlsx", XLSX, workbook, listed=True),
    "parquet": Format("parquet", "application/vnd.apache.parquet", parquet),
    "package": Format("zip", "application/zip", package, listed=True),
    "sdmx": Format("zip", "application/zip", sdmx_package, wide_memory=True, english=True),
    "sdmx-csv": Format("csv", "application/vnd.sdmx.data+csv; version=2.0.0", sdmx_csv, wide_memory=True, english=True),
    "glotip": Format("xlsx", XLSX, return_glotip, listed=True, wide_memory=True),
    "crosswalk": Format("csv", "text/csv; charset=utf-8", crosswalk, english=True),
    "csvw": Format(f"csv{METADATA}", "application/csvm+json", csvw),
    "jsonl": Format("jsonl", "application/x-ndjson", json_lines),
    "geojson": Format("geojson", "application/geo+json", geojson),
}


def stream(path: Path, name: str, form: str, filters: Filters, options: Options) -> Iterator[bytes]:
    """Give the bytes of an export of the public file at `path`, of the edition of that name.

    Errors: FilterError where there is no such format or choice; ExportError where the file cannot be made whole.
    """
    chosen = format_of(form)
    filters = replace(filters, language="en") if chosen.english else filters
    if form == "csvw" and options.address is None:
        options = replace(options, address=file_name(name, "csv", filters, options))
    memory = TOGETHER if chosen.wide_memory or options.wide is not None else MEMORY[options.labels]
    with job(path, name, filters, options, chosen.listed, memory) as made:
        yield from chosen.stream(made)


def write(path: Path, name: str, form: str, filters: Filters, options: Options, target: Path) -> None:
    """Write an export to a file, which is there whole or not at all. Errors: as for `stream`."""
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            for chunk in stream(path, name, form, filters, options):
                file.write(chunk)
        aside.replace(target)
    except OSError as fault:
        raise ExportError(f"{target} cannot be written ({fault.strerror}); choose another place with --output") from fault
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def job(path: Path, name: str, filters: Filters, options: Options, ages: bool, memory: str) -> Iterator[Job]:
    """Open an edition's public file and count what is chosen of it; ages, memory: as `read_published` and `opened` take them."""
    with opened(path, name, memory) as rows:
        published = read_published(rows, path, name, filters.language, ages or bool(filters.ages) or options.labels != CODES)
        selection = select(published, filters, options)
        values, table = dict(selection.values), None
        facts = count_facts(rows, selection, any(field.name == "revision" for field in published.fields))
        lines = facts.rows
        if options.wide is None:
            listed = tuple(columns(published, filters, options, values, published.fields))
        else:
            listed, table = wide_columns(published, filters, options, rows, selection, values)
            lines, figures = rows.fetch(cells(table, listed), values)[0]
            agree(facts.rows, figures)
        said = notes(published, filters, options, facts)
        yield Job(rows, published, filters, options, selection, listed, table, lines, values, facts, said)


def format_of(form: str) -> Format:
    """Find a format by its name; raises FilterError where there is none."""
    if form not in FORMATS:
        raise FilterError(f"there is no format {re.sub(r'[^a-z0-9-]', '�', form[:40])!r}; there are {', '.join(FORMATS)}")
    return FORMATS[form]


def file_name(name: str, form: str, filters: Filters, options: Options) -> str:
    """Name a file by its edition and the main choices, in letters that every system can keep."""
    indicators = (filters.indicator,) if options.indicators is None else options.indicators
    ending = format_of(form).ending
    parts = ["pembe", name, *([] if form == ending or form == "csvw" else [form])]
    parts += [*(indicators if len(indicators) <= 2 else []), *filters.countries[:4]]
    parts += [f"{filters.first or ''}-{filters.last or ''}"] if filters.first or filters.last else []
    return f"{'_'.join(parts)}.{ending}"
