"""The policy of what is shown exactly: what is public, national totals of a year, and what a state releases."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
import pytest

from etl.errors import SourceError
from etl.pipeline import build
from etl.source import parse_source
from schemas.dimensions import breakdowns

DAY = datetime.date(2026, 1, 31)
VICTIMS = """
title: Invented register of victims
publisher: Invented police
country: KEN
domain: TIP
table: victim
source_type: POLICE_SPEC
count_unit: VICTIM
invented: true
languages: [eng]
date_order: dmy
{more}
submissions:
  - {{file: victims.csv, period: 2021-01-01/2023-12-31}}
columns:
  case_key: {{column: No.}}
  date_identified: {{column: Date}}
  sex: {{column: Sex}}
constants:
  {{victim_status: IDENTIFIED, age_reference: IDENTIFICATION, consent_stat_use: _U, age_group: _U, citizenship: _U,
    trafficking_scope: _U, country_exploitation: _U, exploitation_forms: LAB_DOM}}
"""
FIGURES = """
title: Invented yearly table
publisher: Invented committee
country: UGA
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
invented: true
languages: [eng]
{more}
submissions:
  - {{file: figures.csv, period: 2021}}
suppressed: {{"<5": [1, 4]}}
columns:
  sex: {{column: Sex, words: {{_T: [all]}}}}
  obs_value: {{column: Victims}}
constants: {{indicator: TIP_VIC_DET}}
"""
PUBLIC = "already_public: true\nnote: Printed in the yearly report."
Shown = dict[tuple[str, str, str], tuple[float | None, str | None, float | None, float | None, str]]


def shown(folder: Path, victims: str, figures: str) -> Shown:
    """Build an edition of 43, 4 and 12 victims in three years and of four figures; give what is shown by source, year and sex."""
    rows = [("F", 2021)] * 40 + [("M", 2021)] * 3 + [("F", 2022)] * 4 + [("F", 2023)] * 6 + [("M", 2023)] * 6
    lines = ["No.,Date,Sex", *(f"{place},01/03/{year},{sex}" for place, (sex, year) in enumerate(rows))]
    for name, file, text in (
        ("ken_police_policy", "victims.csv", "\n".join(lines)),
        ("uga_committee_policy", "figures.csv", "Sex,Victims\nall,57\nF,51\nM,6\n_U,<5\n"),
    ):
        (folder / "received" / name).mkdir(parents=True, exist_ok=True)
        (folder / "received" / name / file).write_text(text, encoding="utf-8")
    sources = [
        parse_source(VICTIMS.format(more=victims), "ken_police_policy"),
        parse_source(FIGURES.format(more=figures), "uga_committee_policy"),
    ]
    made = build(folder, sources, [folder / "received"], DAY)
    others = " AND ".join(f"{name} = '_T'" for name in breakdowns() if name != "sex")
    with duckdb.connect(str(made.public), read_only=True) as public:
        found = public.execute(
            "SELECT source, time_period, sex::VARCHAR, obs_value, value_raw, value_lower, value_upper, protection::VARCHAR "
            f"FROM observation WHERE indicator = 'TIP_VIC_DET' AND {others}"
        ).fetchall()
    return {row[:3]: row[3:] for row in found}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return shown(tmp_path_factory.mktemp("plain"), "", "")


def test_national_totals_of_a_year_are_exact_from_ten_on(plain: Shown) -> None:
    assert plain["ken_police_policy", "2021", "_T"] == (43, None, 43, 43, "EXACT")
    assert plain["ken_police_policy", "2023", "_T"] == (12, None, 12, 12, "EXACT")
    assert plain["uga_committee_policy", "2021", "_T"] == (57, None, 57, 57, "EXACT")


def test_a_total_under_ten_is_confidential_and_says_one_to_nine(plain: Shown) -> None:
    assert plain["ken_police_policy", "2022", "_T"] == (None, "c", 1, 9, "CELL_KEY")


def test_breakdowns_under_an_exact_total_stay_moved_or_confidential_and_their_bounds_are_true(plain: Shown) -> None:
    truth = {("2021", "F"): 40, ("2021", "M"): 3, ("2022", "F"): 4, ("2023", "F"): 6, ("2023", "M"): 6}
    for (year, sex), count in truth.items():
        cell = plain.get(("ken_police_policy", year, sex))
        if cell is None:  # not listed: 0 to 9
            assert count <= 9
            continue
        number, sign, lower, upper, protection = cell
        assert protection == "CELL_KEY" and (number is None or number % 5 == 0) and (sign == "c") == (number is None)
        assert lower is not None and lower <= count and (upper is None or count <= upper)
    # three men beside 43 in all: were 40 women shown, they could be told, so that both are confidential
    assert plain["ken_police_policy", "2021", "F"][0] is None


def test_what_is_public_already_is_shown_as_it_is_with_the_senders_own_signs(tmp_path: Path) -> None:
    told = shown(tmp_path, PUBLIC, PUBLIC)
    assert told["uga_committee_policy", "2021", "M"] == (6, "6", None, None, "PUBLISHED")
    assert told["uga_committee_policy", "2021", "_U"] == (None, "<5", 1, 4, "PUBLISHED")
    assert told["ken_police_policy", "2021", "F"] == (40, None, 40, 40, "PUBLISHED")
    assert told["ken_police_policy", "2021", "M"] == (3, None, 3, 3, "PUBLISHED")
    assert told["ken_police_policy", "2022", "_T"] == (4, None, 4, 4, "PUBLISHED")


RELEASE = (
    "release_small_totals:\n  - {indicator: TIP_VIC_DET, period: 2022, decided_by: Committee, date: 2026-01-15, "
    'reason: "all four spoke in public"}'
)


def test_a_state_releases_a_small_total_by_a_recorded_decision(tmp_path: Path) -> None:
    told = shown(tmp_path, RELEASE, "")
    assert told["ken_police_policy", "2022", "_T"] == (4, None, 4, 4, "EXACT")
    with pytest.raises(SourceError, match="there is no indicator 'TIP_NONE'"):
        shown(tmp_path, RELEASE.replace("TIP_VIC_DET", "TIP_NONE"), "")


def test_what_is_said_to_be_public_says_where(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="`already_public` needs `url` or `note`"):
        shown(tmp_path, "already_public: true", "")
