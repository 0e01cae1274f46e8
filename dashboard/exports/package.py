"""A Frictionless Data Package: figures, code lists, sources and submissions as CSV, their schema, and a README.

Standard: Data Package and Table Schema (datapackage.org), version 1, as frictionless reads it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.exports.archive import Archive
from dashboard.exports.crosswalk import HEADINGS, crosswalk_rows
from dashboard.exports.job import Job
from dashboard.exports.options import CODES
from dashboard.exports.published import list_of
from dashboard.exports.readme import readme
from dashboard.exports.selection import plain_text
from dashboard.exports.size import most_bytes
from dashboard.exports.text import AROUND, doubled
from dashboard.filters import LANGUAGES, FilterError
from schemas.tables import Field, table

CHUNK = 1 << 20
TYPES = {
    "text": "string", "code": "string", "country": "string", "area": "string", "number": "number", "integer": "integer",
    "date": "date", "boolean": "boolean", "timestamp": "datetime", "hash": "string",
}  # fmt: skip
KEYS = {"submission_id": ("submission", "submission_id"), "source": ("source", "name"), "indicator": ("indicator", "code")}
SOURCE = ("name", "title", "publisher", "country", "domain", "source_type", "count_unit", "origin", "invented", "url", "licence",
          "calendar", "legal_definition", "coverage", "note")  # fmt: skip
INDICATOR = ("code", "domain", "count_unit", "kind", "formula", "standard")
CODE = ("code", "parent", *(f"label_{language}" for language in LANGUAGES), "definition")


def package(job: Job) -> Iterator[bytes]:
    """Write the package as a zip archive; raises FilterError for the wide form or labels, which its code lists hold."""
    if job.options.wide is not None or job.options.labels != CODES:
        raise FilterError("a data package holds codes in the long form; its code lists hold the labels")
    tables = _tables(job)
    archive = Archive()
    yield archive.add("datapackage.json", json.dumps(_descriptor(job, tables), ensure_ascii=False, indent=2).encode() + b"\n")
    yield archive.add("README.md", readme(job).encode())
    for name, (fields, rows) in tables.items():
        yield archive.add(f"data/{name}.csv", _csv([[field["name"] for field in fields], *rows]))
    columns = [(column.heading, plain_text(column, decimal_comma=False)) for column in job.columns]
    with archive.open("data/observation.csv", most_bytes(job, AROUND, doubled)) as file:
        for part in job.parts(columns, "FORMAT csv, HEADER true", "FORMAT csv, HEADER false"):
            with part.path.open("rb") as held:
                while chunk := held.read(CHUNK):
                    file.write(chunk)
                    yield archive.taken()
    yield archive.close()


Tables = dict[str, tuple[list[dict[str, Any]], list[list[object]]]]


def _tables(job: Job) -> Tables:
    """Give every table beside the figures: its fields, as Table Schema describes them, and its rows."""
    found: Tables = {}
    for field in job.published.fields:
        if (listed := list_name(field)) is not None and listed not in found:
            found[listed] = ([_text(name, key=name == "code") for name in CODE], _codes(job, field))
    sources = job.rows.fetch(f"SELECT {', '.join(SOURCE)} FROM e.source ORDER BY name")
    found["source"] = ([_text(name, key=name == "name", kind="boolean" if name == "invented" else "string") for name in SOURCE],
                       [list(row) for row in sources])  # fmt: skip
    indicators = job.rows.fetch(f"SELECT {', '.join(INDICATOR)} FROM e.indicator ORDER BY ALL")
    found["indicator"] = ([_text(name, key=name == "code") for name in INDICATOR], [list(row) for row in indicators])
    held = job.rows.columns("submission")
    fields = [field for field in table("submission").fields if field.name in held]
    shown = ", ".join(f"array_to_string({field.name}, '|')" if field.many else field.name for field in fields)
    rows = job.rows.fetch(f"SELECT {shown} FROM e.submission ORDER BY submission_id")
    found["submission"] = ([described(field, field.name == "submission_id", hidden=True) for field in fields],
                           [list(row) for row in rows])  # fmt: skip
    found["crosswalk"] = ([_text(name) for name in HEADINGS], [list(row) for row in crosswalk_rows()])
    return found


def list_name(field: Field) -> str | None:
    """Give the name of the table of a field's codes; None where no list holds them all."""
    if field.type == "area":
        return "area"
    listed = list_of(field) if field.codes is not None else None
    return None if listed is None else listed.removeprefix("CL_").lower()


