"""What a stranger may send: pages that exist, and callbacks exactly as our own pages send them. All else gets a clear 4xx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Dash
from flask import Flask, Response, abort, request
from werkzeug.exceptions import MethodNotAllowed

CALLBACK = "/_dash-update-component"
LONGEST_BODY = 16_384
LONGEST_TEXT = 2_048
# The rule by which Dash would answer every address with the first page.
CATCH_ALL = "/<path:path>"


def add_guard(app: Dash, is_page: Callable[[str], bool]) -> None:
    """Refuse requests that no page of ours makes, before Dash reads them."""
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY

    @server.before_request
    def guard() -> Response | None:
        if request.path == CALLBACK and request.method == "OPTIONS":
            return Response(headers={"Allow": "OPTIONS, POST"})
        if request.path == CALLBACK and request.method != "POST":
            raise MethodNotAllowed(["OPTIONS", "POST"])
        if request.path == CALLBACK:
            fault = fault_of(_body(), app.callback_map, is_page)
            return None if fault is None else Response(f"{fault}\n", 400, mimetype="text/plain")
        if request.url_rule is not None and request.url_rule.rule == CATCH_ALL and not is_page(request.path):
            abort(404)
        return None


def _body() -> Any:
    """Read the body as JSON; None for one that is not, or that is nested deeper than any of ours."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def fault_of(body: Any, callbacks: dict[str, dict[str, Any]], is_page: Callable[[str], bool]) -> str | None:
    """Say what is wrong with the body of a callback; None when it is as our own pages send it."""
    if not isinstance(body, dict):
        return "The body must be a JSON object."
    output = body.get("output")
    if not isinstance(output, str) or output not in callbacks:
        return "There is no such output."
    if body.get("outputs") != _outputs(output):
        return "The outputs are not those of this callback."
    given = body.get("inputs")
    wanted = [(item["id"], item["property"]) for item in callbacks[output]["inputs"]]
    keys = {"id", "property", "value"}
    if not isinstance(given, list) or not all(isinstance(item, dict) and item.keys() == keys for item in given):
        return "The inputs must be a list of id, property and value."
    if [(item["id"], item["property"]) for item in given] != wanted:
        return "The inputs are not those of this callback."
    values = {item["property"]: item["value"] for item in given}
    if not all(isinstance(value, str) and len(value) <= LONGEST_TEXT for value in values.values()):
        return "Each value must be a text of an ordinary address."
    if not is_page(values["pathname"]):
        return "There is no such page."
    for name in ("changedPropIds", "parsedChangedPropsIds", "state"):
        if not isinstance(listed := body.get(name, []), list) or not all(isinstance(item, str) for item in listed):
            return f"{name} must be a list of names."
    spare = body.keys() - {"output", "outputs", "inputs", "changedPropIds", "parsedChangedPropsIds", "state"}
    return None if not spare and not body.get("state") else "The body holds more than this callback takes."


def _outputs(output: str) -> list[dict[str, str]]:
    # Dash names the outputs of a callback `..first.children...second.children..`.
    pairs = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
    return [{"id": name, "property": prop} for name, prop in pairs]
