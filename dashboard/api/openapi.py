"""The OpenAPI 3.1 document: the declaration as programs read it, and the shapes of the answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboard.api.asked import PATHS
from dashboard.api.declared import BASE, FIELDS, JSON, MOST_CODES, OPERATIONS, VERSION, Operation, Parameter
from dashboard.api.problems import PROBLEM
from schemas.tables import Field

TITLE = "Pembe: trafficking in persons and smuggling of migrants in the Horn of Africa"
TOLD = (
    "Protected, published figures of immutable editions. An address below an edition never changes and may be kept for ever; a "
    "short address leads to the current edition. Faults are application/problem+json with one sentence."
)
TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
NEXT: dict[str, Any] = {
    "type": ["string", "null"],
    "format": "uri-reference",
    "description": "Address of the following page, without the name of the server: it is read relative to the address that was "
    "asked (RFC 3986). None behind the last page. The header Link says the same.",
}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
LABELS: dict[str, Any] = {"type": "object", "additionalProperties": TEXT}
TYPES: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
FAULTS = {
    400: "The request says something that is not taken here.",
    404: "There is no such edition or code list, or the edition has no such code.",
    409: "The request says two things that exclude each other.",
    422: "The choice cannot be written in this format.",
    429: "Too many requests; Retry-After says when to ask again.",
    503: "No edition can be read, or no file can be kept.",
}


@cache
def document() -> dict[str, Any]:
    """Write the document."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths[f"{BASE}{operation.whole_path}"] = {"get": _described(operation, short=False)}
        if operation.within and operation.path:
            paths[f"{BASE}{operation.path}"] = {"get": _described(operation, short=True)}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": TOLD},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _described(operation: Operation, short: bool) -> dict[str, Any]:
    path = operation.path if short else operation.whole_path
    placed = [_parameter(parameter, "path") for name, parameter in PATHS.items() if f"{{{name}}}" in path]
    faults = [400, 404, 429, 503, *([409] if operation.takes else []), *([422] if operation.name == "observations" else [])]
    answers: dict[str, Any] = {str(status): _fault(FAULTS[status]) for status in sorted(faults)}
    if short:
        answers["307"] = {"description": "Leads to the same address below the current edition.", "headers": _header("Location")}
    else:
        answers["200"] = {"description": operation.told, "headers": _header("ETag"), "content": _content(operation)}
        answers["304"] = {"description": "What the ETag of the request names has not changed."}
        if operation.name == "observations":
            answers["206"] = {"description": "The range of a file that was asked for.", "headers": _header("Content-Range")}
            answers["416"] = {"description": "The file has no such range.", "headers": _header("Content-Range")}
    return {
        "operationId": f"{operation.name}_of_current_edition" if short else operation.name,
        "summary": f"{operation.told} Of the current edition." if short else operation.told,
        "parameters": [*placed, *(_parameter(parameter, "query") for parameter in operation.takes)],
        "responses": dict(sorted(answers.items())),
    }


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    only = f" Anything but the default goes only with format {', '.join(parameter.formats)}."
    told = f"{parameter.told}{only}" if parameter.formats else parameter.told
    schema: dict[str, Any] = dict(parameter.schema)
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": MOST_CODES}
    written: dict[str, Any] = {"name": parameter.name, "in": where, "description": told, "schema": schema}
    written |= {"required": True} if where == "path" else {}
    return written | ({"style": "form", "explode": True} if parameter.many else {})


def _content(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {media: {} for media in operation.gives if media != JSON}
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{operation.schema}"}}} | described


def _fault(told: str) -> dict[str, Any]:
    return {"description": told, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _header(name: str) -> dict[str, Any]:
    return {name: {"required": True, "schema": TEXT}}


def _schemas() -> dict[str, Any]:
    source = {"name": TEXT, "title": TEXT, "publisher": TEXT, "domain": TEXT, "origin": TEXT, "invented": {"type": "boolean"}}
    day = {"type": ["string", "null"], "format": "date", "description": "None where the edition cannot be read."}
    listed = {"edition": TEXT, "as_of": day, "current": {"type": "boolean"}, "address": TEXT}
    indicator = {"indicator": TEXT, "domain": TEXT, "count_unit": TEXT, "kind": TEXT, "formula": TEXT, "standard": TEXT}
    indicator |= {"figures": NUMBER, "labels": LABELS}
    return {
        "Description": _object({"openapi": TEXT, "info": {"type": "object"}, "paths": {"type": "object"}}),
        "Editions": _object({"editions": _list(_object(listed))}),
        "Edition": _object(
            {
                "edition": TEXT,
                "as_of": {"type": "string", "format": "date"},
                "figures": NUMBER,
                "citation": TEXT,
                "manifest": LABELS,
                "sources": _list(_object(source)),
                "addresses": LABELS,
            }
        ),
        "Indicators": _object({"edition": TEXT, "indicators": _list(_object(indicator))}),
        "CodeLists": _object({"edition": TEXT, "codelists": _list(_object({"list": TEXT, "codes": NUMBER, "address": TEXT}))}),
        "CodeList": _object(
            {"edition": TEXT, "list": TEXT, "codes": _list(_object({"code": TEXT, "parent": MAYBE, "labels": LABELS}))}
        ),
        "Observations": _object(
            {
                "edition": TEXT,
                "as_of": {"type": "string", "format": "date"},
                "citation": TEXT,
                "licence": MAYBE,
                "about": TEXT,
                "figures": NUMBER,
                "next": NEXT,
                "observations": _list({"$ref": "#/components/schemas/Observation"}),
            }
        ),
        # An edition of before a field was declared does not have it.
        "Observation": {"type": "object", "properties": {name: _field(field) for name, field in FIELDS.items()}},
        "Citation": _object({"edition": TEXT, "text": TEXT, "bibtex": TEXT, "ris": TEXT, "csl": _list({"type": "object"})}),
        "Problem": _object({"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT}),
    }


def _field(field: Field) -> dict[str, Any]:
    schema = TYPES.get(field.type, TEXT)
    absent = {"type": [schema["type"], "null"]} if field.required != "R" else {}
    return {**schema, **absent, "description": field.definition}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
