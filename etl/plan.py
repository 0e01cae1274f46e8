"""A source's declaration made ready to run: which column of theirs is read how, into which fields of ours."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from etl.cell_signs import sign_of_a_program
from etl.declared import WRITTEN as WRITTEN
from etl.declared import declaration_faults, reading_fault
from etl.door import HIDDEN, refuse_heading, shown_heading, shown_headings
from etl.errors import SourceError, SourceErrors
from etl.fold import fold
from etl.headings import heading
from etl.identifying import identifying_header, identifying_value
from etl.readings import READINGS, reading_for
from etl.readings.how import How
from etl.readings.phrases import phrases
from etl.readings.said import ASK, NONE, Said
from etl.source import Column, Source
from schemas.dimensions import breakdowns
from schemas.tables import Field, Table, table

# A key under `columns` that is no field of ours but a group of fields, and the reading that gives them.
GROUPS = {"age": "age", "sex_age": "sex_age", "fee": "money", "fine": "money", "coordinates": "coordinates", "migrants": "count"}
# Counts of an aggregate table that nobody broke down are totals.
TOTALS = ("ref_subarea", *breakdowns())
# The heading of the column that a table of counts is turned into.
FIGURE = "(figure)"
UNKNOWN, MISSING = "_U", "MISSING"
# Readings that take any text as it stands.
FREE = ("text", "texts")
SOFT = "V01W"


@dataclass(frozen=True)
class ColumnPlan:
    """How one column of theirs gives one or more fields of ours.

    fallbacks: what stands in each field where nothing is said. required: an unknown word refuses the row. lacking: so
    does silence, since a required field has no code for it.
    """

    key: str
    header: str
    reading: str
    how: How
    outputs: tuple[str, ...]
    fallbacks: tuple[str | tuple[str, ...] | None, ...]
    required: bool
    lacking: bool

    def read(self, raw: str) -> Said:
        """Read one raw value; what is missing, asked or unknown becomes unknown only where the list has a word for it."""
        text = fold(raw)
        if not text or text in self.how.missing:
            note = "nothing is written here; find out what was meant" if self.lacking else ""
            return Said(self.fallbacks, MISSING, ("V01",) if self.lacking else (), note)
        shown = sign_of_a_program(raw)
        if shown is not None:
            return Said(self.fallbacks, NONE, ("V01" if self.required else SOFT,), shown)
        if self.reading in FREE and identifying_value(raw) is not None:
            return Said(self.fallbacks, NONE, ("V02",), HIDDEN)
        said = READINGS[self.reading].read(raw, self.how)
        if said.match not in (ASK, NONE):
            return said
        rules = tuple(SOFT if rule == "V01" and not self.required else rule for rule in said.rules)
        return replace(said, values=self.fallbacks, rules=rules)


@dataclass(frozen=True)
class Plan:
    """Everything that the submissions of a source need to be read."""

    source: Source
    table: Table
    columns: tuple[ColumnPlan, ...]
    constants: dict[str, str]
    skips: dict[str, tuple[str, frozenset[str]]]

    @property
    def keys(self) -> frozenset[str]:
        """Give the headings of the columns that hold national numbers: they are hashed, never read or kept."""
        return frozenset(column.header for column in self.columns if column.reading == "key")

    @property
    def wanted(self) -> tuple[str, ...]:
        """Give the headings to read, each once; ignored columns are never read at all."""
        skips = (header for header, _ in self.skips.values())
        headers = (*(column.header for column in self.columns), *skips)
        return tuple(header for header in dict.fromkeys(headers) if header != FIGURE)


def plan_source(source: Source, today: datetime.date) -> Plan:
    """Make a source ready to run.

    Errors: SourceErrors, one sentence for every field, reading, word or constant that does not exist or is not reached.
    """
    target = table(source.table)
    fields = {field.name: field for field in target.fields}
    faults: list[str] = []
    columns: list[ColumnPlan] = []
    for key, column in source.columns.items():
        try:
            columns.append(column_plan(source, key, column, fields, today))
        except SourceError as fault:
            faults.append(str(fault))
    if source.measures and "obs_value" not in source.columns:
        columns.append(column_plan(source, "obs_value", Column(column=FIGURE), fields, today))
    faults += declaration_faults(source, today)
    faults += _key_faults(source, columns)
    if not faults:
        faults += _reach_faults(source, columns, fields)
    if faults:
        raise SourceErrors(faults)
    skips = {
        name: (heading(rows.column), frozenset(fold(word) for word in rows.words)) for name, rows in source.skip_rows.items()
    }
    constants = dict(source.constants)
    if source.table == "observation":
        given = {output for column in columns for output in column.outputs}
        given |= {name for dims in source.measures.values() for name in dims}
        constants |= {name: "_T" for name in TOTALS if name not in given and name not in constants}
    return Plan(source, target, tuple(columns), constants, skips)


def check_headers(source: Source, headers: Iterable[str], file: str, wanted: Iterable[str]) -> None:
    """Refuse a file whose columns are not those that the source rules on.

    Errors: SourceError that names the columns that are gone and new, with the lines to add; values are never shown.
    """
    met = list(headers)
    ruled = {heading(name) for name in (*source.ignore, *source.measures)} | set(wanted)
    gone = [name for name in wanted if name not in met]
    gone += [heading(name) for name in source.measures if heading(name) not in met]
    if source.file.format in ("json", "jsonl"):
        gone = []  # a key that no object has is missing everywhere: lists of objects leave empty keys out
    new = [name for name in met if name not in ruled]
    if not gone and not new:
        return
    if not ruled & set(met):
        # What stands here is no heading, or is not parted: it may be a row of data, so nothing of it is shown.
        raise SourceError(
            f"{source.where('file')}: {file}: none of the headings declared is in row {source.file.header_rows[-1]}, "
            f"which parts into {len(met)} columns; correct `header_rows`, {_parting(source, met)}or send the file that was agreed"
        )
    kinds = {name: identifying_header(name) for name in new}
    plain = [name for name in new if shown_heading(name) == repr(name)]
    lines = "; ".join(f'ignore: {{"{name}": {"identifying" if kinds[name] else "why it is not needed"}}}' for name in plain[:5])
    more = f" and {len(new) - len(plain[:5])} more" if len(new) > len(plain[:5]) else ""
    add = f"; under `columns`, or {lines}{more}" if new else ""
    raise SourceError(f"{source.name}: {file}: columns changed; gone: {gone[:10]}, new: {shown_headings(new[:10])}{add}")


def _parting(source: Source, met: list[str]) -> str:
    if source.file.format != "csv":
        return ""
    signs = [sign for sign in ";\t|," if sign != source.file.delimiter and len(met) == 1 and sign in met[0]]
    return f"write `delimiter: {signs[0]!r}`, " if signs else "`delimiter`, `encoding`, "


def dropped_headers(source: Source, headers: Iterable[str]) -> tuple[str, ...]:
    """Give the headings of ignored columns that hold direct identifiers, by declaration or by their name (V02)."""
    ignored = {heading(name): why for name, why in source.ignore.items()}
    return tuple(name for name in headers if name in ignored and (ignored[name] == "identifying" or identifying_header(name)))


def column_plan(source: Source, key: str, column: Column, fields: dict[str, Field], today: datetime.date) -> ColumnPlan:
    """Make one column ready to run.

    Errors: SourceError for a field, reading, word or heading that cannot stand.
    """
    where = source.where("columns", key)
    target = fields.get(key)
    if target is None and key not in GROUPS:
        raise SourceError(f"{where}: {source.table} has no such field; choose one of {', '.join(sorted(fields)[:60])}")
    if key in WRITTEN:
        raise SourceError(f"{where}: is written by Pembe itself; remove it")
    name = column.reading or (GROUPS[key] if target is None else reading_name(target))
    if name == "text" and column.words:
        name = "code"  # words make a list of their own for a field that has none
    if key == "obs_value":
        name = column.reading or "count"
    reading = READINGS.get(name)
    if reading is None and name != "key":
        raise SourceError(f"{where}: there is no reading {name!r}; choose one of {', '.join(sorted(READINGS))}")
    if column.reading is not None and column.reading not in (GROUPS.get(key), target and reading_name(target)):
        fault = reading_fault(target, column.reading) if target is not None else f"is read as {GROUPS[key]}; remove the reading"
        if fault is not None:
            raise SourceError(f"{where}: {fault}")
    refuse_heading(source.name, key, heading(column.column), name)
    outputs = (key,) if reading is None else _outputs(reading.outputs(key), fields)
    _refuse_lost(source, key, outputs)
    first = fields.get(outputs[0])
    codes = first.codelist if first is not None else None
    lexicon = {fold(word): code for code, words in column.words.items() for word in words}
    _refuse_words(source, key, column, first)
    how = How(
        today=today,
        source=source.name,
        field=key,
        country=source.country if source.country != "several" else "",
        languages=tuple(source.languages),
        calendar=column.calendar or source.calendar,
        date_order=column.date_order or source.date_order,
        period_type=source.period_type,
        decimal=column.decimal if column.decimal is not None else source.file.decimal,
        thousands=column.thousands if column.thousands is not None else source.file.thousands,
        codelist=codes,
        words=lexicon,
        separator=column.separator,
        missing=frozenset(fold(word) for word in source.missing),
        zero=frozenset(fold(word) for word in source.zero),
        suppressed={fold(sign): bounds for sign, bounds in source.suppressed.items()},
        excel_epoch=source.file.excel_epoch,
        months_each=_months_each(source, key, column, name),
        years=_years_written(source, today),
        percent=key == "obs_value" and "PCT" in (source.count_unit, source.constants.get("count_unit")),
    )
    required = any(fields[name].required == "R" for name in outputs if name in fields)
    fallbacks = tuple(_fallback(fields.get(name)) for name in outputs)
    derived = DERIVED[source.table]
    lacking = any(
        fallback is None and output in fields and fields[output].required == "R" and output not in derived
        for output, fallback in zip(outputs, fallbacks, strict=True)
    )
    return ColumnPlan(key, heading(column.column), name, how, outputs, fallbacks, required, lacking)


def _months_each(source: Source, key: str, column: Column, reading: str) -> int:
    """Give how many months a bare number of a column stands for; errors: SourceError where its heading says another unit."""
    where = source.where("columns", key)
    if reading != "months":
        if column.unit is not None:
            raise SourceError(f"{where}: `unit` is for lengths of time; remove it")
        return 1
    words = fold(column.column).replace("(", " ").replace(")", " ").split()
    units = {phrases("age_unit")[word] for word in words if word in phrases("age_unit")}
    if column.unit is None and units - {"month"}:
        raise SourceError(f"{where}: the heading {column.column!r} names another unit than months; declare `unit: years`")
    return 12 if column.unit == "years" else 1


def _years_written(source: Source, today: datetime.date) -> tuple[int, int] | None:
    """Give the first year of the periods of a source, and the year of today: what was typed into its files was typed between."""
    years = [int(year) for submission in source.submissions for year in re.findall(r"[0-9]{4}", submission.period)]
    return (min(years), today.year) if years else None


def reading_name(target: Field) -> str:
    """Give the reading of a field that names none: by its type, or by its name where that says more."""
    if target.type == "hash":
        return "key"
    if target.codelist == "CL_YNU" and not target.many:
        return "yes_no"
    return reading_for(target.type, target.name, target.many)


def _outputs(outputs: tuple[str, ...], fields: dict[str, Field]) -> tuple[str, ...]:
    """Name the field of each value that a reading gives; `-` where this table has none."""
    return tuple(name if name in fields else "-" for name in outputs)


def _refuse_lost(source: Source, key: str, outputs: tuple[str, ...]) -> None:
    """Refuse a column whose words would be lost, since the table holds none of its fields, or the sex of it and not the age."""
    if set(outputs) == {"-"} or (key == "sex_age" and "-" in outputs):
        remedy = "write `reading: code`, and its words by their bands under `words:`"
        if key != "age":
            remedy = "declare the fields that it holds one by one, or leave the column out under `ignore`"
        raise SourceError(f"{source.where('columns', key)}: {source.table} has no field for what is read here; {remedy}")


def _fallback(target: Field | None) -> str | tuple[str, ...] | None:
    if target is None or target.silence is None:
        return None
    return (target.silence,) if target.many else target.silence


def _refuse_words(source: Source, key: str, column: Column, target: Field | None) -> None:
    codes = target.codes if target is not None else None
    seen: dict[str, str] = {}
    for code, words in column.words.items():
        where = source.where("columns", key, "words", code)
        if codes is not None and code not in codes:
            raise SourceError(f"{where}: there is no code {code!r}; choose one of {', '.join(codes[:60])}")
        for word in words:
            other = seen.setdefault(fold(word), code)
            if other != code:
                raise SourceError(f"{where}: {word!r} cannot mean both {other} and {code}; keep one")


def _key_faults(source: Source, columns: list[ColumnPlan]) -> list[str]:
    keys = {column.header for column in columns if column.reading == "key"}
    return [
        f"{source.where('columns', column.key)}: the column {column.header!r} is a key, "
        "of which nothing else may be kept; map it once"
        for column in columns
        if column.header in keys and column.reading != "key"
    ]


def _reach_faults(source: Source, columns: list[ColumnPlan], fields: dict[str, Field]) -> list[str]:
    """Name the required fields that no column and no constant gives, and the fields that two columns give."""
    if not any(submission.file for submission in source.submissions):
        return []
    given = [output for column in columns for output in column.outputs if output != "-"]
    twice = sorted({name for name in given if given.count(name) > 1})
    made = WRITTEN | set(given) | set(source.constants) | {name for dims in source.measures.values() for name in dims}
    made |= DERIVED[source.table] | (set(TOTALS) if source.table == "observation" else set())
    if source.measures:
        made.add("obs_value")
    lacking = [field.name for field in fields.values() if field.required == "R" and field.name not in made]
    faults = [f"{source.where('columns', name)}: {name} is given by two columns; keep one" for name in twice]
    for name in lacking:
        faults.append(
            f"{source.name}.yml: nothing gives {name}; add `{name}: {{column: …}}` under columns or `{name}: …` under constants"
        )
    return faults


# What the pipeline derives for each table when the source does not give it.
DERIVED = {
    "victim": {
        *("victim_id", "reporting_country", "source_type", "ref_year", "date_precision"),
        *("date_referred_precision", "date_service_precision"),
        *("exploitation_main", "exploitation_forms"),
    },
    "suspect": {"suspect_id", "reporting_country", "source_type", "ref_year", "iccs_code"},
    "smuggling_incident": {"incident_id", "reporting_country", "source_type", "ref_year", "date_precision", "n_migrants_quality"},
    "smuggled_group": {"group_id", "reporting_country", "source_type", "ref_year"},
    "observation": {
        "observation_id", "ref_area", "freq", "time_period", "period_start", "period_end", "period_type", "source_type",
        "count_unit", "obs_status", "conf_status", "protection",
    },
}  # fmt: skip
