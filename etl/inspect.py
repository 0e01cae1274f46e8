"""What the commands show of an edition or of a try: problems, rulings, editions, and the lines that would settle them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from etl.editions import Edition, current, list_editions
from etl.errors import SourceError, SourceErrors
from etl.fitness import unfit
from etl.holding import FEW
from etl.private import private_folder
from etl.report import Listing, Report
from etl.source import Source, Submission, load_source, source_paths, undecided
from schemas.rules import LANGUAGES, rule, rules

if TYPE_CHECKING:
    from etl.drift import Drift

PROBLEMS = ("source", "rule", "severity", "field", "rows", "first row", "met", "what to do", "line to add")


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file for reading alone, with nothing of the machine within its reach and nothing written beside it."""
    configuration: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": False, "temp_directory": ""}
    connection = duckdb.connect(str(path), read_only=True, config=configuration)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database that is in memory alone, for measuring rows with SQL; it reads and writes no file."""
    connection = duckdb.connect(config={"enable_external_access": False, "temp_directory": ""})
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def reading_both(older: Path, newer: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open two DuckDB files for reading as `older` and `newer`; after that nothing else is within reach."""
    connection = duckdb.connect()
    try:
        for name, path in (("older", older), ("newer", newer)):
            connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
        connection.execute("SET temp_directory = ''")
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


def find_source(name: str) -> Source:
    """Load a source by its name or by the path of its declaration; SourceError where there is none."""
    path = Path(name)
    if path.suffix in (".yml", ".yaml") and path.is_file():
        return load_source(path)
    paths = source_paths()
    if name not in paths:
        raise SourceError(f"there is no source {name!r}; {near(name, list(paths))}")
    return load_source(paths[name])


def near(name: str, known: Sequence[str]) -> str:
    """Say which known names are nearest to a name that is not known."""
    from rapidfuzz import process

    found = [item[0] for item in process.extract(name, known, limit=3)]
    return f"nearest are {', '.join(found)}" if found else "there are none"


def refuse_unknown_source(connection: duckdb.DuckDBPyConnection, edition: Edition, source: str | None) -> None:
    """Refuse a name of a source that an edition does not hold; SourceError names the nearest."""
    known = [row[0] for row in connection.execute("SELECT DISTINCT source FROM submission ORDER BY source").fetchall()]
    if source is not None and source not in known:
        raise SourceError(f"edition {edition.name} has no source {source!r}; {near(source, known)}")


def check_source(name: str, file: Path | None, data: Path, shipped: Path, raw: Path | None, today: datetime.date) -> Report:
    """Run a source, or one file as if it belonged to it, into a place that is removed, and report what became of it."""
    from etl.drift import drift_of
    from etl.pipeline import check

    source = find_source(name)
    folders = [folder for folder in (raw, data / "raw", shipped / "published", shipped / "samples") if folder is not None]
    if file is not None:
        if not file.is_file():
            raise SourceError(f"{file}: is not there; correct the path")
        period = source.submissions[0].period
        source = source.model_copy(
            update={
                "submissions": [Submission(file=file.name, period=period, received=today)],
                "folder": file.resolve().parent.name,
            }
        )
        folders = [file.resolve().parent.parent, *folders]
    with private_folder() as folder:
        try:
            check(data, source, folders, today, folder)
        except SourceErrors as fault:
            changes = drift_of(source, folders, today)
            lines = [change.line for change in changes if change.line]
            listings = [Listing("lines to add", ("line",), [(line,) for line in lines])] if lines else []
            return Report({"source": source.name}, [], [*listings, *_changes(changes)], fault.faults)
        changes = drift_of(source, folders, today) if file is not None else []
        with reading(folder / "records.duckdb") as connection:
            report = _checked(connection, source)
        return replace(report, listings=[*report.listings, *_changes(changes)])


def list_problems(
    edition: Edition, source: str | None, rule_id: str | None, severity: str | None, language: str, most: int
) -> Report:
    """List problems by source, rule and field, with how many rows each touches, and one sentence of what to do."""
    if language not in LANGUAGES:
        raise SourceError(f"problems are told in {', '.join(LANGUAGES)}, not in {language!r}")
    if rule_id is not None and rule_id not in {item.id for item in rules()}:
        raise SourceError(f"there is no rule {rule_id!r}; there are V01 to V{len(rules())}")
    if severity not in (None, "E", "W", "I"):
        raise SourceError(f"there is no severity {severity!r}; choose one of E (error), W (warning), I (information)")
    with reading(edition.records) as connection:
        refuse_unknown_source(connection, edition, source)
        rows = _problem_rows(connection, source, rule_id, severity)
    told = [_told(row, language) for row in rows[:most]]
    left = len(rows) - len(told)
    sentences = [f"edition {edition.name}: {sum(int(str(row[5])) for row in rows)} problems of {len(rows)} kinds"]
    if left > 0:
        sentences.append(f"{left} more kinds are not listed; say --most {len(rows)} to see all")
    return Report(sentences=sentences, listings=[Listing("problems", PROBLEMS, told)])