def _codes(job: Job, field: Field) -> list[list[object]]:
    """Give the rows of a code list: all codes that the field can have, in their order."""
    query = "SELECT list, code, parent, language, label FROM e.code WHERE list = $list OR list = 'CL_RESERVED'"
    words = job.rows.fetch(query, {"list": list_of(field) or "AREA"})
    labels = {(code, language): label for _, code, _, language, label in sorted(words, key=lambda row: row[0] != "CL_RESERVED")}
    parents = {code: parent for listed, code, parent, *_ in words if listed == (list_of(field) or "AREA")}
    return [
        [code, parents.get(code), *(labels.get((code, one)) or labels.get((code, "en")) or job.published.label(field, code)
                                    for one in LANGUAGES), job.published.definition(field, code)]
        for code in job.published.codes[field.name]
    ]  # fmt: skip


def _descriptor(job: Job, tables: Tables) -> dict[str, object]:
    named = [job.published.sources[name] for name in job.facts.sources]
    keys = [_key(name, *KEYS[name]) for name in KEYS]
    keys += [_key(field.name, listed, "code") for field in job.published.fields if (listed := list_name(field)) is not None]
    figures = {
        "fields": [described(field, field.name == "observation_id") for field in job.published.fields],
        "missingValues": [""], "primaryKey": ["observation_id"], "foreignKeys": keys,
    }  # fmt: skip
    others = [_resource(name, {"fields": fields, "missingValues": [""]}) for name, (fields, _) in tables.items()]
    return {
        "name": f"pembe-{job.published.name}",
        "title": job.notes.text("title"),
        "description": " ".join(f"{heading}: {text}" for heading, text in job.notes.pairs[1:7]),
        "version": job.published.name,
        "created": f"{job.published.manifest['as_of']}T00:00:00Z",
        "keywords": ["trafficking in persons", "smuggling of migrants", "Horn of Africa"],
        "licenses": [{"name": "see-title", "title": job.notes.text("licence")}],
        "sources": [{"title": f"{one.publisher}: {one.title}", **({"path": one.url} if one.url else {})} for one in named],
        "citation": job.notes.text("citation"),
        "about": {name: text for name, _, text in job.notes.lines},
        "resources": [_resource("observation", figures), *others],
    }


def _resource(name: str, schema: dict[str, object]) -> dict[str, object]:
    return {
        "name": name, "path": f"data/{name}.csv", "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


def _key(field: str, resource: str, other: str) -> dict[str, object]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [other]}}


def described(field: Field, key: bool, hidden: bool = False) -> dict[str, Any]:
    """Describe a declared field as Table Schema does: type, meaning and constraints.

    hidden: whether the public file may hold back what the declaration requires.
    """
    kind = "string" if field.many else TYPES[field.type]
    told: dict[str, Any] = {"name": field.name, "type": kind, "description": field.definition}
    limits: dict[str, Any] = {"required": True} if key or (field.required == "R" and not hidden) else {}
    if key:
        limits["unique"] = True
    if field.pattern is not None and not field.many:
        limits["pattern"] = field.pattern
    if kind in ("number", "integer"):
        # the profile takes no 0.0 as the limit of a whole number
        number = int if kind == "integer" else float
        bounds = (("minimum", field.minimum), ("maximum", field.maximum))
        limits |= {name: number(bound) for name, bound in bounds if bound is not None}
    if kind == "boolean":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    if kind == "datetime":
        told["format"] = "%Y-%m-%d %H:%M:%S"
    return {**told, "constraints": limits}


def _text(name: str, key: bool = False, kind: str = "string") -> dict[str, Any]:
    values = {"trueValues": ["true"], "falseValues": ["false"]} if kind == "boolean" else {}
    return {"name": name, "type": kind, **values, "constraints": {"required": True, "unique": True} if key else {}}


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return made.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
