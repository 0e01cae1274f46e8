"""Whole files and briefs: made once, kept, served with their length and in ranges, to readers who may be slow."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.jobs import Jobs
from dashboard.lanes import Lane
from dashboard.stored import Store
from etl.browser import free_port
from etl.serve import QUIET, running, wait_until_ready

HOST = "127.0.0.1"
COUNTRIES = ("DJI", "EGY", "ERI", "ETH", "KEN", "SDN", "SOM", "SSD", "TUN", "UGA", "YEM")
FORMS = ("csv", "xlsx", "parquet", "jsonl", "sdmx-csv")


@pytest.fixture
def server(edition: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    from dashboard.app import server

    monkeypatch.setitem(server.extensions, "pembe-jobs", Jobs(Store()))
    return server


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def port(edition: Path) -> Iterator[int]:
    chosen = free_port()
    with pytest.MonkeyPatch.context() as environment:
        # The limits are those of a server that nobody has configured.
        for name in ("PEMBE_API_RATE", "PEMBE_PAGE_RATE", "PEMBE_FILE_RATE"):
            environment.delenv(name, raising=False)
        with running(edition, HOST, chosen, 2, *QUIET) as process:
            wait_until_ready(process, HOST, chosen)
            yield chosen


def test_a_file_has_its_length_and_is_given_in_ranges(client: FlaskClient) -> None:
    whole = client.get("/download/csv?country=KEN")
    size = len(whole.data)
    assert whole.headers["Content-Length"] == str(size)
    assert whole.headers["Accept-Ranges"] == "bytes"
    tag = whole.headers["ETag"]
    assert tag.startswith('"')

    def part(asked: str, **headers: str) -> tuple[int, bytes, str | None]:
        answer = client.get("/download/csv?country=KEN", headers={"Range": asked, **headers})
        return answer.status_code, answer.data, answer.headers.get("Content-Range")

    assert part("bytes=0-9") == (206, whole.data[:10], f"bytes 0-9/{size}")
    assert part("bytes=-7") == (206, whole.data[-7:], f"bytes {size - 7}-{size - 1}/{size}")
    assert part(f"bytes={size - 3}-") == (206, whole.data[-3:], f"bytes {size - 3}-{size - 1}/{size}")
    assert part(f"bytes=5-{size * 9}") == (206, whole.data[5:], f"bytes 5-{size - 1}/{size}")
    assert part(f"bytes={size}-") == (416, b"", f"bytes */{size}")
    assert part("bytes=0-4", **{"If-Range": tag}) == (206, whole.data[:5], f"bytes 0-4/{size}")
    assert part("bytes=0-4", **{"If-Range": '"another"'}) == (200, whole.data, None)
    assert part("bytes=0-1,4-5") == (200, whole.data, None)
    assert part("lines=1-2") == (200, whole.data, None)
    assert part("bytes=9-1") == (200, whole.data, None)
    again = client.get("/download/csv?country=KEN", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head("/download/csv?country=KEN")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(size))


def test_the_interface_gives_files_in_the_same_way(client: FlaskClient) -> None:
    address = "/api/v1/observations?country=KEN&format=parquet"
    whole = client.get(address, follow_redirects=True)
    part = client.get(address, follow_redirects=True, headers={"Range": "bytes=-4"})
    assert (part.status_code, part.data) == (206, b"PAR1")
    assert part.headers["ETag"] == whole.headers["ETag"]
    assert part.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    preflight = client.options("/api/v1/observations")
    assert {"Range", "If-Range"} <= set(preflight.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"Content-Range", "Content-Length"} <= set(part.headers["Access-Control-Expose-Headers"].split(", "))


def test_a_packed_file_has_a_length_and_a_tag_of_its_own_and_is_resumed_packed(client: FlaskClient) -> None:
    plain = client.get("/download/csv?country=KEN")
    tags = {plain.headers["ETag"]}
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get("/download/csv?country=KEN", headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.headers["Content-Length"] == str(len(packed.data))
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert unpack(packed.data) == plain.data
        tags.add(packed.headers["ETag"])
        going_on = {"Accept-Encoding": encoding, "Range": "bytes=100-", "If-Range": packed.headers["ETag"]}
        rest = client.get("/download/csv?country=KEN", headers=going_on)
        assert (rest.status_code, rest.headers["Content-Encoding"]) == (206, encoding)
        assert packed.data[:100] + rest.data == packed.data
        part = client.get("/download/csv?country=KEN", headers={"Accept-Encoding": encoding, "Range": "bytes=0-9"})
        assert (part.data, part.headers.get("Content-Encoding")) == (plain.data[:10], None)
    assert len(tags) == 3


def test_a_file_of_a_large_edition_is_handed_on_while_it_is_made(
    client: FlaskClient, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = client.get("/download/csv?country=ETH").data
    monkeypatch.setattr("dashboard.api.files.MOST_AWAITED", 0)
    monkeypatch.setitem(server.extensions, "pembe-jobs", Jobs(Store()))
    with client.get("/download/csv?country=ETH") as first:
        assert "Content-Length" not in first.headers
        assert first.data == usual
    assert client.get("/download/csv?country=ETH").headers["Content-Length"] == str(len(usual))
    assert client.get("/download/csv?country=ETH&wide=nothing").status_code in (400, 422)


def test_a_choice_is_made_once_and_what_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    store, made = Store(), []

    def content() -> Iterator[bytes]:
        made.append(1)
        yield b"ab"
        yield b"cd"

    first = store.make("key", content)
    assert (store.make("key", content), store.find("key"), len(made)) == (first, first, 1)
    assert (first.path.read_bytes(), first.size) == (b"abcd", 4)

    def broken() -> Iterator[bytes]:
        yield b"ab"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        store.make("other", broken)
    assert store.find("other") is None
    assert not (store.folder / "other").exists()
    assert store.folder.stat().st_mode & 0o077 == 0


class Prompt(Lane):
    """A lane whose calls are done before whoever asked for them goes on, as those of small files often are."""

    def submit(self, address: str, call: Callable[..., Any], *values: Any) -> Future[Any]:
        future = super().submit(address, call, *values)
        wait([future], 60)
        return future


def test_a_file_that_is_done_at_once_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    made, answers = Jobs(Store()), SimpleQueue[bytes]()

    def ask() -> None:
        for key in ("one", "other"):
            answers.put(made.ask(key, Prompt(1), "address", lambda: iter([b"whole"])).result().path.read_bytes())

    Thread(target=ask, daemon=True).start()
    assert [answers.get(timeout=60) for _ in range(2)] == [b"whole", b"whole"]


def test_what_was_asked_for_longest_ago_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    store = Store(most_bytes=25)
    for key in ("a", "b"):
        store.make(key, lambda: iter([b"0123456789"]))
        time.sleep(0.01)
    assert store.find("a") is not None
    time.sleep(0.01)
    store.make("c", lambda: iter([b"0123456789"]))
    assert [key for key in "abc" if store.find(key)] == ["a", "c"]
    few = Store(most_files=2)
    for key in "abcd":
        few.make(key, lambda: iter([b"0"]))
        time.sleep(0.01)
    assert [key for key in "abcd" if few.find(key)] == ["c", "d"]


def test_only_what_a_killed_server_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_CACHE", str(tmp_path))
    left = tmp_path / "pembe-files-left"
    left.mkdir()
    (left / "alive").touch()
    (left / "file").write_text("old")
    alive = Store()
    assert not left.exists()
    Store()
    assert alive.folder.is_dir()


def test_an_analyst_downloads_eleven_countries_in_five_formats_in_a_row(port: int) -> None:
    for form in FORMS:
        for country in COUNTRIES:
            with urlopen(f"http://{HOST}:{port}/download/{form}?country={country}&indicators=all", timeout=60) as answer:
                assert len(answer.read()) == int(answer.headers["Content-Length"])


def test_a_file_is_made_and_a_brief_printed_while_no_thread_waits(port: int) -> None:
    lines = []
    for country in COUNTRIES[:8]:
        line = socket.create_connection((HOST, port), timeout=60)
        line.sendall(f"GET /country/{country}/brief.pdf?lang=fr HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        lines.append(line)
    begin = time.monotonic()
    statuses = []
    for _ in range(5):
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        connection.request("GET", "/health")
        statuses.append(connection.getresponse().status)
        connection.close()
    answered = time.monotonic() - begin
    first = lines[0].recv(12)
    printed = time.monotonic() - begin
    for line in lines:
        line.close()
    assert statuses == [200] * 5
    assert first == b"HTTP/1.1 200"
    assert answered < printed


def test_slow_readers_of_files_leave_the_others_their_turn(port: int) -> None:
    address = f"http://{HOST}:{port}/download/jsonl?country=KEN&indicators=all"
    request = f"GET {address.partition(str(port))[2]} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with urlopen(address, timeout=120) as answer:
        usual = answer.read()
    lines = []
    for _ in range(30):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.connect((HOST, port))
        line.sendall(request * 4 if len(lines) % 2 else request)
        lines.append(line)
    for _ in range(4):
        with urlopen(address, timeout=60) as answer:
            assert answer.read() == usual
    with urlopen(Request(address, headers={"Range": "bytes=10-19"}), timeout=60) as answer:
        assert answer.read() == usual[10:20]
    received = b""
    while part := lines[4].recv(1 << 20):
        received += part
    assert received.endswith(usual)
    for line in lines:
        line.close()
