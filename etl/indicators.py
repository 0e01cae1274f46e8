"""Records in, observations out: each indicator counted over single dimensions and the pairs that readers ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.indicators import Indicator, indicators

if TYPE_CHECKING:
    import duckdb

# For each record table: the dimension of an observation, and the expression that gives it for one record.
DIMENSIONS: dict[str, dict[str, str]] = {
    "victim": {
        "sex": "sex",
        "age": "age_group",
        "citizenship": "citizenship",
        "counterpart_area": "country_exploitation",
        "exploitation": "exploitation_main",
        "scope": "trafficking_scope",
    },
    "suspect": {"sex": "sex", "age": "age_group", "citizenship": "citizenship", "offence": "offence"},
    "smuggling_incident": {"counterpart_area": "coalesce(country_destination, '_U')"},
}
# Pairs of dimensions that are counted together; everything else is counted over one dimension at a time.
PAIRS = (("sex", "age"), ("sex", "exploitation"), ("age", "exploitation"))
# A submission of one of these periods is counted in its own period; any other by the year of each record.
NATIVE = "('EFY', 'EY', 'FY_JUL', 'TIPR', 'H', 'Q', 'M')"


def write_observations(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the computed observations of every record table; what a country reported for the same cell steps back."""
    for indicator in indicators().values():
        if indicator.table in DIMENSIONS:
            _write_indicator(connection, indicator)
    _step_back(connection)


def _write_indicator(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> None:
    dimensions = DIMENSIONS[indicator.table]
    names = list(dimensions)
    sets = ["()"] + [f"({name})" for name in names]
    sets += [f"({a}, {b})" for a, b in PAIRS if a in dimensions and b in dimensions]
    values = ", ".join(f"coalesce(CAST({expression} AS VARCHAR), '_U') AS {name}" for name, expression in dimensions.items())
    measure = f"sum({indicator.measure})" if indicator.measure else "count(*)"
    given = ", ".join(f"CASE WHEN grouping({name}) = 1 THEN '_T' ELSE {name} END AS {name}" for name in names)
    missing = [name for name in ("sex", "age", "citizenship", "counterpart_area", "exploitation", "offence", "scope") if name not in names]
    totals = ", ".join(f"'_T' AS {name}" for name in missing)
    grouping = ", ".join(f"(submission, area, year, body, {part.strip('()')})" if part != "()" else "(submission, area, year, body)" for part in sets)
    query = f"""
WITH counted AS (
    SELECT row.submission_id AS submission, row.reporting_country AS area, row.source_type AS body,
        CASE WHEN submission.period_type IN {NATIVE} THEN NULL ELSE row.ref_year END AS year, {values},
        {measure} AS figure, row.source_type
    FROM {indicator.table} AS row JOIN submission USING (submission_id)
    WHERE {indicator.condition}
    GROUP BY ALL
),
cube AS (
    SELECT submission, area, year, body, {given}, sum(figure) AS figure
    FROM counted GROUP BY GROUPING SETS ({grouping})
)
SELECT $indicator AS indicator, $unit AS count_unit, cube.area AS ref_area, '_T' AS ref_subarea,
    min(cube.submission) AS submission_id, submission.source, 'COMPUTED' AS origin, submission.invented,
    {', '.join(f'cube.{name}' for name in names)}, {totals},
    CASE WHEN cube.year IS NULL THEN submission.period_start ELSE make_date(cube.year, 1, 1) END AS period_start,
    CASE WHEN cube.year IS NULL THEN submission.period_end ELSE make_date(cube.year, 12, 31) END AS period_end,
    CASE WHEN cube.year IS NULL THEN submission.period_type ELSE 'CY' END AS period_type,
    cube.body AS source_type, sum(cube.figure)::DOUBLE AS obs_value,
    CASE WHEN bool_and(cube.year IS NULL OR year(submission.period_start) < cube.year OR submission.period_start = make_date(cube.year, 1, 1))
        AND bool_and(cube.year IS NULL OR year(submission.period_end) > cube.year OR submission.period_end = make_date(cube.year, 12, 31))
        THEN 'V' ELSE 'P' END AS obs_status,
    'F' AS conf_status
FROM cube JOIN submission ON submission.submission_id = cube.submission
GROUP BY ALL
HAVING sum(cube.figure) IS NOT NULL
ORDER BY ALL"""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE computed AS {query}", {"indicator": indicator.code, "unit": indicator.count_unit})
    connection.execute(_INSERT)


_TIME = """CASE
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
SELECT * EXCLUDE (place, already), submission_id || '-c' || (row_number() OVER (PARTITION BY submission_id ORDER BY place) + already) AS observation_id,
    {_TIME} AS time_period, CASE WHEN period_type IN ('H', 'Q', 'M') THEN period_type ELSE 'A' END AS freq
FROM (
    SELECT computed.*, computed.rowid AS place, coalesce(held.already, 0) AS already
    FROM computed LEFT JOIN (
        SELECT submission_id, count(*) AS already FROM observation WHERE origin = 'COMPUTED' GROUP BY ALL
    ) AS held USING (submission_id)
)"""
# The fields in which a reported and a computed figure are the same cell.
CELL = (
    "ref_area", "ref_subarea", "time_period", "period_start", "period_end", "indicator", "count_unit", "sex", "age", "citizenship",
    "counterpart_area", "exploitation", "offence", "scope", "source_type",
)  # fmt: skip


def _step_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep one figure a cell: where records are counted, the figure reported beside them is restricted, and named."""
    same = " AND ".join(f"reported.{name} = counted.{name}" for name in CELL)
    pairs = f"observation AS reported JOIN observation AS counted ON {same} AND counted.origin = 'COMPUTED' WHERE reported.origin = 'REPORTED'"
    connection.execute(
        'INSERT INTO problem BY NAME SELECT reported.submission_id, \'observation\' AS "table", reported.source_row, '
        "'V14' AS rule_id, 'W' AS severity, 'the same cell is counted from records (' || counted.submission_id || '): the "
        f"records are shown, this figure stands aside; decide which is the reference' AS note FROM {pairs}"
    )
    connection.execute(
        f"UPDATE observation SET conf_status = 'N' WHERE observation_id IN (SELECT reported.observation_id FROM {pairs})"
    )


