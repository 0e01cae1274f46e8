"""An edition with any number of figures: the invented samples as they are published, again and again under other numbers."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from etl.editions import current


def main() -> None:
    """Give the current edition below argv[1] as many figures as argv[2] says; nothing else of it changes."""
    data, rows = Path(sys.argv[1]), int(sys.argv[2])
    made = data / "public.duckdb"
    published = current(data).folder / "public.duckdb"
    with duckdb.connect(str(made)) as connection:
        quoted = str(published).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS published (READ_ONLY)")
        connection.execute("COPY FROM DATABASE published TO public")
        connection.execute("DETACH published")
        connection.execute("ALTER TABLE observation RENAME TO few")
        connection.execute(_MANY, {"rows": rows})
        connection.execute("DROP TABLE few")
        connection.execute("CHECKPOINT")
    made.replace(published)


_MANY = """
CREATE TABLE observation AS SELECT few.* REPLACE (
    observation_id || '-' || round AS observation_id,
    CASE WHEN obs_value > 0 THEN obs_value + round % 1009 ELSE obs_value END AS obs_value)
FROM range(CAST(ceil($rows / (SELECT count(*) FROM few)) AS BIGINT)) AS rounds (round), few LIMIT $rows"""

if __name__ == "__main__":
    main()
