"""The two files of an edition, opened for writing: types and tables as declared, memory bounded, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from etl.memory import LIMIT, READING
from schemas.tables import ddl, enum_ddl, table

# How the records being built are called in SQL, as opposed to those of an edition before.
NEWER = "newer"
# The type of a row's submission: its text, written once an edition and not once a row.
RECEIVED = "received"
RECORDS = ("victim", "suspect", "smuggling_incident", "smuggled_group")
CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": READING,
    # the file is checkpointed once, at the end; to pack its row groups closer would write them a second time
    "checkpoint_threshold": "1TB",
    "max_vacuum_tasks": 0,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


# How columns, constants, rows and the edition itself were dealt with.
_ACCOUNTS = """
CREATE TABLE ruled_column (source VARCHAR, "table" VARCHAR, "key" VARCHAR, raw_field VARCHAR, reading VARCHAR,
    outputs VARCHAR[], first_ruling INTEGER);
CREATE TABLE ruled_constant (source VARCHAR, "table" VARCHAR, measure VARCHAR, field VARCHAR, value VARCHAR);
CREATE TABLE quality_measure (source VARCHAR, submission_id VARCHAR, measure VARCHAR, field VARCHAR, value DOUBLE,
    numerator BIGINT, denominator BIGINT);
CREATE TABLE skipped (submission_id VARCHAR, name VARCHAR, count_rows INTEGER);
CREATE TABLE manifest (name VARCHAR, value VARCHAR)"""


def open_new(
    path: Path, submissions: Iterable[str], keys: Mapping[str, Iterable[str]], threads: int = 1
) -> duckdb.DuckDBPyConnection:
    """Make `records.duckdb`: every declared table, and beside each record table its lineage.

    submissions: the identifiers of all that were received; each row of a record names its own by its place among them.
    keys: for each record table the columns (keys under `columns`) of all its sources. A lineage row holds, for one row
    of one submission, the number of the ruling of each of its cells within (source, column).
    """
    connection = duckdb.connect(config={**CONFIGURATION, "threads": threads, "temp_directory": str(path.parent / "spill")})
    # a build that dies is thrown away whole, so nothing needs to be written twice for its recovery
    connection.execute(f"ATTACH {_literal(str(path))} AS {NEWER} (RECOVERY_MODE NO_WAL_WRITES)")
    connection.execute(f"USE {NEWER}")
    tables = ("submission", *RECORDS, "observation", "ruling", "problem")
    # in one go, since Python imports pandera at the same time and each statement would wait for it
    connection.execute(";\n".join([*enum_ddl(), _received(submissions), *map(_definition, tables), *_lineages(keys), _ACCOUNTS]))
    return connection


def all_is_read(connection: duckdb.DuckDBPyConnection) -> None:
    """Give DuckDB the memory that reading files no longer needs."""
    connection.execute(f"SET memory_limit = '{LIMIT}'")


def beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Give a second connection to the records being built, with transactions of its own."""
    cursor = connection.cursor()
    cursor.execute(f"USE {NEWER}")
    return cursor


@contextmanager
def open_public(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make `public.duckdb` beside the records being built, which are read as `newer`; when all is written, seal it."""
    cursor = connection.cursor()
    cursor.execute(f"ATTACH {_literal(str(path))} AS public (RECOVERY_MODE NO_WAL_WRITES)")
    cursor.execute("USE public")
    cursor.execute(";\n".join(enum_ddl()))
    yield cursor
    cursor.execute("CHECKPOINT")
    cursor.execute(f"USE {NEWER}")
    cursor.execute("DETACH public")


def _received(submissions: Iterable[str]) -> str:
    return f"CREATE TYPE {RECEIVED} AS ENUM ({', '.join(map(_literal, submissions))})"


def _lineages(keys: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for name, columns in keys.items():
        more = ", source_column VARCHAR" if name == "observation" else ""
        rulings = "".join(f', "r_{key}" INTEGER' for key in columns)
        yield f"CREATE TABLE {name}_lineage (submission_id {RECEIVED}, source_row INTEGER{more}{rulings})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _definition(name: str) -> str:
    """Give the declared definition; a record's key is made from its parts when asked for, and problems are numbered last."""
    statement = ddl(name).replace('"problem_id" INTEGER NOT NULL', '"problem_id" INTEGER')
    if name in RECORDS:
        key = table(name).key
        made = f"\"{key}\" VARCHAR GENERATED ALWAYS AS (submission_id || '-' || source_row) VIRTUAL"
        statement = statement.replace(f'"{key}" VARCHAR NOT NULL', made)
        statement = statement.replace('"submission_id" VARCHAR', f'"submission_id" {RECEIVED}')
    return statement
