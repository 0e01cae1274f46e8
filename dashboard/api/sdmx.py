"""The SDMX REST service: /sdmx/2.1, by which statistical tools read structures and figures of the current edition.

Standard: SDMX 2.1, REST web services 1.5 (sdmx-twg/sdmx-rest v1.5.0). What the standard names and this service does not do is
answered with 501.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from xml.etree import ElementTree

from flask import Blueprint, Flask, Response, request
from werkzeug.wrappers import Response as Answer

from dashboard.api.declared import SDMX
from dashboard.api.limits import take
from dashboard.api.problems import ProblemError, problem
from dashboard.api.routes import OPEN, PREFLIGHT
from dashboard.db import EditionError, current_file
from dashboard.exports.options import ExportError
from dashboard.exports.sdmx import AGENCY, STRUCTURE, VERSION
from dashboard.exports.sdmx_rest import (
    CSV,
    FLAT,
    GENERIC,
    ML,
    SPECIFIC,
    TIME,
    NoFiguresError,
    Query,
    data_message,
    structure_message,
)  # fmt: skip
from dashboard.filters import FilterError
from dashboard.jobs import jobs, key_of, stored_file
from dashboard.kept_files import file_response

# What the path calls a resource: the section of a structure message that holds it, and the element.
RESOURCES = {
    "agencyscheme": ("OrganisationSchemes", "AgencyScheme"),
    "codelist": ("Codelists", "Codelist"),
    "conceptscheme": ("Concepts", "ConceptScheme"),
    "contentconstraint": ("Constraints", "ContentConstraint"),
    "dataflow": ("Dataflows", "Dataflow"),
    "datastructure": ("DataStructures", "DataStructure"),
}
RELATED = {"parents", "parentsandsiblings", "children", "descendants", "all", *RESOURCES}
MEDIA = {
    GENERIC: "application/vnd.sdmx.genericdata+xml;version=2.1",
    SPECIFIC: "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    CSV: "application/vnd.sdmx.data+csv;version=1.0.0",
}
ACCEPTED = {**{media.partition(";")[0]: form for form, media in MEDIA.items()}, "application/xml": GENERIC, "text/xml": GENERIC,
            "text/csv": CSV, "application/*": GENERIC, "*/*": GENERIC, "": GENERIC}  # fmt: skip
STRUCTURE_MEDIA = "application/vnd.sdmx.structure+xml;version=2.1"
VERSIONS = {"latest", "all", VERSION, VERSION.rpartition(".")[0]}
TAKEN = {"startPeriod", "endPeriod", "dimensionAtObservation", "detail", "format"}
NOT_DONE = {"updatedAfter", "firstNObservations", "lastNObservations", "includeHistory"}
PERIOD = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?:A1|S(?P<half>[12])|Q(?P<quarter>[1-4])|M?(?P<month>0[1-9]|1[0-2])"
                    r"(?:-(?P<day>\d\d))?))?")  # fmt: skip
LONGEST_KEY = 3_000
STR = f"{{{ML}/structure}}"
for prefix, kind in (("mes", "message"), ("str", "structure"), ("com", "common")):
    ElementTree.register_namespace(prefix, f"{ML}/{kind}")

sdmx = Blueprint("sdmx", __name__, url_prefix=SDMX)


def add_sdmx(server: Flask) -> None:
    """Offer the service on the server."""
    server.register_blueprint(sdmx)


@sdmx.before_request
def take_from_bucket() -> Answer | None:
    """Answer a preflight at once; refuse who asks more than anyone may."""
    if request.method == "OPTIONS":
        return Response("", 204, PREFLIGHT)
    take("pembe-limits")
    return None


@sdmx.after_request
def open_to_all(answer: Answer) -> Answer:
    """Let pages of other sites read the answer."""
    answer.headers.update(OPEN)
    return answer


@sdmx.get("/data/<flow>")
@sdmx.get("/data/<flow>/<key>")
@sdmx.get("/data/<flow>/<key>/<provider>")
def data(flow: str, key: str = "all", provider: str = "all") -> Answer:
    """Give figures by key and period."""
    _check_flow(flow)
    if provider != "all" and provider.split(",")[0] != AGENCY:
        raise ProblemError(404, f"the only provider here is {AGENCY}")
    form, query = _form(), _query(key)
    path, name = current_file()
    status = path.stat()
    kept = key_of("sdmx", str(path.resolve()), status.st_size, status.st_mtime_ns, name, form, query)
    stored = stored_file(kept, jobs().files, lambda: data_message(path, name, form, query))
    answer = file_response(kept, stored, MEDIA[form], f"{STRUCTURE}.{'csv' if form == CSV else 'xml'}", inline=True)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.vary.add("Accept")
    return answer


@sdmx.get("/<resource>")
@sdmx.get("/<resource>/<agency>")
@sdmx.get("/<resource>/<agency>/<identifier>")
@sdmx.get("/<resource>/<agency>/<identifier>/<version>")
def structure(resource: str, agency: str = "all", identifier: str = "all", version: str = "latest") -> Answer:
    """Give structures: one, or all of a kind, and with `references` those that belong to them."""
    if resource not in RESOURCES:
        raise ProblemError(501, f"there is no {resource[:40]!r} here; there are data, {', '.join(RESOURCES)}")
    references, detail = request.args.get("references", "none"), request.args.get("detail", "full")
    if references not in ("none", *RELATED):
        raise ProblemError(400, f"references is one of none, {', '.join(sorted(RELATED))}")
    if detail != "full":
        raise ProblemError(501, "structures are given in full; leave detail out")
    path, name = current_file()
    found = _structures(path, name, resource, agency, identifier, version, references == "none")
    if found is None:
        raise ProblemError(404, f"there is no such {resource}; {SDMX}/{resource}/all lists those there are")
    answer = Response(found, content_type=STRUCTURE_MEDIA)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(blake2b(found, digest_size=12).hexdigest())
    return answer.make_conditional(request)


@sdmx.errorhandler(ProblemError)
def told(fault: ProblemError) -> Answer:
    """Tell a fault of the request."""
    return problem(fault.status, str(fault), fault.headers)


@sdmx.errorhandler(NoFiguresError)
def nothing(fault: NoFiguresError) -> Answer:
    """Tell that there is nothing, which is a status of its own in the standard."""
    return problem(404, str(fault))


@sdmx.errorhandler(FilterError)
def bad_query(fault: FilterError) -> Answer:
    """Tell what cannot be read."""
    return problem(400, str(fault))


@sdmx.errorhandler(ExportError)
def too_large(fault: ExportError) -> Answer:
    """Tell that a message cannot be made."""
    return problem(413, str(fault))


@sdmx.errorhandler(EditionError)
def no_edition(fault: EditionError) -> Answer:
    """Tell that an edition cannot be read."""
    return problem(503, str(fault), {"Retry-After": "60"})


def _structures(path: Path, name: str, resource: str, agency: str, identifier: str, version: str, alone: bool) -> bytes | None:
    """Give a structure message of the resources that are named, alone or with all others; None where there are none."""
    whole = _whole_structure(path, name)
    tree = ElementTree.fromstring(whole)
    section, element = RESOURCES[resource]
    structures = tree.find(f"{{{ML}/message}}Structures")
    assert structures is not None
    named = [one for one in structures.iterfind(f"{STR}{section}/{STR}{element}") if _is_named(one, agency, identifier, version)]
    if not named:
        return None
    if not alone:
        return whole
    for other in list(structures):
        structures.remove(other)
    ElementTree.SubElement(structures, f"{STR}{section}").extend(named)
    written: bytes = ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return written


def _is_named(element: ElementTree.Element, agency: str, identifier: str, version: str) -> bool:
    codes = identifier.split("+")
    own = element.get("version", "")
    return (
        ("all" in codes or element.get("id") in codes)
        and (agency == "all" or element.get("agencyID") in agency.split("+"))
        and version in (*VERSIONS, own)
    )


@lru_cache(maxsize=2)
def _whole_structure(path: Path, name: str) -> bytes:
    return structure_message(path, name)


def _check_flow(flow: str) -> None:
    parts = flow.split(",")
    agency, name, version = {1: ("all", *parts, "latest"), 2: (*parts, "latest"), 3: tuple(parts)}.get(len(parts), ("", "", ""))
    if agency not in (AGENCY, "all") or name != STRUCTURE or version not in VERSIONS:
        raise ProblemError(404, f"there is one dataflow here, {AGENCY},{STRUCTURE},{VERSION}")


def _form() -> str:
    """Choose the form of a message: `format` in the address says it where a program cannot set the header Accept."""
    asked = request.args.get("format")
    if asked is not None:
        if asked not in MEDIA:
            raise ProblemError(400, f"format is one of {', '.join(MEDIA)}")
        return asked
    for part in request.headers.get("Accept", "").lower().split(","):
        if (form := ACCEPTED.get(part.partition(";")[0].strip())) is not None:
            return form
    raise ProblemError(406, f"figures come as {', '.join(MEDIA.values())}")


def _query(key: str) -> Query:
    if undone := sorted(NOT_DONE & set(request.args)):
        raise ProblemError(501, f"{undone[0]} is not done here; leave it out")
    if unknown := sorted(set(request.args) - TAKEN):
        raise ProblemError(400, f"{unknown[0][:40]!r} is not taken here; data take {', '.join(sorted(TAKEN))}")
    if request.args.get("detail", "full") != "full":
        raise ProblemError(501, "figures are given in full; leave detail out")
    observations = request.args.get("dimensionAtObservation", TIME)
    if observations not in (TIME, FLAT):
        raise ProblemError(501, f"dimensionAtObservation is {TIME} or {FLAT} here")
    if len(key) > LONGEST_KEY:
        raise ProblemError(400, f"a key has at most {LONGEST_KEY:,} letters; ask for fewer codes")
    codes = () if key in ("all", "") else tuple(tuple(filter(None, part.split("+"))) for part in key.split("."))
    first, last = _bound("startPeriod", 0), _bound("endPeriod", 1)
    return Query(codes, first, last, observations)


def _bound(name: str, end: int) -> datetime.date | None:
    """Give the first or the last day of the period that a parameter names; None where it does not stand there."""
    text = request.args.get(name)
    if text is None:
        return None
    found = PERIOD.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, half, quarter, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if day is not None:
            return datetime.date(year, month or 1, day)
    except ValueError as fault:
        example = "such as 2020, 2020-S1, 2020-Q4, 2020-05 or 2020-05-31"
        raise ProblemError(400, f"{name} is a period {example}, and not {text[:20]!r}") from fault
    length = 6 if half else 3 if quarter else 1 if month else 12
    before = (half - 1) * 6 if half else (quarter - 1) * 3 if quarter else (month or 1) - 1
    if not end:
        return datetime.date(year, before + 1, 1)
    following = datetime.date(year + (before + length) // 12, (before + length) % 12 + 1, 1)
    return following - datetime.timedelta(days=1)
