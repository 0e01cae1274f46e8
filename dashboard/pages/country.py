"""One country: all that is known of it, and how it was counted."""

from __future__ import annotations

from dashboard.bars import bars, columns
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart
from dashboard.page import Page
from dashboard.tables import cells

APART = "Identified, presumed and intercepted persons are counted apart and are never added: one person may be in several."
CODES = "Bars that are set in are part of the bar above them. A country's figures follow its own law: compare with care."
NOTHING = "No country counts this for the choice at hand."

CHARTS = (
    Chart(
        name="detected",
        question="How many victims of trafficking were detected, year by year?",
        note=APART,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="presumed",
        question="How many persons were presumed to be victims?",
        note=APART,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_PRES",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="intercepted",
        question="How many persons were stopped while at risk of being trafficked?",
        note=APART,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_INTERC",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="sex-age",
        question="Are the detected victims women, men, girls or boys?",
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("sex", "age"), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="form",
        question="For which forms of exploitation were they trafficked?",
        note=CODES,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("exploitation",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="form-sex",
        question="Which forms of exploitation do women and men meet?",
        note=CODES,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("exploitation", "sex"), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="citizenship",
        question="Whose citizens are the detected victims?",
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("citizenship",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="scope",
        question="Did it happen within the country or across a border?",
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("scope",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="published",
        question="What have others published?",
        note="Figures of other bodies stand beside those of the countries and are never added to them.",
        empty="No other body has published a figure for this choice.",
        ask=Ask(("TIP_VIC_DET",), origins=PUBLISHED),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/country",
    menu="Country",
    title="Country",
    lead="Figures of national registers and returns, each by its own law. What is small is protected and shown as such.",
    charts=CHARTS,
    offers=("years", "sex", "age", "form", "citizenship", "kind"),
    of_country=True,
)
