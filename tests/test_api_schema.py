"""The interface for programs against its own OpenAPI document, and against what a stranger may send."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from dashboard.api.declared import OPERATIONS
from dashboard.db import current_edition

# The formats with which an option goes: OpenAPI has no words for that, nor for years that must be in order.
ONLY = {parameter.name: parameter.formats for one in OPERATIONS for parameter in one.takes if parameter.formats}
NAMES = sorted({parameter.name for one in OPERATIONS for parameter in one.takes})
FEW = 20
AGES = ["_T", "Y0T17"]
# What takes the same choices as /editions/{edition}/observations, and is checked by the same lines.
LIKE_IT = "^/api/v1/observations$|/citation$"


@pytest.fixture(autouse=True)
def name(edition: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return current_edition().name


@pytest.fixture
def server(name: str, monkeypatch: pytest.MonkeyPatch) -> Flask:
    from dashboard.app import server

    # Thousands of requests in a few seconds are what the limit is made to stop.
    monkeypatch.setattr(server.extensions["pembe-limits"], "rate", 0)
    return server


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


def keep_to_the_unwritten(_: object, case: schemathesis.Case, __: object) -> None:
    """Leave out of a valid query what its format does not take, turn years round, name ages that occur, ask for short pages."""
    query: dict[str, Any] = case.query or {}
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    form = query.get("format", "json")
    for option in [option for option, formats in ONLY.items() if option in query and form not in formats]:
        del query[option]
    if "from" in query and "to" in query:
        query["from"], query["to"] = sorted((query["from"], query["to"]))
    if "age" in query:
        query["age"] = AGES
    if form == "json" and case.path.endswith("/observations"):
        query.setdefault("limit", FEW)
    case.query = query


def test_every_address_keeps_to_its_description(server: Flask, name: str) -> None:
    config = SchemathesisConfig.from_dict(
        {
            "parameters": {"path.edition": name},
            # Schemathesis reads bodies as they come.
            "headers": {"Accept-Encoding": "identity"},
            "generation": {"max-examples": 8},
            # Every choice in every wrong form is a thousand requests, which one address is enough for.
            "operations": [{"include-path-regex": LIKE_IT, "phases": {"coverage": {"enabled": False}}}],
            "phases": {"stateful": {"enabled": False}},
            "continue-on-failure": True,
            "seed": 1,
        }
    )
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", server, config=config)
    schemathesis.hook("before_call")(keep_to_the_unwritten)
    cases: Counter[str] = Counter()
    faults: set[str] = set()
    try:
        for event in from_schema(described).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                faults.add(repr(event))
            if isinstance(event, events.ScenarioFinished):
                faults |= set(failures(event))
                cases.update(node.value.operation.label for node in event.recorder.cases.values())
    finally:
        schemathesis.hooks.unregister(keep_to_the_unwritten)
    assert faults == set()
    paths = json.loads(server.test_client().get("/api/v1/openapi.json").text)["paths"]
    # Where the description itself stands is the one address that schemathesis leaves out.
    assert {label.removeprefix("GET ") for label in cases} == set(paths) - {"/api/v1/openapi.json"}
    assert cases.total() > 500


def failures(event: events.ScenarioFinished) -> Iterator[str]:
    """Tell what schemathesis found wrong, with a command that repeats it."""
    for place, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                command = event.recorder.cases[place].value.as_curl_command()
                yield f"{check.name}: {check.failure_info.failure.message} ({command})"


def test_the_description_is_openapi_3_1_and_checks_what_it_describes(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert described is not None
    assert described["openapi"] == "3.1.0"
    taken = described["paths"]["/api/v1/editions/{edition}/observations"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in taken}
    assert schemas["sex"]["items"]["enum"] == ["F", "M", "_O", "_U", "_T"]
    assert schemas["limit"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1_000}
    assert client.get("/api/v1/observations?limit=10000").status_code == 307
    assert client.get("/api/v1/observations?limit=10001").status_code == 400


SPECIAL = ["", "KEN", "TIP_VIC_DET", "2020", "-1", "csv", "true", "' OR 1=1 --", "../..", "\0", "\n"]
words = st.text(max_size=30) | st.sampled_from(SPECIAL)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | words, words), max_size=6)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=pairs, resource=st.sampled_from(["observations", "citation", "indicators", "codelists"]))
def test_no_query_makes_the_server_fail(client: FlaskClient, name: str, said: list[tuple[str, str]], resource: str) -> None:
    query = urlencode(said, errors="surrogatepass")
    for home in ("/api/v1", f"/api/v1/editions/{name}"):
        with client.get(f"{home}/{resource}?{query}") as answer:
            assert answer.status_code in {200, 307, 400}
            if answer.status_code == 400:
                assert_one_sentence(answer.json, 400)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(words, min_size=1, max_size=4), raw=st.binary(max_size=40))
def test_no_path_and_no_bytes_make_the_server_fail(client: FlaskClient, name: str, parts: list[str], raw: bytes) -> None:
    path = "/".join(quote(part, safe="", errors="surrogatepass") for part in parts)
    for address in (f"/api/v1/{path}", f"/api/v1/editions/{path}", f"/api/v1/editions/{path}/observations"):
        with client.get(address) as answer:
            assert answer.status_code in {200, 307, 308, 404, 405}
            if answer.status_code >= 400:
                assert_one_sentence(answer.json, answer.status_code)
    with client.get(f"/api/v1/editions/{name}/observations", query_string=raw.decode("latin-1")) as answer:
        assert answer.status_code in {200, 400}


def assert_one_sentence(problem: Any, status: int) -> None:
    """Assert that a problem has all that RFC 9457 names and one sentence."""
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail"}
    assert re.fullmatch(r"[A-Z'][^\n]*\.", problem["detail"])
    assert "Traceback" not in problem["detail"] and not re.search(r"\.\s+[A-Z]", problem["detail"])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["editions", "observations", "codelists/CL_SEX"])
def test_what_can_only_be_read_says_so(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(f"/api/v1/{path}", method=method, data=b"x" * 100_000)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert_one_sentence(answer.json, 405)
