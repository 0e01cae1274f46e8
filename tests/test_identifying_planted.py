"""Fifty invented identifiers are planted in every place of a file; none may be found in any byte that a build leaves."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.editions import Edition
from etl.errors import SourceError
from etl.pipeline import build
from etl.source import parse_source

TODAY = datetime.date(2026, 1, 31)
# All invented. Latin, Arabic and Ethiopic letters; European, Arabic-Indic and Persian digits.
PLANTED = {
    "declared": ["Wanjiru Kamau Odhiambo", "فاطمة عبد الله", "አበበ ከበደ", "Aïcha Houssein Robleh", "+254 712 345 601"],
    "ignored": ["Juma bin Hamisi", "٠٩١٢٣٤٥٦٠٢", "someone.planted@example.org", "ሓጎስ ኪዳነ", "passport no. 7654302"],
    "code": ["OTIENO, James", "عائشة حسن علي", "ሃይሉ፡ማሞ", "0712345603", "planted.three@example.net"],
    "age": ["Akello Grace", "17 محمد أحمد عثمان", "+251911234604", "አልማዝ ተስፋዬ", "A1234604"],
    "date": ["Moussa Guelleh Djama", "29001011234505", "ትርሓስ ገብረመድህን", "۰۹۱۲۳۴۵۶۰۵", "CM90012305ABCD"],
    "text": ["tel. 0712345606", "Cabdi Xasan Warsame", "خالد بن يوسف", "መሐመድ አሕመድ", "planted.six@example.ke"],
    "key": ["0712345607", "Faadumo Cali Jaamac", "ياسين الطرابلسي", "ፋጡማ ዓሊ", "AK0123407"],
    "skipped": ["Rehema Mwanajuma", "+249 91 234 5608", "مُحَمَّد خالد", "ስልክ፡ 11 551 2308", "Idriss Waberi"],
    "ragged": ["Mehdi Trabelsi", "KCA 908A", "+211 921 234 609", "محمد أحمد إدريس", "አበበ ተስፋዬ"],
    "undeclared": ["Olfa Ben Youssef", "01001234610", "planted.ten@example.et", "مـحـمـود إدريس", "አልማዝ ከበደ ገብረ"],
}
DECLARATION = """
title: Register of a station that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: suspect
source_type: POLICE
count_unit: PERSON
invented: true
accept_refused: {share: 0.2, because: the file of this test holds rows that are to be refused}
languages: [eng]
date_order: dmy
file: {format: csv, header_rows: [1]}
submissions: [{file: register.csv, period: 2021, received: 2022-01-10}]
columns:
  case_key: {column: Case}
  date_formal: {column: Date}
  sex: {column: Sex}
  age: {column: Age}
  citizenship: {column: Nationality}
  offence: {column: Charge, words: {TIP: [Trafficking], SOM: [Smuggling]}}
  legal_basis: {column: Law}
constants:
  stage_highest: INVESTIG
skip_rows: {total: {column: Case, words: [TOTAL]}}
ignore: {Name: identifying, Remarks: free text about persons}
"""
HEADINGS = ["Case", "Date", "Sex", "Age", "Nationality", "Charge", "Law", "Name", "Remarks"]
PLAIN = ["c-{0}", "01/02/2021", "F", "17", "Kenya", "Trafficking", "Act of 2010", "", "none"]
PLACES = {"declared": 7, "ignored": 8, "code": 5, "age": 3, "date": 1, "text": 6, "key": 0, "ragged": 9}
ROWS = 60


def test_fifty_values_are_planted() -> None:
    assert sum(map(len, PLANTED.values())) == len({value for values in PLANTED.values() for value in values}) == 50


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for received files and editions; whatever asks for a temporary file gets it inside."""
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    return tmp_path


def rows_with_all_but_undeclared() -> list[list[str]]:
    rows = [[cell.format(number) for cell in PLAIN] for number in range(ROWS)]
    for place, column in PLACES.items():
        for value in PLANTED[place]:
            row = [cell.format(len(rows)) for cell in PLAIN] + [""] * (column == len(PLAIN))
            row[column] = value
            rows.append(row)
    rows += [["TOTAL", value, "", value, "", value, value, value, value] for value in PLANTED["skipped"]]
    return rows


def receive(house: Path, headings: list[str], rows: list[list[str]]) -> None:
    folder = house / "received" / "ken_nobody_register"
    folder.mkdir(parents=True)
    lines = [",".join(f'"{cell}"' for cell in row) for row in [headings, *rows]]
    (folder / "register.csv").write_text("\n".join(lines) + "\n", "utf-8")


