"""The small pages: whole without any script, under 20 KB, in every language, and told apart what a figure can say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Page

from dashboard.filters import LANGUAGES

LARGEST = 20_000
PATHS = (
    "/lite",
    "/lite/compare",
    "/lite/compare?indicator=TIP_CONV",
    "/lite/country/KEN",
    "/lite/country/ETH",
    "/lite/country/ERI",
    "/lite/country/TUN",
)


@pytest.fixture
def client(edition: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    return server.test_client()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_page_is_under_twenty_kilobytes_before_compression_and_holds_no_script(
    client: FlaskClient, path: str, language: str
) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200
    assert len(answer.data) <= LARGEST
    page = answer.text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert re.findall(r"<script|javascript:|\son\w+=", page) == []
    assert re.findall(r'(?:src|action)="[^"/]|url\(', page) == []


def test_the_small_overview_says_of_every_country_how_it_stands(client: FlaskClient) -> None:
    page = client.get("/lite?indicator=TIP_VIC_DET").text
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]+)</td>', page)
    assert [name for name, _ in rows] == sorted(name for name, _ in rows)
    assert dict(rows)["Eritrea"] == "asked, no figure"
    assert dict(rows)["Ethiopia"] == "reported, of the last two years"
    assert "Invented data" in page


def test_the_small_country_page_shows_each_source_by_itself_with_its_periods(client: FlaskClient) -> None:
    page = client.get("/lite/country/ETH").text
    titles = re.findall(r'<h2><bdi lang="en">([^<]+)</bdi></h2>', page)
    assert "National figures stated in Trafficking in Persons Reports, 2013 to 2023" in titles
    assert len(titles) == len(set(titles)) >= 3
    published = page[page.index("National figures stated") :].split("</section>")[0]
    periods = re.findall(r'<th scope="row">([^<]+) <small>([^<]+)</small></th><td class="number">(\d+) ', published)
    assert periods == [
        ("report year 2022", "1 Apr 2021 – 31 Mar 2022", "329"), ("report year 2023", "1 Apr 2022 – 31 Mar 2023", "264"),
    ]  # fmt: skip
    assert "Invented" not in published


def test_the_small_page_of_comparison_refuses_in_words_what_does_not_compare(client: FlaskClient) -> None:
    page = client.get("/lite/compare?indicator=TIP_CONV&country=UGA&from=2023&to=2023").text
    assert "Not drawn" in page or "These figures do not compare" in page
    assert "Uganda" in page


def test_an_unknown_country_or_choice_is_refused_in_one_sentence(client: FlaskClient) -> None:
    assert client.get("/lite/country/ZZZ").status_code == 404
    refused = client.get("/lite?sex=up")
    assert refused.status_code == 400
    assert "\u2066&#39;up&#39;\u2069 is no value that \u2066sex\u2069 can have here." in refused.text
    assert client.get("/lite?sort=up").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/lite", "/lite?lang=ar", "/lite/compare?lang=ar", "/lite/compare", "/lite/country/KEN", "/lite/country/KEN?lang=ar"]
)
def test_axe_finds_nothing_on_the_small_pages(page: Page, site: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}{path}")
    assert Axe().run(page).response["violations"] == []
