"""Silence is no person, a coarse day lies in its period, and a number, day or code with two meanings is asked about."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small import DECLARATION, HEADINGS, ROWS, House
from table_files import opendocument, workbook
from warm import Warm

from etl.readings.dates import date
from etl.readings.how import How
from etl.readings.money import months
from etl.readings.numbers import count, integer
from etl.readings.periods import period
from etl.readings.places import country

NAME = "ken_station_register"
TODAY = datetime.date(2026, 11, 23)
BLANK = ["", "", "", "", "", "", ""]
MISSING = ["", "-", "-", "", "-", "", "prepared by nobody"]
KEY_ALONE = ["B9", "", "", "", "", "", ""]


def how(**declared: object) -> How:
    return How(today=TODAY, **declared)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


def checked(warm: Warm, folder: Path, declaration: str, content: bytes | str, file: str) -> dict[str, Any]:
    """Check one file with the real command; give its report."""
    house = House(folder, warm)
    path = house.declare(NAME, declaration)
    house.receive(NAME, content, file)
    ended = warm.run("check", str(path), "--raw", str(folder / "raw"), "--data", str(house.data), "--json")
    assert "Traceback" not in ended.err, ended.err
    report: dict[str, Any] = json.loads(ended.out.splitlines()[-1])
    assert "read" in report, report
    return report


def as_form(rows: list[list[str]], form: str) -> bytes | str:
    match form:
        case "xlsx":
            return workbook(rows)
        case "ods":
            return opendocument(rows)
        case "json":
            return json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]])
        case "jsonl":
            return "\n".join(json.dumps(dict(zip(rows[0], row, strict=True))) for row in rows[1:])
    return "".join(",".join(row) + "\n" for row in rows)


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods", "json", "jsonl"])
def test_rows_that_say_nothing_are_skipped_and_counted_and_a_key_alone_is_asked_about_in_every_form(
    form: str, warm: Warm, tmp_path: Path
) -> None:
    declaration = DECLARATION.replace("format: csv", f"format: {form}").replace("register.csv", f"register.{form}")
    declaration += 'missing: ["", "-"]\n'
    rows = [HEADINGS.split(","), *(row.split(",") for row in ROWS), MISSING, KEY_ALONE, MISSING]
    report = checked(warm, tmp_path, declaration, as_form(rows, form), f"register.{form}")
    assert (report["read"], report["kept"], report["refused"], report["skipped"]) == (8, 5, 1, 2)
    assert "the row holds a number and nothing else" in json.dumps(report["problems"])


def test_rows_that_were_numbered_in_advance_are_skipped_where_the_source_says_so(warm: Warm, tmp_path: Path) -> None:
    content = "\n".join([HEADINGS, *ROWS, *(f"{number},,,,,," for number in range(6, 36)), ""])
    report = checked(warm, tmp_path, DECLARATION + "key_alone: skip\n", content, "register.csv")
    assert (report["read"], report["kept"], report["refused"], report["skipped"]) == (35, 5, 0, 30)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("2021", True), ("2015", False), ("Q1 2012", False), ("Q2 2021", True), ("1999", False), ("Q4 2020", True)],
)
def test_a_year_or_quarter_must_overlap_the_period_of_its_file(written: str, kept: bool, warm: Warm, tmp_path: Path) -> None:
    content = "\n".join([HEADINGS, *ROWS, f"6,{written},F,30,Kenya,Begging,none", ""])
    report = checked(warm, tmp_path, DECLARATION, content, "register.csv")
    assert (report["kept"], report["refused"]) == ((6, 0) if kept else (5, 1))


CASES = """\
title: Cases of a court that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: suspect
source_type: COURT
count_unit: PERSON
invented: true
languages: [eng]
file: {format: csv}
submissions: [{file: register.csv, period: 2021}]
columns:
  case_key: {column: Case}
  date_formal: {column: Arrested}
  date_verdict1: {column: Judged}
  sex: {column: Sex}
