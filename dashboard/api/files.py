"""Whole choices as files, made by the exports and handed on as they are made."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from flask import Response, current_app

from dashboard.api.asked import Asked
from dashboard.api.limits import Limits
from dashboard.api.problems import ProblemError
from dashboard.api.shelf import Shelf
from dashboard.exports import file_name, format_of, stream
from dashboard.exports.options import ExportError, Options
from dashboard.filters import Filters


def whole_file(asked: Asked, held: Shelf) -> Response:
    """Stream what a program asked for as a file."""
    try:
        return file_of(held.path, held.name, asked.values["format"], asked.filters, asked.options)
    except ExportError as fault:
        raise ProblemError(422, str(fault)) from fault


def file_of(path: Path, name: str, form: str, filters: Filters, options: Options) -> Response:
    """Stream a file; the first bytes are made before the answer begins, so that a fault can still be told in words.

    Errors: ExportError for what cannot be made; ProblemError 503 where this worker makes as many files as it may.
    """
    chosen = format_of(form)
    limits: Limits = current_app.extensions["pembe-limits"]
    if not limits.files.acquire(blocking=False):
        raise ProblemError(503, "other files are being made; ask again in a few seconds", {"Retry-After": "5"})
    with ExitStack() as until_begun:
        until_begun.callback(limits.files.release)
        made = cast("Generator[bytes]", stream(path, name, form, filters, options))
        until_begun.callback(made.close)
        first = next(made, b"")
        # From here on the file ends when its last byte was read, or when the reader turned away, whichever is first.
        held_open = until_begun.pop_all()
    answer = Response(_handed_on(first, made, held_open), content_type=chosen.media)
    answer.call_on_close(held_open.close)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, form, filters, options)}"'
    return answer


def _handed_on(first: bytes, others: Iterator[bytes], held_open: ExitStack) -> Iterator[bytes]:
    with held_open:
        yield first
        yield from others
