"""The declared tables: complete as the data model asks, accepted by DuckDB, and strict as contracts."""

from __future__ import annotations

import json
import re

import pandas
import pandera.errors
import pytest
from valid_rows import VALID, database, insert

from schemas.codebook import codebook_markdown, codebook_rows, table_schema
from schemas.codelists import codelist_names
from schemas.contracts import contract
from schemas.tables import ddl, enum_ddl, rows_query, table, tables

EXPECTED = {
    "submission": """submission_id source reporting_country source_name source_type domain grain period_type
        period_start period_end calendar_raw language_raw encoding_raw delimiter_raw decimal_raw file_name sha256 bytes
        received_at due_at
        mapping_version schema_version invented already_public letter legal_definition_note coverage_note status rows_raw rows_ok
        rows_rejected rows_skipped validated_by_role validated_at validation_comment supersedes""",
    "victim": """victim_id submission_id source_row case_key person_key reporting_country source_type ref_year
        date_identified date_precision date_referred date_referred_precision date_service
        date_service_precision identification_channel victim_status sex
        age_years age_min age_max age_reference age_trafficked age_group age_band
        citizenship citizenship_2 country_birth area_birth country_residence migration_status education marital_status
        disability trafficking_scope country_recruitment area_recruitment countries_transit country_exploitation
        exploitation_intended_only area_exploitation acts means_legal means_control exploitation_main
        exploitation_forms labour_isic recruit_channel recruiter_relation online_platform duration_months
        transport_modes crossing_type entry_mode route services referred repatriated case_status consent_stat_use
        n_linked_suspects dq_flags""",
    "suspect": """suspect_id submission_id source_row case_key person_key reporting_country source_type ref_year offence
        iccs_code legal_basis perp_type public_official roles sex age_group age_min age_max citizenship relation_to_victim
        stage_highest date_formal date_charged date_verdict1 date_final instance offence_convicted
        exploitation_charged sentence_types sentence_months fine_amount fine_currency assets_confiscated_usd n_victims
        n_migrants dq_flags""",
    "smuggling_incident": """incident_id submission_id source_row case_key reporting_country source_type ref_year
        date_incident date_precision incident_type area location_text lat lon border crossing_type entry_mode route
        transport_modes country_departure country_transit country_destination n_migrants n_migrants_quality n_female
        n_male n_sex_unknown n_child n_adult n_age_unknown n_uasc n_dead n_missing n_survivors cause_death
        n_smugglers_arrested fee_amount fee_currency fee_usd fee_basis fee_mode doc_fraud_types abuses aggravated
        tip_indicators migrants_outcome dq_flags""",
    "smuggled_group": """group_id submission_id source_row incident_id case_key reporting_country source_type ref_year
        citizenship sex age_group uasc n_persons outcome dq_flags""",
    "observation": """observation_id submission_id source origin invented source_row source_column ref_area ref_subarea
        freq time_period period_start period_end period_type indicator count_unit sex age citizenship
        counterpart_area departure transit exploitation offence scope stage route transport_mode outcome source_type
        obs_value obs_status obs_status_2 conf_status protection revision
        value_raw value_lower value_upper obs_comment""",
    "problem": """problem_id submission_id table source_row field rule_id severity raw_value note line decision
        decided_by decided_on comment""",
    "ruling": """ruling_id source table raw_field reading field raw_value folded said code match confidence rules note
        decided_by decided_on count_rows count_submissions""",
}
# A wrong code, a number out of range and a required field for each table; where a table has no range, a wrong pattern.
WRONG = {
    "submission": ({"status": "DONE"}, {"rows_raw": -1}, "source"),
    "victim": ({"sex": "_T"}, {"age_years": 111, "age_max": 111}, "country_exploitation"),
    "suspect": ({"sentence_types": "PRISON|GAOL"}, {"sentence_months": 1201}, "offence"),
    "smuggling_incident": ({"country_departure": "XYZ"}, {"lat": -91.0}, "route"),
    "smuggled_group": ({"age_group": "CHILD"}, {"n_persons": 0}, "citizenship"),
    "observation": ({"exploitation": "ANY"}, {"obs_value": -1.0}, "indicator"),
    "problem": ({"severity": "F"}, {"source_row": 0}, "note"),
    "ruling": ({"match": "GUESSED"}, {"confidence": 1.5}, "raw_value"),
}


