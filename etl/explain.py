"""One value or figure asked for in words of the command; its way back, told in sentences and tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from etl.editions import Edition
from etl.errors import SourceError
from etl.explain_figure import explain_figure
from etl.inspect import near, reading
from etl.report import Listing, Report
from etl.trace import Origin, Place, find_place, trace
from schemas.rules import rule
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

__all__ = ["Origin", "explain", "trace"]


def explain(edition: Edition, what: list[str], where: list[str]) -> Report:
    """Explain a record or figure (`ID`), one field of it (`ID FIELD`), or a figure by its cell (`COUNTRY INDICATOR PERIOD`).

    Errors: SourceError for what the edition does not hold.
    """
    with reading(edition.records) as connection:
        if len(what) == 3:
            return explain_figure(connection, edition.name, what[0], what[1], what[2], where)
        if len(what) not in (1, 2):
            raise SourceError("say a record or figure and a field, or a country, an indicator and a period")
        place = find_place(connection, what[0])
        if not place.kept:
            return _refused(connection, edition, what[0], place)
        if len(what) == 1:
            return _whole(connection, edition, what[0], place)
        return _told(edition, trace(connection, what[0], what[1]))


def _refused(connection: duckdb.DuckDBPyConnection, edition: Edition, identifier: str, place: Place) -> Report:
    """Say why a row of a file stands in no table; or, where there is no such row, what there is."""
    file = connection.execute(
        "SELECT file_name, sha256, status::VARCHAR, rows_raw, rows_skipped, (SELECT any_value(newer.submission_id) FROM "
        "submission AS newer WHERE newer.supersedes = submission.submission_id) FROM submission WHERE submission_id = ?",
        [place.submission_id],
    ).fetchone()
    if file is None:
        known = [row[0] for row in connection.execute("SELECT submission_id FROM submission").fetchall()]
        raise SourceError(f"edition {edition.name} holds no record {identifier}; {near(place.submission_id, known)}")
    name, sha256, status, rows, skipped, newer = file
    found = connection.execute(
        "SELECT rule_id, severity::VARCHAR, field, raw_value, note, line FROM problem WHERE submission_id = ? AND source_row = ? "
        "ORDER BY severity, rule_id, field",
        [place.submission_id, place.source_row],
    ).fetchall()
    about = f"row {place.source_row} of {name} (sha256 {(sha256 or '')[:16]}…), submission {place.submission_id},"
    if name is None:
        raise SourceError(f"{place.submission_id} is a submission without a file ({status}); it has no row {place.source_row}")
    if place.source_row is None or (not found and status == "CHECKED" and not skipped):
        raise SourceError(f"submission {place.submission_id} has no row {identifier}; its file {name} has {rows} records")
    if any(row[1] == "E" for row in found):
        rules = ", ".join(dict.fromkeys(row[0] for row in found if row[1] == "E"))
        sentence = f"{about} was refused ({rules}) and is counted nowhere; mend it and send the file again, or add the line"
    elif status == "SUPERSEDED":
        sentence = f"{about} is counted nowhere: the file was replaced by submission {newer}"
    elif status == "REJECTED":
        sentence = f"{about} is counted nowhere: the same file was received before"
    else:
        names = connection.execute(
            "SELECT string_agg(name, ', ' ORDER BY name) FROM skipped WHERE submission_id = ? AND count_rows > 0",
            [place.submission_id],
        ).fetchone()
        assert names is not None
        left = f"the declaration leaves {skipped} rows of this file out by name ({names[0]})"
        sentence = f"{about} stands in no table: {left}, or the file ends before"
    columns = ("rule", "severity", "field", "as written", "met and what to do", "line to add")
    facts: dict[str, object] = {
        "edition": edition.name, "record": identifier, "kept": False, "submission_id": place.submission_id,
        "file_name": name, "sha256": sha256, "source_row": place.source_row, "rules": [row[0] for row in found],
    }  # fmt: skip
    return Report(facts=facts, sentences=[sentence], listings=[Listing("problems", columns, found)] if found else [])


def _whole(connection: duckdb.DuckDBPyConnection, edition: Edition, identifier: str, place: Place) -> Report:
    origins = [trace(connection, identifier, field.name) for field in table(place.table).fields]
    rows: list[tuple[object, ...]] = [
        (origin.field, _text(origin.value), origin.way, origin.column, origin.raw_value, origin.match, origin.decided_by)
        for origin in origins
        if origin.value is not None
    ]
    columns = ("field", "value", "way", "their column", "as written", "match", "decided by")
    first = origins[0]
    facts: dict[str, object] = {"edition": edition.name, "record": identifier, "kept": True, "table": place.table}
    facts |= {name: getattr(first, name) for name in ("submission_id", "source", "file_name", "sha256", "source_row")}
    return Report(facts=facts, sentences=[_place(first)], listings=[Listing("fields", columns, rows)])


def _told(edition: Edition, origin: Origin) -> Report:
    written = f"{origin.raw_value!r} in column {origin.column!r}"
    ways = {
        "RULING": f"{written} was read as {_text(origin.says)!r} ({origin.reading}, {origin.match})",
        "CONSTANT": f"the declaration says {_text(origin.says)!r} for every row"
        + (f" under {origin.column!r}" if origin.column else ""),
        "KEY": f"column {origin.column!r} holds a national number; only its hash with a secret salt is kept",
        "ABSENT": "nothing gives this field" if origin.column is None else f"column {origin.column!r} is empty here",
        "DERIVED": f"{_text(origin.value)!r} was made by Pembe" + (f": {origin.note}" if origin.note else ""),
    }
    sentences = [f"{origin.field} = {_text(origin.value)!r}, {_place(origin)}", ways[origin.way]]
    if origin.decided_by:
        sentences.append(f"decided by {origin.decided_by}" + (f" on {origin.decided_on}" if origin.decided_on else ""))
    sentences += [f"{name}: {rule(name).title}" for name in origin.rules]
    if origin.note and origin.way != "DERIVED":
        sentences.append(origin.note)
    facts = {name: getattr(origin, name) for name in Origin.__dataclass_fields__}
    return Report(facts={"edition": edition.name, **json.loads(json.dumps(facts, default=str))}, sentences=sentences)


def _place(origin: Origin) -> str:
    if origin.file_name is None:
        return f"from submission {origin.submission_id}, which has no file"
    row = f"row {origin.source_row} of " if origin.source_row is not None else ""
    sheet = f", sheet {origin.sheet!r}" if origin.sheet else ""
    return f"from {row}{origin.file_name}{sheet} (sha256 {(origin.sha256 or '')[:16]}…), submission {origin.submission_id}"


def _text(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value
