"""Clients that send or read slowly, or not at all, hold nobody up; the server is the one of the Procfile."""

from __future__ import annotations

import http.client
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.lanes import Lane
from etl.browser import free_port
from etl.serve import QUIET, ROOT, running, wait_until_ready

HOST = "127.0.0.1"
IDLE = b""
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-Pad: "
HALF_BODY = b"POST /_dash-update-component HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
SECONDS = 6.0


@pytest.fixture(scope="module")
def port(edition: Path) -> Iterator[int]:
    os.environ["PEMBE_PAGE_RATE"] = "0"
    chosen = free_port()
    with running(edition, HOST, chosen, 2, *QUIET) as process:
        wait_until_ready(process, HOST, chosen)
        yield chosen
    del os.environ["PEMBE_PAGE_RATE"]


def seconds_of(port: int, path: str) -> float:
    start = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    return time.monotonic() - start


def conversation(port: int, content: bytes) -> bytes:
    """Send bytes and read until the server closes."""
    with socket.create_connection((HOST, port), timeout=20) as line:
        line.sendall(content)
        received = b""
        while part := line.recv(65_536):
            received += part
        return received


def test_two_hundred_slow_connections_of_one_address_hold_nobody_up(port: int) -> None:
    paths = ("/health", "/lite", "/", "/country/KEN")
    usual = max(seconds_of(port, path) for path in paths * 2)
    lines: list[socket.socket] = []
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(0.5):
            for number, line in enumerate(lines):
                if number % 3:
                    try:
                        line.send(b"a")
                    except OSError:
                        lines[number] = socket.create_connection((HOST, port), timeout=5)

    try:
        for number in range(200):
            line = socket.create_connection((HOST, port), timeout=5)
            line.sendall((IDLE, HALF_HEAD, HALF_BODY)[number % 3])
            lines.append(line)
        trickling = threading.Thread(target=trickle)
        trickling.start()
        until = time.monotonic() + SECONDS
        waits = []
        while time.monotonic() < until:
            waits += [seconds_of(port, path) for path in paths]
    finally:
        over.set()
        trickling.join()
        for line in lines:
            line.close()
    assert len(waits) > 8
    # On a machine that other tests share, a page takes its time without any slow client too.
    assert max(waits) < 1.0 + usual


def test_slow_readers_hold_no_threads(port: int) -> None:
    lines = [socket.create_connection((HOST, port), timeout=5) for _ in range(24)]
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\nGET /country/KEN HTTP/1.1\r\nHost: x\r\n\r\n" * 4)
    try:
        assert max(seconds_of(port, path) for path in ("/health", "/lite") * 4) < 5.0
    finally:
        for line in lines:
            line.close()


def test_a_slow_reader_gets_every_byte(port: int) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    connection.request("GET", "/api/v1/openapi.json")
    usual = connection.getresponse().read()
    connection.close()
    with socket.create_connection((HOST, port), timeout=20) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 30)
        line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while part := line.recv(16_384):
            received += part
            time.sleep(0.001)
    assert received.count(usual) == 30
    assert received.endswith(b"up\n")


def test_requests_that_cannot_be_taken_are_told_so(port: int) -> None:
    close = b"Connection: close\r\n"
    start = b"POST /health HTTP/1.1\r\nHost: x\r\n" + close
    answers = {
        start + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n": b"411",
        start + b"Content-Length: 20000\r\n\r\n" + b"a" * 20_000: b"413",
        start + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n": b"417",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000: b"431",
        b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": b"414",
        b"nonsense\r\n\r\n": b"400",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n": b"400",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab": b"400",
        b"\x00\xff\r\n\r\n": b"400",
    }
    for request, status in answers.items():
        assert conversation(port, request)[9:12] == status, request[:60]
    assert conversation(port, start + b"Content-Length: 3\r\n\r\nabc").endswith(b"up\n")


def test_several_requests_at_once_are_answered_in_their_order(port: int) -> None:
    two = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = conversation(port, two)
    assert received.index(b" 200 OK") < received.index(b"up\n") < received.index(b" 404 ")


def test_addresses_take_turns_in_the_threads() -> None:
    lane, order, begun = Lane(1), [], threading.Event()

    def work(name: str) -> None:
        begun.wait(5)
        order.append(name)

    futures = [lane.submit("much", work, f"much {number}") for number in range(3)] + [lane.submit("little", work, "little")]
    begun.set()
    for future in futures:
        future.result(5)
    assert order == ["much 0", "much 1", "little", "much 2"]
    assert lane.waiting("much") == 0
    with pytest.raises(ZeroDivisionError):
        lane.submit("little", lambda: 1 // 0).result(5)


def test_an_address_has_no_more_threads_than_its_share() -> None:
    lane, running_now, most = Lane(4, each=2), [0], [0]
    lock = threading.Lock()

    def work() -> None:
        with lock:
            running_now[0] += 1
            most[0] = max(most[0], running_now[0])
        time.sleep(0.02)
        with lock:
            running_now[0] -= 1

    for future in [lane.submit("one", work) for _ in range(8)]:
        future.result(5)
    assert most == [2]


def test_only_a_platform_that_names_a_port_opens_the_server_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from dashboard import gunicorn_settings

    assert "0.0.0.0" not in (ROOT / "Procfile").read_text(encoding="utf-8")
    assert "python:dashboard.gunicorn_settings" in (ROOT / "Procfile").read_text(encoding="utf-8")
    monkeypatch.delenv("PORT", raising=False)
    assert importlib.reload(gunicorn_settings).bind == "127.0.0.1:8050"
    monkeypatch.setenv("PORT", "5000")
    assert importlib.reload(gunicorn_settings).bind == "0.0.0.0:5000"
