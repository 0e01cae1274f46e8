"""Cells in, observations out: what `indicators.csv` declares, over the breakdowns that it names and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.cells import CELLS
from etl.derived import write_derived
from etl.dimensions import ALL_DIMENSIONS, DIMENSIONS, OF, PLACED, SAME, TIME
from etl.quality import write_quality
from schemas.dimensions import CELL as CELL_ROLES
from schemas.dimensions import dimensions
from schemas.indicators import Indicator, computations

if TYPE_CHECKING:
    import duckdb

# A share is the exact parts divided; a count of nobody is no figure.
_COUNTS = f"""
SELECT {SAME}, submission_id, covered, indicator, count_unit, {", ".join(ALL_DIMENSIONS)},
    CASE WHEN kind = 'ratio' THEN round(scale * part.n / below.n, 4) ELSE part.n::DOUBLE END AS obs_value,
    CASE WHEN kind = 'ratio' THEN part.n || ' of ' || below.n || ' ' || among END AS obs_comment
FROM {CELLS} WHERE observed AND (part.n > 0 OR NOT (kind = 'count' OR (kind = 'ratio' AND "each")))"""


def write_observations(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the computed observations and the measures of quality; what a country reported for the same cell steps back.

    The cells of the records must be there. A figure that divides by nothing, or by fewer than its indicator asks for, is no
    figure and has no row.
    """
    _write(connection, _COUNTS)
    for name in DIMENSIONS:
        held = connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()
        if held is not None:
            _write_medians(connection, name)
    _step_back(connection)
    write_derived(connection)
    write_quality(connection)


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


def _write(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Write figures as observations: status P where a year is not wholly covered."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE computed AS SELECT * FROM ({query}) ORDER BY ALL")
    connection.execute(_INSERT)


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
CELL = dimensions(*CELL_ROLES)


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
