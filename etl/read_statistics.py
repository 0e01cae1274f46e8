"""A file of Stata or SPSS in, batches of text out: values as their program shows them, labels in place of codes.

A value that the sender's program counts as missing and gives no label is an empty cell; one with a label is its label.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from etl.cell_limit import limited
from etl.errors import SourceError
from etl.headings import joined_headings
from etl.raw import Raw, batches_of_rows
from etl.source import FileForm
from etl.unpack import whole
from etl.workbook_size import MOST_BYTES, refuse_span

NAMES = {"dta": "Stata", "sav": "SPSS"}
UTF_8 = ("utf-8", "utf8", "utf-8-sig")
# Numbers of months, quarters, half-years and weeks since 1960, as Stata keeps them.
SINCE, PERIODS = 1960, {"m": (12, "{0}-{1:02d}"), "q": (4, "{0}-Q{1}"), "h": (2, "{0}-H{1}"), "w": (52, "{0}w{1}")}


def read_statistics(path: Path, form: FileForm, wanted: Sequence[str] | None, keys: frozenset[str]) -> Raw:
    """Read the wanted columns (None: all); the headings are the names of the variables.

    Errors: SourceError for a damaged file and one that is larger than a reader may hold.
    """
    columns, about = _table(path, form)
    names = [str(name) for name in about.column_names]
    headers = joined_headings([names], path.name)
    texts = [_texts(columns[name], name, about) for name in names]
    raw = Raw(headers=headers, batches=iter(()))
    wanted = headers if wanted is None else wanted
    if set(wanted) <= set(headers):
        raw.batches = limited(batches_of_rows(_rows(texts), headers, wanted, keys), path.name)
    return raw


def _rows(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(zip(*texts, strict=True), start=1):
        if any(cell.strip() for cell in row):
            yield number, list(row)


def _table(path: Path, form: FileForm) -> tuple[Mapping[str, Any], Any]:
    import pyreadstat

    read: Callable[..., Any] = pyreadstat.read_dta if form.format == "dta" else pyreadstat.read_sav
    book = whole(path, MOST_BYTES)
    encoding = None if form.encoding.lower() in UTF_8 else form.encoding
    try:
        _, about = read(book.stream(), metadataonly=True, output_format="dict", encoding=encoding)
        refuse_span(path.name, max(0, about.number_rows or 0), max(1, about.number_columns))
        columns, about = read(book.stream(), output_format="dict", encoding=encoding, user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, UnicodeError, MemoryError) as fault:
        name = NAMES[form.format]
        raise SourceError(f"{path.name}: is a damaged file of {name}, or in an encoding not declared; save it anew") from fault
    return columns, about


def _texts(values: Sequence[Any], name: str, about: Any) -> list[str]:
    labels = about.variable_value_labels.get(name) or {}
    twice = {label for label, times in Counter(labels.values()).items() if times > 1}
    named = {code: f"{label} ({_plain(code)})" if label in twice else str(label) for code, label in labels.items()}
    shown = str(about.original_variable_types.get(name) or "")
    missing = (about.missing_ranges or {}).get(name) or []
    kinds = set((about.missing_user_values or {}).get(name) or ())
    return [_text(value, named, shown, missing, kinds) for value in values]


def _text(value: Any, named: Mapping[Any, str], shown: str, missing: Sequence[Mapping[str, Any]], kinds: set[Any]) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value != value:
        return ""
    try:
        label = named.get(value)
    except TypeError:
        label = None
    if label is not None:
        return label
    if value in kinds or any(_within(value, item["lo"], item["hi"]) for item in missing):
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value), shown)
    return _plain(value).rstrip() if isinstance(value, str) else _moment(value, shown)


def _within(value: Any, low: Any, high: Any) -> bool:
    try:
        return bool(low <= value <= high)
    except TypeError:
        return False


def _number(value: float, shown: str) -> str:
    """Write a number as its format shows it: a period of Stata, a per cent of SPSS, else plainly."""
    period = PERIODS.get(shown[2:3]) if shown.startswith("%t") else None
    if period is not None and value.is_integer():
        each, written = period
        return written.format(SINCE + int(value) // each, int(value) % each + 1)
    return f"{_plain(value)}%" if shown.upper().startswith("PCT") else _plain(value)


def _moment(value: Any, shown: str) -> str:
    if isinstance(value, date) and shown.upper().startswith("MOYR"):
        return f"{value:%Y-%m}"
    if isinstance(value, date) and shown.upper().startswith("QYR"):
        return f"{value.year}-Q{(value.month + 2) // 3}"
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
        case datetime():
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value)
