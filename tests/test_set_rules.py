"""The rules over sets of rows, each over real tables: rows that must be found, and rows beside them that must not."""

from __future__ import annotations

import datetime

import duckdb
import pytest
from valid_rows import ask, database, insert

from schemas.rule_checks import checks, set_checks

day = datetime.date


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return database()


def found(connection: duckdb.DuckDBPyConnection, identifier: str, name: str, **changes: object) -> list[object]:
    """Give (source_row, note) of everything that the set checks of one rule over one table find."""
    queries = [check.sql for check in set_checks(name) if check.rule == identifier]
    assert queries
    return [answer for query in queries for answer in ask(connection, query, **changes)]


def figures(connection: duckdb.DuckDBPyConnection, *values: dict[str, object]) -> None:
    for row, changes in enumerate(values, start=1):
        insert(connection, "observation", **({"source_row": row} | changes))


def test_every_set_rule_is_tried_in_this_file() -> None:
    asked = {check.rule for check in checks() if check.where == "set"}
    assert asked == {"V13", "V14", "V17", "V18", "V19", "V24", "V31", "V32", "V34", "V35"}


@pytest.mark.parametrize("name", ["victim", "suspect"])
def test_v13_finds_the_same_person_in_the_same_case(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for row, (case, person) in enumerate([("c1", "p1"), ("c1", "p2"), ("c1", "p1"), ("c2", "p1"), (None, None)], start=1):
        insert(connection, name, source_row=row, case_key=case, person_key=person)
    assert found(connection, "V13", name) == [(3, "the same case and person as row 1")]


def test_v13_finds_the_same_day_place_and_profile(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "victim", source_row=1, area_exploitation="KE-47")
    insert(connection, "victim", source_row=2, area_exploitation="KE-47")
    insert(connection, "victim", source_row=3, area_exploitation="KE-30")
    insert(connection, "victim", source_row=4, area_exploitation="KE-47", age_years=None)
    insert(connection, "victim", source_row=5, area_exploitation="KE-47", date_precision="M")
    insert(connection, "victim", source_row=6, area_exploitation="KE-47", submission_id="KEN-2022-01")
    assert found(connection, "V13", "victim") == [(2, "the same day, place and profile as row 1")]


def test_v13_finds_repeated_incidents_groups_and_figures(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "smuggling_incident", source_row=1, case_key="c1")
    insert(connection, "smuggling_incident", source_row=2, case_key="c1")
    insert(connection, "smuggling_incident", source_row=3, case_key=None)
    insert(connection, "smuggling_incident", source_row=4, case_key=None)
    assert found(connection, "V13", "smuggling_incident") == [(2, "the same number as row 1")]
    for row, persons in enumerate([12, 12, 1, 1], start=1):
        insert(connection, "smuggled_group", source_row=row, case_key="c1", n_persons=persons)
    assert found(connection, "V13", "smuggled_group") == [(2, "the same group as row 1")]
    figures(connection, {}, {"sex": "F"}, {"obs_value": 31})
    assert found(connection, "V13", "observation") == [(3, "the same figure is asked for in row 1")]


def test_v14_finds_the_incident_that_another_body_reports(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "submission")
    insert(connection, "submission", submission_id="KEN-2021-02", source="ken_coast_guard")
    insert(connection, "submission", submission_id="KEN-2021-03")
    insert(connection, "smuggling_incident", source_row=1)
    insert(connection, "smuggling_incident", source_row=2, area="KE-47")
    other = {"submission_id": "KEN-2021-02", "date_incident": day(2021, 6, 6), "n_migrants": 21}
    insert(connection, "smuggling_incident", source_row=1, **other)
    insert(connection, "smuggling_incident", source_row=2, **(other | {"n_migrants": 22}))
    insert(connection, "smuggling_incident", source_row=3, **(other | {"date_incident": day(2021, 6, 7)}))
    insert(connection, "smuggling_incident", source_row=1, **(other | {"submission_id": "KEN-2021-03"}))
    assert found(connection, "V14", "smuggling_incident") == [(1, "as KEN-2021-02-1: 2021-06-06, 21 migrants")]


@pytest.mark.parametrize(
    ("dimension", "parts", "note"),
    [
        ("sex", {"F": 10, "M": 21}, "sex: the parts make 31, the total says 30"),
        ("sex", {"F": 10, "M": 19}, "sex: the parts make 29, the total says 30"),
        ("age", {"Y0T17": 31}, "age: the parts make 31, the total says 30"),
        ("exploitation", {"SEX": 20, "LAB": 5, "BEG": 6}, "exploitation: the parts make 31, the total says 30"),
        (
            "exploitation",
            {"SEX": 20, "SEX_PROST": 15, "LAB_DOM": 11},
            "exploitation: the parts make 31, the total says 30",
        ),
    ],
)
def test_v17_finds_parts_that_differ_from_their_total(
    connection: duckdb.DuckDBPyConnection, dimension: str, parts: dict[str, int], note: str
) -> None:
    figures(connection, {}, *({dimension: code, "obs_value": value} for code, value in parts.items()))
    assert found(connection, "V17", "observation") == [(1, note)]


@pytest.mark.parametrize(
    ("dimension", "parts"),
    [
        ("sex", {"F": 10, "M": 20}),
        ("sex", {"F": 10}),
        ("sex", {"F": 10, "M": 15, "_U": 6}),
        ("sex", {"F": 31, "M": None}),
        ("age", {"Y0T17": 12, "Y_GE18": 18, "Y0T8": 5}),
        ("exploitation", {"SEX": 20, "SEX_PROST": 15, "LAB_DOM": 10}),
    ],
)
def test_v17_accepts_parts_that_add_up_or_cannot_be_added(
    connection: duckdb.DuckDBPyConnection, dimension: str, parts: dict[str, int | None]
) -> None:
    status = {True: "Q", False: "V"}
    rows = [{dimension: code, "obs_value": value, "obs_status": status[value is None]} for code, value in parts.items()]
    figures(connection, {}, *rows)
    assert found(connection, "V17", "observation") == []


def test_v17_lets_forms_exceed_the_total_where_a_person_may_have_several(connection: duckdb.DuckDBPyConnection) -> None:
    figures(connection, {}, {"exploitation": "SEX", "obs_value": 20}, {"exploitation": "LAB", "obs_value": 15})
    assert found(connection, "V17", "observation", multi_form=True) == []
    assert len(found(connection, "V17", "observation", multi_form=False)) == 1


def test_v17_never_adds_across_units_or_years(connection: duckdb.DuckDBPyConnection) -> None:
    figures(
        connection,
        {},
        {"sex": "F", "obs_value": 99, "count_unit": "CASE"},
        {"sex": "M", "obs_value": 99, "time_period": "2020"},
    )
    assert found(connection, "V17", "observation") == []


def test_v17_finds_groups_that_are_more_than_their_incident(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "smuggling_incident", source_row=1, case_key="c1")
    insert(connection, "smuggling_incident", source_row=2, case_key="c2")
    insert(connection, "smuggled_group", source_row=1, n_persons=12)
    insert(connection, "smuggled_group", source_row=2, n_persons=9, incident_id=None, case_key="c1")
    insert(connection, "smuggled_group", source_row=3, n_persons=20, incident_id=None, case_key="c2")
    assert found(connection, "V17", "smuggled_group") == [(1, "the groups of KEN-2021-01-1 make 21, the incident says 20")]


@pytest.mark.parametrize(
    ("dimension", "parts", "note"),
    [
        ("sex", {"F": 10, "M": 15, "_U": 6}, "sex: the parts make 31, the total says 30"),
        ("scope", {"DOM": 10, "XB": 10, "_U": 9}, "scope: the parts make 29, the total says 30"),
        ("citizenship", {"NAT": 20, "FOR": 5, "ETH": 5, "_U": 4}, "citizenship: the parts make 29, the total says 30"),
        ("exploitation", {"LAB": 10, "_U": 19}, "exploitation: the parts make 29, the total says 30"),
    ],
)
def test_v18_finds_parts_that_with_the_unknown_ones_differ_from_the_total(
    connection: duckdb.DuckDBPyConnection, dimension: str, parts: dict[str, int], note: str
) -> None:
    figures(connection, {}, *({dimension: code, "obs_value": value} for code, value in parts.items()))
    assert found(connection, "V18", "observation") == [(1, note)]


@pytest.mark.parametrize("parts", [{"F": 10, "M": 14, "_U": 6}, {"F": 10, "M": 14}, {"F": 10, "M": None, "_U": 6}])
def test_v18_accepts_complete_stated_and_hidden_parts(
    connection: duckdb.DuckDBPyConnection, parts: dict[str, int | None]
) -> None:
    status = {True: "Q", False: "V"}
    figures(connection, {}, *({"sex": s, "obs_value": v, "obs_status": status[v is None]} for s, v in parts.items()))
    assert found(connection, "V18", "observation") == []


def test_v19_finds_a_funnel_that_widens(connection: duckdb.DuckDBPyConnection) -> None:
    person = {"count_unit": "PERSON"}
    figures(
        connection,
        person | {"indicator": "TIP_INVEST", "obs_value": 40},
        person | {"indicator": "TIP_PROSEC", "obs_value": 10},
        person | {"indicator": "TIP_CONV", "obs_value": 11},
        person | {"indicator": "TIP_CONV", "obs_value": 99, "sex": "F"},
        {"indicator": "TIP_CONV", "obs_value": 99, "count_unit": "CASE"},
    )
    assert found(connection, "V19", "observation") == [(3, "TIP_CONV 11, TIP_PROSEC 10")]


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        ({"country_destination": "ETH"}, [(1, "ETH enters ETH")]),
        (
            {"country_destination": None, "reporting_country": "ETH", "country_departure": "YEM"},
            [(1, "ETH enters ETH")],
        ),
        ({"country_destination": "KEN"}, []),
        ({"country_destination": "_U", "country_departure": "_U", "reporting_country": "ETH"}, []),
        ({"country_destination": None, "reporting_country": "ETH", "country_departure": "ETH"}, []),
    ],
)
def test_v24_finds_citizens_who_enter_their_own_country(
    connection: duckdb.DuckDBPyConnection, incident: dict[str, object], expected: list[object]
) -> None:
    insert(connection, "smuggling_incident", source_row=1, **incident)
    insert(connection, "smuggled_group", source_row=1)
    assert found(connection, "V24", "smuggled_group") == expected


