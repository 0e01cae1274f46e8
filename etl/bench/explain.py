"""How long it takes to lead a harmonised cell back to its origin, and whether every cell of the sample has one."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from etl.editions import Edition
from etl.inspect import reading
from etl.plan import DERIVED, UNKNOWN, WRITTEN
from etl.report import Listing, Report
from etl.select import DATED, PERIOD
from etl.store import RECORDS
from etl.trace import FROM_FIGURE, Origin, trace
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

CELLS = 2_000


def explain_cells(edition: Edition, cells: int = CELLS) -> Report:
    """Trace a sample of cells that hold something, as many of each table, source and field, and time each one.

    Facts: `cells`, `median_ms`, `p95_ms`, `slowest_ms`, and `resolved`, the share whose origin says what the cell holds.
    """
    with reading(edition.records) as connection:
        chosen = sample(connection, cells)
        taken: list[float] = []
        lost: list[tuple[object, ...]] = []
        for name, identifier, field in chosen:
            start = time.perf_counter()
            origin = trace(connection, identifier, field)
            taken.append((time.perf_counter() - start) * 1000)
            if not resolved(name, origin):
                lost.append((name, origin.source, field, origin.way))
    facts: dict[str, object] = {
        "cells": len(chosen),
        "median_ms": round(statistics.median(taken), 2),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 2),
        "slowest_ms": round(max(taken), 2),
        "resolved": 1 - len(lost) / len(chosen),
    }
    sentence = (
        f"{len(chosen)} cells of edition {edition.name}: {facts['resolved']:.2%} resolved, {facts['median_ms']} ms each (median)"
    )
    listings = [Listing("not resolved", ("table", "source", "field", "way"), lost[:50])] if lost else []
    return Report(facts={"edition": edition.name, **facts}, sentences=[sentence], listings=listings)


def resolved(name: str, origin: Origin) -> bool:
    """Say whether an origin accounts for the cell: what it says is what the cell holds, or Pembe may derive the field."""
    if origin.way == "RULING":
        outside = DATED.get(origin.reading or "") == "V16" and origin.value == UNKNOWN
        return outside or origin.field in (*PERIOD, "obs_status", "value_raw") or same(origin.value, origin.says)
    if origin.way == "CONSTANT":
        return origin.field in (*PERIOD, "obs_status") or same(origin.value, origin.says)
    if origin.way == "KEY":
        return isinstance(origin.value, str)
    made = DERIVED[name] | WRITTEN | set(FROM_FIGURE)
    # A nil return and a silence have no cell: the declaration says all of them.
    return origin.way == "DERIVED" and (origin.field in made or origin.source_row is None)


def same(value: object, says: object) -> bool:
    """Compare what a cell holds with what is written of it, number with number and text with text."""
    if isinstance(value, list):
        return isinstance(says, list) and [str(item) for item in value] == [str(item) for item in says]
    if isinstance(value, int | float) and not isinstance(value, bool) and isinstance(says, int | float | str):
        return float(value) == float(says)
    return str(value) == str(says)


def sample(connection: duckdb.DuckDBPyConnection, cells: int) -> list[tuple[str, str, str]]:
    """Choose cells that hold something: of each table, source and field as many, always the same ones.

    Gives table, number of the record, field. Figures counted from records are left out: they rest on no single cell.
    """
    strata: list[tuple[str, str, str]] = []
    for name in (*RECORDS, "observation"):
        for field in table(name).fields:
            sources = connection.execute(
                f"SELECT DISTINCT submission.source FROM submission JOIN {name} AS row USING (submission_id) "
                f'WHERE row."{field.name}" IS NOT NULL '
                f"{_RECEIVED if name == 'observation' else ''} ORDER BY 1"
            ).fetchall()
            strata += [(name, field.name, row[0]) for row in sources]
    each = -(-cells // max(1, len(strata)))
    chosen: list[tuple[str, str, str]] = []
    for name, field_name, source in strata:
        key = table(name).key
        found = connection.execute(
            f'SELECT row."{key}" FROM {name} AS row JOIN submission USING (submission_id) WHERE submission.source = ? '
            f'AND row."{field_name}" IS NOT NULL {_RECEIVED if name == "observation" else ""} '
            "ORDER BY hash(row.source_row) LIMIT ?",
            [source, each],
        ).fetchall()
        chosen += [(name, row[0], field_name) for row in found]
    return chosen


_RECEIVED = "AND row.origin <> 'COMPUTED'"
