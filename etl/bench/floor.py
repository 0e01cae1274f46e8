"""The floor of the benchmark as a whole process: every cell of the file as text in a DuckDB file, and nothing understood."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from etl.leave import leave_after


def land(file: Path, store: Path) -> int:
    """Copy a CSV file as text into the table `landed` of a new DuckDB file, on disk to the last byte; give its rows."""
    with duckdb.connect(str(store)) as connection:
        connection.execute("CREATE TABLE landed AS SELECT * FROM read_csv($file, all_varchar = true)", {"file": str(file)})
        connection.execute("CHECKPOINT")
        found = connection.execute("SELECT count(*) FROM landed").fetchone()
    assert found is not None
    return int(found[0])


if __name__ == "__main__":
    leave_after(lambda: land(Path(sys.argv[1]), Path(sys.argv[2])))
