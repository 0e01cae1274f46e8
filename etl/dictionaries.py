"""The rulings of a source as typed values, one array a column and output, from which rows take theirs by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import compute

from etl.plan import ColumnPlan, Plan
from etl.readings.said import Said
from etl.rulings import Ruler, shown
from etl.select import DATED, MEASURE, gathered, measure_table, quoted
from schemas.tables import Field

if TYPE_CHECKING:
    import duckdb


class Dictionaries:
    """Keep what the rulings of every column say, typed by DuckDB; each ruling is typed once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: Plan, rulers: Mapping[str, Ruler]) -> None:
        self.connection, self.plan, self.rulers = connection, plan, rulers
        self.counts = dict.fromkeys(rulers, 0)
        self._typed: dict[str, dict[str, pa.Array]] = {key: {} for key in rulers}
        self._measures = measure_table(plan) if plan.source.measures else None

    def update(self) -> None:
        """Type the values that have been met since the last time."""
        for column in self.plan.columns:
            if column.reading != "key" and self.counts[column.key] < len(self.rulers[column.key].raws):
                self._type(column)

    def dated(self) -> list[str]:
        """Name the columns with words that had their meaning for some time only."""
        return [
            column.key
            for column in self.plan.columns
            if column.reading in DATED and any(said.since or said.until for said in self.rulers[column.key].saids)
        ]

    def gather(self, coded: pa.Table) -> pa.Table:
        """Add to rows of rulings what these say: for each output of a column `<key>.<output>`, see `etl.select.gathered`.

        The values are not copied: Arrow and DuckDB know such columns as dictionaries.
        """
        columns: dict[str, pa.Array] = {name: _whole(coded.column(name)) for name in coded.column_names}
        for key, outputs in self._typed.items():
            columns |= {gathered(key, output): _taken(values, columns[f"r_{key}"]) for output, values in outputs.items()}
        if self._measures is not None:
            places = compute.index_in(columns["_column"].cast(pa.string()), _whole(self._measures["_column"]))
            for name in self._measures.column_names:
                columns[gathered(MEASURE, name)] = _taken(_whole(self._measures[name]), places)
        return pa.table(columns)

    def _type(self, column: ColumnPlan) -> None:
        ruler, first = self.rulers[column.key], self.counts[column.key]
        saids = ruler.saids[first:]
        arrays: dict[str, pa.Array] = {"ruling": pa.array(range(first, len(ruler.raws)), pa.int32())}
        casts = ["ruling"]
        for place, output in enumerate(column.outputs):
            if output == "-":
                continue
            target = self.plan.table.field(output)
            arrays[output] = _array([said.values[place] for said in saids], target.many)
            casts.append(f"{_cast(target)} AS {quoted(output)}")
        if column.reading in DATED:
            for side in ("since", "until"):
                arrays[f"_{side}"] = pa.array([getattr(said, side) for said in saids], pa.date32())
                casts.append(f"_{side}")
        if column.key == "obs_value":
            arrays |= _observed(ruler.raws[first:], saids)
            casts += ["_raw", "_status", "_conf"]
        outside = {output: sql for output in column.outputs if output != "-" and (sql := _outside(self.plan.table.field(output)))}
        flags = "".join(f", {sql} AS {quoted(f'not {output}')}" for output, sql in outside.items())
        self.connection.register("said", pa.table(arrays))
        query = f"SELECT *{flags} FROM (SELECT {', '.join(casts)} FROM said) ORDER BY ruling"
        typed = self.connection.execute(query).to_arrow_table()
        self.connection.unregister("said")
        for output in outside:
            # a number or text that its field does not allow
            numbers = typed["ruling"].filter(typed[f"not {output}"]).to_pylist()
            ruler.refuse(numbers, "V01", f"{output} does not allow this; look at the row in the file")
        held = self._typed[column.key]
        for name in typed.column_names[1 : len(casts)]:  # the first is the number of the ruling; a column may give nothing else
            fresh = _whole(typed[name])
            held[name] = pa.concat_arrays([held[name], fresh]) if name in held else fresh
        self.counts[column.key] = len(ruler.raws)


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _taken(values: pa.Array, places: pa.Array) -> pa.Array:
    """Give the value at each place. DuckDB reads a dictionary anew for each batch, so a long one is not handed on."""
    return pa.DictionaryArray.from_arrays(places, values) if len(values) <= len(places) else values.take(places)


def _cast(target: Field) -> str:
    """Cast to the field's type; of a code its place in the list is taken, which is quicker to find again than its text."""
    typed = f"CAST({quoted(target.name)} AS {target.sql_type})"
    if target.codes is None:
        return typed
    return f"CAST({typed} AS VARCHAR[])" if target.many else f"CAST(enum_code({typed}) AS INTEGER)"


def _outside(target: Field) -> str:
    """Say in SQL when a value is outside what its field declares; nothing where every value is allowed."""
    name = quoted(target.name)
    if target.many:
        return ""
    wrong = [f"{name} < {target.minimum:g}"] if target.minimum is not None else []
    wrong += [f"{name} > {target.maximum:g}"] if target.maximum is not None else []
    if target.pattern is not None and target.type == "text":
        pattern = target.pattern.replace("'", "''")
        wrong.append(f"NOT regexp_full_match({name}, '{pattern}')")
    return f"({' OR '.join(wrong)})" if wrong else ""


def _array(values: list[object], many: bool) -> pa.Array:
    if many:
        return pa.array([None if item is None else list(item) for item in values], pa.list_(pa.string()))  # type: ignore[call-overload]
    return pa.array(values) if any(item is not None for item in values) else pa.nulls(len(values), pa.string())


def _observed(raws: list[str], saids: list[Said]) -> dict[str, pa.Array]:
    """Give the status of each distinct figure: missing O, suppressed by the sender Q and D, approximate E."""
    status: list[str | None] = []
    conf: list[str | None] = []
    for said in saids:
        value, quality, lower = (*said.values, None, None)[:3]
        hidden = value is None and lower is not None
        status.append("Q" if hidden else "O" if value is None else "E" if quality in ("APPROX", "MIN") else None)
        conf.append("D" if hidden else "F")
    plain = [shown(raw, said) for raw, said in zip(raws, saids, strict=True)]
    return {"_raw": pa.array(plain, pa.string()), "_status": pa.array(status, pa.string()), "_conf": pa.array(conf, pa.string())}
