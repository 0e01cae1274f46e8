"""Records in, observations out: what `indicators.csv` declares, counted over the breakdowns that it names and no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etl.derived import write_derived
from etl.quality import write_quality
from schemas.indicators import Indicator, computations
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

# An incident that names several of a list counts once, under a code of its own, so that parts make the total.
_ONE = "CASE WHEN len({0}) > 1 THEN 'MIXED' ELSE {0}[1]::VARCHAR END"
_THROUGH = _ONE.format("countries_transit")
# For each record table: the dimension of an observation, and the expression that gives it for one record.
DIMENSIONS: dict[str, dict[str, str]] = {
    "victim": {
        "sex": "sex",
        "age": "age_group",
        "citizenship": "citizenship",
        "counterpart_area": "country_exploitation",
        "transit": _THROUGH,
        "exploitation": "exploitation_main",
        "scope": "trafficking_scope",
    },
    "suspect": {
        "sex": "sex",
        "age": "age_group",
        "citizenship": "citizenship",
        "offence": "offence",
        "stage": "stage_highest",
    },
    "smuggling_incident": {
        "counterpart_area": "coalesce(country_destination, '_U')",
        "departure": "coalesce(country_departure, '_U')",
        "transit": "coalesce(country_transit, '_U')",
        "route": "route",
        "transport_mode": _ONE.format("transport_modes"),
        "outcome": _ONE.format("migrants_outcome"),
    },
    "smuggled_group": {"sex": "sex", "age": "age_group", "citizenship": "citizenship"},
}
ALL_DIMENSIONS = (
    "sex", "age", "citizenship", "counterpart_area", "departure", "transit", "exploitation", "offence", "scope", "stage",
    "route", "transport_mode", "outcome",
)  # fmt: skip
# A submission of one of these periods is counted in its own period; any other by the year of each record.
NATIVE = "('EFY', 'EY', 'FY_JUL', 'TIPR', 'H', 'Q', 'M')"
IDENTITY = ("submission_id", "reporting_country", "source_type", "ref_year")
# The period and origin of a record, of which one figure never mixes two.
SAME = "source, invented, ref_area, body, period_type, period_start, period_end"
PLACED = f"""submission.source, submission.invented, submission_id, reporting_country AS ref_area, row.source_type AS body,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_type::VARCHAR ELSE 'CY' END AS period_type,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_start ELSE make_date(ref_year, 1, 1) END AS period_start,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_end ELSE make_date(ref_year, 12, 31) END AS period_end,
    submission.period_type IN {NATIVE} OR (submission.period_start <= make_date(ref_year, 1, 1)
        AND submission.period_end >= make_date(ref_year, 12, 31)) AS covered"""
# Only what places a record: a submission has fields of the same names as records.
OF = """JOIN (
    SELECT submission_id, source, invented, period_type, period_start, period_end FROM submission
) AS submission USING (submission_id)"""


def write_observations(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the computed observations and the measures of quality; what a country reported for the same cell steps back.

    A figure that divides by nothing, or by fewer than its indicator asks for, is no figure and has no row.
    """
    for name in DIMENSIONS:
        held = connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()
        if held is not None:
            _write_counts(connection, name)
            _write_medians(connection, name)
    _step_back(connection)
    write_derived(connection)
    write_quality(connection)


def combinations(name: str) -> str:
    """Name the temporary table that holds the distinct combinations of a record table with their number of `rows`."""
    return f"{name}_combination"


