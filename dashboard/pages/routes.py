"""Which corridors and routes do people take? Trafficking and smuggling stand in charts of their own and are never mixed."""

from __future__ import annotations

from dashboard.bars import bars, ladder
from dashboard.cells import Ask
from dashboard.charts import Chart
from dashboard.flows import flow_diagram, flow_map
from dashboard.journeys import Journey
from dashboard.page import Page
from dashboard.pages.texts import LATEST, NOTHING
from dashboard.tables import cells
from schemas.indicators import indicators

THROUGH = Journey("TIP_VIC_DET", "citizenship")
SMUGGLED = Journey("SOM_MIG", "departure", straight=True)
CORRIDORS = Ask(("TIP_FLOW",), by=("citizenship", "counterpart_area"), latest=True)
ROUTES = tuple(code for code in indicators() if code.startswith("SOM_SH_ROUTE_"))
SPANS = "Two countries may record the same victim: their curves and bands stand side by side and are never added."
BANDS = (
    "A journey is in a band into and in a band out of the country that it went through; who went through several stands under "
    "“Several countries”. Hidden figures are in the table only, so that bands of one place need not be of one height."
)
LEGS = "Each curve is a leg of journeys: one journey may be in two of them, so curves are never added."
NO_TRANSIT = "No register names countries of transit for the choice at hand."
CHARTS = (
    Chart(
        name="corridors",
        question="Trafficking: from which countries to which are victims taken?",
        note=SPANS,
        empty=NOTHING,
        ask=CORRIDORS,
        table=cells,
        picture=flow_map,
    ),
    Chart(
        name="flow",
        question="Trafficking: how do citizenship and country of exploitation go together?",
        note="Who is exploited at home is part of this picture, and is not on the map. Hidden figures are in the table only.",
        empty=NOTHING,
        ask=CORRIDORS,
        table=cells,
        picture=flow_diagram,
    ),
    Chart(
        name="through",
        question="Trafficking: through which countries are victims taken?",
        note=BANDS,
        empty=NO_TRANSIT,
        ask=THROUGH,
        table=cells,
        picture=flow_diagram,
    ),
    Chart(
        name="through-map",
        question="Trafficking: which ways do these journeys take?",
        note=LEGS,
        empty=NO_TRANSIT,
        ask=THROUGH,
        table=cells,
        picture=flow_map,
    ),
    Chart(
        name="exploited",
        question="Trafficking: in which countries were the victims exploited?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("counterpart_area",), latest=True),
        table=cells,
        picture=bars,
    ),
    Chart(
        name="journeys",
        question="Smuggling: from where, through where and to where are migrants taken?",
        note=LEGS,
        empty=NOTHING,
        ask=SMUGGLED,
        table=cells,
        picture=flow_map,
    ),
    Chart(
        name="journeys-flow",
        question="Smuggling: how do departure, transit and destination go together?",
        note=BANDS,
        empty=NOTHING,
        ask=SMUGGLED,
        table=cells,
        picture=flow_diagram,
    ),
    Chart(
        name="routes",
        question="Smuggling: how many migrants were found on each route?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_MIG",), by=("route",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="route-incidents",
        question="Smuggling: how many incidents were there on each route?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_INC",), by=("route",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="route-shares",
        question="Smuggling: of 100 incidents, how many are on each route?",
        note="Eastern, Northern, Southern and Horn routes as national bodies name them; shares are of incidents of known route.",
        empty=NOTHING,
        ask=Ask(ROUTES, latest=True),
        table=cells,
        picture=ladder,
    ),
    Chart(
        name="destinations",
        question="Smuggling: where were the migrants going?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("SOM_MIG",), by=("counterpart_area",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="route-deaths",
        question="Smuggling: on which routes did people die or go missing?",
        note="National records only; figures of the Missing Migrants Project are not added to them.",
        empty=NOTHING,
        ask=Ask(("SOM_DEATH",), by=("route",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
)
PAGE = Page(
    address="/routes",
    menu="Routes",
    title="Which corridors and routes do people take?",
    lead="Trafficking and smuggling are two crimes and stand in charts of their own here; nothing of one is added to the other.",
    charts=CHARTS,
    offers=("years", "country", "citizenship", "kind"),
)
