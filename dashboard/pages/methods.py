"""Where do the figures come from, and how were they made? One page in plain words, and three with the long lists."""

from __future__ import annotations

from dashboard.charts import Chart
from dashboard.edition import Edition
from dashboard.explained import citation, further, limits, protection, text
from dashboard.filters import Filters
from dashboard.history import difference_table, differences, edition_table, past
from dashboard.methods import (
    Of,
    code_lists,
    indicator_table,
    indicators,
    rule_table,
    ruling_list,
    rulings,
    source_list,
    sources,
    term_list,
)
from dashboard.notes import Meaning, Rule, Term
from dashboard.page import Page
from dashboard.revisions import revision_table, revisions

OLDER = "This edition was made before this was told."


def _rules(edition: Edition, _: Filters) -> tuple[Rule, ...]:
    return edition.notes.rules


def _terms(edition: Edition, _: Filters) -> tuple[Term, ...]:
    return edition.notes.terms


def _meanings(edition: Edition, _: Filters) -> tuple[Meaning, ...]:
    return edition.notes.meanings


METHODS = Page(
    address="/methods",
    menu="Methods",
    title="Where do the figures come from, and how were they made?",
    lead="Sources, protection, rules, indicators and terms in plain words; nothing here needs to be taken on trust.",
    charts=(
        Chart("further", "Where are the long lists?", OLDER, Of(text), further),
        Chart("protection", "How are persons protected?", OLDER, Of(text), protection),
        Chart("sources", "Who sent what?", "No source speaks of this choice.", Of(sources), source_list),
        Chart("limits", "What can the figures not say?", OLDER, Of(text), limits),
        Chart("citation", "How are figures cited?", OLDER, Of(text), citation),
        Chart("terms", "What do the terms mean?", OLDER, Of(_terms), term_list),
        Chart("indicators", "How is each indicator worked out?", OLDER, Of(indicators), indicator_table),
        Chart("rules", "Which rules must data pass?", OLDER, Of(_rules), rule_table),
    ),
    offers=("country",),
)
WORDS = Page(
    address="/methods/words",
    menu="",
    title="How was each word read?",
    lead="A file is read word by word: each different word once, by a list, a rule or a person. What nobody has ruled on is not "
    "guessed.",
    charts=(
        Chart(
            name="rulings",
            question="What was each word taken to mean?",
            note="Only columns of words are shown, never those that may identify a person. Only words that were read "
            "are listed, of each column the most frequent; rare words are left out, and how often a word was met is told by the "
            "order of magnitude alone.",
            empty="No word was read for this choice.",
            ask=Of(rulings),
            table=ruling_list,
        ),
    ),
    offers=("country",),
)
CODES = Page(
    address="/methods/codes",
    menu="",
    title="What does each code mean, here and elsewhere?",
    lead="Every list of codes with its labels, its meanings and its counterparts in other standards.",
    charts=(
        Chart(
            name="codes",
            question="Which codes are there?",
            note="= the same, ⊂ theirs is wider, ⊃ theirs is narrower, ~ related. Meanings are given in English.",
            empty=OLDER,
            ask=Of(_meanings),
            table=code_lists,
        ),
    ),
    offers=(),
)
EDITIONS = Page(
    address="/methods/editions",
    menu="",
    title="Which editions were there, and what is different?",
    lead="An edition never changes; a later one stands beside it. Here is what this one holds that the one before did not.",
    charts=(
        Chart("editions", "Which editions were there?", OLDER, Of(past), edition_table),
        Chart(
            name="revisions",
            question="Which revisions are pending?",
            note="A change that moves fewer than ten persons, and a source that cannot be read, wait; "
            "the figures are those that were released before.",
            empty="No revision is pending.",
            ask=Of(revisions),
            table=revision_table,
        ),
        Chart(
            name="differences",
            question="Which figures are new, gone or changed, and why?",
            note="Both numbers are those of the public files. What was shown before and is hidden now is not shown again.",
            empty="No figure of this choice is different from the edition before.",
            ask=Of(differences),
            table=difference_table,
        ),
    ),
    offers=("country",),
)
PAGES = (METHODS, WORDS, CODES, EDITIONS)
