"""How far do cases go? Investigations, prosecutions and convictions, each in its own counting unit."""

from __future__ import annotations

from dashboard.bars import bars, columns, ladder
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart
from dashboard.groups import JUSTICE, JUSTICE_PUBLISHED
from dashboard.page import Page
from dashboard.pages.texts import COLUMNS, LATEST, NO_OTHERS, NOTHING, OTHERS, RATIOS, UNITS
from dashboard.tables import cells

FUNNEL = tuple(f"TIP_ATTRITION_{stage}" for stage in ("INVESTIG", "FORMAL", "TO_DPP", "PROSEC", "TRIAL", "CONV1", "CONVF"))
CHARTS = (
    Chart(
        name="funnel",
        question="From investigation to conviction: how many in each counting unit?",
        note=UNITS,
        empty=NOTHING,
        ask=Ask(JUSTICE, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="stages",
        question="Which stage had the persons in formal contact reached at most?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_INVEST",), by=("stage",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="attrition",
        question="Of 100 persons recorded, how many reach each stage?",
        note="Of the persons whose stage is known, in registers of single suspects. Cases still open may yet go further.",
        empty=NOTHING,
        ask=Ask((*FUNNEL, "TIP_ATTRITION_UNK"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="ratios",
        question="How do prosecutions and convictions compare?",
        note=RATIOS,
        empty=NOTHING,
        ask=Ask(("TIP_PROS_RATIO", "TIP_CONV_RATIO", "TIP_CONV_RATE", "TIP_CONV_COHORT", "TIP_RECL"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="sentences",
        question="To what are those convicted of trafficking sentenced?",
        note="Shares are of the convicted whose sentence is known; the last bar is the share of all convicted of whom it is not.",
        empty=NOTHING,
        ask=Ask(("TIP_SH_PRISON", "TIP_SH_FINE", "TIP_SH_COMP", "TIP_SH_SENT_UNK"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="duration",
        question="How many months pass from charge to verdict?",
        note="The median of at least ten persons; where there are fewer, there is no figure.",
        empty=NOTHING,
        ask=Ask(("TIP_DUR_MED",), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="convicted",
        question="How many persons were convicted of trafficking, year by year?",
        note=COLUMNS,
        empty=NOTHING,
        ask=Ask(("TIP_CONV",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="convicted-sex",
        question="Are the persons convicted women or men?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_CONV",), by=("sex",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="convicted-citizenship",
        question="Whose citizens are the persons prosecuted?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_PROSEC",), by=("citizenship",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="published",
        question="What have others published on justice?",
        note=OTHERS,
        empty=NO_OTHERS,
        ask=Ask(JUSTICE_PUBLISHED, origins=PUBLISHED),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/justice",
    menu="Justice",
    title="What does justice do about trafficking?",
    lead="From investigation to conviction, counted in the unit that each country counts in. Smuggling has a page of its own.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "citizenship", "kind"),
)
