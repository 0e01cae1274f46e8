"""The house's own rules, of which each is a test: lint, types, imports, words, sizes, the weight of the web process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pembe import ROOT

# A letter in brackets keeps a pattern from matching itself: this file is held to the same rules.
MACHINE_PATHS = r"(?<![\w.:/])/([w]ork|[r]oot|[h]ome|[o]pt|[U]sers)/\w"
REGISTRIES = r"[p]ypi|[n]pmjs|[a]rtifactory|[a]naconda\.org|files\.[p]ythonhosted"
ADDRESSES = r"[a-z+]+://|\bfile:|index-url|find-links|trusted-host"
MACHINE_WRITERS = r"\b([c]hatbots?|[a]ssistants?|[l]anguage models?|[L]LMs?|[c]o-authored-by)\b"
SILENT_GUESSES = r"errors=.[c]oerce|\.[f]illna\(0\)|\bexcept( Base)?( Exception)?: *(pass)?$"
# The peer of the benchmark says of each cell that is no day that it is none, and tests/test_bench.py holds it to that.
TOLD = "etl/bench/peer_rows.py:"
UNFINISHED = r"\b([T]ODO|[F]IXME|[X]XX)\b"

# What the web process must never load: each costs memory in every worker and time at every start.
TOO_HEAVY = ["pandas", "pandera", "plotly.express", "pyarrow"]
LONGEST_FILE = 350


@cache
def files() -> list[Path]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    if listed.returncode != 0:
        pytest.skip("not a git clone, so nobody knows which files are the project's")
    return [path for name in sorted(set(listed.stdout.split("\0"))) if (path := ROOT / name).is_file()]


def places(pattern: str, suffixes: set[str] | None = None) -> list[str]:
    """Every line of the project that the pattern matches, as `file:line: text`."""
    found = []
    for path in files():
        if suffixes is not None and path.suffix not in suffixes:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
            if re.search(pattern, line, re.IGNORECASE):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def succeed(*command: str) -> None:
    """Run a tool of the test environment at the root of the project and show what it says when it finds something."""
    tool = Path(sys.executable).with_name(command[0])
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths}
    run = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, encoding="utf-8", env=environment)
    assert run.returncode == 0, f"{' '.join(command)}\n{run.stdout}{run.stderr}"


def test_ruff_finds_nothing() -> None:
    succeed("ruff", "check", ".")


def test_every_type_holds_under_mypy_strict() -> None:
    succeed("mypy", "--strict")


def test_imports_go_one_way_and_few_files_open_a_database() -> None:
    succeed("lint-imports", "--no-cache")


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    here = {re.escape(f"{folder}/") for folder in (ROOT.parent, Path.home()) if folder != Path(folder.anchor)}
    assert places("|".join([MACHINE_PATHS, *sorted(here)])) == []


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRIES) == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(ADDRESSES, text) == []
    packages = re.split(r"\n(?=\w)", text.strip())
    assert len(packages) > 40
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_the_test_lock_holds_the_run_time_lock() -> None:
    run, test = (
        set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-test.txt")
    )
    assert run - test == set()


def test_no_file_tells_of_the_machine_that_wrote_it() -> None:
    assert places(MACHINE_WRITERS, {"", ".py", ".md", ".toml", ".yml", ".in"}) == []


def test_nothing_is_swallowed_or_guessed_in_silence() -> None:
    assert [place for place in places(SILENT_GUESSES, {".py"}) if not place.startswith(TOLD)] == []


def test_nothing_is_left_for_later() -> None:
    assert places(UNFINISHED, {".py", ".md", ".toml", ".yml"}) == []


def test_every_module_is_short_enough_to_be_one_thing() -> None:
    modules = [path for path in files() if path.suffix == ".py"]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {name: length for name, length in lengths.items() if length >= LONGEST_FILE} == {}


def test_every_rule_of_this_file_has_a_line_that_it_catches() -> None:
    caught = {
        MACHINE_PATHS: "read('/" + "home/someone/file.csv')",
        REGISTRIES: "https://" + "py" + "pi.org/simple",
        ADDRESSES: "--extra-index-url file:///x",
        MACHINE_WRITERS: "written by an " + "assis" + "tant",
        SILENT_GUESSES: "    except" + ":",
        UNFINISHED: "# TO" + "DO later",
    }
    assert [pattern for pattern, line in caught.items() if not re.search(pattern, line, re.IGNORECASE)] == []


@pytest.mark.skipif(not (ROOT / "dashboard" / "app.py").exists(), reason="there is no web process yet")
def test_the_web_process_loads_no_data_frames(edition: Path) -> None:
    program = f"import sys, dashboard.app; print([name for name in {TOO_HEAVY} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PEMBE_DATA": str(edition)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", env=environment)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr
