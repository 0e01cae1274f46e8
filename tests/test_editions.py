"""Editions on disk: the same bytes give the same edition, none is ever changed, and any of them can be current again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small import CALLS, DECLARATION, FLAT, HEADINGS, REGISTER, House
from warm import ROOT, Warm

from etl.editions import KEPT, Edition, current, find, list_editions, prune, verify
from etl.errors import SourceError

NAME = "ken_test_register"
HELP_LINE = "uga_help_line"
COUNTS = """\
title: Annual figures of an office that does not exist
publisher: Nobody
country: ETH
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
invented: true
languages: [eng]
submissions: [{file: figures.csv, period: 2021-01-01/2022-12-31}]
columns:
  time_period: {column: Year}
measures:
  Women: {sex: F, indicator: TIP_VIC_DET}
  Men: {sex: M, indicator: TIP_VIC_DET}
"""
FIGURES = "Year,Women,Men\n2021,12,7\n2022,15,9\n"


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture
def house(warm: Warm, tmp_path: Path) -> House:
    """A house of three sources: two of records and one of figures."""
    built = House(tmp_path / "house", warm)
    fill(built)
    return built


@pytest.fixture(scope="module")
def published(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with one edition, which tests copy before they change it."""
    built = House(tmp_path_factory.mktemp("published") / "house", warm)
    fill(built)
    made(built)
    return built


def fill(house: House) -> None:
    house.declare(NAME, DECLARATION)
    house.receive(NAME, REGISTER)
    house.declare(HELP_LINE, FLAT)
    house.receive(HELP_LINE, CALLS, "calls.csv")
    house.declare("eth_test_figures", COUNTS)
    house.receive("eth_test_figures", FIGURES, "figures.csv")


def made(house: House, day: str = "2026-01-31") -> Edition:
    ended = house.build(day)
    assert ended.code == 0, ended.err
    return current(house.data)


def exports(path: Path, folder: Path) -> dict[str, bytes]:
    """Write every table of a file of an edition as CSV; give the bytes by name.

    What is public stands in a declared order; records stand as they were counted, and an export puts them in order.
    """
    folder.mkdir(parents=True)
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        for name in names:
            ordered = "" if path.name == "public.duckdb" else " ORDER BY ALL"
            connection.execute(f"COPY (SELECT * FROM \"{name}\"{ordered}) TO '{folder / name}.csv'")
    return {name: (folder / f"{name}.csv").read_bytes() for name in names}


_KEYS = "SELECT case_key FROM victim WHERE reporting_country = ? ORDER BY source_row"


def test_the_same_bytes_give_the_same_edition_and_the_same_exports(warm: Warm, tmp_path: Path) -> None:
    editions = []
    for place in ("first", "second"):
        house = House(tmp_path / place, warm)
        fill(house)
        house.data.mkdir()
        key = house.data / "secret.key"  # the salt of case numbers is an input too
        key.touch(mode=0o600)
        key.write_text("9f3c07d1e85ab264c01d7fe3926b48a5")  # invented for this test alone
        editions.append(made(house))
    one, two = editions
    assert one.name == two.name
    for file in ("public.duckdb", "records.duckdb"):
        first, second = (
            exports(edition.folder / file, tmp_path / f"{place}-{file}") for place, edition in zip("ab", editions, strict=True)
        )
        assert sorted(first) == sorted(second) and len(first) > 4
        assert [name for name in first if first[name] != second[name]] == []
    assert sum(map(len, exports(one.records, tmp_path / "again").values())) > 2000