def _write_counts(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Count once over distinct combinations of the fields that matter, then roll up: a million rows are few of these."""
    wanted = [found for found in computations() if found.table == name and found.kind in ("count", "sum", "ratio")]
    fields = [field for field in _fields(name, wanted) if field not in IDENTITY]
    columns = ", ".join((*IDENTITY, *fields))
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {combinations(name)} AS SELECT {columns}, count(*) AS "rows" FROM {name} GROUP BY ALL'
    )
    parts = _parts(wanted)
    sets = dict.fromkeys(breakdown for found in wanted for breakdown in found.breakdowns)
    names = [dimension for dimension in DIMENSIONS[name] if any(dimension in breakdown for breakdown in sets)]
    values = ", ".join(f"coalesce(({DIMENSIONS[name][dimension]})::VARCHAR, '_U') AS {dimension}" for dimension in names)
    sums = ", ".join(f"sum({part}) AS part_{number}" for part, number in parts.items())
    again = ", ".join(f"sum(part_{number}) AS part_{number}" for number in parts.values())
    grouping = ", ".join(f"({', '.join((SAME, *breakdown))})" for breakdown in sets)
    given = ", ".join(f"CASE WHEN grouping({dimension}) = 1 THEN '_T' ELSE {dimension} END AS {dimension}" for dimension in names)
    _write(
        connection,
        f"""
WITH placed AS (
    SELECT {PLACED}, {values}, {sums}
    FROM {combinations(name)} AS row {OF} GROUP BY ALL
),
rolled AS (
    SELECT {SAME}, {given}, grouping({", ".join(names)}) AS level, min(submission_id) AS submission_id,
        bool_and(covered) AS covered, {again}
    FROM placed GROUP BY GROUPING SETS ({grouping})
)
SELECT * EXCLUDE (figure), unnest(figure) FROM (
    SELECT {SAME}, submission_id, covered,
        unnest([{", ".join(_figure(found, names, parts) for found in wanted)}]) AS figure
    FROM rolled
)
WHERE figure.obs_value IS NOT NULL""",
        beside=name == "smuggled_group",
    )


def _write_medians(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    families: dict[tuple[object, ...], list[Indicator]] = {}
    for found in computations():
        if found.table == name and found.kind == "median":
            families.setdefault((found.measure, found.least, found.breakdowns), []).append(found)
    for family in families.values():
        first = family[0]
        used = list(dict.fromkeys(dimension for breakdown in first.breakdowns for dimension in breakdown))
        values = "".join(f", coalesce(({DIMENSIONS[name][dimension]})::VARCHAR, '_U') AS {dimension}" for dimension in used)
        given = "".join(
            f"CASE WHEN grouping({dimension}) = 1 THEN '_T' ELSE {dimension} END AS {dimension}, " for dimension in used
        )
        totals = ", ".join(f"'_T' AS {dimension}" for dimension in ALL_DIMENSIONS if dimension not in used)
        codes = " ".join(f"WHEN {found.condition} THEN '{found.code}'" for found in family)
        grouping = ", ".join(f"({', '.join((SAME, 'indicator', *breakdown))})" for breakdown in first.breakdowns)
        _write(
            connection,
            f"""
SELECT {SAME}, indicator, '{first.count_unit}' AS count_unit, {given}{totals}, min(submission_id) AS submission_id,
    bool_and(covered) AS covered, round(median(measured), 4)::DOUBLE AS obs_value,
    'median of ' || count(*) || ' {first.among}' AS obs_comment
FROM (
    SELECT {PLACED}, CASE {codes} END AS indicator, {first.measure} AS measured{values}
    FROM {name} AS row {OF}
    WHERE {first.measure} IS NOT NULL
)
WHERE indicator IS NOT NULL GROUP BY GROUPING SETS ({grouping}) HAVING count(*) >= {first.least}""",
        )


def _fields(name: str, wanted: list[Indicator]) -> list[str]:
    """Name the fields that decide what a record is counted in, and those whose silences the quality measures count."""
    texts = [part for found in wanted for part in (found.condition, found.measure, found.numerator, found.denominator)]
    words = set(re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", " ".join((*texts, *DIMENSIONS[name].values())))))
    return [field.name for field in table(name).fields if field.name in words or (field.silence is not None and not field.many)]


def _parts(wanted: list[Indicator]) -> dict[str, int]:
    """Number the distinct sums that the indicators need; equal ones are made once."""
    parts: dict[str, int] = {}
    for found in wanted:
        for expression in (numerator(found), *denominators(found)):
            parts.setdefault(_weighed(found, expression), len(parts))
    return parts


def numerator(found: Indicator) -> str:
    """Write the expression that is summed: what a share is of, a measure, or one for each record."""
    return {"count": "TRUE", "sum": found.measure, "ratio": found.numerator}[found.kind]


def denominators(found: Indicator) -> list[str]:
    """Write the expressions that are summed below the line of a share, of which each must be above nothing."""
    return [part.strip() for part in found.denominator.split(";") if part.strip()]


def _weighed(found: Indicator, expression: str) -> str:
    return f'CASE WHEN {found.condition} THEN CAST(({expression}) AS BIGINT) * "rows" END'


def _figure(found: Indicator, names: list[str], parts: dict[str, int]) -> str:
    """Write one indicator's figure as a struct; its value is NULL where the indicator has no figure."""
    above = f"part_{parts[_weighed(found, numerator(found))]}"
    below = [f"part_{parts[_weighed(found, expression)]}" for expression in denominators(found)]
    levels = ", ".join(str(level(breakdown, names)) for breakdown in found.breakdowns)
    value, condition, comment = f"{above}::DOUBLE", f"level IN ({levels})", "NULL::VARCHAR"
    if found.kind == "ratio":
        denominator = f"({' + '.join(below)})"
        condition += "".join(f" AND {part} > 0" for part in below) + f" AND {denominator} >= {found.least}"
        # of many codes only those that occur are given
        condition += f" AND {above} > 0" if found.each else ""
        value = f"round({found.scale:g} * coalesce({above}, 0) / {denominator}, 4)"
        comment = f"coalesce({above}, 0)::BIGINT || ' of ' || {denominator}::BIGINT || ' {found.among}'"
    dimensions = {dimension: dimension if dimension in names else "'_T'" for dimension in ALL_DIMENSIONS}
    if found.fixed is not None:
        dimensions[found.fixed[0]] = f"'{found.fixed[1]}'"
    written = ", ".join(f"'{dimension}': {expression}" for dimension, expression in dimensions.items())
    return (
        f"{{'indicator': '{found.code}', 'count_unit': '{found.count_unit}', {written}, "
        f"'obs_value': CASE WHEN {condition} THEN {value} END, 'obs_comment': {comment}}}"
    )


def level(breakdown: tuple[str, ...], names: list[str]) -> int:
    """Give the number by which DuckDB's grouping() knows a set: a bit for each dimension that is summed over."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in breakdown)


def _write(connection: duckdb.DuckDBPyConnection, query: str, beside: bool = False) -> None:
    """Write figures as observations: status P where a year is not wholly covered.

    beside: leave out a figure whose breakdown another source of the same body and period already gives.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE computed AS SELECT * FROM ({query}) ORDER BY ALL")
    if beside:
        given = GIVEN.format(body="source_type")
        connection.execute(f"DELETE FROM computed USING observation AS given WHERE given.origin = 'COMPUTED' AND {given}")
    connection.execute(_INSERT)


_LEVEL = "({0}.sex = '_T', {0}.age::VARCHAR = '_T', {0}.citizenship = '_T', {0}.counterpart_area = '_T')"
GIVEN = f"""given.indicator = computed.indicator AND given.ref_area = computed.ref_area
    AND given.{{body}} = computed.body AND given.period_start = computed.period_start
    AND given.period_end = computed.period_end AND given.source <> computed.source
    AND {_LEVEL.format("given")} = {_LEVEL.format("computed")}"""
TIME = """CASE
    WHEN period_type IN ('CY') THEN strftime(period_start, '%Y')
    WHEN period_type = 'M' THEN strftime(period_start, '%Y-%m')
    WHEN period_type = 'Q' THEN strftime(period_start, '%Y') || '-Q' || quarter(period_start)
    WHEN period_type = 'H' THEN strftime(period_start, '%Y') || '-H' || CASE WHEN month(period_start) < 7 THEN 1 ELSE 2 END
    WHEN period_type = 'EFY' THEN 'EFY' || (year(period_end) - 8)
    WHEN period_type = 'EY' THEN 'EY' || (year(period_start) - 7)
    WHEN period_type = 'FY_JUL' THEN 'FY' || year(period_start) || '/' || right((year(period_start) + 1)::VARCHAR, 2)
    WHEN period_type = 'TIPR' THEN 'TIPR' || year(period_end)
    ELSE strftime(period_start, '%Y-%m-%d') || '/' || strftime(period_end, '%Y-%m-%d') END"""
_INSERT = f"""
INSERT INTO observation BY NAME
SELECT computed.* EXCLUDE (body, covered), body AS source_type, '_T' AS ref_subarea, 'COMPUTED' AS origin, 'F' AS conf_status,
    'CELL_KEY' AS protection,
    CASE WHEN covered THEN 'V' ELSE 'P' END AS obs_status,
    submission_id || '-c' || (row_number() OVER (PARTITION BY submission_id ORDER BY computed.rowid) + coalesce(already, 0))
        AS observation_id,
    {TIME} AS time_period, CASE WHEN period_type IN ('H', 'Q', 'M') THEN period_type ELSE 'A' END AS freq
FROM computed LEFT JOIN (
    SELECT submission_id, count(*) AS already FROM observation WHERE origin = 'COMPUTED' GROUP BY ALL
) AS held USING (submission_id)
ORDER BY computed.rowid"""
# The fields in which a reported and a computed figure are the same cell.
CELL = (
    "ref_area", "ref_subarea", "time_period", "period_start", "period_end", "indicator", "count_unit", "sex", "age",
    "citizenship", "counterpart_area", "departure", "transit", "exploitation", "offence", "scope", "stage", "route",
    "transport_mode", "outcome", "source_type",
)  # fmt: skip


def _step_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep one figure a cell: where records are counted, the figure reported beside them is restricted, and named."""
    same = " AND ".join(f"reported.{name} = counted.{name}" for name in CELL)
    pairs = (
        f"observation AS reported JOIN observation AS counted ON {same} AND counted.origin = 'COMPUTED' "
        "WHERE reported.origin = 'REPORTED'"
    )
    connection.execute(
        "INSERT INTO problem BY NAME SELECT reported.submission_id, 'observation' AS \"table\", reported.source_row, "
        "'V14' AS rule_id, 'W' AS severity, 'the same cell is counted from records (' || counted.submission_id || '): the "
        f"records are shown, this figure stands aside; decide which is the reference' AS note FROM {pairs}"
    )
    connection.execute(
        f"UPDATE observation SET conf_status = 'N' WHERE observation_id IN (SELECT reported.observation_id FROM {pairs})"
    )
