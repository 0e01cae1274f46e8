"""Metadata beside a CSV file, by which programs read it without asking: types, headings, notes to skip, licence, citation.

Standard: Metadata Vocabulary for Tabular Data and Model for Tabular Data (W3C, 2015), known as CSV on the Web.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dashboard.exports.job import Job
from dashboard.exports.options import LABELS
from dashboard.exports.selection import Column, guarded_text
from schemas.tables import Field

NAMESPACE = "http://www.w3.org/ns/csvw"
TYPES = {"number": "number", "integer": "integer", "date": "date", "timestamp": "dateTime"}
# A name that a template of addresses can hold; one that begins with an underscore is reserved.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
KEY = "observation_id"


def csvw(job: Job) -> Iterator[bytes]:
    """Write the metadata of the CSV file that the same choice and options give."""
    yield json.dumps(_table(job), ensure_ascii=False, indent=2).encode() + b"\n"


def _table(job: Job) -> dict[str, object]:
    said = job.options.notes is not False
    columns = _columns(job)
    schema: dict[str, object] = {"columns": columns}
    if KEY in (column["name"] for column in columns):
        schema["primaryKey"] = KEY
    named = [job.published.sources[name] for name in job.facts.sources]
    return {
        "@context": [NAMESPACE, {"@language": job.filters.language}],
        "url": job.options.address,
        # Each line of notes is a row to skip; a reader may keep it as a remark on the table.
        "dialect": {
            "encoding": "utf-8", "delimiter": job.options.sign(job.filters.language), "quoteChar": '"', "doubleQuote": True,
            "lineTerminators": ["\n"], "header": True, "headerRowCount": 1, "commentPrefix": "#",
            "skipRows": len(job.notes.lines) if said else 0,
        },
        "dc:title": job.notes.text("title"),
        "dc:license": job.notes.text("licence"),
        "dc:bibliographicCitation": job.notes.text("citation"),
        "dc:issued": {"@value": job.published.manifest["as_of"], "@type": "xsd:date"},
        "dc:identifier": job.published.name,
        "dc:language": job.filters.language,
        "dc:source": [f"{one.publisher}: {one.title}" for one in named],
        "notes": [{"heading": heading, "text": text} for heading, text in job.notes.pairs],
        "tableSchema": schema,
    }  # fmt: skip


def _columns(job: Job) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for place, column in enumerate(job.columns, start=1):
        name = _name(column, place, {str(one["name"]) for one in found})
        heading = guarded_text(column.heading) if job.options.excel else column.heading
        told: dict[str, object] = {"name": name, "titles": heading, "dc:description": column.field.definition}
        if column.labelled:
            told |= {"lang": job.filters.language, "datatype": "string"}
        else:
            told["datatype"] = _datatype(column.field, job.options.decimal_comma(job.filters.language))
        # A wide row has a value only where its code has a figure.
        required = column.field.required == "R" and job.options.wide is None and job.options.labels != LABELS
        found.append({**told, "required": required})
    return found


def _name(column: Column, place: int, taken: set[str]) -> str:
    """Name a column for programs: by its heading, or else by its field, or else by its place."""
    of_field = f"{column.field.name}_label" if column.labelled else column.field.name
    for name in (column.heading, of_field):
        if NAME.fullmatch(name) and name not in taken:
            return name
    return f"column_{place}"


def _datatype(field: Field, decimal_comma: bool) -> str | dict[str, Any]:
    kind = "string" if field.many else TYPES.get(field.type, "string")
    if field.type == "boolean":
        return {"base": "boolean", "format": "true|false"}
    limits = {name: bound for name, bound in (("minimum", field.minimum), ("maximum", field.maximum)) if bound is not None}
    if kind == "number":
        # Readers know other signs for decimals of the type decimal only.
        signs = {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}}
        return {"base": "number", **limits, **(signs if decimal_comma else {})}
    if kind == "integer":
        return {"base": "integer", **{name: int(bound) for name, bound in limits.items()}}
    if kind == "string" and field.pattern is not None and not field.many:
        return {"base": "string", "format": field.pattern}
    return kind
