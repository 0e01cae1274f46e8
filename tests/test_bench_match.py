"""The benchmark of the matcher: its goals hold on both halves, and no row of the unseen half is ever shown."""

from __future__ import annotations

import json
import re

import pytest

from etl.bench.aside import ABSENT
from etl.bench.match import ALL, bench
from etl.bench.matching import TUNED, UNSEEN, fills, half, headings, words
from etl.report import Report
from pembe import ROOT

LANGUAGES = ("en", "fr", "ar", "am", "sw", "so", "ti")


@pytest.fixture(scope="module")
def report() -> Report:
    return bench(misses=True)


def figures(report: Report, half_name: str) -> dict[str, dict[str, float]]:
    found = report.facts[half_name]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("half_name", [TUNED, UNSEEN])
def test_the_goals_of_the_matcher_hold(report: Report, half_name: str) -> None:
    whole = figures(report, half_name)[ALL]
    assert whole["column_top1"] >= 0.90
    assert whole["value_top3"] >= 0.95
    assert whole["confident_precision"] >= 0.99


@pytest.mark.parametrize("half_name", [TUNED, UNSEEN])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_within_seven_points_of_english(report: Report, half_name: str, language: str) -> None:
    found = figures(report, half_name)
    for measure in ("column_top1", "value_top3", "confident_precision"):
        assert found[language][measure] >= found["en"][measure] - 0.07, measure


def test_the_matcher_beats_likeness_of_letters_in_every_language(report: Report) -> None:
    for language in (ALL, *LANGUAGES):
        found = figures(report, UNSEEN)[language]
        assert found["column_top1"] > found["rapidfuzz_top1"]
        assert found["value_top3"] > found["rapidfuzz_top3"]


def test_no_row_of_the_unseen_half_is_shown(report: Report) -> None:
    shown = {(row[0], row[2]) for listing in report.listings if "misses" in listing.title for row in listing.rows}
    assert {half(str(language), str(text)) for language, text in shown} <= {TUNED}


def test_the_report_says_that_valentine_was_not_run(report: Report) -> None:
    assert ABSENT in report.sentences
    assert json.dumps(report.as_dict())


def test_each_half_holds_about_as_many_rows() -> None:
    for rows in (headings(), words()):
        unseen = sum(row.half == UNSEEN for row in rows)
        assert 0.45 < unseen / len(rows) < 0.55


def test_a_group_fills_its_fields() -> None:
    assert fills("age") >= {"age_years", "age_min", "age_group"}
    assert fills("migrants") >= {"n_migrants"}
    assert fills("sex") == {"sex"}


def test_the_lock_of_the_benchmark_has_a_hash_for_every_package_and_no_address() -> None:
    text = (ROOT / "requirements-bench.txt").read_text("utf-8")
    assert re.findall(r"[a-z+]+://|index-url|find-links", text) == []
    packages = re.split(r"\n(?=\w)", text.strip())
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []
    assert "valentine==" in text
