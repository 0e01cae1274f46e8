"""Indicators of help, ransom, sentences, offices and returns, over a few invented records counted by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
from indicator_rows import NOTHING, House

CHARGED = datetime.date(2020, 5, 20)


@pytest.fixture
def empty(tmp_path: Path) -> House:
    return House(tmp_path)


def court(house: House, *changes: Mapping[str, object]) -> None:
    house.receive("KEN-2021-02", "ken_court", "KEN", "2021-01-01", "2021-12-31", "COURT")
    for change in changes:
        house.put("suspect", **{"submission_id": "KEN-2021-02", "source_type": "COURT", "offence": "TIP", **change})
    house.count()


def test_of_those_charged_the_cohort_counts_who_is_convicted_of_trafficking_so_far(empty: House) -> None:
    convicted = {"stage_highest": "CONV1", "date_charged": CHARGED}
    court(
        empty,
        {**convicted, "offence_convicted": "TIP"},
        {**convicted, "offence_convicted": "SOM"},
        {"stage_highest": "TRIAL", "date_charged": CHARGED, "offence_convicted": None},
        {"stage_highest": "FORMAL", "date_charged": None, "offence_convicted": None},
    )
    assert empty.total("ken_court", "TIP_CONV_COHORT", "2021") == (33.3333, "1 of 3 persons charged")


def test_a_conviction_rate_needs_no_withdrawal_and_leaves_out_what_was_closed_before_charge(empty: House) -> None:
    court(
        empty,
        *[{"stage_highest": "CONV1", "offence_convicted": "TIP"}] * 3,
        {"stage_highest": "ACQ", "offence_convicted": None},
        *[{"stage_highest": "NFA", "offence_convicted": None}] * 5,
    )
    assert empty.total("ken_court", "TIP_CONV_RATE", "2021") == (75.0, "3 of 4 persons decided")
    assert empty.total("ken_court", "TIP_PROSEC", "2021") == (4, None)
    assert empty.total("ken_court", "TIP_INVEST", "2021") == (9, None)


def test_sentences_are_of_those_convicted_of_trafficking(empty: House) -> None:
    convicted = {"stage_highest": "CONV1", "offence_convicted": "TIP"}
    court(
        empty,
        *[{**convicted, "sentence_types": ["PRISON"], "sentence_months": 12 * number} for number in range(1, 11)],
        {**convicted, "sentence_types": ["FINE"], "sentence_months": None},
        {**convicted, "sentence_types": ["FINE", "COMP"], "sentence_months": None},
        {**convicted, "sentence_types": ["_U"], "sentence_months": None},
        {**convicted, "offence_convicted": "SOM", "sentence_types": ["PRISON"], "sentence_months": 600},
    )
    assert empty.total("ken_court", "TIP_SENT_MED", "2021") == (66.0, "median of 10 persons sentenced")
    assert empty.total("ken_court", "TIP_SH_PRISON", "2021") == (83.3333, "10 of 12 persons convicted of known sentence")
    assert empty.total("ken_court", "TIP_SH_FINE", "2021") == (8.3333, "1 of 12 persons convicted of known sentence")
    assert empty.total("ken_court", "TIP_SH_COMP", "2021") == (8.3333, "1 of 12 persons convicted of known sentence")
    assert empty.total("ken_court", "TIP_SH_SENT_UNK", "2021") == (7.6923, "1 of 13 persons convicted")


def test_an_official_is_counted_by_the_office_and_a_form_by_the_charge(empty: House) -> None:
    charged = {"stage_highest": "PROSEC", "offence_convicted": None}
    court(
        empty,
        {**charged, "public_official": "Y", "exploitation_charged": ["SEX_PROST", "LAB_DOM"]},
        {**charged, "public_official": "N", "exploitation_charged": ["LAB"]},
        {**charged, "public_official": None, "exploitation_charged": ["_U"]},
        {**charged, "stage_highest": "FORMAL", "public_official": "Y", "exploitation_charged": None},
    )
    assert empty.total("ken_court", "TIP_OFFICIAL", "2021") == (1, None)
    assert empty.total("ken_court", "TIP_PROSEC_FORM_LAB", "2021") == (100.0, "2 of 2 persons prosecuted of known form")
    assert empty.total("ken_court", "TIP_PROSEC_FORM_SEX", "2021") == (50.0, "1 of 2 persons prosecuted of known form")
    assert empty.total("ken_court", "TIP_PROSEC_FORM_UNK", "2021") == (33.3333, "1 of 3 persons prosecuted")


def test_ransom_counts_presumed_victims_too_and_help_that_was_declined_is_none(empty: House) -> None:
    empty.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE")
    for status, control, services in (
        ("IDENTIFIED", ["RANSOM", "PHY"], ["SHELTER"]),
        ("PRESUMED", ["RANSOM"], None),
        ("INTERCEPTED", ["RANSOM"], None),
        ("IDENTIFIED", ["WAGES"], ["DECLINED"]),
        ("IDENTIFIED", None, ["NONE"]),
    ):
        empty.put("victim", victim_status=status, means_control=control, services=services, source_type="POLICE")
    empty.count()
    assert empty.total("ken_register", "TIP_VIC_RANSOM", "2021") == (2, None)
    assert empty.total("ken_register", "TIP_ASSIST", "2021") == (1, None)
    assert empty.total("ken_register", "TIP_ASSIST_COV", "2021") == (33.3333, "1 of 3 victims of whom services are recorded")
    assert empty.total("ken_register", "TIP_PRES_IDENT", "2021") == (300.0, "3 of 1 presumed victims")


def test_the_unknown_has_no_share_where_a_source_never_says_the_known(empty: House) -> None:
    empty.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE")
    empty.put("victim", means_control=None, source_type="POLICE")
    empty.count()
    assert empty.total("ken_register", "TIP_SH_CONTROL_UNK", "2021") is None
    assert empty.total("ken_register", "TIP_SH_AGE_UNK", "2021") == (0.0, "0 of 1 detected victims")


def test_returns_are_of_groups_and_captives_of_incidents(empty: House) -> None:
    empty.receive("DJI-2022-01", "dji_coast", "DJI", "2022-01-01", "2022-12-31", "COASTG")
    here = {"submission_id": "DJI-2022-01", "reporting_country": "DJI", "source_type": "COASTG", "ref_year": 2022}
    for kind, migrants in (("CAPTIVITY", 30), ("INTERCEPT", 12)):
        empty.put("smuggling_incident", **{**here, **NOTHING, "incident_type": kind, "n_migrants": migrants})
    empty.receive("DJI-2022-02", "dji_groups", "DJI", "2022-01-01", "2022-12-31", "COASTG")
    for outcome, persons in (("DEPORTED", 5), ("AVR", 7), ("RELEASED", 9), (None, 4)):
        empty.put("smuggled_group", **{**here, "submission_id": "DJI-2022-02", "outcome": outcome, "n_persons": persons})
    empty.count()
    assert empty.total("dji_groups", "SOM_RETURN", "2022") == (12, None)
    assert empty.total("dji_coast", "SOM_CAPTIVE", "2022") == (30, None)
    assert empty.total("dji_coast", "SOM_MIG", "2022") == (42, None)