def test_a_case_is_one_however_its_number_is_written_and_another_in_another_country(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    rows = [f"{number},2021-02-03,F,17,Kenya,Housework,none" for number in (" ob  ١٢/٢٠٢١ ", "OB 12/2021", "OB 13/2021", "")]
    content = "\n".join([HEADINGS, *rows, ""])
    for name, country in ((NAME, "KEN"), ("uga_test_register", "UGA")):
        house.declare(name, DECLARATION.replace("country: KEN", f"country: {country}", 1))
        house.receive(name, content)
    with duckdb.connect(str(made(house).records), read_only=True) as connection:
        keys = {country: [row[0] for row in connection.execute(_KEYS, [country]).fetchall()] for country in ("KEN", "UGA")}
    assert [len(key or "") for key in keys["KEN"]] == [16, 16, 16, 0]
    assert keys["KEN"][0] == keys["KEN"][1] != keys["KEN"][2]
    assert not {*keys["KEN"][:3]} & {*keys["UGA"][:3]}


def test_the_samples_built_twice_give_the_same_exports(edition: Path, tmp_path: Path) -> None:
    first = current(edition)
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").touch(mode=0o600)
    (data / "secret.key").write_bytes((edition / "secret.key").read_bytes())
    command = [sys.executable, "-m", "etl.cli", "build", "--samples", "--data", str(data), "--day", first.name[:10]]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    second = current(data)
    assert second.name == first.name
    for file in ("public.duckdb", "records.duckdb"):
        one, two = (exports(made.folder / file, tmp_path / f"{place}-{file}") for place, made in (("a", first), ("b", second)))
        assert [name for name in one if one[name] != two[name]] == []


def test_another_byte_or_another_day_gives_another_edition(house: House) -> None:
    first = made(house)
    house.receive(NAME, REGISTER.replace("Uganda", "Rwanda"))
    second, third = made(house), made(house, "2026-02-01")
    assert len({first.name, second.name, third.name}) == 3
    assert [edition.name for edition in list_editions(house.data)] == [first.name, second.name, third.name]


def test_an_edition_built_again_stays_as_it_was(house: House) -> None:
    first = made(house)
    state = {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    again = made(house)
    assert again.folder == first.folder
    assert {path.name: path.stat().st_mtime_ns for path in again.folder.iterdir()} == state


@pytest.mark.parametrize("file", ["records.duckdb", "public.duckdb"])
@pytest.mark.parametrize("place", [0, 5000, -1])
def test_verify_finds_one_changed_byte(published: House, warm: Warm, tmp_path: Path, file: str, place: int) -> None:
    house = House(tmp_path / "copy", warm)
    shutil.copytree(published.folder, house.folder)
    edition = current(house.data)
    assert verify(edition) == []
    path = edition.folder / file
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert verify(edition) == [f"{edition.name}: {file} is not what was published; build the edition again"]
    ended = warm.run("verify", "--data", str(house.data))
    assert ended.code == 1 and ended.err == f"{edition.name}: {file} is not what was published; build the edition again\n"
    path.unlink()
    assert verify(edition) == [f"{edition.name}: {file} is gone; build the edition again"]


def test_an_edition_that_was_damaged_is_whole_when_it_is_built_again(house: House) -> None:
    edition = made(house)
    (edition.folder / "public.duckdb").unlink()
    (edition.folder / "records.duckdb").write_bytes(b"damaged")
    assert verify(made(house)) == []


def test_only_so_many_editions_are_kept_and_always_the_current_one(house: House, warm: Warm) -> None:
    names = [made(house, f"2026-01-{day:02}").name for day in range(1, KEPT + 3)]
    assert [edition.name for edition in list_editions(house.data)] == names[-KEPT:]
    assert warm.run("editions", "--use", names[-KEPT], "--prune", "2", "--data", str(house.data)).code == 0
    assert current(house.data).name == names[-KEPT]
    assert [edition.name for edition in list_editions(house.data)] == [names[-KEPT], *names[-2:]]
    assert prune(house.data, 1) == [names[-2]]
    assert verify(current(house.data)) == []


def test_the_pointer_rolls_back_and_forth(house: House, warm: Warm) -> None:
    first, second = made(house), made(house, "2026-02-01")
    for edition in (first, second, first):
        ended = warm.run("editions", "--use", edition.name, "--data", str(house.data))
        assert ended.code == 0 and "current" in ended.out
        assert current(house.data) == edition
    for wrong in ("2026-01-01-00000000", "..", "../house", "", "current"):
        ended = warm.run("editions", "--use", wrong, "--data", str(house.data))
        assert ended.code == 1 and ended.err.startswith("there is no edition") and first.name in ended.err
    assert current(house.data) == first
    with pytest.raises(SourceError, match="there is no edition"):
        find(house.data, "../editions")


def test_who_reads_the_old_edition_goes_on_reading_it_while_new_ones_are_published(house: House) -> None:
    first = made(house)
    with duckdb.connect(str(first.records), read_only=True) as reader:
        before = reader.execute("SELECT * FROM victim ORDER BY ALL").fetchall()
        for day in range(1, KEPT + 2):  # so many that the first is removed
            made(house, f"2026-02-{day:02}")
        assert not first.folder.exists()
        assert reader.execute("SELECT * FROM victim ORDER BY ALL").fetchall() == before
        assert reader.execute("SELECT count(*) FROM problem").fetchone() is not None
    with pytest.raises(SourceError, match="there is no edition"):
        find(house.data, first.name)


def test_nothing_built_is_told_in_one_sentence(warm: Warm, tmp_path: Path) -> None:
    for words in (["verify"], ["editions"], ["problems"], ["rulings", NAME]):
        ended = warm.run(*words, "--data", str(tmp_path))
        assert ended.code == 1 and ended.err == "no edition has been built yet; run `pembe build --samples`\n"
