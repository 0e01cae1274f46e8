"""Exports: the same choice in every format, with notes, whole or not at all; zero, silence and suppression stay apart."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest
from pyarrow import parquet

from dashboard.exports import FORMATS, file_name, stream, write
from dashboard.exports.job import agree
from dashboard.exports.options import ExportError, Options
from dashboard.filters import LANGUAGES, FilterError, Filters
from pembe import ROOT
from tests.published import NAME, publish

ALL = Options(indicators=())
NOTES = 10


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small edition of hand-written figures: a number, a zero, one suppressed, one not reported, one that cannot be."""
    return publish(tmp_path_factory.mktemp("edition"))


def lines(path: Path, options: Options = ALL, filters: Filters | None = None) -> list[str]:
    content = b"".join(stream(path, NAME, "csv", filters or Filters(), options)).decode("utf-8")
    return content.splitlines()


def rows(path: Path, options: Options = ALL, filters: Filters | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(lines(path, options, filters)[NOTES:]))


def test_a_csv_file_says_first_what_it_holds(path: Path) -> None:
    said = lines(path)[:NOTES]
    assert said[0] == "# Title: Harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa"
    assert said[1] == "# Edition: 2026-01-31-abcdef01, 2026-01-31"
    assert said[2] == "# Choice: all indicators · all countries · all years"
    assert said[3] == "# Figures: 6 figures · of which invented samples: 5"
    assert said[4].startswith("# Protection: Counts from case records are changed a little by the cell-key method, and none ")
    assert said[5].startswith("# Suppressed figures: 1 of 6; ")
    assert said[6] == (
        "# Zero and silence: 0 is a zero that the source said (1); where obs_value is empty, obs_status says why: "
        "M = Missing value; data cannot exist (1); O = Missing value (1); Q = Missing value; suppressed (1)"
    )
    assert said[7] == "# Licence: CC BY 4.0; terms of the sources: facts; cite the page"
    assert said[8] == (
        "# How to cite: Pembe (2026). Harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa. "
        "Edition 2026-01-31-abcdef01, as of 2026-01-31. Data set."
    )
    assert said[9] == "# Sources: Ministry of Samples: Register of samples; State Department: Reports"


def test_number_zero_suppressed_unreported_and_impossible_stay_apart(path: Path) -> None:
    told = [(row["obs_value"], row["obs_status"], row["value_raw"], row["value_lower"], row["value_upper"]) for row in rows(path)]
    assert told == [
        ("26", "V", "", "24", "28"),
        ("0", "V", "0", "0", "0"),
        ("", "Q", "c", "1", "9"),
        ("", "O", "n/a", "", ""),
        ("", "M", "", "", ""),
        ("12.5", "A", "12.5", "", ""),
    ]


def test_filters_choose_by_country_year_dimension_and_indicator(path: Path) -> None:
    def numbers(filters: Filters, options: Options = ALL) -> list[str]:
        return [row["observation_id"].rpartition("-")[2] for row in rows(path, options, filters)]

    assert numbers(Filters(countries=("KEN",))) == ["f6"]
    assert numbers(Filters(first=2021)) == ["f4", "f5", "f6"]
    assert numbers(Filters(last=2020, sexes=("F",))) == ["f1"]
    assert numbers(Filters(), Options()) == ["f1", "f2", "f3", "f4", "f5"]
    assert numbers(Filters(), Options(indicators=("TIP_RATE",))) == ["f6"]


@pytest.mark.parametrize(
    ("filters", "options", "told"),
    [
        (Filters(countries=("QQQ",)), ALL, "knows no ref_area QQQ"),
        (Filters(), Options(indicators=("NO_SUCH",)), "knows no indicator 'NO_SUCH'"),
        (Filters(ages=("Y1T2",)), ALL, "knows no age Y1T2"),
        (Filters(), Options(wide="obs_value", indicators=()), "and not 'obs_value'"),
    ],
)
def test_what_an_edition_does_not_know_is_refused(path: Path, filters: Filters, options: Options, told: str) -> None:
    with pytest.raises(FilterError, match=told):
        lines(path, options, filters)


def test_labels_come_in_the_language_of_the_reader(path: Path) -> None:
    both = rows(path, Options(labels="both", indicators=()), Filters(language="fr"))[0]
    assert (both["sex"], both["sex_label"], both["ref_area_label"]) == ("F", "Féminin", "Éthiopie")
    labels = rows(path, Options(labels="labels", indicators=()), Filters(language="sw"))[0]
    assert (labels["Jinsia"], labels["Nchi"], labels["Umri"]) == ("Mwanamke", "Ethiopia", "18-24")
    assert "sex" not in labels


