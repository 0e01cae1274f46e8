"""The samples' expected cells, written by hand from the domain's cases, against the edition that the build makes."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from etl.editions import current
from etl.source import Source, load_source, source_paths
from pembe import ROOT

EXPECTED = ROOT / "tests" / "expected"
SOURCES = sorted(path.stem for path in EXPECTED.glob("*.csv"))
LEAST_CASES = 90
COUNTS = {"_read": "rows_raw", "_kept": "rows_ok", "_refused": "rows_rejected", "_skipped": "rows_skipped"}


@dataclass(frozen=True)
class Line:
    """One line of an expected file; `number` is its own place there, for the message."""

    number: int
    case: str
    file: str
    row: int | None
    column: str
    field: str
    expected: str


@dataclass(frozen=True)
class Sample:
    """One source with the records that were built from it."""

    source: Source
    records: duckdb.DuckDBPyConnection

    @property
    def table(self) -> str:
        return self.source.table

    def one(self, query: str, *values: object) -> object:
        row = self.records.execute(query, list(values)).fetchone()
        return row[0] if row is not None else None

    def submission(self, file: str) -> object:
        return self.one("SELECT submission_id FROM submission WHERE source = ? AND file_name = ?", self.source.name, file)


@pytest.fixture(scope="module")
def records(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(current(edition).records), read_only=True)
    yield connection
    connection.close()


@cache
def lines(source: str) -> tuple[Line, ...]:
    with (EXPECTED / f"{source}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Line(
                number,
                row["case"],
                row["file"],
                int(row["source_row"]) if row["source_row"] else None,
                row["column"],
                row["field"],
                row["expected"],
            )
            for number, row in enumerate(csv.DictReader(stream), start=2)
        )


def test_every_source_of_the_samples_has_expected_cells() -> None:
    invented = {name for name, path in source_paths().items() if load_source(path).invented}
    assert invented == set(SOURCES)


def test_the_samples_hold_at_least_ninety_of_the_numbered_cases() -> None:
    numbered = {line.case for name in SOURCES for line in lines(name) if line.case[-1].isdigit()}
    cases = {case for case in numbered if not case.startswith("V")}
    assert len(cases) >= LEAST_CASES, sorted(cases)


@pytest.mark.parametrize("name", SOURCES)
def test_every_expected_cell_of_a_sample_is_what_the_edition_holds(name: str, records: duckdb.DuckDBPyConnection) -> None:
    sample = Sample(load_source(source_paths()[name]), records)
    wrong = []
    for line in lines(name):
        met = _check(line)(sample, line)
        if met is not None:
            place = f"{line.file} row {line.row} {line.column}".strip()
            wrong.append(f"{name}.csv:{line.number} {line.case} {place} {line.field}: {line.expected!r}, met {met}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(lines(name))} cells", *wrong])


def _check(line: Line) -> Callable[[Sample, Line], str | None]:
    return _about_file if line.field.startswith("_submission.") else CHECKS.get(line.field, _field)


def _count(sample: Sample, line: Line) -> str | None:
    """Counts are of figures where a table of counts was turned, of rows elsewhere."""
    met = sample.one(f"SELECT {COUNTS[line.field]} FROM submission WHERE submission_id = ?", sample.submission(line.file))
    return None if str(met) == line.expected else f"{met}{_why(sample, line)}"


def _why(sample: Sample, line: Line) -> str:
    if line.field != "_refused":
        return ""
    found = sample.records.execute(
        "SELECT rule_id, field, list(DISTINCT source_row ORDER BY source_row)[:9], any_value(raw_value) FROM problem "
        "WHERE submission_id = ? AND severity = 'E' GROUP BY ALL ORDER BY ALL",
        [sample.submission(line.file)],
    ).fetchall()
    return f" {found}"


def _records(sample: Sample, line: Line) -> str | None:
    met = sample.one("SELECT rows_raw FROM submission WHERE submission_id = ?", sample.submission(line.file))
    figures = int(line.expected) * len(sample.source.measures)
    return None if met == figures else f"{met} figures, not {figures}"


def _refused(sample: Sample, line: Line) -> str | None:
    if line.row is None:
        return _count(sample, line)
    found = _problems(sample, line)
    if (line.expected, "E") not in found:
        return f"problems {found}"
    return f"the row is in the table {sample.table}" if _kept(sample, line, sample.table) else None


def _skipped(sample: Sample, line: Line) -> str | None:
    if line.row is None:
        return _count(sample, line)
    submission = sample.submission(line.file)
    named = sum(item.field == "_skipped" and item.expected == line.expected for item in lines(sample.source.name))
    count = sample.one("SELECT count_rows FROM skipped WHERE submission_id = ? AND name = ?", submission, line.expected)
    if count is None or not isinstance(count, int) or count == 0:
        return f"nothing skipped under that name; {named} lines expect it"
    kept = [name for name in (sample.table, f"{sample.table}_lineage") if _kept(sample, line, name)]
    return f"the row is in {kept}" if kept else None


def _problem(sample: Sample, line: Line) -> str | None:
    """A warning keeps its row."""
    found = _problems(sample, line)
    if line.expected not in {rule for rule, _ in found}:
        return f"problems {found}"
    if line.row is not None and (line.expected, "W") in found and not _kept(sample, line, sample.table):
        return f"refused with {found}"
    return None


def _problems(sample: Sample, line: Line) -> list[tuple[str, str]]:
    return sample.records.execute(
        "SELECT DISTINCT rule_id, severity::VARCHAR FROM problem "
        "WHERE submission_id = ? AND source_row IS NOT DISTINCT FROM ? ORDER BY ALL",
        [sample.submission(line.file), line.row],
    ).fetchall()


def _kept(sample: Sample, line: Line, table: str) -> bool:
    figure = f" AND source_column = '{line.column}'" if line.column and table.startswith("observation") else ""
    query = f"SELECT count(*) FROM {table} WHERE submission_id = ? AND source_row = ?{figure}"
    return sample.one(query, sample.submission(line.file), line.row) != 0


def _submission(sample: Sample, line: Line) -> str | None:
    """Nil returns and silences have no file: they are found by their period."""
    query = (
        "SELECT status::VARCHAR FROM submission WHERE source = ? AND file_name IS NULL "
        "AND ? IN (year(period_start)::VARCHAR, period_start || '/' || period_end)"
    )
    met = sample.one(query, sample.source.name, line.column)
    return None if met == line.expected else str(met)


def _about_file(sample: Sample, line: Line) -> str | None:
    field = line.field.removeprefix("_submission.")
    met = written(sample.one(f"SELECT {field} FROM submission WHERE submission_id = ?", sample.submission(line.file)))
    return None if met == line.expected else met


def _dropped(sample: Sample, line: Line) -> str | None:
    """An identifying column leaves nothing behind but the fact that it came."""
    if line.expected not in sample.source.ignore:
        return "the column is not ignored by name"
    query = "SELECT count(*) FROM problem WHERE submission_id = ? AND rule_id = 'V02' AND field = ?"
    logged = sample.one(query, sample.submission(line.file), line.expected)
    ruled = sample.one("SELECT count(*) FROM ruling WHERE source = ? AND raw_field = ?", sample.source.name, line.expected)
    return None if (logged, ruled) == (1, 0) else f"{logged} problems V02, {ruled} rulings"


def _change(sample: Sample, line: Line) -> str | None:
    """A growth rate is worked out from the counts of two files, whatever rate was printed."""
    query = (
        "SELECT sum(obs_value) FROM observation JOIN submission USING (submission_id) WHERE submission.source = ? "
        "AND source_column = ? AND submission.period_start = "
        "(SELECT period_start - to_years(?) FROM submission WHERE submission_id = ?)"
    )
    this, last = (sample.one(query, sample.source.name, line.column, years, sample.submission(line.file)) for years in (0, 1))
    if not isinstance(this, float) or not isinstance(last, float):
        return f"{last} and {this}"
    rate = f"{(this / last - 1) * 100:.1f}"
    return None if rate == line.expected else f"{rate} from {last:g} to {this:g}"


def _field(sample: Sample, line: Line) -> str | None:
    figure = " AND source_column = ?" if line.column else ""
    query = f'SELECT "{line.field}" FROM {sample.table} WHERE submission_id = ? AND source_row = ?{figure}'
    values = [sample.submission(line.file), line.row, *([line.column] if line.column else [])]
    found = sample.records.execute(query, values).fetchall()
    if len(found) != 1:
        return f"{len(found)} such rows; problems {_problems(sample, line)}"
    met = written(found[0][0])
    return None if met == line.expected else repr(met)


def written(value: object) -> str:
    """Write a value as the expected files do: ISO dates, `|` between the parts of a list, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


CHECKS: dict[str, Callable[[Sample, Line], str | None]] = {
    "_read": _count,
    "_kept": _count,
    "_records": _records,
    "_refused": _refused,
    "_skipped": _skipped,
    "_problem": _problem,
    "_submission": _submission,
    "_dropped": _dropped,
    "_change": _change,
}
