"""The frame that the server sends, the empty page that Dash starts with, and the page that an address asks for."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component
from flask import render_template

from dashboard.charts import draw
from dashboard.controls import controls
from dashboard.db import current_edition
from dashboard.edition import Edition
from dashboard.filters import Filters, read_query
from dashboard.pages import PAGES
from dashboard.queries import check
from dashboard.words import Words

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
    filters = check(edition, read_query(query or ""))
    words = Words(filters.language)
    charts = PAGES[path or "/"]
    return words.caption(edition, filters), [draw(chart, edition, filters, words) for chart in charts]


def frame(edition: Edition, filters: Filters, path: str, tags: dict[str, str]) -> str:
    """Write the page of HTML around the charts: title, form and languages are there before any script runs."""
    words = Words(filters.language)
    offered = controls(edition, filters, words)
    # What Dash calls its own waiting words stands where the charts will be; ours is in the reader's language.
    tags["app_entry"] = tags["app_entry"].replace("Loading...", words.say("The figures are on their way …"))
    return render_template(
        "frame.html", edition=edition, words=words, filters=filters, controls=offered, charts=PAGES[path], tags=tags
    )


def sorry(words: Words, title: str, sentence: str) -> str:
    """Write the page that says in one sentence what cannot be shown."""
    return render_template("sorry.html", words=words, title=title, sentence=sentence)
