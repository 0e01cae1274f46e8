"""Who are the victims, and what for? Presumed, identified and intercepted victims stand apart and are never added."""

from __future__ import annotations

from dashboard.bars import bars, columns, ladder
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart
from dashboard.page import Page
from dashboard.pages.texts import APART, CODES, COLUMNS, LATEST, NO_OTHERS, NOTHING, OTHERS
from dashboard.tables import cells
from schemas.indicators import indicators

SEVERAL = (
    "Shares are of the victims of whom it is known. One victim may have met several of these, so that the shares do not add up "
    "to 100. Each panel is the last period of one source."
)
RATIO = "Two counts of one source and period: who is identified may have been presumed before, so that it may be above 100."
CONTROLS = tuple(code for code in indicators() if code.startswith("TIP_SH_CONTROL_"))
RECRUITERS = tuple(code for code in indicators() if code.startswith("TIP_SH_RECRUITER_"))
SERVICES = tuple(code for code in indicators() if code.startswith("TIP_SH_SERVICE_"))
CHARTS = (
    Chart(
        name="detected",
        question="How many victims of trafficking were detected, year by year?",
        note=COLUMNS,
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
        name="identified",
        question="For 100 presumed victims, how many are identified?",
        note=RATIO,
        empty=NOTHING,
        ask=Ask(("TIP_PRES_IDENT",), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="sex-age",
        question="Are the detected victims women, men, girls or boys?",
        note=LATEST,
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
        name="form-age",
        question="Which forms of exploitation do children and adults meet?",
        note=CODES,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("exploitation", "age"), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="citizenship",
        question="Whose citizens are the detected victims?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("citizenship",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="scope",
        question="Did it happen within the country or across a border?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("scope",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="control",
        question="Of 100 detected victims, how many were controlled by each means?",
        note=SEVERAL,
        empty=NOTHING,
        ask=Ask(CONTROLS, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="recruiter",
        question="Of 100 detected victims, how many were recruited by whom?",
        note=SEVERAL,
        empty=NOTHING,
        ask=Ask(RECRUITERS, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="help",
        question="Of 100 detected victims, how many receive a service or are referred to one?",
        note="Shares are of the victims of whom it is known. Registers that say nothing on services are left out.",
        empty=NOTHING,
        ask=Ask(("TIP_ASSIST_COV", "TIP_SH_SERVICE_UNK", "TIP_REFERRAL", "TIP_REFERRAL_UNK"), latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="services",
        question="Of 100 detected victims, how many received each service?",
        note=SEVERAL,
        empty=NOTHING,
        ask=Ask(SERVICES, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="abroad",
        question="How many own nationals were found abroad as victims, or brought home?",
        note="Counted by the state of which they are citizens, and never added to the victims whom that state detected at home.",
        empty=NOTHING,
        ask=Ask(("TIP_VIC_ABROAD", "TIP_REPAT"), by=("counterpart_area",), latest=True, origins=PUBLISHED),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="rate",
        question="How many detected victims are there for 100,000 inhabitants?",
        note="The indicator 16.2.2 of the Sustainable Development Goals. It follows detection, not the extent of trafficking.",
        empty=NOTHING,
        ask=Ask(("TIP_RATE",)),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="published",
        question="What have others published on victims?",
        note=OTHERS,
        empty=NO_OTHERS,
        ask=Ask(("TIP_VIC_DET", "TIP_VIC_PRES", "TIP_VIC_INTERC"), origins=PUBLISHED),
        table=cells,
        picture=columns,
    ),
)
PAGE = Page(
    address="/victims",
    menu="Victims",
    title="Who are the victims of trafficking, and what were they exploited for?",
    lead="Figures of national registers and returns, each by its own law. What is small is protected and shown as such.",
    charts=CHARTS,
    offers=("years", "country", "sex", "age", "form", "citizenship", "kind"),
)
