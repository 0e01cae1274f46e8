"""The floor of exports as a whole process: DuckDB's bare COPY of the figures into a file, with nothing said of them."""

from __future__ import annotations

import sys

import duckdb


def main() -> None:
    """Copy the table `observation` of the database argv[1] to the file argv[2], in the format argv[3]."""
    store, target, form = sys.argv[1:4]
    # Written out and not bound: a bound value would make DuckDB import pandas first, and the floor slower than it is.
    quoted = target.replace("'", "''")
    with duckdb.connect(store, read_only=True) as connection:
        connection.execute(f"COPY observation TO '{quoted}' (FORMAT {form})")


if __name__ == "__main__":
    main()
