"""What is known of the smuggling of migrants: incidents, migrants, smugglers, means, prices and deaths."""

from __future__ import annotations

from dashboard.bars import bars, columns, ladder
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart
from dashboard.page import Page
from dashboard.pages.texts import COLUMNS, LATEST, NO_OTHERS, NOTHING, RATIOS
from dashboard.tables import cells
from schemas.indicators import indicators

SHARED = "Shares are of the incidents of which it is known. Each panel is the last period of one source."
ABUSES_NOTE = (
    "Shares are of the incidents that say whether there were abuses. One incident may have several, so that the shares do not "
    "add up to 100. Each panel is the last period of one source."
)
ABUSES = tuple(code for code in indicators() if code.startswith("SOM_SH_ABUSE_"))
FEES = tuple(code for code in indicators() if code.startswith("SOM_FEE_MED_"))
MODES = tuple(code for code in indicators() if code.startswith("SOM_SH_MODE_"))
CROSSINGS = tuple(code for code in indicators() if code.startswith("SOM_SH_CROSS_"))
# Each share with the share of what is not known beside it.
SIGNS = tuple(name for code in ("SOM_TIPIND", "SOM_SH_FRAUD", "SOM_SH_UASC", "SOM_FATAL") for name in (code, f"{code}_UNK"))
CHARTS = (
    Chart(
        name="incidents",
        question="How many incidents of smuggling were recorded, year by year?",
        note=COLUMNS,
        empty=NOTHING,
        ask=Ask(("SOM_INC",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="migrants",
        question="How many smuggled migrants were detected, year by year?",
        note="Persons found in incidents, each as often as found. Neither movements nor persons present are counted here.",
        empty=NOTHING,
        ask=Ask(("SOM_MIG",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="migrants-sex",
        question="Are the smuggled migrants women or men, children or adults?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_MIG",), by=("sex",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="migrants-citizenship",
        question="Whose citizens are the smuggled migrants?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_MIG",), by=("citizenship",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="outcome",
        question="What became of the migrants?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_MIG",), by=("outcome",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="mode",
        question="By which means are they moved?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_INC",), by=("transport_mode",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="modes",
        question="Of 100 incidents, how many use each means of transport?",
        note=SHARED,
        empty=NOTHING,
        ask=Ask(MODES, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="crossings",
        question="Of 100 incidents, where is the border crossed?",
        note=SHARED,
        empty=NOTHING,
        ask=Ask(CROSSINGS, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="justice",
        question="How many smugglers are arrested, prosecuted and convicted?",
        note="Arrests come from incidents, prosecutions and convictions from courts: other institutions, periods and persons.",
        empty=NOTHING,
        ask=Ask(("SOM_ARREST", "SOM_CASE", "SOM_INVEST", "SOM_PROSEC", "SOM_CONV"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="ratios",
        question="How do prosecutions and convictions compare?",
        note=RATIOS,
        empty=NOTHING,
        ask=Ask(("SOM_PROS_RATIO", "SOM_CONV_RATIO"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="fees",
        question="What does a person pay?",
        note="The median of at least ten prices for a person, in the currency in which they were stated; nothing is converted.",
        empty=NOTHING,
        ask=Ask(FEES, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="signs",
        question="How often are there signs of trafficking, forged papers or children alone?",
        note="Shares are of what is known. A sign of trafficking makes no victim of trafficking: the two crimes are never added.",
        empty=NOTHING,
        ask=Ask(SIGNS, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="abuses",
        question="Of 100 incidents, in how many were the migrants abused, and how?",
        note=ABUSES_NOTE,
        empty=NOTHING,
        ask=Ask(ABUSES, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="deaths",
        question="How many people died or went missing in recorded incidents?",
        note="National records only, never added to those of the Missing Migrants Project, which may hold the same people.",
        empty=NOTHING,
        ask=Ask(("SOM_DEATH",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="missing",
        question="What have others published on deaths and on smuggling?",
        note="Such as the Missing Migrants Project of IOM, which counts deaths on migration routes, smuggled or not.",
        empty=NO_OTHERS,
        ask=Ask(("SOM_DEATH", "SOM_MIG", "SOM_INC", "SOM_PROSEC", "SOM_CONV"), origins=PUBLISHED),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/smuggling",
    menu="Smuggling",
    title="What is known of the smuggling of migrants?",
    lead="Smuggling is another crime than trafficking, against a state and not against a person; the two are never added.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "citizenship", "kind"),
)
