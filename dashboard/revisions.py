"""Which revisions are pending: sources and periods whose figures wait, since fewer than ten persons moved in them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.notes import Revision
from dashboard.scorecard import of_chosen
from dashboard.tables import head, scroll
from dashboard.words import Words

LIST, PENDING = "CL_REVISION", "PENDING"


def revisions(edition: Edition, filters: Filters) -> tuple[Revision, ...]:
    """Give the pending revisions of the sources of the chosen countries."""
    return tuple(row for row in edition.notes.revisions if of_chosen(edition, filters, row.source))


def revision_table(rows: Sequence[Revision], edition: Edition, words: Words) -> Markup:
    """Show which source and period waits, and how many figures are shown for it meanwhile."""
    heads = [words.say("Source"), words.say("Period"), words.say("Figures")]
    lines = [
        tag(
            "tr",
            tag("th", english(edition.sources[row.source].title), scope="row"),
            tag("td", tag("bdi", row.time_period)),
            tag("td", words.number(row.figures), class_="number"),
        )
        for row in rows
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.label(edition, LIST, PENDING))


def periods_waiting(source: str, edition: Edition, words: Words) -> str:
    """List the periods of a source whose revision is pending; empty where there is none."""
    return words.list(row.time_period for row in edition.notes.revisions if row.source == source)
