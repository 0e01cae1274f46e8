"""The addresses of the interface on the server: checks first, then the answer, with the age and the ETag that it may have."""

from __future__ import annotations

from functools import partial
from hashlib import blake2b

from flask import Blueprint, Flask, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as Answer

from dashboard.api import guide
from dashboard.api.answers import OF_ALL, OF_EDITION
from dashboard.api.asked import Asked, check_path, read, shown
from dashboard.api.declared import BASE, OPERATIONS, VERSION, Operation
from dashboard.api.limits import add_limits, take
from dashboard.api.problems import ProblemError, problem
from dashboard.api.shelf import Shelf, current_name, shelf
from dashboard.db import EditionError
from dashboard.filters import FilterError
from dashboard.headers import YEAR

api = Blueprint("api", __name__, url_prefix="/api")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
ALLOWED = "GET, HEAD, OPTIONS"
# Anyone may read from any page: nothing here depends on who asks.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link, Retry-After, X-Pembe-Edition"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ALLOWED,
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "86400",
    "Allow": ALLOWED,
}


def add_api(server: Flask) -> None:
    """Offer the interface on the server; before its headers are added, which leave alone what is set here."""
    add_limits(server)
    server.register_blueprint(api)


@api.before_request
def take_from_bucket() -> Answer | None:
    """Answer a preflight at once; refuse who asks more than anyone may."""
    if request.method == "OPTIONS":
        return Response("", 204, PREFLIGHT)
    take("pembe-limits")
    return None


@api.after_request
def open_to_all(answer: Answer) -> Answer:
    """Let pages of other sites read the answer."""
    answer.headers.update(OPEN)
    return answer


@api.get("", strict_slashes=False)
@api.get("/v1", strict_slashes=False)
def lead_to_guide() -> Answer:
    """Lead to the page that says how to use the interface."""
    return redirect(f"{BASE}/", 308)


@api.get("/v1/")
def show_guide() -> Answer:
    """Show the page that says how to use the interface."""
    return guide.page(request.query_string.decode("ascii", "replace"))


def answer_of_all(operation: Operation) -> Answer:
    """Answer what speaks of no edition; it may change, and is asked for again by its ETag."""
    read(operation, request.query_string)
    answer = OF_ALL[operation.name]()
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(_digest(answer.get_data()), weak=True)
    return answer.make_conditional(request)


def lead_to_current(operation: Operation, **place: str) -> Answer:
    """Lead from a short address to that of the current edition, once the request is checked."""
    check_path(place)
    asked = read(operation, request.query_string)
    path = operation.path.format(**place)
    answer = redirect(f"{BASE}/editions/{current_name()}{path}{asked.query}", 307)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def answer_of_edition(operation: Operation, **place: str) -> Answer:
    """Answer what speaks of one edition, for ever, or say that the reader has it already."""
    check_path(place)
    asked = read(operation, request.query_string)
    held = shelf(place["edition"])
    if held is None:
        raise ProblemError(404, f"there is no edition {shown(place['edition'])}; {BASE}/editions lists those there are")
    tag = _tag(asked, place)
    if request.if_none_match.contains_weak(tag):
        answer: Answer = Response("", 304)
    else:
        answer = _answered(operation, asked, held, place)
    # A kept file has a strong ETag of its own, by which it is resumed.
    if "ETag" not in answer.headers:
        answer.set_etag(tag, weak=True)
    if answer.status_code != 416:
        answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return answer


def _answered(operation: Operation, asked: Asked, held: Shelf, place: dict[str, str]) -> Answer:
    try:
        return OF_EDITION[operation.name](asked, held, place)
    except FilterError as fault:
        # The request is as declared, and names what this edition does not have.
        raise ProblemError(404, f"{fault}; {BASE}/editions/{held.name}/codelists names its codes") from fault


@api.route("/<path:rest>", methods=METHODS)
def not_there(rest: str) -> Answer:
    """Say that nothing is there, or that it can only be read."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        rule, _ = adapter.match(method="GET", return_rule=True)
    except HTTPException as fault:
        raise NotFound from fault
    raise NotFound if rule.endpoint == "api.not_there" else MethodNotAllowed(["GET", "HEAD", "OPTIONS"])


def no_such_address() -> Answer:
    """Say that nothing is there, in the words of the interface."""
    return problem(404, f"there is nothing at this address; {BASE}/openapi.json lists what there is")


@api.errorhandler(ProblemError)
def told(fault: ProblemError) -> Answer:
    """Tell a fault of the request."""
    return problem(fault.status, str(fault), fault.headers)


@api.errorhandler(FilterError)
def bad_choice(fault: FilterError) -> Answer:
    """Tell which choice cannot be read."""
    return problem(400, str(fault))


@api.errorhandler(EditionError)
def no_edition(fault: EditionError) -> Answer:
    """Tell that an edition cannot be read."""
    current_app.logger.error("%s", fault, exc_info=fault)
    return problem(503, str(fault), {"Retry-After": "60"})


@api.errorhandler(HTTPException)
def http_fault(fault: HTTPException) -> Answer:
    """Tell what the server itself refuses."""
    status = fault.code or 500
    said = {
        500: "the fault is ours; it was written down, and the same request will not mend it",
        405: f"this address can only be read: {request.method} is not taken, GET and HEAD are",
    }
    headers = {"Allow": ALLOWED} if status == 405 else {}
    return problem(status, said.get(status, fault.description or fault.name), headers)


def _tag(asked: Asked, place: dict[str, str]) -> str:
    # An edition never changes, so that the question is all that an answer depends on.
    return _digest(repr((VERSION, asked.operation.name, sorted(place.items()), asked.pairs)).encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()


def _rule(path: str) -> str:
    """Write a path as Flask has it."""
    return f"/v1{path}".replace("{", "<").replace("}", ">")


for one in OPERATIONS:
    api.add_url_rule(_rule(one.whole_path), one.name, partial(answer_of_edition if one.within else answer_of_all, one))
    if one.within and one.path:
        api.add_url_rule(_rule(one.path), f"{one.name}_of_current", partial(lead_to_current, one))
