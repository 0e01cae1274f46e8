"""Fonts of our own: from pinned packages, for the pages of their language alone, and nowhere named where they are not there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from dashboard.fonts import PARTS, SCRIPTS, add_fonts, fonts_folder, make_fonts


@pytest.fixture(scope="module")
def fonts() -> Path:
    if not fonts_folder().is_dir() and shutil.which("npm") is None:
        pytest.skip("no npm: the fonts of the reader's system serve")
    return make_fonts()


@pytest.fixture
def client(fonts: Path) -> FlaskClient:
    server = Flask(__name__)
    add_fonts(server)
    server.add_url_rule("/sheet/<language>", "sheet", lambda language: server.jinja_env.globals["letters"](language))  # type: ignore[operator]
    return server.test_client()


def test_every_package_is_pinned_by_its_hash_and_names_no_address() -> None:
    packages = json.loads((PARTS / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and not package["integrity"].startswith("sha512-")] == []
    assert "://" not in (PARTS / "package-lock.json").read_text("utf-8")


def test_a_page_in_arabic_or_amharic_names_a_sheet_whose_fonts_are_served_for_ever(client: FlaskClient) -> None:
    assert [client.get(f"/sheet/{language}").text for language in ("en", "fr", "sw")] == ["", "", ""]
    for language in SCRIPTS:
        sheet = client.get(client.get(f"/sheet/{language}").text)
        assert sheet.mimetype == "text/css" and "immutable" in sheet.headers["Cache-Control"]
        addresses = re.findall(r'url\("([^"]+)"\)', sheet.text)
        assert len(addresses) == 2
        for address in addresses:
            font = client.get(address)
            assert font.data[:4] == b"wOF2" and 20_000 < len(font.data) < 90_000


def test_without_the_fonts_no_page_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dashboard.fonts.HELD", tmp_path)
    server = Flask(__name__)
    add_fonts(server)
    letters = server.jinja_env.globals["letters"]
    assert callable(letters) and letters("ar") == ""
    assert server.test_client().get(f"/fonts/{fonts_folder().name}/ar.css").status_code == 404


@pytest.mark.browser
def test_a_browser_reads_the_letters_from_them(fonts: Path, page: Page, site: str) -> None:
    for language, letter in (("ar", "ع"), ("am", "ሀ")):
        page.goto(f"{site}/?lang={language}")
        loaded = page.evaluate("letter => document.fonts.load('700 16px \"Pembe Letters\"', letter)", letter)
        assert len(loaded) == 1
        assert page.evaluate("letter => document.fonts.check('700 16px \"Pembe Letters\"', letter)", letter)
    page.goto(f"{site}/")
    assert page.evaluate("[...document.fonts].length") == 0
