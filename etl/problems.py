"""Broken rules in, problems out: those of a cell with its raw value and the line to add, those of a row with its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from etl.rulings import SOFT_BIT, Ruler
from schemas.rules import bit, rule, rules

if TYPE_CHECKING:
    import duckdb

TOLD = ("rule_id", "severity", "raw_value", "note", "line")


def flag_lists(masks: pa.ChunkedArray) -> pa.DictionaryArray:
    """Give for each kept row the list of its flags."""
    told = pa.array(masks.to_numpy() & ~SOFT_BIT).dictionary_encode()
    flags = [[item.id for item in rules() if mask & bit(item.id)] for mask in told.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(told.indices, pa.array(flags, pa.list_(pa.string())))


def report_cells(
    connection: duckdb.DuckDBPyConnection,
    rulers: Mapping[str, Ruler],
    table: str,
    submission: str,
    coded: pa.Table,
    masks: np.ndarray,
) -> None:
    """Write the problems of a chunk of rows, `masks` being the rules that each breaks."""
    if not masks.any():
        return
    numbers = coded.column("_row").to_numpy()
    for key, ruler in rulers.items():
        if not ruler.masks.any():
            continue
        rulings = coded.column(f"r_{key}").to_numpy()
        places = np.flatnonzero(ruler.masks[rulings])
        connection.register("broken", _broken(ruler))
        connection.register("met", pa.table({"source_row": numbers[places], "ruling": rulings[places]}))
        connection.execute(
            f'INSERT INTO problem BY NAME SELECT $submission AS submission_id, $name AS "table", source_row, $field AS field, '
            f"{', '.join(TOLD)} FROM met JOIN broken USING (ruling)",
            {"submission": submission, "name": table, "field": key},
        )
        connection.unregister("met")
        connection.unregister("broken")
    more = masks & ~coded.column("_mask").to_numpy()
    for item in rules():
        rows = numbers[np.flatnonzero(more & bit(item.id))]
        if len(rows):
            report_rows(connection, table, submission, rows, item.id, item.severity, item.title)


def report_ragged(connection: duckdb.DuckDBPyConnection, table: str, submission: str, rows: list[int]) -> None:
    """Write the problem of every record that has more or fewer cells than the heading."""
    note = "the row has more or fewer cells than the heading; mend it and send it again"
    if rows:
        report_rows(connection, table, submission, np.array(rows), "V01", "E", note)


def report_rows(
    connection: duckdb.DuckDBPyConnection, table: str, submission: str, rows: np.ndarray, rule_id: str, severity: str, note: str
) -> None:
    """Write one problem for each of some rows, with the number of its record."""
    connection.register("met", pa.table({"source_row": rows}))
    connection.execute(
        'INSERT INTO problem BY NAME SELECT $submission AS submission_id, $name AS "table", source_row, $rule AS rule_id, '
        "$severity AS severity, $note AS note FROM met",
        {"submission": submission, "name": table, "rule": rule_id, "severity": severity, "note": note},
    )
    connection.unregister("met")


def _broken(ruler: Ruler) -> pa.Table:
    """Give the rulings that break a rule: ruling, rule_id, severity, raw_value, note, line."""
    rows = []
    for number in np.flatnonzero(ruler.masks).tolist():
        ruling = ruler.ruling(number)
        for name in ruling.said.rules:
            found = rule(name.removesuffix("W"))
            rows.append(
                {
                    "ruling": number,
                    "rule_id": found.id,
                    "severity": "W" if name.endswith("W") else found.severity,
                    "raw_value": ruling.raw,
                    "note": ruling.said.note or found.title,
                    "line": ruling.said.line or None,
                }
            )
    return pa.Table.from_pylist(rows, pa.schema([("ruling", pa.int32()), *((name, pa.string()) for name in TOLD)]))
