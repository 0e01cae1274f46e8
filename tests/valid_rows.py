"""One valid, invented row of each table, and a database in memory that holds the real tables."""

from __future__ import annotations

import datetime

import duckdb

from schemas.tables import ddl, enum_ddl, table, tables

PARAMETERS = {
    "submission_id": "KEN-2021-01",
    "period_start": datetime.date(2021, 1, 1),
    "period_end": datetime.date(2021, 12, 31),
    "today": datetime.date(2026, 11, 23),
    "multi_form": False,
}
SUBMISSION: dict[str, object] = {
    "submission_id": "KEN-2021-01",
    "source": "ken_police_register",
    "reporting_country": "KEN",
    "source_name": "Invented unit",
    "source_type": "POLICE_SPEC",
    "domain": "TIP",
    "grain": "MICRO",
    "period_type": "CY",
    "period_start": datetime.date(2021, 1, 1),
    "period_end": datetime.date(2021, 12, 31),
    "calendar_raw": "GREG",
    "language_raw": ["eng"],
    "file_name": "invented.csv",
    "sha256": "0" * 64,
    "bytes": 1200,
    "received_at": datetime.datetime(2022, 2, 10),
    "due_at": datetime.date(2022, 2, 15),
    "mapping_version": "1",
    "schema_version": "0.1.0",
    "invented": True,
    "already_public": False,
    "status": "CHECKED",
    "rows_raw": 3,
    "rows_ok": 1,
    "rows_rejected": 1,
    "rows_skipped": 1,
}
RECORD: dict[str, object] = {
    "submission_id": "KEN-2021-01",
    "source_row": 1,
    "reporting_country": "KEN",
    "source_type": "POLICE_SPEC",
    "ref_year": 2021,
    "dq_flags": [],
}
VALID: dict[str, dict[str, object]] = {
    "submission": SUBMISSION,
    "victim": RECORD
    | {
        "victim_id": "KEN-2021-01-1",
        "date_identified": datetime.date(2021, 3, 14),
        "date_precision": "D",
        "victim_status": "IDENTIFIED",
        "sex": "F",
        "age_years": 24,
        "age_min": 24,
        "age_max": 24,
        "age_reference": "IDENTIFICATION",
        "age_group": "Y_GE18",
        "age_band": "Y18T29",
        "citizenship": "UGA",
        "trafficking_scope": "XB_REG",
        "country_recruitment": "UGA",
        "countries_transit": ["UGA", "KEN"],
        "country_exploitation": "KEN",
        "means_legal": ["DECEPTION"],
        "exploitation_main": "LAB_DOM",
        "exploitation_forms": ["LAB_DOM", "SEX_OTH"],
        "labour_isic": "T",
        "consent_stat_use": "Y",
    },
    "suspect": RECORD
    | {
        "suspect_id": "KEN-2021-01-1",
        "offence": "TIP",
        "sex": "M",
        "age_group": "Y_GE18",
        "age_min": 30,
        "age_max": 39,
        "citizenship": "KEN",
        "stage_highest": "CONV1",
        "date_formal": datetime.date(2020, 5, 1),
        "date_charged": datetime.date(2020, 5, 20),
        "date_verdict1": datetime.date(2021, 2, 2),
        "offence_convicted": "TIP",
        "sentence_types": ["PRISON"],
        "sentence_months": 120,
        "fine_amount": 50000.0,
        "fine_currency": "KES",
    },
    "smuggling_incident": RECORD
    | {
        "incident_id": "KEN-2021-01-1",
        "date_incident": datetime.date(2021, 6, 5),
        "date_precision": "D",
        "incident_type": "INTERCEPT",
        "area": "KE-30",
        "lat": -1.28,
        "lon": 36.82,
        "crossing_type": "LAND_UNOFF",
        "entry_mode": "NODOC",
        "route": "SOUTH",
        "country_departure": "ETH",
        "country_destination": "KEN",
        "n_migrants": 20,
        "n_migrants_quality": "EXACT",
        "n_female": 5,
        "n_male": 14,
        "n_sex_unknown": 1,
        "n_child": 4,
        "n_adult": 16,
        "n_age_unknown": 0,
        "n_uasc": 2,
        "fee_amount": 300.0,
        "fee_currency": "USD",
        "fee_mode": "STAGES",
        "tip_indicators": "_U",
    },
    "smuggled_group": RECORD
    | {
        "group_id": "KEN-2021-01-1",
        "incident_id": "KEN-2021-01-1",
        "citizenship": "ETH",
        "sex": "M",
        "age_group": "Y_GE18",
        "n_persons": 12,
        "outcome": "DETAINED",
    },
    "observation": {
        "observation_id": "KEN-2021-01-1",
        "submission_id": "KEN-2021-01",
        "source": "ken_police_register",
        "origin": "REPORTED",
        "invented": True,
        "source_row": 1,
        "source_column": "Cases",
        "ref_area": "KEN",
        "ref_subarea": "_T",
        "freq": "A",
        "time_period": "2021",
        "period_start": datetime.date(2021, 1, 1),
        "period_end": datetime.date(2021, 12, 31),
        "period_type": "CY",
        "indicator": "TIP_VIC_DET",
        "count_unit": "VICTIM",
        "sex": "_T",
        "age": "_T",
        "citizenship": "_T",
        "counterpart_area": "_T",
        "departure": "_T",
        "transit": "_T",
        "exploitation": "_T",
        "offence": "_Z",
        "scope": "_T",
        "stage": "_T",
        "route": "_T",
        "transport_mode": "_T",
        "outcome": "_T",
        "source_type": "POLICE_SPEC",
        "obs_value": 30.0,
        "obs_status": "V",
        "conf_status": "F",
        "protection": "RECEIVED",
    },
    "problem": {
        "problem_id": 1,
        "submission_id": "KEN-2021-01",
        "table": "victim",
        "source_row": 7,
        "field": "sex",
        "rule_id": "V01",
        "severity": "E",
        "raw_value": "X",
        "note": "row 7, column Sex: X is no known code.",
        "line": "sex: {column: Sex, words: {F: [X]}}",
    },
    "ruling": {
        "ruling_id": 1,
        "source": "ken_police_register",
        "table": "victim",
        "raw_field": "Sex",
        "reading": "code",
        "field": "sex",
        "raw_value": "Girl",
        "folded": "girl",
        "said": '{"sex": "F"}',
        "code": "F",
        "match": "FOLDED",
        "confidence": 1.0,
        "rules": [],
        "count_rows": 120,
        "count_submissions": 2,
    },
}


def database() -> duckdb.DuckDBPyConnection:
    """Make a database in memory with every type and every table as declared."""
    connection = duckdb.connect()
    for statement in enum_ddl():
        connection.execute(statement)
    for found in tables():
        connection.execute(ddl(found.name))
    return connection


def insert(connection: duckdb.DuckDBPyConnection, name: str, **changes: object) -> None:
    """Insert the valid row of a table with some fields changed; the key and row number differ by `source_row`."""
    row = VALID[name] | changes
    key = table(name).key
    if key != "submission_id" and key not in changes and "source_row" in changes and key != "problem_id":
        row[key] = f"{row['submission_id']}-{row['source_row']}"
    columns = ", ".join(f'"{field}"' for field in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values()))


def ask(connection: duckdb.DuckDBPyConnection, query: str, **changes: object) -> list[tuple[object, ...]]:
    """Run a query with those of the standing parameters that it names."""
    parameters = {name: value for name, value in (PARAMETERS | changes).items() if f"${name}" in query}
    return connection.execute(query, parameters).fetchall()
