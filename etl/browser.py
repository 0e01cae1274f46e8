"""Chromium for the commands that look at the screens: pictures of pages, and bytes by page."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from etl.errors import SourceError
from etl.serve import QUIET, running, wait_until_ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOCAL = "127.0.0.1"
# Root may use no sandbox; the rest keeps the browser itself from speaking to anyone.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as asking:
        asking.bind((LOCAL, 0))
        return int(asking.getsockname()[1])


@contextmanager
def looking(data: Path) -> Iterator[tuple[Browser, str]]:
    """Serve the current edition of a folder and open a browser on it; gives both the browser and the address.

    Errors: SourceError where no browser, or nothing to drive one with, is installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as fault:
        raise SourceError("looking at pages needs the packages of the tests; run `python3 pembe.py test` once") from fault
    from pembe import find_chromium

    path = find_chromium()
    if path is None:
        raise SourceError("no Chromium is installed; install it, or set PEMBE_CHROMIUM to the path of a Chromium browser")
    port = free_port()
    with running(data, LOCAL, port, 2, *QUIET) as process:
        wait_until_ready(process, LOCAL, port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
            yield browser, f"http://{LOCAL}:{port}"
            browser.close()
