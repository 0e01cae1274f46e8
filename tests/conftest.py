"""What the tests share: a browser that may not leave this machine, an edition of the samples, the real files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, sync_playwright

from etl.browser import OPTIONS, free_port
from etl.serve import command
from pembe import ROOT, find_chromium

# All tests come from one address; those of the limits set their own.
os.environ.setdefault("PEMBE_API_RATE", "0")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of a Chromium browser."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium: install it, or set PEMBE_CHROMIUM to its path")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Give one running browser to all the tests of a run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a fresh page; refuse every request that would leave this machine, and fail the test that made one."""
    left: list[str] = []

    def refuse(route: Route) -> None:
        left.append(route.request.url)
        route.abort()

    def refuse_socket(socket: WebSocketRoute) -> None:
        left.append(socket.url)
        socket.close()

    # A service worker's requests would pass by the routes.
    context = browser.new_context(service_workers="block")
    context.route(leaves_this_machine, refuse)
    context.route_web_socket(leaves_this_machine, refuse_socket)
    yield context.new_page()
    context.close()
    assert not left, f"requests left this machine: {left}"


def leaves_this_machine(url: str) -> bool:
    """Say whether a request to this address would go anywhere but to 127.0.0.1."""
    address = urlsplit(url)
    return address.scheme not in {"data", "blob", "about"} and address.hostname != "127.0.0.1"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real files that others published: PEMBE_SHARED_DATA, or ../shared/data beside the project."""
    folder = Path(os.environ.get("PEMBE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no real files here: set PEMBE_SHARED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the samples by the real command; give the data folder that then has them as its current edition."""
    data = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "etl.cli", "build", "--samples", "--data", str(data)]
    build = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert build.returncode == 0, build.stdout + build.stderr
    return data


@pytest.fixture(scope="session")
def site(edition: Path) -> Iterator[str]:
    """Serve the samples with the real command on a free port; give the address."""
    port = free_port()
    server = subprocess.Popen(command("127.0.0.1", port, 2), cwd=ROOT, env={**os.environ, "PEMBE_DATA": str(edition)})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urlopen(f"{address}/ready").close()
                break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        assert server.wait(30) == 0
