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
from etl.errors import SourceError
from etl.memory import is_spare, while_reading
from pembe import ROOT
from schemas.tables import table

ROWS = 20_000
REFUSED = 603  # what the generator plants in so many rows of its own seed
# Words are folded by each in its own way, and each says in its own words what is wrong.
WORDED = {"folded", "note", "said"}
WAYS = {"ours": ["etl.bench.run"], "plain": ["etl.bench.peer"], "by_words": ["etl.bench.peer", "--distinct"]}
PEERS = [name for name in WAYS if name != "ours"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Harmonise one generated file in every way, with one secret, and open both files of each edition."""
    folder = tmp_path_factory.mktemp("bench")
    file = folder / "received" / "courts" / "cases.csv"
    file.parent.mkdir(parents=True)
    assert write_case_file(file, ROWS) == REFUSED
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEMBE_SECRET_KEY", "5be1f09a47c83d62e90b74ad1c6f8253")
        for name, how in WAYS.items():
            command = [sys.executable, "-m", how[0], str(file), str(folder / name), *how[1:]]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
            assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect() as connection:
        for name in WAYS:
            for kind, label in (("records", name), ("public", f"{name}_public")):
                path = next((folder / name).glob(f"editions/*/{kind}.duckdb"))
                connection.execute(f"ATTACH '{path}' AS {label} (READ_ONLY)")
        yield connection


def differences(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """Give rows that only ours or only a peer has; `{}` stands for the store, `{}_public` for its public file."""
    ours, *peers = (query.replace("{}", name) for name in WAYS)
    wrong = (f"(({ours}) EXCEPT ALL ({peer})) UNION ALL (({peer}) EXCEPT ALL ({ours}))" for peer in peers)
    return [row for query in wrong for row in connection.execute(f"{query} LIMIT 5").fetchall()]


def test_the_pipeline_refuses_as_many_rows_as_the_generator_planted(results: duckdb.DuckDBPyConnection) -> None:
    counts = results.execute("SELECT rows_raw, rows_ok, rows_rejected FROM ours.submission").fetchall()
    assert counts == [(ROWS, ROWS - REFUSED, REFUSED)]


def test_all_refuse_the_same_rows_for_the_same_reasons(results: duckdb.DuckDBPyConnection) -> None:
    problems = results.execute("SELECT rule_id, count(*) FROM ours.problem GROUP BY ALL ORDER BY ALL").fetchall()
    assert problems == [("V01", 197), ("V03", 195), ("V10", 211)]
    names = [field.name for field in table("problem").fields if field.name not in (*WORDED, "problem_id")]
    assert differences(results, f"SELECT {listed(names)} FROM {{}}.problem") == []
    for peer in PEERS:
        assert results.execute(f"SELECT count(*) FROM {peer}.problem WHERE note IS NULL").fetchone() == (0,)


def listed(names: list[str]) -> str:
    """Quote names for SQL; a type that each store has for itself is compared as text."""
    return ", ".join(f'"{name}"::VARCHAR' for name in names)


@pytest.mark.parametrize("name", [field.name for field in table("suspect").fields])
def test_all_give_every_kept_row_the_same_value(results: duckdb.DuckDBPyConnection, name: str) -> None:
    assert differences(results, f'SELECT source_row, "{name}"::VARCHAR FROM {{}}.suspect') == []


def test_all_rule_on_the_same_words_in_the_same_way(results: duckdb.DuckDBPyConnection) -> None:
    names = [field.name for field in table("ruling").fields if field.name not in (*WORDED, "ruling_id")]
    assert differences(results, f"SELECT {listed(names)} FROM {{}}.ruling") == []


def test_all_lead_every_cell_back_to_the_same_word(results: duckdb.DuckDBPyConnection) -> None:
    keys = results.execute("SELECT key FROM ours.ruled_column WHERE reading <> 'key'").fetchall()
    assert len(keys) == 19
    for (key,) in keys:
        query = (
            f"SELECT source_row, ruling.raw_value FROM {{}}.suspect_lineage AS line "
            f"JOIN {{}}.ruled_column AS ruled ON key = '{key}' JOIN {{}}.ruling ON ruling_id = first_ruling + line.\"r_{key}\""
        )
        assert differences(results, query) == []
        for peer in PEERS:
            assert results.execute(f"SELECT count(*) FROM ({query})".replace("{}", peer)).fetchone() == (ROWS,)


# The peers in pandas do not draw the noise of all records as we do since it comes from raw texts; likely it is their places among
# equal keys, which they number without the refused rows.
DRAWN_APART = pytest.mark.xfail(reason="the peers draw the noise of some records apart from us, and why is not yet known")


@pytest.mark.parametrize(
    "name",
    ["{}.submission", "{}.observation", "{}.quality_measure", pytest.param("{}_public.observation", marks=DRAWN_APART)],
)
def test_all_stores_hold_the_same_account_and_the_same_figures(results: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = results.execute(f"SELECT * FROM {name.replace('{}', 'ours')} LIMIT 0").description
    assert columns is not None
    assert differences(results, f"SELECT {listed([column[0] for column in columns])} FROM {name}") == []
    for peer in PEERS:
        assert results.execute(f"SELECT count(*) > 0 FROM {name.replace('{}', peer)}").fetchone() == (True,)


def test_the_recoded_columns_hold_something_to_compare(results: duckdb.DuckDBPyConnection) -> None:
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


@pytest.mark.parametrize(
    ("limit", "spare", "reading"),
    [
        ("900MB", False, "675.000MB"), ("1GB", False, "750.000MB"), ("300MB", True, "150.000MB"),
        ("0.4 GB", True, "200.000MB"), ("80%", False, "80%"),
    ],
)  # fmt: skip
def test_a_low_limit_of_memory_makes_the_portions_smaller_and_reading_takes_a_part_of_any(
    limit: str, spare: bool, reading: str
) -> None:
    assert (is_spare(limit), while_reading(limit)) == (spare, reading)


def test_the_benchmark_says_all_its_measures_in_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    harmonise(2_000, 1, "300MB", as_json=True)
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(facts) == {
        "rows", "floor_ratio", "pandas_ratio", "pandas_distinct_ratio", "cpu_ratio", "seconds", "floor_seconds", "peak_mb",
        "kept", "refused", "store_ratio",
    }  # fmt: skip
    assert facts["rows"] == facts["kept"] + facts["refused"] == 2_000
    assert (
        min(facts["floor_ratio"], facts["pandas_ratio"], facts["pandas_distinct_ratio"], facts["seconds"], facts["peak_mb"]) > 0
    )