LAST_YEAR = {"time_period": "2020", "period_start": day(2020, 1, 1), "period_end": day(2020, 12, 31)}
SEVEN_MONTHS = {"time_period": "2020-01-01/2020-07-31", "period_start": day(2020, 1, 1), "period_end": day(2020, 7, 31)}


def test_v31_finds_a_part_of_a_year_beside_a_full_one(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "observation", source_row=2)
    insert(
        connection,
        "observation",
        submission_id="KEN-2020-01",
        **SEVEN_MONTHS,
        period_type="PART",
        observation_id="KEN-2020-01-1",
    )
    assert found(connection, "V31", "observation") == [(2, "2021 has 365 days, 2020-01-01/2020-07-31 has 213")]
    assert found(connection, "V32", "observation") == []


def test_v31_accepts_two_full_years_of_which_one_is_a_leap_year(connection: duckdb.DuckDBPyConnection) -> None:
    figures(connection, {}, LAST_YEAR)
    assert found(connection, "V31", "observation") == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (400, 1400, [(1, "2020: 400, 2021: 1400")]),
        (61, 20, [(1, "2020: 61, 2021: 20")]),
        (0, 20, [(1, "2020: 0, 2021: 20")]),
        (400, 1200, []),
        (5, 24, []),
        (60, 20, []),
    ],
)
def test_v32_finds_more_than_three_times_and_less_than_a_third(
    connection: duckdb.DuckDBPyConnection, before: int, now: int, expected: list[object]
) -> None:
    figures(connection, {"obs_value": now}, LAST_YEAR | {"obs_value": before})
    assert found(connection, "V32", "observation") == expected


