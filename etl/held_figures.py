"""What is shown of a source and period whose change is pending: figures released before; those of this build go aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.dimensions import ALL_DIMENSIONS
from etl.indicators import CELL
from schemas.indicators import indicators
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

# What is made of other figures is made anew, of those that are shown.
_MADE = "regexp_matches(observation_id, '-d\\d+$')"
_WAITING = "protection <> 'PUBLISHED' AND (source, time_period) IN (SELECT (source, period) FROM waiting)"
_HELD = f"({_WAITING} OR source IN (SELECT source FROM unfit))"


def replace_figures(
    connection: duckdb.DuckDBPyConnection,
    waiting: Sequence[tuple[str, str]],
    sources: Sequence[str],
    left_out: Sequence[str],
    before: bool,
) -> None:
    """Replace in `shown` and `exact` the figures of each source and period that waits by those that were released.

    The figures of this build are put aside in `pending` with their exact numbers n and below. `absent_figure` holds what was
    released of sources that are not in this build, and `released_submission` the submissions that a figure names and that
    are declared no longer. left_out: sources of which nothing could be taken, so that all of their figures are those that were
    released, what was public already among them. before: whether the records of the edition before are attached as `earlier`.
    """
    names = {"source": pa.array([one for one, _ in waiting], pa.string())}
    connection.register("unfit", pa.table({"source": pa.array(left_out, pa.string())}))
    connection.register("waiting", pa.table(names | {"period": pa.array([period for _, period in waiting], pa.string())}))
    figures = "(SELECT * FROM shown LEFT JOIN exact USING (observation_id))"
    connection.execute(f"CREATE TABLE pending AS SELECT * FROM {figures} WHERE {_WAITING}")
    connection.execute("DELETE FROM exact WHERE observation_id IN (SELECT observation_id FROM pending)")
    connection.execute(f"DELETE FROM shown WHERE {_WAITING}")
    connection.execute(f"CREATE TABLE absent_figure AS SELECT * FROM {figures} LIMIT 0")
    connection.execute("CREATE TABLE released_submission AS SELECT * FROM submission LIMIT 0")
    if before and (waiting or left_out or _some_absent(connection, sources)):
        _read_earlier(connection, sources)
        connection.execute(_RELEASED)
        connection.execute("INSERT INTO exact SELECT observation_id, n, below FROM released_figure WHERE n IS NOT NULL")
        connection.execute("INSERT INTO shown BY NAME SELECT * EXCLUDE (n, below) FROM released_figure")
        connection.execute(
            "INSERT INTO absent_figure BY NAME SELECT * FROM earlier_figure WHERE NOT list_contains($sources, source)",
            {"sources": list(sources)},
        )
        _keep_submissions(connection)
        for name in ("released_figure", "earlier_figure"):
            connection.execute(f"DROP TABLE {name}")
    if waiting:
        connection.execute(_FIGURES)
    for name in ("waiting", "unfit"):
        connection.unregister(name)


def _some_absent(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> bool:
    """Say whether something was released of a source that is not in this build."""
    query = "SELECT 1 FROM known_state WHERE NOT list_contains($sources, source) LIMIT 1"
    return connection.execute(query, {"sources": list(sources)}).fetchone() is not None


def _read_earlier(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> None:
    """Read what may be needed of the figures of the edition before into `earlier_figure`, as far as their codes are known now."""
    fields = table("observation").fields
    columns = {row[0] for row in connection.execute("DESCRIBE earlier.shown").fetchall()}
    known = [field for field in fields if field.name in columns]
    read = [f'TRY_CAST("{field.name}"::VARCHAR AS {field.sql_type}) AS "{field.name}"' for field in known]
    # a dimension that the edition before did not have is a total there
    read += [f"'_T' AS {name}" for name in ALL_DIMENSIONS if name not in columns]
    lost = " OR ".join(
        f'("{field.name}" IS NOT NULL AND TRY_CAST("{field.name}"::VARCHAR AS {field.sql_type}) IS NULL)'
        for field in known
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE earlier_figure AS SELECT {', '.join(read)}, n, below FROM ("
        "SELECT * FROM earlier.shown LEFT JOIN earlier.exact USING (observation_id) "
        "UNION ALL BY NAME SELECT * FROM earlier.absent_figure) AS figure "
        f"WHERE ({_HELD} OR (NOT list_contains($sources, source) AND protection <> 'PUBLISHED')) AND NOT {_MADE} "
        f"AND list_contains($indicators, indicator) AND NOT ({lost})",
        {"indicators": list(indicators()), "sources": list(sources)},
    )


def _keep_submissions(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the account of each submission that a released figure names and that is declared no longer."""
    fields = table("submission").fields
    columns = {row[0] for row in connection.execute("DESCRIBE earlier.submission").fetchall()}
    read = ", ".join(
        f'TRY_CAST("{field.name}"::VARCHAR AS {field.sql_type}) AS "{field.name}"' if not field.many else f'"{field.name}"'
        for field in fields
        if field.name in columns
    )
    connection.execute(
        f"INSERT INTO released_submission BY NAME SELECT {read} FROM ("
        "SELECT * FROM earlier.submission UNION ALL BY NAME SELECT * FROM earlier.released_submission) "
        "WHERE submission_id IN (SELECT submission_id FROM released_figure UNION SELECT submission_id FROM absent_figure) "
        "AND submission_id NOT IN (SELECT submission_id FROM submission)"
    )


# A number that counts on within a submission would meet those of this build.
_RELEASED = f"""
CREATE OR REPLACE TEMP TABLE released_figure AS
SELECT * REPLACE (
    CASE WHEN origin = 'COMPUTED' THEN submission_id || '-h' || row_number() OVER (
        PARTITION BY submission_id ORDER BY origin, time_period, len(observation_id), observation_id
    ) ELSE observation_id END AS observation_id, NULL AS revision)
FROM earlier_figure WHERE {_HELD}"""
_SAME = " AND ".join(f"counted.{name} = cell.{name}" for name in ("source", *CELL))
# Exact figures are those of this build, whatever is shown.
_FIGURES = f"""
CREATE OR REPLACE VIEW figure AS
SELECT * FROM observation
UNION ALL BY NAME
SELECT cell.* EXCLUDE (n, below) REPLACE (
    n::DOUBLE AS obs_value, NULL AS value_raw, NULL AS value_lower, NULL AS value_upper,
    CASE WHEN obs_status = 'Q' THEN coalesce(obs_status_2, 'V') ELSE obs_status END AS obs_status, 'F' AS conf_status)
FROM (
    SELECT * FROM shown JOIN exact USING (observation_id) WHERE NOT starts_with(observation_id, submission_id || '-h')
    UNION ALL BY NAME SELECT * FROM pending
) AS cell
WHERE origin = 'COMPUTED' AND below IS NULL AND n IS NOT NULL AND protection IN ('CELL_KEY', 'EXACT', 'PUBLISHED')
    AND NOT EXISTS (
    SELECT 1 FROM observation AS counted WHERE counted.origin = 'COMPUTED' AND {_SAME}
)"""
