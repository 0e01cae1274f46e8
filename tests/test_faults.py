"""Damaged files, full disks and builds that die: one clear sentence, exit code 1, and the edition in place stays."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest
from faulty_files import CSV, FAULTS, TABLE
from small import DAY, DECLARATION, REGISTER, ROWS, House
from warm import ROOT, Ended, Warm

from etl.editions import current, verify
from etl.errors import SourceError
from etl.gather import gather
from etl.pipeline import build

NAME = "ken_test_register"
OTHER = "uga_test_register"
KILLS = 30
MOST_MB = 600
DAYS = [date(2026, 2, 1).replace(month=month, day=day).isoformat() for month in range(2, 12) for day in range(1, 29)]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture(scope="module")
def house(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with one edition in place, which no fault may change."""
    built = House(tmp_path_factory.mktemp("house"), warm)
    built.declare(NAME)
    built.receive(NAME)
    ended = built.build()
    assert ended.code == 0, ended.err
    return built


def stands(house: House, name: str) -> None:
    """Assert that the edition of that name is current, as published, and can be read."""
    edition = current(house.data)
    assert edition.name == name
    assert verify(edition) == []
    with duckdb.connect(str(edition.records), read_only=True) as records:
        assert records.execute("SELECT count(*) FROM victim").fetchone() == (len(ROWS),)
    with duckdb.connect(str(edition.public), read_only=True) as public:
        assert public.execute("SELECT count(*) > 0 FROM submission").fetchone() == (True,)


def sentence(ended: Ended) -> str:
    """Give the one sentence of a build that failed for a fault not its own."""
    lines = [line for line in ended.err.splitlines() if not line.startswith("·")]
    assert ended.code == 1, (ended.code, ended.err[-2000:])
    assert len(lines) == 1 and ended.out == "", ended.err
    assert "Traceback" not in ended.err and len(lines[0]) < 800 and "; " in lines[0]
    return lines[0]


def remains(house: House) -> list[str]:
    """Name what a dead build may leave among the editions."""
    return [path.name for path in (house.data / "editions").iterdir() if path.name.startswith((".building", "current."))]


def die_often(warm: Warm, folder: Path, seed: int, kills: int) -> tuple[int, int]:
    """Kill builds at random moments; give how many died, and how many of those left something behind."""
    house = House(folder, warm)
    house.declare(NAME)
    house.receive(NAME)
    days = iter(DAYS)
    lasted = min(house.build(next(days)).seconds for _ in range(2))
    stood = current(house.data).name
    moments = random.Random(seed)
    died = left = 0
    for _ in range(kills):
        day = next(days)
        ended = house.build(day, kill_after=moments.uniform(0, lasted))
        assert ended.code in (0, -9), ended.err
        name = current(house.data).name
        assert name == stood or name.startswith(day)
        assert ended.code == -9 or name.startswith(day)
        stands(house, name)
        stood, died, left = name, died + (ended.code == -9), left + bool(remains(house))
    assert house.build(next(days)).code == 0
    assert remains(house) == []
    return died, left


def test_a_build_killed_at_thirty_moments_leaves_the_old_edition_or_the_new_one_whole(warm: Warm, tmp_path: Path) -> None:
    second = Warm(tmp_path)
    with ThreadPoolExecutor(2) as both:
        tries = [
            both.submit(die_often, process, tmp_path / str(seed), seed, KILLS // 2) for seed, process in ((1, warm), (2, second))
        ]
    second.close()
    died, left = (sum(numbers) for numbers in zip(*(item.result() for item in tries), strict=True))
    assert died > KILLS / 2 and left > KILLS / 4


def test_a_build_killed_at_each_step_of_publishing_leaves_the_old_edition_or_the_new_one_whole(
    warm: Warm, tmp_path: Path
) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME)
    days = iter(DAYS)
    assert house.build(next(days)).code == 0
    stood, still, moved = current(house.data).name, 0, 0
    for step in range(40):
        day = next(days)
        ended = house.build(day, die_at=step)
        name = current(house.data).name
        assert name == stood or name.startswith(day)
        still, moved = still + (name == stood), moved + (name != stood)
        stood = name
        stands(house, name)
        if ended.code == 0:
            break
        assert ended.code == -9
    # the rename, the pointer written aside and the pointer moved each have a step before and after them
    assert still >= 3 and moved >= 3 and ended.code == 0
    assert remains(house) == []


