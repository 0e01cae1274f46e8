"""Which series compare, and why not: expectations written by hand from what is known of sources and laws."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from etl.comparability import Reason, Series, reasons
from schemas.codelists import codelist
from schemas.comparability import Law, checks, laws
from schemas.indicators import indicators

POLICE_OF_UGANDA = {"count_unit": "CASE", "source_type": "POLICE"}
REPORT = {"source_type": "OTH"}


def series(country: str, flags: dict[str, set[int]] | None = None, first: int = 2022, last: int = 2023, **facts: str) -> Series:
    """Make a series of persons convicted of trafficking, counted by the courts in calendar years, unless told otherwise."""
    usual = {
        "indicator": "TIP_CONV", "count_unit": "PERSON", "period_type": "CY", "year_kind": "CY", "mixed": "no", "invented": "no",
        "source_type": "COURT", "calendar": "GREG", "months": "12", "parts_only": "no", "areas": "_T", "protection": "CELL_KEY",
        "origin": "COMPUTED",
    }  # fmt: skip
    found = {name: frozenset(value.split("|")) for name, value in (usual | facts).items()}
    found |= {name: found.get(name, frozenset()) for name in ("coverage", "coverage_noted")}
    domain = "SOM" if found["indicator"] & {"SOM_MIG", "SOM_STOCK"} else "TIP"
    return Series(country, domain, first, last, found, {flag: frozenset(years) for flag, years in (flags or {}).items()})


def found(one: Series, other: Series) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons(one, other, laws())}


def against(one: Series, other: Series, severity: str = "REFUSE") -> set[str]:
    return {code for code, reason in found(one, other).items() if reason.severity == severity}


def test_eleven_cases_of_the_police_are_never_set_against_130_persons_of_a_report() -> None:
    unit = found(series("UGA", **POLICE_OF_UGANDA), series("UGA", **REPORT))["UNIT"]
    assert unit.severity == "REFUSE"
    assert unit.details == (("CASE",), ("PERSON",))
    assert "AGENCY" in against(series("UGA", **POLICE_OF_UGANDA), series("UGA", **REPORT), "MARK")


def test_a_law_that_covers_women_and_cross_border_cases_only_refuses_every_other_state() -> None:
    libya, victims = series("LBY", indicator="TIP_VIC_DET"), {"indicator": "TIP_VIC_DET"}
    assert against(libya, series("UGA", **victims)) == {"LAW_DOMESTIC", "LAW_MEN", "LAW_LABOUR"}
    assert against(libya, series("KEN", **victims)) == {"LAW_DOMESTIC", "LAW_MEN", "LAW_LABOUR"}
    assert against(libya, libya) == set()
    assert found(libya, series("UGA", **victims))["LAW_DOMESTIC"].details == (("N",), ("Y",))


def test_what_an_organisation_counts_rests_on_no_national_law() -> None:
    assert against(series("LBY", source_type="IO"), series("UGA", source_type="NGO")) == set()


def test_what_an_organisation_publishes_of_a_state_is_counted_by_the_law_of_that_state() -> None:
    published = {"source_type": "IO", "origin": "PUBLISHED"}
    assert against(series("LBY", **published), series("UGA", **published)) == {"LAW_DOMESTIC", "LAW_MEN", "LAW_LABOUR"}


def test_an_ethiopian_fiscal_year_beside_a_calendar_year_is_marked() -> None:
    ethiopia = series("ETH", period_type="EFY", year_kind="EFY", calendar="ETH")
    told = found(ethiopia, series("KEN"))
    assert told["YEAR"].severity == told["CALENDAR"].severity == "MARK"
    assert told["YEAR"].details == (("EFY",), ("CY",))
    assert against(ethiopia, series("KEN")) == set()


def test_persons_present_on_a_day_are_never_set_against_persons_detected_in_a_year() -> None:
    stock = series("LBY", indicator="SOM_STOCK", count_unit="STOCK", period_type="PART", year_kind="", months="0")
    flow = series("LBY", indicator="SOM_MIG", count_unit="MIGRANT")
    assert {"STOCK", "UNIT", "MEANING", "LENGTH"} == against(stock, flow)


def test_seven_months_are_never_set_against_a_year() -> None:
    assert against(series("EGY", period_type="PART", months="7"), series("EGY", period_type="FY_JUL")) == {"LENGTH"}


def test_trafficking_and_smuggling_counted_together_are_never_set_against_trafficking() -> None:
    assert "MIXED" in against(series("SDN", mixed="yes"), series("KEN"))


def test_invented_and_real_figures_are_never_set_against_each_other() -> None:
    assert "INVENTED" in against(series("KEN", invented="yes"), series("KEN"))


def test_a_break_is_told_with_its_years() -> None:
    broken = found(series("ETH", {"B": {2020, 2021}}, 2019, 2022), series("KEN"))["BREAK"]
    assert (broken.severity, broken.years, broken.details) == ("MARK", (2020, 2021), (("B",), ()))


def test_a_law_replaced_within_the_years_of_a_series_is_told_with_its_year() -> None:
    assert found(series("ETH", None, 2018, 2022), series("ETH", None, 2018, 2022))["LAW_CHANGED"].years == (2020,)
    assert "LAW_CHANGED" not in found(series("ETH", None, 2021, 2022), series("ETH", None, 2021, 2022))


def test_a_definition_that_the_law_makes_wider_is_marked_between_states_and_not_within_one() -> None:
    assert {"DEFINITION", "WIDER"} <= against(series("DJI"), series("UGA"), "MARK")
    assert not {"DEFINITION", "WIDER"} & set(found(series("DJI"), series("DJI")))


def test_two_administrations_of_one_country_do_not_cover_the_same() -> None:
    west, east = series("LBY", coverage="Centres in the west"), series("LBY", coverage="Centres in the east")
    assert found(west, east)["COVERAGE"].severity == "MARK"
    assert "COVERAGE" not in found(series("KEN", coverage="Courts"), east)


def test_a_body_of_one_area_beside_a_national_one_is_marked_with_the_area() -> None:
    area = found(series("SOM", areas="SO-X-PL"), series("KEN"))["BODY_AREA"]
    assert (area.severity, area.details) == ("MARK", (("SO-X-PL",), ("_T",)))


def test_what_is_not_known_of_two_laws_is_said_and_stands_in_no_ones_way() -> None:
    told = reasons(series("KEN"), series("UGA"), laws())
    assert [(reason.code, reason.severity) for reason in told] == [("LAW_UNKNOWN", "NOTE")]
    known = Law({"covers_domestic": "Y", "covers_men": "Y", "covers_labour": "Y", "child_age": "18"}, frozenset(), ())
    assert reasons(series("KEN"), series("UGA"), {"KEN": known, "UGA": known}) == []


def test_two_ages_of_childhood_are_marked() -> None:
    covers = {"covers_domestic": "Y", "covers_men": "Y", "covers_labour": "Y"}
    known = {country: Law({**covers, "child_age": age}, frozenset(), ()) for country, age in (("KEN", "18"), ("UGA", "16"))}
    assert [reason.code for reason in reasons(series("KEN"), series("UGA"), known)] == ["LAW_CHILD"]


def test_every_reason_has_a_check_and_words_and_every_fact_is_one_that_a_series_has() -> None:
    listed = codelist("CL_COMPARABILITY")
    assert {check.reason for check in checks()} == {code for code in listed.codes if listed.parent(code)}
    assert {check.severity for check in checks()} == {"REFUSE", "MARK", "NOTE"}
    lists = {"CL_COUNT_UNIT", "CL_PERIOD", "CL_CALENDAR", "CL_SOURCE_TYPE", "CL_OBS_STATUS", "CL_YNU", "CL_PROTECTION"}
    assert {check.codelist for check in checks() if check.codelist.startswith("CL_")} == lists
    assert {"TIP_VIC_DET", "SOM_STOCK"} <= set(indicators())


@pytest.fixture(scope="module")
def public(edition: Path) -> duckdb.DuckDBPyConnection:
    [path] = edition.glob("editions/*/public.duckdb")
    return duckdb.connect(str(path), read_only=True)


def pairs(public: duckdb.DuckDBPyConnection, reason: str) -> set[tuple[object, ...]]:
    return set(
        public.execute(
            "SELECT a.source, a.count_unit, b.source, b.count_unit FROM comparability "
            "JOIN series AS a ON a.series = series_a JOIN series AS b ON b.series = series_b "
            "WHERE reason = ? AND a.indicator IN ('TIP_CONV', 'TIP_CONV_CASE', 'SOM_STOCK') AND a.ref_area IN ('UGA', 'LBY')",
            [reason],
        ).fetchall()
    )


def test_the_edition_refuses_the_pair_of_uganda_by_its_units(public: duckdb.DuckDBPyConnection) -> None:
    report = "usdos_tip_report_figures"
    assert (report, "PERSON", report, "CASE") in pairs(public, "UNIT")
    assert ("uga_odpp_cases", "PERSON", "uga_police_tip", "CASE") in pairs(public, "UNIT")


def test_every_row_names_two_series_and_a_severity(public: duckdb.DuckDBPyConnection) -> None:
    row = public.execute(
        "SELECT count(*), count(*) FILTER (severity NOT IN ('REFUSE', 'MARK', 'NOTE')), count(*) FILTER (series_a > series_b), "
        "count(*) FILTER (series_a NOT IN (SELECT series FROM series) OR series_b NOT IN (SELECT series FROM series)) "
        "FROM comparability"
    ).fetchone()
    assert row is not None
    assert row[0] > 1000
    assert row[1:] == (0, 0, 0)
