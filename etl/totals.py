"""Totals inside the data in, their differences out (V17): a total is never counted, but the rows above must make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from etl.plan import ColumnPlan, Plan
from etl.readings import READINGS
from etl.readings.said import Said
from etl.rulings import Ruler
from etl.select import quoted
from schemas.dimensions import BREAKDOWN, dimensions

if TYPE_CHECKING:
    import duckdb

TOTAL = "total"  # rows skipped under a name that begins so are totals
PERSONS = ("victim", "suspect")  # a row is a person, so a total may be the number of rows
COUNTED = ("count", "integer", "number")
BREAKDOWNS = dimensions(BREAKDOWN)
MOST = 2_000  # totals looked at in one file
SHOWN = 3  # differences told in one note
CLOSE = 1e-6
# All rows above and those since the last total; of the kept rows first, then of all that were read.
_KEPT, _SINCE = "kept.submission_id IS NOT NULL", "line.source_row > asked.since"
_SCOPES = (_KEPT, f"{_KEPT} AND {_SINCE}", "TRUE", _SINCE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of a total that the rows above do not make; explained where the refused rows make it up."""

    row: int
    told: str
    explained: bool


@dataclass(frozen=True, slots=True)
class Total:
    """One skipped total: its record, the heading of its figure where a table of counts was turned, and its cells."""

    row: int
    heading: str | None
    skipped_by: str
    cells: Mapping[str, str]


def collect(plan: Plan, chunk: pa.Table, hits: np.ndarray, name: str) -> list[Total]:
    """Give the rows of a chunk that were skipped as totals; other skipped rows give nothing."""
    if not name.startswith(TOTAL) or not hits.any():
        return []
    rows = chunk.filter(pa.array(hits)).slice(0, MOST).to_pylist()
    wanted = {column.header for column in plan.columns if column.reading != "key"}
    header = plan.skips[name][0]
    return [Total(row["_row"], row.get("_column"), header, {key: row[key] for key in wanted if key != header}) for row in rows]


def write_differences(
    connection: duckdb.DuckDBPyConnection, plan: Plan, rulers: Mapping[str, Ruler], totals: list[Total], submission: str
) -> None:
    """Write a problem V17 for each total that neither all rows above it nor those since the last total make.

    A warning where even the refused rows do not explain it, else an information. Where words stand beside a total (a
    year, an indicator), only rows of the same meaning are added; hidden figures count with their bounds; rows that
    are wholes of a breakdown and rows that are its parts may each make the total.
    """
    totals = sorted(totals, key=lambda total: total.row)[:MOST]
    found: list[Difference] = []
    for column in plan.columns:
        if column.reading in COUNTED or (column.reading == "age" and plan.table.name in PERSONS):
            asked = _asked(plan, column, totals)
            found += _differences(connection, plan, rulers, column, asked, submission) if asked else []
    for row, group in groupby(sorted(found, key=lambda item: item.row), key=lambda item: item.row):
        differences = list(group)
        explained = all(item.explained for item in differences)
        more = f" and {len(differences) - SHOWN} more" if len(differences) > SHOWN else ""
        advice = "with the refused rows they agree" if explained else "ask which is right"
        told = "; ".join(item.told for item in differences[:SHOWN])
        note = f"a total differs from the rows above: {told}{more}; {advice}"
        connection.execute(
            'INSERT INTO problem BY NAME SELECT $submission AS submission_id, $name AS "table", $row AS source_row, '
            "'V17' AS rule_id, $severity AS severity, $note AS note",
            {
                "submission": submission, "name": plan.table.name, "row": row, "note": note,
                "severity": "I" if explained else "W",
            },
        )  # fmt: skip


def _asked(plan: Plan, column: ColumnPlan, totals: list[Total]) -> list[dict[str, object]]:
    """Give each total that says a number in this column: row, previous total's row, heading, number and its words."""
    # A number in the column of ages is a number of rows.
    read = READINGS["integer"].read if column.reading == "age" else READINGS[column.reading].read
    words = [item for item in plan.columns if item.reading not in (*COUNTED, "key", "age")]
    places = sorted({total.row for total in totals})
    asked: list[dict[str, object]] = []
    for total in totals:
        raw = total.cells.get(column.header, "")
        said = read(raw, column.how) if raw.strip() else None
        number = said.values[0] if said is not None else None
        if not isinstance(number, int | float):
            continue
        before = places.index(total.row)
        item: dict[str, object] = {
            "total": len(asked),
            "row": total.row,
            "since": places[before - 1] if before else 0,
            "heading": total.heading,
            "says": float(number),
        }
        asked.append(item | {f"w_{word.key}": _meaning(word, total) for word in words})
    return asked


def _meaning(column: ColumnPlan, total: Total) -> str | None:
    raw = total.cells.get(column.header, "")
    said = column.read(raw) if raw.strip() else None
    return None if said is None or said.match == "MISSING" else _text(said)


def _text(said: Said) -> str | None:
    return str(said.values[0]) if said.values and said.values[0] is not None else None


