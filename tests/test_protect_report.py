"""`pembe protect --report`: what protection costs and promises, as numbers that a program can read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb

from etl.editions import current
from etl.protect_report import report_protection
from pembe import ROOT
from schemas.headlines import headline_indicators
from schemas.indicators import indicators


def test_the_report_says_what_the_edition_measured(edition: Path) -> None:
    command = [sys.executable, "-m", "etl.cli", "protect", "--report", "--json", "--data", str(edition)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.strip().splitlines()[-1])
    with duckdb.connect(str(current(edition).records), read_only=True) as records:
        totals = records.execute(
            "SELECT avg(abs(obs_value - n)) FROM shown JOIN exact USING (observation_id) "
            "WHERE protection IN ('CELL_KEY', 'RECEIVED', 'EXACT') AND obs_value >= 10 "
            "AND (sex, age, citizenship, counterpart_area, exploitation) = ('_T', '_T', '_T', '_T', '_T') "
            "AND (scope, stage, route, transport_mode, outcome, ref_subarea) = ('_T', '_T', '_T', '_T', '_T', '_T') "
            "AND (offence, departure, transit) = ('_T', '_T', '_T')"
        ).fetchone()
        shown = records.execute(
            "SELECT count(*) FROM shown WHERE protection IN ('CELL_KEY', 'RECEIVED', 'EXACT') AND obs_value >= 10"
        ).fetchone()
        aside = records.execute("SELECT count(*) FROM shown WHERE conf_status = 'S'").fetchone()
    assert totals is not None and shown is not None and aside is not None
    assert told["hidden_aside"] == aside[0] > 10
    assert told["mae"] == round(totals[0], 4) < 0.5
    assert told["survive_share"] == round(shown[0] / told["nonzero"], 4) > 0.15
    assert told["cells"] >= told["nonzero"] > 10_000
    assert told["attacker_min_interval"] >= told["attacker_min_interval_lp"] >= 5
    assert (told["threshold"], told["odds_worst"]) == (10, 0.6484)
    odds = {row["from"]: row["odds"] for row in told["odds that one person more is noticed in one cell"]}
    assert odds[9] == 0.1016 and odds[16] == 0.4389


def test_the_report_counts_the_headline_figures_of_every_country_that_are_the_true_number(edition: Path) -> None:
    told = report_protection(current(edition))
    by_country = {str(row[0]): row[-2:] for row in told.listings[0].rows}
    assert told.listings[0].columns[-2:] == ("headlines", "exact_headlines")
    for place, name in enumerate(("headlines", "exact_headlines")):
        assert told.facts[name] == sum(int(str(row[place])) for row in by_country.values())
    assert int(str(told.facts["headlines"])) > 100
    with duckdb.connect(str(current(edition).records), read_only=True) as records:
        # a figure without room between its bounds is the true number
        exact = records.execute(
            "SELECT count(*), count(*) FILTER (obs_value = n) FROM shown JOIN exact USING (observation_id) "
            "WHERE value_lower = value_upper AND exact.below IS NULL"
        ).fetchone()
    assert exact is not None and exact[0] == exact[1] > 0


def test_twenty_indicators_are_headlines_and_the_cards_show_the_first_five() -> None:
    assert len(headline_indicators()) == len(set(headline_indicators())) == 20
    assert set(headline_indicators()) <= indicators().keys()
    assert headline_indicators()[:5] == ("TIP_VIC_DET", "TIP_VIC_PRES", "TIP_CONV", "SOM_MIG", "SOM_CONV")


def test_a_country_of_a_journey_is_told_only_of_sources_that_name_any(edition: Path) -> None:
    with duckdb.connect(str(current(edition).public), read_only=True) as public:
        named = {
            name: {row[0] for row in public.execute(f"SELECT DISTINCT source FROM observation WHERE {name} <> '_T'").fetchall()}
            for name in ("departure", "transit")
        }
    assert named["transit"] == {"dji_gendarmerie_interceptions", "uga_coord_victims"}
    assert named["departure"] == {
        "dji_gendarmerie_interceptions", "lby_coastguard_incidents", "som_puntland_incidents", "tun_garde_incidents",
    }  # fmt: skip
