"""Compression of what is made anew for each question: lightly, since a page must be there at once."""

from __future__ import annotations

import gzip

import brotli
from flask import Request, Response

BROTLI_QUALITY, GZIP_LEVEL = 1, 3
LEAST = 500


def pack(answer: Response, request: Request) -> Response:
    """Compress an answer as the request accepts it, brotli first; flask-compress leaves alone what is compressed."""
    content = answer.get_data()
    chosen = request.accept_encodings.best_match(["br", "gzip"]) if len(content) >= LEAST else None
    answer.vary.add("Accept-Encoding")
    if chosen is not None:
        answer.set_data(_packed(chosen, content))
        answer.headers["Content-Encoding"] = chosen
    return answer


def _packed(encoding: str, content: bytes) -> bytes:
    # The time in a gzip header would make equal answers differ.
    if encoding == "gzip":
        return gzip.compress(content, GZIP_LEVEL, mtime=0)
    packed: bytes = brotli.compress(content, quality=BROTLI_QUALITY)
    return packed
