"""Case rows in the shape of HTCDS 2.0 say what is surely meant and count what is not."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from etl.errors import SourceError
from etl.htcds import write_htcds
from pembe import ROOT
from schemas.htcds import htcds_shape, mapped
from schemas.tables import table

ROW = {
    "reporting_country": "ETH", "sex": "F", "citizenship": "NAT", "citizenship_2": "ERI", "victim_status": "IDENTIFIED",
    "source_type": "POLICE", "exploitation_forms": "SEX_PROST|LAB_DOM|SLV", "labour_isic": "T", "means_control": "DEBT|THR|_U",
    "recruiter_relation": "PARENT|FRIEND", "services": "SHELTER|LEGAL", "education": "2", "country_recruitment": "ETH",
    "countries_transit": "SDN|LBY", "country_exploitation": "LBY", "area_exploitation": "LY-TB",
    "area_recruitment": "ET-AM", "case_status": "CLOSED_REF", "consent_stat_use": "Y", "age_years": "19",
    "age_reference": "IDENTIFICATION", "age_trafficked": "16", "date_referred": "2021-04-02", "date_referred_precision": "D",
}  # fmt: skip


def test_codes_become_the_strings_of_htcds() -> None:
    (person,) = htcds_shape([ROW]).persons
    assert person == {
        "prs_Reference": "1", "prs_Gender": "Feminine", "prs_Citizenship": "ETH;ERI", "prs_MaritalStatus": "",
        "prs_HighestLevelOfEducation": "LowerSecondaryEducation", "vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "Police", "org_Type": "LawEnforcement",
        "vic_RelationshipToTrafficker": "Familial;Acquainted", "vic_MethodOfRecruitment": "",
        "vic_RecruitmentWebsitesAndApps": "", "vic_MethodsOfControl": "DebtBondage",
        "vic_TypeOfExploitation": "SexualExploitation;ForcedLabour", "vic_TypeOfSexExploitation": "Prostitution",
        "vic_ForcedLabourIndustry": "T_ActivitiesOfHouseholdsAsEmployers", "spl_Type": "SocialCare;Legal",
        "vic_AgeWhenTrafficked": "16", "vic_LocationOfRecruitment": "ET-AM", "vic_LocationOfExploitation": "LY-TB",
        "cas_Status": "ClosedReferred", "cas_OutgoingReferralDate": "2021-04-02", "con_Consent": "true",
    }  # fmt: skip


def test_a_narrower_or_doubtful_string_is_left_out_and_counted() -> None:
    shape = htcds_shape([ROW, {"sex": "_O", "citizenship": "FOR"}])
    assert shape.unsaid == {
        ("vic_MethodsOfControl", "THR"): 1, ("vic_MethodsOfControl", "_U"): 1, ("vic_TypeOfExploitation", "SLV"): 1,
        ("prs_Gender", "_O"): 1, ("prs_Citizenship", "FOR"): 1,
    }  # fmt: skip


def test_the_core_fields_say_only_what_is_recorded() -> None:
    rows = [
        {"age_years": "15", "age_reference": "EXPLOITATION_START", "country_recruitment": "UGA", "consent_stat_use": "N"},
        {"age_years": "15", "age_reference": "IDENTIFICATION", "country_recruitment": "_U", "consent_stat_use": "_U"},
        {"date_referred": "2021-04-01", "date_referred_precision": "M", "case_status": "_U"},
    ]
    shape = htcds_shape(rows)
    core = ("vic_AgeWhenTrafficked", "vic_LocationOfRecruitment", "con_Consent", "cas_OutgoingReferralDate", "cas_Status")
    assert [tuple(person[name] for name in core) for person in shape.persons] == [
        ("15", "UGA", "false", "", ""), ("", "", "", "", ""), ("", "", "", "", ""),
    ]  # fmt: skip
    assert shape.unsaid == {
        ("con_Consent", "_U"): 1, ("cas_OutgoingReferralDate", "not known to the day"): 1, ("cas_Status", "_U"): 1,
    }  # fmt: skip


def test_the_journey_becomes_events() -> None:
    events = [tuple(event.values()) for event in htcds_shape([ROW]).events]
    assert events == [
        ("1", "Recruitment", "ETH", "ET-AM"), ("1", "Transit", "SDN", ""), ("1", "Transit", "LBY", ""),
        ("1", "Exploitation", "LBY", "LY-TB"),
    ]  # fmt: skip


def test_every_mapped_field_is_a_field_of_a_victim() -> None:
    fields = {field.name for field in table("victim").fields} | {"exploitation"}
    assert {name for one in mapped() for name in one.ours} <= fields


def test_an_analysts_file_becomes_a_folder_with_as_many_persons(edition: Path, tmp_path: Path) -> None:
    rows, folder = tmp_path / "victims.csv", tmp_path / "htcds"
    for words in (["export", str(rows), "--data", str(edition)], ["htcds", str(rows), str(folder)]):
        command = [sys.executable, "-m", "etl.cli", "records", *words]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stdout + run.stderr
    with rows.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    with (folder / "persons.csv").open(encoding="utf-8", newline="") as file:
        persons = list(csv.DictReader(file))
    assert len(persons) == len(given) > 100
    women = sum(row["sex"] == "F" for row in given)
    assert sum(person["prs_Gender"] == "Feminine" for person in persons) == women
    assert "no endorsement is implied" in (folder / "notes.txt").read_text("utf-8")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="none of its columns is a field of a victim"):
        write_htcds(other, tmp_path / "htcds")
