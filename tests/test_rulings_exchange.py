"""Rulings go out to a reviewer as SSSOM or a workbook and come back without loss; what was decided then stands."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from etl.draft.decided import House
from etl.errors import SourceError
from etl.rulings_exchange import exchange
from etl.rulings_kept import ACCEPTED, PROPOSED, REJECTED, Kept, kept_rulings
from etl.source import load_source
from etl.sssom import read_tsv, read_workbook, write_tsv, write_workbook
from tests.small import DECLARATION

NAME = "ken_station_register"
DAY = datetime.date(2025, 11, 3)
FORMS = "exploitation_forms"
RULINGS = [
    Kept(NAME, FORMS, "Form", "Housework", "LAB_DOM", "focal point", DAY, 0.9, "reviewer of the office", ACCEPTED, "", "ok"),
    Kept(NAME, FORMS, "Form", 'a "word";\twith signs', "BEG", "pembe draft", DAY, 0.734, "", PROPOSED, "fuzzy (en)"),
    Kept(NAME, FORMS, "Form", "ልመና", "BEG", "ባለሙያ", None, 1.0, "", REJECTED, "", "كلمة أخرى"),
    Kept(NAME, "sex", "Sex", "=1+1", "F", "", None, 0.0, "", PROPOSED, "", "two\nlines"),
    Kept(NAME, "sex", "Sex", " 007 ", "M", "a", None, 1.0),
]


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    path = tmp_path / f"{NAME}.yml"
    path.write_text(DECLARATION, "utf-8")
    return path


def test_sssom_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rulings.sssom.tsv"
    write_tsv(RULINGS, path)
    assert read_tsv(path) == RULINGS
    text = path.read_text("utf-8")
    assert text.startswith("#curie_map:")
    first = next(line for line in text.splitlines() if not line.startswith("#"))
    assert first.split("\t")[:4] == ["subject_id", "subject_label", "predicate_id", "object_id"]


def test_a_workbook_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rulings.xlsx"
    write_workbook(RULINGS, path)
    assert read_workbook(path) == RULINGS


@pytest.mark.parametrize("ending", [".tsv", ".xlsx"])
def test_what_a_source_rules_goes_out_and_comes_back_unchanged(declared: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"review{ending}"
    before = kept_rulings(load_source(declared), declared)
    assert [(ruling.word, ruling.code) for ruling in before] == [("Housework", "LAB_DOM"), ("Begging", "BEG")]
    exchange(["export", str(declared)], file)
    report = exchange(["import", str(declared), str(file)], None)
    assert report.facts["changed"] is False
    assert declared.read_text("utf-8") == DECLARATION
    assert kept_rulings(load_source(declared), declared) == before


def test_what_a_reviewer_accepts_and_rejects_changes_the_declaration_and_nothing_else(declared: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.tsv"
    house, begging = kept_rulings(load_source(declared), declared)
    new = replace(house, word="Cleaning", state=ACCEPTED, reviewer="reviewer", author="focal point", day=DAY)
    write_tsv([house, replace(begging, state=REJECTED, reviewer="reviewer"), new], file)
    exchange(["import", str(declared), str(file)], None)
    wanted = DECLARATION.replace("words: {LAB_DOM: [Housework], BEG: [Begging]}", 'words: {LAB_DOM: [Housework, "Cleaning"]}')
    assert declared.read_text("utf-8").split() == wanted.split()  # a list over several lines may become one line
    states = {ruling.word: (ruling.state, ruling.reviewer) for ruling in kept_rulings(load_source(declared), declared)}
    assert states == {"Housework": ("UNREVIEWED", ""), "Cleaning": (ACCEPTED, "reviewer"), "Begging": (REJECTED, "reviewer")}


def test_a_ruling_of_one_country_is_taken_over_there_and_only_offered_elsewhere(declared: Path, tmp_path: Path) -> None:
    write_tsv([replace(RULINGS[0], author="focal point", day=DAY, confidence=0.9)], tmp_path / f"{NAME}.sssom.tsv")
    ours = House("KEN", tmp_path).ours("exploitation_forms")["housework"]
    assert (ours.code, ours.author, ours.day, ours.confidence, ours.ours) == ("LAB_DOM", "focal point", DAY, 0.9, True)
    assert House("UGA", tmp_path).ours("exploitation_forms") == {}
    offered = House("UGA", tmp_path).others("exploitation_forms", ["Housework"])["housework"]
    assert (offered.code, offered.ours) == ("LAB_DOM", False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "NOWHERE"}, "there is no code 'NOWHERE' for exploitation_forms"),
        ({"field": "colour"}, "has no column for 'colour'"),
        ({"column": "Shape"}, "is read from 'Form' and not from 'Shape'"),
        ({"source": "uga_other_source"}, "is of the source 'uga_other_source'"),
    ],
)
def test_a_ruling_that_cannot_stand_is_refused_in_one_sentence(
    declared: Path, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    file = tmp_path / "review.tsv"
    write_tsv([replace(RULINGS[0], **change)], file)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=said) as told:
        exchange(["import", str(declared), str(file)], None)
    assert len(str(told.value).splitlines()) == 1


def test_a_table_that_is_no_export_is_refused(declared: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.tsv"
    file.write_text("word\tcode\nBegging\tBEG\n", "utf-8")
    with pytest.raises(SourceError, match="has no column subject_label"):
        exchange(["import", str(declared), str(file)], None)
