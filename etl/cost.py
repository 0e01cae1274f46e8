"""What protection costs: how many cells that count somebody are still shown, and how far off the totals of countries are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.audit import FAR
from etl.cells import CELLS
from etl.dimensions import ALL_DIMENSIONS
from schemas.protection import Audience

if TYPE_CHECKING:
    import duckdb

_TOTAL = " AND ".join(f"{name} = '_T'" for name in ALL_DIMENSIONS)


def write_cost(connection: duckdb.DuckDBPyConnection, audience: Audience, narrowest: int) -> None:
    """Fill `protection_cost` (measure, ref_area, value) for the edition (no ref_area) and for every country.

    cells: those of records and those received. nonzero: those that count somebody. survive_share: of these, the share that
    is shown as a number. mae: mean absolute error of the totals that are shown, of a country, period, source and indicator.
    attacker_min_interval: how many values the best known small count can still have; NULL where there is none.
    """
    connection.execute(f"""
CREATE OR REPLACE TABLE protection_cost AS
WITH told AS (
    SELECT ref_area, part.n AS n, part_said AS said, {_TOTAL} AS whole
    FROM {CELLS} JOIN told_cell ON told_cell.row = {CELLS}.rowid WHERE kind <> 'ratio'
    UNION ALL
    SELECT ref_area::VARCHAR, n, part_said, {_TOTAL} AND ref_subarea = '_T'
    FROM received_cell JOIN told_received ON told_received.row = received_cell.rowid
),
counted AS (
    SELECT ref_area, count(*) AS cells, count(*) FILTER (n > 0) AS nonzero,
        round(count(*) FILTER (n > 0 AND said >= {audience.threshold}) / nullif(count(*) FILTER (n > 0), 0), 4) AS survive_share,
        round(avg(abs(said - n)) FILTER (whole AND said >= {audience.threshold}), 4) AS mae
    FROM told GROUP BY GROUPING SETS ((ref_area), ())
)
SELECT unnest(['cells', 'nonzero', 'survive_share', 'mae']) AS measure, ref_area,
    unnest([cells::DOUBLE, nonzero::DOUBLE, survive_share, mae]) AS value
FROM counted
UNION ALL SELECT 'attacker_min_interval', NULL, {narrowest if narrowest < FAR else "NULL"}::DOUBLE
ORDER BY ref_area NULLS FIRST, measure""")
