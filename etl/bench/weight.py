"""Bytes over the line by page: at the first visit, at the second, and for one change of a filter; as Chromium counts them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.browser import looking
from etl.report import Listing, Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("/", "/country/KEN", "/victims", "/routes", "/justice", "/smuggling", "/compare", "/quality", "/methods", "/explore")
SMALL = ("/lite", "/lite/country/KEN", "/lite/compare")
CHANGE = "?from=2018"
SECONDS = 60


def weigh(data: Path, progress: Callable[[str], None]) -> Report:
    """Visit every page with an empty cache, again with a full one, and change its years.

    Facts: `first_kb` and `return_kb` (the heaviest page), `change_kb` (the heaviest change of a filter), `lite_kb` (the
    heaviest small page at its first visit). The line is http on this machine, over which Chromium reads brotli.
    """
    rows: list[tuple[str, float, float, float | None]] = []
    with looking(data) as (browser, address):
        for path in (*PAGES, *SMALL):
            rows.append((path, *_visit(browser, address, path)))
            progress(f"{path}: {rows[-1][1]:.0f} kB, again {rows[-1][2]:.1f} kB")
    full = [row for row in rows if row[0] in PAGES]
    facts: dict[str, object] = {
        "first_kb": round(max(row[1] for row in full), 1),
        "return_kb": round(max(row[2] for row in full), 1),
        "change_kb": round(max(row[3] or 0 for row in full), 1),
        "lite_kb": round(max(row[1] for row in rows if row[0] in SMALL), 1),
    }
    sentence = (
        f"at most {facts['first_kb']} kB at the first visit of a page, {facts['return_kb']} kB at the second, "
        f"{facts['change_kb']} kB for a change of years; {facts['lite_kb']} kB for a small page"
    )
    told: list[tuple[object, ...]] = [(path, *(None if one is None else round(one, 1) for one in found)) for path, *found in rows]
    return Report(facts, [sentence], [Listing("kB by page", ("page", "first visit", "second visit", "change of years"), told)])


def _visit(browser: Browser, address: str, path: str) -> tuple[float, float, float | None]:
    context = browser.new_context()
    page = context.new_page()
    counted = {"bytes": 0}

    def add(event: dict[str, Any]) -> None:
        counted["bytes"] += int(event["encodedDataLength"])

    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", add)
    drawn = path not in SMALL and path != "/explore"

    def take(target: str) -> float:
        counted["bytes"] = 0
        page.goto(address + target)
        if drawn:
            page.locator("#page .chart").first.wait_for(timeout=SECONDS * 1000)
        page.wait_for_load_state("networkidle")
        return counted["bytes"] / 1000

    first, again = take(path), take(path)
    change = None
    if drawn and page.locator("#filters select[name=from]").count():
        counted["bytes"] = 0
        page.locator("#filters select[name=from]").select_option(CHANGE.removeprefix("?from="))
        page.wait_for_url(f"**{CHANGE}*")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1500)
        change = counted["bytes"] / 1000
    context.close()
    return first, again, change
