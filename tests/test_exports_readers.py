"""A workbook of ours says the same to every program that reads spreadsheets: each cell by its address, its type and its value."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from dashboard.bundle import BundleError, installed
from dashboard.exports import write
from dashboard.exports.archive import Archive
from dashboard.exports.options import ExportError, Options
from dashboard.filters import Filters
from tests.published import FIGURES, NAME, publish

PARTS = Path(__file__).with_name("spreadsheet_readers")
SIGNS = ("-", "=1+1", "<10", " a & b ", "'quoted", "007", "max_x")
SHOWN = ("observation_id", "invented", "time_period", "period_end", "sex", "obs_value", "obs_status", "value_raw", "value_upper")
# Each figure of tests/published.py with one of the signs as the source's writing, as text: the days as Excel counts them.
LONG = [
    SHOWN,
    ("ETH-2020-01-f1", "1", "2020", "44196", "F", "26", "V", "-", "28"),
    ("ETH-2020-01-f2", "1", "2020", "44196", "M", "0", "V", "=1+1", "0"),
    ("ETH-2020-01-f3", "1", "2020", "44196", "_T", "", "Q", "<10", "9"),
    ("ETH-2020-01-f4", "1", "2021", "44561", "F", "", "O", " a & b ", ""),
    ("ETH-2020-01-f5", "1", "2021", "44561", "_T", "", "M", "'quoted", ""),
    ("INT-2021-01-f6", "0", "2021", "44561", "_T", "12.5", "A", "007", ""),
    ("zz", "1", "2020", "44196", "F", "1", "V", "max_x", ""),
]
SHOWN_WIDE = ("time_period", "figure", "F", "F_status", "M", "M_status", "_T", "_T_status")
WIDE = [
    SHOWN_WIDE,
    ("2020", "1", "26", "V", "0", "V", "", "Q"),
    ("2020", "1", "1", "V", "", "", "", ""),
    ("2021", "1", "", "O", "", "", "", "M"),
]
FIRST_DAY = datetime.date(1899, 12, 30)
Table = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A long and a wide workbook of the same figures."""
    folder = tmp_path_factory.mktemp("books")
    one = {**FIGURES[0], "observation_id": "zz", "age": "_T", "obs_value": 1, "value_lower": None, "value_upper": None}
    figures = tuple({**figure, "value_raw": sign} for figure, sign in zip((*FIGURES, one), SIGNS, strict=True))
    path = publish(folder, figures)
    write(path, NAME, "xlsx", Filters(), Options(indicators=()), folder / "long.xlsx")
    write(path, NAME, "xlsx", Filters(), Options(wide="sex", indicators=("TIP_VIC_DET",)), folder / "wide.xlsx")
    return {"long": folder / "long.xlsx", "wide": folder / "wide.xlsx"}


@pytest.fixture(scope="module")
def node() -> Path:
    """The folder of the readers that Node runs, fetched once for each lock."""
    lock = hashlib.sha256((PARTS / "package-lock.json").read_bytes()).hexdigest()
    folder = Path(sys.prefix) / "spreadsheet_readers" / lock[:12]
    if not folder.is_dir():
        try:
            with installed(PARTS) as packages:
                folder.parent.mkdir(exist_ok=True)
                aside = Path(shutil.copytree(packages, folder.with_suffix(".part"), dirs_exist_ok=True))
                aside.replace(folder)
        except BundleError as fault:
            pytest.skip(f"SheetJS and ExcelJS are not tried: {fault}")
    return folder


