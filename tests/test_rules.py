"""The rules V01..V41: all are declared, speak three languages, and those of one row fail where they must."""

from __future__ import annotations

import datetime

import pytest
from valid_rows import VALID, ask, database, insert

from schemas.rule_checks import checks, row_checks
from schemas.rules import ERROR_BITS, LANGUAGES, bit, broken_rules, rule, rules
from schemas.tables import tables

EVERY = [f"V{number:02}" for number in range(1, 42)]
day = datetime.date
# For each rule and table: a change of the valid row that breaks the rule.
BROKEN = [
    ("V01", "submission", {"status": "NIL", "letter": None}),
    ("V01", "submission", {"status": "VALIDATED"}),
    ("V01", "victim", {"exploitation_forms": []}),
    ("V01", "victim", {"date_precision": None}),
    ("V01", "smuggling_incident", {"n_migrants": None}),
    ("V01", "observation", {"obs_value": None}),
    ("V03", "victim", {"age_min": 30, "age_max": 20, "age_years": None}),
    ("V03", "victim", {"age_years": 25}),
    ("V03", "victim", {"age_years": 111, "age_min": None, "age_max": None}),
    ("V03", "victim", {"age_group": "Y0T17"}),
    ("V03", "victim", {"age_years": 17, "age_min": 17, "age_max": 17}),
    ("V03", "victim", {"age_group": "_U"}),
    ("V03", "victim", {"age_group": "Y0T17", "age_years": None, "age_min": 18, "age_max": None}),
    ("V03", "suspect", {"age_group": "Y0T17"}),
    ("V03", "suspect", {"age_min": 40}),
    ("V04", "victim", {"means_legal": None}),
    ("V04", "victim", {"means_legal": []}),
    ("V04", "victim", {"means_legal": ["_Z"]}),
    ("V05", "victim", {"trafficking_scope": "DOM"}),
    ("V06", "victim", {"country_recruitment": "KEN"}),
    ("V07", "victim", {"exploitation_main": "BEG"}),
    ("V07", "victim", {"labour_isic": None}),
    ("V08", "victim", {"exploitation_main": "ARM", "exploitation_forms": ["ARM"]}),
    ("V08", "victim", {"exploitation_forms": ["LAB_DOM", "ORG", "SEX_PROST"]}),
    ("V09", "victim", {"victim_status": "INTERCEPTED"}),
    ("V10", "victim", {"date_identified": day(2022, 2, 1)}),
    ("V10", "victim", {"date_identified": day(2020, 11, 30)}),
    ("V10", "victim", {"date_identified": day(2026, 11, 24), "date_precision": "Y"}),
    ("V10", "victim", {"date_referred": day(2026, 11, 24), "date_referred_precision": "D"}),
    ("V10", "victim", {"date_service": day(2026, 11, 24), "date_service_precision": "D"}),
    ("V10", "suspect", {"date_formal": None, "date_charged": None, "date_verdict1": day(2019, 2, 2)}),
    ("V10", "suspect", {"date_final": day(2027, 1, 1)}),
    ("V10", "smuggling_incident", {"date_incident": day(2012, 6, 5)}),
    ("V20", "suspect", {"date_charged": day(2020, 4, 30)}),
    ("V20", "suspect", {"date_charged": None, "date_verdict1": day(2020, 4, 30)}),
    ("V20", "suspect", {"date_final": day(2021, 2, 1)}),
    ("V21", "suspect", {"offence_convicted": None}),
    ("V21", "suspect", {"offence_convicted": "SOM"}),
    ("V22", "suspect", {"sentence_types": None, "sentence_months": None}),
    ("V22", "suspect", {"fine_currency": None}),
    ("V23", "smuggling_incident", {"crossing_type": "_Z"}),
    ("V23", "smuggling_incident", {"fee_mode": "FREE"}),
    ("V23", "smuggling_incident", {"fee_amount": 0}),
    ("V25", "smuggling_incident", {"n_female": 6}),
    ("V25", "smuggling_incident", {"n_male": 13}),
    ("V25", "smuggling_incident", {"n_male": 13, "n_sex_unknown": None}),
    ("V25", "smuggling_incident", {"n_male": 21, "n_female": None}),
    ("V25", "smuggling_incident", {"n_adult": 17}),
    ("V25", "smuggling_incident", {"n_uasc": 5}),
    ("V26", "smuggling_incident", {"n_dead": 10, "n_missing": 10, "n_survivors": 6}),
    ("V27", "smuggling_incident", {"lat": 36.82, "lon": -1.28}),
    ("V27", "smuggling_incident", {"lat": 0, "lon": 0, "source_type": "IO"}),
    ("V27", "smuggling_incident", {"lon": None}),
    ("V27", "smuggling_incident", {"lat": 15.0}),
    ("V30", "observation", {"source_type": "DETENT", "count_unit": "MIGRANT", "indicator": "SOM_MIG"}),
    ("V30", "observation", {"indicator": "TIP_INVEST", "count_unit": "CASE"}),
    ("V30", "observation", {"indicator": "TIP_INVEST_CASE", "count_unit": "PERSON"}),
    ("V33", "observation", {"offence": "TIPSOM"}),
    ("V33", "observation", {"offence": "TIPSOM", "indicator": "SOM_MIG", "count_unit": "MIGRANT", "obs_status_2": "W"}),
    ("V37", "victim", {"consent_stat_use": "N"}),
    ("V38", "smuggling_incident", {"area": "ET-X-CE"}),
    ("V38", "observation", {"ref_subarea": "ET-X-CE"}),
    ("V38", "victim", {"area_exploitation": "ET-X-CE", "date_identified": None}),
    ("V38", "victim", {"area_recruitment": "ET-X-CE", "date_identified": None}),
    ("V01", "victim", {"date_referred": day(2021, 6, 9)}),
    ("V03", "victim", {"age_trafficked": 60}),
    ("V41", "victim", {"date_referred": day(2020, 1, 1), "date_referred_precision": "D"}),
    ("V41", "victim", {"date_service": day(2020, 1, 1), "date_service_precision": "D"}),
    (
        "V41",
        "victim",
        {
            "date_referred": day(2021, 12, 9), "date_referred_precision": "D",
            "date_service": day(2021, 12, 8), "date_service_precision": "D",
        },
    ),
]
# For each rule: a change that comes near it and must pass.
SOUND = [
    ("V01", "submission", {"status": "NORESP", "file_name": None, "sha256": None, "received_at": None, "bytes": None}),
    ("V01", "victim", {"date_identified": None, "date_precision": None}),
    ("V01", "smuggling_incident", {"n_migrants": None, "n_migrants_quality": "_U"}),
    ("V01", "observation", {"obs_value": None, "obs_status": "Q"}),
    ("V03", "victim", {"age_group": "_U", "age_years": None, "age_min": 15, "age_max": 20}),
    ("V03", "victim", {"age_group": "Y_GE18", "age_years": None, "age_min": 18, "age_max": None}),
    ("V03", "victim", {"age_group": "Y0T17", "age_years": 0, "age_min": 0, "age_max": 0}),
    ("V03", "victim", {"age_years": 110, "age_max": 110}),
    ("V03", "suspect", {"age_group": None, "age_min": None, "age_max": None}),
    ("V04", "victim", {"means_legal": None, "age_group": "Y0T17", "age_years": 9, "age_min": 9, "age_max": 9}),
    ("V04", "victim", {"means_legal": ["_U"]}),
    ("V04", "victim", {"means_legal": None, "victim_status": "NOTVICTIM"}),
    ("V05", "victim", {"trafficking_scope": "DOM", "country_recruitment": "KEN"}),
    ("V05", "victim", {"trafficking_scope": "DOM", "country_recruitment": "_U"}),
    ("V06", "victim", {"country_recruitment": "_U"}),
    ("V06", "victim", {"trafficking_scope": "_U", "country_recruitment": "KEN"}),
    ("V07", "victim", {"exploitation_main": "SEX_OTH", "labour_isic": None}),
    ("V07", "victim", {"labour_isic": "_U"}),
    ("V08", "victim", {"exploitation_main": "ORG", "exploitation_forms": ["ORG", "LAB_DOM"]}),
    ("V09", "victim", {"victim_status": "INTERCEPTED", "exploitation_main": "_U", "exploitation_forms": ["_U"]}),
    ("V10", "victim", {"date_identified": day(2022, 1, 31)}),
    ("V10", "victim", {"date_identified": day(2020, 7, 8), "date_precision": "Y"}),
    ("V10", "victim", {"date_identified": None, "date_precision": None}),
    ("V10", "suspect", {"date_formal": day(2016, 5, 1)}),
    ("V10", "suspect", {"date_formal": None, "date_charged": None, "date_verdict1": None}),
    ("V20", "suspect", {"date_charged": day(2020, 5, 1)}),
    ("V21", "suspect", {"offence_convicted": "TIP_CHILD"}),
    ("V21", "suspect", {"offence_convicted": None, "stage_highest": "ACQ"}),
    ("V22", "suspect", {"sentence_types": ["LIFE"], "sentence_months": None}),
    ("V22", "suspect", {"fine_amount": None, "fine_currency": None}),
    ("V23", "smuggling_incident", {"fee_mode": "_U", "fee_amount": None, "crossing_type": "_U"}),
    ("V25", "smuggling_incident", {"n_male": 13, "n_sex_unknown": None, "source_type": "IO"}),
    ("V25", "smuggling_incident", {"n_male": 13, "n_female": None, "n_sex_unknown": None}),
    ("V25", "smuggling_incident", {"n_female": 9, "n_migrants_quality": "APPROX"}),
    ("V26", "smuggling_incident", {"n_dead": 10, "n_missing": 10, "n_survivors": 5}),
    ("V26", "smuggling_incident", {"n_dead": 12, "n_missing": 14, "n_smugglers_arrested": 2}),
    ("V27", "smuggling_incident", {"lat": None, "lon": None}),
    ("V27", "smuggling_incident", {"lat": -2.5, "lon": 44.0}),
    ("V27", "smuggling_incident", {"lat": 36.0, "lon": 14.0, "source_type": "IO"}),
    ("V30", "observation", {"source_type": "DETENT", "count_unit": "STOCK", "indicator": "SOM_STOCK"}),
    ("V30", "observation", {"source_type": "DETENT", "count_unit": "MIGRANT", "indicator": "SOM_MIG", "period_type": "CUM"}),
    ("V30", "observation", {"indicator": "TIP_CASE", "count_unit": "INCIDENT"}),
    ("V33", "observation", {"offence": "TIPSOM", "obs_status_2": "W"}),
    ("V33", "observation", {"offence": "TIPSOM", "obs_value": None, "obs_status": "O"}),
    ("V33", "observation", {"offence": "TIPSOM", "indicator": "SOM_MIG", "count_unit": "MIGRANT", "obs_status": "K"}),
    ("V37", "victim", {"consent_stat_use": "_U"}),
    ("V38", "smuggling_incident", {"area": "ET-X-CE", "date_incident": day(2023, 8, 19)}),
    ("V38", "victim", {"area_exploitation": None}),
    ("V41", "victim", {"date_referred": day(2020, 1, 1), "date_referred_precision": "Y"}),
    ("V10", "victim", {"date_referred": day(2026, 3, 1), "date_referred_precision": "D"}),
]


