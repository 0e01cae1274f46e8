"""Every text that a reader sees goes through the catalogues: in a language of brackets nothing else is left to read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dash import html
from flask import Flask
from markupsafe import Markup

from dashboard import words
from dashboard.app import server
from dashboard.charts import all_submissions, draw
from dashboard.controls import languages
from dashboard.db import current_edition
from dashboard.filters import Filters
from dashboard.layout import frame
from dashboard.pages import PAGES, find
from dashboard.words import Words

# What is the same in every language: our own name, forms of files, the names of languages, and codes of submissions.
SAME = {"Pembe", "CSV", "XLSX", "JSON", *re.findall(r"\w+", " ".join(one.label for one in languages(Filters())))}


class Brackets:
    """A catalogue that puts every text in brackets, so that what did not pass through it stands outside of them."""

    def gettext(self, text: str) -> str:
        return f"⟦{text}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


def left(markup: str) -> list[str]:
    """Give the Latin words that a page in brackets still holds: none came from a catalogue, a code list or a source."""
    text = re.sub(r"<(script|style|title)\b.*?</\1>", " ", markup, flags=re.S)
    # Titles and remarks of sources stand in English in every language, and say so; so do the names of languages.
    text = re.sub(r'<(\w+)[^>]*\blang="\w+"[^>]*>.*?</\1>', " ", re.sub(r"<html[^>]*>", " ", text), flags=re.S)
    text = re.sub(r"<(bdi|code)>.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r'<a [^>]*href="#s-[^>]*>.*?</a>', " ", text)
    said = " ".join(re.findall(r'(?:title|aria-label|data-none|data-remove)="([^"]*)"', text))
    text = Markup(text.replace("<", " <")).striptags() + " " + Markup(said).unescape()
    while "⟦" in text:
        text, before = re.sub(r"⟦[^⟦⟧]*⟧", " ", text), text
        assert text != before, before[:200]
    text = re.sub(r"[\u2066-\u2069]|\d{4}-\d\d-\d\d-\w+|\b[A-Z]{3}-\d{4}-\d+\b|https?://\S+", " ", text)
    # Currencies are written by their codes.
    return [word for word in re.findall(r"[A-Za-z]{3,}", text) if word not in SAME and not re.fullmatch("[A-Z]{3}", word)]


def html_of(component: object) -> str:
    """Write a component of Dash as text: the HTML placed in it, its labels and its children."""
    if component is None or isinstance(component, str):
        return component or ""
    if isinstance(component, list | tuple):
        return " ".join(map(html_of, component))
    assert hasattr(component, "to_plotly_json")
    properties = component.to_plotly_json()["props"]
    label = f'<i title="{properties["aria-label"]}"></i>' if "aria-label" in properties else ""
    children = properties.get("children") if isinstance(component, html.Div | html.Section) else None
    return label + properties.get("data-html", "") + html_of(children)


def test_a_word_outside_the_catalogues_is_found() -> None:
    assert left("<p>⟦Clear all⟧ <b>now</b> <bdi lang='en'>Ministry</bdi></p>") == ["now", "Ministry"]
    assert left('<p title="hidden">⟦the ⟦inner⟧ text⟧ <bdi lang="en">Ministry</bdi> CSV</p>') == ["hidden"]


# Quality and methods print names of fields, rules and codes as they stand in files, which no catalogue holds.
@pytest.mark.parametrize(
    "page", [page for page in PAGES if not page.address.startswith(("/quality", "/methods"))], ids=lambda page: page.menu
)
def test_no_text_of_a_page_stands_outside_the_catalogues(page: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "catalogue", lambda language: Brackets())
    edition = current_edition()
    place = find(f"{page.address}/KEN" if page.of_country else page.address)  # type: ignore[attr-defined]
    assert place is not None
    arabic = Words("ar")
    for filters in (Filters(language="ar"), Filters(countries=("KEN",), first=2018, sexes=("F",), language="ar")):
        chosen = place.narrowed(filters)
        drawn = [draw(chart, edition, chosen, arabic, "/twin/x/") for chart in place.page.charts]
        drawn.append(all_submissions(place.page.charts, edition, chosen, arabic))
        tables = [chart.table(chart.ask.rows(edition, chosen), edition, arabic) for chart in place.page.charts]
        # Publishers stand in running text of hover and sources; they are names and stay as they are.
        names = [re.escape(text) for source in edition.sources.values() for text in (source.publisher, source.title)]
        text = re.sub("|".join(sorted(names, key=len, reverse=True)), " ", html_of(drawn) + " ".join(tables))
        assert left(text) == []
    assert isinstance(server, Flask)
    with server.test_request_context(place.address):
        tags = {"app_entry": "", "favicon": "", "css": "", "config": "", "scripts": "", "renderer": ""}
        assert left(frame(edition, Filters(language="ar"), place, tags)) == []
