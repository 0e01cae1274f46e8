"""The interface for programs against its own OpenAPI document, and against what a stranger may send."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
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
from werkzeug.serving import make_server

from dashboard.api.declared import OPERATIONS
from dashboard.db import current_edition

NAMES = sorted({parameter.name for one in OPERATIONS for parameter in one.takes})
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
    cases: Counter[str] = Counter()
    faults: set[str] = set()
    for event in from_schema(described).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.add(repr(event))
        if isinstance(event, events.ScenarioFinished):
            faults |= set(failures(event))
            cases.update(node.value.operation.label for node in event.recorder.cases.values())
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


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "jsonl", "parquet"])
def test_what_the_description_calls_a_default_is_accepted_with_every_format(client: FlaskClient, name: str, form: str) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert described is not None
    taken = described["paths"]["/api/v1/editions/{edition}/observations"]["get"]["parameters"]
    usual = {one["name"]: json.dumps(one["schema"]["default"]).strip('"') for one in taken if "default" in one["schema"]}
    assert set(usual) == {"lang", "format", "limit", "labels", "excel"}
    home = f"/api/v1/editions/{name}/observations?country=KEN&indicator=TIP_CONV"
    with client.get(f"{home}&{urlencode({**usual, 'format': form})}") as asked, client.get(f"{home}&format={form}") as short:
        assert (asked.status_code, asked.data) == (200, short.data)


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("format=csv&limit=5", 409, "Limit goes with the format json and not with csv; leave it out."),
        ("format=json&notes=true", 409, "Notes goes with the format csv, csvw, jsonl and not with json; leave it out."),
        ("from=2022&to=2019", 409, "The first year, 2022, comes after the last year, 2019; turn them round."),
        ("age=Y1T99", 404, "This edition knows no age Y1T99; /api/v1/editions/{name}/codelists names its codes."),
        ("from=1066", 400, "From is a whole number from 1900 to 2099, and not '1066'."),
    ],
)
def test_choices_that_go_with_no_other_are_told_apart_from_wrong_ones(
    client: FlaskClient, name: str, query: str, status: int, detail: str
) -> None:
    answer = client.get(f"/api/v1/editions/{name}/observations?{query}")
    assert answer.json is not None
    assert (answer.status_code, answer.json["detail"]) == (status, detail.format(name=name))


def test_a_client_that_another_tool_makes_of_the_description_reads_figures(server: Flask, name: str, tmp_path: Path) -> None:
    tool = shutil.which("openapi-python-client")
    if tool is None:
        pytest.skip("no openapi-python-client: it needs an older typer than ours, and so an environment of its own")
    (tmp_path / "openapi.json").write_bytes(server.test_client().get("/api/v1/openapi.json").data)
    made = subprocess.run([tool, "generate", "--path", "openapi.json", "--output-path", "made", "--meta", "none"],
                          cwd=tmp_path, capture_output=True, encoding="utf-8")  # fmt: skip
    assert made.returncode == 0 and "WARNING" not in made.stdout, made.stdout
    listening = make_server("127.0.0.1", 0, server, threaded=True)
    threading.Thread(target=listening.serve_forever).start()
    program = (
        "import sys; from made import Client; from made.api.default import observations, codelist\n"
        "client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)\n"
        "page = observations.sync(sys.argv[2], client=client)\n"
        "print(page.figures, len(page.observations), len(codelist.sync(sys.argv[2], 'CL_SEX', client=client).codes))"
    )
    words = [str(Path(tool).resolve().with_name("python")), "-c", program, f"http://127.0.0.1:{listening.server_port}", name]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8")
    listening.shutdown()
    listening.server_close()
    assert run.stdout == "1000 1000 5\n", run.stderr


SPECIAL = ["", "KEN", "TIP_VIC_DET", "2020", "-1", "csv", "true", "' OR 1=1 --", "../..", "\0", "\n"]
words = st.text(max_size=30) | st.sampled_from(SPECIAL)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | words, words), max_size=6)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=pairs, resource=st.sampled_from(["observations", "citation", "indicators", "codelists"]))
def test_no_query_makes_the_server_fail(client: FlaskClient, name: str, said: list[tuple[str, str]], resource: str) -> None:
    query = urlencode(said, errors="surrogatepass")
    for home in ("/api/v1", f"/api/v1/editions/{name}"):
        with client.get(f"{home}/{resource}?{query}") as answer:
            assert answer.status_code in {200, 307, 400, 404, 409}
            if answer.status_code >= 400:
                assert_one_sentence(answer.json, answer.status_code)


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
        assert answer.status_code in {200, 400, 404, 409}


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