def rules_broken(name: str, **changes: object) -> set[str]:
    """Insert one row into the real table and ask every row check of the table about it."""
    connection = database()
    insert(connection, name, **changes)
    return {check.rule for check in row_checks(name) if answer(connection, name, check.sql)}


def answer(connection, name: str, expression: str) -> bool:
    ((said,),) = ask(connection, f'SELECT {expression} FROM "{name}"')
    assert said is not None
    return said


def test_all_rules_are_declared_in_order() -> None:
    assert [found.id for found in rules()] == EVERY


def test_each_of_the_rules_is_asked_somewhere() -> None:
    assert sorted({check.rule for check in checks()}) == EVERY
    assert {check.where for check in checks()} == {"row", "set", "reading", "file"}
    assert [check.rule for check in checks() if check.where in ("row", "set") and not (check.table and check.sql)] == []
    assert [check.rule for check in checks() if check.where in ("reading", "file") and not check.note] == []


def test_every_row_rule_has_a_row_that_fails_and_one_that_passes() -> None:
    asked = {(check.rule, check.table) for check in checks() if check.where == "row"}
    failing = {(identifier, name) for identifier, name, _ in BROKEN}
    assert {identifier for identifier, _ in asked} == {identifier for identifier, _ in failing}
    assert {identifier for identifier, _ in asked} <= {identifier for identifier, _, _ in SOUND}
    assert asked - failing == {("V01", "suspect"), ("V01", "smuggled_group")}


