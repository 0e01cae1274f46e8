"""Hostile texts stay texts: no formula in a spreadsheet, no broken row, no letter lost, whatever the values and labels hold."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.exports import stream, write
from dashboard.exports.options import Options
from dashboard.exports.selection import guarded_text
from dashboard.filters import Filters
from tests.published import FIGURES, NAME, publish

ALL = Options(indicators=())
SPREADSHEET = Options(indicators=(), excel=True)
HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", " =1+1", "＝1+1", '=HYPERLINK("http://127.0.0.1","x")', "=cmd|' /C calc'!A0",
    "a,b;c\td", 'say "no"', "two\nlines", "#not a note", "_x0041_", "<b>&amp;</b>", "عربي ‏", "'quoted", "\r=1",
)  # fmt: skip
FORMULAS = HOSTILE[:9]
# What no XML may hold cannot stand in a sheet; lone surrogates are no text.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def edition(folder: Path, texts: tuple[str, ...]) -> Path:
    """An edition whose figures have these texts as the source's writing and as remarks."""
    figures = tuple(
        {**FIGURES[0], "observation_id": f"ETH-2020-01-f{place}", "value_raw": text, "obs_comment": text}
        for place, text in enumerate(texts)
    )
    return publish(folder, figures)


def read_csv(path: Path, options: Options = ALL) -> list[dict[str, str]]:
    content = b"".join(stream(path, NAME, "csv", Filters(), options)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(content.split("\n", 10)[10], newline="")))


def test_a_text_stays_as_it_is_in_a_file_for_programs(tmp_path: Path) -> None:
    texts = (*HOSTILE, "-")
    path = edition(tmp_path, texts)
    assert [row["value_raw"] for row in read_csv(path)] == list(texts)
    (tmp_path / "a.zip").write_bytes(b"".join(stream(path, NAME, "package", Filters(), ALL)))
    with zipfile.ZipFile(tmp_path / "a.zip") as package:
        told = csv.DictReader(io.StringIO(package.read("data/observation.csv").decode(), newline=""))
        assert [row["value_raw"] for row in told] == list(texts)
    sdmx = csv.DictReader(io.StringIO(b"".join(stream(path, NAME, "sdmx-csv", Filters(), ALL)).decode(), newline=""))
    assert sorted(row["VALUE_RAW"] for row in sdmx) == sorted(texts)


def test_a_text_that_begins_like_a_formula_gets_an_apostrophe_where_a_spreadsheet_is_meant(tmp_path: Path) -> None:
    told = [row["value_raw"] for row in read_csv(edition(tmp_path, HOSTILE), SPREADSHEET)]
    assert told[:9] == [f"'{text}" for text in FORMULAS]
    assert told[9:-1] == list(HOSTILE[9:-1])
    assert told[-1] == "'\r=1"


def test_pandas_passes_over_the_notes_and_no_value_is_cut_at_a_hash(tmp_path: Path) -> None:
    content = b"".join(stream(edition(tmp_path, ("a # b", "#c", "d")), NAME, "csv", Filters(), ALL))
    read = pandas.read_csv(io.BytesIO(content), comment="#", keep_default_na=False, na_values=[""])
    assert list(read["value_raw"]) == ["a # b", "#c", "d"]
    assert list(read["obs_value"]) == [26, 26, 26]


def test_labels_and_headings_are_guarded_for_a_spreadsheet_too(tmp_path: Path) -> None:
    path = edition(tmp_path, ("a",))
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE code SET label = '=1+1' WHERE list = 'CL_SEX' AND code = 'F'")
    for excel, before in ((True, "'"), (False, "")):
        (row,) = read_csv(path, Options(labels="both", indicators=(), excel=excel))
        assert row["sex_label"] == f"{before}=1+1"
        (wide,) = read_csv(path, Options(labels="labels", wide="sex", indicators=(), excel=excel))
        assert wide[f"{before}=1+1"] == "26"
    assert guarded_text("@a") == "'@a"


def test_a_workbook_holds_texts_as_they_are_and_no_formula(tmp_path: Path) -> None:
    write(edition(tmp_path, HOSTILE), NAME, "xlsx", Filters(), ALL, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    place = [cell.value for cell in sheet[1]].index("value_raw")
    cells = [row[place] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    # openpyxl leaves the escape of what looks like one itself.
    told = [str(cell.value).replace("_x005F_", "_") for cell in cells]
    assert told == list(HOSTILE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_any_text_comes_back_from_every_format(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = edition(Path(folder), tuple(texts))
        assert [row["obs_comment"] for row in read_csv(path)] == texts
        assert [row["obs_comment"] for row in read_csv(path, SPREADSHEET)] == [guarded_text(text) for text in texts]
        lines = b"".join(stream(path, NAME, "jsonl", Filters(), ALL)).decode("utf-8").split("\n")[:-1]
        assert [json.loads(line)["obs_comment"] for line in lines] == texts
        write(path, NAME, "parquet", Filters(), ALL, Path(folder) / "a.parquet")
        with duckdb.connect() as connection:
            read = connection.execute(f"SELECT obs_comment FROM '{folder}/a.parquet'").fetchall()
        assert [text for (text,) in read] == texts
        write(path, NAME, "xlsx", Filters(), ALL, Path(folder) / "a.xlsx")
        assert openpyxl.load_workbook(Path(folder) / "a.xlsx").worksheets[0].max_row == len(texts) + 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_computes_nothing_in_an_export(tmp_path: Path, form: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: install it to see what a spreadsheet makes of an export")
    options = Options(excel=form == "csv", notes=form != "csv", indicators=())
    write(edition(tmp_path, FORMULAS), NAME, form, Filters(), options, tmp_path / f"a.{form}")
    shown = tmp_path / "shown"
    infilter = ["--infilter=CSV:44,34,76"] if form == "csv" else []
    into = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    given = str(tmp_path / f"a.{form}")
    command = [office, profile, "--headless", *infilter, "--convert-to", into, "--outdir", str(shown), given]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=180)
    (made,) = shown.glob("*.csv")
    with made.open(encoding="utf-8", newline="") as file:
        told = [row["value_raw"] for row in csv.DictReader(file)]
    assert len(told) == len(FORMULAS), run.stderr
    before = "'" if form == "csv" else ""
    assert [text.strip() for text in told] == [f"{before}{text}".strip() for text in FORMULAS]
