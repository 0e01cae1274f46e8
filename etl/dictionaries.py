"""The rulings of a source as small typed tables in DuckDB, one a column, from which rows take their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.plan import ColumnPlan, Plan
from etl.rulings import Ruler
from etl.select import DATED, MOST_LISTED, quoted
from schemas.tables import Field

if TYPE_CHECKING:
    import duckdb


class Dictionaries:
    """Keep `t_<key>` (ruling and one column an output) and, where rulings are few, the one-row `l_<key>` of lists."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: Plan, rulers: Mapping[str, Ruler]) -> None:
        self.connection, self.plan, self.rulers = connection, plan, rulers
        self.counts: dict[str, int] = {}

    def update(self) -> None:
        """Bring every column's tables up to date with the values that have been met."""
        for column in self.plan.columns:
            if column.reading != "key" and self.counts.get(column.key) != len(self.rulers[column.key].raws):
                self._type(column)

    def dated(self) -> list[str]:
        """Name the columns with words that had their meaning for some time only."""
        return [
            column.key
            for column in self.plan.columns
            if column.reading in DATED and any(said.since or said.until for said in self.rulers[column.key].saids)
        ]

    def source(self) -> str:
        """Name what the expressions of the fields look at; large dictionaries are joined, small ones are lists."""
        joins = "".join(
            f" JOIN {quoted(f't_{key}')} ON coded.{quoted(f'r_{key}')} = {quoted(f't_{key}')}.ruling"
            for key, count in self.counts.items()
            if count > MOST_LISTED
        )
        measures = " JOIN measure ON coded._column = measure._column" if self.plan.source.measures else ""
        return f"FROM coded{joins}{measures}"

    def _type(self, column: ColumnPlan) -> None:
        ruler, name = self.rulers[column.key], quoted(f"t_{column.key}")
        self.counts[column.key] = len(ruler.raws)
        arrays: dict[str, pa.Array] = {"ruling": pa.array(range(len(ruler.raws)), pa.int32())}
        casts = ["ruling"]
        for place, output in enumerate(column.outputs):
            values = [said.values[place] for said in ruler.saids]
            if output == "-":
                continue
            target = self.plan.table.field(output)
            arrays[output] = _array(values, target.many)
            casts.append(f"CAST({quoted(output)} AS {target.sql_type}) AS {quoted(output)}")
        if column.reading in DATED:
            for side in ("since", "until"):
                arrays[f"_{side}"] = pa.array([getattr(said, side) for said in ruler.saids], pa.date32())
                casts.append(f"_{side}")
        if column.key == "obs_value":
            arrays |= _observed(ruler)
            casts += ["_raw", "_status", "_conf"]
        self.connection.register("said", pa.table(arrays))
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(casts)} FROM said")
        self.connection.unregister("said")
        self._refuse_outside(column, name)
        if len(ruler.raws) <= MOST_LISTED:
            lists = ", ".join(
                f"list({item} ORDER BY ruling) AS {item}" for item in (quoted(output) for output in arrays if output != "ruling")
            )
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {quoted(f'l_{column.key}')} AS SELECT {lists or 'NULL AS none'} FROM {name}"
            )

    def _refuse_outside(self, column: ColumnPlan, name: str) -> None:
        """Let a value break V01 that is a number or text, but not one that its field allows."""
        for output in column.outputs:
            wrong = _bounds(self.plan.table.field(output)) if output != "-" else []
            if wrong:
                query = f"SELECT ruling FROM {name} WHERE {' OR '.join(wrong)}"
                numbers = [row[0] for row in self.connection.execute(query).fetchall()]
                self.rulers[column.key].refuse(numbers, "V01", f"{output} does not allow this; look at the row in the file")


def _bounds(target: Field) -> list[str]:
    """Say in SQL when a value is outside what its field declares."""
    name = quoted(target.name)
    if target.many:
        return []
    wrong = [f"{name} < {target.minimum:g}"] if target.minimum is not None else []
    wrong += [f"{name} > {target.maximum:g}"] if target.maximum is not None else []
    if target.pattern is not None and target.type == "text":
        pattern = target.pattern.replace("'", "''")
        wrong.append(f"NOT regexp_full_match({name}, '{pattern}')")
    return wrong


def _array(values: list[object], many: bool) -> pa.Array:
    if many:
        return pa.array([None if item is None else list(item) for item in values], pa.list_(pa.string()))  # type: ignore[call-overload]
    return pa.array(values) if any(item is not None for item in values) else pa.nulls(len(values), pa.string())


def _observed(ruler: Ruler) -> dict[str, pa.Array]:
    """Give the status of each distinct figure: missing O, suppressed by the sender Q and D, approximate E."""
    raws: list[str | None] = []
    status: list[str | None] = []
    conf: list[str | None] = []
    for ruling in ruler.rulings():
        said = ruling.said
        value, quality, lower = (*said.values, None, None)[:3]
        raws.append(ruling.raw)
        hidden = value is None and lower is not None
        status.append("Q" if hidden else "O" if value is None else "E" if quality in ("APPROX", "MIN") else None)
        conf.append("D" if hidden else "F")
    return {"_raw": pa.array(raws, pa.string()), "_status": pa.array(status, pa.string()), "_conf": pa.array(conf, pa.string())}
