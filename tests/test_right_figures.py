"""Figures of the samples that were once wrong, counted by hand from the received files."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.declared import declaration_faults
from etl.editions import current
from etl.source import load_source, source_paths
from schemas.indicators import indicators

# Persons convicted of trafficking in persons over all years of the registers of suspects.
CONVICTED = {"DJI": 4, "ETH": 15, "KEN": 39, "SDN": 11, "SOM": 2, "UGA": 24}
# Persons charged with trafficking whose conviction names no offence.
UNKNOWN = {"KEN": 1}
# Persons convicted of smuggling, with those who had been charged with trafficking.
SMUGGLERS = {"DJI": 44, "ETH": 11, "KEN": 6, "SDN": 22, "SOM": 1}
TOTAL = " AND ".join(f"{name} = '_T'" for name in ("sex", "age", "citizenship", "offence", "stage", "ref_subarea"))


@pytest.fixture(scope="module")
def records(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(current(edition).records), read_only=True)
    yield connection
    connection.close()


def over_all_years(records: duckdb.DuckDBPyConnection, indicator: str) -> dict[str, int]:
    rows = records.execute(
        "SELECT ref_area::VARCHAR, sum(obs_value)::INTEGER FROM observation "
        f"WHERE origin = 'COMPUTED' AND indicator = ? AND {TOTAL} GROUP BY 1 HAVING sum(obs_value) > 0",
        [indicator],
    ).fetchall()
    return dict(rows)


def test_a_conviction_counts_for_the_crime_of_conviction(records: duckdb.DuckDBPyConnection) -> None:
    assert over_all_years(records, "TIP_CONV") == CONVICTED
    assert over_all_years(records, "TIP_CONV_UNK") == UNKNOWN
    assert over_all_years(records, "SOM_CONV") == SMUGGLERS


def test_whoever_is_convicted_of_another_crime_is_counted_once(records: duckdb.DuckDBPyConnection) -> None:
    """Of those charged with trafficking, six are convicted of another known crime and one is reclassified before judgment."""
    decided = records.execute(
        "SELECT ref_area::VARCHAR, sum(split_part(obs_comment, ' ', 1)::INTEGER) FROM observation "
        f"WHERE origin = 'COMPUTED' AND indicator = 'TIP_RECL' AND {TOTAL} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert decided == [("DJI", 2), ("ETH", 1), ("KEN", 2), ("SDN", 1), ("SOM", 1), ("UGA", 1)]


def test_a_case_closed_before_charge_is_no_prosecution_and_one_withdrawn_after_charge_is(
    records: duckdb.DuckDBPyConnection,
) -> None:
    ended = records.execute(
        "SELECT reporting_country::VARCHAR, stage_highest::VARCHAR, count(*) FROM suspect "
        "WHERE stage_highest IN ('NFA', 'DISCONTINUED') AND offence IN ('TIP', 'TIP_CHILD') GROUP BY ALL ORDER BY 1"
    ).fetchall()
    assert ended == [
        ("DJI", "NFA", 4), ("ETH", "DISCONTINUED", 4), ("KEN", "DISCONTINUED", 24), ("SDN", "NFA", 4), ("SOM", "NFA", 11),
        ("UGA", "DISCONTINUED", 19),
    ]  # fmt: skip
    prosecuted = over_all_years(records, "TIP_PROSEC")
    charged = records.execute(
        "SELECT reporting_country::VARCHAR, count(*) FROM suspect WHERE offence IN ('TIP', 'TIP_CHILD') AND stage_highest IN "
        "('PROSEC', 'TRIAL', 'CONV1', 'APPEAL', 'CONVF', 'ACQ') GROUP BY 1"
    ).fetchall()
    withdrawn = {"ETH": 4, "KEN": 24, "UGA": 19}
    assert prosecuted == {country: number + withdrawn.get(country, 0) for country, number in charged}


def test_no_figure_stands_in_a_unit_that_its_indicator_does_not_declare(records: duckdb.DuckDBPyConnection) -> None:
    pairs = records.execute("SELECT DISTINCT indicator, count_unit::VARCHAR FROM observation").fetchall()
    assert [pair for pair in pairs if pair[1] not in indicators()[pair[0]].units] == []
    assert {unit for code, unit in pairs if code == "TIP_INVEST"} == {"PERSON"}
    assert {unit for code, unit in pairs if code == "TIP_NOTIF"} == {"NOTIF"}


def test_notifications_cases_and_persons_of_tunisia_are_three_indicators(records: duckdb.DuckDBPyConnection) -> None:
    found = records.execute(
        "SELECT DISTINCT indicator, count_unit::VARCHAR FROM observation WHERE source = 'tun_inltp_annual' "
        "AND origin = 'REPORTED' AND count_unit <> 'VICTIM' ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("TIP_CASE", "CASE"), ("TIP_CONV", "PERSON"), ("TIP_INVEST", "PERSON"), ("TIP_NOTIF", "NOTIF"),
        ("TIP_NOTIF_INVEST", "NOTIF"), ("TIP_OFFENCE", "OFFENCE"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        (
            "uga_police_tip",
            {"measures": {"Court (cases) / Taken to court": {"indicator": "TIP_PROSEC", "count_unit": "CASE"}}},
            "TIP_PROSEC is counted in PERSON, not in CASE; choose the indicator of that unit",
        ),
        (
            "lby_dcim_stock",
            {"constants": {"indicator": "SOM_MIG", "offence": "_Z"}},
            "SOM_MIG is counted in MIGRANT, not in STOCK; choose the indicator of that unit",
        ),
    ],
)
def test_a_declaration_that_counts_an_indicator_in_another_unit_is_refused(
    name: str, change: dict[str, object], sentence: str
) -> None:
    source = load_source(source_paths()[name]).model_copy(update=change)
    [fault] = [fault for fault in declaration_faults(source, datetime.date(2026, 11, 30)) if "is counted in" in fault]
    assert fault.endswith(sentence)


def test_a_word_for_persons_with_the_unit_of_cases_is_refused() -> None:
    source = load_source(source_paths()["eth_regional_summary"])
    columns = source.columns | {
        "indicator": source.columns["indicator"].model_copy(update={"words": {"TIP_INVEST": ["Investigations opened"]}})
    }
    faults = declaration_faults(source.model_copy(update={"columns": columns}), datetime.date(2026, 11, 30))
    assert [fault.split(": ", 1)[1] for fault in faults] == [
        "columns.indicator.words.TIP_INVEST: TIP_INVEST is counted in PERSON, not in CASE; choose the indicator of that unit"
    ]


def test_a_report_to_the_police_makes_a_presumed_victim_only(records: duckdb.DuckDBPyConnection) -> None:
    """SDG 16.2.2 asks for victims whom a competent authority identified by act, means and purpose."""
    statuses = records.execute(
        "SELECT DISTINCT victim_status::VARCHAR FROM victim JOIN submission USING (submission_id) "
        "WHERE submission.source = 'sdn_moi_reports'"
    ).fetchall()
    assert statuses == [("PRESUMED",)]
    detected = records.execute(
        "SELECT count(*) FROM observation WHERE source = 'sdn_moi_reports' AND indicator IN ('TIP_VIC_DET', 'TIP_RATE')"
    ).fetchall()
    assert detected == [(0,)]
