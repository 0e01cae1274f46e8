"""A file of next year that changed: what changed is named, with the pair that is likely the same and the line to add."""

from __future__ import annotations

import datetime
from pathlib import Path

from etl.drift import Drift, drift_of
from etl.inspect import check_source
from etl.source import parse_source
from tests.small import DECLARATION

TODAY = datetime.date(2026, 1, 31)
NAME = "ken_station_register"
HEADINGS = "Case,Date,Sex,Age,Nationality,Form,Remarks"
ROWS = [f"{number},2021-02-{number:02d},F,17,Kenya,Housework,none" for number in range(1, 13)]


def changes(tmp_path: Path, headings: str, rows: list[str], declaration: str = DECLARATION) -> list[Drift]:
    path = tmp_path / NAME / "register.csv"
    path.parent.mkdir()
    path.write_text("\n".join([headings, *rows, ""]), "utf-8")
    return drift_of(parse_source(declaration, NAME), [tmp_path], TODAY)


def test_a_file_as_it_was_declared_has_not_changed(tmp_path: Path) -> None:
    assert changes(tmp_path, HEADINGS, ROWS) == []


def test_a_renamed_column_is_paired_by_its_values_and_its_meaning(tmp_path: Path) -> None:
    found = changes(tmp_path, HEADINGS.replace("Nationality", "Citizenship").replace("Sex", "Gender"), ROWS)
    lines = {drift.line for drift in found}
    assert "columns.citizenship: {column: \"Citizenship\"}  # if it is 'Nationality', written anew" in lines
    assert "columns.sex: {column: \"Gender\"}  # if it is 'Sex', written anew" in lines
    assert {drift.kind for drift in found} == {"column"}


def test_new_and_gone_columns_are_named_and_persons_are_left_out(tmp_path: Path) -> None:
    rows = [row.replace(",Housework", "") + ",x,dry" for row in ROWS]
    found = changes(tmp_path, HEADINGS.replace(",Form", "") + ",Telephone,Weather", rows)
    told = {drift.met: drift.line for drift in found}
    assert told["'Telephone' is new and identifying"] == 'ignore: {"Telephone": identifying}'
    assert told["'Weather' is new"].startswith('ignore: {"Weather": why it is not needed}')
    assert told["'Form' is gone, and no new column is like it"].startswith("columns.exploitation_forms:")


def test_a_new_word_of_many_rows_is_told_with_the_code_that_it_may_mean(tmp_path: Path) -> None:
    found = changes(tmp_path, HEADINGS, [row.replace(",F,", ",mwanamke,") for row in ROWS])
    assert [drift.kind for drift in found] == ["word"]
    assert found[0].line.startswith("columns.sex.words: {F: [mwanamke]}")


def test_a_changed_order_of_days_is_told_with_the_day_that_proves_it(tmp_path: Path) -> None:
    rows = [row.replace("2021-02-", "02/").replace(",F,", "/2021,F,", 1) for row in ROWS]
    rows[0] = rows[0].replace("02/01/2021", "02/25/2021")
    found = changes(tmp_path, HEADINGS, rows, DECLARATION.replace("file: {format: csv}", "file: {format: csv}\ndate_order: dmy"))
    assert [(drift.kind, drift.line) for drift in found] == [("days", "columns.date_identified.date_order: mdy")]
    assert "proven by ··/25/····" in found[0].met


def test_totals_that_are_new_are_told_before_they_are_counted(tmp_path: Path) -> None:
    found = changes(tmp_path, HEADINGS, [*ROWS, "TOTAL,,,,,,"])
    assert [(drift.kind, drift.line) for drift in found] == [("total", "skip_rows: {total: {column: Case, words: [TOTAL]}}")]


def test_headings_that_moved_down_and_another_delimiter_are_found(tmp_path: Path) -> None:
    rows = [row.replace(",", ";") for row in ROWS]
    found = changes(tmp_path, "REGISTER OF 2022;;;;;;\n" + HEADINGS.replace(",", ";"), rows)
    assert {drift.line for drift in found if drift.kind == "form"} == {'file.delimiter: ";"', "file.header_rows: [2]"}


def test_the_check_of_one_file_names_its_changes(tmp_path: Path) -> None:
    declared = tmp_path / f"{NAME}.yml"
    declared.write_text(DECLARATION, "utf-8")
    file = tmp_path / NAME / "next.csv"
    file.parent.mkdir()
    file.write_text("\n".join([HEADINGS, *(row.replace(",F,", ",mwanamke,") for row in ROWS), ""]), "utf-8")
    report = check_source(str(declared), file, tmp_path / "data", tmp_path, None, TODAY)
    found = {listing.title: listing.rows for listing in report.listings}
    assert [row[0] for row in found["changes"]] == ["word"]
