"""How good are a country's files? The measures of quality of whole submissions, as the edition holds them."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.edition import Edition, Measure
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.tables import head, scroll
from dashboard.words import Words

# In the order in which they are read; a share in per cent, or days.
MEASURES = (
    "DQ_RELEV", "DQ_UNITRESP", "DQ_COMPL", "DQ_UNKNOWN", "DQ_VALID", "DQ_UNIQ", "DQ_REVISED", "DQ_COHER", "DQ_TIMELY",
    "DQ_COMPAR", "DQ_MAPPED", "DQ_SUPPR",
)  # fmt: skip
EVERYTHING = "_T"


def measures(edition: Edition, filters: Filters) -> tuple[Measure, ...]:
    """Give the measures over all fields, of the submissions of the chosen countries and years and of their sources."""
    kept = {
        (item.source, item.submission_id)
        for item in edition.submissions.values()
        if filters.keeps(item.country, item.period_end.year)
    }
    sources = {source for source, _ in kept}
    return tuple(
        measure
        for measure in edition.measures
        if measure.field == EVERYTHING
        and measure.measure in MEASURES
        and ((measure.source, measure.submission_id) in kept or (measure.submission_id is None and measure.source in sources))
    )


def measure_table(rows: tuple[Measure, ...], edition: Edition, words: Words) -> Markup:
    """Show a row a submission and a column a measure; what does not apply to it stays empty."""
    shown = [name for name in MEASURES if any(row.measure == name for row in rows)]
    of_source = {(row.source, row.measure): row for row in rows if row.submission_id is None}
    held = {(row.submission_id, row.measure): row for row in rows if row.submission_id is not None}
    heads = [words.say("Source"), words.say("Submission"), *(words.label(edition, "INDICATOR", name) for name in shown)]
    lines = [
        tag(
            "tr",
            tag("th", english(edition.sources[source].title), scope="row"),
            tag("td", tag("bdi", submission)),
            [
                tag("td", _said(held.get((submission, name)) or of_source.get((source, name)), words), class_="number")
                for name in shown
            ],
        )
        for source, submission in dict.fromkeys((row.source, row.submission_id) for row in rows if row.submission_id is not None)
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines), class_="wrapped"), words.say("Data quality"))


def _said(measure: Measure | None, words: Words) -> str:
    if measure is None or measure.value is None:
        return ""
    if measure.measure == "DQ_TIMELY":
        return words.count(round(measure.value), "{number} day", "{number} days")
    return words.percent(measure.value)
