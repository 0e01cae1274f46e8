"""One country: all that is known of it, how it was counted, and what others say."""

from __future__ import annotations

from dashboard.bars import bars, columns, ladder
from dashboard.cautions import caution_table, cautions, law_table, laws
from dashboard.cells import PUBLISHED, Ask
from dashboard.charts import Chart, Over
from dashboard.groups import JUSTICE, JUSTICE_PUBLISHED
from dashboard.headlines import card_list, card_table, cards
from dashboard.page import Page
from dashboard.pages.overview import answer_grid
from dashboard.pages.texts import APART, CODES, LATEST, NO_OTHERS, NOTHING, OTHERS, UNITS
from dashboard.quality import measure_table, measures
from dashboard.queries import answers, conflicts
from dashboard.tables import beside, cells

CHARTS = (
    Chart(
        name="headlines",
        question="What are the last figures?",
        empty="No headline figure for this choice.",
        ask=Over(cards),
        table=card_table,
        picture=card_list,
    ),
    Chart(
        name="victims",
        question="How many victims, year by year?",
        note=APART,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET", "TIP_VIC_PRES", "TIP_VIC_INTERC")),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="sex-age",
        question="Are the detected victims women, men, girls or boys?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("sex", "age"), latest=True),
        table=cells,
        picture=bars,
        wide=False,
    ),
    Chart(
        name="citizenship",
        question="Whose citizens are the detected victims?",
        note=LATEST,
        empty=NOTHING,
        ask=Ask(("TIP_VIC_DET",), by=("citizenship",), latest=True),
        table=cells,
        picture=bars,
        wide=False,
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
        name="justice",
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
        name="smuggling",
        question="What is known of smuggling of migrants?",
        note="Smuggling is another crime than trafficking: nothing here is added to the figures above.",
        empty=NOTHING,
        ask=Ask(("SOM_INC", "SOM_MIG", "SOM_ARREST", "SOM_DEATH", "SOM_PROSEC", "SOM_CONV")),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="published",
        question="What have others published?",
        note=OTHERS,
        empty=NO_OTHERS,
        ask=Ask(
            ("TIP_VIC_DET", "TIP_VIC_PRES", "TIP_VIC_ABROAD", "TIP_REPAT", *JUSTICE_PUBLISHED, "SOM_DEATH"), origins=PUBLISHED
        ),
        table=cells,
        picture=columns,
    ),
    Chart(
        name="conflicts",
        question="Where do sources not agree?",
        note="Figures of one country, period and unit that differ stand side by side; none is chosen and no mean is taken.",
        empty="No two figures of one country, period and unit differ for this choice.",
        ask=Over(conflicts, by_indicator=True),
        table=beside,
    ),
    Chart(
        name="law",
        question="What does the law call trafficking and smuggling, and how does that differ?",
        note="What is not known was not found in the sources at hand; it does not mean no.",
        empty="No act of this country is listed.",
        ask=Over(laws),
        table=law_table,
    ),
    Chart(
        name="record",
        question="What did the country report, and when?",
        note="A year is that in which the period of a figure ends. A cell shows the best answer of a country's institutions.",
        empty="Nothing was asked or received for this choice.",
        ask=Over(answers),
        table=answer_grid,
    ),
    Chart(
        name="quality",
        question="How good are the files?",
        note="Shares in per cent, over all fields of a file. They show where the next file can be better; they rank nobody.",
        empty="No file of this country was measured for this choice.",
        ask=Over(measures),
        table=measure_table,
    ),
    Chart(
        name="cautions",
        question="What should you be careful about?",
        empty="No figure for this choice carries a flag.",
        ask=Over(cautions),
        table=caution_table,
    ),
)
PAGE = Page(
    address="/country",
    menu="Country",
    title="Country",
    lead="All that this edition holds of one country: what its institutions count, what others publish, how far to trust it.",
    charts=CHARTS,
    offers=("years", "sex", "age", "form", "citizenship", "kind"),
    of_country=True,
)
