"""Pictures of the screens for the README, made anew by one command from the current edition."""

from __future__ import annotations

from pathlib import Path

from etl.browser import looking
from etl.report import Report

# Name, address, width, height, and the colour scheme in which a picture is taken.
PICTURES = (
    ("overview", "/", 1280, 860, "light"),
    ("country-ar", "/country/KEN?lang=ar", 1280, 860, "dark"),
    ("phone", "/victims?lang=fr", 400, 860, "light"),
)
SECONDS = 60


def take_pictures(data: Path, to: Path) -> Report:
    """Write one PNG a picture into a folder; errors as for `looking`."""
    to.mkdir(parents=True, exist_ok=True)
    written = []
    with looking(data) as (browser, address):
        for name, path, width, height, scheme in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page = context.new_page()
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(address + path)
            page.locator("#page .chart").first.wait_for(timeout=SECONDS * 1000)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=to / f"{name}.png")
            written.append(str(to / f"{name}.png"))
            context.close()
    return Report({"pictures": len(written)}, written)
