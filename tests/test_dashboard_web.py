"""The dashboard over HTTP: headers, compression, a missing edition, and what a stranger may send."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.db import EditionError, current_edition
from dashboard.edition import Edition

OUTPUT = "..said.children...page.children.."
OUTPUTS = [{"id": "said", "property": "children"}, {"id": "page", "property": "children"}]


def body(path: object = "/", search: object = "") -> dict[str, Any]:
    """What our own page sends when its address changes."""
    inputs = [{"id": "address", "property": name, "value": value} for name, value in (("pathname", path), ("search", search))]
    return {"output": OUTPUT, "outputs": OUTPUTS, "inputs": inputs, "changedPropIds": ["address.search"]}


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def shown(data: Path) -> Edition:
    return current_edition()


@pytest.fixture
def client(data: Path) -> Iterator[FlaskClient]:
    from dashboard.app import server

    with server.test_client() as client:
        yield client


@pytest.mark.parametrize(
    "query",
    ["?sex=x", "?kind=ZZZ", "?lang=xx", "?country=kenya", "?from=2022&to=2020", "?%ff=%fe", "?" + "a=b&" * 400, "?form=QQ"],
)
def test_an_address_that_no_form_sends_gets_a_clear_refusal(client: FlaskClient, query: str) -> None:
    assert client.get("/" + query).status_code == 400
    assert client.post("/_dash-update-component", json=body(search=query)).status_code == 400


def test_every_answer_carries_the_headers_and_scripts_need_no_unsafe_words(client: FlaskClient) -> None:
    for path in ("/", "/health", "/nowhere", "/assets/pembe.css"):
        answer = client.get(path)
        rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
        assert "unsafe" not in rules["script-src"]
        assert rules["frame-ancestors"] == "'none'"
        assert rules["connect-src"] == "'self'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_frame_has_language_direction_and_form_before_any_script(client: FlaskClient) -> None:
    page = client.get("/?lang=ar&country=KEN").text
    assert '<html lang="ar" dir="rtl">' in page
    assert re.search(r'value="KEN" checked> <span>كينيا', page)
    assert 'href="/?country=KEN&amp;lang=fr"' in page


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_answers_are_compressed(client: FlaskClient, encoding: str) -> None:
    answer = client.post("/_dash-update-component", json=body(), headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding
    assert len(answer.data) < 20_000


def test_health_says_that_the_process_is_up_and_ready_names_the_edition(client: FlaskClient, shown: Edition) -> None:
    assert client.get("/health").status_code == 200
    assert client.get("/ready").text.strip() == shown.name


@pytest.mark.parametrize("path", ["/_mcp", "/nowhere", "/_dash-component-suites/os/environ", "/assets/../app.py", "/_dash-x"])
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_callback_of_our_own_page_is_answered(client: FlaskClient) -> None:
    assert client.post("/_dash-update-component", json=body(search="?country=KEN")).status_code == 200


@pytest.mark.parametrize(
    "crafted",
    [
        None,
        [],
        {},
        {"output": OUTPUT},
        body() | {"output": "page.children"},
        body() | {"outputs": {}},
        body() | {"inputs": "x"},
        body() | {"inputs": [1, 2]},
        body() | {"inputs": []},
        body() | {"changedPropIds": 7},
        body() | {"background": "x"},
        body(path=None),
        body(path="/nowhere"),
        body(search=None),
        body(search={"a": 1}),
        body(search="?country=QQQ"),
        body(search="?" + "a" * 9000),
    ],
)
def test_a_crafted_callback_gets_a_clear_refusal(client: FlaskClient, crafted: object) -> None:
    answer = client.post("/_dash-update-component", json=crafted)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*body(), "id", "property", "value"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=st.dictionaries(st.sampled_from([*body(), "state"]), nested, min_size=1, max_size=3))
def test_no_crafted_body_makes_the_server_fail(client: FlaskClient, change: dict[str, Any]) -> None:
    assert client.post("/_dash-update-component", json=body() | change).status_code < 500


def test_a_body_too_large_is_refused(client: FlaskClient) -> None:
    assert client.post("/_dash-update-component", data=b"x" * 100_000).status_code in {400, 413}


def test_without_an_edition_a_page_says_so_and_the_process_stays_up(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    assert client.get("/health").status_code == 200
    for path in ("/", "/ready"):
        assert client.get(path).status_code == 503
    assert "No edition has been published yet" in client.get("/").text


@pytest.mark.parametrize("pointer", ["broken", "../outside", "gone", ""])
def test_a_broken_edition_gives_a_page_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pointer: str) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    (tmp_path / "editions" / "broken").mkdir(parents=True)
    (tmp_path / "editions" / "broken" / "public.duckdb").write_bytes(b"not a database")
    (tmp_path / "editions" / "current").write_text(pointer)
    with pytest.raises(EditionError):
        current_edition()


def test_a_new_edition_appears_without_restart_and_the_old_one_returns(
    client: FlaskClient, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Edition
) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    for name in ("first", "second"):
        (tmp_path / "editions" / name).mkdir(parents=True)
        shutil.copy(data / "editions" / shown.name / "public.duckdb", tmp_path / "editions" / name)
    for name in ("first", "second", "first"):
        (tmp_path / "editions" / "current").write_text(f"{name}\n")
        assert client.get("/ready").text.strip() == name
        assert name in client.get("/").text