def contract_rows(name: str, **changes: object):
    """Give the valid row as it leaves the database, then changed, so that what DuckDB itself refuses can be tried."""
    connection = database()
    insert(connection, name)
    rows = connection.execute(rows_query(name)).df()
    for field, value in changes.items():
        rows[field] = rows[field].astype(object)
        rows.loc[0, field] = value
        if isinstance(value, int | float):
            rows[field] = rows[field].astype("float64")
    return rows


@pytest.mark.parametrize("name", EXPECTED)
def test_every_field_of_the_data_model_is_declared_and_no_other(name: str) -> None:
    assert [field.name for field in table(name).fields] == EXPECTED[name].split()


def test_there_are_eight_tables() -> None:
    assert [found.name for found in tables()] == list(EXPECTED)


def test_the_twelve_core_fields_of_a_victim_are_required() -> None:
    core = """reporting_country source_type ref_year victim_status sex age_group citizenship trafficking_scope
        country_exploitation exploitation_main consent_stat_use submission_id"""
    assert [name for name in core.split() if table("victim").field(name).required != "R"] == []


def test_every_declared_code_list_exists_and_every_word_of_the_declaration_is_known() -> None:
    fields = [field for found in tables() for field in found.fields]
    assert {field.codelist for field in fields if field.codelist} - set(codelist_names()) == set()
    assert {field.type for field in fields if field.codelist} == {"code"}
    assert {field.required for field in fields} == {"R", "C", "O"}
    assert {field.disclosure for field in fields} == {"N", "Q", "S", "I"}
    assert [field.name for field in fields if not re.fullmatch(r"[A-Z].*[^.]\.", field.definition)] == []


def test_silence_has_a_code_where_the_list_has_a_word_for_it() -> None:
    assert table("victim").field("sex").silence == "_U"
    assert table("victim").field("reporting_country").silence is None
    assert table("victim").field("education").silence is None


@pytest.mark.parametrize("name", EXPECTED)
def test_duckdb_makes_the_table_and_gives_the_valid_row_back(name: str) -> None:
    connection = database()
    insert(connection, name)
    found = connection.execute(f'SELECT * FROM "{name}"')
    row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
    assert {field: value for field, value in row.items() if value is not None} == VALID[name]


def test_types_are_named_like_their_code_list_and_lists_are_lists() -> None:
    statement = ddl("victim")
    assert '"exploitation_forms" cl_exploit[] NOT NULL' in statement
    assert '"countries_transit" country[],' in statement
    assert '"date_identified" DATE,' in statement
    assert any(text.startswith("CREATE TYPE cl_sex AS ENUM ('F', 'M', '_O', '_U', '_T'") for text in enum_ddl())


@pytest.mark.parametrize("name", EXPECTED)
def test_the_contract_accepts_a_valid_row_and_an_empty_table(name: str) -> None:
    rows = contract_rows(name)
    contract(name).validate(rows, lazy=True)
    contract(name).validate(rows.head(0), lazy=True)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_contract_refuses_a_code_that_is_not_in_the_list(name: str) -> None:
    assert broken_checks(name, **WRONG[name][0]) >= {("in_codes", next(iter(WRONG[name][0])))}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_contract_refuses_a_number_out_of_range(name: str) -> None:
    fields = {field for _, field in broken_checks(name, **WRONG[name][1])}
    assert set(WRONG[name][1]) <= fields


@pytest.mark.parametrize("name", EXPECTED)
def test_the_contract_refuses_a_required_field_left_empty(name: str) -> None:
    assert ("not_nullable", WRONG[name][2]) in broken_checks(name, **{WRONG[name][2]: None})


