"""What protection costs: how many cells that count somebody are still shown, and how far off the totals of countries are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.audit import Audit
from etl.cells import CELLS
from etl.dimensions import ALL_DIMENSIONS
from etl.sums import FAR
from schemas.protection import Audience

if TYPE_CHECKING:
    import duckdb

_TOTAL = " AND ".join(f"{name} = '_T'" for name in ALL_DIMENSIONS)


def write_cost(connection: duckdb.DuckDBPyConnection, audience: Audience, audit: Audit) -> None:
    """Fill `protection_cost` (measure, ref_area, value) for the edition (no ref_area) and for every country.

    cells: those of records and those received. nonzero: those that count somebody. survive_share: of these, the share that
    is shown as a number. mae: mean absolute error of the totals that are shown, of a country, period, source and indicator.
    attacker_min_interval: how many values the best known small count can still have by bounds; attacker_min_interval_lp: by
    linear programming over all that is shown of its source and period. Both are NULL where no count is small.
    """
    connection.execute(f"""
CREATE OR REPLACE TABLE protection_cost AS
WITH told AS (
    SELECT ref_area, part.n AS n, part_said AS said, {_TOTAL} AS whole
    FROM {CELLS} JOIN told_cell ON told_cell.row = {CELLS}.rowid WHERE kind <> 'ratio' AND NOT public
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
UNION ALL SELECT 'attacker_min_interval', NULL, {_known(audit.fewest)}
UNION ALL SELECT 'attacker_min_interval_lp', NULL, {_known(audit.fewest_exactly)}
ORDER BY ref_area NULLS FIRST, measure""")


def _known(values: int) -> str:
    return f"{values}::DOUBLE" if values < FAR else "NULL::DOUBLE"