def test_a_spreadsheet_gets_a_mark_and_the_separators_of_its_language(path: Path) -> None:
    french = lines(path, Options(excel=True, indicators=()), Filters(language="fr"))
    assert french[0].startswith('\ufeff"# Titre: Harmonised')
    assert french[-1].split(";")[french[NOTES].split(";").index("obs_value")] == "12,5"
    english = lines(path, Options(excel=True, indicators=(), separator="tab"))
    assert english[-1].split("\t")[english[NOTES].split("\t").index("obs_value")] == "12.5"


def test_the_wide_form_holds_every_figure_once_with_its_status(path: Path) -> None:
    wide = rows(path, Options(wide="sex", indicators=("TIP_VIC_DET",)))
    shown = ("time_period", "F", "F_status", "M", "M_status", "_T", "_T_status")
    told = [tuple(row[name] for name in shown) for row in wide]
    assert told == [("2020", "26", "V", "0", "V", "", "Q"), ("2021", "", "O", "", "", "", "M")]
    assert {row["figure"] for row in wide} == {"1"}


def test_a_bare_file_begins_with_its_headings(path: Path) -> None:
    assert lines(path, Options(notes=False, indicators=()))[0].startswith("observation_id,submission_id,source,")


def test_json_lines_hold_values_as_they_are(path: Path) -> None:
    figures = [json.loads(line) for line in b"".join(stream(path, NAME, "jsonl", Filters(), ALL)).splitlines()]
    noted = Options(indicators=(), notes=True)
    about, *others = (json.loads(line) for line in b"".join(stream(path, NAME, "jsonl", Filters(), noted)).splitlines())
    assert others == figures
    assert about["about"]["edition"] == "2026-01-31-abcdef01, 2026-01-31"
    assert [(one["obs_value"], one["obs_status"]) for one in figures] == [
        (26, "V"), (0, "V"), (None, "Q"), (None, "O"), (None, "M"), (12.5, "A"),
    ]  # fmt: skip
    assert figures[0]["invented"] is True


def test_parquet_keeps_types_and_carries_the_notes(path: Path, tmp_path: Path) -> None:
    write(path, NAME, "parquet", Filters(), ALL, tmp_path / "a.parquet")
    with duckdb.connect() as connection:
        read = connection.execute(f"SELECT obs_value, period_end, sex FROM '{tmp_path}/a.parquet'").fetchall()
        notes = connection.execute(f"SELECT value FROM parquet_kv_metadata('{tmp_path}/a.parquet')").fetchall()
    assert [value for value, *_ in read] == [26, 0, None, None, None, 12.5]
    assert str(read[0][1]) == "2020-12-31"
    assert json.loads(notes[0][0])["citation"].startswith("Pembe (2026). ")


@pytest.mark.parametrize(("language", "right_to_left", "names"), [
    ("en", False, ["Data", "Codes", "Notes"]), ("ar", True, ["البيانات", "الرموز", "ملاحظات"]),
])  # fmt: skip
def test_a_workbook_has_data_codes_and_notes(
    path: Path, tmp_path: Path, language: str, right_to_left: bool, names: list[str]
) -> None:
    write(path, NAME, "xlsx", Filters(language=language), Options(labels="both", indicators=()), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == names
    assert [bool(sheet.sheet_view.rightToLeft) for sheet in book.worksheets] == [right_to_left] * 3
    data, codes, notes = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets)
    at = {name: place for place, name in enumerate(data[0])}
    assert [row[at["obs_value"]] for row in data[1:]] == [26, 0, None, None, None, 12.5]
    assert [row[at["obs_status"]] for row in data[1:]] == ["V", "V", "Q", "O", "M", "A"]
    assert data[1][at["sex_label"]] == {"en": "Female", "ar": "أنثى"}[language]
    assert str(data[1][at["period_end"]])[:10] == "2020-12-31"
    assert "Y18T24" in [row[1] for row in codes]
    assert "2026-01-31-abcdef01, 2026-01-31" in [row[1] for row in notes]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
