"""A figure counted from records in; which rows are in it, which are not and why, and the words it rests on out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etl.indicators import DIMENSIONS, NATIVE
from etl.public import LEAST
from etl.report import Listing
from etl.trace import FROM_FIELD
from schemas.indicators import indicators
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

FEW = f"<{LEAST} rows"


def account(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], indicator: str, country: str, where: dict[str, str]
) -> tuple[list[str], Listing]:
    """Part the kept rows of each submission: counted in the figure, or of another period, meaning or breakdown.

    row: the observation, with source, source_type, period_start, period_end and period_type.
    """
    period, meaning, breakdown, bound = _conditions(row, indicator, country, where)
    found = indicators()[indicator]
    rows = connection.execute(
        f"SELECT row.submission_id, count(*), count(*) FILTER ({period} AND {meaning} AND {breakdown}), "
        f"count(*) FILTER (NOT ({period})), count(*) FILTER ({period} AND NOT ({meaning})), "
        f"count(*) FILTER ({period} AND {meaning} AND NOT ({breakdown})) "
        f"FROM {found.table} AS row JOIN submission USING (submission_id) WHERE submission.source = $source GROUP BY ALL "
        f"HAVING bool_or({period}) ORDER BY ALL",
        bound,
    ).fetchall()
    told = []
    for submission, kept, counted, elsewhere, otherwise, others in rows:
        reasons = [
            (elsewhere, "of another period, country or body"),
            (otherwise, f"not {found.formula}"),
            (others, "of another breakdown"),
        ]
        left = "".join(f", {count} are {why}" for count, why in reasons if count)
        told.append(f"{submission}: {kept} rows were kept; {counted} are in this figure{left}")
    columns = ("submission", "kept", "in this figure", "other period", "other meaning", "other breakdown")
    return told, Listing(f"rows counted in {row['observation_id']}", columns, rows)


def counted_words(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], indicator: str, country: str, where: dict[str, str]
) -> Listing:
    """List the words on which a figure rests with the number of rows of each; rare words of real files stay hidden."""
    period, meaning, breakdown, bound = _conditions(row, indicator, country, where)
    name = indicators()[indicator].table
    told: list[tuple[object, ...]] = []
    for field in _fields(indicator, where):
        told += _words(connection, row, name, field, f"{period} AND {meaning} AND {breakdown}", bound)
    columns = ("field", "their column", "as written", "read as", "match", "decided by", "rows")
    return Listing(f"words in {row['observation_id']}", columns, told)


def _conditions(
    row: dict[str, object], indicator: str, country: str, where: dict[str, str]
) -> tuple[str, str, str, dict[str, object]]:
    """Say in SQL which rows are of the figure's period, of its meaning and of its breakdown; none is ever NULL."""
    found = indicators()[indicator]
    bound = {name: row[name] for name in ("source", "source_type", "period_start", "period_end", "period_type")} | {
        "country": country
    }
    period = (
        f"(row.reporting_country::VARCHAR = $country AND row.source_type::VARCHAR = $source_type "
        f"AND CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_start = $period_start "
        "AND submission.period_end = $period_end AND submission.period_type::VARCHAR = $period_type "
        "ELSE coalesce(row.ref_year = year($period_start::DATE), FALSE) AND $period_type = 'CY' END)"
    )
    parts = ["TRUE"]
    for name, expression in DIMENSIONS[found.table].items():
        if where.get(name, "_T") != "_T":
            parts.append(f"coalesce(CAST({expression} AS VARCHAR), '_U') = $in_{name}")
            bound[f"in_{name}"] = where[name]
    return period, f"coalesce({found.condition}, FALSE)", f"({' AND '.join(parts)})", bound


def _fields(indicator: str, where: dict[str, str]) -> list[str]:
    """Name the fields that decide whether and how much a row counts."""
    found = indicators()[indicator]
    chosen = [expression for name, expression in DIMENSIONS[found.table].items() if where.get(name, "_T") != "_T"]
    named = re.findall(r"[a-z_0-9]+", " ".join([re.sub(r"'[^']*'", "", found.condition), found.measure, *chosen]))
    fields = {field.name for field in table(found.table).fields}
    return [name for name in dict.fromkeys(named) if name in fields]


def _words(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], name: str, field: str, condition: str, bound: dict[str, object]
) -> list[tuple[object, ...]]:
    column = connection.execute(
        "SELECT \"key\", raw_field, first_ruling FROM ruled_column WHERE source = ? AND reading <> 'key' "
        "AND (list_contains(outputs, ?) OR list_contains(outputs, ?)) ORDER BY list_contains(outputs, ?) DESC LIMIT 1",
        [row["source"], field, FROM_FIELD.get(field, field), field],
    ).fetchone()
    if column is None:
        said = connection.execute(
            "SELECT value FROM ruled_constant WHERE source = ? AND field = ?", [row["source"], field]
        ).fetchone()
        return [(field, None, None, said[0] if said is not None else None, None, f"declaration {row['source']}.yml", None)]
    key, raw_field, first = column
    rows = connection.execute(
        f"SELECT ruling.raw_value, ruling.code, ruling.match::VARCHAR, ruling.decided_by, count(*) AS rows FROM {name} AS row "
        f"JOIN submission USING (submission_id) JOIN {name}_lineage AS line USING (submission_id, source_row) "
        f'JOIN ruling ON ruling.ruling_id = $first + line."r_{key}" '
        f"WHERE submission.source = $source AND {condition} GROUP BY ALL ORDER BY rows DESC, ruling.raw_value",
        {**bound, "first": first},
    ).fetchall()
    if row["invented"]:
        return [(field, raw_field, *told) for told in rows]
    shown = [(field, raw_field, *told) for told in rows if told[4] >= LEAST]
    codes = dict.fromkeys(told[1] for told in rows if told[4] < LEAST)
    return [*shown, *((field, raw_field, FEW, code, None, None, f"<{LEAST}") for code in codes)]