@pytest.mark.parametrize("name", [name for name in VALID if name not in ("problem", "ruling")])
def test_a_valid_row_breaks_no_rule(name: str) -> None:
    assert rules_broken(name) == set()


@pytest.mark.parametrize(("identifier", "name", "changes"), BROKEN)
def test_a_row_that_must_fail_fails(identifier: str, name: str, changes: dict[str, object]) -> None:
    assert identifier in rules_broken(name, **changes)


@pytest.mark.parametrize(("identifier", "name", "changes"), SOUND)
def test_a_row_that_must_pass_passes(identifier: str, name: str, changes: dict[str, object]) -> None:
    assert identifier not in rules_broken(name, **changes)


@pytest.mark.parametrize("name", [found.name for found in tables() if found.name not in ("problem", "ruling")])
def test_a_row_of_nothing_misses_its_required_fields_and_no_check_answers_null(name: str) -> None:
    connection = database()
    nothing = ", ".join(f'NULL::{field.sql_type} AS "{field.name}"' for field in _fields(name))
    for check in row_checks(name):
        ((said,),) = ask(connection, f"SELECT {check.sql} FROM (SELECT {nothing})")
        assert said is (check.rule in ("V01", "V30")), check.rule


def test_a_question_is_not_asked_of_a_source_that_has_no_such_column() -> None:
    given = {"sex", "age_group", "exploitation_main"}
    assert {"V04", "V10"} & {check.rule for check in row_checks("victim", given)} == set()
    assert "V04" in {check.rule for check in row_checks("victim", given | {"means_legal"})}