def test_a_build_killed_between_rename_and_pointer_is_finished_by_the_next(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME)
    assert house.build("2026-01-01").code == 0
    assert house.build("2026-01-02", die_at=1).code == -9
    assert [path.name[:10] for path in sorted((house.data / "editions").glob("2026*"))] == ["2026-01-01", "2026-01-02"]
    assert current(house.data).name.startswith("2026-01-01")
    assert house.build("2026-01-02").code == 0
    assert current(house.data).name.startswith("2026-01-02")
    assert verify(current(house.data)) == []


@pytest.mark.parametrize("most", [1_000, 100_000, 1_000_000, 2_500_000])
def test_files_that_may_not_grow_stop_a_build_with_one_sentence(house: House, most: int) -> None:
    house.declare(NAME)
    house.receive(NAME)
    assert "make room" in sentence(house.build("2026-02-02", most_bytes=most))
    stands(house, current(house.data).name)
    assert current(house.data).name.startswith(DAY) and remains(house) == []


@pytest.mark.parametrize("kilobytes", [64, 1_000, 3_000])
def test_a_full_disk_stops_a_build_with_one_sentence(warm: Warm, tmp_path: Path, kilobytes: int) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME)
    house.data.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(house.data)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("a small disk can only be mounted by root")
    try:
        assert "No space left" in sentence(house.build())
        assert remains(house) == []
    finally:
        subprocess.run(["umount", str(house.data)], check=True)


@pytest.mark.parametrize("name", FAULTS)
def test_a_damaged_file_is_refused_in_one_sentence(house: House, name: str) -> None:
    fault = FAULTS[name]
    house.declare(NAME, DECLARATION.replace("{format: csv}", fault.form).replace(CSV, fault.file))
    path = house.receive(NAME, fault.content(), fault.file)
    ended = house.build("2026-02-02")
    path.unlink()
    told = sentence(ended)
    assert fault.file in told and fault.says in told
    assert ended.peak_mb < MOST_MB
    assert current(house.data).name.startswith(DAY) and remains(house) == []
    stands(house, current(house.data).name)


def test_a_damaged_file_is_told_without_what_its_rows_say(house: House) -> None:
    secret = "Wanjiku Achieng"
    house.declare(NAME)
    for content in (
        REGISTER.replace("Sex", f'"Sex {secret}'),
        f"{secret},1,2\n{secret},3,4\n",
        REGISTER.replace("05,F", f'05,"{secret}'),
    ):
        path = house.receive(NAME, content)
        assert secret not in sentence(house.build("2026-02-02"))
        path.unlink()


@pytest.mark.parametrize("kind", ["folder", "dangling link", "link to itself", "pipe", "device", "missing"])
def test_what_is_no_file_is_refused_and_never_waited_for(house: House, kind: str) -> None:
    house.declare(NAME)
    path = house.receive(NAME)
    path.unlink()
    match kind:
        case "folder":
            path.mkdir()
        case "dangling link":
            path.symlink_to("nowhere")
        case "link to itself":
            path.symlink_to(path)
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
    ended = house.build("2026-02-02")
    path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
    assert "register.csv" in sentence(ended) and ended.seconds < 30
    stands(house, current(house.data).name)


def test_a_file_that_changes_while_it_is_read_is_refused(house: House) -> None:
    house.declare(NAME)
    path = house.receive(NAME)

    def progress(step: str) -> None:
        if NAME in step:
            path.write_text(REGISTER + "6,2021-06-07,M,44,Kenya,Begging,none\n", "utf-8")

    sources, folders = gather(house.data, ROOT / "data", True, house.folder / "raw", house.folder / "sources")
    with pytest.raises(SourceError, match="register\\.csv: changed while it was read; wait until it is whole and build again"):
        build(house.data, sources, folders, date(2026, 2, 3), progress)
    assert current(house.data).name.startswith(DAY) and remains(house) == []


def test_faults_of_two_sources_are_told_together(house: House) -> None:
    house.declare(NAME)
    house.declare(OTHER, DECLARATION.replace("KEN", "UGA"))
    house.receive(NAME, REGISTER.replace("Sex", "Gender"))
    house.receive(OTHER, REGISTER.replace(",", ";"))
    ended = house.build("2026-02-02")
    (house.folder / "sources" / f"{OTHER}.yml").unlink()
    lines = [line for line in ended.err.splitlines() if not line.startswith("·")]
    assert ended.code == 1 and len(lines) == 2
    assert lines[0].startswith(NAME) and "Gender" in lines[0]
    assert lines[1].startswith(OTHER) and "delimiter" in lines[1]
    stands(house, current(house.data).name)


