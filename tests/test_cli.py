"""Every command as a person runs it: help with an example, JSON on the last line, one sentence when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from etl.editions import current
from etl.inspect import reading
from pembe import ROOT
from tests.small import DECLARATION, REGISTER

COMMANDS = ["build", "check", "problems", "rulings", "explain", "editions", "diff", "verify", "codebook", "serve", "demo"]
COMMANDS += ["draft", "bench harmonise", "bench explain", "bench draft"]
NAME = "ken_station_register"


def pembe(*words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "etl.cli", *words, *(["--data", str(data)] if data is not None else [])]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env={**os.environ, "COLUMNS": "200"})


def told(*words: str, data: Path | None = None) -> dict[str, Any]:
    run = pembe(*words, "--json", data=data)
    assert run.returncode == 0, run.stdout + run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def fault(*words: str, data: Path | None = None) -> str:
    """The one sentence of a command that must fail: no traceback, nothing else."""
    run = pembe(*words, data=data)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Traceback" not in run.stderr and len(run.stderr.strip().splitlines()) == 1, run.stderr
    return run.stderr.strip()


@pytest.fixture(scope="module")
def record(edition: Path) -> str:
    with reading(current(edition).records) as connection:
        found = connection.execute(
            "SELECT victim_id FROM victim JOIN submission USING (submission_id) WHERE source = 'ken_ahtcpu_register' LIMIT 1"
        ).fetchone()
    assert found is not None
    return str(found[0])


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """A declaration of its own and the file received for it."""
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "register.csv").write_text(REGISTER, "utf-8")
    path = tmp_path / f"{NAME}.yml"
    path.write_text(DECLARATION, "utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    run = pembe(*command.split(), "--help")
    assert run.returncode == 0 and f"pembe {command}" in run.stdout.split("Example")[-1]


def test_the_help_of_the_house_names_every_command() -> None:
    text = pembe("--help").stdout
    assert all(command.split()[0] in text for command in COMMANDS)


def test_editions_lists_the_current_one(edition: Path) -> None:
    [row] = told("editions", data=edition)["editions"]
    assert (row["edition"], row[""]) == (current(edition).name, "current")
    assert current(edition).name in pembe("editions", data=edition).stdout


def test_verify_says_that_both_files_are_as_published(edition: Path) -> None:
    found = told("verify", data=edition)
    assert (found["edition"], found["verified"]) == (current(edition).name, True)


def test_problems_are_listed_by_source_and_rule(edition: Path) -> None:
    asked = ["--source", "dji_gendarmerie_interceptions", "--rule", "V01", "--severity", "E"]
    rows = told("problems", *asked, data=edition)["problems"]
    assert rows and {row["source"] for row in rows} == {"dji_gendarmerie_interceptions"}
    assert any(row["met"] == "sabordage" and "sabordage" in row["line to add"] for row in rows)


def test_rulings_say_how_each_word_was_read_and_who_decided(edition: Path) -> None:
    rows = told("rulings", "ken_ahtcpu_register", "--field", "sex", data=edition)["rulings"]
    assert {"as written": "girl", "read as": "F"}.items() <= next(row for row in rows if row["as written"] == "girl").items()
    assert all(row["decided by"] for row in rows)


def test_explain_leads_a_value_to_its_file_and_row(edition: Path, record: str) -> None:
    found = told("explain", record, "sex", data=edition)
    assert (found["way"], found["column"], found["source_row"]) == ("RULING", "Sex", int(record.rpartition("-")[2]))
    assert len(found["sha256"]) == 64 and found["sheet"] == "Victims 2021"
    assert {row["field"] for row in told("explain", record, data=edition)["fields"]} >= {"sex", "citizenship", "victim_status"}


def test_explain_leads_a_figure_to_its_submissions(edition: Path) -> None:
    found = told("explain", "KEN", "TIP_VIC_DET", "2021", "--where", "sex=F", data=edition)
    assert found["figures"][0]["value"].isdigit() and found["submissions"]


def test_diff_of_an_edition_with_itself_finds_nothing(edition: Path) -> None:
    name = current(edition).name
    assert told("diff", name, name, data=edition)["why"] == {}


def test_codebook_writes_pages_tables_and_schemas(tmp_path: Path) -> None:
    assert told("codebook", "--to", str(tmp_path / "book"))["written"] == len(list((tmp_path / "book").iterdir()))
    package = json.loads((tmp_path / "book" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        schema = json.loads((tmp_path / "book" / resource["schema"]).read_text("utf-8"))
        assert schema["fields"] and schema["name"] == resource["name"]
    report = Package(str(tmp_path / "book" / "datapackage.json")).validate()
    assert report.valid, [(task.name, [error.message for error in task.errors[:3]]) for task in report.tasks if task.errors]
    assert report.stats["tasks"] == 10
    # what the profile of version 1 forbids and frictionless lets pass
    schemas = [json.loads(path.read_text("utf-8")) for path in (tmp_path / "book").glob("*.schema.json")]
    assert [schema["name"] for schema in schemas if schema.get("foreignKeys", ["none"]) == []] == []
    assert "| `F` | Female | Féminin |" in (tmp_path / "book" / "codelists.md").read_text("utf-8")


def test_bench_explain_resolves_every_cell(edition: Path) -> None:
    found = told("bench", "explain", "--cells", "300", data=edition)
    assert found["resolved"] == 1 and found["cells"] >= 300 and found["median_ms"] > 0


def test_check_tries_a_source_and_publishes_nothing(declared: Path) -> None:
    found = told("check", str(declared), "--raw", str(declared.parent), data=declared.parent / "data")
    assert (found["read"], found["kept"]) == (5, 5)
    assert not (declared.parent / "data" / "editions").exists()


def test_check_prints_the_line_to_add_for_an_unknown_word(declared: Path) -> None:
    path = declared.parent / NAME / "register.csv"
    path.write_text(REGISTER.replace("Begging", "Herding a lot"), "utf-8")
    run = pembe("check", str(declared), str(path), "--json", data=declared.parent / "data")
    assert run.returncode == 1 and "3 of 5 rows are refused" in run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["lines to add"] == [{"line": 'columns.exploitation_forms.words: {CODE: ["Herding a lot"]}'}]


def test_check_prints_the_lines_to_add_for_columns_that_changed(declared: Path) -> None:
    changed = REGISTER.replace("Nationality", "Nationality of person", 1)
    changed = changed.replace("Remarks", "Remarks,Weather", 1).replace(",none", ",none,dry")
    (declared.parent / NAME / "register.csv").write_text(changed, "utf-8")
    run = pembe("check", str(declared), "--raw", str(declared.parent), "--json", data=declared.parent / "data")
    lines = [row["line"] for row in json.loads(run.stdout.splitlines()[-1])["lines to add"]]
    assert run.returncode == 1 and "columns changed" in run.stderr
    assert lines[0].startswith('columns.citizenship: {column: "Nationality of person"}')
    assert lines[1].startswith('ignore: {"Weather": ')


@pytest.mark.parametrize(
    "words", [["verify"], ["problems"], ["editions"], ["explain", "KEN-2021-1-1", "sex"], ["serve"], ["bench", "explain"]]
)
def test_before_the_first_edition_every_command_says_how_to_build_one(words: list[str], tmp_path: Path) -> None:
    assert fault(*words, data=tmp_path) == "no edition has been built yet; run `pembe build --samples`"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "--edition", "2020-01-01-00000000"], "there is no edition 2020-01-01-00000000; choose one of"),
        (["diff", "nothing", "nowhere"], "there is no edition nothing; choose one of"),
        (["editions", "--use", "nothing"], "there is no edition nothing; choose one of"),
        (["check", "ken_ahtcpu_registre"], "there is no source 'ken_ahtcpu_registre'; nearest are ken_ahtcpu_register"),
        (["rulings", "ken_ahtcpu_registre"], "nearest are ken_ahtcpu_register"),
        (["problems", "--source", "eth_moj"], "nearest are eth_moj_register"),
        (["problems", "--rule", "V99"], "there is no rule 'V99'"),
        (["problems", "--language", "sw"], "problems are told in en, fr, ar"),
        (["explain", "KEN-1999-9999-3", "sex"], "holds no record KEN-1999-9999-3; nearest are KEN-"),
        (["explain", "KEN", "TIP_VIC_DET", "1950"], "there is no TIP_VIC_DET for KEN in '1950'; there is for "),
    ],
)
def test_what_is_not_known_is_one_sentence_with_what_is(words: list[str], said: str, edition: Path) -> None:
    assert said in fault(*words, data=edition)


def test_a_field_that_a_record_has_not_is_one_sentence_with_those_it_has(edition: Path, record: str) -> None:
    assert "has no field 'colour'; choose one of victim_id" in fault("explain", record, "colour", data=edition)


def test_a_build_of_nothing_is_one_sentence(tmp_path: Path) -> None:
    assert "is not a folder" in fault("build", "--raw", str(tmp_path / "nothing"), data=tmp_path)


def test_a_taken_port_is_one_sentence(edition: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} cannot be used" in fault("serve", "--port", str(port), data=edition)


def test_serve_shows_the_edition_until_it_is_ended(edition: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "etl.cli", "serve", "--port", str(port), "--workers", "1", "--data", str(edition)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        assert answer(f"http://127.0.0.1:{port}/ready").strip() == current(edition).name
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5)


def answer(address: str) -> str:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as found:
                return str(found.read().decode())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_taken_port_of_the_demo_is_one_sentence_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} cannot be used" in fault("demo", "--port", str(port), data=tmp_path)
    assert not (tmp_path / "editions").exists()


@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0, 5.0])
def test_an_interrupted_build_ends_in_one_sentence_and_leaves_no_edition(seconds: float, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "etl.start", "build", "--samples", "--data", str(tmp_path)]
    # a test run in the background is started with Ctrl-C ignored, and would hand that on
    heeded = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8", preexec_fn=heeded)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    sentences = [line for line in errors.splitlines() if not line.startswith("·")]
    assert process.returncode == 130 and len(sentences) == 1 and sentences[0].startswith("interrupted; "), errors
    assert not (tmp_path / "editions" / "current").exists()
