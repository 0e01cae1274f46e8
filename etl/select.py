"""The SQL expression that gives each field of a record table from the numbered rulings of a chunk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pyarrow as pa

from etl.headings import heading
from etl.plan import Plan
from etl.readings.periods import period as read_period
from etl.store import RECORDS
from schemas.codelists import codelist
from schemas.tables import Field

# What every row of a submission shares, bound as parameters.
IDENTITY = (
    "submission_id", "source", "invented", "origin", "already_public", "country", "source_type", "count_unit", "period_start",
    "period_end",
    "period_type", "time_period", "freq", "obs_status", "today", "salt",
)  # fmt: skip
PERIOD = ("period_start", "period_end", "period_type", "time_period")
# The days by which a record is counted to a year, the first that is known; help for a victim may begin in a later year.
COUNTED_BY = ("date_identified", "date_formal", "date_charged", "date_verdict1", "date_final", "date_incident")
# Readings whose words may hold for some time only, and the rule that a row of another day breaks.
DATED = {"country": "V16", "area": "V38"}
# What stands for a column's key where the value is said by the heading of a count.
MEASURE = "measure"


def quoted(name: str) -> str:
    """Quote a name of a column or table for SQL."""
    return '"' + name.replace('"', '""') + '"'


def gathered(key: str, output: str) -> str:
    """Name the column of `coded` that holds what the rulings of a column say for one output."""
    return f"{key}.{output}"


def field_expressions(plan: Plan, dated: Collection[str] = ()) -> dict[str, str]:
    """Give one SQL expression a field, over `coded`: rows of rulings with what these say, see `gathered`.

    Where a source gives a field, its ruling is taken; else its constant; else what Pembe derives; else NULL.
    dated: keys of columns with words that had their meaning for some time only; a country that is written on a day
    before or after stays unknown, an area is kept.
    """
    given = _given(plan)
    outside = outside_expressions(plan, dated)
    for column in plan.columns:
        if column.key in outside and DATED[column.reading] == "V16":
            silence = f"'{column.fallbacks[0]}'" if column.fallbacks[0] is not None else "NULL"
            given[column.key] = f"CASE WHEN {outside[column.key]} THEN {silence} ELSE {given[column.key]} END"
    derived = _derived(plan, given)
    expressions = {}
    for field in plan.table.fields:
        if field.name == "dq_flags":
            continue
        expression = given.get(field.name) or derived.get(field.name) or "NULL"
        expressions[field.name] = f"CAST({expression} AS {field.sql_type})"
    return expressions


def outside_expressions(plan: Plan, dated: Collection[str]) -> dict[str, str]:
    """Give for each dated column an expression that is TRUE where the day of the row is outside the days of its word."""
    given = _given(plan)
    days = [given[name] for name in COUNTED_BY if name in given]
    if plan.table.name == "observation":
        days = [given[name] for name in ("period_end",) if name in given]
    elif "ref_year" in given:
        days.append(f"make_date({given['ref_year']}, 12, 31)")
    day = f"coalesce({', '.join([*days, 'CAST($period_end AS DATE)'])})"
    return {key: f"coalesce({day} < {_value(key, '_since')} OR {day} > {_value(key, '_until')}, FALSE)" for key in dated}


def constant_parameters(plan: Plan) -> dict[str, object]:
    """Give the constants of a source as parameters, `c_<field>`."""
    return {f"c_{name}": value for name, value in plan.constants.items()}


def measure_fields(plan: Plan) -> tuple[str, ...]:
    """Give the fields that the headings of an aggregate table say."""
    named = dict.fromkeys(name for dims in plan.source.measures.values() for name in dims)
    return (*(name for name in named if name != "time_period"), *(PERIOD if "time_period" in named else ()))


def measure_table(plan: Plan) -> pa.Table:
    """Give what each heading of a table of counts says: `_column`, its `number` from 1, and one column a field."""
    rows: list[dict[str, object]] = []
    for number, (label, dims) in enumerate(plan.source.measures.items(), start=1):
        row: dict[str, object] = {"_column": heading(label), "number": number, **dict.fromkeys(measure_fields(plan)), **dims}
        period = row.pop("time_period", None)
        if period is not None:
            how = replace(plan.columns[-1].how, field="period", period_type=plan.source.period_type)
            row |= dict(zip(PERIOD, read_period(str(period), how).values, strict=True))
        rows.append(row)
    return pa.Table.from_pylist(rows)


def _value(key: str, output: str) -> str:
    return f"coded.{quoted(gathered(key, output))}"


def _typed(key: str, field: Field) -> str:
    if field.codes is None or field.many:
        return _value(key, field.name)
    return f"CAST(enum_range(NULL::{field.sql_type}) AS {field.sql_type}[])[{_value(key, field.name)} + 1]"


def _given(plan: Plan) -> dict[str, str]:
    given: dict[str, str] = {}
    for name in plan.constants:
        many = plan.table.field(name).many
        given[name] = f"string_split($c_{name}, '|')" if many else f"$c_{name}"
    for column in plan.columns:
        if column.reading == "key":
            key = f"coded.{quoted(f'k_{column.key}')}"
            given[column.key] = f"CASE WHEN {key} <> '' THEN left(sha256($salt || ':' || {key}), 16) END"
            continue
        for output in column.outputs:
            if output != "-":
                given[output] = _typed(column.key, plan.table.field(output))
        if column.reading == "period":
            # What runs since a day ends, as far as the file knows, with the period of the file.
            start, end = given["period_start"], given["period_end"]
            given["period_end"] = f"CASE WHEN {start} IS NOT NULL THEN coalesce({end}, $period_end) END"
    if plan.source.measures:
        for name in measure_fields(plan):
            below = given.get(name)
            stated = _value(MEASURE, name)
            given[name] = f"coalesce({stated}, {below})" if below is not None else stated
    return given


def _derived(plan: Plan, given: dict[str, str]) -> dict[str, str]:
    fields = {field.name: field for field in plan.table.fields}
    derived = {
        "submission_id": "$submission_id",
        "source_row": "coded._row",
        "reporting_country": "$country",
        "source_type": "$source_type",
        "source": "$source",
        "invented": "$invented",
        "origin": "$origin",
        plan.table.key: "''" if plan.table.name in RECORDS else "$submission_id || '-' || coded._row",
        "ref_year": _reference_year(given, fields),
    }
    if plan.table.name == "observation":
        derived |= _observation(plan, given)
    if plan.table.name == "victim":
        derived |= {
            "date_precision": "CASE WHEN $period_type = 'M' THEN 'M' WHEN $period_type = 'Q' THEN 'Q' ELSE 'Y' END",
            "exploitation_forms": f"[{given.get('exploitation_main', 'NULL')}]",
            "exploitation_main": f"({given.get('exploitation_forms', 'NULL::VARCHAR[]')})[1]",
        }
    if plan.table.name == "suspect" and "offence" in given:
        derived["iccs_code"] = _iccs(given["offence"])
    if plan.table.name == "smuggling_incident":
        derived["n_migrants_quality"] = "'EXACT'"
    return derived


def _reference_year(given: dict[str, str], fields: dict[str, Field]) -> str:
    """Take the year of the row's first date; of the period's end where there is none (an EFY is drawn where it ends).

    A case runs over years: it is counted in the year of its first date in the period of the file.
    """
    dates = [given[name] for name in COUNTED_BY if name in given and name in fields]
    years = [f"year({item})" for item in dates]
    if "date_charged" in fields:
        inside = "BETWEEN CAST($period_start AS DATE) AND CAST($period_end AS DATE)"
        years = [f"CASE WHEN {item} {inside} THEN year({item}) END" for item in dates]
    return f"coalesce({', '.join([*years, 'year(CAST($period_end AS DATE))'])})"


def _observation(plan: Plan, given: dict[str, str]) -> dict[str, str]:
    value = given.get("obs_value", "NULL")
    status, conf, raw = (_value("obs_value", name) for name in ("_status", "_conf", "_raw"))
    stated = given.pop("obs_status", "NULL")
    given["obs_status"] = (
        f"CASE WHEN {value} IS NULL THEN coalesce(nullif({status}, 'E'), 'O') "
        f"ELSE coalesce({stated}, {status}, $obs_status, CASE WHEN $origin = 'PUBLISHED' THEN 'A' ELSE 'V' END) END"
    )
    period = given.get("period_type", "$period_type")
    frequency = (
        f"CASE WHEN {period} IN ('CY', 'EFY', 'EY', 'FY_JUL', 'TIPR') THEN 'A' "
        f"WHEN {period} IN ('H', 'Q', 'M') THEN {period} ELSE '_X' END"
    )
    row = f"coded._row || '-' || {_value(MEASURE, 'number')}" if plan.source.measures else "coded._row"
    return {
        "observation_id": f"$submission_id || '-' || {row}",
        "source_column": "coded._column" if plan.source.measures else "$value_column",
        "ref_area": "$country",
        "count_unit": "$count_unit",
        "freq": frequency,
        "conf_status": conf,
        "protection": "CASE WHEN $already_public THEN 'PUBLISHED' ELSE 'RECEIVED' END",
        "value_raw": raw,
        **{name: f"${name}" for name in PERIOD},
    }


def _iccs(offence: str) -> str:
    listed = codelist("CL_OFFENCE")
    cases = " ".join(
        f"WHEN '{code}' THEN '{listed.crosswalk(code, 'iccs')}'" for code in listed.codes if listed.crosswalk(code, "iccs")
    )
    return f"CASE {offence} {cases} END" if cases else "NULL"
