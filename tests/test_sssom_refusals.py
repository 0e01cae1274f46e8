"""Rulings that come back: a negation, another relation or a contradiction is refused, and the declaration stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import DECLARATION

from etl.errors import SourceError, SourceErrors
from etl.rulings_exchange import exchange

NAME = "ken_station_register"
HEAD = (
    "subject_label\tpredicate_modifier\tpredicate_id\tobject_id\tconfidence\text_source\text_field\text_column\text_review_state\n"
)


def row(word: str, code: str, modifier: str = "", predicate: str = "skos:exactMatch", state: str = "ACCEPTED") -> str:
    return f"{word}\t{modifier}\t{predicate}\tcode:{code}\t1\t{NAME}\texploitation_forms\tForm\t{state}\n"


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    path = tmp_path / f"{NAME}.yml"
    path.write_text(DECLARATION, "utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (row("Ritual", "MAR", modifier="Not"), "line 2: the mapping is modified by 'Not'"),
        (row("Ritual", "MAR", predicate="skos:relatedMatch"), "the predicate 'skos:relatedMatch' does not say"),
        (row("Ritual", "MAR") + row("Ritual", "BEG"), "rulings 1 and 2: exploitation_forms: the same word is accepted"),
        (row("Ritual", "MAR") + row(" RITUAL", "BEG"), "the same word is accepted for MAR and for BEG; keep one"),
        (row("begging", "MAR"), "cannot mean both"),
    ],
)  # fmt: skip
def test_a_ruling_that_cannot_stand_is_refused_and_leaves_the_declaration(rows: str, sentence: str, declared: Path) -> None:
    file = declared.with_name("rulings.tsv")
    file.write_text(HEAD + rows, "utf-8")
    with pytest.raises((SourceError, SourceErrors), match=sentence.replace("(", "\\(")):
        exchange(["import", str(declared), str(file)], None)
    assert declared.read_text("utf-8") == DECLARATION


def test_a_word_with_a_broader_code_is_taken(declared: Path) -> None:
    file = declared.with_name("rulings.tsv")
    file.write_text(HEAD + row("Ritual", "MAR", predicate="skos:broadMatch"), "utf-8")
    exchange(["import", str(declared), str(file)], None)
    assert "Ritual" in declared.read_text("utf-8")