def test_bits_follow_the_numbers_of_the_rules() -> None:
    assert (bit("V01"), bit("V02"), bit("V10"), bit("V41")) == (1, 2, 512, 1 << 40)
    assert broken_rules(bit("V03") | bit("V25")) == ("V03", "V25")
    with pytest.raises(KeyError):
        bit("V42")


def test_the_error_bits_are_those_of_errors_that_refuse_a_row() -> None:
    assert broken_rules(ERROR_BITS) == tuple(["V01", "V03", "V10", "V11", "V12", "V15", "V20", "V25", "V27", "V30", "V33", "V39"])
    refused = {found.id: found.refuses for found in rules() if found.severity == "E" and found.refuses != "row"}
    assert refused == {"V02": "column", "V31": "figure", "V34": "submission", "V35": "submission", "V37": "export"}


def test_a_message_says_what_was_met_where_and_what_to_do() -> None:
    assert rule("V05").message("en", "UGA, KEN", "row 3") == (
        "row 3: the trafficking is called domestic, yet recruitment and exploitation are in two countries: UGA, KEN. "
        "Confirm the scope or correct one of the two countries; the row is kept with both, since flows rest on citizenship and "
        "country of detection."
    )
    assert rule("V16").message("fr", "Congo {where}", "ligne 8").startswith("ligne 8 : « Congo {where} » peut")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_speaks_every_language_and_names_the_place(language: str) -> None:
    for found in rules():
        said = found.message(language, met="MET", where="WHERE")
        assert "WHERE" in said and "MET" in said, found.id
        assert "{" not in said and said.endswith("."), found.id


def test_arabic_wording_is_marked_for_a_speaker_to_check() -> None:
    assert {found.review for found in rules()} == {"ar pending"}


def test_every_rule_names_tables_and_fields_that_exist() -> None:
    names = {found.name: {field.name for field in found.fields} for found in tables()}
    for found in rules():
        assert set(found.tables) <= set(names), found.id
        assert set(found.fields) <= set().union(*(names[name] for name in found.tables), names["smuggling_incident"]), found.id


def _fields(name: str):
    return next(found.fields for found in tables() if found.name == name)
