"""What is known of the smuggling of migrants: incidents, migrants, smugglers, means, prices and deaths."""

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
    address="/smuggling",
    menu="Smuggling",
    title="What is known of the smuggling of migrants?",
    lead="Smuggling is another crime than trafficking: its figures stand on pages of their own.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "citizenship", "kind"),
)
