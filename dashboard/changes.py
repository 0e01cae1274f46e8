"""What changed since the edition before: figures for whole countries that are new, differ, or are gone."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from dashboard.edition import Change, Edition
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.tables import head, scroll
from dashboard.words import Words


class Summary(NamedTuple):
    """How many figures of one source are new, differ and are gone, with those that differ."""

    country: str
    source: str
    new: int
    gone: int
    differ: tuple[Change, ...]


def changes(edition: Edition, filters: Filters) -> tuple[Summary, ...]:
    """Sum the changes up by country and source; none where there is no edition before or nothing changed."""
    kept = [change for change in edition.changes if filters.keeps(change.country, change.year)]
    return tuple(
        Summary(
            country,
            source,
            sum(change.before is None for change in held),
            sum(change.after is None for change in held),
            tuple(change for change in held if change.before is not None and change.after is not None),
        )
        for country, source in dict.fromkeys((change.country, change.source) for change in kept)
        for held in [[change for change in kept if (change.country, change.source) == (country, source)]]
    )


def change_table(rows: tuple[Summary, ...], edition: Edition, words: Words) -> Markup:
    """Show what is new, gone and different, country by country."""
    heads = [words.say("Country"), words.say("Source"), words.say("New figures"), words.say("Figures gone")]
    heads += [words.say("Figures that changed")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, row.country), scope="row"),
            tag("td", english(edition.sources[row.source].title) if row.source in edition.sources else row.source),
            tag("td", words.number(row.new), class_="number"),
            tag("td", words.number(row.gone), class_="number"),
            tag(
                "td",
                tag("ul", [_changed(change, edition, words) for change in row.differ], class_="flags") if row.differ else "0",
            ),
        )
        for row in sorted(rows, key=lambda row: (words.country_order(edition, row.country), row.source))
    ]
    told = words.say("Compared with edition {edition}.", edition=words.isolated(edition.before or ""))
    table = tag("table", head(heads), tag("tbody", lines))
    return tag("p", told) + scroll(table, words.say("What changed in this edition"))


def _changed(change: Change, edition: Edition, words: Words) -> Markup:
    label = words.label(edition, "INDICATOR", change.indicator)
    return tag("li", f"{label}, {change.period}: {change.before} → {change.after}")
