"""Indicators over a few invented records: every expected figure is worked out by hand, and what must not be counted is not."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
import pytest
from indicator_rows import House, filled, reported

from etl.store import open_new
from schemas.indicators import KINDS, computations, indicators, population
from schemas.tables import table

GIRLS_OF_KENYA = 12032200


@pytest.fixture
def empty(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def house(empty: House) -> House:
    return filled(empty)


@pytest.fixture
def counted(house: House) -> House:
    house.count()
    return house


# What those records give for all of one source and year, worked out by hand.
WHOLE: list[tuple[str, str, float, str | None]] = [
    ("ken_register", "TIP_VIC_DET", 7, None),
    ("ken_register", "TIP_VIC_PRES", 1, None),
    ("ken_register", "TIP_VIC_INTERC", 1, None),
    ("ken_register", "TIP_RATE", 0.0132, "7 of 53218800 people"),
    ("ken_register", "TIP_SH_CHILD", 50.0, "3 of 6 victims of known age"),
    ("ken_register", "TIP_SH_GIRL", 33.3333, "2 of 6 victims of known sex and age"),
    ("ken_register", "TIP_SH_BOY", 16.6667, "1 of 6 victims of known sex and age"),
    ("ken_register", "TIP_SH_WOMAN", 33.3333, "2 of 6 victims of known sex and age"),
    ("ken_register", "TIP_SH_MAN", 16.6667, "1 of 6 victims of known sex and age"),
    ("ken_register", "TIP_PRES_IDENT", 700.0, "7 of 1 presumed victims"),
    ("ken_register", "TIP_ASSIST", 3, None),
    ("ken_register", "TIP_SH_AGE_UNK", 14.2857, "1 of 7 detected victims"),
    ("ken_register", "TIP_SH_SEXAGE_UNK", 14.2857, "1 of 7 detected victims"),
    ("ken_register", "TIP_SH_FORM_UNK", 14.2857, "1 of 7 detected victims"),
    ("ken_register", "TIP_SH_XB", 33.3333, "2 of 6 victims of known scope"),
    ("ken_register", "TIP_SH_SCOPE_UNK", 14.2857, "1 of 7 detected victims"),
    ("ken_register", "TIP_SH_NAT_UNK", 14.2857, "1 of 7 detected victims"),
    ("ken_register", "TIP_SH_SERVICE_UNK", 42.8571, "3 of 7 detected victims"),
    ("ken_register", "TIP_REFERRAL_UNK", 42.8571, "3 of 7 detected victims"),
    ("ken_register", "TIP_SH_CONTROL_UNK", 42.8571, "3 of 7 detected victims"),
    ("ken_register", "TIP_SH_RECRUITER_UNK", 57.1429, "4 of 7 detected victims"),
    ("ken_register", "TIP_SH_DOM", 66.6667, "4 of 6 victims of known scope"),
    ("ken_register", "TIP_SH_NAT", 66.6667, "4 of 6 victims of known citizenship"),
    ("ken_register", "TIP_ASSIST_COV", 75.0, "3 of 4 victims of whom services are recorded"),
    ("ken_register", "TIP_REFERRAL", 75.0, "3 of 4 victims of whom it is known"),
    ("ken_register", "TIP_SH_CONTROL_THR", 50.0, "2 of 4 victims of known means of control"),
    ("ken_register", "TIP_SH_CONTROL_DOCS", 50.0, "2 of 4 victims of known means of control"),
    ("ken_register", "TIP_SH_CONTROL_DEBT", 25.0, "1 of 4 victims of known means of control"),
    ("ken_register", "TIP_SH_RECRUITER_FAMILY", 66.6667, "2 of 3 victims of known recruiter"),
    ("ken_register", "TIP_SH_RECRUITER_BROKER", 66.6667, "2 of 3 victims of known recruiter"),
    ("ken_register", "TIP_SH_SERVICE_SHELTER", 25.0, "1 of 4 victims of whom services are recorded"),
    ("ken_register", "TIP_SH_SERVICE_NONE", 25.0, "1 of 4 victims of whom services are recorded"),
    ("ken_register", "TIP_SH_SERVICE_MEDICAL", 25.0, "1 of 4 victims of whom services are recorded"),
    ("ken_register", "TIP_SH_SERVICE_LEGAL", 25.0, "1 of 4 victims of whom services are recorded"),
    ("ken_court", "TIP_INVEST", 11, None),
    ("ken_court", "TIP_PROSEC", 8, None),
    ("ken_court", "TIP_CONV", 3, None),
    ("ken_court", "TIP_CONV_UNK", 1, None),
    ("ken_court", "TIP_PROS_RATIO", 72.7273, "8 of 11 persons in formal contact"),
    ("ken_court", "TIP_CONV_RATIO", 37.5, "3 of 8 persons prosecuted"),
    ("ken_court", "TIP_CONV_RATE", 40.0, "2 of 5 persons decided"),
    ("ken_court", "TIP_ATTRITION_INVESTIG", 85.7143, "12 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_FORMAL", 78.5714, "11 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_TO_DPP", 57.1429, "8 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_PROSEC", 57.1429, "8 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_TRIAL", 42.8571, "6 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_CONV1", 14.2857, "2 of 14 persons recorded"),
    ("ken_court", "TIP_ATTRITION_CONVF", 7.1429, "1 of 14 persons recorded"),
    ("ken_court", "TIP_SH_FCONV", 66.6667, "2 of 3 persons convicted of known sex"),
    ("ken_court", "TIP_SH_NATCONV", 100.0, "3 of 3 persons convicted of known citizenship"),
    ("ken_court", "TIP_SH_FCONV_UNK", 0.0, "0 of 3 persons convicted"),
    ("ken_court", "TIP_SH_NATCONV_UNK", 0.0, "0 of 3 persons convicted"),
    ("ken_court", "TIP_SH_PRISON", 100.0, "3 of 3 persons convicted of known sentence"),
    ("ken_court", "TIP_SH_FINE", 0.0, "0 of 3 persons convicted of known sentence"),
    ("ken_court", "TIP_SH_COMP", 0.0, "0 of 3 persons convicted of known sentence"),
    ("ken_court", "TIP_SH_SENT_UNK", 0.0, "0 of 3 persons convicted"),
    ("ken_court", "TIP_ATTRITION_UNK", 6.6667, "1 of 15 persons recorded"),
    ("ken_court", "TIP_RECL", 33.3333, "2 of 6 persons decided"),
    ("ken_court", "SOM_PROSEC", 3, None),
    ("ken_court", "SOM_CONV", 2, None),
    ("ken_court", "SOM_INVEST", 3, None),
    ("ken_court", "SOM_PROS_RATIO", 100.0, "3 of 3 persons in formal contact"),
    ("ken_court", "SOM_CONV_RATIO", 66.6667, "2 of 3 persons prosecuted"),
    ("dji_coast", "SOM_INC", 4, None),
    ("dji_coast", "SOM_MIG", 50, None),
    ("dji_coast", "SOM_ARREST", 5, None),
    ("dji_coast", "SOM_ARR100", 10.0, "5 of 50 migrants"),
    ("dji_coast", "SOM_DEATH", 15, None),
    ("dji_coast", "SOM_DEATH1000", 300.0, "15 of 50 migrants"),
    ("dji_coast", "SOM_UASC", 2, None),
    ("dji_coast", "SOM_SH_MODE_UNK", 0.0, "0 of 4 incidents"),
    ("dji_coast", "SOM_SH_ROUTE_UNK", 25.0, "1 of 4 incidents"),
    ("dji_coast", "SOM_SH_CROSS_UNK", 25.0, "1 of 4 incidents"),
    ("dji_coast", "SOM_SH_ABUSE_UNK", 25.0, "1 of 4 incidents"),
    ("dji_coast", "SOM_SH_UASC_UNK", 75.0, "3 of 4 incidents"),
    ("dji_coast", "SOM_FATAL_UNK", 75.0, "3 of 4 incidents"),
    ("dji_coast", "SOM_SH_FRAUD_UNK", 25.0, "1 of 4 incidents"),
    ("dji_coast", "SOM_TIPIND_UNK", 25.0, "1 of 4 incidents"),
    ("dji_coast", "SOM_FATAL", 50.0, "15 of 30 people in incidents with known survivors"),
    ("dji_coast", "SOM_SH_ROUTE_EAST", 66.6667, "2 of 3 incidents of known route"),
    ("dji_coast", "SOM_SH_ROUTE_AIR_GCC", 33.3333, "1 of 3 incidents of known route"),
    ("dji_coast", "SOM_SH_CROSS_SEA_UNOFF", 66.6667, "2 of 3 incidents of known crossing type"),
    ("dji_coast", "SOM_SH_CROSS_AIR_PORT", 33.3333, "1 of 3 incidents of known crossing type"),
    ("dji_coast", "SOM_SH_MODE_BOAT", 50.0, "2 of 4 incidents of known means of transport"),
    ("dji_coast", "SOM_SH_MODE_FOOT", 50.0, "2 of 4 incidents of known means of transport"),
    ("dji_coast", "SOM_SH_MODE_AIR", 25.0, "1 of 4 incidents of known means of transport"),
    ("dji_coast", "SOM_SH_ABUSE_DANGER", 33.3333, "1 of 3 incidents of known abuses"),
    ("dji_coast", "SOM_SH_ABUSE_ROBBERY", 66.6667, "2 of 3 incidents of known abuses"),
    ("dji_coast", "SOM_SH_ABUSE_NONE", 33.3333, "1 of 3 incidents of known abuses"),
    ("dji_coast", "SOM_SH_UASC", 50.0, "2 of 4 children"),
    ("dji_coast", "SOM_SH_FRAUD", 66.6667, "2 of 3 incidents of known entry"),
    ("dji_coast", "SOM_TIPIND", 33.3333, "1 of 3 incidents of which it is known"),
]


def test_every_indicator_for_all_is_what_a_hand_works_out(counted: House) -> None:
    years = {"ken_register": "2021", "ken_court": "2021", "dji_coast": "2022"}
    found = [(source, code, *(counted.total(source, code, years[source]) or (None, None))) for source, code, _, _ in WHOLE]
    assert found == WHOLE


def test_no_other_indicator_has_a_figure_for_all(counted: House) -> None:
    rows = counted.connection.execute(
        "SELECT DISTINCT source, indicator FROM observation "
        "WHERE source IN ('ken_register', 'ken_court', 'dji_coast') AND time_period <> '2020'"
    ).fetchall()
    assert set(rows) - {(source, code) for source, code, _, _ in WHOLE} == {
        ("ken_register", "TIP_FLOW"),
        ("ken_register", "TIP_SH_FORM"),
    }


def test_breakdowns_keep_the_unknown_of_counts_and_leave_it_out_of_shares(counted: House) -> None:
    found = counted.figures("ken_register", "TIP_VIC_DET", "2021")
    assert {key: value for key, value in found.items() if key.startswith("age") and " " not in key} == {
        "age=Y0T17": 3,
        "age=Y_GE18": 3,
        "age=_U": 1,
    }
    assert found["sex=F"] == 5 and found["sex=F age=Y0T17"] == 2 and found["citizenship=_U"] == 1
    assert counted.figures("ken_register", "TIP_SH_CHILD", "2021") == {"": 50.0, "sex=F": 50.0, "sex=M": 50.0}
    forms = {key: value for key, value in counted.figures("ken_register", "TIP_SH_FORM", "2021").items() if " " not in key}
    assert forms == {"exploitation=LAB": 50.0, "exploitation=SEX": 33.3333, "exploitation=OTH": 16.6667}
    flow = {"citizenship=KEN counterpart_area=KEN": 4, "citizenship=UGA counterpart_area=KEN": 2}
    assert counted.figures("ken_register", "TIP_FLOW", "2021") == flow


def test_a_journey_is_in_one_country_of_transit_in_several_or_in_none_that_is_known(empty: House) -> None:
    empty.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE")
    for through in (["KEN"], ["KEN"], ["SDN", "LBY"], ["_U"], []):
        empty.put("victim", submission_id="KEN-2021-01", ref_year=2021, countries_transit=through, source_type="POLICE")
    empty.count()
    found = empty.figures("ken_register", "TIP_VIC_DET", "2021")
    assert {key: value for key, value in found.items() if "transit" in key} == {
        "transit=KEN": 2, "transit=MIXED": 1, "transit=_U": 2,
        "citizenship=UGA transit=KEN": 2, "citizenship=UGA transit=MIXED": 1, "citizenship=UGA transit=_U": 2,
        "counterpart_area=KEN transit=KEN": 2, "counterpart_area=KEN transit=MIXED": 1, "counterpart_area=KEN transit=_U": 2,
    }  # fmt: skip


def test_only_declared_breakdowns_are_given(counted: House) -> None:
    assert set(counted.figures("ken_court", "TIP_CONV", "2021")) == {
        "", "sex=F", "sex=M", "age=Y_GE18", "citizenship=KEN", "offence=TIP", "offence=SOM",
        "sex=F age=Y_GE18", "sex=M age=Y_GE18",
    }  # fmt: skip
    assert counted.figures("ken_court", "TIP_PROS_RATIO", "2021") == {
        "": 72.7273, "sex=F": 100.0, "sex=M": 62.5, "citizenship=KEN": 75.0, "citizenship=UGA": 50.0, "citizenship=_U": 100.0,
    }  # fmt: skip


def test_a_rate_divides_by_the_population_of_the_same_sex_and_age(counted: House) -> None:
    assert population()["KEN", 2021, "F", "Y0T17"] == GIRLS_OF_KENYA
    assert counted.figures("ken_register", "TIP_RATE", "2021")["sex=F age=Y0T17"] == pytest.approx(
        100_000 * 2 / GIRLS_OF_KENYA, abs=5e-5
    )


def test_a_year_that_is_not_wholly_covered_is_provisional_and_gives_no_rate(counted: House) -> None:
    rows = counted.connection.execute(
        "SELECT time_period, obs_value, obs_status::VARCHAR FROM observation "
        "WHERE source = 'ken_register' AND indicator = 'TIP_VIC_DET' "
        "AND sex = '_T' AND age = '_T' AND citizenship = '_T' AND counterpart_area = '_T' AND exploitation = '_T' "
        "AND transit = '_T' AND scope = '_T' ORDER BY 1"
    ).fetchall()
    assert rows == [("2020", 1.0, "P"), ("2021", 7.0, "V")]
    assert counted.figures("ken_register", "TIP_RATE", "2020") == {}


def test_an_ethiopian_fiscal_year_is_a_period_of_its_own_without_a_rate(counted: House) -> None:
    rows = counted.connection.execute(
        "SELECT DISTINCT time_period, period_type::VARCHAR, period_start, period_end "
        "FROM observation WHERE source = 'eth_register'"
    ).fetchall()
    assert rows == [("EFY2015", "EFY", datetime.date(2022, 7, 8), datetime.date(2023, 7, 7))]
    assert counted.total("eth_register", "TIP_VIC_DET", "EFY2015") == (2, None)
    assert counted.figures("eth_register", "TIP_RATE", "EFY2015") == {}


def test_groups_give_only_what_incidents_of_the_same_body_do_not(counted: House) -> None:
    assert counted.figures("dji_coast", "SOM_MIG", "2022") == {
        "": 50, "counterpart_area=YEM": 50, "sex=F": 5, "sex=M": 14, "sex=_U": 1, "age=Y0T17": 4, "age=Y_GE18": 16, "age=_U": 0,
    }  # fmt: skip
    assert counted.figures("dji_groups", "SOM_MIG", "2022") == {
        "citizenship=ETH": 20, "citizenship=SOM": 5, "sex=F age=Y0T17": 8, "sex=M age=Y0T17": 5, "sex=M age=Y_GE18": 12,
    }  # fmt: skip
    assert counted.total("tun_groups", "SOM_MIG", "2022") == (7, None)


def test_a_conviction_rate_needs_convictions_and_other_outcomes_and_a_ratio_over_nothing_is_missing(house: House) -> None:
    house.connection.execute("DELETE FROM suspect WHERE stage_highest IN ('DISCONTINUED', 'CONV1', 'CONVF')")
    house.count()
    for code in ("TIP_CONV_RATE", "TIP_SH_FCONV", "TIP_SH_NATCONV", "TIP_CONV_RATIO"):
        assert house.figures("ken_court", code, "2021") == {}, code
    assert house.total("ken_court", "TIP_RECL", "2021") == (50.0, "1 of 2 persons decided")


def test_a_median_of_months_needs_ten_persons(empty: House) -> None:
    empty.receive("KEN-2021-02", "ken_court", "KEN", "2021-01-01", "2021-12-31", "COURT")
    empty.receive("KEN-2021-03", "ken_few", "KEN", "2021-01-01", "2021-12-31", "PROSEC")
    charged = datetime.date(2018, 1, 1)
    for number in range(1, 11):
        verdict = charged + datetime.timedelta(days=100 * number)
        empty.put("suspect", submission_id="KEN-2021-02", source_type="COURT", date_charged=charged, date_verdict1=verdict)
        if number < 10:
            empty.put("suspect", submission_id="KEN-2021-03", source_type="PROSEC", date_charged=charged, date_verdict1=verdict)
    empty.count()
    # the middle of 500 and 600 days, in months of 30.44 days
    assert empty.total("ken_court", "TIP_DUR_MED", "2021") == (18.0683, "median of 10 persons")
    assert empty.total("ken_few", "TIP_DUR_MED", "2021") is None


def test_a_median_fee_is_of_one_currency_per_person_and_needs_ten_prices(empty: House) -> None:
    empty.receive("DJI-2022-01", "dji_coast", "DJI", "2022-01-01", "2022-12-31", "COASTG")
    prices = [("USD", "PERSON", 11), ("KES", "PERSON", 9), ("ETB", "GROUP", 10), ("DJF", None, 12)]
    for currency, basis, count in prices:
        for number in range(1, count + 1):
            empty.put(
                "smuggling_incident", submission_id="DJI-2022-01", reporting_country="DJI", source_type="COASTG", ref_year=2022,
                fee_amount=10.0 * number, fee_currency=currency, fee_basis=basis,
            )  # fmt: skip
    empty.count()
    rows = empty.connection.execute(
        "SELECT DISTINCT indicator FROM observation WHERE starts_with(indicator, 'SOM_FEE_MED')"
    ).fetchall()
    assert rows == [("SOM_FEE_MED_USD",)]
    assert empty.total("dji_coast", "SOM_FEE_MED_USD", "2022") == (60.0, "median of 11 prices")


def test_ratios_of_reported_figures_stay_within_source_body_unit_and_period(empty: House) -> None:
    empty.receive("KEN-2021-05", "ken_return", "KEN", "2021-01-01", "2021-12-31", "POLICE_SPEC", grain="AGGREGATE")
    reported(empty, 1, "TIP_VIC_DET", 30, "VICTIM")
    reported(empty, 2, "TIP_CONV", 12, "PERSON")
    reported(empty, 3, "TIP_PROSEC", 8, "CASE")
    reported(empty, 4, "TIP_INVEST", 40, "PERSON", source_type="COURT")
    before = {"time_period": "2020", "period_start": datetime.date(2020, 1, 1), "period_end": datetime.date(2020, 12, 31)}
    reported(empty, 5, "TIP_VIC_DET", 5, "VICTIM", **before)
    reported(empty, 6, "TIP_CONV", 0, "PERSON", **before)
    empty.count()
    assert empty.total("ken_return", "TIP_VIC_PER_CONV", "2021") == (2.5, "30 of 12 persons convicted")
    assert empty.figures("ken_return", "TIP_VIC_PER_CONV", "2020") == {}
    assert empty.figures("ken_return", "TIP_CONV_RATIO", "2021") == {} == empty.figures("ken_return", "TIP_PROS_RATIO", "2021")


def test_a_ratio_that_a_country_reports_itself_is_not_computed_again(empty: House) -> None:
    empty.receive("KEN-2021-05", "ken_return", "KEN", "2021-01-01", "2021-12-31", "POLICE_SPEC", grain="AGGREGATE")
    reported(empty, 1, "TIP_PROSEC", 10, "PERSON")
    reported(empty, 2, "TIP_CONV", 5, "PERSON")
    reported(empty, 3, "TIP_CONV_RATIO", 48, "PCT")
    empty.count()
    assert empty.figures("ken_return", "TIP_CONV_RATIO", "2021") == {}


def test_a_reported_count_steps_back_where_records_give_the_same_cell(house: House) -> None:
    house.put("observation", submission_id="KEN-2021-01", source="ken_register", obs_value=9, offence="_T")
    house.count()
    rows = house.connection.execute(
        "SELECT origin::VARCHAR, conf_status::VARCHAR FROM observation WHERE obs_value = 9 AND indicator = 'TIP_VIC_DET'"
    )
    assert rows.fetchall() == [("REPORTED", "N")]


def test_the_list_declares_kinds_units_and_a_label_in_every_language() -> None:
    units = set(table("observation").field("count_unit").codes or ())
    for indicator in indicators().values():
        assert indicator.kind in KINDS and indicator.count_unit in units, indicator.code
        assert all(indicator.labels.values()), indicator.code
        assert indicator.formula and indicator.standard, indicator.code


def test_every_share_that_leaves_out_the_unknown_names_the_indicator_of_their_share() -> None:
    shares = [one for one in computations() if one.kind == "ratio" and one.table != "observation" and one.denominator != "TRUE"]
    missing = [one.code for one in shares if one.unknown not in indicators() and one.code != "SOM_SH_CROSS_UNK"]
    assert len(shares) > 100 and missing == []


def test_every_declared_expression_can_be_run(tmp_path: Path) -> None:
    connection: duckdb.DuckDBPyConnection = open_new(tmp_path / "records.duckdb", [], {})
    for found in computations():
        if found.table not in ("observation", "quality_measure"):
            parts = [
                part for part in (found.condition, found.measure, found.numerator, *found.denominator.split(";")) if part.strip()
            ]
            connection.execute(f"SELECT {', '.join(parts)} FROM {found.table}")
