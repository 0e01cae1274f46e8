"""Measures of records in, medians of protected counts out: the band in which the middle lies, as the moved counts have it.

A median of values as they are would be the value of one person. Instead the records below each edge of declared bands are
counted and moved by their keys as any cell is, and the first edge below which at least half of them lie ends the band.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.dimensions import ALL_DIMENSIONS, DIMENSIONS, OF, PLACED, SAME, TIME
from etl.draws import DRAW, KEY, draws
from schemas.indicators import Indicator, computations
from schemas.protection import HIDDEN, Perturbation, median_edges

if TYPE_CHECKING:
    import duckdb


def write_medians(connection: duckdb.DuckDBPyConnection, rules: Perturbation) -> None:
    """Add the medians to `shown`: the band as a range (`value_raw`, and its edges as bounds), with its middle as an estimate.

    Hidden where fewer than twice the threshold count; where fewer values are known than are shown, there is no row. Medians
    of records that are public already are exact.
    """
    codes = [found.code for found in computations() if found.kind == "median"]
    connection.execute(_PUBLIC, {"medians": codes})
    for name in DIMENSIONS:
        wanted = [found for found in computations() if found.table == name and found.kind == "median"]
        if wanted and connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is not None:
            for found in wanted:
                _write(connection, name, found, rules)


# Each of these is worked out from the records as they are.
_PUBLIC = """
INSERT INTO shown BY NAME
SELECT observation.* REPLACE ('PUBLISHED' AS protection) FROM observation JOIN submission USING (submission_id)
WHERE observation.origin = 'COMPUTED' AND already_public AND list_contains($medians, indicator)"""


def _write(connection: duckdb.DuckDBPyConnection, name: str, found: Indicator, rules: Perturbation) -> None:
    edges = median_edges(found.count_unit)
    used = list(dict.fromkeys(dimension for breakdown in found.breakdowns for dimension in breakdown))
    values = "".join(f", coalesce(({DIMENSIONS[name][dimension]})::VARCHAR, '_U') AS {dimension}" for dimension in used)
    given = "".join(f", CASE WHEN grouping({item}) = 1 THEN '_T' ELSE {item} END AS {item}" for item in used)
    grouping = ", ".join(f"({', '.join((SAME, 'band', *breakdown))})" for breakdown in found.breakdowns)
    columns = ", ".join(used)
    rows = connection.execute(
        f"""
WITH measured AS (
    SELECT {PLACED}, len(list_filter({list(edges)}, edge -> edge <= {found.measure})) AS band{values}, drawn & {DRAW} AS drawn
    FROM {name} AS row JOIN {draws(name)} USING (submission_id, source_row) {OF}
    WHERE {found.measure} IS NOT NULL AND {found.condition}
),
counted AS (
    SELECT {SAME}, band{"".join(f", {item}" for item in used)}, min(submission_id) AS submission_id,
        bool_and(covered) AS covered, count(*) AS n, sum(drawn) AS drawn FROM measured WHERE NOT public GROUP BY ALL
)
SELECT {SAME}{given}, band, min(submission_id), bool_and(covered), sum(n)::BIGINT, sum(drawn)::BIGINT
FROM counted GROUP BY GROUPING SETS ({grouping}) ORDER BY ALL"""
    ).fetchall()
    names = [*(part.strip() for part in SAME.split(",")), *used]
    made = []
    for key, group in groupby(rows, key=lambda row: row[: len(names)]):
        median = _median([row[len(names) :] for row in group], edges, rules)
        if median is not None:
            made.append({**dict(zip(names, key, strict=True)), **median})
    if made:
        _insert(connection, found, made, columns)


def _median(
    bands: list[tuple[int, str, bool, int, int]], edges: tuple[float, ...], rules: Perturbation
) -> dict[str, object] | None:
    """Find the band of the middle among moved counts of all records below each edge; None where too few are known."""
    threshold = rules.audience.threshold
    counts = [(band, n, drawn) for band, _, _, n, drawn in bands]
    number = rules.said(sum(n for _, n, _ in counts), sum(drawn for _, _, drawn in counts) & KEY)
    if number < threshold:
        return None
    made: dict[str, object] = {"submission_id": min(row[1] for row in bands), "covered": all(row[2] for row in bands)}
    made |= {"obs_value": None, "value_lower": None, "value_upper": None}
    if number < 2 * threshold:
        return made
    below = drawn_below = 0
    for band, n, drawn in counts:
        below, drawn_below = below + n, drawn_below + drawn
        said = rules.said(below, drawn_below & KEY)
        # what is hidden is less than the threshold, and so less than half
        if said > HIDDEN and 2 * said >= number and 0 < band < len(edges):
            lower, upper = edges[band - 1], edges[band]
            return made | {"obs_value": (lower + upper) / 2, "value_lower": lower, "value_upper": upper}
    return made


def _insert(connection: duckdb.DuckDBPyConnection, found: Indicator, made: list[dict[str, object]], columns: str) -> None:
    used = [item.strip() for item in columns.split(",") if item.strip()]
    totals = ", ".join(f"'_T' AS {item}" for item in ALL_DIMENSIONS if item not in used)
    types = {"obs_value": pa.float64(), "value_lower": pa.float64(), "value_upper": pa.float64()}
    arrays = {name: pa.array([row[name] for row in made], types.get(name)) for name in made[0]}
    connection.register("made", pa.table(arrays))
    connection.execute(f"""
INSERT INTO shown BY NAME
SELECT made.* EXCLUDE (body, covered), body AS source_type, {totals}, '_T' AS ref_subarea, 'COMPUTED' AS origin,
    'DERIVED' AS protection, '{found.code}' AS indicator, '{found.count_unit}' AS count_unit, {TIME} AS time_period,
    CASE WHEN period_type IN ('H', 'Q', 'M') THEN period_type ELSE 'A' END AS freq,
    CASE WHEN obs_value IS NULL THEN 'A' ELSE 'F' END AS conf_status,
    CASE WHEN obs_value IS NULL THEN 'Q' ELSE 'E' END AS obs_status, CASE WHEN NOT covered THEN 'P' END AS obs_status_2,
    CASE WHEN obs_value IS NOT NULL THEN format('{{:g}} to {{:g}}', value_lower, value_upper) END AS value_raw,
    CASE WHEN obs_value IS NOT NULL THEN 'the median of {found.among} lies from value_lower to value_upper; the figure is the '
        'middle of these' END AS obs_comment,
    submission_id || '-m' || row_number() OVER (ORDER BY {", ".join(arrays)}) || '-{found.code}' AS observation_id
FROM made""")
    connection.unregister("made")
