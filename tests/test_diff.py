"""Two editions side by side: each changed figure has one cause, and it is the one that was changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.diff import compare
from etl.editions import Edition, list_editions
from etl.report import Report
from tests.small import DECLARATION, REGISTER, ROWS, House
from tests.warm import Warm

NAME = "ken_station_register"


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture
def house(tmp_path: Path, warm: Warm) -> House:
    made = House(tmp_path, warm)
    made.declare(NAME)
    made.receive(NAME)
    assert made.build().code == 0
    return made


def changed(house: House) -> Report:
    ended = house.build()
    assert ended.code == 0, ended.err
    older, newer = list_editions(house.data)
    return compare(older, newer)


def table_of(report: Report, title: str) -> list[tuple[object, ...]]:
    return next((listing.rows for listing in report.listings if listing.title == title), [])


def test_an_edition_compared_with_itself_has_no_changed_figure(house: House) -> None:
    [only] = list_editions(house.data)
    report = compare(only, only)
    assert report.facts["why"] == {}
    assert "no figure changed" in report.sentences[0]


def test_other_bytes_of_a_file_change_figures_by_source(house: House) -> None:
    house.receive(NAME, REGISTER.replace(",F,17,", ",M,17,"))
    report = changed(house)
    assert set(report.facts["why"]) == {"source"}  # type: ignore[call-overload]
    assert [row[3] for row in table_of(report, "files")] == ["other bytes"]
    told = {(row[0], row[8]): row[9:] for row in table_of(report, "figures")}
    assert told["changed", "sex=F"] == ("3, counted", "2, counted")
    assert told["changed", "sex=M"] == ("2, counted", "3, counted")


def test_another_meaning_of_a_word_changes_figures_by_mapping(house: House) -> None:
    house.declare(NAME, DECLARATION.replace("BEG: [Begging]", "CRM: [Begging]"))
    report = changed(house)
    assert set(report.facts["why"]) == {"mapping"}  # type: ignore[call-overload]
    assert table_of(report, "files") == []
    assert ("gone", "exploitation=BEG") in {(row[0], row[8]) for row in table_of(report, "figures")}


def test_one_more_file_is_by_source_though_the_declaration_names_it(house: House) -> None:
    more = "{file: register.csv, period: 2021, received: 2022-01-10}, {file: later.csv, period: 2022, received: 2023-01-10}"
    house.declare(NAME, DECLARATION.replace("{file: register.csv, period: 2021, received: 2022-01-10}", more))
    house.receive(NAME, REGISTER.replace("2021-", "2022-"), "later.csv")
    report = changed(house)
    assert report.facts["figures"]["changed"] == 0 and set(report.facts["why"]) == {"source"}  # type: ignore[index, call-overload]
    assert {row[5] for row in table_of(report, "figures")} == {"2022"}
    assert table_of(report, "mappings") == []


def copied(house: House, *statements: str) -> tuple[Edition, Edition]:
    """Give an edition and a copy of it as it would be, had something else than files and mapping changed."""
    [older] = list_editions(house.data)
    folder = shutil.copytree(older.folder, older.folder.with_name("copy"))
    connection = duckdb.connect(str(folder / "records.duckdb"))
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return older, Edition("copy", folder)


FIGURE = "UPDATE observation SET obs_value = obs_value + 1 WHERE sex = 'F'"
LIST = "UPDATE manifest SET value = 'other' WHERE name = '{}'"
PROGRAM = LIST.format("program")


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ([LIST.format("lexicon/codes"), "UPDATE ruling SET said = '{}' WHERE field = 'sex'", FIGURE], "code list"),
        ([LIST.format("codelist/CL_SEX"), "UPDATE ruling SET said = '{}' WHERE field = 'sex'", FIGURE], "code list"),
        ([PROGRAM, "INSERT INTO problem BY NAME SELECT (SELECT submission_id FROM submission) AS submission_id, "
          "'victim' AS \"table\", "
          "1 AS source_row, 'V10' AS rule_id, 'E' AS severity, 'x' AS note, 99 AS problem_id", FIGURE], "rule"),
        ([LIST.format("list/rules"), FIGURE], "rule"),
        ([PROGRAM, FIGURE], "program"),
        ([LIST.format("as_of"), FIGURE], "day"),
        ([FIGURE], "unexplained"),
    ],
)  # fmt: skip
def test_what_changed_beside_files_and_mapping_is_named(house: House, statements: list[str], why: str) -> None:
    report = compare(*copied(house, *statements))
    assert list(report.facts["why"]) == [why]  # type: ignore[call-overload]


def test_problems_are_new_fixed_or_still_open_by_source_and_rule(house: House) -> None:
    house.declare(NAME, f"{DECLARATION}accept_refused: {{share: 0.6, because: rows of words that are not known are wanted}}\n")
    house.receive(NAME, REGISTER.replace("Begging", "Herding a lot"))
    assert house.build().code == 0
    house.receive(
        NAME,
        REGISTER.replace("2,2021-03-04,M,25,Uganda,Begging", "2,2021-03-04,M,25,Uganda,Herding a lot").replace(
            "Housework", "Trade"
        ),
    )
    assert house.build().code == 0
    _, second, third = list_editions(house.data)
    assert table_of(compare(second, third), "problems") == [(NAME, "V01", "E", 2, 2, 1)]


def test_small_counts_of_real_records_are_never_told(house: House) -> None:
    invented = "UPDATE observation SET invented = FALSE"
    older, newer = copied(house, invented, FIGURE)
    told = {row[10] for row in table_of(compare(older, newer), "figures") if row[10] is not None}
    assert told and told <= {"<10, counted", "not told, counted"}
    assert len(ROWS) < 10
