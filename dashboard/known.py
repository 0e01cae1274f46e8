"""What is known of each country on an indicator: the last figure, who gave it, and how old it is."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from dashboard.cells import NATIONAL, PUBLISHED, Ask, latest
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.queries import choices
from dashboard.tables import head, invented_mark, scroll
from dashboard.words import Words

# From what says most to what says least.
STANDINGS = ("recent", "older", "published", "silent", "nothing")
# Years before the last year of the edition within which a figure is recent.
RECENT = 2


class Known(NamedTuple):
    """One country: how it stands, and the figure that says so, if there is one."""

    country: str
    standing: str
    figure: Figure | None
    invented: bool


def known(edition: Edition, filters: Filters) -> tuple[Known, ...]:
    """Say for each country what is known of the chosen indicator; national figures come before those of other bodies."""
    national = Ask(origins=NATIONAL).rows(edition, filters).figures
    published = Ask(origins=PUBLISHED).rows(edition, filters).figures
    last_year = filters.last or max(choices(edition).years, default=0)
    return tuple(_known(country, national, published, last_year) for country in filters.countries or choices(edition).countries)


def _known(country: str, national: tuple[Figure, ...], published: tuple[Figure, ...], last_year: int) -> Known:
    own = [figure for figure in national if figure.ref_area == country]
    said = latest([figure for figure in own if figure.obs_value is not None or figure.obs_status == "Q"])
    if said:
        newest = max(said, key=lambda figure: figure.period_end)
        recent = newest.year > last_year - RECENT
        return Known(country, "recent" if recent else "older", newest, newest.invented)
    others = latest([figure for figure in published if figure.ref_area == country and figure.obs_value is not None])
    if others:
        newest = max(others, key=lambda figure: figure.period_end)
        return Known(country, "published", newest, newest.invented)
    return Known(country, "silent" if own else "nothing", None, any(figure.invented for figure in own))


def standing_names(words: Words) -> dict[str, str]:
    """Give the words for each way in which a country can stand."""
    return {
        "recent": words.say("reported, of the last two years"),
        "older": words.say("reported, of an earlier year"),
        "published": words.say("only published by another body"),
        "silent": words.say("asked, no figure"),
        "nothing": words.say("nothing known"),
    }


def known_table(rows: tuple[Known, ...], edition: Edition, words: Words) -> Markup:
    """Show the same as a table."""
    names = standing_names(words)
    heads = [words.say("Country"), words.say("What is known"), words.say("Figure"), words.say("Period"), words.say("Source")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, row.country), scope="row"),
            tag("td", names[row.standing]),
            tag("td", number(row.figure, edition, words) if row.figure else None, class_="number"),
            tag("td", words.period(row.figure) if row.figure else None),
            tag("td", _publisher(row, edition), invented_mark(words) if row.invented else None),
        )
        for row in sorted(rows, key=lambda row: words.country_order(edition, row.country))
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("The chart as a table"))


def _publisher(row: Known, edition: Edition) -> Markup:
    return english(edition.sources[row.figure.source].publisher + " ") if row.figure else Markup("")
