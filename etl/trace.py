"""One field of one record in, its origin out: submission, row, column, raw value, ruling, and who decided."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etl.errors import SourceError
from etl.headings import heading
from etl.plan import FIGURE
from etl.select import DATED, PERIOD
from etl.store import RECORDS
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

IDENTIFIER = re.compile(r"([A-Z]{3}-\d{4}-\d{2,4})(?:-(\d+))?(?:-.*)?")
# What is made from the cell of the figure beside the figure itself.
FROM_FIGURE = {"value_raw": "the figure as written", "obs_status": "from the figure and what the source says of it"}
FROM_FIGURE["protection"] = "from whether the source is published, or sent by a state that has not published it"
FROM_FIGURE["revision"] = "from how many persons moved since the figures were last released"
FROM_FIGURE["conf_status"] = "from whether the sender hid the figure, and whether records are counted for its cell"
# Made from another field of the same record, where the source does not give it.
FROM_FIELD = {
    "exploitation_main": "exploitation_forms",
    "exploitation_forms": "exploitation_main",
    "iccs_code": "offence",
}


@dataclass(frozen=True)
class Origin:
    """Where one field of one record comes from.

    way: RULING (a raw value that was read), CONSTANT (the declaration says it for every row), KEY (a national number,
    hashed and not kept), DERIVED (made by Pembe from other fields or from the submission) or ABSENT (nothing says it).
    says: what the ruling or the declaration says for this field.
    """

    submission_id: str
    source: str
    file_name: str | None
    sha256: str | None
    source_row: int | None
    field: str
    value: object
    way: str
    column: str | None = None
    raw_value: str | None = None
    says: object = None
    ruling_id: int | None = None
    reading: str | None = None
    match: str | None = None
    decided_by: str | None = None
    decided_on: object = None
    note: str | None = None
    rules: tuple[str, ...] = ()
    sheet: str | None = None


@dataclass(frozen=True)
class Place:
    """Where an identifier leads: a submission, a row of its file, and the table that keeps it, if one does."""

    submission_id: str
    source_row: int | None
    table: str
    kept: bool


def find_place(connection: duckdb.DuckDBPyConnection, identifier: str) -> Place:
    """Find the table that holds a record or observation; a row that was refused is found too, and not kept.

    Errors: SourceError for what is no number of a record.
    """
    parts = IDENTIFIER.fullmatch(identifier)
    if parts is None:
        raise SourceError(f"{identifier!r} is no record; a record is a submission and a row, such as KEN-2021-4711-17")
    submission, row = parts[1], int(parts[2]) if parts[2] is not None else None
    if identifier == f"{submission}-{row}":
        for name in RECORDS:
            query = f"SELECT 1 FROM {name} WHERE submission_id = ? AND source_row = ? LIMIT 1"
            if connection.execute(query, [submission, row]).fetchone() is not None:
                return Place(submission, row, name, True)
    held = connection.execute("SELECT 1 FROM observation WHERE observation_id = ? LIMIT 1", [identifier]).fetchone()
    if held is None:
        _refuse_shown(connection, identifier)
    return Place(submission, row, "observation", held is not None)


def _refuse_shown(connection: duckdb.DuckDBPyConnection, identifier: str) -> None:
    """Say how a figure of the public file is explained: by its cell, since what is shown is not what was counted."""
    shown = connection.execute(
        "SELECT ref_area::VARCHAR, indicator, time_period FROM shown WHERE observation_id = ?", [identifier]
    ).fetchone()
    if shown is not None:
        raise SourceError(f"{identifier} is a protected figure of the public file; ask with `pembe explain {' '.join(shown)}`")


def trace(connection: duckdb.DuckDBPyConnection, identifier: str, field: str) -> Origin:
    """Find where a field of a record or observation comes from; SourceError when there is no such record or field."""
    place = find_place(connection, identifier)
    if not place.kept:
        raise SourceError(
            f"this edition holds no record {identifier}; it may have been refused: see `pembe explain {identifier}`"
        )
    name = place.table
    if field not in {item.name for item in table(name).fields}:
        raise SourceError(f"{name} has no field {field!r}; choose one of {', '.join(item.name for item in table(name).fields)}")
    condition, parameters = ("submission_id = ? AND source_row = ?", [place.submission_id, place.source_row])
    if name == "observation":
        condition, parameters = "observation_id = ?", [identifier]
    more = "source_column, origin::VARCHAR" if name == "observation" else "NULL, NULL"
    record = connection.execute(
        f'SELECT submission_id, source_row, "{field}", {more} FROM {name} WHERE {condition}', parameters
    ).fetchone()
    about = connection.execute(
        "SELECT source, file_name, sha256, (SELECT value FROM manifest WHERE name = 'sheet/' || source) FROM submission "
        "WHERE submission_id = ?",
        [place.submission_id],
    ).fetchone()
    assert record is not None and about is not None
    base = Origin(record[0], about[0], about[1], about[2], record[1], field, record[2], "DERIVED", sheet=about[3])
    if record[4] == "COMPUTED":
        return replace(base, note="counted from records; see `pembe explain COUNTRY INDICATOR PERIOD`")
    if record[1] is None:
        return replace(base, note="from the declaration, which says that nothing or no file was received")
    return (
        _constant(connection, base, name, record[3], measured=True)
        or _ruled(connection, base, name, record[3], field)
        or _constant(connection, base, name, record[3], measured=False)
        or _derived(connection, base, name, record[3])
    )


def _ruled(connection: duckdb.DuckDBPyConnection, base: Origin, name: str, label: str | None, field: str) -> Origin | None:
    column = connection.execute(
        'SELECT "key", raw_field, reading, first_ruling FROM ruled_column '
        'WHERE source = ? AND "table" = ? AND list_contains(outputs, ?)',
        [base.source, name, field],
    ).fetchone()
    if column is None:
        return None
    key, raw_field, read_as, first = column
    place = label if raw_field == FIGURE else raw_field
    if read_as == "key":
        return replace(base, way="KEY" if base.value is not None else "ABSENT", column=place, reading=read_as)
    more = " AND source_column = ?" if label is not None and name == "observation" else ""
    number = connection.execute(
        f'SELECT "r_{key}" FROM {name}_lineage WHERE submission_id = ? AND source_row = ?{more}',
        [base.submission_id, base.source_row, *([label] if more else [])],
    ).fetchone()
    if number is None or number[0] is None:
        return None
    ruling = connection.execute(
        "SELECT ruling_id, raw_value, match::VARCHAR, decided_by, decided_on, note, rules, said FROM ruling WHERE ruling_id = ?",
        [first + number[0]],
    ).fetchone()
    assert ruling is not None
    says = json.loads(ruling[7]).get(field) if ruling[7] is not None else None
    note = ruling[5]
    if read_as in DATED and says != base.value:
        note = f"the word means {says} only for some time, and this record is of another day ({DATED[read_as]})"
    if field == "obs_status" and says != base.value:
        note = "a figure that is missing, hidden or contradicted by another has a status of its own"
    if field == "period_end" and says is None:
        note = "the period has no end yet; it is cut where that of the file ends"
    return replace(
        base, way="RULING", column=place, raw_value=ruling[1], says=says, ruling_id=ruling[0], reading=read_as, match=ruling[2],
        decided_by=ruling[3], decided_on=ruling[4], note=note, rules=tuple(ruling[6] or ()),
    )  # fmt: skip


def _constant(connection: duckdb.DuckDBPyConnection, base: Origin, name: str, label: str | None, measured: bool) -> Origin | None:
    """Find what the declaration says for every row, or for every figure under one heading."""
    if base.field == "obs_status" and _absent_figure(connection, base, label):
        return None
    wanted = [base.field, *(["time_period"] if measured and base.field in PERIOD else [])]
    rows = connection.execute(
        'SELECT measure, value FROM ruled_constant WHERE source = ? AND "table" = ? AND list_contains(?, field)',
        [base.source, name, wanted],
    ).fetchall()
    for measure, value in rows:
        if (measure is not None) == measured and (measure is None or heading(measure) == label):
            many = table(name).field(base.field).many
            said = value.split("|") if many else value
            return replace(base, way="CONSTANT", column=measure, says=said, decided_by=f"declaration {base.source}.yml")
    return None


def _absent_figure(connection: duckdb.DuckDBPyConnection, base: Origin, label: str | None) -> bool:
    """A figure that is hidden or missing has a status of its own, whatever the declaration says."""
    row = connection.execute(
        "SELECT obs_value IS NULL FROM observation "
        "WHERE submission_id = ? AND source_row = ? AND source_column IS NOT DISTINCT FROM ?",
        [base.submission_id, base.source_row, label],
    ).fetchone()
    return row is not None and bool(row[0])


def _derived(connection: duckdb.DuckDBPyConnection, base: Origin, name: str, label: str | None) -> Origin:
    """Say from what Pembe made a field that neither a column nor the declaration gives."""
    if base.value is None:
        return replace(base, way="ABSENT")
    if name == "observation" and base.field in FROM_FIGURE:
        ruled = _ruled(connection, base, name, label, "obs_value")
        if ruled is not None:
            return replace(
                ruled,
                way="RULING" if base.field == "value_raw" else "DERIVED",
                says=ruled.raw_value,
                note=FROM_FIGURE[base.field],
            )
    other = FROM_FIELD.get(base.field)
    ruled = _ruled(connection, base, name, label, other) if other is not None else None
    if ruled is not None:
        return replace(ruled, way="DERIVED", note=f"from {other}")
    return replace(base, note="from the submission, its period or other fields of the record")
