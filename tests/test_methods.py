"""What explains an edition: every term and title in every language, and no rare word of a real file."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from small import DECLARATION, HEADINGS, House
from warm import Warm

from etl.editions import current
from schemas.codelists import codelist
from schemas.glossary import LANGUAGES, glossary, rule_titles
from schemas.quality import measure_of_rule, measures
from schemas.rules import rules

NAME = "ken_station_register"
ACCEPTED = "accept_refused: {share: 0.5, because: forty rows of a word that nobody has ruled on}"
REAL = DECLARATION.replace("invented: true", f"decided_by: Amina Testwoman\n{ACCEPTED}").replace(
    "words: {", "words: {LAB_AGR: [Fields], "
)
# Enough rows of housework and of a word that nobody has ruled on for any key, and nine of work in the fields: for none.
WORK = ["Housework"] * 41 + ["Fields"] * 9 + ["Nightwork"] * 40
ROWS = [f"{place},2021-02-03,F,30,Kenya,{work},none" for place, work in enumerate(WORK, start=1)]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warm = Warm(tmp_path_factory.mktemp("warm"))
    house = House(tmp_path_factory.mktemp("house"), warm)
    house.declare(NAME, REAL)
    house.receive(NAME, "\n".join([HEADINGS, *ROWS, ""]))
    ended = house.build()
    assert ended.code == 0, ended.err
    with duckdb.connect(str(current(house.data).public), read_only=True) as connection:
        yield connection
    warm.close()


def test_only_words_that_were_read_and_are_not_rare_are_shown(public: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT raw_value, code, at_least FROM ruling_shown WHERE field = 'exploitation_forms'"
    assert public.execute(query).fetchall() == [("Housework", "LAB_DOM", 10)]


def test_who_ruled_is_told_as_the_declaration_and_never_as_a_member_of_the_staff(public: duckdb.DuckDBPyConnection) -> None:
    names = public.execute("SELECT DISTINCT decided_by FROM ruling_shown ORDER BY ALL").fetchall()
    assert names == [(f"declaration {NAME}.yml",), ("words of the code list",)]


def test_no_number_day_or_key_of_a_case_is_among_the_words(public: duckdb.DuckDBPyConnection) -> None:
    fields = {row[0] for row in public.execute("SELECT DISTINCT field FROM ruling_shown").fetchall()}
    assert fields == {"sex", "citizenship", "exploitation_forms"}


def test_problems_are_told_in_tens_and_a_rule_that_few_rows_break_is_not(public: duckdb.DuckDBPyConnection) -> None:
    rows = public.execute("SELECT rule_id, added, fixed, still_open FROM problem_change ORDER BY ALL").fetchall()
    # forty rows of the unknown word, which are four tens wherever the key lets tens begin
    assert rows == [("V01", None, None, "40")]


def test_quality_is_told_in_whole_per_cents(public: duckdb.DuckDBPyConnection) -> None:
    values = [row[0] for row in public.execute("SELECT value FROM quality_source").fetchall()]
    assert values
    assert all(value == round(value) for value in values)


def test_every_term_and_every_title_of_a_rule_is_there_in_every_language() -> None:
    for term in glossary():
        assert all(term.labels.values()), term.code
        assert all(term.meanings.values()), term.code
        assert set(term.labels) == set(LANGUAGES)
        assert term.review == "fr ar sw"
    assert len(glossary()) >= 40
    assert len({term.code for term in glossary()}) == len(glossary())
    assert all(rule_titles()[rule.id, language] for rule in rules() for language in LANGUAGES)


def test_terms_of_trafficking_and_smuggling_keep_their_own_words() -> None:
    terms = {term.code: term for term in glossary()}
    for language, own, other in (("fr", "traite", "trafic"), ("ar", "اتجار", "تهريب"), ("sw", "biashara haramu", "magendo")):
        assert own in terms["TIP"].labels[language].lower().replace("الا", "ا")
        assert other not in terms["TIP"].labels[language].lower()
        assert other in terms["SOM"].labels[language].lower()


def test_every_measure_has_a_dimension_a_goal_and_rules_that_exist() -> None:
    known = {rule.id for rule in rules()}
    for measure in measures().values():
        assert measure.nqaf in codelist("CL_NQAF")
        assert measure.target > 0
        assert set(measure.rules) <= known
    assert len(measure_of_rule()) == sum(len(measure.rules) for measure in measures().values())
    assert measures()["DQ_COMPL"].shortfall(45) == 0.5
    assert measures()["DQ_TIMELY"].shortfall(45) == 0
    assert measures()["DQ_TIMELY"].shortfall(180) == 1
