"""From the text of a request to values: everything is checked against the declaration, and nothing else comes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.api.declared import CHOSEN, EDITION, LIST, LONGEST_QUERY, MOST_CODES, Operation, Parameter
from dashboard.api.problems import ProblemError
from dashboard.exports.options import CODES, Options
from dashboard.filters import Filters, read_query

WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
TRUTHS = {"true": True, "false": False}
PATHS = {parameter.name: parameter for parameter in (EDITION, LIST)}
_FILTERS = {parameter.name for parameter in CHOSEN} - {"indicator"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was checked: `pairs` are its names and texts in one order, so that equal requests are equal.

    filters: the reader's choices, as an address of a page with the same words gives them. options: how a file is to be
    written, and of which indicators: all of them where none was named.
    """

    operation: Operation
    pairs: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    filters: Filters
    options: Options

    @property
    def query(self) -> str:
        """Give the query of the address with its `?`; empty where nothing was said."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    def with_format(self, form: str) -> str:
        """Give the query of the same choice in another format."""
        return f"?{urlencode([*(pair for pair in self.pairs if pair[0] != 'format'), ('format', form)])}"

    def with_after(self, key: int) -> str:
        """Give the query of the page after the figure with this key."""
        return f"?{urlencode([*(pair for pair in self.pairs if pair[0] != 'after'), ('after', key)])}"


def read(operation: Operation, query: bytes) -> Asked:
    """Read the query of a request.

    Errors: ProblemError 400 for what the operation does not take, 409 for choices that exclude each other.
    """
    given = _split(query)
    takes = {parameter.name: parameter for parameter in operation.takes}
    if unknown := [name for name in given if name not in takes]:
        offered = f"; it takes {', '.join(takes)}" if takes else ", since it takes nothing"
        raise ProblemError(400, f"{shown(unknown[0])} is not taken here{offered}")
    values: dict[str, Any] = {}
    pairs: list[tuple[str, str]] = []
    for name, parameter in takes.items():
        texts = sorted(set(given.get(name, [])))
        if parameter.many:
            values[name] = [_value(parameter, text) for text in texts]
        elif len(given.get(name, [])) > 1:
            raise ProblemError(400, f"{name} is said more than once; say it once")
        elif texts:
            values[name] = _value(parameter, texts[0])
        elif "default" in parameter.schema:
            values[name] = parameter.schema["default"]
        if parameter.formats and values["format"] not in parameter.formats:
            # What says no more than leaving it out does, as generated clients say it, is left out.
            if texts and values[name] != parameter.schema.get("default"):
                told = ", ".join(parameter.formats)
                raise ProblemError(409, f"{name} goes with the format {told} and not with {values['format']}; leave it out")
            continue
        pairs += [(name, text) for text in texts]
    if (first := values.get("from")) is not None and (last := values.get("to")) is not None and first > last:
        raise ProblemError(409, f"the first year, {first}, comes after the last year, {last}; turn them round")
    options = Options(
        labels=values.get("labels", CODES),
        indicators=tuple(values.get("indicator", ())),
        excel=values.get("excel", False),
        notes=values.get("notes"),
    )
    filters = read_query(urlencode([pair for pair in pairs if pair[0] in _FILTERS]))
    return Asked(operation, tuple(pairs), values, filters, options)


def check_path(given: Mapping[str, str]) -> None:
    """Check what stands in the path of an address; ProblemError 404 where it cannot name anything."""
    for name, text in given.items():
        try:
            _value(PATHS[name], text)
        except ProblemError as fault:
            raise ProblemError(404, f"there is no {name} {shown(text)}") from fault


def shown(text: str) -> str:
    """Show what a stranger wrote, short and without signs that a terminal or a page could take for its own."""
    return repr(re.sub(r"[^\w .,-]", "�", text[:40], flags=re.ASCII))


def _split(query: bytes) -> dict[str, list[str]]:
    if len(query) > LONGEST_QUERY:
        raise ProblemError(400, f"the query has {len(query)} letters and may have {LONGEST_QUERY}; ask for less at once")
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as fault:
        raise ProblemError(400, "the query cannot be read; write it as name=value pairs, percent-encoded, in UTF-8") from fault
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    if many := [name for name, texts in given.items() if len(texts) > MOST_CODES]:
        raise ProblemError(400, f"{shown(many[0])} is said more than {MOST_CODES} times; ask for less at once")
    return given


def _value(parameter: Parameter, text: str) -> Any:
    schema = parameter.schema
    if schema["type"] == "boolean":
        if text in TRUTHS:
            return TRUTHS[text]
        raise ProblemError(400, f"{parameter.name} is true or false, and not {shown(text)}")
    if schema["type"] == "integer":
        if WHOLE_NUMBER.fullmatch(text) and schema["minimum"] <= int(text) <= schema["maximum"]:
            return int(text)
        bounds = f"from {schema['minimum']} to {schema['maximum']}"
        raise ProblemError(400, f"{parameter.name} is a whole number {bounds}, and not {shown(text)}")
    if "enum" in schema:
        if text in schema["enum"]:
            return text
        few = len(schema["enum"]) <= 12
        told = f"is one of {', '.join(schema['enum'])}" if few else "is a code that the OpenAPI document lists"
        raise ProblemError(400, f"{parameter.name} {told}, and not {shown(text)}")
    if re.fullmatch(schema["pattern"], text, re.ASCII) and len(text) <= schema.get("maxLength", 100):
        return text
    raise ProblemError(400, f"{shown(text)} is no {parameter.name} here")
