"""Free choice: rows and columns from the address, nothing added up, every figure once page by page, hostile addresses refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from dashboard.db import current_edition
from dashboard.explore import SIDES, VIEWS, View, answer, read_view
from dashboard.filters import FilterError, Filters

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(edition))


@pytest.fixture
def client() -> FlaskClient:
    from dashboard.app import server

    return server.test_client()


def test_published_figures_stand_under_their_country_and_year(client: FlaskClient) -> None:
    page = client.get("/explore?country=KEN&indicator=TIP_VIC_DET").text
    table = page[page.index("<table>") :].split("</table>")[0]
    heads = re.findall(r'<th scope="col">([^<]+)</th>', table)
    values = re.findall(r"<b>([^<]+)</b>", table)
    found = dict(zip(heads[1:], values, strict=True))
    assert {year: found[year] for year in ("2019", "2020", "2021")} == {"2019": "853", "2020": "383", "2021": "482"}


def test_a_table_by_sex_and_age_parts_what_it_must_not_add_up(client: FlaskClient) -> None:
    page = client.get("/explore?rows=sex&columns=age&country=KEN&country=ETH").text
    titles = re.findall(r'<div class="panel"><h3>(.*?)</h3>', page)
    assert any(title.startswith("Kenya") for title in titles)
    assert any(title.startswith("Ethiopia") for title in titles)
    assert len(titles) == len(set(titles))


def test_every_figure_of_a_choice_is_met_once_page_by_page(client: FlaskClient) -> None:
    address, met, pages = "/explore?view=list&country=KEN&indicator=TIP_VIC_DET", 0, 0
    while address:
        page = client.get(address).text
        met += page.count("<tr><td>")
        pages += 1
        following = re.search(r'href="(/explore[^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    whole = client.get("/download/csv?country=KEN&indicator=TIP_VIC_DET&notes=no").text
    assert met == len(whole.splitlines()) - 1
    assert pages == -(-met // 100)


def test_each_view_of_each_two_sides_answers_in_every_language(client: FlaskClient) -> None:
    for place, rows in enumerate(SIDES):
        across = SIDES[(place + 3) % len(SIDES)]
        language = ("en", "fr", "ar", "sw")[place % 4]
        reply = client.get(f"/explore?rows={rows}&columns={across}&view={VIEWS[place % 3]}&lang={language}")
        assert reply.status_code == 200, reply.text


def test_where_no_year_is_asked_for_only_the_last_period_of_each_source_stands() -> None:
    edition = current_edition()
    figures = answer(edition, Filters(countries=("ETH",)), View(rows="sex", columns="age")).figures
    periods: dict[str, set[str]] = {}
    for figure in figures:
        periods.setdefault(figure.source, set()).add(figure.time_period)
    assert periods
    assert {len(found) for found in periods.values()} == {1}


@pytest.mark.parametrize(
    "query", ["rows=sex&columns=sex", "rows=x", "view=pie", "after=-1", "after=x&view=list", "rows=sex&rows=age", "kind=ZZZ"]
)
def test_an_address_that_the_page_does_not_offer_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/explore?{query}").status_code == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_address_is_either_read_or_refused_in_one_sentence(query: str) -> None:
    try:
        filters, view = read_view(query)
    except FilterError as fault:
        assert str(fault)
        assert "\n" not in str(fault)
    else:
        assert read_view(view.query(filters).removeprefix("?"))[0] == filters


@pytest.mark.browser
@pytest.mark.parametrize("query", ["", "?lang=ar&rows=sex&columns=age&country=KEN", "?view=chart&rows=sex&columns=age"])
def test_axe_finds_nothing_on_the_page_of_free_choice(page: Page, site: str, query: str) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{site}/explore{query}")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
