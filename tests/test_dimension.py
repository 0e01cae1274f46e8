"""A dimension that is added to `fields.csv`, and to no other list, reaches cells, rules, explanations, exports and screens."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from pembe import ROOT
from schemas.dimensions import breakdowns, record_dimensions
from schemas.tables import table

# What is declared: whether the status of the victim under migration law is a dimension, under headings of its own.
ADDED = (
    'observation,migration,code,,CL_MIG_STATUS,_T,,,,,HTCDS guidance 7,R,N,,"Status under migration law; _T for all.",'
    "breakdown,,Status in the country,Statut dans le pays,الوضع في البلد,Hali nchini,በአገሪቱ ያለ ሁኔታ,fr ar sw am"
)
FIELD = "victim,migration_status,"
# All invented: no row describes a real person or case.
REGISTER = """\
title: Register of a station that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: victim
source_type: POLICE
count_unit: VICTIM
invented: true
languages: [eng]
file: {format: csv}
submissions: [{file: register.csv, period: 2021}]
columns:
  sex: {column: Sex}
  age: {column: Age}
  migration_status: {column: Papers, words: {IRREG: [none], LABOUR: [work permit]}}
constants: {victim_status: IDENTIFIED, age_reference: IDENTIFICATION, trafficking_scope: DOM, citizenship: UGA,
  country_exploitation: KEN, exploitation_main: BEG, exploitation_forms: BEG, consent_stat_use: _U}
"""
# 40 without papers, 30 with a work permit, 20 of whom it is not known.
PERSONS = ["none"] * 40 + ["work permit"] * 30 + [""] * 20
SUMMARY = """\
title: Summary of an office that does not exist
publisher: Nobody
country: UGA
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
invented: true
languages: [eng]
file: {format: csv}
submissions: [{file: summary.csv, period: 2021}]
columns:
  migration: {column: Papers, words: {IRREG: [none], LABOUR: [work permit]}}
  obs_value: {column: Victims}
constants: {indicator: TIP_VIC_DET, offence: TIP}
"""
# What the copied program says of the current edition, as a browser, an analyst and a program ask for it.
ASK = """
from dashboard.app import server
client = server.test_client()
for language in ("en", "sw"):
    page = client.get(f"/explore?country=UGA&indicator=TIP_VIC_DET&rows=migration&lang={language}")
    assert page.status_code == 200
    print(page.text)
print("=====")
reply = client.get("/api/v1/observations?country=UGA&indicator=TIP_VIC_DET", follow_redirects=True)
assert reply.status_code == 200
print(reply.text)
"""


class Copy:
    """A copy of the program whose `fields.csv` has one dimension more, with two sources of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in ("schemas", "etl", "dashboard"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / "schemas" / "fields.csv"
        lines = path.read_text("utf-8").splitlines()
        columns = lines[0].split(",")
        [before] = [line for line in lines if line.startswith(FIELD)]
        cells = next(csv.reader([before]))
        cells[columns.index("dimension")] = "migration"
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(cells)
        place = next(number for number, line in enumerate(lines) if line.startswith("observation,source_type,"))
        lines.insert(place, ADDED)
        path.write_text("\n".join(written.getvalue() if line == before else line for line in lines) + "\n", "utf-8")
        rows = [f"{'FM'[number % 2]},{20 + number % 9},{papers}" for number, papers in enumerate(PERSONS)]
        self.receive("ken_station", REGISTER, "register.csv", "\n".join(["Sex,Age,Papers", *rows, ""]))
        self.summarise(60)
        self.first = self.build()

    def receive(self, name: str, declaration: str, file: str, content: str) -> None:
        for path, text in ((Path("sources") / f"{name}.yml", declaration), (Path("raw") / name / file, content)):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, "utf-8")

    def summarise(self, irregular: int) -> None:
        content = f"Papers,Victims\nnone,{irregular}\nwork permit,25\n"
        self.receive("uga_office", SUMMARY, "summary.csv", content)

    def run(self, *words: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PEMBE_DATA": str(self.folder / "data")}
        command = [sys.executable, *words]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", env=environment, timeout=300)
        assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
        return run.stdout

    def pembe(self, *words: str) -> str:
        return self.run("-m", "etl.cli", *words, "--data", "data")

    def build(self) -> str:
        self.pembe("build", "--samples", "--sources", "sources", "--raw", "raw", "--day", "2026-01-31")
        return (self.folder / "data" / "editions" / "current").read_text("utf-8").strip()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("copy"))