constants: {stage_highest: CONV1, offence: TIP, offence_convicted: TIP, age_group: _U, citizenship: _U}
"""


def test_a_case_that_began_long_ago_is_counted_in_the_year_of_its_file(warm: Warm, tmp_path: Path) -> None:
    content = "Case,Arrested,Judged,Sex\n1,1999-05-06,2021-02-03,M\n2,2020-05-06,2021-02-03,F\n"
    report = checked(warm, tmp_path, CASES, content, "register.csv")
    assert (report["read"], report["kept"]) == (2, 2), report


@pytest.mark.parametrize("text", ["1.000", "12.000", "1.500", "999.000", "about 12.000", "١.٠٠٠"])
def test_a_lone_point_before_three_digits_is_asked_about_whatever_the_digits_are(text: str) -> None:
    said = count(text, how(decimal="."))
    assert said.values[0] is None and "V28" in said.rules
    assert integer(text, how(decimal=".")).values == (None,)


def test_a_lone_comma_before_three_digits_is_asked_about_where_it_writes_decimals() -> None:
    assert count("1,000", how(decimal=",")).rules == ("V28",)
    assert count("1,000", how(decimal=",")).line == 'file.thousands: ","'


@pytest.mark.parametrize(("text", "thousands", "number"), [("1.000", ".", 1000), ("12,500", ",", 12500), ("1 000", " ", 1000)])
def test_a_declared_sign_of_thousands_is_read(text: str, thousands: str, number: int) -> None:
    assert count(text, how(decimal=None, thousands=thousands)).values[0] == number


@pytest.mark.parametrize("text", ["Q1 2015", "2015-Q3", "S1 2015", "2015-H1", "2015-03"])
def test_a_part_of_a_year_in_another_calendar_is_asked_about(text: str) -> None:
    said = period(text, how(calendar="ETH", period_type="EFY"))
    assert said.values[0] is None and said.rules == ("V11",)


@pytest.mark.parametrize(("text", "first"), [("Q1 2022", None), ("2022-H2", None), ("2022-03", datetime.date(2022, 3, 1))])
def test_a_quarter_of_a_fiscal_year_is_asked_about_and_a_month_is_a_month(text: str, first: datetime.date | None) -> None:
    assert period(text, how(period_type="FY_JUL")).values[0] == first


@pytest.mark.parametrize(
    ("text", "reporter", "day"),
    [
        ("2020-12-31T22:30:00Z", "KEN", datetime.date(2021, 1, 1)),
        ("2020-12-31T20:59:59Z", "KEN", datetime.date(2020, 12, 31)),
        ("2020-12-31T22:30:00Z", "TUN", datetime.date(2020, 12, 31)),
        ("2020-12-31T23:30:00.000+00:00", "TUN", datetime.date(2021, 1, 1)),
        ("2020-12-31T22:30:00+03:00", "KEN", datetime.date(2020, 12, 31)),
        ("2022-03-14T10:20:30Z", "", datetime.date(2022, 3, 14)),
        ("2022-03-14T22:20:30Z", "", None),
    ],
)
def test_the_day_of_a_time_of_utc_is_the_day_of_the_sender(text: str, reporter: str, day: datetime.date | None) -> None:
    assert date(text, how(country=reporter)).values[0] == day


@pytest.mark.parametrize("text", ["NA", "na", "NO", "NR"])
def test_a_code_that_may_be_a_sign_of_silence_is_asked_about(text: str) -> None:
    said = country(text, how(country="KEN", field="citizenship"))
    assert said.values == (None,) and said.rules == ("V16",) and said.line == f'missing: ["{text}"]'


def test_a_code_that_may_be_a_sign_of_silence_is_read_once_it_is_declared() -> None:
    assert country("NA", how(country="KEN", words={"na": "NAM"})).values == ("NAM",)
    assert country("KE", how(country="KEN")).values == ("KEN",)


def test_a_footer_is_counted_and_a_record_is_never_cut(warm: Warm, tmp_path: Path) -> None:
    declaration = DECLARATION.replace("{format: csv}", "{format: csv, footer_rows: 1}")
    footed = "\n".join([HEADINGS, *ROWS, ",,,,,,", "Source: nobody,,,,,,", ",,,,,,", ""])
    report = checked(warm, tmp_path / "footed", declaration, footed, "register.csv")
    assert (report["read"], report["kept"], report["skipped"]) == (8, 5, 3)  # two empty rows and the footer
    house = House(tmp_path / "gone", warm)
    path = house.declare(NAME, declaration)
    house.receive(NAME, "\n".join([HEADINGS, *ROWS, ""]), "register.csv")
    ended = warm.run("check", str(path), "--raw", str(house.folder / "raw"), "--data", str(house.data))
    assert ended.code == 1 and "reads like a record, with 6 of 6 mapped columns filled" in ended.err


def test_rows_that_stand_twice_to_the_letter_are_told(warm: Warm, tmp_path: Path) -> None:
    report = checked(warm, tmp_path, DECLARATION, "\n".join([HEADINGS, *ROWS, *ROWS, ""]), "register.csv")
    told = {(row["rule"], row["first row"], row["rows"]) for row in report["problems"]}
    assert report["kept"] == 10 and ("V13", 6, 6) in told, told  # five rows, and the file as a whole


def test_a_list_without_numbers_that_was_pasted_twice_is_told_and_equal_persons_are_not(warm: Warm, tmp_path: Path) -> None:
    declaration = DECLARATION.replace("  case_key: {column: Case}\n", "").replace("ignore: {", "ignore: {Case: not read, ")
    twice = checked(warm, tmp_path / "twice", declaration, "\n".join([HEADINGS, *ROWS, *ROWS, ""]), "register.csv")
    assert "was the list pasted twice?" in json.dumps(twice["problems"])
    alike = checked(warm, tmp_path / "alike", declaration, "\n".join([HEADINGS, *ROWS, ROWS[0], ""]), "register.csv")
    assert "V13" not in json.dumps(alike.get("problems", []))


def test_a_date_of_birth_among_ages_is_asked_about_and_never_shown(warm: Warm, tmp_path: Path) -> None:
    content = "\n".join([HEADINGS, *ROWS, "6,2021-07-08,F,1998-05-17,Kenya,Begging,none", ""])
    report = checked(warm, tmp_path, DECLARATION, content, "register.csv")
    assert (report["kept"], report["refused"]) == (5, 1)
    assert "a value that may identify a person stands here" in json.dumps(report) and "1998" not in json.dumps(report)


def test_a_length_of_time_is_read_in_the_unit_of_its_heading(warm: Warm, tmp_path: Path) -> None:
    declaration = CASES.replace("  sex: {column: Sex}", "  sex: {column: Sex}\n  sentence_months: {column: Sentence (years)}")
    house = House(tmp_path, warm)
    house.receive(NAME, "Case,Arrested,Judged,Sex,Sentence (years)\n1,2021-01-06,2021-02-03,M,30\n")
    path = house.declare(NAME, declaration)
    ended = warm.run("check", str(path), "--raw", str(house.folder / "raw"), "--data", str(house.data))
    assert ended.code == 1 and "the heading 'Sentence (years)' names another unit than months" in ended.err
    path = house.declare(NAME, declaration.replace("Sentence (years)}", "Sentence (years), unit: years}"))
    ended = warm.run("check", str(path), "--raw", str(house.folder / "raw"), "--data", str(house.data), "--json")
    assert ended.code == 0 and json.loads(ended.out.splitlines()[-1])["kept"] == 1
    assert months("30", how(months_each=12)).values == (360,) and months("30", how()).values == (30,)
