"""UNODC's return: every figure stands in its table as published, nothing is added up, and what has no place is counted."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dashboard.exports import stream, write
from dashboard.exports.options import Options
from dashboard.filters import FilterError, Filters
from tests.published import NAME, publish

ALL = Options(indicators=())
CHOSEN = Filters(countries=("ETH",), first=2020, last=2020)
PROSECUTED = {"indicator": "TIP_PROSEC", "count_unit": "PERSON"}
RETURN: tuple[dict[str, object], ...] = (
    {"observation_id": "a", "obs_value": 40},
    {"observation_id": "b", "sex": "F", "age": "Y0T17", "value_raw": "c", "value_lower": 1, "value_upper": 9, "obs_status": "Q",
     "conf_status": "A"},
    {"observation_id": "c", "sex": "M", "obs_value": 0},
    {"observation_id": "d", "exploitation": "LAB_DOM", "obs_value": 22},
    {"observation_id": "e", "exploitation": "SEX", "obs_status": "O"},
    {"observation_id": "f", "citizenship": "ERI", "obs_value": 11},
    {"observation_id": "g", "obs_value": 12, **PROSECUTED},
    {"observation_id": "h", "offence": "TIP", "obs_value": 12, **PROSECUTED},
    {"observation_id": "i", "scope": "DOM", "obs_value": 10},
    {"observation_id": "j", "age": "Y18T24", "obs_value": 13},
    {"observation_id": "k", "indicator": "SOM_MIG", "count_unit": "MIGRANT", "obs_value": 99},
    {"observation_id": "l", "sex": "M", "obs_value": 14, **PROSECUTED},
    {"observation_id": "m", "sex": "M", "obs_value": 15, **PROSECUTED},
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    folder = tmp_path_factory.mktemp("glotip")
    write(publish(folder, RETURN), NAME, "glotip", CHOSEN, ALL, folder / "a.xlsx")
    return openpyxl.load_workbook(folder / "a.xlsx")


def sheet(book: openpyxl.Workbook, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


def test_the_table_of_victims_has_categories_down_and_sex_and_age_across(book: openpyxl.Workbook) -> None:
    rows = sheet(book, "Victims")
    assert rows[0][0] == "ETH 2020: Ministry of Samples: Register of samples (invented sample)"
    assert rows[1][0] == "Detected trafficking victims, Total"
    across = list(zip(rows[1][2:], rows[2][2:], strict=True))
    assert across[0] == ("Female", "0 to 17 years")
    assert across[-1] == ("Total", "Total")
    total = dict(zip(across, rows[3][2:], strict=True))
    assert {cell: value for cell, value in total.items() if value is not None} == {
        ("Female", "0 to 17 years"): "c", ("Male", "Total"): 0, ("Total", "Total"): 40,
    }  # fmt: skip
    named = {(row[0], row[1]): row[21] for row in rows}
    assert named["Forced labour", "Forced labour: domestic work"] == 22
    assert named["Sexual exploitation", "Sexual exploitation (all forms)"] == "[O]"
    assert named["ERI", "Eritrea"] == 11


def test_two_figures_for_one_cell_are_both_shown(book: openpyxl.Workbook) -> None:
    rows = sheet(book, "Suspects")
    assert rows[1][0] == "Persons prosecuted, Total"
    total = dict(zip(zip(rows[1][2:], rows[2][2:], strict=True), rows[3][2:], strict=True))
    assert total["Total", "Total"] == 12
    assert total["Male", "Total"] == "14 | 15"


def test_the_data_sheet_has_the_columns_of_unodc(book: openpyxl.Workbook) -> None:
    rows = sheet(book, "Data")
    assert rows[0][:3] == ("Iso3_code", "Country", "Indicator")
    figures = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert len(figures) == 9
    held_back = next(row for row in figures if row["txtVALUE"] == "c")
    assert (held_back["Sex"], held_back["Age"], held_back["Lowest"], held_back["Highest"]) == ("Female", "0 to 17 years", 1, 9)
    assert [row["txtVALUE"] for row in figures if row["Dimension"] == "by citizenship"] == ["11"]


def test_what_the_return_does_not_ask_is_counted_in_the_notes(book: openpyxl.Workbook) -> None:
    notes = dict(sheet(book, "Notes"))
    assert notes["Figures in the return"] == "9"
    assert notes["Left out: not asked by the return"] == "1"
    assert notes["Left out: of one offence only"] == "1"
    assert notes["Left out: broken down in a way that the return does not ask"] == "2"
    assert str(notes["Edition"]).startswith(NAME)


TWO = Filters(countries=("ETH", "KEN"), first=2020, last=2020)


@pytest.mark.parametrize("filters", [Filters(), Filters(countries=("ETH",)), TWO])
def test_a_return_is_of_one_country_and_one_year(tmp_path: Path, filters: Filters) -> None:
    with pytest.raises(FilterError, match="one country and one year"):
        list(stream(publish(tmp_path), NAME, "glotip", filters, ALL))


def test_a_return_is_the_same_bytes_again(tmp_path: Path) -> None:
    path = publish(tmp_path, RETURN)
    one, two = (b"".join(stream(path, NAME, "glotip", CHOSEN, ALL)) for _ in range(2))
    assert one == two