def rows_of(copy: Copy, file: str, query: str) -> list[tuple[object, ...]]:
    path = copy.folder / "data" / "editions" / copy.first / file
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_records_are_counted_by_it_alone_and_together_with_another_dimension(copy: Copy) -> None:
    query = (
        "SELECT migration::VARCHAR, sex::VARCHAR FROM observation "
        "WHERE ref_area = 'KEN' AND indicator = 'TIP_VIC_DET' AND age = '_T' AND exploitation = '_T' AND scope = '_T' "
        "AND citizenship = '_T' AND counterpart_area = '_T' ORDER BY ALL"
    )
    found = {(code, sex) for code, sex in rows_of(copy, "public.duckdb", query)}
    assert {("_T", "_T"), ("IRREG", "_T"), ("LABOUR", "_T"), ("_U", "_T"), ("IRREG", "F"), ("IRREG", "M")} <= found
    exact = rows_of(
        copy,
        "records.duckdb",
        "SELECT migration::VARCHAR, obs_value FROM figure WHERE ref_area = 'KEN' AND indicator = 'TIP_VIC_DET' "
        "AND migration <> '_T' AND sex = '_T' AND age = '_T' AND exploitation = '_T' AND scope = '_T' "
        "AND citizenship = '_T' AND counterpart_area = '_T' ORDER BY ALL",
    )
    assert exact == [("IRREG", 40.0), ("LABOUR", 30.0), ("_U", 20.0)]


def test_a_count_that_nobody_broke_down_by_it_is_a_total(copy: Copy) -> None:
    query = "SELECT count(*) FROM observation WHERE indicator = 'TIP_SH_CHILD' AND migration = '_T'"
    [(number,)] = rows_of(copy, "records.duckdb", query)
    assert isinstance(number, int) and number > 0


def test_a_figure_is_explained_by_it(copy: Copy) -> None:
    told = copy.pembe("explain", "KEN", "TIP_VIC_DET", "2021", "--where", "migration=IRREG")
    assert "40" in told
    assert "migration_status" in told


def test_exports_hold_it_with_its_heading(copy: Copy) -> None:
    words = ("--country", "UGA", "--indicator", "TIP_VIC_DET")
    copy.pembe("export", "csv", *words, "--bare", "--output", "figures.csv")
    with (copy.folder / "figures.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert {row["migration"] for row in csv.DictReader(lines)} == {"IRREG", "LABOUR"}
    copy.pembe("export", "csv", *words, "--bare", "--labels", "labels", "--lang", "fr", "--output", "labels.csv")
    heading = (copy.folder / "labels.csv").read_text("utf-8-sig").splitlines()[0]
    assert "Statut dans le pays" in heading
    copy.pembe("export", "sdmx", *words, "--output", "figures.zip")
    with zipfile.ZipFile(copy.folder / "figures.zip") as archive:
        structure = archive.read("structure.xml").decode()
        assert 'id="MIGRATION"' in structure
        assert "CL_MIG_STATUS" in structure
        assert b",MIGRATION," in archive.read("data.csv").splitlines()[0]


def test_the_screen_of_free_choice_and_the_programming_interface_offer_it(copy: Copy) -> None:
    page, reply = copy.run("-c", ASK).split("=====")
    assert "Status in the country" in page
    assert "Hali nchini" in page
    assert "Irregular migrant" in page
    assert '"migration":"IRREG"' in reply.replace(": ", ":")


def test_a_changed_figure_is_told_by_it(copy: Copy) -> None:
    copy.summarise(75)
    newer = copy.build()
    told = copy.pembe("diff", copy.first, newer)
    assert "migration=IRREG" in told
    assert "migration=LABOUR" not in told


def test_every_dimension_has_a_label_in_every_language_and_records_give_only_declared_ones() -> None:
    fields = {field.name: field for field in table("observation").fields}
    assert [name for name in breakdowns() if set(fields[name].labels) != {"en", "fr", "ar", "sw", "am"}] == []
    assert record_dimensions("smuggled_group") == {"sex": "sex", "age": "age_group", "citizenship": "citizenship"}
