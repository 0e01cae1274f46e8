"""The screens as a stranger's program meets them: each address and the callback, from a description of what our pages send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from test_api_schema import failures
from test_dashboard_web import OUTPUT, OUTPUTS

from dashboard.db import current_edition
from dashboard.edition import Edition
from dashboard.exports import FORMATS
from dashboard.filters import LANGUAGES
from dashboard.pages import PAGES

CALLBACK = "/_dash-update-component"
COUNTRY = "/country/KEN"


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def server(data: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    from dashboard.app import server

    # Thousands of requests in a few seconds are what the limit is made to stop.
    monkeypatch.setattr(server.extensions["pembe-limits"], "rate", 0)
    return server


def choices(edition: Edition) -> list[dict[str, Any]]:
    """Describe the choices that every page takes in its address."""
    countries = sorted({figure.ref_area for figure in edition.figures})
    indicators = sorted({figure.indicator for figure in edition.figures})
    schemas: dict[str, dict[str, Any]] = {
        "country": {"type": "array", "items": {"enum": countries}, "minItems": 1},
        "from": {"type": "integer", "minimum": 1900, "maximum": 2099},
        "to": {"type": "integer", "minimum": 1900, "maximum": 2099},
        "indicator": {"enum": indicators},
        "sex": {"type": "array", "items": {"enum": ["F", "M"]}, "minItems": 1},
        "lang": {"enum": [*LANGUAGES]},
    }
    return [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]


def body() -> dict[str, Any]:
    """Describe the body of the callback: all of it is fixed but for the page and the choices."""
    inputs = [
        {"id": {"const": "address"}, "property": {"const": name}, "value": value}
        for name, value in (
            ("pathname", {"enum": [page.address for page in PAGES if "{" not in page.address and page.address != "/country"]}),
            ("search", {"type": "string", "pattern": r"\A(\?(country=(KEN|UGA)|lang=(fr|ar)|from=20[01][0-9]))?\Z"}),
        )
    ]
    exact = {"type": "object", "additionalProperties": False}
    fields = {
        "output": {"const": OUTPUT},
        "outputs": {"const": OUTPUTS},
        "inputs": {
            "type": "array",
            "prefixItems": [{**exact, "properties": one, "required": [*one]} for one in inputs],
            "items": False,
            "minItems": 2,
        },
    }
    ids = {"changedPropIds": {"type": "array", "items": {"type": "string"}}}
    return {**exact, "properties": {**fields, **ids}, "required": [*fields]}


def described(edition: Edition) -> dict[str, Any]:
    """Describe the screens in OpenAPI 3.1."""
    refused = {"4XX": {"description": "refused in a sentence", "content": {"text/html": {}, "text/plain": {}}}}
    fine = {"200": {"description": "as asked", "content": {"*/*": {}}}}
    answers = {"responses": fine | refused}
    taken = {"parameters": choices(edition), **answers}
    addresses = ["/", COUNTRY, *(page.address for page in PAGES[1:] if not page.address.startswith("/country"))]
    addresses += ["/explore", "/lite", "/lite/compare", "/lite/country/KEN", "/twin/victims/country/KEN"]
    addresses += [f"/download/{form}" for form in FORMATS if form in ("csv", "json")]
    content = {"required": True, "content": {"application/json": {"schema": body()}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Screens", "version": "1"},
        "paths": {CALLBACK: {"post": {"requestBody": content, **answers}}} | {one: {"get": taken} for one in addresses},
    }


def years_in_order(_: object, case: schemathesis.Case, __: object) -> None:
    """Turn the years of a right query round where they must be: OpenAPI has no words for that."""
    query: dict[str, Any] = case.query or {}
    if case.meta is not None and case.meta.generation.mode.is_positive and "from" in query and "to" in query:
        query["from"], query["to"] = sorted((query["from"], query["to"]))


def a_wrong_choice(_: object, case: schemathesis.Case, __: object) -> None:
    """Let a wrong text for the query of a page name a choice of ours: what is no choice of ours is left out, and not refused."""
    inputs = case.body.get("inputs") if isinstance(case.body, dict) else None
    if case.meta is not None and case.meta.generation.mode.is_negative and isinstance(inputs, list):
        for item in inputs:
            if isinstance(item, dict) and item.get("property") == "search" and isinstance(item.get("value"), str):
                item["value"] = "?sex=" + quote(item["value"] or "x", errors="replace")


def tried(server: Flask, document: dict[str, Any], only: str, examples: int) -> Iterator[events.ScenarioFinished]:
    """Let schemathesis try every operation whose address fits, in right and in wrong ways."""
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Accept-Encoding": "identity"},
            "generation": {"max-examples": examples},
            "phases": {"stateful": {"enabled": False}},
            "continue-on-failure": True,
            "seed": 1,
        }
    )
    kept = {path: operation for path, operation in document["paths"].items() if (path == CALLBACK) == (only == CALLBACK)}
    schema = schemathesis.openapi.from_dict({**document, "paths": kept}, config=config)
    schema.app = server
    schemathesis.hook("before_call")(years_in_order)
    schemathesis.hook("before_call")(a_wrong_choice)
    try:
        for event in from_schema(schema).execute():
            assert not isinstance(event, events.NonFatalError | events.FatalError), event
            if isinstance(event, events.ScenarioFinished):
                yield event
    finally:
        schemathesis.hooks.unregister(years_in_order)
        schemathesis.hooks.unregister(a_wrong_choice)


@pytest.mark.parametrize(("only", "examples", "least"), [(CALLBACK, 150, 200), ("addresses", 3, 600)])
def test_screens_take_what_our_pages_send_and_refuse_all_else(server: Flask, only: str, examples: int, least: int) -> None:
    document = described(current_edition())
    found = [*tried(server, document, only, examples)]
    assert sorted({fault for event in found for fault in failures(event)}) == []
    assert sum(len(event.recorder.cases) for event in found) > least
    met = {answer.response.status_code for event in found for answer in event.recorder.interactions.values() if answer.response}
    assert 200 in met and 400 in met and not {code for code in met if code >= 500}, met
