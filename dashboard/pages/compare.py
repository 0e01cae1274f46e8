"""What may stand beside what, and why not?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from dashboard.cautions import law_table, laws
from dashboard.charts import Chart, Over
from dashboard.comparable import alone, compared, pairs
from dashboard.edition import Edition
from dashboard.markup import join, tag
from dashboard.page import Page
from dashboard.pairs import itself, whom
from dashboard.side_by_side import flat_twin, left_out, refused, side_by_side
from dashboard.words import Words
from schemas.legal import LegalDefinition


def _laws(rows: Sequence[LegalDefinition], edition: Edition, words: Words) -> Markup:
    ordered = sorted(rows, key=lambda row: words.country_order(edition, row.iso3))
    by_country = [(country, tuple(acts)) for country, acts in groupby(ordered, key=lambda row: row.iso3)]
    return join([tag("h3", words.country(edition, country)) + law_table(acts, edition, words) for country, acts in by_country])


OLDER = "No figure for whole countries fits this choice."
CHARTS = (
    Chart(
        name="compare",
        question="How do countries compare, year by year?",
        note="Only series that may stand beside one another share a scale. A hatched column carries a mark; its number is "
        "explained below the columns. What may not be drawn beside the rest is named with the reason.",
        empty=OLDER,
        ask=Over(compared, by_indicator=True),
        table=flat_twin,
        picture=side_by_side,
        silence=left_out,
        refusal=refused,
    ),
    Chart(
        name="whom",
        question="Who can be compared with whom, and why not?",
        note="A cell shows the best that any two series of two countries allow. The reasons are found from units, periods, "
        "laws, bodies and flags of the figures, by the same checks for all; no pair of sources is named by hand. Indicators "
        "that look alike are listed too, and refused.",
        empty="No two series fit this choice.",
        ask=Over(pairs, by_indicator=True),
        table=whom,
    ),
    Chart(
        name="itself",
        question="Do the years of one series compare?",
        note="A break, a new law, a partial or provisional year and hidden figures are told with the years that they concern.",
        empty="No series fits this choice.",
        ask=Over(alone, by_indicator=True),
        table=itself,
    ),
    Chart(
        name="laws",
        question="What do the laws cover?",
        note="What is not established is called not known, and is never taken for yes.",
        empty="No act is known for this choice.",
        ask=Over(laws),
        table=_laws,
    ),
)
PAGE = Page(
    address="/compare",
    menu="Compare",
    title="What may stand beside what, and why not?",
    lead="Countries count by different units, laws, years and bodies. Here only what compares is drawn on one scale; where it "
    "does not, the reason stands instead of the picture.",
    charts=CHARTS,
    offers=("indicator", "years", "country", "kind"),
)
