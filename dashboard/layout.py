"""The frame that the server sends, the empty page that Dash starts with, and the page that an address asks for."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component
from flask import render_template

from dashboard.charts import all_submissions, draw
from dashboard.controls import Link, controls
from dashboard.db import current_edition
from dashboard.edition import Edition
from dashboard.filters import FilterError, Filters, read_query
from dashboard.page import Place
from dashboard.pages import PAGES, find
from dashboard.queries import check, choices
from dashboard.words import Words

EXPLORE = "/explore"
SKELETON = html.Div(
    [
        dcc.Location(id="address", refresh=False),
        html.P(id="said", role="status", className="heard"),
        html.Div(id="page"),
    ]
)


def answer(path: str | None, query: str | None) -> tuple[str, list[Component]]:
    """Give the sentence that tells the ear what changed, and the charts that an address asks for.

    Raises FilterError for an address that cannot be read and EditionError where there is no edition to read.
    """
    edition = current_edition()
    place = find(path or "/")
    if place is None:
        raise FilterError("there is no such page")
    asked = read_query(query or "")
    filters = check(edition, place.narrowed(asked))
    words = Words(filters.language)
    charts = [
        draw(chart, edition, filters, words, f"/twin/{chart.name}{place.address}{asked.query()}") for chart in place.page.charts
    ]
    return words.everything(edition, filters), [*charts, all_submissions(place.page.charts, edition, filters, words)]


def twin(name: str, path: str, query: str) -> str | None:
    """Give the table of a chart of a page, as HTML; None where there is no such page or chart."""
    edition = current_edition()
    place = find(path)
    chart = next((chart for chart in place.page.charts if chart.name == name), None) if place else None
    if place is None or chart is None:
        return None
    filters = check(edition, place.narrowed(read_query(query)))
    return chart.table(chart.ask.rows(edition, filters), edition, Words(filters.language))


def frame(edition: Edition, filters: Filters, place: Place, tags: dict[str, str]) -> str:
    """Write the page of HTML around the charts: title, form and languages are there before any script runs."""
    words = Words(filters.language)
    check(edition, place.narrowed(filters))
    # What Dash calls its own waiting words stands where the charts will be; ours is in the reader's language.
    tags["app_entry"] = tags["app_entry"].replace("Loading...", words.say("The figures are on their way …"))
    title = words.country(edition, place.country) if place.country else words.say(place.page.title)
    return render_template(
        "frame.html",
        edition=edition,
        words=words,
        filters=filters,
        controls=controls(edition, filters, words, place.page.offers),
        menu=menu(edition, place, words),
        page=place.page,
        address=place.address,
        country=place.country,
        # The small pages that there are: of the others, the reader is led to the overview.
        lite=place.address if place.address == "/compare" or place.country else "",
        title=title,
        query=filters.query(),
        home=filters.home(),
        tags=tags,
    )


def menu(edition: Edition, place: Place | None, words: Words) -> list[Link]:
    """Give the pages that have a name in the menu; that of a country stands for all countries, in the order of their names.

    place: the page at hand; None on the page of free choice, which is no list of charts.
    """
    here, country = (place.page, place.country) if place is not None else (None, None)
    links = []
    for page in (page for page in PAGES if page.menu):
        if not page.of_country:
            links.append(Link(page.address, words.say(page.menu), page is here, ()))
            continue
        codes = sorted(choices(edition).countries, key=lambda code: words.country_order(edition, code))
        each = [Link(f"{page.address}/{code}", words.country(edition, code), code == country, ()) for code in codes]
        links.append(Link(page.address, words.say(page.menu), page is here, tuple(each)))
    return [*links, Link(EXPLORE, words.say("Explore"), place is None, ())]
