"""What each address answers with, given a request that was checked and the edition that it speaks of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask import Response, request

from dashboard.api.asked import Asked
from dashboard.api.declared import BASE, CITATIONS, JSON
from dashboard.api.files import whole_file
from dashboard.api.lists import list_codes, list_sizes
from dashboard.api.openapi import document
from dashboard.api.packed import pack
from dashboard.api.problems import ProblemError
from dashboard.api.shelf import Shelf, current_name
from dashboard.api.shelf import editions as all_editions
from dashboard.exports.citation import Citation
from dashboard.exports.notes import citation
from dashboard.exports.options import Options
from dashboard.filters import Filters
from dashboard.site import site_address

SOURCE = (
    "name", "title", "publisher", "country", "domain", "origin", "invented", "url", "licence", "legal_definition", "coverage",
    "note",
)  # fmt: skip
INDICATOR = ("indicator", "domain", "count_unit", "kind", "formula", "standard", "figures")
Place = Mapping[str, str]


def openapi() -> Response:
    """Describe every address."""
    return written(document())


def editions() -> Response:
    """List the editions."""
    current = current_name()
    listed = [
        {"edition": name, "as_of": day, "current": name == current, "address": f"{BASE}/editions/{name}"}
        for name, day in all_editions().items()
    ]
    return written({"editions": listed})


def edition(_: Asked, held: Shelf, __: Place) -> Response:
    """Tell what one edition is and holds."""
    parts = ("observations", "indicators", "codelists", "citation")
    return written(
        {
            "edition": held.name,
            "as_of": held.as_of,
            "figures": held.figures,
            "citation": citation(held.published, Filters(), Options(indicators=()), site_address()).text(),
            "manifest": held.published.manifest,
            "sources": [dict(zip(SOURCE, row, strict=True)) for row in held.fetch(_SOURCES)],
            "addresses": {name: f"{home(held)}/{name}" for name in parts},
        }
    )


def indicators(_: Asked, held: Shelf, __: Place) -> Response:
    """List the indicators with their labels, in their order."""
    labels = {str(one["code"]): one["labels"] for one in list_codes(held, "INDICATOR")}
    found = {row[0]: row for row in held.fetch(_INDICATORS)}
    listed = [{**dict(zip(INDICATOR, found[code], strict=True)), "labels": labels[code]} for code in labels if code in found]
    return written({"edition": held.name, "indicators": listed})


def codelists(_: Asked, held: Shelf, __: Place) -> Response:
    """List the code lists."""
    sizes = list_sizes(held).items()
    listed = [{"list": name, "codes": number, "address": f"{home(held)}/codelists/{name}"} for name, number in sizes]
    return written({"edition": held.name, "codelists": listed})


def codelist(_: Asked, held: Shelf, place: Place) -> Response:
    """List the codes of one list, in its order."""
    codes = list_codes(held, place["list"])
    if not codes:
        raise ProblemError(404, f"edition {held.name} has no code list {place['list']}; {home(held)}/codelists names its lists")
    return written({"edition": held.name, "list": place["list"], "codes": codes})


def observations(asked: Asked, held: Shelf, _: Place) -> Response:
    """Give a page of figures, or the whole choice as a file."""
    form = asked.values["format"]
    if form != "json":
        return whole_file(asked, held)
    content, number, key = held.page(asked.filters, asked.options, asked.values.get("after"), asked.values["limit"])
    following = None if key is None else f"{home(held)}/observations{asked.with_after(key)}"
    head = {
        "edition": held.name,
        "as_of": held.as_of,
        "citation": _cited(asked, held).text(),
        "licence": held.published.manifest.get("licence"),
        "about": home(held),
        "figures": number,
        "next": following,
    }
    # The figures are JSON already and stand last.
    said = json.dumps(head, ensure_ascii=False).encode()
    answer = Response(b'%s, "observations": [%s]}' % (said[:-1], content), mimetype=JSON)
    if following is not None:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return pack(answer, request)


def cite(asked: Asked, held: Shelf, _: Place) -> Response:
    """Say how to cite an edition or a choice of its figures."""
    cited, form = _cited(asked, held), asked.values["format"]
    if form != "json":
        return Response(f"{cited.written(form)}\n", mimetype=CITATIONS[form])
    forms = {name: cited.written(name) for name in CITATIONS}
    return written({"edition": held.name, **forms, "csl": json.loads(forms["csl"])})


def written(content: object) -> Response:
    """Write an answer as JSON."""
    return Response(json.dumps(content, ensure_ascii=False), mimetype=JSON)


def home(held: Shelf) -> str:
    """Give the address of an edition, below which nothing ever changes."""
    return f"{BASE}/editions/{held.name}"


OF_ALL: dict[str, Callable[[], Response]] = {"openapi": openapi, "editions": editions}
OF_EDITION: dict[str, Callable[[Asked, Shelf, Place], Response]] = {
    "edition": edition,
    "indicators": indicators,
    "codelists": codelists,
    "codelist": codelist,
    "observations": observations,
    "citation": cite,
}
_INDICATORS = """
SELECT code, domain, count_unit, kind, formula, standard,
    (SELECT count(*) FROM e.observation WHERE observation.indicator = indicator.code)
FROM e.indicator"""
_SOURCES = f"SELECT {', '.join(SOURCE)} FROM e.source ORDER BY name"


def _cited(asked: Asked, held: Shelf) -> Citation:
    return citation(held.published, asked.filters, asked.options, site_address())
