"""What a declaration itself says, held against lists, types and the calendar before any file is opened."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

from etl.readings.how import How
from etl.readings.periods import period as read_period
from etl.source import Source
from schemas.indicators import indicators
from schemas.tables import Field, table

# What the pipeline itself writes, whatever a source says.
WRITTEN = {"submission_id", "source_row", "source_column", "dq_flags", "source", "invented", "origin"}
LANGUAGE = re.compile(r"[a-z]{3}")
MOST_LISTED = 40
# What a draft writes where a person must answer.
OPEN = "ASK"
# The readings whose values a field of each type can hold, beside the one that its type or name stands for.
FITTING = {
    "text": {"text", "code", "key"},
    "hash": {"key"},
    "integer": {"integer", "year", "months", "count"},
    "number": {"number", "integer", "count", "months"},
    "date": {"date"},
    "timestamp": {"date"},
    "boolean": {"boolean"},
    "code": {"code"},
    "country": {"country", "code"},
    "area": {"area", "code"},
}
LISTS = {"text": {"texts", "codes"}, "code": {"codes"}, "country": {"countries", "codes"}}
PERIODS = {"time_period", "period_start", "period_end", "period_type"}
TYPES: dict[str, tuple[Callable[[str], object], str]] = {
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "date": (datetime.date.fromisoformat, "a day such as 2021-07-31"),
    "timestamp": (datetime.datetime.fromisoformat, "a day such as 2021-07-31"),
}


def declaration_faults(source: Source, today: datetime.date) -> list[str]:
    """Give one sentence for every code, constant, separator or correction of a declaration that cannot stand."""
    faults = [*_open_faults(source), *_code_faults(source), *_constant_faults(source, today), *_unit_faults(source)]
    return [*faults, *_column_faults(source), *_correction_faults(source, today)]


def reading_fault(field: Field, name: str) -> str | None:
    """Say why a field cannot hold what a reading gives; None where it can."""
    fitting = LISTS[field.type] if field.many and field.type in LISTS else FITTING[field.type]
    if field.codelist == "CL_YNU" and not field.many:
        fitting = fitting | {"yes_no"}
    if field.name in PERIODS:
        fitting = fitting | {"period"}
    if name in fitting:
        return None
    return f"the reading {name!r} does not give what {field.name} holds; choose one of {', '.join(sorted(fitting))}, or none"


def _open_faults(source: Source) -> Iterator[str]:
    """Name what a draft left to be answered."""
    for key, value in (("title", source.title), ("publisher", source.publisher)):
        if value == OPEN:
            yield f"{source.where(key)}: is still to be answered; write it in words instead of {OPEN}"
    for key, column in source.columns.items():
        for name in ("reading", "decimal", "thousands"):
            if getattr(column, name) == OPEN:
                yield f"{source.where('columns', key, name)}: is still to be answered; replace {OPEN}"


def _code_faults(source: Source) -> Iterator[str]:
    submission, observation = table("submission"), table("observation")
    declared: list[tuple[tuple[object, ...], str | None, Field]] = [
        (("source_type",), source.source_type, submission.field("source_type")),
        (("period_type",), source.period_type, submission.field("period_type")),
        (("count_unit",), source.count_unit, observation.field("count_unit")),
    ]
    if source.country != "several":
        declared.append((("country",), source.country, submission.field("reporting_country")))
    for place, item in enumerate(source.submissions):
        declared.append((("submissions", place, "status"), item.status, submission.field("status")))
        declared.append((("submissions", place, "obs_status"), item.obs_status, observation.field("obs_status")))
        if item.supersedes is not None and item.supersedes == item.file:
            yield f"{source.where('submissions', place, 'supersedes')}: a file cannot replace itself; name the older one"
    for keys, code, field in declared:
        if code is not None and field.codes is not None and code not in field.codes:
            yield f"{source.where(*keys)}: there is no code {code!r}; choose one of {', '.join(field.codes[:MOST_LISTED])}"
    for place, language in enumerate(source.languages):
        if not LANGUAGE.fullmatch(language):
            where = source.where("languages", place)
            yield f"{where}: {language!r} is no ISO 639-3 code; write three letters such as eng, ara or amh"


def _constant_faults(source: Source, today: datetime.date) -> Iterator[str]:
    fields = {field.name: field for field in table(source.table).fields}
    pairs: list[tuple[tuple[str, ...], str, str]] = []
    pairs += [(("constants", name), name, value) for name, value in source.constants.items()]
    for label, dims in source.measures.items():
        pairs += [(("measures", label, name), name, value) for name, value in dims.items()]
    how = How(today=today, field="period", languages=("eng",), period_type=source.period_type)
    for keys, name, value in pairs:
        where, field = source.where(*keys), fields.get(name)
        if field is None:
            yield f"{where}: {source.table} has no such field; correct its name"
        elif name in WRITTEN or field.type == "hash":
            yield f"{where}: is written by Pembe itself; remove it"
        elif keys[0] == "measures" and name == "time_period":
            if read_period(value, how).values[0] is None:
                yield f"{where}: the period {value!r} cannot be read; write 2021, EFY 2015, FY 2021/22, 2021-Q2 or 2021-07"
        else:
            fault = _value_fault(field, value)
            if fault is not None:
                yield f"{where}: {fault}"


def _unit_faults(source: Source) -> Iterator[str]:
    """Name each indicator that the declaration gives a unit which that indicator does not declare."""
    if source.table != "observation":
        return
    constant = source.constants.get("count_unit", source.count_unit)
    pairs: list[tuple[tuple[str, ...], str, str]] = []
    if "indicator" in source.constants:
        pairs.append((("constants", "indicator"), source.constants["indicator"], constant))
    for label, dims in source.measures.items():
        if "indicator" in dims:
            pairs.append((("measures", label, "indicator"), dims["indicator"], dims.get("count_unit", constant)))
    pairs += _worded_units(source, constant)
    for keys, code, unit in pairs:
        indicator = indicators().get(code)
        if indicator is not None and unit not in indicator.units and "count_unit" not in _said_elsewhere(source, keys):
            declared = " or ".join(indicator.units)
            yield f"{source.where(*keys)}: {code} is counted in {declared}, not in {unit}; choose the indicator of that unit"


def _worded_units(source: Source, constant: str) -> list[tuple[tuple[str, ...], str, str]]:
    """Pair the words of the column that names indicators with the unit that the same word, or the source, gives."""
    named, counted = source.columns.get("indicator"), source.columns.get("count_unit")
    if named is None or (counted is not None and counted.column != named.column):
        return []
    units = {word: code for code, words in counted.words.items() for word in words} if counted is not None else {}
    return [
        (("columns", "indicator", "words", code), code, units.get(word, constant))
        for code, words in named.words.items()
        for word in words
        if counted is None or word in units
    ]


def _said_elsewhere(source: Source, keys: tuple[str, ...]) -> set[str]:
    """Name the fields that a column gives, so that a constant beside it says nothing."""
    return set() if keys[0] == "columns" or "count_unit" in source.measures.get(keys[1], {}) else set(source.columns)


def _value_fault(field: Field, value: str) -> str | None:
    codes = field.codes
    if codes is not None:
        unknown = sorted(set(value.split("|") if field.many else [value]) - set(codes))
        some = ", ".join(codes[:MOST_LISTED])
        return f"{field.codelist or field.type} has no code {unknown[0]!r}; choose one of {some}" if unknown else None
    if field.type == "boolean":
        return None if value in ("true", "false") else f'{value!r} is neither "true" nor "false"; write one of them'
    if field.type in TYPES:
        read, wanted = TYPES[field.type]
        try:
            read(value)
        except ValueError:
            return f"{value!r} is not {wanted}; write it so"
    if field.pattern is not None and not re.fullmatch(field.pattern, value):
        return f"{value!r} has not the form of this field ({field.definition.rstrip('.')}); correct it"
    return None


def _column_faults(source: Source) -> Iterator[str]:
    for key, column in source.columns.items():
        if not column.column.strip():
            yield f"{source.where('columns', key, 'column')}: names no column; write its heading as the file has it"
        if column.separator is None:
            continue
        try:
            empty = re.compile(column.separator).match("") is not None
        except (re.error, RecursionError, OverflowError):
            yield f"{source.where('columns', key, 'separator')}: is not a pattern; write the signs in brackets, such as [;/+]"
            continue
        if empty:
            where = source.where("columns", key, "separator")
            yield f"{where}: would part every letter; write the signs in brackets, such as [;/+]"


def _correction_faults(source: Source, today: datetime.date) -> Iterator[str]:
    files = {item.file for item in source.submissions}
    for place, item in enumerate(source.corrections):
        where = source.where("corrections", place)
        if item.expires < today:
            yield (
                f"{where}: the correction of row {item.row}, {item.column!r} expired on {item.expires}; ask {item.by} whether it "
                "still holds, then write a later `expires`, or remove it"
            )
        if item.file is not None and item.file not in files:
            yield f"{where}: corrects the file {item.file!r}, which is not declared; correct its name or remove it"
