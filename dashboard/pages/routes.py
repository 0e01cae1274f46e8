"""Which corridors and routes? Trafficking and smuggling are never mixed."""

from __future__ import annotations

from dashboard.bars import columns
from dashboard.cells import Ask
from dashboard.charts import Chart
from dashboard.page import Page
from dashboard.tables import cells

NOTHING = "No country counts this for the choice at hand."
CHARTS = (
    Chart(
        name="migrants",
        question="How many smuggled migrants were detected, year by year?",
        empty=NOTHING,
        ask=Ask(("SOM_MIG",)),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/routes",
    menu="Routes",
    title="Which routes do people take?",
    lead="Smuggling is another crime than trafficking: its figures stand on pages of their own.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "citizenship", "kind"),
)