def openpyxl_reads(path: Path) -> Table:
    return [tuple(map(text, row)) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def calamine_reads(path: Path) -> Table:
    return [tuple(map(text, row)) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def libreoffice_reads(path: Path) -> Table:
    # The last numbers: the first sheet, its values as they are stored.
    into = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,1"
    command = [f"-env:UserInstallation=file://{path.parent}/office", "--headless", "--convert-to", into]
    run("soffice", *command, "--outdir", str(path.parent / "office-made"), str(path))
    (made,) = (path.parent / "office-made").glob(f"{path.stem}*.csv")
    return read_text(made.read_text("utf-8"))


def xlsx2csv_reads(path: Path) -> Table:
    return read_text(run("xlsx2csv", "--ignoreempty", "--floatformat", "%.15g", str(path)))


def ssconvert_reads(path: Path) -> Table:
    made = path.with_suffix(".gnumeric.csv")
    run("ssconvert", "--export-type=Gnumeric_stf:stf_assistant", "-O", "format=raw sheet=Data", str(path), str(made))
    return read_text(made.read_text("utf-8"))


def readxl_reads(path: Path) -> Table:
    return read_text(run("Rscript", str(PARTS / "readxl.R"), str(path)).split("\f\n")[0])


@pytest.mark.parametrize(("program", "reads"), [
    (None, openpyxl_reads), (None, calamine_reads), ("soffice", libreoffice_reads), ("xlsx2csv", xlsx2csv_reads),
    ("ssconvert", ssconvert_reads), ("Rscript", readxl_reads),
])  # fmt: skip
def test_a_program_reads_the_cells_that_were_written(
    books: dict[str, Path], program: str | None, reads: Callable[[Path], Table]
) -> None:
    if program is not None and shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine")
    if program == "Rscript" and subprocess.run(["Rscript", "-e", "library(readxl)"], capture_output=True).returncode != 0:
        pytest.skip("no readxl on this machine")
    assert chosen(reads(books["long"]), SHOWN) == LONG
    assert chosen(reads(books["wide"]), SHOWN_WIDE) == WIDE


@pytest.mark.parametrize("script", ["sheetjs.js", "exceljs.js"])
def test_a_reader_in_javascript_reads_the_cells_that_were_written(books: dict[str, Path], node: Path, script: str) -> None:
    said = {form: json.loads(run("node", str(node / script), str(path))) for form, path in books.items()}
    assert [name for name, _ in said["long"]] == ["Data", "Codes", "Notes"]
    tables = {form: [tuple(map(text, row)) for row in sheets[0][1]] for form, sheets in said.items()}
    assert chosen(tables["long"], SHOWN) == LONG
    assert chosen(tables["wide"], SHOWN_WIDE) == WIDE


def test_cells_are_strings_and_numbers_of_their_type_without_a_guard(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["long"]).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    kinds = {name: {cell.data_type for cell in sheet[letter][1:] if cell.value is not None}
             for name in SHOWN for letter in [sheet.cell(1, heads.index(name) + 1).column_letter]}  # fmt: skip
    assert kinds == {"observation_id": {"s"}, "invented": {"b"}, "time_period": {"s"}, "period_end": {"d"}, "sex": {"s"},
                     "obs_value": {"n"}, "obs_status": {"s"}, "value_raw": {"s"}, "value_upper": {"n"}}  # fmt: skip
    assert not any(cell.quotePrefix for row in sheet.iter_rows() for cell in row)
    wide = openpyxl.load_workbook(books["wide"]).worksheets[0]
    told = [(cell.data_type, cell.number_format) for row in wide.iter_rows(min_row=2) for cell in row
            if str(wide.cell(1, cell.column).value).endswith("_status") and cell.value is not None]  # fmt: skip
    assert told == [("s", "@")] * 6


def test_no_field_of_zip64_stands_in_a_small_workbook(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["long"]) as book:
        assert book.testzip() is None
        entries = book.infolist()
    assert entries[0].filename == "[Content_Types].xml"
    assert {entry.extract_version for entry in entries} == {20} and {entry.extra for entry in entries} == {b""}
    # Sizes stand before every file but the one that is streamed.
    assert [entry.filename for entry in entries if entry.flag_bits] == ["xl/worksheets/sheet1.xml"]
    assert b"PK\x06\x06" not in books["long"].read_bytes()


def test_only_a_file_that_may_reach_4_gib_gets_the_fields_of_zip64(tmp_path: Path) -> None:
    archive = Archive()
    content = archive.add("a.txt", b"whole")
    with archive.open("b.txt", 0xFFFF_FFFF) as file:
        file.write(b"in ")
        file.write(b"pieces")
    (tmp_path / "a.zip").write_bytes(content + archive.close())
    with zipfile.ZipFile(tmp_path / "a.zip") as read:
        assert read.testzip() is None
        assert {entry.filename: (entry.extract_version, entry.file_size) for entry in read.infolist()} == {
            "a.txt": (20, 5), "b.txt": (45, 9),
        }  # fmt: skip
        assert read.read("b.txt") == b"in pieces"


def test_a_file_that_is_larger_than_announced_fails_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.exports.archive.TOO_LARGE", 8)
    with pytest.raises(ExportError, match=r"b\.txt is larger than was announced"), Archive().open("b.txt", 7) as file:
        file.write(b"nine signs")


def run(program: str, *words: str) -> str:
    """Run a program that must not fail, and give what it writes."""
    done = subprocess.run([program, *words], capture_output=True, encoding="utf-8", timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read_text(content: str) -> Table:
    return [tuple(map(text, row)) for row in csv.reader(io.StringIO(content))]


def chosen(table: Table, names: tuple[str, ...]) -> Table:
    """Give the columns of these names, with their headings; some programs end a row with its last value."""
    places = [table[0].index(name) for name in names]
    return [tuple(row[place] if place < len(row) else "" for place in places) for row in table if any(row)]


def text(value: object) -> str:
    """Write a value in one way: the days as Excel counts them, truths as 1 and 0, whole numbers without a point."""
    if isinstance(value, datetime.datetime | datetime.date):
        return str((value.date() if isinstance(value, datetime.datetime) else value).toordinal() - FIRST_DAY.toordinal())
    if isinstance(value, bool) or value in ("TRUE", "FALSE"):
        return str(int(value in (True, "TRUE")))
    if isinstance(value, float | int):
        return f"{value:g}" if value < 1000 else str(int(value))
    given = "" if value is None else str(value)
    day = given[:10].replace("/", "-")
    if len(day) == 10 and day[4] + day[7] == "--" and day[:4].isdigit() and day[8:].isdigit():
        return text(datetime.date.fromisoformat(day))
    return given


def rows_of(path: Path) -> Iterator[bytes]:
    """Give the rows of the sheet of figures as XML."""
    with zipfile.ZipFile(path) as book:
        yield from book.read("xl/worksheets/sheet1.xml").split(b"<row ")[1:]


def test_every_row_has_its_number_also_where_a_part_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many: tuple[dict[str, object], ...] = tuple(
        {"observation_id": f"figure-{number}", "ref_area": "KEN" if number % 3 else "ETH"} for number in range(70)
    )
    path = publish(tmp_path, many)
    # As if DuckDB kept one row in a group, so that every two figures are a part of their own.
    monkeypatch.setattr("dashboard.exports.rows.GROUP", 1)
    write(path, NAME, "xlsx", Filters(countries=("KEN",)), Options(indicators=()), tmp_path / "a.xlsx")
    found = list(rows_of(tmp_path / "a.xlsx"))
    assert [row.split(b'"')[1] for row in found] == [str(number).encode() for number in range(1, 48)]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [sheet["A2"].value, sheet["A3"].value, sheet["A4"].value, sheet["A47"].value] == [
        "figure-1", "figure-2", "figure-4", "figure-68",
    ]  # fmt: skip
