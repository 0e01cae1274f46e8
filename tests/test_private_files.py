"""Files about persons are their owner's alone whatever the umask, and what a killed command leaves is swept by the next one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from etl.private import private_folder, sweep, write_private
from pembe import ROOT

# More rows than are read and written before the command can be killed.
HEADINGS = "Case,Date,Sex,Age,Nationality,Form,Remarks"
DEAD = 2**22 - 3


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Give what others may read, write or enter below a folder."""
    return [f"{path} {path.stat().st_mode & 0o777:o}" for path in folder.rglob("*") if path.stat().st_mode & 0o077]


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    (folder / "temporary").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(folder / "temporary"), "PEMBE_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "etl.cli", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(folder: Path, *words: str) -> None:
    process = start(folder, *words)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (out + err).decode()


def killed_at_work(folder: Path, below: Path, pattern: str, *words: str) -> None:
    """Start a command and kill it once it has files of records; these must be its owner's alone."""
    process = start(folder, *words)
    for _ in range(6000):
        held = [path for path in below.glob(f"{pattern}/*") if path.is_file()]
        if held or process.poll() is not None:
            break
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -9, "the command ended before it could be killed"
    assert list(below.glob(pattern)) and open_to_others(below) == []


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_editions_drafts_and_records_are_their_owners_alone(tmp_path: Path, mask: int) -> None:
    file = tmp_path / "register.csv"
    rows = [f"{number},2021-02-03,F,{20 + number % 9},Kenya,Housework,none" for number in range(60)]
    file.write_text("\n".join([HEADINGS, *rows, ""]), "utf-8")
    with umask(mask):
        run(tmp_path, "build", "--samples")
        run(tmp_path, "draft", str(file), "--country", "KEN", "--table", "victim", "--to", str(tmp_path / "new" / "drafts"))
        run(tmp_path, "records", "export", str(tmp_path / "given" / "out" / "victims.csv"))
        run(tmp_path, "records", "htcds", str(tmp_path / "given" / "out" / "victims.csv"), str(tmp_path / "given" / "htcds"))
    for folder, least in (("data", 5), ("new", 4), ("given", 5)):
        assert len(list((tmp_path / folder).rglob("*"))) >= least
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
        assert open_to_others(tmp_path / folder) == []
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_killed_check_and_a_killed_build_are_swept_by_the_next_command(tmp_path: Path) -> None:
    with umask(0o000):
        (tmp_path / "temporary").mkdir()
        (tmp_path / "temporary").chmod(0o700)
        killed_at_work(tmp_path, tmp_path / "temporary", "pembe-private-*", "check", "ken_ahtcpu_register")
        killed_at_work(tmp_path, tmp_path / "data" / "editions", ".building-*", "build", "--samples")
    # the first command of all sweeps what lies in the folder of the system, and one that is given a data folder that
    assert list((tmp_path / "temporary").iterdir()) == []
    run(tmp_path, "check", "ken_ahtcpu_register")
    assert [path.name for path in (tmp_path / "data" / "editions").iterdir()] == []


def test_only_what_no_living_command_holds_is_swept(tmp_path: Path) -> None:
    left, foreign = tmp_path / f".pembe-draft-{DEAD}-abc", tmp_path / "of somebody else"
    for folder in (left, foreign):
        (folder / "within").mkdir(parents=True)
    with private_folder(tmp_path, ".pembe-draft-") as mine:
        assert not left.exists()
        time.sleep(0.7)
        sweep(tmp_path, ".pembe-draft-")
        assert mine.exists()
    assert [path.name for path in tmp_path.iterdir()] == [foreign.name]


def test_a_file_that_others_could_read_is_closed_to_them_when_it_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "victims.csv"
    path.touch(mode=0o644)
    path.chmod(0o644)
    write_private(path, "a row\n")
    assert path.read_text() == "a row\n" and path.stat().st_mode & 0o777 == 0o600