def test_v32_never_compares_with_a_submission_that_was_replaced(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "submission", submission_id="KEN-2020-02", supersedes="KEN-2020-01")
    insert(connection, "observation", obs_value=400)
    insert(connection, "observation", submission_id="KEN-2020-01", observation_id="KEN-2020-01-1", **LAST_YEAR)
    assert found(connection, "V32", "observation") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "NIL"}, [(None, "status NIL with 3 rows")]),
        ({"status": "CHECKED", "rows_raw": 0}, [(None, "status CHECKED with 0 rows")]),
        ({"status": "NIL", "rows_raw": 0, "letter": "no case was recorded"}, []),
        ({"status": "NORESP", "rows_raw": 0}, []),
        ({"status": "VALIDATED", "rows_raw": 0, "letter": "no case was recorded"}, []),
        ({}, []),
    ],
)
def test_v34_finds_an_empty_submission_that_is_neither_zero_nor_silence(
    connection: duckdb.DuckDBPyConnection, changes: dict[str, object], expected: list[object]
) -> None:
    insert(connection, "submission", **changes)
    assert found(connection, "V34", "submission") == expected


def test_v34_finds_zero_and_silence_for_the_same_period(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "submission", status="NIL", rows_raw=0, letter="no case was recorded")
    insert(connection, "submission", submission_id="KEN-2021-02", status="NORESP", rows_raw=0)
    assert found(connection, "V34", "submission") == [(None, "status NIL, and NORESP in KEN-2021-02")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [(None, "the same bytes as KEN-2021-01")]),
        ({"sha256": "1" * 64}, [(None, "the same source and period as KEN-2021-01")]),
        ({"sha256": "1" * 64, "supersedes": "KEN-2021-01"}, []),
        ({"sha256": "1" * 64, "source": "ken_coast_guard"}, []),
        ({"sha256": None}, []),
        ({"reporting_country": "UGA", "source": "uga_police"}, []),
        ({"received_at": datetime.datetime(2022, 2, 9)}, []),
    ],
)
def test_v35_finds_a_file_that_came_before(
    connection: duckdb.DuckDBPyConnection, changes: dict[str, object], expected: list[object]
) -> None:
    insert(connection, "submission")
    insert(connection, "submission", submission_id="KEN-2021-02", **changes)
    assert found(connection, "V35", "submission", submission_id="KEN-2021-02") == expected