def list_rulings(edition: Edition, source: str, field: str | None) -> Report:
    """List how every distinct word of a source was read, the most frequent first."""
    query = (
        "SELECT field, raw_field, raw_value, code, match::VARCHAR, count_rows, decided_by, note FROM ruling "
        "WHERE source = $source AND ($field IS NULL OR field = $field) ORDER BY field, count_rows DESC, raw_value"
    )
    with reading(edition.records) as connection:
        refuse_unknown_source(connection, edition, source)
        rows = connection.execute(query, {"source": source, "field": field}).fetchall()
        ruled = connection.execute("SELECT DISTINCT field FROM ruling WHERE source = ? ORDER BY field", [source]).fetchall()
    if not rows:
        fields = ", ".join(row[0] for row in ruled)
        raise SourceError(f"{source}: no ruling of {field!r}; it rules on {fields or 'nothing, since nothing was sent'}")
    columns = ("field", "their column", "as written", "read as", "match", "rows", "decided by", "note")
    return Report(listings=[Listing("rulings", columns, rows)])


def list_all_editions(data: Path) -> Report:
    """List the editions in place, the oldest first, and which is current."""
    found = list_editions(data)
    if not found:
        raise SourceError("no edition has been built yet; run `pembe build --samples`")
    held = current(data).name
    rows: list[tuple[object, ...]] = []
    for edition in found:
        with reading(edition.records) as connection:
            row = connection.execute("SELECT count(DISTINCT source), count(*), sum(rows_ok)::BIGINT FROM submission").fetchone()
        assert row is not None
        size = sum(path.stat().st_size for path in (edition.records, edition.public))
        rows.append((edition.name, "current" if edition.name == held else "", *row, round(size / 1e6, 1)))
    return Report(listings=[Listing("editions", ("edition", "", "sources", "submissions", "rows kept", "MB"), rows)])


def accounts(edition: Edition) -> list[tuple[object, ...]]:
    """List how many rows of every source were read, kept, refused and skipped, and whether it stands in the edition."""
    with reading(edition.records) as connection:
        return connection.execute(
            "SELECT source, sum(rows_raw)::BIGINT, sum(rows_ok)::BIGINT, sum(rows_rejected)::BIGINT, sum(rows_skipped)::BIGINT, "
            "'published' FROM submission GROUP BY source "
            "UNION ALL SELECT source, read, kept, refused, skipped, 'left out' FROM left_out ORDER BY source"
        ).fetchall()


def left_out(edition: Edition) -> list[tuple[str, list[str], bool]]:
    """List the sources that were left out: the name, one sentence a reason, and whether released figures of it are shown."""
    with reading(edition.records) as connection:
        return connection.execute(
            "SELECT source, reasons, source IN (SELECT source FROM shown) FROM left_out ORDER BY source"
        ).fetchall()


def pending_revisions(edition: Edition) -> list[tuple[object, ...]]:
    """List source and period of every change that waits since it moves fewer than ten persons; see `etl.holding`."""
    with reading(edition.records) as connection:
        return connection.execute(
            f"SELECT source, period FROM released_unit WHERE cause = '{FEW}' ORDER BY source, period"
        ).fetchall()


def _changes(changes: Sequence[Drift]) -> list[Listing]:
    rows: list[tuple[object, ...]] = [(change.kind, change.met, change.line or None) for change in changes]
    return [Listing("changes", ("kind", "met", "line"), rows)] if rows else []


def _checked(connection: duckdb.DuckDBPyConnection, source: Source) -> Report:
    submissions = connection.execute(
        "SELECT submission_id, file_name, status::VARCHAR, rows_raw, rows_ok, rows_rejected, rows_skipped "
        "FROM submission ORDER BY ALL"
    ).fetchall()
    read, kept, refused, skipped = (sum(int(row[place]) for row in submissions) for place in (3, 4, 5, 6))
    told = [_told(row, "en") for row in _problem_rows(connection, None, None, None)]
    lines = sorted({str(row[8]) for row in told if row[8]})
    listings = [
        Listing("left to decide", ("column",), [(name,) for name in undecided(source)]),
        Listing("submissions", ("submission", "file", "status", "read", "kept", "refused", "skipped"), submissions),
        Listing("problems", PROBLEMS, told),
        Listing("lines to add", ("line",), [(line,) for line in lines]),
    ]
    facts: dict[str, object] = {"source": source.name, "read": read, "kept": kept, "refused": refused, "skipped": skipped}
    sentence = f"{source.name}: {read} rows read = {kept} kept + {refused} refused + {skipped} skipped"
    faults = unfit(connection, source)
    return Report(facts, [sentence], [listing for listing in listings if listing.rows], faults)


def _problem_rows(
    connection: duckdb.DuckDBPyConnection, source: str | None, rule_id: str | None, severity: str | None
) -> list[tuple[object, ...]]:
    query = """
SELECT submission.source, rule_id, severity::VARCHAR AS severity, field, raw_value, count(*) AS count_rows,
    min(problem.source_row), any_value(note), any_value(line)
FROM problem JOIN submission USING (submission_id)
WHERE ($source IS NULL OR submission.source = $source) AND ($rule IS NULL OR rule_id = $rule)
    AND ($severity IS NULL OR severity::VARCHAR = $severity)
GROUP BY submission.source, rule_id, severity, field, raw_value
ORDER BY severity, count_rows DESC, submission.source, rule_id, field, raw_value"""
    return connection.execute(query, {"source": source, "rule": rule_id, "severity": severity}).fetchall()


def _told(row: tuple[object, ...], language: str) -> tuple[object, ...]:
    source, rule_id, severity, field, raw, rows, first, note, line = row
    found = rule(str(rule_id))
    met = "" if raw is None else str(raw)
    advice = str(note or found.title) if language == "en" else found.message(language, met, str(field or ""))
    return (source, rule_id, severity, field, rows, first, met, advice, line)