def built(house: Path, declaration: str, met: list[str]) -> Edition:
    """Build, and look at everything written at each step of the build."""
    source = parse_source(declaration, "ken_nobody_register")
    data = house / "data"
    return build(data, [source], [house / "received"], TODAY, progress=lambda _: met.extend(leaks(house)))


def leaks(house: Path) -> list[str]:
    """Name every file written aside from the received one that holds a planted value, and the value."""
    folders = [folder for folder in (house / "data", house / "aside") if folder.is_dir()]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [f"{path.name}: {value}" for path in files for value in planted_in(path.read_bytes())]


def planted_in(content: bytes) -> Iterator[str]:
    """Give the planted values that some bytes hold, in UTF-8, in UTF-16 or as bare digits."""
    for value in (value for values in PLANTED.values() for value in values):
        forms = [value.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
        digits = re.sub(r"\D", "", value)
        if len(digits) >= 7:
            forms += [digits.encode(), "".join(str(int(digit)) for digit in digits).encode()]
        if any(form in content for form in forms):
            yield value


def told_by(edition: Edition) -> bytes:
    """Give every text of both files as one text: DuckDB packs texts, so that their bytes alone prove little."""
    told: list[str] = []
    for path in (edition.records, edition.public):
        with duckdb.connect(str(path), read_only=True) as connection:
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                told += [str(row) for row in connection.execute(f'SELECT * FROM "{name}"').fetchall()]
    return "\n".join(told).encode()


def test_no_planted_value_is_left_in_an_edition_or_beside_it(
    house: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    receive(house, HEADINGS, rows_with_all_but_undeclared())
    during: list[str] = []
    edition = built(house, DECLARATION, during)
    assert during == []
    assert leaks(house) == []
    assert list(planted_in(told_by(edition))) == []
    out, err = capfd.readouterr()
    assert list(planted_in("\n".join([out, err, caplog.text]).encode())) == []
    with duckdb.connect(str(edition.records), read_only=True) as records:
        account = records.execute("SELECT rows_raw, rows_ok, rows_rejected, rows_skipped FROM submission").fetchall()
        hidden = records.execute("SELECT count(*) FROM problem WHERE raw_value LIKE '[identifying: %]'").fetchall()
    # 60 plain rows, and five a place: those in unread codes, ages and dates and the ragged ones are refused.
    assert account == [(105, 80, 20, 5)]
    assert hidden == [(20,)]


REFUSED = {
    "a column that nobody declared": ([*HEADINGS, "Contact"], "columns changed; gone: [], new: ['Contact']"),
    "a row of data where the headings should be": (PLANTED["undeclared"] + HEADINGS[5:], "columns changed; gone: "),
}


@pytest.mark.parametrize("headings", REFUSED)
def test_a_refusal_does_not_repeat_a_planted_value(headings: str, house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    names, told = REFUSED[headings]
    rows = [[*PLAIN, *[""] * (len(names) - len(PLAIN))] for _ in range(ROWS)]
    for row, value in zip(rows, PLANTED["undeclared"], strict=False):
        row[-1] = value
    receive(house, names, rows)
    refused(house, DECLARATION, told, capfd)


def test_a_mapped_column_full_of_names_is_refused_with_what_to_do(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [[cell.format(number) for cell in PLAIN] for number in range(ROWS)]
    names = [value for values in PLANTED.values() for value in values]
    for row, value in zip(rows, names, strict=False):
        row[5] = value
    receive(house, HEADINGS, rows)
    refused(house, DECLARATION, "the column 'Charge' looks like it holds direct identifiers", capfd)


def test_a_heading_of_names_cannot_be_mapped_to_a_field(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    receive(house, HEADINGS, rows_with_all_but_undeclared())
    mapped = DECLARATION.replace("legal_basis: {column: Law}", "legal_basis: {column: Name}")
    mapped = mapped.replace("{Name: identifying, ", "{Law: not needed, ")
    refused(house, mapped, "columns.legal_basis: the column 'Name' is one of direct identifiers (name)", capfd)


def refused(house: Path, declaration: str, told: str, capfd: pytest.CaptureFixture[str]) -> None:
    during: list[str] = []
    with pytest.raises(SourceError) as fault:
        built(house, declaration, during)
    message = str(fault.value)
    assert told in message
    out, err = capfd.readouterr()
    assert list(planted_in("\n".join([message, out, err]).encode())) == []
    assert during == leaks(house) == []
