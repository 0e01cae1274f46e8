"""The pages as a reader meets them, in Chromium: languages, choices, tables, themes, phone, keyboard, a line that drops."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from dashboard.filters import LANGUAGES
from dashboard.pages import PAGES

pytestmark = pytest.mark.browser
PATIENCE = 30_000
ADDRESSES = [f"{page.address}/KEN" if page.of_country else page.address for page in PAGES]


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


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for pictures of the pages: PEMBE_PICTURES, or one of pytest's, which keeps those of its last runs."""
    folder = Path(os.environ.get("PEMBE_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def show(page: Page, address: str) -> None:
    """Open an address and wait until its charts, and its maps and flows, are drawn."""
    page.goto(address)
    expect(page.locator("#page > .chart #submissions")).to_be_attached(timeout=PATIENCE)
    for graph in page.locator(".graph").all():
        expect(graph.locator(".main-svg").first).to_be_attached(timeout=PATIENCE)


def chart(page: Page, name: str) -> Locator:
    """Find the chart of a name."""
    return page.locator(".chart", has=page.locator(f"h2#{name}"))


def choose(page: Page, name: str, label: str) -> None:
    """Open the list of a choice and tick a box in it."""
    page.locator(f"[data-pick={name}] > summary").click()
    page.locator(f"[data-pick={name}]").get_by_role("checkbox", name=label, exact=True).check()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_speaks_every_language_and_asks_no_other_machine(
    site: str, page: Page, said: list[str], pictures: Path, address: str, language: str
) -> None:
    show(page, f"{site}{address}?lang={language}")
    name = address.strip("/").replace("/", "-") or "overview"
    # The whole length of a page takes a second more, which only who asked for the pictures waits for.
    whole = "PEMBE_PICTURES" in os.environ
    page.screenshot(path=pictures / f"{name}-{language}.jpg", type="jpeg", quality=60, full_page=whole)
    direction = "rtl" if language == "ar" else "ltr"
    assert page.evaluate("[document.documentElement.lang, document.dir]") == [language, direction]
    expect(page.locator("#page .chart h2").first).not_to_be_empty()
    assert page.locator("#page .chart").count() > 1


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_phone_scrolls_in_one_direction_only(site: str, page: Page, said: list[str], language: str, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    show(page, f"{site}{address}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_choice_changes_address_chart_and_caption_and_back_returns(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/")
    published = chart(page, "published")
    before = published.locator(".panel").count()
    assert before > 2
    choose(page, "country", "Kenya")
    expect(published.locator(".panel")).to_have_count(1, timeout=PATIENCE)
    expect(published.locator(".caption")).to_contain_text("Kenya")
    expect(page).to_have_url(f"{site}/?country=KEN")
    page.get_by_role("combobox", name="Indicator").select_option("TIP_CONV")
    expect(published.locator(".caption")).to_contain_text("convicted", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}/?country=KEN&indicator=TIP_CONV")
    page.go_back()
    expect(published.locator(".caption")).to_contain_text("Detected victims", timeout=PATIENCE)
    page.go_back()
    expect(published.locator(".panel")).to_have_count(before, timeout=PATIENCE)
    expect(page.locator("#chips li")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#chips li")).to_have_text(["Kenya"])


def test_a_chosen_sex_is_in_the_bars_the_caption_and_the_address_and_a_chip_takes_it_back(
    site: str, page: Page, said: list[str]
) -> None:
    show(page, f"{site}/victims?country=KEN")
    choose(page, "sex", "Female")
    form = chart(page, "form")
    expect(form.locator(".caption")).to_contain_text("Female", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}/victims?country=KEN&sex=F")
    page.locator("#chips").get_by_role("button", name="Remove: Female").click()
    expect(form.locator(".caption")).not_to_contain_text("Female", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}/victims?country=KEN")


def test_a_choice_that_a_chart_is_not_counted_by_is_named_and_not_passed_over(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/justice?country=KEN&sex=F")
    expect(chart(page, "attrition")).to_contain_text("Not counted by sex: that choice does not apply to this chart.")
    # The cube goes three dimensions deep, of which the chart itself is one.
    show(page, f"{site}/justice?country=KEN&sex=F&age=Y_GE18&citizenship=KEN")
    told = "Nothing here is counted by this choice: sex, age, and citizenship. Clear it to see this chart."
    expect(chart(page, "stages")).to_contain_text(told)
    expect(chart(page, "convicted").locator(".caption")).to_contain_text("Female")


def test_pages_and_languages_keep_the_choice(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/victims")
    choose(page, "country", "Kenya")
    page.get_by_role("combobox", name="From").select_option("2018")
    link = page.get_by_role("link", name="العربية")
    expect(link).to_have_attribute("href", "/victims?country=KEN&from=2018&lang=ar")
    link.click()
    expect(page.locator("#page .caption").nth(1)).to_contain_text("كينيا · منذ 2018", timeout=PATIENCE)
    page.get_by_role("link", name="العدالة", exact=True).click()
    expect(page).to_have_url(f"{site}/justice?country=KEN&from=2018&lang=ar")
    expect(page.locator("#page .caption").first).to_contain_text("كينيا · منذ 2018", timeout=PATIENCE)


def test_clear_all_returns_to_everything_in_the_same_language(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/?country=KEN&from=2018&lang=fr")
    page.get_by_role("link", name="Tout effacer").click()
    expect(page.locator("#page .caption").nth(1)).to_contain_text("tous les pays · toutes les années", timeout=PATIENCE)
    expect(page).to_have_url(f"{site}/?lang=fr")


def test_every_chart_has_a_table_twin_with_the_same_figures(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/?country=KEN")
    published = chart(page, "published")
    published.get_by_text("The same as a table").click()
    row = published.locator("tbody tr", has_text="2019")
    expect(row).to_be_visible(timeout=PATIENCE)
    expect(row).to_contain_text("853")
    expect(published.locator(".columns .figure", has_text="853")).to_be_visible()


def test_the_table_of_a_chart_is_saved_exactly_as_it_is_seen(site: str, page: Page, said: list[str], tmp_path: Path) -> None:
    show(page, f"{site}/?country=KEN")
    with page.expect_download() as awaited:
        chart(page, "published").get_by_role("button", name="This table as CSV").click()
    awaited.value.save_as(tmp_path / "table.csv")
    lines = (tmp_path / "table.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == '"What do published figures say, year by year?"'
    assert "Kenya" in lines[1]
    assert any(line.startswith('"Kenya","2019","853') for line in lines)


def test_each_chart_answers_where_it_comes_from(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/country/SDN")
    victims = chart(page, "victims")
    victims.get_by_text("Where does this come from?").click()
    line = victims.locator(".provenance li", has_text="Ministry of Interior").first
    expect(line).to_contain_text("received:")
    line.get_by_role("link").first.click()
    told = page.locator(".origins details[open] dl").first
    for word in ("Publisher", "Legal definition", "Calendar of the file", "Coverage"):
        expect(told).to_contain_text(word)


def test_invented_figures_are_marked_and_stand_apart_from_real_ones(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/")
    mark = "Invented data, for demonstration"
    for name in ("answers", "invented"):
        expect(chart(page, name).locator("header").first).to_contain_text(mark)
    expect(chart(page, "published")).not_to_contain_text(mark)


def test_nothing_offers_to_share_a_figure(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/routes")
    page.locator(".js-plotly-plot").first.hover()
    assert page.locator(".modebar-btn, a[href*='plotly']").count() == 0
    assert "Share chart" not in page.locator("body").inner_html()


def test_the_map_draws_every_country_without_any_other_server(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/")
    # Ground of thirteen shapes, three disputed ones, and the eleven countries that report.
    expect(page.locator(".choroplethlayer path")).to_have_count(27, timeout=PATIENCE)


def test_the_keyboard_reaches_menu_choice_and_table(site: str, page: Page, said: list[str]) -> None:
    show(page, f"{site}/victims")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("[data-pick=country] > summary").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Uganda")
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{site}/victims?country=UGA")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-pick=country] > summary")).to_be_focused()
    expect(box).not_to_be_visible()


def test_a_line_that_drops_loses_nothing(site: str, page: Page) -> None:
    show(page, f"{site}/victims")
    page.context.set_offline(True)
    choose(page, "country", "Kenya")
    expect(page.locator("#line")).to_be_visible(timeout=PATIENCE)
    expect(chart(page, "detected").locator(".panel")).not_to_have_count(1)
    page.context.set_offline(False)
    expect(chart(page, "detected").locator(".panel")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#line")).to_be_hidden()


def test_without_scripts_the_form_and_its_words_are_there(site: str, page: Page) -> None:
    answer = page.request.get(f"{site}/?lang=fr&country=KEN").text()
    assert 'method="get"' in answer and "Montrer" in answer and "JavaScript" in answer
