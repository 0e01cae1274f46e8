"""Answers that are files on disk: with their length and ETag, in ranges, and sent by the system without a thread of ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from io import RawIOBase
from pathlib import Path
from typing import IO, BinaryIO, cast

from flask import Response, request
from werkzeug.wsgi import wrap_file

from dashboard.api.problems import ProblemError
from dashboard.compression import TEXT
from dashboard.jobs import jobs, packed_file
from dashboard.stored import Stored

# What is smaller is not worth an encoding; what is larger is sent as it is, so that it can be resumed at once.
LEAST_PACKED, MOST_PACKED = 1_000, 64_000_000
BLOCK, LOOK = 1 << 18, 0.02


class FileResponse(Response):
    """An answer that is sent as it is: nothing compresses it."""

    as_it_is = True


class Stretch(RawIOBase):
    """Some bytes of a file, as a file: whoever sends it asks for its descriptor, or reads to its end."""

    def __init__(self, file: BinaryIO, first: int, count: int) -> None:
        super().__init__()
        self._file, self._left = file, count
        file.seek(first)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most so many bytes of what is left."""
        content = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        return content

    def fileno(self) -> int:
        """Give the descriptor, which stands at the first byte."""
        return self._file.fileno()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def file_response(key: str, stored: Stored, media: str, name: str, inline: bool = False) -> Response:
    """Answer a request with a kept file: whole, a range of it, or that the reader has it already (RFC 9110, section 14)."""
    encoding, stored = _represented(key, stored, media)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Type": media,
        "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
        **({"Content-Encoding": encoding} if encoding is not None else {}),
        **({"Vary": "Accept-Encoding"} if media.partition(";")[0] in TEXT else {}),
    }
    answer = _conditional(stored, headers)
    answer.set_etag(stored.tag)
    return answer


def growing_response(key: str, future: Future[Stored], media: str, name: str) -> Response:
    """Answer with a file while it is made, whose length nobody knows yet. Errors: those of making its first bytes."""
    content = _as_made(jobs().store.part(key), key, future)
    first = next(content, b"")

    def handed_on() -> Iterator[bytes]:
        yield first
        yield from content

    answer = Response(handed_on(), content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _represented(key: str, stored: Stored, media: str) -> tuple[str | None, Stored]:
    """Choose the encoding; a reader who goes on where he stopped gets the rest of what he has the beginning of."""
    if media.partition(";")[0] not in TEXT or not LEAST_PACKED <= stored.size <= MOST_PACKED:
        return None, stored
    if "Range" in request.headers:
        begun = request.if_range.etag
        for encoding in ("br", "gzip"):
            packed = jobs().store.find(f"{key}-{encoding}")
            if packed is not None and packed.tag == begun:
                return encoding, packed
        return None, stored
    chosen = request.accept_encodings.best_match(["br", "gzip"]) if request.accept_encodings else None
    return (chosen, packed_file(key, stored, chosen)) if chosen is not None else (None, stored)


def _conditional(stored: Stored, headers: dict[str, str]) -> Response:
    if request.if_none_match.contains_weak(stored.tag):
        kept = {name: value for name, value in headers.items() if name in {"Vary", "Accept-Ranges"}}
        return FileResponse(status=304, headers=kept)
    first, last, status = 0, stored.size, 200
    if _range_applies(stored):
        assert request.range is not None
        bounds = request.range.range_for_length(stored.size)
        if bounds is None:
            return FileResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}", "Accept-Ranges": "bytes"})
        first, last, status = bounds[0], bounds[1], 206
        headers = {**headers, "Content-Range": f"bytes {first}-{last - 1}/{stored.size}"}
    headers = {**headers, "Content-Length": str(last - first)}
    if request.method == "HEAD":
        return FileResponse(status=status, headers=headers)
    try:
        file = stored.path.open("rb")
    except FileNotFoundError as fault:
        raise ProblemError(503, "the file made room for others; ask again", {"Retry-After": "1"}) from fault
    body = wrap_file(request.environ, cast("IO[bytes]", Stretch(file, first, last - first)), BLOCK)
    return FileResponse(body, status=status, headers=headers, direct_passthrough=True)


def _range_applies(stored: Stored) -> bool:
    """Say whether one range is asked for, of the file that the reader has the beginning of; several are answered whole."""
    asked = request.range
    if request.method != "GET" or asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return False
    return "If-Range" not in request.headers or request.if_range.etag == stored.tag


def _as_made(part: Path, key: str, future: Future[Stored]) -> Iterator[bytes]:
    """Read a file that another thread writes, to its end; what it raises is raised here."""
    while not part.exists() and not future.done():
        time.sleep(LOOK)
    try:
        file = part.open("rb")
    except FileNotFoundError:
        stored = future.result() if future.done() else jobs().store.find(key) or future.result()
        file = stored.path.open("rb")
    with file:
        while True:
            over = future.done()
            while block := file.read(BLOCK):
                yield block
            if over:
                future.result()
                return
            time.sleep(LOOK)
