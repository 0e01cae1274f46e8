"""How much one address may ask of the interface, counted once for all workers."""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from dashboard.api.limits import Limits, client_of
from dashboard.jobs import Jobs
from dashboard.stored import Store
from etl.serve import QUIET, running, wait_until_ready


@pytest.fixture
def server(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    return server


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


def test_a_bucket_empties_with_requests_and_fills_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("dashboard.api.limits.time.monotonic", lambda: now[0])
    limits = Limits(rate=10, seconds=2)
    assert [limits.wait("a") for _ in range(20)] == [0.0] * 20
    assert limits.wait("a") == pytest.approx(0.1)
    assert limits.wait("b") == 0
    now[0] += 0.1
    assert limits.wait("a") == 0
    assert limits.wait("a") > 0
    now[0] += 100
    assert sum(limits.wait("a") == 0 for _ in range(30)) == 20


def test_workers_share_the_bucket() -> None:
    limits = Limits(rate=0.001, seconds=10_000)
    worker = os.fork()
    if worker == 0:
        taken = sum(limits.wait("a") == 0 for _ in range(6))
        os._exit(taken)
    _, status = os.waitpid(worker, 0)
    assert os.waitstatus_to_exitcode(status) == 6
    assert sum(limits.wait("a") == 0 for _ in range(10)) == 4


def test_who_asks_too_often_is_told_when_to_ask_again(
    server: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(server.extensions, "pembe-limits", Limits(rate=0.5, seconds=6))
    statuses = [client.get("/api/v1/openapi.json").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = client.get("/api/v1/openapi.json")
    assert refused.mimetype == "application/problem+json" and 1 <= int(refused.headers["Retry-After"]) <= 3
    assert client.get("/health").status_code == 200
    other = client.get("/api/v1/openapi.json", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200


def test_files_are_counted_apart_from_pages_of_the_interface_and_only_when_they_are_made(
    server: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(server.extensions, "pembe-limits", Limits(rate=1, seconds=100))
    monkeypatch.setitem(server.extensions, "pembe-file-limits", Limits(rate=0.01, seconds=200))
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    monkeypatch.setitem(server.extensions, "pembe-jobs", Jobs(Store()))
    asked = "/api/v1/observations?format=csv&country="
    kenya, ethiopia, sudan = (client.get(asked + code).headers["Location"] for code in ("KEN", "ETH", "SDN"))
    statuses = [client.get(path).status_code for path in (kenya, kenya, ethiopia, sudan, kenya)]
    assert statuses == [200, 200, 200, 429, 200]
    refused = client.get("/download/csv?country=UGA")
    assert (refused.status_code, refused.mimetype) == (429, "text/plain")
    assert 1 <= int(refused.headers["Retry-After"]) <= 101
    assert "asks more than 0.01 times a second; ask again in" in refused.text
    assert client.get("/lite").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "told", "address", "client"),
    [
        ("0", "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        ("1", "203.0.113.9, 198.51.100.4", "192.0.2.1", "198.51.100.4"),
        ("2", "203.0.113.9, 198.51.100.4", "192.0.2.1", "203.0.113.9"),
        ("2", "198.51.100.4", "192.0.2.1", "192.0.2.1"),
        ("0", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_only_proxies_of_ours_are_believed(
    server: Flask, monkeypatch: pytest.MonkeyPatch, proxies: str, told: str, address: str, client: str
) -> None:
    monkeypatch.setenv("PEMBE_PROXIES", proxies)
    headers = {"X-Forwarded-For": told} if told else {}
    with server.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": address}):
        assert client_of(request) == client


def test_the_workers_of_the_real_server_count_together(edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_API_RATE", "0.5")
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    with running(edition, "127.0.0.1", port, 2, *QUIET) as process:
        wait_until_ready(process, "127.0.0.1", port)
        start = time.monotonic()
        statuses = [status(port) for _ in range(40)]
        filled = (time.monotonic() - start) * 0.5
    # Ten at once, and what came back meanwhile; two workers that counted each for themselves would answer twenty.
    assert 10 <= statuses.count(200) <= 11 + filled
    assert statuses.count(429) == 40 - statuses.count(200)


def status(port: int) -> int:
    """Ask over a connection of its own, which either worker may take."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/api/v1/openapi.json")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