def _differences(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    rulers: Mapping[str, Ruler],
    column: ColumnPlan,
    asked: list[dict[str, object]],
    submission: str,
) -> list[Difference]:
    name = plan.table.name
    skips = {header for skip, (header, _) in plan.skips.items() if skip.startswith(TOTAL)}
    ruled = [item for item in plan.columns if item.key in rulers]
    words = [item for item in ruled if any(row.get(f"w_{item.key}") for row in asked)]
    wholes = [item for item in ruled if item.header in skips and item not in words]
    parts = [item for item in ruled if item.key in BREAKDOWNS and item not in words and item not in wholes]
    small = {"asked": _table(asked), "figure": _figures(rulers[column.key])}
    small |= {f"word_{item.key}": _words(rulers[item.key]) for item in (*words, *wholes, *parts)}
    said = {item.key: f"{quoted(f'word_{item.key}')}.said" for item in (*words, *wholes, *parts)}
    joins = " ".join(
        f"JOIN {quoted(f'word_{key}')} ON line.{quoted(f'r_{key}')} = {quoted(f'word_{key}')}.ruling" for key in said
    )
    met = ["line.submission_id = $submission"]
    met += [f"({quoted(f'w_{item.key}')} IS NULL OR {quoted(f'w_{item.key}')} = {said[item.key]})" for item in words]
    met += [f"{said[item.key]} IS DISTINCT FROM '_T'" for item in wholes]
    same = "kept.submission_id = line.submission_id AND kept.source_row = line.source_row"
    if name == "observation":
        same += " AND kept.source_column IS NOT DISTINCT FROM line.source_column"
        met.append("(asked.heading IS NULL OR line.source_column = asked.heading)")
    whole = " AND ".join(f"{said[item.key]} IS NOT DISTINCT FROM '_T'" for item in parts)
    kinds = ["TRUE", f"({whole})", f"NOT ({whole})"] if parts else ["TRUE"]
    sums = ", ".join(
        f"coalesce(sum({value}) FILTER (WHERE {scope} AND {kind}), 0)::DOUBLE"
        for scope in _SCOPES for kind in kinds for value in ("low", "high", "1")
    )  # fmt: skip
    for label, rows in small.items():
        connection.register(label, rows)
    answers = connection.execute(
        f"SELECT asked.total, {sums} FROM asked JOIN {name}_lineage AS line ON line.source_row < asked.row "
        f"JOIN figure ON line.{quoted(f'r_{column.key}')} = figure.ruling {joins} LEFT JOIN {name} AS kept ON {same} "
        f"WHERE {' AND '.join(met)} GROUP BY asked.total ORDER BY asked.total",
        {"submission": submission},
    ).fetchall()
    for label in small:
        connection.unregister(label)
    found = [_difference(plan, column, asked[number], figures) for number, *figures in answers]
    return [item for item in found if item is not None]


def _difference(plan: Plan, column: ColumnPlan, asked: dict[str, object], figures: list[float]) -> Difference | None:
    says = float(str(asked["says"]))
    scopes = [figures[place : place + 3] for place in range(0, len(figures), 3)]
    agree = [_agrees(plan, column, says, scope) for scope in scopes]
    half = len(scopes) // 2
    if any(agree[:half]):
        return None
    (above, _, rows), (since, _, rows_since) = scopes[0], scopes[half // 2]
    made = f"{above:g} or, since the last total, {since:g}"
    if plan.table.name in PERSONS:
        counted = f"{rows:g} or, since the last total, {rows_since:g} rows"
        made = counted if column.reading == "age" else f"{made}, in {counted}"
    label = asked["heading"] or column.header
    return Difference(int(str(asked["row"])), f"{label!r} says {says:g} where the kept rows make {made}", any(agree))


def _agrees(plan: Plan, column: ColumnPlan, says: float, scope: list[float]) -> bool:
    low, high, rows = scope
    if column.reading != "age" and low - CLOSE <= says <= high + CLOSE:
        return True
    return plan.table.name in PERSONS and abs(rows - says) < CLOSE


def _table(asked: list[dict[str, object]]) -> pa.Table:
    text = {name for name in asked[0] if name.startswith("w_")} | {"heading"}
    kinds = {"total": pa.int32(), "row": pa.int64(), "since": pa.int64(), "says": pa.float64()}
    return pa.Table.from_pylist(asked, pa.schema([(name, pa.string() if name in text else kinds[name]) for name in asked[0]]))


def _figures(ruler: Ruler) -> pa.Table:
    """Give what each ruling adds: its number, or the bounds of a hidden one."""
    low, high = [], []
    for said in ruler.saids:
        value, _, lower, upper = (*said.values, None, None, None)[:4]
        known = isinstance(value, int | float)
        low.append(float(str(value)) if known else float(str(lower)) if isinstance(lower, int | float) else None)
        high.append(float(str(value)) if known else float(str(upper)) if isinstance(upper, int | float) else None)
    return pa.table(
        {
            "ruling": pa.array(range(len(low)), pa.int32()),
            "low": pa.array(low, pa.float64()),
            "high": pa.array(high, pa.float64()),
        }
    )


def _words(ruler: Ruler) -> pa.Table:
    said = [_text(item) for item in ruler.saids]
    return pa.table({"ruling": pa.array(range(len(said)), pa.int32()), "said": pa.array(said, pa.string())})
