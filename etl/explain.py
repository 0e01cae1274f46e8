"""One harmonised value or published figure in; the way back to file, sheet, row, column, raw value, ruling and rule out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.editions import Edition
from etl.errors import SourceError
from etl.inspect import reading
from etl.report import Listing, Report
from etl.store import RECORDS
from schemas.rules import rule
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

DIMENSIONS = ("sex", "age", "citizenship", "counterpart_area", "exploitation", "offence", "scope", "source_type", "count_unit", "source")


@dataclass(frozen=True)
class Origin:
    """Where one field of one record comes from.

    way: RULING (a raw value that was read), CONSTANT (the declaration says it for every row), KEY (a national number,
    hashed and not kept), DERIVED (made by Pembe from other fields or from the submission) or ABSENT.
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
    reading: str | None = None
    match: str | None = None
    decided_by: str | None = None
    decided_on: object = None
    note: str | None = None
    rules: tuple[str, ...] = ()


def explain(edition: Edition, what: list[str], where: list[str]) -> Report:
    """Explain a record's or observation's field (`ID FIELD`), or a figure (`COUNTRY INDICATOR PERIOD`).

    Errors: SourceError for what the edition does not hold.
    """
    with reading(edition.records) as connection:
        if len(what) == 3:
            return _explain_figure(connection, edition, what[0], what[1], what[2], where)
        if len(what) != 2:
            raise SourceError("say a record or figure and a field, or a country, an indicator and a period")
        return _told(edition, trace(connection, what[0], what[1]))


def trace(connection: duckdb.DuckDBPyConnection, identifier: str, field: str) -> Origin:
    """Find where a field of a record or observation comes from; SourceError when there is no such record or field."""
    name = _table_of(connection, identifier)
    found = table(name)
    if field not in {item.name for item in found.fields}:
        raise SourceError(f"{name} has no field {field!r}; choose one of {', '.join(item.name for item in found.fields)}")
    submission, _, row = identifier.rpartition("-")
    condition, parameters = ("submission_id = ? AND source_row = ?", [submission, int(row)]) if name in RECORDS else (
        "observation_id = ?", [identifier]
    )  # fmt: skip
    more = ", source_column, origin::VARCHAR" if name == "observation" else ", NULL, NULL"
    record = connection.execute(
        f'SELECT submission_id, source_row, "{field}"{more} FROM {name} WHERE {condition}', parameters
    ).fetchone()
    if record is None:
        raise SourceError(f"this edition holds no record {identifier}; it may have been refused: see `pembe problems`")
    about = connection.execute(
        "SELECT source, file_name, sha256 FROM submission WHERE submission_id = ?", [record[0]]
    ).fetchone()
    assert about is not None
    base = Origin(record[0], about[0], about[1], about[2], record[1], field, record[2], "DERIVED")
    if record[4] == "COMPUTED" or record[1] is None:
        return base
    return _ruled(connection, base, name, record[3]) or _constant(connection, base, name, record[3]) or base


def _table_of(connection: duckdb.DuckDBPyConnection, identifier: str) -> str:
    submission, _, row = identifier.rpartition("-")
    if row.isdigit():
        for name in RECORDS:
            query = f"SELECT 1 FROM {name} WHERE submission_id = ? AND source_row = ? LIMIT 1"
            if connection.execute(query, [submission, int(row)]).fetchone() is not None:
                return name
    if connection.execute("SELECT 1 FROM observation WHERE observation_id = ? LIMIT 1", [identifier]).fetchone() is not None:
        return "observation"
    raise SourceError(f"this edition holds no record {identifier}; it may have been refused: see `pembe problems`")


def _ruled(connection: duckdb.DuckDBPyConnection, base: Origin, name: str, heading: str | None) -> Origin | None:
    column = connection.execute(
        'SELECT "key", raw_field, reading, first_ruling FROM ruled_column WHERE source = ? AND "table" = ? AND list_contains(outputs, ?)',
        [base.source, name, _ruled_field(base.field)],
    ).fetchone()
    if column is None:
        return None
    key, raw_field, read_as, first = column
    place = heading if raw_field == "(figure)" else raw_field
    if read_as == "key":
        return _with(base, way="KEY" if base.value is not None else "ABSENT", column=place, reading=read_as)
    more = " AND source_column = ?" if heading is not None and name == "observation" else ""
    parameters = [base.submission_id, base.source_row, *([heading] if more else [])]
    number = connection.execute(
        f'SELECT "r_{key}" FROM {name}_lineage WHERE submission_id = ? AND source_row = ?{more}', parameters
    ).fetchone()
    if number is None or number[0] is None:
        return None
    ruling = connection.execute(
        "SELECT raw_value, match::VARCHAR, decided_by, decided_on, note, rules, said FROM ruling WHERE ruling_id = ?", [first + number[0]]
    ).fetchone()
    assert ruling is not None
    return _with(
        base, way="RULING", column=place, raw_value=ruling[0], reading=read_as, match=ruling[1], decided_by=ruling[2],
        decided_on=ruling[3], note=ruling[4], rules=tuple(ruling[5] or ()),
    )  # fmt: skip


