"""The smaller plotly.js: of the version that the plotly package brings, from pinned packages, in place of the whole one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from dashboard.bundle import ADDRESS, PARTS, BundleError, add_bundle, bundle_path, make_bundle, needed_version


@pytest.fixture(scope="module")
def bundle() -> Path:
    if not bundle_path().is_file() and shutil.which("npm") is None:
        pytest.skip("no npm: the whole plotly.js is served")
    return make_bundle()


def test_every_package_of_the_bundle_is_pinned_by_its_hash_and_names_no_address() -> None:
    lock = json.loads((PARTS / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert "://" not in (PARTS / "package-lock.json").read_text("utf-8")
    assert packages["node_modules/plotly.js"]["version"] == needed_version()


@pytest.mark.browser
def test_the_bundle_says_the_version_of_the_plotly_package_and_draws_what_the_pages_need(bundle: Path, page: Page) -> None:
    page.set_content("<div id=a></div>")
    page.add_script_tag(content=bundle.read_text("utf-8"))
    assert page.evaluate("Plotly.version") == needed_version()
    kinds = page.evaluate("Object.keys(Plotly.PlotSchema.get().traces)")
    assert {"bar", "scatter", "choropleth", "scattergeo", "sankey"} <= set(kinds)


def test_the_bundle_is_a_third_of_the_whole_and_stands_in_its_place(bundle: Path) -> None:
    server = Flask(__name__)
    add_bundle(server)
    answer = server.test_client().get(ADDRESS)
    assert answer.data == bundle.read_bytes()
    assert len(answer.data) < 1_700_000
    again = server.test_client().get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_without_a_bundle_nothing_stands_before_the_whole_plotly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dashboard.bundle.HELD", tmp_path)
    server = Flask(__name__)
    add_bundle(server)
    assert server.test_client().get(ADDRESS).status_code == 404


def test_without_npm_the_reason_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dashboard.bundle.HELD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BundleError, match="there is no npm on this machine"):
        make_bundle()
