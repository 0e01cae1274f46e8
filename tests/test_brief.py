"""The printed brief of a country: two pages at most, in the page's language, the same bytes each time, asked for over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from dashboard.brief import brief_page, set_pages, write_brief
from dashboard.db import current_edition
from dashboard.errors import BriefError
from dashboard.words import Words


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(edition))


@pytest.mark.parametrize(
    ("country", "language"), [("ETH", "ar"), ("ETH", "fr"), ("KEN", "en"), ("ERI", "sw"), ("TUN", "fr"), ("UGA", "ar")]
)
def test_a_brief_stands_on_two_pages_in_its_language(country: str, language: str) -> None:
    words = Words(language)
    page = brief_page(country, current_edition(), words, 9)
    assert f'<html lang="{language}" dir="{words.direction}">' in page
    assert words.say("What are the last figures?") in page
    assert len(set_pages(country, current_edition(), words).pages) <= 2


def test_a_brief_shows_published_figures_as_published_and_marks_what_is_invented() -> None:
    page = brief_page("KEN", current_edition(), Words("en"), 9)
    published = page[page.index("What have others published?") :].split("</section>")[0]
    assert "2021: <b>482</b> Detected victims of trafficking in persons (Victims (persons);" in published
    assert "Invented" not in published
    assert "Invented data, for demonstration" in page[: page.index("What have others published?")]


def test_the_same_edition_gives_the_same_brief() -> None:
    first = write_brief("SSD", "en")
    assert first.startswith(b"%PDF-")
    assert write_brief("SSD", "en") == first


def test_a_brief_is_tagged_for_readers_of_screens() -> None:
    found = PdfReader(BytesIO(write_brief("SSD", "ar")))
    root = found.root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the PDF
    assert root["/Lang"] == "ar"
    assert found.metadata is not None and found.metadata.title is not None
    assert found.metadata.title.endswith("Pembe")
    kinds = set(tags(root["/StructTreeRoot"]["/K"]))
    assert {"/Document", "/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= kinds


def tags(node: Any) -> Iterator[str]:
    """Give the kinds of the elements of a tree of structure."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags(node["/K"])


def test_a_brief_is_served_and_an_unknown_country_is_not() -> None:
    from dashboard.app import server

    client = server.test_client()
    answer = client.get("/country/SSD/brief.pdf?lang=fr")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert "SSD-fr.pdf" in answer.headers["Content-Disposition"]
    assert client.get("/country/SSD/brief.pdf?lang=fr").data == answer.data
    assert client.get("/country/ZZZ/brief.pdf").status_code == 404
    assert client.get("/country/SSD/brief.pdf?lang=xx").status_code == 400


def test_a_country_that_the_edition_does_not_know_is_refused_in_one_sentence() -> None:
    with pytest.raises(BriefError, match="This edition knows no country ZZZ; choose one of DJI, EGY, ERI"):
        write_brief("ZZZ", "en")
