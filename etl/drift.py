"""A file whose columns changed in; the lines that a person may add to its declaration out, and never a value."""

from __future__ import annotations

import datetime
from pathlib import Path

from etl.door import shown_heading
from etl.errors import SourceError
from etl.headings import heading
from etl.identifying import identifying_header, identifying_value
from etl.plan import Plan, plan_source
from etl.read_csv import read_csv
from etl.read_json import read_json
from etl.read_sheet import read_sheet
from etl.received import find_file
from etl.source import HERE, Source

ALIKE = 60  # of 100: from here on, a new heading may be a heading that is gone, written anew


def drift_lines(source: Source, folders: list[Path], today: datetime.date) -> list[str]:
    """Give one YAML line for each column that the files of a source have and the source does not rule on.

    Empty where nothing can be proposed: the declaration or a file cannot be read, or a twin reshapes what is read.
    """
    if (HERE / f"{source.name}.py").exists():
        return []
    try:
        plan = plan_source(source, today)
        paths = [find_file(source, item.file, folders) for item in source.submissions if item.file is not None]
        lines = [line for path in paths for line in _lines(plan, path)]
    except SourceError:  # the command tells this fault itself
        return []
    return list(dict.fromkeys(lines))


def _lines(plan: Plan, path: Path) -> list[str]:
    source = plan.source
    reader = {"csv": read_csv, "json": read_json, "jsonl": read_json}.get(source.file.format, read_sheet)
    met = reader(path, source.file, None, frozenset()).headers
    wanted = {*plan.wanted, *map(heading, source.measures)}
    ruled = wanted | set(map(heading, source.ignore))
    new = [name for name in met if name not in ruled and identifying_value(name) is None]
    gone = [column for column in plan.columns if column.header in wanted and column.header not in met]
    if not ruled & set(met):
        return []
    return [_line(name, {column.header: column.key for column in gone}) for name in new]


def _line(name: str, gone: dict[str, str]) -> str:
    from rapidfuzz import fuzz, process

    if identifying_header(name):
        return f'ignore: {{"{name}": identifying}}'
    near = process.extractOne(name, list(gone), scorer=fuzz.WRatio, score_cutoff=ALIKE)
    if near is not None:
        return f'columns.{gone[near[0]]}: {{column: "{name}"}}  # if it is {shown_heading(near[0])}, written anew'
    return f'ignore: {{"{name}": why it is not needed}}  # or `our_field: {{column: "{name}"}}` under columns'
