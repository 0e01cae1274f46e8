"""Numbers of rows in, the draw of every record out, which the cell-key method adds up: in temporary tables that no file holds.

The draw of a record comes from its source and its case number, or else from its raw text, see `etl.row_texts`, and from its
place: a case has many records, and rows may be equal. So a word that is read otherwise, a new rule or another release of the
program moves no cell whose true count stays, and neither does the format of a file or the order of its columns. Only who
knows the secret can foresee a draw.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.row_texts import Words, mixed, seed
from etl.store import RECEIVED

if TYPE_CHECKING:
    import duckdb

# Bits of a draw: the last eight are the key, all of them tell two sets of records apart, and the sum over fifty million
# records stays below 2 ** 63.
BITS = 38
KEY = 0xFF
DRAW = 2**BITS - 1
PORTION = 2_000_000  # numbers that are looked through at once for equal ones
Ranks = NDArray[np.int64]


def drawing_key(secret: bytes) -> str:
    """Derive what draws are made with, so that the secret itself never reaches a query."""
    return hmac.new(secret, b"record keys", hashlib.sha256).hexdigest()


def draw(identity: str) -> str:
    """Write the SQL that draws a number below 2 ** BITS from `$drawn_with` for a text expression."""
    return f"(md5_number($drawn_with || '|' || {identity} || '|' || $drawn_with) & {DRAW})::BIGINT"


def draws(name: str) -> str:
    """Name the temporary table of the draws of a record table: submission_id, source_row, drawn (its last BITS bits count)."""
    return f"{name}_draw"


class Draws:
    """Hold the draws of the records of one source, refused ones included, so that a new rule moves no place."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, drawn_with: str) -> None:
        self.connection, self.name = connection, name
        self._seed = seed(drawn_with.encode(), "place")
        connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {draws(name)} (submission_id {RECEIVED}, source_row INTEGER, drawn BIGINT)"
        )
        [(self._first,)] = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {draws(name)}").fetchall()

    def add(self, submission_id: str, rows: NDArray[np.int64], numbers: Words) -> None:
        """Add rows of one submission with their numbers."""
        table = pa.table({"source_row": rows.astype(np.int32), "drawn": (numbers >> np.uint64(1)).astype(np.int64)})
        self.connection.register("numbered", table)
        self.connection.execute(
            f"INSERT INTO {draws(self.name)} SELECT $submission_id, source_row, drawn FROM numbered",
            {"submission_id": submission_id},
        )
        self.connection.unregister("numbered")

    def settle(self, ranked: Callable[[], Mapping[str, Ranks]]) -> None:
        """Give records that have one number, in files of one period, draws of their own, by their places.

        ranked: gives, where it is needed, for each column of rulings, in the order in which records are compared, the place
        of every ruling's raw text.
        Records that agree in all of them stand in the order of their rows.
        """
        equal = self._equal()
        if not len(equal):
            return
        ranks = ranked()
        columns = "".join(f', line."r_{key}" AS "r_{key}"' for key in ranks)
        joined = f"JOIN {self.name}_lineage AS line USING (submission_id, source_row)" if ranks else ""
        self.connection.register("equal", pa.table({"drawn": equal}))
        held = self.connection.execute(
            f"SELECT row.rowid AS at, row.drawn, dense_rank() OVER (ORDER BY period_start, period_end) AS period{columns} "
            f"FROM {draws(self.name)} AS row JOIN equal USING (drawn) JOIN submission USING (submission_id) {joined} "
            f"WHERE row.rowid >= {self._first} ORDER BY row.drawn, period, submission_id::VARCHAR, source_row"
        ).fetchnumpy()
        number = np.asarray(held["drawn"])
        starts = _changes(number) | _changes(np.asarray(held["period"]))
        place = places(starts, [texts[np.asarray(held[f"r_{key}"])] for key, texts in ranks.items()])
        fresh = mixed(mixed(number.astype(np.uint64) ^ self._seed) + place.astype(np.uint64)) >> np.uint64(1)
        later = place > 0
        self.connection.register("later", pa.table({"at": held["at"][later], "fresh": fresh[later].astype(np.int64)}))
        self.connection.execute(f"UPDATE {draws(self.name)} AS row SET drawn = fresh FROM later WHERE row.rowid = later.at")
        for done in ("equal", "later"):
            self.connection.unregister(done)

    def _equal(self) -> NDArray[np.int64]:
        """Find the numbers that several rows have, a part of all numbers at a time."""
        [(rows,)] = self.connection.execute(f"SELECT max(rowid) + 1 - {self._first} FROM {draws(self.name)}").fetchall()
        parts = -(-(rows or 0) // PORTION)
        found = [np.empty(0, np.int64)]
        for part in range(parts):
            numbers = self.connection.execute(
                f"SELECT drawn FROM {draws(self.name)} WHERE rowid >= {self._first} AND drawn % {parts} = {part}"
            ).fetchnumpy()["drawn"]
            numbers = np.sort(np.asarray(numbers))
            found.append(np.unique(numbers[1:][numbers[1:] == numbers[:-1]]))
        return np.concatenate(found)


def places(starts: NDArray[np.bool_], columns: Sequence[Ranks]) -> Ranks:
    """Give each row its place from 0 in its group, in the order of the columns; rows of a group stand one after the other.

    starts: whether a row is the first of its group. Only rows that are still equal are compared in the next column.
    """
    order = np.arange(len(starts))
    first = starts.copy()
    for column in columns:
        run = np.cumsum(first)
        alike = np.flatnonzero(np.bincount(run)[run] > 1)
        sorted_ = np.lexsort((column[order[alike]], run[alike]))
        order[alike] = order[alike][sorted_]
        first[alike] |= _changes(column[order[alike]])
    group = np.flatnonzero(starts)[np.cumsum(starts) - 1]
    place = np.empty(len(starts), np.int64)
    place[order] = np.arange(len(starts)) - group
    return place


def _changes(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.concatenate([np.ones(min(1, len(values)), bool), values[1:] != values[:-1]])
