"""Who reported what, and what do the figures say?"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.bars import column_panels
from dashboard.charts import Chart, Over
from dashboard.edition import Edition, Figure
from dashboard.filters import Filters
from dashboard.page import Page
from dashboard.queries import Grid, answers, choices, conflicts, invented_figures, parts_only, real_figures
from dashboard.tables import beside, grid, grid_legend, twin
from dashboard.words import Words

LEAD = (
    "Every figure below can be followed to its source, its submission and the law that it counts by. "
    "Silence, zero and hidden numbers are three different things here, and are shown as such."
)
PARTS = "Figures for parts only, by area, sex or age, which are not added up here: {countries}."
BARS = (
    "Each country has its own scale: read the heights within a country, not across countries, which count by their own laws. "
    "Hatched columns are periods that are not calendar years, such as the Ethiopian fiscal year; they stand at the year in which "
    "they end. A lighter column is a second figure of the same source for the same period. "
    "0 is a stated zero, < a small number that the sender hid, .. not reported, ✕ no response."
)


def _grid(rows: Grid, edition: Edition, words: Words) -> Markup:
    return grid_legend(words) + grid(rows, edition, words)


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
        name="answers",
        question="Who reported what, and when?",
        note="A year is that in which the period of a figure ends. A cell shows the best answer of a country's institutions.",
        empty="Nothing was asked or received for this choice.",
        ask=Over(answers),
        table=_grid,
    ),
    Chart(
        name="published",
        question="What do published figures say, year by year?",
        note=BARS,
        empty="No published or received figure for whole countries fits this choice.",
        ask=Over(real_figures, by_indicator=True),
        table=twin,
        picture=column_panels,
        silence=_silent_real,
    ),
    Chart(
        name="invented",
        question="How do national files look here? The invented samples",
        note=BARS,
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
)
PAGE = Page(
    address="/",
    menu="Overview",
    title="Who reported what, and what do the figures say?",
    lead=LEAD,
    charts=CHARTS,
    offers=("indicator", "years", "country"),
)
