"""Rows written aside: while DuckDB packs one portion into its file, the next one is read and ruled on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from etl.memory import BEHIND
from etl.store import beside

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Writer:
    """Run INSERT statements over Arrow rows in a thread and transactions of their own, one after another in their order.

    As a context it waits for all of them; where the block fails, what has not begun is left undone.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = beside(connection)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            self._thread.shutdown(cancel_futures=True)
            self._connection.close()

    def write(self, query: str, parameters: dict[str, object], rows: pa.Table) -> None:
        """Begin to run a query that reads `rows` as the table `coded`, and wait until few are unfinished.

        Errors: those of this query or an earlier one.
        """
        self._waiting.append(self._thread.submit(self._run, query, parameters, rows))
        self.wait(BEHIND)

    def wait(self, unfinished: int = 0) -> None:
        """Wait until at most so many queries are unfinished; errors: those of a query that failed."""
        while len(self._waiting) > unfinished:
            self._waiting.pop(0).result()

    def _run(self, query: str, parameters: dict[str, object], rows: pa.Table) -> None:
        self._connection.register("coded", rows)
        try:
            self._connection.execute(query, parameters)
        finally:
            self._connection.unregister("coded")
