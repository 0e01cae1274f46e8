"""The static copy: every link leads to a file of the copy, nothing needs a server, and it fits on any stick."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from dashboard.fonts import fonts_folder
from dashboard.words import Words
from pembe import ROOT


def packed(edition: Path, to: Path, *languages: str) -> subprocess.CompletedProcess[str]:
    options = [word for language in languages for word in ("--language", language)]
    command = [sys.executable, "-m", "etl.cli", "pack", "--data", str(edition), "--to", str(to), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("stick") / "copy"
    run = packed(edition, to, "ar")
    assert run.returncode == 0, run.stderr
    return to


def test_the_copy_is_at_most_five_megabytes_and_holds_every_page(copy: Path) -> None:
    assert sum(path.stat().st_size for path in copy.rglob("*")) <= 5_000_000
    names = {path.name for path in (copy / "ar").iterdir()}
    assert {"overview.html", "country-KEN.html", "country-ERI.html", "victims.html", "compare.html", "methods.html"} <= names
    assert [path.suffix for path in (copy / "data").iterdir()] == [".xlsx"]
    assert (copy / "ar" / "overview.html").read_text("utf-8").count('<html lang="ar" dir="rtl">') == 1


def test_every_link_leads_to_a_file_of_the_copy_or_to_the_page_of_a_source(copy: Path) -> None:
    lost = []
    for page in copy.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#]+)', page.read_text("utf-8")):
            if not address.startswith(("https://", "http://", "data:")) and not (page.parent / unquote(address)).is_file():
                lost.append((page.name, address))
    assert lost == []


def test_the_copy_opens_from_a_folder_and_asks_nobody_for_anything(copy: Path, browser: Browser) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto((copy / "index.html").as_uri())
    page.get_by_role("link", name="العربية").click()
    assert page.get_by_role("heading", level=1).inner_text() == Words("ar").say("Who reported what, and what do the figures say?")
    assert page.locator("section.chart").count() > 5
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.skipif(not fonts_folder().is_dir(), reason="the fonts were not fetched: no npm at set-up")
def test_a_copy_brings_the_letters_that_a_system_may_lack(copy: Path, browser: Browser) -> None:
    named = re.findall(r'url\("\./([^"]+)"\)', (copy / "pembe.css").read_text("utf-8"))
    assert named == ["noto-sans-arabic-arabic-400-normal.woff2", "noto-sans-arabic-arabic-700-normal.woff2"]
    page = browser.new_page()
    page.goto((copy / "ar" / "overview.html").as_uri())
    loaded = page.evaluate("document.fonts.load('16px \"Pembe Letters\"', 'م').then(found => found.map(one => one.status))")
    page.close()
    assert loaded == ["loaded"]


def test_a_folder_that_is_there_is_left_alone(edition: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    run = packed(edition, tmp_path / "copy")
    assert (run.returncode, run.stderr) == (
        1,
        f"{tmp_path / 'copy'} is there already; choose another folder with --to, or remove it\n",
    )


def test_an_unknown_language_is_refused_and_nothing_is_left_behind(edition: Path, tmp_path: Path) -> None:
    run = packed(edition, tmp_path / "copy", "xx")
    assert (run.returncode, run.stderr) == (1, "there are no pages in 'xx'; choose from en, fr, ar, sw, am\n")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_would_be_too_large_is_refused_and_nothing_is_left_behind(edition: Path, tmp_path: Path) -> None:
    run = packed(edition, tmp_path / "copy", "en", "fr", "ar", "sw")
    assert run.returncode == 1
    assert re.fullmatch(r"The copy in en, fr, ar, sw has \d+\.\d MB, over 5; choose fewer languages\n", run.stderr)
    assert list(tmp_path.iterdir()) == []
