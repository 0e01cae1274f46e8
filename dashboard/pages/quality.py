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
        "change. Shares are whole per cents; where few rows stand on one side nothing is told, or 99 % where hardly any fall "
        "short.",
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
        note="A problem is the same as before while source, rule, field and words are the same. Problems are counted in fives, "
        "and fewer than ten are not counted out.",
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
