"""Who reported what, and what do the figures say?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from dashboard.bars import column_panels
from dashboard.cautions import caution_table, cautions
from dashboard.changes import change_table, changes
from dashboard.charts import Chart, Over
from dashboard.edition import Edition, Figure
from dashboard.filters import Filters
from dashboard.headlines import card_list, card_table, cards
from dashboard.known import known, known_table
from dashboard.maps import known_map
from dashboard.page import Page
from dashboard.pages.texts import COLUMNS
from dashboard.queries import Grid, answers, choices, conflicts, invented_figures, parts_only, real_figures
from dashboard.tables import beside, grid, grid_legend, twin
from dashboard.words import Words

LEAD = (
    "Every figure below can be followed to its source, its submission and the law that it counts by. "
    "Silence, zero and hidden numbers are three different things here, and are shown as such."
)
PARTS = "Figures for parts only, by area, sex or age, which are not added up here: {countries}."
CARDS = (
    "Of each country and indicator, the national source that reaches furthest; where there is none, what others published. "
    "No total of the region is given: laws, units and years differ, and what is detected is not all there is."
)
CAREFUL = (
    "A change may come from law, police work or reporting, and not from trafficking itself. Figures of different laws, units, "
    "periods or coverage do not compare."
)


def answer_grid(rows: Grid, edition: Edition, words: Words) -> Markup:
    """Show who answered, with the signs in words above."""
    written = partial(grid, rows, edition, words)
    return grid_legend(words) + edition.memo.of(("grid", rows, words.language), written)


def _silent_real(rows: Sequence[Figure], edition: Edition, filters: Filters, words: Words) -> list[str]:
    return _silent(rows, edition, filters, words, invented=False)


def _silent_invented(rows: Sequence[Figure], edition: Edition, filters: Filters, words: Words) -> list[str]:
    return _silent(rows, edition, filters, words, invented=True)


def _silent(rows: Sequence[Figure], edition: Edition, filters: Filters, words: Words, invented: bool) -> list[str]:
    parts = set(parts_only(edition, filters, invented))
    asked = filters.countries or choices(edition).countries
    none = set(asked) - {row.ref_area for row in rows} - parts
    said = []
    if parts:
        said.append(words.say(PARTS, countries=_listed(parts, edition, words)))
    if none and rows:
        said.append(words.say("No figure for: {countries}.", countries=_listed(none, edition, words)))
    return said


def _listed(codes: set[str], edition: Edition, words: Words) -> str:
    ordered = sorted(codes, key=lambda code: words.country_order(edition, code))
    return words.list(words.country(edition, code) for code in ordered)


CHARTS = (
    Chart(
        name="headlines",
        question="What is the last figure of each country, and what was the one before?",
        note=CARDS,
        empty="No country is known to this edition.",
        ask=Over(cards),
        table=card_table,
        picture=card_list,
    ),
    Chart(
        name="map",
        question="Of which countries is something known, and how new is it?",
        note="Colours say who gave a figure and when, never how much: laws and units differ. Disputed areas are grey.",
        empty="No country is known to this edition.",
        ask=Over(known, by_indicator=True),
        table=known_table,
        picture=known_map,
    ),
    Chart(
        name="answers",
        question="Who reported what, and when?",
        note="A year is that in which the period of a figure ends. A cell shows the best answer of a country's institutions.",
        empty="Nothing was asked or received for this choice.",
        ask=Over(answers),
        table=answer_grid,
    ),
    Chart(
        name="published",
        question="What do published figures say, year by year?",
        note=COLUMNS,
        empty="No published or received figure for whole countries fits this choice.",
        ask=Over(real_figures, by_indicator=True),
        table=twin,
        picture=column_panels,
        silence=_silent_real,
    ),
    Chart(
        name="invented",
        question="How do national files look here? The invented samples",
        note=COLUMNS,
        empty="No invented figure for whole countries fits this choice.",
        ask=Over(invented_figures, by_indicator=True),
        table=twin,
        picture=column_panels,
        silence=_silent_invented,
    ),
    Chart(
        name="conflicts",
        question="Where do sources not agree?",
        note="Figures of one country, period and unit that differ stand side by side; none is chosen and no mean is taken.",
        empty="No two figures of one country, period and unit differ for this choice.",
        ask=Over(conflicts, by_indicator=True),
        table=beside,
    ),
    Chart(
        name="changes",
        question="What changed in this edition?",
        empty="No edition before this one is kept here, or no figure for a whole country changed.",
        ask=Over(changes),
        table=change_table,
    ),
    Chart(
        name="cautions",
        question="What should you be careful about?",
        note=CAREFUL,
        empty="No figure for this choice carries a flag.",
        ask=Over(cautions),
        table=caution_table,
    ),
)
PAGE = Page(
    address="/",
    menu="Overview",
    title="Who reported what, and what do the figures say?",
    lead=LEAD,
    charts=CHARTS,
    offers=("indicator", "years", "country"),
)