def _ruled_field(field: str) -> str:
    """The raw text and the status of a figure come from the same cell as the figure."""
    return "obs_value" if field in ("value_raw", "obs_status", "conf_status") else field


def _constant(connection: duckdb.DuckDBPyConnection, base: Origin, name: str, heading: str | None) -> Origin | None:
    row = connection.execute(
        'SELECT measure FROM ruled_constant WHERE source = ? AND "table" = ? AND field = ? AND (measure IS NULL OR measure = ?) '
        "ORDER BY measure NULLS LAST LIMIT 1",
        [base.source, name, base.field, heading],
    ).fetchone()
    if row is None:
        return None
    return _with(base, way="CONSTANT", column=row[0], decided_by=f"declaration {base.source}.yml")


def _with(base: Origin, **changes: object) -> Origin:
    from dataclasses import replace

    return replace(base, **changes)  # type: ignore[arg-type]


def _told(edition: Edition, origin: Origin) -> Report:
    ways = {
        "RULING": f"{origin.raw_value!r} in column {origin.column!r} was read as {origin.value!r} ({origin.reading}, {origin.match})",
        "CONSTANT": f"the declaration says {origin.value!r} for every row" + (f" under {origin.column!r}" if origin.column else ""),
        "KEY": f"column {origin.column!r} holds a national number; only its hash with a secret salt is kept",
        "ABSENT": f"column {origin.column!r} is empty here",
        "DERIVED": f"{origin.value!r} was made by Pembe from the submission, its period or other fields of the record",
    }
    place = f"row {origin.source_row} of {origin.file_name} (sha256 {(origin.sha256 or '')[:16]}…)" if origin.file_name else "no file"
    sentences = [f"{origin.field} = {origin.value!r}, from {place}, submission {origin.submission_id}", ways[origin.way]]
    if origin.decided_by:
        sentences.append(f"decided by {origin.decided_by}" + (f" on {origin.decided_on}" if origin.decided_on else ""))
    sentences += [f"{name}: {rule(name).title}" for name in origin.rules]
    if origin.note:
        sentences.append(origin.note)
    facts = {name: getattr(origin, name) for name in Origin.__dataclass_fields__}
    return Report(facts={"edition": edition.name, **json.loads(json.dumps(facts, default=str))}, sentences=sentences)


def _explain_figure(
    connection: duckdb.DuckDBPyConnection, edition: Edition, country: str, indicator: str, period: str, where: list[str]
) -> Report:
    chosen = {name: "_T" for name in DIMENSIONS[:7]}
    for pair in where:
        name, sign, value = pair.partition("=")
        if not sign or name not in DIMENSIONS:
            raise SourceError(f"{pair!r} is not a dimension; write one of {', '.join(f'{item}=…' for item in DIMENSIONS)}")
        chosen[name] = value
    conditions = " AND ".join(f"{name}::VARCHAR = ${name}" for name in chosen)
    rows = connection.execute(
        "SELECT observation_id, source, origin::VARCHAR, count_unit::VARCHAR, source_type::VARCHAR, obs_value, value_raw, "
        "obs_status::VARCHAR, conf_status::VARCHAR, submission_id, source_row, source_column FROM observation "
        f"WHERE ref_area::VARCHAR = $country AND indicator = $indicator AND time_period = $period AND {conditions} ORDER BY ALL",
        {"country": country, "indicator": indicator, "period": period, **chosen},
    ).fetchall()
    if not rows:
        raise SourceError(f"this edition has no figure {indicator} for {country} in {period} with {chosen}; see `pembe explain --help`")
    columns = ("figure", "source", "origin", "unit", "body", "value", "as written", "status", "held back", "submission", "row", "column")
    listings = [Listing("figures", columns, rows)]
    submissions = {row[9] for row in rows}
    accounts = connection.execute(
        "SELECT submission_id, file_name, sha256, rows_raw, rows_ok, rows_rejected, rows_skipped FROM submission "
        "WHERE list_contains($wanted, submission_id) ORDER BY ALL",
        {"wanted": sorted(submissions)},
    ).fetchall()
    listings.append(Listing("submissions", ("submission", "file", "sha256", "read", "kept", "refused", "skipped"), accounts))
    reasons = connection.execute(
        "SELECT submission_id, rule_id, severity::VARCHAR, field, count(*) FROM problem WHERE list_contains($wanted, submission_id) "
        "AND severity = 'E' GROUP BY ALL ORDER BY ALL",
        {"wanted": sorted(submissions)},
    ).fetchall()
    listings.append(Listing("why rows were refused", ("submission", "rule", "severity", "field", "rows"), reasons))
    return Report(facts={"edition": edition.name}, listings=listings)
