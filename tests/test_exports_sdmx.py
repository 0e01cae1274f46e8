"""SDMX: structure and data are read back by two other tools; every figure has a key of its own; SDG series are named exactly."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
import sdmx
from pysdmx.io import get_datasets
from sdmx.reader.csv import Reader

from dashboard.exports import stream, write
from dashboard.exports.options import Options
from dashboard.filters import FilterError, Filters
from tests.published import FIGURES, NAME, REPORT, YEAR, publish

ALL = Options(indicators=())
FISCAL = {"time_period": "EFY2013", "period_start": "2020-07-08", "period_end": "2021-07-07", "period_type": "EFY"}


def data(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(stream(path, NAME, "sdmx-csv", Filters(), ALL)).decode())))


@pytest.fixture(scope="module")
def folder(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDMX files of the samples."""
    made = tmp_path_factory.mktemp("sdmx")
    name = (edition / "editions" / "current").read_text("utf-8").strip()
    write(edition / "editions" / name / "public.duckdb", name, "sdmx", Filters(), ALL, made / "a.zip")
    zipfile.ZipFile(made / "a.zip").extractall(made)
    return made


def test_a_second_tool_reads_structure_and_data_back(folder: Path) -> None:
    with (folder / "structure-2.1.xml").open("rb") as file:
        message = sdmx.read_sdmx(file, format="XML")
    (structure,) = message.structure.values()
    assert str(structure.maintainer.id) == "AU_HOAI"
    dimensions = [dimension.id for dimension in structure.dimensions]
    assert {"REF_AREA", "INDICATOR", "SEX", "AGE", "STAGE", "ROUTE", "TIME_PERIOD"} <= set(dimensions)
    assert message.codelist["CL_SEX"]["F"].name["en"] == "Female"
    assert "PEMBE_HELD" in message.constraint
    with (folder / "data.csv").open("rb") as file:
        read = Reader().convert(file, structure=structure)
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    (figures,) = read.data
    assert len(figures.obs) == len(written)
    one = figures.obs[0]
    assert one.dimension["REF_AREA"].value == written[0]["REF_AREA"]
    assert one.attached_attribute["OBS_STATUS"].value == written[0]["OBS_STATUS"]
    keys = [tuple(row[name] for name in dimensions) for row in written]
    assert len(set(keys)) == len(keys)


def test_the_tool_that_wrote_the_structure_reads_the_data_by_it(folder: Path) -> None:
    (figures,) = get_datasets(str(folder / "data.csv"), str(folder / "structure.xml"))
    assert len(figures.data) == len((folder / "data.csv").read_text("utf-8").splitlines()) - 1


def test_every_code_of_the_data_stands_in_the_structure(folder: Path) -> None:
    with (folder / "structure-2.1.xml").open("rb") as file:
        message = sdmx.read_sdmx(file, format="XML")
    (structure,) = message.structure.values()
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    listed = [part for part in (*structure.dimensions, *structure.attributes) if part.local_representation is not None]
    coded = {part.id: part.local_representation.enumerated for part in listed if part.local_representation.enumerated is not None}
    assert {"SEX", "REF_AREA", "OBS_STATUS", "SDG_SERIES"} <= set(coded)
    for name, codes in coded.items():
        assert {row[name] for row in written} - {""} <= set(codes.items), name


def test_periods_are_written_as_sdmx_writes_time(tmp_path: Path) -> None:
    figures = (
        {**FIGURES[0], "observation_id": "a"}, {**FIGURES[0], **FISCAL, "observation_id": "b"},
        {**FIGURES[0], "observation_id": "c", "time_period": "2020-H2", "freq": "H", "period_start": "2020-07-01"},
    )  # fmt: skip
    told = [(row["TIME_PERIOD"], row["FREQ"], row["PERIOD_NAME"]) for row in data(publish(tmp_path, figures))]
    assert told == [("2020", "A", "2020"), ("2020-07-08/P365D", "A", "EFY2013"), ("2020-S2", "S", "2020-H2")]


def test_contradicting_figures_of_one_cell_have_numbers(tmp_path: Path) -> None:
    figures = ({**FIGURES[0], "observation_id": "a"}, {**FIGURES[0], "observation_id": "b", "obs_value": 30})
    told = [(row["OBS_NUMBER"], row["OBS_VALUE"]) for row in data(publish(tmp_path, figures))]
    assert told == [("1", "26"), ("2", "30")]


def test_only_what_is_a_series_of_the_sdg_exactly_is_named_so(tmp_path: Path) -> None:
    rate = {"indicator": "TIP_RATE", "count_unit": "RATE100K"}
    figures = (
        {"observation_id": "a", "obs_value": 20},
        {"observation_id": "b", "exploitation": "SEX", "sex": "F", "obs_value": 11},
        {"observation_id": "c", "exploitation": "LAB", "obs_value": 12},
        {"observation_id": "d", "scope": "DOM", "obs_value": 13},
        {"observation_id": "e", "exploitation": "ORG", "obs_value": 0.1, **rate},
        {"observation_id": "f", "obs_value": 0.2, **rate},
        {"observation_id": "g", "indicator": "TIP_CONV", "obs_value": 14},
        {**YEAR, **REPORT, "observation_id": "h", "obs_value": 9},
    )  # fmt: skip
    told = {row["OBSERVATION_ID"]: row["SDG_SERIES"] for row in data(publish(tmp_path, figures))}
    assert told == {
        "a": "VC_HTF_DETV", "b": "VC_HTF_DETVSX", "c": "", "d": "", "e": "VC_HTF_DETVOGR", "f": "VC_HTF_DETVR", "g": "",
        "h": "VC_HTF_DETV",
    }  # fmt: skip


def test_every_row_names_its_edition_and_the_package_the_licence_and_citation(tmp_path: Path) -> None:
    row = data(publish(tmp_path))[2]
    told = tuple(row[name] for name in ("EDITION", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "VALUE_RAW"))
    assert told == (NAME, "", "Q", "A", "c")
    assert not {"CITATION", "LICENCE"} & set(row)
    write(tmp_path / "public.duckdb", NAME, "sdmx", Filters(), ALL, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as package:
        for name in ("README.md", "structure.xml", "structure-2.1.xml"):
            content = package.read(name).decode()
            assert "CC BY 4.0; terms of the sources" in content and "Pembe (2026). " in content
    with pytest.raises(FilterError, match="codes in the long form"):
        list(stream(publish(tmp_path / "again"), NAME, "sdmx-csv", Filters(), Options(wide="sex", indicators=())))
