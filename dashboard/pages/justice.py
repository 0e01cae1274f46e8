"""How far do cases go? Investigations, prosecutions and convictions, each in its own counting unit."""

from __future__ import annotations

from dashboard.bars import bars, columns
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart
from dashboard.page import Page
from dashboard.tables import cells

NOTHING = "No country counts this for the choice at hand."
CHARTS = (
    Chart(
        name="stages",
        question="How many persons come into contact with justice, are prosecuted and are convicted?",
        note="Cases, incidents, offences and persons are different units; a bar is never compared with one of another unit.",
        empty=NOTHING,
        ask=Ask(("TIP_CASE", "TIP_INVEST", "TIP_PROSEC", "TIP_CONV"), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="convicted",
        question="How many persons were convicted of trafficking, year by year?",
        empty=NOTHING,
        ask=Ask(("TIP_CONV",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="published",
        question="What have others published?",
        note="Figures of other bodies stand beside those of the countries and are never added to them.",
        empty="No other body has published a figure for this choice.",
        ask=Ask(("TIP_PROSEC", "TIP_CONV"), origins=PUBLISHED),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/justice",
    menu="Justice",
    title="What does justice do about trafficking?",
    lead="From investigation to conviction, counted in the unit that each country counts in.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "citizenship", "kind"),
)
