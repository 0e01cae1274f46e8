"""What the public file says of pending revisions: which sources and periods wait, with the quality that was published before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

# Tables that say of a source as a whole what is counted from its rows: one row more must not show in them either.
OF_SOURCE = ("quality", "quality_measure", "quality_source", "problem_change", "next_action", "ruling_shown")
_WAITING = "(SELECT source FROM revision_pending)"


def write_pending(connection: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Write `revision_pending` (source, time_period, figures): what waits, and how many figures are shown for it meanwhile.

    Of a source that waits, the tables of OF_SOURCE are those of the edition before. before: its public file.
    """
    connection.execute(
        "CREATE TABLE revision_pending AS WITH waiting AS ("
        "SELECT source, period AS time_period FROM newer.released_unit WHERE standing = 'PENDING' "
        "UNION SELECT source, time_period FROM observation WHERE revision = 'PENDING') "
        "SELECT source, time_period, count(observation_id)::INTEGER AS figures FROM waiting "
        "LEFT JOIN (SELECT * FROM observation WHERE revision = 'PENDING') USING (source, time_period) GROUP BY ALL ORDER BY ALL"
    )
    fields = ", ".join(f'"{field.name}"' for field in table("submission").fields if field.disclosure != "I")
    connection.execute(
        f"INSERT INTO submission BY NAME SELECT {fields} FROM newer.released_submission "
        "WHERE submission_id IN (SELECT submission_id FROM observation) ORDER BY submission_id"
    )
    if before is None or connection.execute("SELECT 1 FROM revision_pending LIMIT 1").fetchone() is None:
        return
    connection.execute(f"ATTACH '{str(before).replace(chr(39), chr(39) * 2)}' AS earlier (READ_ONLY)")
    try:
        for name in OF_SOURCE:
            _keep(connection, name)
    finally:
        connection.execute("DETACH earlier")


def _keep(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Put the rows of the edition before in place of those of this build, in the columns that both have."""
    columns = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {name}").fetchall()}
    known = "SELECT column_name FROM duckdb_columns() WHERE database_name = 'earlier' AND table_name = ?"
    both = [row[0] for row in connection.execute(known, [name]).fetchall() if row[0] in columns]
    # DELETE would mark the rows and leave their bytes in the public file; a table made anew does not hold them
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name} WHERE source NOT IN {_WAITING}")
    if both:
        read = ", ".join(f'"{column}"' for column in both)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT {read} FROM earlier.{name} WHERE source IN {_WAITING}")
