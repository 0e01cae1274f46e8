"""What axe finds on the pages (WCAG 2.2 AA): nothing, with everything unfolded, from both sides, in light and dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from test_browser import ADDRESSES, PATIENCE, show

pytestmark = pytest.mark.browser
# In the dark only colours are others: what a page is built of was looked at in the light.
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}
SCHEMES: dict[Literal["light", "dark"], dict[str, list[str]]] = {"light": EVERYTHING, "dark": COLOURS}
# Hundreds of rows are built of the same, and axe looks at the colours of each of them for minutes: of siblings that are built of
# the same elements and classes, two are left.
THIN = """() => {
    for (const parent of document.querySelectorAll("main *")) {
        const met = {};
        for (const one of parent.children.length > 3 ? [...parent.children] : []) {
            const parts = [one, ...one.querySelectorAll("*")].map(part => part.tagName + "." + part.getAttribute("class"));
            const built = [...new Set(parts)].sort().join();
            met[built] = (met[built] || 0) + 1;
            if (met[built] > 2 && !one.closest("svg")) one.remove();
        }
    }
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_in_light_and_dark(site: str, page: Page, language: str, address: str) -> None:
    show(page, f"{site}{address}?lang={language}")
    page.locator("#page details").evaluate_all("all => all.forEach(one => one.open = true)")
    expect(page.locator("[data-twin], details.twin > .empty")).to_have_count(0, timeout=PATIENCE)
    page.locator("[data-pick]").evaluate_all("all => all.slice(0, 1).forEach(one => one.open = true)")
    page.evaluate(THIN)
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()
