"""Small changes are held: a source and period of which fewer than ten persons moved keeps the figures that were released.

Otherwise whoever compares two editions reads from their difference in which cells one known person stands. What moved is
counted from every state that was released and that the edition before remembers, not from the file before.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.decisions import RELEASE, Decision
from etl.held_figures import replace_figures
from etl.persons import forget_before, read_before, write_persons
from etl.secret import derived
from etl.tabled import write_table

if TYPE_CHECKING:
    import duckdb

LEAST_MOVED = 10
REMEMBERED = 5  # states of a source and period that were released, the last among them
RELEASED, PENDING = "RELEASED", "PENDING"
# Why a source and period stands as it does.
FIRST, SAME, TEN, DECIDED, FEW, UNFIT = "FIRST", "SAME", "TEN", "DECISION", "FEW", "UNFIT"


@dataclass(frozen=True)
class Unit:
    """A source and period as it stands: how many moved since it was last released, and why it is released or pending."""

    number: int
    source: str
    period: str
    moved: int
    cause: str

    @property
    def standing(self) -> str:
        """Say whether the figures of this build are shown, or those that were released before."""
        return PENDING if self.cause in (FEW, UNFIT) else RELEASED


@dataclass(frozen=True)
class Holding:
    """What decides about small changes in one build.

    key: the key of the installation. before: the records of the edition that remembers the last released state; None where
    there is none that was made with this key. sources: all sources of this build. left_out: those of them that could not be
    taken, whose figures stay as they were last released.
    """

    key: bytes
    before: Path | None
    decisions: Sequence[Decision]
    sources: Sequence[str]
    left_out: Sequence[str] = ()

    def replace(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put released figures into `shown` where a change is pending, and write down the state that is then released.

        What would be shown instead goes to `pending`. The draws and combinations of all records must be there.
        """
        write_persons(connection, derived(self.key, b"released persons").hex())
        read_before(connection, self.before)
        units = self._units(connection)
        waiting = [(unit.source, unit.period) for unit in units if unit.standing == PENDING]
        replace_figures(connection, waiting, self.sources, self.left_out, self.before is not None)
        self._remember(connection, units)
        forget_before(connection, self.before)

    def mark(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Mark all figures of a source and period of which a change is pending, those that were made of others included."""
        connection.execute(_MARK, {"left_out": list(self.left_out)})

    def name(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Give the name of the state that is released: an HMAC of who stands where in every source and period."""
        digest = hmac.new(derived(self.key, b"released state"), digestmod=hashlib.sha256)
        for row in connection.execute(_SUMS).fetchall():
            digest.update(repr(row).encode())
        return digest.hexdigest()[:16]

    def facts(self) -> dict[str, str]:
        """Give the decisions that an edition rests on, for `etl.diff`: by source and period the marks of them all."""
        found: dict[str, list[str]] = {}
        for one in self.decisions:
            found.setdefault(f"decision/{one.source} {one.period}", []).append(self._mark(one))
        return {name: " ".join(sorted(marks)) for name, marks in found.items()}

    def _mark(self, decision: Decision) -> str:
        return decision.mark(derived(self.key, b"decisions"))

    def _units(self, connection: duckdb.DuckDBPyConnection) -> list[Unit]:
        """Judge every source and period of this build, and those of its sources that are gone."""
        spent = {row[0] for row in connection.execute("SELECT mark FROM known_decision").fetchall()}
        decided = {(one.source, one.period) for one in self.decisions if one.kind == RELEASE and self._mark(one) not in spent}
        moved: dict[tuple[int, str, str], dict[int, int]] = {}
        rows = connection.execute(MOVED, {"sources": list(self.sources)}).fetchall()
        for number, source, period, generation, persons in rows:
            moved.setdefault((number, source, period), {})[generation] = persons
        return [
            Unit(*unit, since[max(since)], self._cause(unit[1], since, unit[1:] in decided))
            for unit, since in moved.items()
        ]

    def _cause(self, source: str, since: dict[int, int], decided: bool) -> str:
        if source in self.left_out:
            return UNFIT
        return FIRST if self.before is None else cause(since, decided)

    def _remember(self, connection: duckdb.DuckDBPyConnection, units: list[Unit]) -> None:
        """Write the states that are released now, those before them, and which decisions were carried out."""
        rows: list[tuple[object, ...]] = [
            (unit.number, unit.source, unit.period, unit.standing, unit.cause, unit.moved) for unit in units
        ]
        write_table(connection, "released_unit", _UNITS, rows)
        connection.execute(_STATES.format(remembered=REMEMBERED))
        marks = {self._mark(one) for one in self.decisions if one.source in self.sources}
        marks |= {row[0] for row in connection.execute("SELECT mark FROM known_decision").fetchall()}
        write_table(connection, "released_decision", {"mark": "VARCHAR"}, [(mark,) for mark in sorted(marks)])


def cause(since: dict[int, int], decided: bool) -> str:
    """Judge one source and period: since every state that was released nobody moved or at least ten did, or it is held.

    since: how many moved, by the number of the state; the highest was released last.
    """
    if since[max(since)] == 0:
        return SAME
    if all(persons == 0 or persons >= LEAST_MOVED for persons in since.values()):
        return TEN
    return DECIDED if decided else FEW


_UNITS = {
    "unit": "BIGINT", "source": "VARCHAR", "period": "VARCHAR", "standing": "VARCHAR", "cause": "VARCHAR", "moved": "BIGINT",
}  # fmt: skip
# Who left and who joined are paired, since a row that was corrected cannot be told from two persons: the larger of both
# numbers is how many moved at least. State 0 is the nobody of whom a new source and period was released.
MOVED = """
WITH known AS (
    SELECT unit, source, period, state FROM known_state WHERE list_contains($sources, source)
    UNION ALL
    SELECT DISTINCT unit, source, period, 0 FROM unit WHERE unit NOT IN (SELECT unit FROM known_state)
),
standing AS (
    SELECT unit, state, measure, mark, n FROM person JOIN known USING (unit)
    UNION ALL
    SELECT unit, state, measure, mark, -n FROM known_person JOIN known USING (unit, state)
),
difference AS (SELECT unit, state, measure, mark, sum(n) AS n FROM standing GROUP BY ALL HAVING sum(n) <> 0),
moved AS (
    SELECT unit, state, greatest(sum(n) FILTER (n > 0), -sum(n) FILTER (n < 0)) AS persons
    FROM difference GROUP BY unit, state, measure
)
SELECT unit, source, period, state, coalesce(max(persons), 0)::BIGINT FROM known LEFT JOIN moved USING (unit, state)
GROUP BY ALL ORDER BY source, period, state"""
_STATES = """
CREATE TABLE released_state AS SELECT unit, source, period, state FROM (
    SELECT unit, source, period, state FROM known_state
    UNION ALL
    SELECT unit, source, period, 1 + coalesce((SELECT max(state) FROM known_state AS known WHERE known.unit = new.unit), 0)
    FROM released_unit AS new WHERE cause IN ('FIRST', 'TEN', 'DECISION')
) QUALIFY row_number() OVER (PARTITION BY unit ORDER BY state DESC) <= {remembered};
CREATE TABLE released_person AS
SELECT unit, state, measure, mark, n FROM known_person SEMI JOIN released_state USING (unit, state)
UNION ALL
SELECT unit, state, measure, mark, n FROM person JOIN (
    SELECT unit, max(state) AS state FROM released_state JOIN released_unit USING (unit)
    WHERE cause IN ('FIRST', 'TEN', 'DECISION') GROUP BY unit
) USING (unit)"""
_SUMS = """
SELECT unit.source, unit.period, standing, measure, count(*), sum(n)::BIGINT, sum(mark::HUGEINT),
    sum((mark >> 31)::HUGEINT * (mark & 2147483647) * n)
FROM released_unit AS unit
LEFT JOIN (SELECT unit, max(state) AS state FROM released_state GROUP BY unit) USING (unit)
LEFT JOIN released_person USING (unit, state) GROUP BY ALL ORDER BY ALL"""
_MARK = """
UPDATE shown SET revision = 'PENDING' WHERE list_contains($left_out, source)
    OR protection <> 'PUBLISHED' AND (source, time_period) IN (
        SELECT (source, period) FROM released_unit WHERE standing = 'PENDING')"""