@pytest.mark.parametrize("name", EXPECTED)
def test_the_contract_refuses_the_same_key_twice(name: str) -> None:
    rows = contract_rows(name)
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        contract(name).validate(rows.loc[[0, 0]].reset_index(drop=True), lazy=True)
    assert "multiple_fields_uniqueness" in set(caught.value.failure_cases["check"])


def test_the_contract_refuses_a_column_too_many_and_a_column_too_few() -> None:
    rows = contract_rows("victim")
    for wrong in (rows.assign(full_name="invented"), rows.drop(columns="sex")):
        with pytest.raises(pandera.errors.SchemaErrors):
            contract("victim").validate(wrong, lazy=True)


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("ref_year", 2021.5, "is_integer"),
        ("sex", 1.0, "is_code"),
        ("date_identified", "14/03/2021", "is_date"),
        ("victim_id", "one", "matches_pattern"),
        ("dq_flags", "V04|late", "matches_pattern"),
        ("exploitation_forms", "LAB_DOM|", "in_codes"),
        ("exploitation_forms", "", "in_codes"),
    ],
)
def test_the_contract_refuses_a_value_of_another_kind(field: str, value: object, check: str) -> None:
    assert (check, field) in broken_checks("victim", **{field: value})


@pytest.mark.parametrize(
    ("name", "rule", "changes"),
    [
        ("victim", "V03", {"age_min": 30, "age_max": 20}),
        ("victim", "V03", {"age_years": 40}),
        ("victim", "V03", {"age_group": "Y0T17"}),
        ("victim", "V03", {"age_group": "_U"}),
        ("suspect", "V03", {"age_group": "Y0T17"}),
        ("suspect", "V20", {"date_verdict1": pandas.Timestamp("2020-05-02")}),
        ("smuggling_incident", "V25", {"n_female": 6}),
        ("smuggling_incident", "V25", {"n_uasc": 5}),
        ("smuggling_incident", "V25", {"n_adult": 15}),
    ],
)
def test_the_contract_names_the_rule_that_a_row_breaks(name: str, rule: str, changes: dict[str, object]) -> None:
    assert rule in {check for check, _ in broken_checks(name, **changes)}


def test_exact_parts_of_about_twenty_migrants_need_not_add_up() -> None:
    contract("smuggling_incident").validate(contract_rows("smuggling_incident", n_migrants_quality="APPROX", n_male=17))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_table_schema_is_well_formed(name: str) -> None:
    schema = json.loads(json.dumps(table_schema(name)))
    assert [field["name"] for field in schema["fields"]] == EXPECTED[name].split()
    assert schema["primaryKey"] == [EXPECTED[name].split()[0]]
    assert schema["missingValues"] == [""]
    known = {"string", "integer", "number", "date", "datetime", "boolean"}
    assert {field["type"] for field in schema["fields"]} <= known
    for field in schema["fields"]:
        re.compile(field["constraints"].get("pattern", ""))
    for key in schema["foreignKeys"]:
        assert key["reference"]["fields"] == [EXPECTED[key["reference"]["resource"]].split()[0]]


def test_the_table_schema_carries_codes_bounds_and_disclosure() -> None:
    fields = {field["name"]: field for field in table_schema("victim")["fields"]}
    assert fields["sex"]["constraints"] == {"required": True, "enum": ["F", "M", "_O", "_U"]}
    assert fields["age_years"]["constraints"] == {"required": False, "minimum": 0, "maximum": 110}
    assert fields["disability"]["disclosure"] == "S"


def test_the_codebook_has_one_row_for_each_field() -> None:
    assert len(codebook_rows()) == sum(len(names.split()) for names in EXPECTED.values())
    text = codebook_markdown()
    assert "## smuggling_incident" in text
    assert "| `sex` | Sex of the victim as recorded. | code | CL_SEX: F, M, _O, _U |" in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("| ")}) == 1


def broken_checks(name: str, **changes: object) -> set[tuple[str, str]]:
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        contract(name).validate(contract_rows(name, **changes), lazy=True)
    cases = caught.value.failure_cases
    return {(str(check), str(column)) for check, column in zip(cases["check"], cases["column"], strict=True)}
