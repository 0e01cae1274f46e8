"""A page as one piece of HTML that needs neither server nor script: pictures, tables and sources all in it."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component
from flask import render_template
from markupsafe import Markup

from dashboard.charts import all_submissions, draw
from dashboard.controls import Link
from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import tag
from dashboard.page import Place
from dashboard.tables import invented_mark
from dashboard.words import Words

# Where `dashboard.markup.placed` leaves the HTML of a part.
TEXT = "data-html"


def whole(place: Place, edition: Edition, words: Words, links: list[Link], tongues: list[Link], files: list[Link]) -> str:
    """Write a page with nothing chosen, with links to its sisters, to itself in other languages, and to files beside it."""
    filters = place.narrowed(Filters(language=words.language))
    charts = [draw(chart, edition, filters, words, None) for chart in place.page.charts]
    parts = [_section(chart, words) for chart in (*charts, all_submissions(place.page.charts, edition, filters, words))]
    title = words.country(edition, place.country) if place.country else words.say(place.page.title)
    return render_template(
        "whole.html",
        edition=edition,
        words=words,
        page=place.page,
        title=title,
        links=links,
        tongues=tongues,
        files=files,
        parts=parts,
    )


def _section(component: Component, words: Words) -> Markup:
    """Write the section of one chart; where a picture needs a script, what stands in words and in the table is the chart."""
    held: Any = getattr(component, "children", None)
    written = [Markup(text) for part in held if (text := getattr(part, TEXT, None)) is not None]
    kinds, named = getattr(component, "className", None) or "", getattr(component, "aria-labelledby", None)
    text = Markup("").join(written)
    if "all-invented" in kinds.split():
        # The mark at the head speaks for every row; the style sheet hides the others anyway, and a stick has little room.
        head, mark, rest = text.partition(invented_mark(words))
        text = head + mark + rest.replace(invented_mark(words), "")
    return tag("section", text, class_=kinds, aria_labelledby=named)
