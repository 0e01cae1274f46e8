"""Nothing is lost and nothing is made up: every record read is accounted for, every value stands where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from etl.editions import current
from etl.headings import heading
from etl.identifying import hidden
from etl.source import Source, load_source, source_paths
from etl.trace import trace
from pembe import ROOT
from schemas.tables import table
from tests.plain_files import read_plainly

SAMPLES = ROOT / "data" / "samples"
SOURCES = [name for name, path in source_paths().items() if load_source(path).invented and load_source(path).columns]
FIGURE = "(figure)"
TRACED = 3  # records of each source of which every field is explained


@pytest.fixture(scope="module")
def records(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(current(edition).records), read_only=True)
    yield connection
    connection.close()


@cache
def source_of(name: str) -> Source:
    return load_source(source_paths()[name])


@cache
def cells(name: str, file: str) -> list[dict[str, str]]:
    source = source_of(name)
    form = source.file
    path = SAMPLES / (source.folder or name) / file
    return read_plainly(path, form.format, form.encoding, form.delimiter, form.sheet, list(form.header_rows), form.footer_rows)


def files(name: str) -> list[str]:
    return [item.file for item in source_of(name).submissions if item.file is not None]


def test_what_was_read_was_kept_refused_or_skipped_by_name(records: duckdb.DuckDBPyConnection) -> None:
    odd = records.execute(
        "SELECT submission_id FROM submission LEFT JOIN (SELECT submission_id, sum(count_rows) AS named FROM skipped "
        "GROUP BY submission_id) USING (submission_id) WHERE rows_raw <> rows_ok + rows_rejected + rows_skipped "
        "OR rows_skipped <> coalesce(named, 0)"
    ).fetchall()
    assert odd == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_second_reader_counts_the_same_records(name: str, records: duckdb.DuckDBPyConnection) -> None:
    times = max(1, len(source_of(name).measures))
    # what `footer_rows` leaves out is read and counted as skipped
    footers = source_of(name).file.footer_rows
    counted = {file: (len(cells(name, file)) + footers) * times for file in files(name)}
    found = "SELECT file_name, rows_raw FROM submission WHERE source = ? AND file_name IS NOT NULL"
    assert dict(records.execute(found, [name]).fetchall()) == counted


@pytest.mark.parametrize("name", SOURCES)
def test_every_column_of_a_sample_is_mapped_or_ignored_by_name(name: str) -> None:
    source = source_of(name)
    ruled = {heading(column.column) for column in source.columns.values()}
    ruled |= {heading(item) for item in (*source.ignore, *source.measures)}
    ruled |= {heading(rows.column) for rows in source.skip_rows.values()}
    for file in files(name):
        assert {item for row in cells(name, file) for item in row} <= ruled


@pytest.mark.parametrize("name", SOURCES)
def test_every_row_kept_or_refused_has_its_lineage(name: str, records: duckdb.DuckDBPyConnection) -> None:
    target = source_of(name).table
    odd = records.execute(
        f"SELECT file_name, rows_ok + rows_rejected, count(line.submission_id) FROM submission LEFT JOIN {target}_lineage "
        "AS line USING (submission_id) WHERE source = ? GROUP BY ALL HAVING rows_ok + rows_rejected <> count(line.submission_id)",
        [name],
    ).fetchall()
    assert odd == []


@pytest.mark.parametrize("name", SOURCES)
def test_every_raw_value_really_stands_in_that_row_and_column_of_the_file(name: str, records: duckdb.DuckDBPyConnection) -> None:
    target = source_of(name).table
    columns = records.execute(
        "SELECT \"key\", raw_field, first_ruling FROM ruled_column WHERE source = ? AND reading <> 'key'", [name]
    ).fetchall()
    figure = "source_column" if target == "observation" else "NULL"
    rulings = ", ".join(f'"r_{key}"' for key, _, _ in columns)
    raw = dict(records.execute("SELECT ruling_id, raw_value FROM ruling WHERE source = ?", [name]).fetchall())
    lines = records.execute(
        f"SELECT file_name, source_row, {figure}, {rulings} FROM {target}_lineage JOIN submission USING (submission_id) "
        "WHERE source = ?",
        [name],
    ).fetchall()
    assert lines
    wrong = []
    for file, row, label, *numbers in lines:
        for (_, field, first), number in zip(columns, numbers, strict=True):
            met = cells(name, file)[row - 1].get(label if field == FIGURE else field, "")
            kept = raw[first + number]
            if kept not in (met, hidden(met)):
                wrong.append(f"{file} row {row} {field}: the file has {met!r}, the ruling {kept!r}")
    assert not wrong, "\n".join([f"{len(wrong)} cells", *wrong[:20]])


@pytest.mark.parametrize("name", SOURCES)
def test_every_mapped_field_of_a_record_is_explained_by_its_cell(name: str, records: duckdb.DuckDBPyConnection) -> None:
    target = table(source_of(name).table)
    identifiers = records.execute(
        f"SELECT {target.key}, record.submission_id, file_name, source_row FROM {target.name} AS record "
        "JOIN submission USING (submission_id) WHERE submission.source = ? AND source_row IS NOT NULL "
        "ORDER BY hash(source_row, 7) LIMIT ?",
        [name, TRACED],
    ).fetchall()
    assert identifiers
    mapped = records.execute("SELECT outputs, reading FROM ruled_column WHERE source = ?", [name]).fetchall()
    fields = [(output, reading) for outputs, reading in mapped for output in outputs]
    for identifier, _, file, row in identifiers:
        for field, reading in fields:
            origin = trace(records, identifier, field)
            assert (origin.file_name, origin.source_row) == (file, row)
            if reading == "key":
                assert origin.way in ("KEY", "ABSENT") and origin.raw_value is None
            elif origin.way != "CONSTANT":  # what a heading says stands before what a column says
                assert origin.way == "RULING"
                assert origin.raw_value == cells(name, file)[row - 1].get(str(origin.column), "")
