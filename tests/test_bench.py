"""The benchmark compares like with like: pandas and the pipeline give the same rows, the same values, the same refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.bench.files import write_case_file
from etl.bench.floor import land
from etl.bench.harmonise import FLOOR, OURS, PEER, Run, compare, harmonise
from etl.bench.peer import harmonise_plainly
from etl.errors import SourceError
from pembe import ROOT
from schemas.tables import table

ROWS = 20_000
REFUSED = 603  # what the generator plants in so many rows of its own seed
# Each names the submission, which the peer numbers in its own way.
NAMED_OTHERWISE = {"suspect_id", "submission_id"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Harmonise one generated file in both ways, with one secret, and open both results."""
    folder = tmp_path_factory.mktemp("bench")
    file = folder / "received" / "courts" / "cases.csv"
    file.parent.mkdir(parents=True)
    assert write_case_file(file, ROWS) == REFUSED
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEMBE_SECRET_KEY", "an invented secret for tests")
        command = [sys.executable, "-m", "etl.bench.run", str(file), str(folder / "data")]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stdout + run.stderr
        assert harmonise_plainly(file, folder) == (ROWS - REFUSED, REFUSED)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{next(folder.glob('data/editions/*/records.duckdb'))}' AS ours (READ_ONLY)")
        connection.execute(f"ATTACH '{folder / 'peer.duckdb'}' AS peer (READ_ONLY)")
        yield connection


def test_the_pipeline_refuses_as_many_rows_as_the_generator_planted(results: duckdb.DuckDBPyConnection) -> None:
    counts = results.execute("SELECT rows_raw, rows_ok, rows_rejected FROM ours.submission").fetchall()
    assert counts == [(ROWS, ROWS - REFUSED, REFUSED)]


def test_both_refuse_the_same_rows_for_the_same_reasons(results: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT source_row, field, rule_id FROM {} ORDER BY ALL"
    ours = results.execute(query.format("ours.problem WHERE severity = 'E'")).fetchall()
    peer = results.execute(query.format("peer.refused")).fetchall()
    assert len(ours) == REFUSED
    assert {rule for _, _, rule in ours} == {"V01", "V03", "V10"}
    assert ours == peer


@pytest.mark.parametrize("name", [field.name for field in table("suspect").fields if field.name not in NAMED_OTHERWISE])
def test_both_give_every_kept_row_the_same_value(results: duckdb.DuckDBPyConnection, name: str) -> None:
    field = table("suspect").field(name)
    kind = {"date": "DATE", "integer": "INTEGER", "number": "DOUBLE"}.get(field.type, "VARCHAR")
    value = f"array_to_string(\"{name}\", '|')" if field.many else f'CAST("{name}" AS {kind})'
    ours = f"SELECT source_row, {value} FROM ours.suspect"
    peer = f'SELECT source_row, CAST("{name}" AS {kind}) FROM peer.suspect'
    assert results.execute(f"({ours}) EXCEPT ALL ({peer}) LIMIT 5").fetchall() == []
    assert results.execute(f"({peer}) EXCEPT ALL ({ours}) LIMIT 5").fetchall() == []


def test_the_recoded_columns_hold_something_tocompare(results: duckdb.DuckDBPyConnection) -> None:
    columns = ["offence", "perp_type", "roles", "sex", "citizenship", "stage_highest", "instance", "date_charged", "case_key"]
    found = results.execute(f"SELECT {', '.join(f'count({name})' for name in columns)} FROM ours.suspect").fetchone()
    assert found == (ROWS - REFUSED,) * len(columns)


def test_the_floor_lands_every_record_also_those_with_line_breaks(tmp_path: Path) -> None:
    write_case_file(tmp_path / "cases.csv", 1_000)
    assert land(tmp_path / "cases.csv", tmp_path / "floor.duckdb") == 1_000


def test_a_run_with_another_count_than_the_generators_is_no_benchmark() -> None:
    right = Run(1.0, 1.0, 100.0, 1, kept=97, refused=3)
    compare(OURS, right, 100, 3)
    compare(FLOOR, Run(1.0, 1.0, 100.0, 1), 100, 3)
    with pytest.raises(SourceError, match="pandas kept 97 rows and refused 3 where 96 and 4 are right"):
        compare(PEER, right, 100, 4)


def test_the_benchmark_says_all_its_measures_in_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    harmonise(2_000, 1, "500MB", as_json=True)
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(facts) == {
        "rows", "floor_ratio", "pandas_ratio", "cpu_ratio", "seconds", "floor_seconds", "peak_mb", "kept", "refused",
        "store_ratio",
    }  # fmt: skip
    assert facts["rows"] == facts["kept"] + facts["refused"] == 2_000
    assert min(facts["floor_ratio"], facts["pandas_ratio"], facts["seconds"], facts["peak_mb"]) > 0
