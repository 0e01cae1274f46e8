"""A page as one piece of HTML that needs neither server nor script: pictures, tables and sources all in it."""

from __future__ import annotations

from dash.development.base_component import Component
from dash.html import Div
from flask import render_template
from markupsafe import Markup

from dashboard.charts import all_submissions, draw
from dashboard.controls import Link
from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import tag
from dashboard.page import Place
from dashboard.words import Words


def whole(place: Place, edition: Edition, words: Words, links: list[Link], tongues: list[Link], files: list[Link]) -> str:
    """Write a page with nothing chosen, with links to its sisters, to itself in other languages, and to files beside it."""
    filters = place.narrowed(Filters(language=words.language))
    charts = [draw(chart, edition, filters, words, None) for chart in place.page.charts]
    parts = [_section(chart) for chart in (*charts, all_submissions(place.page.charts, edition, filters, words))]
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


def _section(component: Component) -> Markup:
    """Write the section of one chart; where a picture needs a script, what stands in words and in the table is the chart."""
    held = component.children if isinstance(component.children, list) else [component.children]
    written = [Markup(part.to_plotly_json()["props"]["data-html"]) for part in held if _is_text(part)]
    return tag("section", written, class_=component.className, aria_labelledby=getattr(component, "aria-labelledby", None))


def _is_text(part: object) -> bool:
    return isinstance(part, Div) and "data-html" in part.to_plotly_json()["props"]
