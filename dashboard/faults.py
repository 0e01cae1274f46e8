"""Pages that say in the reader's language what cannot be shown, and lead on; a program of the interface gets its own form."""

from __future__ import annotations

from dash.exceptions import DependencyException
from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as Answer

from dashboard import filters
from dashboard.api.problems import ProblemError
from dashboard.api.routes import no_such_address
from dashboard.db import EditionError
from dashboard.errors import BriefError
from dashboard.exports.options import ExportError
from dashboard.filters import LANGUAGES, FilterError, pairs_of
from dashboard.markup import Content, english
from dashboard.words import Words

DOWNLOAD, API = "/download/", "/api/"


def add_faults(server: Flask) -> None:
    """Answer every fault of a request with a page; those of the interface for programs are answered by itself."""
    server.register_error_handler(FilterError, bad_address)
    server.register_error_handler(EditionError, no_edition)
    server.register_error_handler(BriefError, no_brief)
    server.register_error_handler(ProblemError, put_off)
    server.register_error_handler(ExportError, no_file)
    server.register_error_handler(DependencyException, not_found)
    server.register_error_handler(404, not_found)
    server.register_error_handler(HTTPException, refused)


def reader_words() -> Words:
    """Give the language that the address names, else the one that the browser prefers, else English."""
    try:
        named = [value for name, value in pairs_of(request.query_string.decode("ascii", "replace")) if name == "lang"]
    except FilterError:
        named = []
    if len(named) == 1 and named[0] in LANGUAGES:
        return Words(named[0])
    return Words(request.accept_languages.best_match(LANGUAGES) or "en")


def bad_address(fault: FilterError) -> Response:
    """Say which part of the address cannot be read, and lead to the same page without it."""
    words = reader_words()
    return _page(400, words, words.say("This address cannot be shown"), _part(fault, words))


def no_edition(fault: EditionError) -> Response:
    """Say which edition cannot be read."""
    current_app.logger.error("%s", fault, exc_info=fault)
    words = reader_words()
    return _page(503, words, words.say("No edition can be shown"), [english(str(fault))])


def no_brief(fault: BriefError) -> Response:
    """Say that a brief is not printed now."""
    words = reader_words()
    answer = _page(503, words, words.say("This cannot be printed now"), [english(str(fault))])
    answer.headers["Retry-After"] = "10"
    return answer


def put_off(fault: ProblemError) -> Response:
    """Say when to ask again; who downloads with a program is told in one line."""
    if request.path.startswith(DOWNLOAD):
        return Response(f"{fault}\n", fault.status, fault.headers, mimetype="text/plain")
    words = reader_words()
    seconds = fault.headers.get("Retry-After", "10")
    sentence = words.say("Ask again in {seconds} seconds.", seconds=words.number(int(seconds)))
    title = words.say("Too much was asked at once") if fault.status == 429 else words.say("This cannot be shown now")
    answer = _page(fault.status, words, title, [sentence])
    answer.headers.update(fault.headers)
    return answer


def no_file(fault: ExportError) -> Response:
    """Say in one sentence why there is no file."""
    return Response(f"{fault}\n", 422, mimetype="text/plain")


def not_found(_: Exception) -> Response | Answer:
    """Say that there is nothing at this address."""
    if request.path.startswith(API):
        return no_such_address()
    words = reader_words()
    return _page(404, words, words.say("There is no such page"), [words.say("Nothing is to be found at this address.")])


def refused(fault: HTTPException) -> Response | HTTPException:
    """Say what else is refused; what leads elsewhere is no fault."""
    status = fault.code
    if status is None or status < 400:
        return fault
    words = reader_words()
    if isinstance(fault, InternalServerError):
        sentence = words.say("The fault is ours; it was written down, and the same request will not mend it.")
        return _page(status, words, words.say("This cannot be shown now"), [sentence])
    answer = _page(status, words, words.say("This request is not taken"), [english(fault.description or fault.name)])
    for name, value in fault.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _part(fault: FilterError, words: Words) -> list[Content]:
    """Say which part of an address cannot be read, in the reader's language where there is a sentence for it."""
    values = {name: words.isolated(str(value)) for name, value in fault.values.items()}
    match fault.kind:
        case filters.LONG:
            return [words.say("The address is too long.")]
        case filters.UNREADABLE:
            return [words.say("The address is not written as addresses are.")]
        case filters.ORDER:
            return [words.say("The first year, {first}, comes after the last year, {last}.", **values)]
        case filters.TWICE:
            return [words.say("{name} stands more than once in the address, and can stand there once.", **values)]
        case filters.VALUE:
            return [words.say("{value} is no value that {name} can have here.", **values)]
        case filters.SAME:
            return [words.say("Rows and columns are both {name}; choose two.", **values)]
    return [english(f"{fault}.")]


def _page(status: int, words: Words, title: str, sentence: list[Content]) -> Response:
    query = f"?lang={words.language}" if words.language != "en" else ""
    here = request.path if status == 400 and not request.path.startswith(("/_dash", API)) else None
    content = render_template("sorry.html", words=words, title=title, sentence=sentence, query=query, here=here)
    answer = Response(content, status, mimetype="text/html")
    answer.vary.add("Accept-Language")
    return answer
