"""How good are the data, and what is to be done next?"""

from __future__ import annotations

from markupsafe import Markup

from dashboard.charts import Chart, Over
from dashboard.edition import Edition
from dashboard.page import Page
from dashboard.queries import Grid, answers
from dashboard.scorecard import action_table, actions, measured, problem_table, problems, scorecard
from dashboard.tables import grid, grid_legend
from dashboard.words import Words

OLDER = "Nothing is measured for this choice."


def _grid(rows: Grid, edition: Edition, words: Words) -> Markup:
    return grid_legend(words) + grid(rows, edition, words)


CHARTS = (
    Chart(
        name="scores",
        question="How good are the data of each source?",
        note="Countries stand in the order of their names: this is no league table. What counts is whether a source comes "
        "nearer to its goal than it was in the edition before. Goals are the same for all and stand in a list that experts may "
        "change. Shares are rounded at random to steps of 1, 2 or 5 per cent; where few rows are behind them nothing is told.",
        empty=OLDER,
        ask=Over(measured),
        table=scorecard,
    ),
    Chart(
        name="next",
        question="What are the next three things to do?",
        note="They follow by rule from silences, from the measures that miss their goal most, and from the rules that are broken "
        "most, errors before warnings.",
        empty=OLDER,
        ask=Over(actions),
        table=action_table,
    ),
    Chart(
        name="problems",
        question="Which problems are new, fixed or still open?",
        note="Rows that break a rule are counted, rounded at random to tens; a rule that few rows break is not listed. What is "
        "new or fixed is the difference from the edition before, as both tell it.",
        empty="No problem is known for this choice.",
        ask=Over(problems),
        table=problem_table,
    ),
    Chart(
        name="coverage",
        question="Who reported what, and when?",
        note="A year is that in which the period of a figure ends. A cell shows the best answer of a country's institutions.",
        empty="Nothing was asked or received for this choice.",
        ask=Over(answers),
        table=_grid,
    ),
)
PAGE = Page(
    address="/quality",
    menu="Quality",
    title="How good are the data, and what is to be done next?",
    lead="Completeness, validity, words understood, coherence, timeliness, comparability and hidden figures, source by source, "
    "with what changed since the last edition.",
    charts=CHARTS,
    offers=("years", "country"),
)
