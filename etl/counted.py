"""A figure counted from records in; which rows are in it, which are not and why, and the words it rests on out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etl.coarse import LEAST
from etl.dimensions import DIMENSIONS, NATIVE
from etl.report import Listing
from etl.trace import FROM_FIELD
from schemas.dimensions import BREAKDOWN, dimensions
from schemas.indicators import Indicator, computations
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

WHOLE = " AND ".join(f"{name} = '_T'" for name in dimensions(BREAKDOWN))
FEW = f"<{LEAST} rows"


def computation(connection: duckdb.DuckDBPyConnection, source: object, indicator: str, where: dict[str, str]) -> Indicator | None:
    """Find how an indicator is counted from the records of a source; None where it is made from other figures."""
    held = {row[0] for row in connection.execute('SELECT "table" FROM ruled_column WHERE source = ?', [source]).fetchall()}
    for found in computations():
        fixed = found.fixed is None or where.get(found.fixed[0], "_T") == found.fixed[1]
        if found.code == indicator and found.table in held and found.table in DIMENSIONS and fixed:
            return found
    return None


def account(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], found: Indicator, country: str, where: dict[str, str]
) -> tuple[list[str], Listing]:
    """Part the kept rows of each submission: counted in the figure, or of another period, meaning or breakdown.

    row: the observation, with source, source_type, period_start, period_end and period_type. Of a share, the rows that
    it is a share of are counted.
    """
    period, meaning, breakdown, bound = _conditions(row, found, country, where)
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
            (otherwise, f"not what is asked for ({found.formula})"),
            (others, "of another breakdown"),
        ]
        left = "".join(f", {count} are {why}" for count, why in reasons if count)
        told.append(f"{submission}: {kept} rows were kept; {counted} are in this figure{left}")
    columns = ("submission", "kept", "in this figure", "other period", "other meaning", "other breakdown")
    return told, Listing(f"rows counted in {row['observation_id']}", columns, rows)


def counted_words(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], found: Indicator, country: str, where: dict[str, str]
) -> Listing:
    """List the words on which a figure rests with the number of rows of each; rare words of real files stay hidden."""
    period, meaning, breakdown, bound = _conditions(row, found, country, where)
    told: list[tuple[object, ...]] = []
    for field in _fields(found, where):
        told += _words(connection, row, found.table, field, f"{period} AND {meaning} AND {breakdown}", bound)
    columns = ("field", "their column", "as written", "read as", "match", "decided by", "rows")
    return Listing(f"words in {row['observation_id']}", columns, told)


def made_from(connection: duckdb.DuckDBPyConnection, row: dict[str, object], indicator: str, country: str) -> Listing:
    """List the figures of which a rate or ratio of figures is made: those of its parts, for the same country and time."""
    parts = [found for found in computations() if found.code == indicator and found.table not in DIMENSIONS]
    texts = " ".join(f"{found.numerator} {found.denominator}" for found in parts)
    wanted = sorted(set(re.findall(r"[A-Z][A-Z0-9_]+", texts)))
    rows = connection.execute(
        "SELECT observation_id, indicator, source, source_type::VARCHAR, obs_value FROM observation "
        "WHERE list_contains($wanted, indicator) AND ref_area::VARCHAR = $country AND period_start = $period_start "
        f"AND period_end = $period_end AND {WHOLE} ORDER BY ALL",
        {"wanted": wanted, "country": country, "period_start": row["period_start"], "period_end": row["period_end"]},
    ).fetchall()
    return Listing(f"figures of which {row['observation_id']} is made", ("figure", "indicator", "source", "body", "value"), rows)


def _breakdown(found: Indicator, where: dict[str, str]) -> dict[str, str]:
    """Give the dimensions that choose rows: not those that the indicator itself fixes."""
    fixed = found.fixed[0] if found.fixed is not None else None
    named = DIMENSIONS[found.table]
    return {name: value for name, value in where.items() if value != "_T" and name in named and name != fixed}


def _conditions(
    row: dict[str, object], found: Indicator, country: str, where: dict[str, str]
) -> tuple[str, str, str, dict[str, object]]:
    """Say in SQL which rows are of the figure's period, of its meaning and of its breakdown; none is ever NULL."""
    bound = {name: row[name] for name in ("source", "source_type", "period_start", "period_end", "period_type")}
    bound["country"] = country
    period = (
        "(row.reporting_country::VARCHAR = $country AND row.source_type::VARCHAR = $source_type "
        f"AND CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_start = $period_start "
        "AND submission.period_end = $period_end AND submission.period_type::VARCHAR = $period_type "
        "ELSE coalesce(row.ref_year = year($period_start::DATE), FALSE) AND $period_type = 'CY' END)"
    )
    parts = ["TRUE"]
    for name, value in _breakdown(found, where).items():
        parts.append(f"coalesce(CAST({DIMENSIONS[found.table][name]} AS VARCHAR), '_U') = $in_{name}")
        bound[f"in_{name}"] = value
    below = [part for part in found.denominator.split(";") if part.strip()]
    among = " OR ".join(f"coalesce(CAST(({part}) AS BIGINT) > 0, FALSE)" for part in below) or "TRUE"
    measured = f"({found.measure}) IS NOT NULL" if found.kind == "median" else "TRUE"
    return period, f"(coalesce({found.condition}, FALSE) AND {measured} AND ({among}))", f"({' AND '.join(parts)})", bound


def _fields(found: Indicator, where: dict[str, str]) -> list[str]:
    """Name the fields that decide whether and how much a row counts."""
    chosen = [DIMENSIONS[found.table][name] for name in _breakdown(found, where)]
    texts = (found.condition, found.measure, found.numerator, found.denominator, *chosen)
    named = re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", " ".join(texts)))
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
