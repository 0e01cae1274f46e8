"""Whole choices as files: made once by the exports, kept, and served with their length and in ranges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from flask import Response, current_app, request

from dashboard.api.asked import Asked
from dashboard.api.limits import Limits
from dashboard.api.problems import ProblemError
from dashboard.api.shelf import Shelf
from dashboard.exports import FORMATS, file_name, format_of, stream
from dashboard.exports.options import ExportError, Options
from dashboard.filters import Filters
from dashboard.jobs import Content, begun, jobs, key_of, stored_file
from dashboard.kept_files import file_response, growing_response

# Of an edition with more figures, the first who asks for a file gets it while it is made.
MOST_AWAITED = 1_000_000


def whole_file(asked: Asked, held: Shelf) -> Response:
    """Answer with what a program asked for as a file."""
    form, options = asked.values["format"], asked.options
    if form == "csvw":
        options = replace(options, address=f"observations{asked.with_format('csv')}")
    try:
        answer = file_of(held, form, asked.filters, options)
        if form == "csv":
            answer.headers["Link"] = described_by(f"observations{asked.with_format('csvw')}")
        return answer
    except ExportError as fault:
        raise ProblemError(422, str(fault)) from fault


def file_of(held: Shelf, form: str, filters: Filters, options: Options) -> Response:
    """Answer with a file of an edition; what cannot be made is told before the answer begins.

    Errors: ExportError for what cannot be made; ProblemError for who asks too much, or where the disk is full.
    """
    chosen = format_of(form)
    name = file_name(held.name, form, filters, options)
    key = key_of(_identity(held.path), held.name, form, filters, options)

    def content() -> Iterator[bytes]:
        return stream(held.path, held.name, form, filters, options)

    try:
        if held.figures > MOST_AWAITED and _plainly_asked() and jobs().store.find(key) is None:
            answer = _while_made(key, chosen.media, name, content)
            if answer is not None:
                return answer
        return file_response(key, stored_file(key, jobs().files, content), chosen.media, name)
    except OSError as fault:
        told = f"the file cannot be kept here ({fault.strerror}); ask again later"
        raise ProblemError(503, told, {"Retry-After": "60"}) from fault


def described_by(address: str) -> str:
    """Give the header Link that leads from a CSV file to its metadata, by CSV on the Web."""
    return f'<{address}>; rel="describedby"; type="{FORMATS["csvw"].media}"'


def _while_made(key: str, media: str, name: str, content: Content) -> Response | None:
    """Hand a file on while it is made; None where this worker does that for as many as it may."""
    limits: Limits = current_app.extensions["pembe-limits"]
    if not limits.streams.acquire(blocking=False):
        return None
    with ExitStack() as until_begun:
        until_begun.callback(limits.streams.release)
        answer = growing_response(key, begun(key, jobs().files, content), media, name)
        answer.call_on_close(until_begun.pop_all().close)
    return answer


def _plainly_asked() -> bool:
    return request.method == "GET" and not {"Range", "If-Range", "If-None-Match"} & set(request.headers.keys())


def _identity(path: Path) -> tuple[str, int, int]:
    # Editions of two installations may bear one name.
    status = path.stat()
    return str(path.resolve()), status.st_size, status.st_mtime_ns
