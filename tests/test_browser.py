"""The first page as a reader meets it, in Chromium: languages, choices, tables, light and dark, phone, keyboard."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

from etl.serve import command
from pembe import ROOT

pytestmark = pytest.mark.browser
PATIENCE = 30_000


@pytest.fixture(scope="module")
def site(edition: Path) -> Iterator[str]:
    """Serve the samples with the real command on a free port; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(command("127.0.0.1", port, 2), cwd=ROOT, env={**os.environ, "PEMBE_DATA": str(edition)})
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            try:
                urlopen(address + "ready").close()
                break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        assert server.wait(30) == 0


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """Fail the test when the console said an error, which a broken content security policy is too."""
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield errors
    assert errors == []


def show(page: Page, address: str) -> None:
    """Open an address and wait until its charts are drawn."""
    page.goto(address)
    expect(page.locator("#page .chart")).to_have_count(5, timeout=PATIENCE)
    expect(page.locator(".bars .point, .bartext").first).to_be_attached(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("language", "direction", "title"),
    [
        ("en", "ltr", "Who reported what"),
        ("fr", "ltr", "Qui a communiqué quoi"),
        ("ar", "rtl", "من أبلغ عن ماذا"),
        ("sw", "ltr", "Nani aliripoti nini"),
    ],
)
def test_the_page_speaks_each_language_and_asks_no_other_machine(
    site: str, page: Page, said: list[str], language: str, direction: str, title: str
) -> None:
    show(page, f"{site}?lang={language}")
    assert page.evaluate("[document.documentElement.lang, document.dir]") == [language, direction]
    expect(page.locator("h1")).to_contain_text(title)
    expect(page.locator("#page h2").first).to_contain_text(title)


def test_a_choice_changes_address_chart_and_caption_and_back_returns(site: str, page: Page, said: list[str]) -> None:
    show(page, site)
    published = page.locator(".chart", has=page.locator("#published"))
    before = published.locator(".panel").count()
    assert before > 2
    page.get_by_role("checkbox", name="Kenya").check()
    expect(published.locator(".panel")).to_have_count(1, timeout=PATIENCE)
    expect(published.locator(".caption")).to_contain_text("Kenya")
    expect(page).to_have_url(f"{site}?country=KEN")
    page.get_by_role("combobox", name="Indicator").select_option("TIP_CONV")
    expect(published.locator(".caption")).to_contain_text("convicted", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}?country=KEN&indicator=TIP_CONV")
    page.go_back()
    expect(published.locator(".caption")).to_contain_text("Detected victims", timeout=PATIENCE)
    page.go_back()
    expect(published.locator(".panel")).to_have_count(before, timeout=PATIENCE)
    expect(page.get_by_role("checkbox", name="Kenya")).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_role("checkbox", name="Kenya")).to_be_checked()


def test_the_languages_keep_the_choice(site: str, page: Page, said: list[str]) -> None:
    show(page, site)
    page.get_by_role("checkbox", name="Kenya").check()
    page.get_by_role("combobox", name="From").select_option("2018")
    link = page.get_by_role("link", name="العربية")
    expect(link).to_have_attribute("href", "/?country=KEN&from=2018&lang=ar")
    link.click()
    expect(page.locator(".caption").nth(1)).to_contain_text("كينيا · منذ 2018", timeout=PATIENCE)
    expect(page.locator("input[value=KEN]")).to_be_checked()


def test_clear_all_returns_to_everything_in_the_same_language(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}?country=KEN&from=2018&lang=fr")
    page.get_by_role("link", name="Tout effacer").click()
    expect(page.locator(".caption").nth(1)).to_contain_text("tous les pays · toutes les années", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}?lang=fr")


def test_every_chart_has_a_table_twin_with_the_same_figures(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}?country=KEN")
    published = page.locator(".chart", has=page.locator("#published"))
    published.get_by_text("The same as a table").click()
    row = published.locator("tbody tr", has_text="2019")
    expect(row).to_be_visible()
    expect(row).to_contain_text("853")
    expect(published.locator(".bartext", has_text="853")).to_be_attached()


def test_each_figure_answers_where_it_comes_from(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}?country=SDN")
    listed = page.locator(".chart", has=page.locator("#origins"))
    listed.locator(".origins > details > summary").last.click()
    listed.locator(".folded > details > summary").first.click()
    told = listed.locator("dl").filter(visible=True).first
    for word in ("Ministry of Interior", "Submission", "Legal definition", "Calendar of the file"):
        expect(told).to_contain_text(word)


def test_invented_figures_are_marked_and_stand_apart_from_real_ones(site: str, page: Page, said: list[str]) -> None:
    show(page, site)
    mark = "Invented data, for demonstration"
    for name in ("answers", "invented"):
        expect(page.locator(".chart", has=page.locator(f"#{name}")).locator("header")).to_contain_text(mark)
    expect(page.locator(".chart", has=page.locator("#published"))).not_to_contain_text(mark)


def test_nothing_offers_to_share_a_figure(site: str, page: Page, said: list[str]) -> None:
    show(page, site)
    page.locator(".js-plotly-plot").first.hover()
    assert page.locator(".modebar-btn, a[href*='plotly']").count() == 0
    assert "Share" not in page.locator("body").inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: str, page: Page, language: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(page, f"{site}?lang={language}")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_scrolls_in_one_direction_only(site: str, page: Page, said: list[str], language: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    show(page, f"{site}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_reaches_choice_and_table(site: str, page: Page, said: list[str]) -> None:
    show(page, site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    box = page.get_by_role("checkbox", name="Uganda")
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{site}?country=UGA")
    expect(box).to_be_focused()


def test_without_scripts_the_form_and_its_words_are_there(site: str, page: Page) -> None:
    answer = page.request.get(f"{site}?lang=fr&country=KEN").text()
    assert 'method="get"' in answer and "Montrer" in answer and "JavaScript" in answer