TEXTS = {
    "a mark of byte order": "\ufeff" + REGISTER,
    "two of them": "\ufeff\ufeff" + REGISTER,
    "marks inside": REGISTER.replace("Uganda", "\ufeffUganda").replace("2021-04", "\ufeff2021-04").replace("Sex", "\ufeffSex"),
    "line ends of two signs": REGISTER.replace("\n", "\r\n"),
    "line ends of old": REGISTER.replace("\n", "\r"),
    "line ends of all kinds": REGISTER.replace(ROWS[1] + "\n", ROWS[1] + "\r\n").replace(ROWS[3] + "\n", ROWS[3] + "\r"),
    "no end to the last line": REGISTER.rstrip(),
    "empty lines": REGISTER.replace("\n", "\n\n"),
    "line ends inside cells": REGISTER.replace("none", '"no\nremark, ""none"""'),
    "marks round all cells": "\n".join(",".join(f'"{cell}"' for cell in row) for row in TABLE),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_marks_of_byte_order_and_line_ends_of_any_kind_are_read(warm: Warm, tmp_path: Path, kind: str) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME, TEXTS[kind])
    ended = house.build()
    assert ended.code == 0, ended.err
    with duckdb.connect(str(current(house.data).records), read_only=True) as records:
        found = records.execute(
            "SELECT source_row, sex::VARCHAR, age_years, citizenship::VARCHAR FROM victim ORDER BY 1"
        ).fetchall()
    assert found == [(1, "F", 17, "KEN"), (2, "M", 25, "UGA"), (3, "F", 31, "KEN"), (4, "F", 12, "SOM"), (5, "M", 44, "KEN")]


@pytest.mark.parametrize("copies", [0, 120_000])
def test_uneven_rows_are_refused_by_their_numbers_and_the_rest_is_kept(warm: Warm, tmp_path: Path, copies: int) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME, f"{DECLARATION}accept_refused: {{share: 0.4, because: two rows of five are uneven}}\n")
    many = "".join(f"{ROWS[0]}\n" for _ in range(copies))
    long, short = ROWS[2] + ",more,more", "4,2021"
    house.receive(NAME, REGISTER.replace(ROWS[2], f"{many}{long}".lstrip("\n")).replace(ROWS[3], short))
    ended = house.build()
    assert ended.code == 0, ended.err
    with duckdb.connect(str(current(house.data).records), read_only=True) as records:
        assert records.execute("SELECT rows_raw, rows_ok, rows_rejected FROM submission").fetchone() == (
            copies + 5,
            copies + 3,
            2,
        )
        uneven = "SELECT source_row FROM problem WHERE rule_id = 'V01' AND severity = 'E' AND field IS NULL ORDER BY 1"
        assert records.execute(uneven).fetchall() == [(copies + 3,), (copies + 4,)]


def test_a_cell_with_a_nul_byte_refuses_its_row_alone(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME, REGISTER.replace(",M,25", ",\0M\0,25"))
    assert house.build().code == 0
    with duckdb.connect(str(current(house.data).records), read_only=True) as records:
        kept = records.execute("SELECT source_row FROM victim ORDER BY 1").fetchall()
        assert records.execute("SELECT rows_raw, rows_ok + rows_rejected FROM submission").fetchone() == (5, 5)
    assert kept in ([(1,), (3,), (4,), (5,)], [(1,), (2,), (3,), (4,), (5,)])


def test_the_real_command_ends_with_one_sentence_and_does_not_hang(house: House) -> None:
    house.declare(NAME)
    house.receive(NAME, REGISTER.replace("Sex", "Gender"))
    command = [sys.executable, "-m", "etl.cli", *house.words("2026-02-02")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    house.receive(NAME)
    lines = [line for line in run.stderr.splitlines() if not line.startswith("·")]
    assert run.returncode == 1 and len(lines) == 1 and "Gender" in lines[0]


@pytest.mark.parametrize(
    ("file", "words"), [("records.duckdb", "problems"), ("public.duckdb", "verify"), ("manifest.json", "verify")]
)
def test_a_damaged_edition_is_told_in_one_sentence_and_mended_by_a_build(
    warm: Warm, tmp_path: Path, file: str, words: str
) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME)
    assert house.build().code == 0
    (current(house.data).folder / file).write_bytes(b"{" * 5000)
    assert "build" in sentence(warm.run(words, "--data", str(house.data)))
    assert house.build().code == 0
    stands(house, current(house.data).name)


def test_a_secret_of_which_only_half_was_written_is_refused(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME)
    house.receive(NAME)
    house.data.mkdir()
    (house.data / "secret.key").touch(mode=0o600)
    assert "secret.key is shorter than 32" in sentence(house.build())
