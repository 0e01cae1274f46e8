"""The only export file that opens a database: one edition's public file, read by two workers that write into one folder."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from dashboard.exports.options import ExportError
from dashboard.frames import without_frames

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WORKERS = 2
# As many rows as DuckDB keeps in one group: a part that begins elsewhere would unpack a group twice.
GROUP = 122_880
# The first part is small, so that a reader gets the first bytes at once.
FIRST = 2_048
# Each statement runs on the thread that asks for it; what does not fit is refused and never spilled.
CONFIGURATION: dict[str, Any] = {
    "threads": 1,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
QUIET = "SET enable_progress_bar = false"
ENUM_VALUE = re.compile(r"'((?:[^']|'')*)'")
PARAMETER = re.compile(r"\$(\w+)")
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an export: the file that holds it, and the rows that were written into it."""

    path: Path
    rows: int


class Rows:
    """One edition's public file, attached as `e`; statements are constant text, values are bound by name."""

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def fetch(self, query: str, values: Values | None = None) -> list[tuple[Any, ...]]:
        """Give all rows of a small question."""
        return self._connection.execute(query, _spent(query, values or {})).fetchall()

    def fetch_together(self, queries: Sequence[str], values: Values) -> list[list[tuple[Any, ...]]]:
        """Give all rows of several small questions, asked at the same time."""
        with ThreadPoolExecutor(WORKERS) as pool:
            asked = [pool.submit(Rows(self._cursor(), self._folder).fetch, query, values) for query in queries]
            return [answer.result() for answer in asked]

    def columns(self, table: str) -> dict[str, tuple[str, ...] | None]:
        """Give the columns of a table, each with the codes of its type, or None where it has no codes."""
        described = self.fetch("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table "
                               "AND database_name = 'e' ORDER BY column_index", {"table": table})  # fmt: skip
        return {name: _codes(kind) if kind.startswith("ENUM") else None for name, kind in described}

    def copy(self, query: str, how: str, values: Values) -> Part:
        """Write the whole answer to one question into a file of the folder."""
        return _copy(self._connection, query, how, values, self._folder / "whole")

    def parts(
        self,
        query: str,
        first: str,
        others: str,
        values: Values,
        small: int = FIRST,
        groups: int = 2,
        counted: str | None = None,
    ) -> Iterator[Part]:
        """Write the answer to a question over ranges of rows into files, two at a time, and give them in order.

        The question bounds `rowid` by `$low` and `$high`. first, others: how the first file and the others are written.
        groups: how many of DuckDB's groups make a part; each statement costs some milliseconds. counted: the condition of the
        rows that the question gives, where it numbers them; it then adds to their number in the part those of the parts
        before it, which are bound as `$before`. A file is gone when the next is asked for.
        """
        (last,) = self.fetch("SELECT coalesce(max(rowid) + 1, 0) FROM e.observation")[0]
        lows = [0, *([small] if small else []), *range(GROUP * groups, last, GROUP * groups)]
        before = self._rows_before(lows, counted, values) if counted is not None else [0] * len(lows)
        cursors: SimpleQueue[DuckDBPyConnection] = SimpleQueue()
        for _ in range(WORKERS):
            cursors.put(self._cursor())

        with ThreadPoolExecutor(WORKERS) as pool:
            waiting: list[Future[Part]] = []
            try:
                for place, low in enumerate(lows):
                    high = lows[place + 1] if place + 1 < len(lows) else max(last, low)
                    bounds = {"low": low, "high": high, "before": before[place]}
                    path = self._folder / f"part{place}"
                    waiting.append(pool.submit(_in_turn, cursors, query, others if place else first, {**values, **bounds}, path))
                    if len(waiting) > WORKERS:
                        yield from _given(waiting.pop(0))
                while waiting:
                    yield from _given(waiting.pop(0))
            finally:
                for future in waiting:
                    future.cancel()

    def _rows_before(self, lows: Sequence[int], condition: str, values: Values) -> list[int]:
        """Count for each range of rows those before it that a condition chooses."""
        query = f"SELECT rowid // {GROUP}, count(*) FROM e.observation WHERE {condition} GROUP BY ALL"
        groups = self.fetch(query, values)
        assert all(low % GROUP == 0 for low in lows), "rows are numbered by whole groups"
        return [sum(number for group, number in groups if group * GROUP < low) for low in lows]

    def _cursor(self) -> DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(QUIET)
        return cursor


@contextmanager
def opened(path: Path, name: str, memory: str = "60MB") -> Iterator[Rows]:
    """Open an edition's public file for reading; parts go to a folder that is removed after. Errors: ExportError.

    memory: the most that the database may take for both workers.
    """
    # Imported in the worker only, as in dashboard.api.shelf.
    import duckdb

    with without_frames(), tempfile.TemporaryDirectory(prefix="pembe-export-") as folder:
        connection = duckdb.connect(":memory:", config={**CONFIGURATION, "memory_limit": memory})
        try:
            quoted = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS e (READ_ONLY)")
            connection.execute("SET allowed_directories = [$folder]", {"folder": folder})
            connection.execute("SET enable_external_access = false")
            # Written to where the command writes its own words, as soon as a question takes two seconds.
            connection.execute(QUIET)
            yield Rows(connection, Path(folder))
        except duckdb.OutOfMemoryException as fault:
            raise ExportError("the export does not fit into memory; choose fewer years, or the long form") from fault
        except duckdb.IOException as fault:
            raise ExportError(f"edition {name} cannot be read, or the disk is full: {fault}") from fault
        finally:
            connection.close()


def _in_turn(cursors: SimpleQueue[DuckDBPyConnection], query: str, how: str, values: Values, path: Path) -> Part:
    cursor = cursors.get()
    try:
        return _copy(cursor, query, how, values, path)
    finally:
        cursors.put(cursor)


def _copy(connection: DuckDBPyConnection, query: str, how: str, values: Values, path: Path) -> Part:
    statement = f"COPY ({query}) TO $path ({how})"
    (written,) = connection.execute(statement, _spent(statement, {**values, "path": str(path)})).fetchall()[0]
    return Part(path, int(written))


def _spent(statement: str, values: Values) -> dict[str, object]:
    # DuckDB refuses a value that a statement does not name.
    return {name: values[name] for name in set(PARAMETER.findall(statement)) if name in values}


def _given(future: Future[Part]) -> Iterator[Part]:
    part = future.result()
    try:
        yield part
    finally:
        part.path.unlink(missing_ok=True)


def _codes(kind: str) -> tuple[str, ...]:
    return tuple(value.replace("''", "'") for value in ENUM_VALUE.findall(kind))
