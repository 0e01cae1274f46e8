"""A data package is valid by Frictionless, names its sources and caveats, and holds every code that its figures use."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from frictionless import Package

from dashboard.exports import stream, write
from dashboard.exports.options import Options
from dashboard.exports.package import described
from dashboard.filters import FilterError, Filters
from schemas.tables import table
from tests.published import NAME, publish

ALL = Options(indicators=())


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("package")
    write(publish(folder), NAME, "package", Filters(), ALL, folder / "a.zip")
    return zipfile.ZipFile(folder / "a.zip")


def test_the_package_of_the_samples_is_valid(edition: Path, tmp_path: Path) -> None:
    name = (edition / "editions" / "current").read_text("utf-8").strip()
    write(edition / "editions" / name / "public.duckdb", name, "package", Filters(), ALL, tmp_path / "a.zip")
    report = Package(str(tmp_path / "a.zip")).validate()
    assert report.valid, [(task.name, [error.message for error in task.errors[:3]]) for task in report.tasks if task.errors]
    assert report.stats["tasks"] > 15


def test_a_code_that_no_list_holds_makes_the_package_invalid(package: zipfile.ZipFile, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "broken.zip", "w") as broken:
        for name in package.namelist():
            content = package.read(name).decode()
            broken.writestr(name, content.replace(",POLICE,", ",PIRATE,") if name == "data/observation.csv" else content)
    report = Package(str(tmp_path / "broken.zip")).validate()
    assert {error.type for task in report.tasks for error in task.errors} == {"foreign-key"}


def test_the_descriptor_says_types_limits_keys_licence_and_sources(package: zipfile.ZipFile) -> None:
    told = json.loads(package.read("datapackage.json"))
    assert told["version"] == NAME
    assert told["licenses"] == [{"name": "see-title", "title": "CC BY 4.0; terms of the sources: facts; cite the page"}]
    assert told["sources"] == [{"title": "Ministry of Samples: Register of samples"}, {"title": "State Department: Reports"}]
    assert told["citation"].startswith("Pembe (2026). ")
    figures = told["resources"][0]
    fields = {field["name"]: field for field in figures["schema"]["fields"]}
    assert (fields["obs_value"]["type"], fields["obs_value"]["constraints"]) == ("number", {"minimum": 0.0})
    assert fields["period_end"]["type"] == "date"
    assert fields["observation_id"]["constraints"]["unique"] is True
    keys = {key["fields"][0]: key["reference"] for key in figures["schema"]["foreignKeys"]}
    assert keys["sex"] == {"resource": "sex", "fields": ["code"]}
    assert keys["citizenship"] == {"resource": "country", "fields": ["code"]}
    assert keys["source"] == {"resource": "source", "fields": ["name"]}


def test_figures_stand_bare_and_code_lists_hold_all_languages(package: zipfile.ZipFile) -> None:
    figures = list(csv.DictReader(io.StringIO(package.read("data/observation.csv").decode())))
    assert [row["obs_value"] for row in figures] == ["26", "0", "", "", "", "12.5"]
    codes = {row["code"]: row for row in csv.DictReader(io.StringIO(package.read("data/sex.csv").decode()))}
    assert (codes["F"]["label_en"], codes["F"]["label_fr"], codes["F"]["label_ar"]) == ("Female", "Féminin", "أنثى")
    assert set(codes) == {"F", "M", "_O", "_U", "_T"}


def test_the_readme_tells_sources_caveats_and_how_to_cite(package: zipfile.ZipFile) -> None:
    told = package.read("README.md").decode()
    for text in (
        "**Edition**: 2026-01-31-abcdef01", "## Before two figures are compared", "different units and are never added",
        "### Ministry of Samples: Register of samples", "@dataset{pembe-2026-01-31-abcdef01,", "obs_status says why",
    ):  # fmt: skip
        assert text in told


def test_the_crosswalk_gives_the_strings_of_other_standards(package: zipfile.ZipFile) -> None:
    rows = list(csv.DictReader(io.StringIO(package.read("data/crosswalk.csv").decode())))
    codes = [row for row in rows if row["kind"] == "code"]
    told = {(row["ours"], row["code"], row["standard"]): (row["relation"], row["theirs"]) for row in codes}
    assert told["CL_EXPLOIT", "SEX", "sdg_16_2_2"] == ("exact", "VC_HTF_DETVSX")
    assert told["CL_SEX", "F", "htcds"] == ("exact", "Feminine")
    assert told["CL_SEX", "F", "ic_tip"] == ("related", "victim")
    assert {row["standard"] for row in rows if row["ours"] == "victim.citizenship"} >= {"CTDC citizenship"}


def test_the_same_choice_gives_the_same_archive(tmp_path: Path) -> None:
    path = publish(tmp_path)
    for form in ("package", "sdmx", "crosswalk"):
        one, two = (b"".join(stream(path, NAME, form, Filters(), ALL)) for _ in range(2))
        assert one == two


def test_a_package_is_long_and_coded(tmp_path: Path) -> None:
    with pytest.raises(FilterError, match="codes in the long form"):
        list(stream(publish(tmp_path), NAME, "package", Filters(), Options(labels="both", indicators=())))


def test_a_limit_of_a_whole_number_is_whole_as_the_profile_asks() -> None:
    limits = described(table("victim").field("age_years"), key=False)["constraints"]
    assert json.dumps(limits) == '{"minimum": 0, "maximum": 110}'