@pytest.mark.parametrize("wide", [None, "sex"])
def test_the_same_choice_gives_the_same_bytes(path: Path, form: str, wide: str | None) -> None:
    one, two = (b"".join(stream(path, NAME, form, Filters(), Options(wide=wide, indicators=()))) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_an_empty_choice_is_an_empty_table_and_no_fault(path: Path, tmp_path: Path, form: str) -> None:
    write(path, NAME, form, Filters(first=2024), ALL, tmp_path / f"a.{form}")
    # No figures are no lines of JSON; every other form has its headings.
    assert ((tmp_path / f"a.{form}").stat().st_size > 0) == (form != "jsonl")


def test_a_count_that_does_not_agree_fails_the_export() -> None:
    agree(5, 5)
    with pytest.raises(ExportError, match="announced 5 figures and wrote 4"):
        agree(5, 4)


def test_a_file_that_cannot_be_written_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        write(path, NAME, "csv", Filters(), ALL, tmp_path / "none" / "a.csv")
    with pytest.raises(FilterError):
        write(path, NAME, "csv", Filters(countries=("QQQ",)), ALL, tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_by_edition_and_choice() -> None:
    filters = Filters(countries=("ETH",), first=2019, last=2021)
    assert file_name(NAME, "csv", filters, Options()) == "pembe_2026-01-31-abcdef01_TIP_VIC_DET_ETH_2019-2021.csv"
    assert file_name(NAME, "xlsx", Filters(), ALL) == "pembe_2026-01-31-abcdef01.xlsx"


def test_the_command_writes_what_the_edition_holds(edition: Path, tmp_path: Path) -> None:
    made = tmp_path / "eth.csv"
    chosen = ["csv", "--country", "ETH", "--output", str(made)]
    command = [sys.executable, "-m", "etl.cli", "export", *chosen, "--data", str(edition)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (run.returncode, run.stdout) == (0, f"{made}\n"), run.stderr
    (public,) = edition.glob("editions/*/public.duckdb")
    with duckdb.connect(str(public), read_only=True) as connection:
        held = connection.execute("SELECT count(*) FROM observation WHERE ref_area = 'ETH'").fetchone()
    read = list(csv.DictReader(io.StringIO("".join(made.read_text("utf-8").splitlines(keepends=True)[NOTES:]))))
    assert (len(read),) == held
    assert {row["ref_area"] for row in read} == {"ETH"}


def test_what_cannot_be_exported_is_told_in_one_sentence(edition: Path) -> None:
    command = [sys.executable, "-m", "etl.cli", "export", "pdf", "--data", str(edition)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 1
    assert run.stderr.startswith("there is no format 'pdf'; there are csv, ")
    assert run.stderr.count("\n") == 1


def test_exports_load_no_data_frames(edition: Path, tmp_path: Path) -> None:
    program = "\n".join([
        "import sys, dashboard.cli",
        "from dashboard.db import current_edition, current_file",
        "from dashboard.exports import stream",
        "from dashboard.exports.options import Options",
        "from dashboard.filters import Filters",
        "current_edition()",
        "for form in ('csv', 'jsonl', 'parquet', 'xlsx'):",
        "    b''.join(stream(*current_file(), form, Filters(), Options(indicators=())))",
        "print([name for name in ('pandas', 'numpy', 'pyarrow', 'pandera') if sys.modules.get(name)])",
    ])  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PEMBE_DATA": str(edition)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", env=environment)
    # The screens' own load may draw a bar before it where the machine is slow.
    assert run.stdout.splitlines()[-1].strip().endswith("[]"), run.stdout + run.stderr


def test_parts_of_parquet_are_joined_into_one_file_that_two_tools_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = publish(tmp_path, tuple({"observation_id": f"figure-{number}", "obs_value": number} for number in range(70)))
    write(many, NAME, "parquet", Filters(), ALL, tmp_path / "whole.parquet")
    # As if DuckDB kept one row in a group, so that every four figures are a part of their own.
    monkeypatch.setattr("dashboard.exports.rows.GROUP", 1)
    write(many, NAME, "parquet", Filters(), ALL, tmp_path / "parts.parquet")
    joined = parquet.ParquetFile(tmp_path / "parts.parquet")
    assert [joined.metadata.row_group(number).num_rows for number in range(18)] == [*[4] * 17, 2]
    assert joined.metadata.num_rows == 70
    assert joined.read().equals(parquet.read_table(tmp_path / "whole.parquet"))
    assert [joined.read_row_group(17)["obs_value"][place].as_py() for place in (0, 1)] == [68, 69]
    with duckdb.connect() as connection:
        read = connection.execute(f"SELECT count(*), sum(obs_value), max(observation_id) FROM '{tmp_path}/parts.parquet'")
        assert read.fetchone() == (70, 2415, "figure-9")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_speaks_every_language(path: Path, form: str, language: str) -> None:
    one = Filters(countries=("ETH",), first=2020, last=2020, language=language)
    for labels in ("codes", "labels", "both") if form in ("csv", "xlsx", "parquet", "jsonl", "geojson") else ("codes",):
        assert len(b"".join(stream(path, NAME, form, one, Options(labels=labels, indicators=())))) > 100
