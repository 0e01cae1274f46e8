"""The account of every submission: what was read, kept, refused and skipped, and how each of its words was ruled."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from etl.fold import fold
from etl.plan import Plan
from etl.received import Received
from etl.recode import Recoder, Tally
from etl.source import Source

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = "1.0.0"
CONFIDENCE = {"EXACT": 1.0, "DECLARED": 1.0, "CORRECTED": 1.0, "FOLDED": 0.95, "ALIAS": 0.9, "COMPUTED": 0.95, "APPROX": 0.6}
# Readings that look a folded word up in a list.
LOOKED_UP = ("code", "codes", "yes_no", "country", "area")
HOUSE = {"FOLDED": "words of the code list", "ALIAS": "words of the code list", "EXACT": "words of the code list"}


def write_submission(connection: duckdb.DuckDBPyConnection, source: Source, item: Received, tally: Tally) -> None:
    """Write the row of one submission, its skipped rows by name and the problems of the file as a whole (V35)."""
    declared = item.declared
    values: dict[str, object] = {
        "submission_id": item.submission_id,
        "source": source.name,
        "reporting_country": source.country if source.country != "several" else "_Z",
        "source_name": source.publisher,
        "source_type": source.source_type,
        "domain": source.domain,
        "grain": "AGGREGATE" if source.table == "observation" else "MICRO",
        "period_type": item.period_type,
        "period_start": item.period_start,
        "period_end": item.period_end,
        "calendar_raw": source.calendar,
        "language_raw": source.languages,
        "encoding_raw": source.file.encoding if source.file.format == "csv" else None,
        "delimiter_raw": source.file.delimiter if source.file.format == "csv" else None,
        "decimal_raw": source.file.decimal,
        "file_name": item.file_name,
        "sha256": item.sha256,
        "bytes": item.size,
        "received_at": datetime.datetime.combine(declared.received, datetime.time()) if declared.received else None,
        "due_at": declared.due,
        "mapping_version": mapping_version(source),
        "schema_version": SCHEMA_VERSION,
        "invented": source.invented,
        "already_public": source.is_public(declared),
        "letter": declared.letter,
        "legal_definition_note": source.legal_definition,
        "coverage_note": declared.coverage or source.coverage,
        "status": item.status,
        "rows_raw": tally.read,
        "rows_ok": tally.kept,
        "rows_rejected": tally.refused,
        "rows_skipped": tally.skipped_rows,
        "supersedes": item.supersedes,
    }
    if tally.read != tally.kept + tally.refused + tally.skipped_rows:
        raise AssertionError(f"{item.submission_id}: rows were lost: {tally}")
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${name}" for name in values)
    connection.execute(f"INSERT INTO submission ({names}) VALUES ({marks})", values)
    for name, count in tally.skipped.items():
        connection.execute("INSERT INTO skipped VALUES (?, ?, ?)", [item.submission_id, name, count])
    for column in tally.dropped:
        note = "the column holds direct identifiers; it was left at the door and nothing of it is kept"
        _file_problem(connection, item, "V02", "I", note, column)
    for column in tally.absent:
        note = "no object of this file has the key, so nothing is known of it in any row; ask whether it was renamed"
        _file_problem(connection, item, "V01", "W", note, column)
    if item.copy_of is not None:
        note = f"the same bytes were received before as {item.copy_of}; its rows are not counted again"
        _file_problem(connection, item, "V35", "E", note)
    if item.supersedes is not None:
        note = f"replaces {item.supersedes}, whose rows are no longer counted: {tally.changes}"
        _file_problem(connection, item, "V35", "I", note)


def write_lineage(connection: duckdb.DuckDBPyConnection, recoder: Recoder) -> None:
    """Write the rulings of one source, each distinct value once, and which column of theirs gives which fields."""
    source, name = recoder.plan.source, recoder.plan.table.name
    for column in recoder.plan.columns:
        first = _next(connection, "ruling", "ruling_id")
        outputs = [output for output in column.outputs if output != "-"]
        connection.execute(
            "INSERT INTO ruled_column VALUES (?, ?, ?, ?, ?, ?, ?)",
            [source.name, name, column.key, column.header, column.reading, outputs, first],
        )
        ruler = recoder.rulers.get(column.key)
        if ruler is None:
            continue
        rulings = ruler.rulings()
        matches = [ruling.said.match for ruling in rulings]
        looked_up = column.reading in LOOKED_UP
        # as columns: a register of a million rows has tens of thousands of rulings
        columns: dict[str, list[object]] = {
            "raw_value": [ruling.raw for ruling in rulings],
            "folded": [fold(ruling.raw) if looked_up and ruling.raw is not None else None for ruling in rulings],
            "said": [_said(column.outputs, ruling.said.values) for ruling in rulings],
            "code": [_text(ruling.said.values[0]) if ruling.said.values else None for ruling in rulings],
            "match": [*matches],
            "confidence": [CONFIDENCE.get(match) for match in matches],
            "rules": [[rule.removesuffix("W") for rule in ruling.said.rules] for ruling in rulings],
            "note": [ruling.said.note or None for ruling in rulings],
            "decided_by": [_decider(source, column.reading, match) for match in matches],
            "count_rows": [ruling.count for ruling in rulings],
        }
        connection.register("rows", pa.table(columns, RULING))
        connection.execute(
            "INSERT INTO ruling BY NAME SELECT $first + row_number() OVER () - 1 AS ruling_id, $source AS source, "
            '$name AS "table", $header AS raw_field, $reading AS reading, $key AS field, $decided_on AS decided_on, '
            "1 AS count_submissions, * FROM rows",
            {
                "first": first, "source": source.name, "name": name, "header": column.header, "reading": column.reading,
                "key": column.key, "decided_on": source.decided_on,
            },
        )  # fmt: skip
        connection.unregister("rows")
    constants: list[tuple[str | None, str, str]] = [(None, field, value) for field, value in recoder.plan.constants.items()]
    constants += [(label, field, value) for label, dims in source.measures.items() for field, value in dims.items()]
    for label, field, value in constants:
        connection.execute("INSERT INTO ruled_constant VALUES (?, ?, ?, ?, ?)", [source.name, name, label, field, value])


def reconcile(connection: duckdb.DuckDBPyConnection, plan: Plan, item: Received, tally: Tally) -> None:
    """Assert that the tables hold the rows that were counted, for one submission."""
    row = connection.execute(f"SELECT count(*) FROM {plan.table.name} WHERE submission_id = ?", [item.submission_id]).fetchone()
    assert row is not None
    if row[0] != tally.kept:
        raise AssertionError(f"{item.submission_id}: {tally.kept} rows were kept but {row[0]} are in the table")


def mapping_version(source: Source) -> str:
    """Give the version of a declaration: the first characters of its hash."""
    return hashlib.sha256(source.model_dump_json().encode()).hexdigest()[:12]


# What differs from ruling to ruling of one column.
RULING = pa.schema(
    [
        *((name, pa.string()) for name in ("raw_value", "folded", "said", "code", "match")),
        ("confidence", pa.float64()),
        ("rules", pa.list_(pa.string())),
        *((name, pa.string()) for name in ("note", "decided_by")),
        ("count_rows", pa.int32()),
    ]
)


def _next(connection: duckdb.DuckDBPyConnection, table: str, field: str) -> int:
    row = connection.execute(f"SELECT coalesce(max({field}), 0) + 1 FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def _decider(source: Source, reading: str, match: str) -> str:
    if match in ("DECLARED", "CORRECTED", "MISSING"):
        return source.decided_by or f"declaration {source.name}.yml"
    if reading in LOOKED_UP and match in HOUSE:
        return HOUSE[match]
    return f"reading {reading}"


def _said(outputs: tuple[str, ...], values: tuple[object, ...]) -> str | None:
    pairs = {name: value for name, value in zip(outputs, values, strict=False) if value is not None and name != "-"}
    return orjson.dumps(pairs).decode() if pairs else None


def _text(value: object) -> str | None:
    if value is None:
        return None
    return "|".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _file_problem(
    connection: duckdb.DuckDBPyConnection, item: Received, rule: str, severity: str, note: str, field: str | None = None
) -> None:
    connection.execute(
        "INSERT INTO problem BY NAME SELECT ? AS submission_id, 'submission' AS \"table\", ? AS field, ? AS rule_id, "
        "? AS severity, ? AS note",
        [item.submission_id, field, rule, severity, note],
    )
