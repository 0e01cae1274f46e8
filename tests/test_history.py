"""What changed since the edition before: told from whole editions, by cause, and never a word where nothing can be read."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small import DECLARATION, HEADINGS, ROWS, House
from test_editions import exports
from warm import Warm

from etl.editions import Edition, current
from etl.quality_history import Action, Problem, next_actions

NAME = "ken_station_register"
ACCEPTED = f"{DECLARATION}accept_refused: {{share: 0.6, because: the word of forty rows is not known at first}}\n"
# Ten times as many persons as in the small register: fewer that move are held, and nothing would differ in public.
REGISTER = "\n".join([HEADINGS, *(f"R{number}{row}" for number in range(10) for row in ROWS), ""])


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture
def house(tmp_path: Path, warm: Warm) -> House:
    made = House(tmp_path / "house", warm)
    made.declare(NAME, ACCEPTED)
    made.receive(NAME, REGISTER)
    built(made)
    return made


def built(house: House, day: str = "2026-01-31") -> Edition:
    ended = house.build(day)
    assert ended.code == 0, ended.err
    return current(house.data)


def asked(edition: Edition, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(edition.public), read_only=True) as connection:
        return connection.execute(query).fetchall()


def compared(edition: Edition) -> tuple[str, str]:
    told = dict(asked(edition, "SELECT name, value FROM manifest"))
    return str(told["compared"]), str(told["compared_with"])


def sealed_anew(edition: Edition, statement: str) -> None:
    """Let an edition be as an older program would have left it: whole, with the hash of what it holds."""
    with duckdb.connect(str(edition.public)) as connection:
        connection.execute(statement)
    manifest = json.loads((edition.folder / "manifest.json").read_text("utf-8"))
    content = edition.public.read_bytes()
    manifest["files"]["public.duckdb"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (edition.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_the_first_edition_knows_itself_alone(house: House) -> None:
    first = current(house.data)
    assert compared(first) == ("FIRST", "")
    assert asked(first, "SELECT name, public_sha256, figures > 0 FROM edition") == [(first.name, None, True)]
    assert asked(first, "SELECT count(*) FROM edition_difference") == [(0,)]
    assert asked(first, "SELECT count(*) FROM quality_source WHERE before IS NOT NULL") == [(0,)]


def test_another_file_changes_figures_by_source_and_the_edition_before_is_known_with_its_hash(house: House) -> None:
    older = current(house.data)
    house.receive(NAME, REGISTER.replace(",F,17,", ",M,17,"))
    newer = built(house)
    assert compared(newer) == ("COMPARED", older.name)
    assert asked(newer, "SELECT name FROM edition") == [(older.name,), (newer.name,)]
    [(public,)] = asked(newer, f"SELECT public_sha256 FROM edition WHERE name = '{older.name}'")
    files = older.manifest["files"]
    assert isinstance(files, dict)
    assert public == files["public.duckdb"]["sha256"]
    assert asked(newer, "SELECT DISTINCT why FROM edition_change") == [("source",)]
    # that a file was sent again is told where figures moved, and nowhere else
    assert asked(newer, "SELECT kind, what FROM edition_cause WHERE kind = 'file'") == []


def test_every_number_of_a_difference_stands_in_one_of_the_two_public_files(house: House) -> None:
    older = current(house.data)
    house.receive(NAME, REGISTER.replace(",F,17,", ",M,17,"))
    newer = built(house)
    told = asked(newer, "SELECT before, after FROM edition_difference")
    assert told
    for place, edition in ((0, older), (1, newer)):
        query = "SELECT coalesce(regexp_replace(obs_value::VARCHAR, '\\.0$', ''), value_raw, '..') FROM observation"
        numbers = {part for row in told if row[place] for part in str(row[place]).split(" | ")}
        assert {number.partition(" (")[0] for number in numbers} <= {str(row[0]) for row in asked(edition, query)}


def test_a_third_edition_remembers_the_first(house: House) -> None:
    names = [current(house.data).name]
    for day in ("2026-02-01", "2026-02-02"):
        names.append(built(house, day).name)
    assert [row[0] for row in asked(current(house.data), "SELECT name FROM edition")] == names


def test_problems_are_new_and_fixed_since_the_edition_before_in_tens(house: House) -> None:
    cells = ",F,{age},Atlantis,Begging,none"
    more = [f"{number},2021-07-01{cells.format(age=number)}" for number in range(20, 60)]
    house.receive(NAME, REGISTER + "\n".join([*more, ""]))
    query = "SELECT rule_id, added, fixed, still_open FROM problem_change"
    assert ("V15", "40", "0", "0") in asked(built(house), query)
    assert ("V15", "0", "0", "40") in asked(built(house, "2026-02-01"), query)
    # one row more or less is mostly no other number, and where it is, it is ten more or less
    house.receive(NAME, REGISTER + "\n".join([*more[:39], ""]))
    fewer = {row[1:] for row in asked(built(house, "2026-02-02"), query) if row[0] == "V15"}
    assert fewer <= {("0", "0", "40"), ("0", "10", "30")}
    house.receive(NAME)
    assert asked(built(house, "2026-02-03"), "SELECT rule_id, still_open FROM problem_change WHERE rule_id = 'V15'")[0][1] == "0"


@pytest.mark.parametrize("file", ["public.duckdb", "manifest.json"])
def test_a_damaged_edition_before_is_told_in_one_sentence_and_stops_nothing(house: House, file: str) -> None:
    older = current(house.data)
    path = older.folder / file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    ended = house.build("2026-02-01")
    assert ended.code == 0, ended.err
    assert "the edition before this one cannot be read" in ended.err + ended.out
    newer = current(house.data)
    assert compared(newer) == ("DAMAGED", older.name)
    assert asked(newer, "SELECT name FROM edition") == [(newer.name,)]


def test_an_edition_before_that_lost_a_file_stops_nothing(house: House) -> None:
    current(house.data).records.unlink()
    assert compared(built(house, "2026-02-01"))[0] == "DAMAGED"


def test_an_edition_of_an_older_program_is_compared_as_far_as_it_goes(house: House) -> None:
    older = current(house.data)
    sealed_anew(older, "DROP TABLE edition")
    newer = built(house, "2026-02-01")
    assert compared(newer) == ("COMPARED", older.name)
    assert [row[0] for row in asked(newer, "SELECT name FROM edition")] == [older.name, newer.name]


def test_an_edition_of_which_a_table_is_missing_is_not_compared(house: House) -> None:
    sealed_anew(current(house.data), "DROP TABLE observation")
    assert compared(built(house, "2026-02-01"))[0] == "DAMAGED"


def test_the_same_files_after_the_same_edition_give_the_same_public_rows(house: House, tmp_path: Path) -> None:
    shutil.copytree(house.folder, tmp_path / "twin")
    twin = House(tmp_path / "twin", house.warm)
    house.receive(NAME, REGISTER.replace(",F,17,", ",M,17,"))
    twin.receive(NAME, REGISTER.replace(",F,17,", ",M,17,"))
    one, other = built(house, "2026-02-01"), built(twin, "2026-02-01")
    assert one.name == other.name
    assert exports(one.public, tmp_path / "one") == exports(other.public, tmp_path / "other")


def test_the_next_three_actions_follow_from_the_worst_measures_then_from_what_is_open() -> None:
    met = [
        Problem("V01", "E", 0, 0, 2),
        Problem("V13", "W", 1, 0, 30),
        Problem("V40", "I", 0, 0, 99),
        Problem("V10", "E", 3, 0, 1),
        Problem("V05", "E", 0, 4, 0),
    ]
    values = {"DQ_COMPL": 45.0, "DQ_VALID": 98.0, "DQ_TIMELY": 30.0, "DQ_COMPAR": 95.0}
    assert next_actions(values, {"DQ_COMPL": "citizenship"}, met, 0) == [
        Action("FILL", "DQ_COMPL", "citizenship", None, 45.0, 90.0),
        Action("MEND", "DQ_VALID", None, "V10", 98.0, 99.0),
        Action("ASK", "DQ_VALID", None, "V01"),
    ]
    assert next_actions({}, {}, met, 2)[0] == Action("ANSWER", value=2)
    assert next_actions({"DQ_COMPL": 99.0}, {}, [], 0) == []
