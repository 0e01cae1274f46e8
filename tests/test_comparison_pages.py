"""The pages of comparison, quality and methods: what is drawn together, what is refused, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.comparable import FREE, MARK, REFUSE, alone, compared, marks, members, pairs, why
from dashboard.db import current_edition
from dashboard.edition import Edition
from dashboard.filters import LANGUAGES, Filters
from dashboard.history import difference_table, differences, edition_table, past
from dashboard.methods import code_lists, ruling_list, rulings, source_list, sources, term_list
from dashboard.notes import Notes, Past
from dashboard.pairs import itself, whom
from dashboard.scorecard import action_table, actions, compared_with, measured, problem_table, problems, scorecard
from dashboard.side_by_side import left_out, refused, side_by_side
from dashboard.words import Words

ENGLISH = Words("en")
CONVICTED = Filters(indicator="TIP_CONV")
UGANDA = Filters(indicator="TIP_CONV", countries=("UGA",), first=2023, last=2023)


@pytest.fixture
def shown(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return current_edition()


def plain(markup: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", str(markup)))


def test_no_group_holds_two_series_that_are_refused(shown: Edition) -> None:
    for indicator in ("TIP_CONV", "TIP_VIC_DET", "SOM_MIG", "TIP_CASE"):
        groups = compared(shown, Filters(indicator=indicator))
        assert groups, indicator
        for group in groups:
            held = members(shown, group)
            for one in held:
                for other in held:
                    grave = [reason for reason in shown.notes.between(one.number, other.number) if reason.severity == REFUSE]
                    assert len(held) == 1 or grave == [], (one, other)


def test_every_figure_of_the_choice_stands_in_one_group_and_in_one_only(shown: Edition) -> None:
    figures = [figure.observation_id for group in compared(shown, CONVICTED) for figure in group]
    assert len(figures) == len(set(figures)) > 10


def test_persons_of_an_invented_register_and_of_a_report_are_refused_in_words_and_not_drawn(shown: Edition) -> None:
    groups = compared(shown, UGANDA)
    reasons = " ".join(refused(groups, shown, UGANDA, ENGLISH))
    assert "One is invented for demonstration, the other is real" in reasons
    assert 'class="columns' not in str(side_by_side(groups, shown, ENGLISH))


def test_one_series_alone_is_no_comparison(shown: Edition) -> None:
    chosen = Filters(indicator="TIP_CONV", countries=("TUN",))
    assert refused(compared(shown, chosen), shown, chosen, ENGLISH) == [
        "Only one series fits this choice; choose another country, indicator or year to set beside it."
    ]


def test_what_compares_with_care_is_drawn_on_one_scale_with_its_marks(shown: Edition) -> None:
    chosen = Filters(indicator="TIP_CONV", countries=("ETH", "TUN"))
    groups = compared(shown, chosen)
    assert refused(groups, shown, chosen, ENGLISH) == []
    drawn = str(side_by_side(groups, shown, ENGLISH))
    assert 'class="column marked"' in drawn
    told = {mark.reason.code for mark in marks(shown, groups[0])}
    assert {"YEAR", "CALENDAR", "BREAK"} <= told
    assert "The years begin on different days: Ethiopia" in plain(drawn)


def test_what_is_not_drawn_is_named_with_its_reason(shown: Edition) -> None:
    told = left_out(compared(shown, CONVICTED), shown, CONVICTED, ENGLISH)
    assert any(sentence.startswith("Not drawn: Uganda (") for sentence in told)


def test_a_break_outside_the_chosen_years_is_not_told(shown: Edition) -> None:
    def codes(filters: Filters) -> set[str]:
        return {reason.code for pair in alone(shown, filters) for reason in pair.reasons if pair.one.ref_area == "ETH"}

    assert "BREAK" in codes(CONVICTED)
    assert "BREAK" not in codes(Filters(indicator="TIP_CONV", first=2022, last=2022))


def test_pairs_are_of_one_kind_and_hold_every_verdict(shown: Edition) -> None:
    found = pairs(shown, CONVICTED)
    assert {pair.verdict for pair in found} >= {MARK, REFUSE}
    assert all(pair.one.invented == pair.other.invented for pair in found)
    assert {pair.verdict for pair in pairs(shown, Filters(indicator="SOM_MIG"))} >= {FREE, REFUSE}


def test_indicators_that_look_alike_are_paired_and_refused(shown: Edition) -> None:
    alike = [pair for pair in pairs(shown, Filters(indicator="SOM_MIG")) if pair.other.indicator == "SOM_STOCK"]
    assert alike
    assert all(pair.verdict == REFUSE for pair in alike)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_said_in_every_language(shown: Edition, language: str) -> None:
    words, nothing = Words(language), Filters(language=language)
    chosen = Filters(indicator="TIP_CONV", language=language)
    assert words.label(shown, "CL_COMPARABILITY", "AGENCY") in plain(whom(pairs(shown, chosen), shown, words))
    assert words.say("comparable with care") in plain(itself(alone(shown, chosen), shown, words))
    assert words.label(shown, "CL_NQAF", "COHERENCE") in plain(scorecard(measured(shown, nothing), shown, words))
    assert words.label(shown, "RULE", "V13") in plain(problem_table(problems(shown, nothing), shown, words))
    assert words.say("Fill in what is left empty or unknown.") in plain(action_table(actions(shown, nothing), shown, words))
    assert words.label(shown, "CL_MATCH", "ALIAS") in plain(ruling_list(rulings(shown, nothing), shown, words))
    assert words.say("Kind of body") in plain(source_list(sources(shown, nothing), shown, words))
    assert "HTCDS" in plain(code_lists(shown.notes.meanings, shown, words))
    assert sum(row.language == language for row in shown.notes.terms) == str(term_list(shown.notes.terms, shown, words)).count(
        "<dt>"
    )
    assert shown.name in plain(edition_table(past(shown, nothing), shown, words))
    assert compared_with(shown, words) in plain(difference_table(differences(shown, nothing), shown, words))


def test_a_reason_says_what_differs_on_either_side(shown: Edition) -> None:
    told = {why(reason, shown, ENGLISH) for pair in pairs(shown, UGANDA) for reason in pair.reasons if reason.code == "UNIT"}
    assert "They count different things: Persons suspected / prosecuted / convicted / Cases / files" in told


def test_no_source_gets_more_than_three_actions_and_they_stand_in_order(shown: Edition) -> None:
    held: dict[str, list[int]] = {}
    for action in actions(shown, Filters()):
        held.setdefault(action.source, []).append(action.position)
    assert held
    assert all(positions == list(range(1, len(positions) + 1)) and len(positions) <= 3 for positions in held.values())


def test_countries_of_the_scorecard_stand_in_the_order_of_their_names(shown: Edition) -> None:
    names = re.findall(r'<th scope="row" class="who"><b>([^<]+)</b>', str(scorecard(measured(shown, Filters()), shown, ENGLISH)))
    assert names[-1] == "Several countries"
    assert names[:-1] == sorted(names[:-1])


def test_the_choice_of_a_country_narrows_quality_to_its_sources(shown: Edition) -> None:
    found = {row.source[:3] for row in measured(shown, Filters(countries=("KEN",)))}
    assert found == {"ken", "usd"}


def test_an_edition_of_an_older_program_says_that_it_does_not_know(shown: Edition) -> None:
    older = replace(shown, notes=Notes())
    assert compared(older, CONVICTED) == ()
    assert pairs(older, CONVICTED) == ()


def test_the_edition_knows_itself_without_a_hash_of_its_own(shown: Edition) -> None:
    last = shown.notes.past[-1]
    assert isinstance(last, Past)
    assert (last.name, last.public_hash) == (shown.name, None)
