"""Compression of every answer; what never changes is compressed once a worker."""

from __future__ import annotations

from flask import Flask, Request, Response
from flask_compress import Compress

FIXED = "/_dash-component-suites/"
# What is text: pages, scripts, figures, faults. Images, fonts, workbooks and Parquet are compressed already.
TEXT = [
    "text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/javascript", "application/json",
    "application/problem+json", "application/x-ndjson", "application/vnd.sdmx.data+csv", "application/xml", "image/svg+xml",
    "image/x-icon", "application/geo+json", "application/vnd.sdmx.genericdata+xml", "application/vnd.sdmx.structure+xml",
    "application/vnd.sdmx.structurespecificdata+xml",
]  # fmt: skip


class Kept:
    """Keep the compressed files of Dash and plotly, of which there are few; brotli takes half a second for the largest."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Give what was kept under a key such as `br;/_dash-component-suites/...`."""
        return self._files.get(key)

    def set(self, key: str, content: bytes) -> None:
        """Keep a file; answers that depend on the edition are not kept."""
        if FIXED in key:
            self._files[key] = content


class Packing(Compress):
    """Leave alone the answers that are kept files, which have encodings of their own."""

    def after_request(self, response: Response | None) -> Response:
        """Compress an answer."""
        if response is not None and getattr(response, "as_it_is", False):
            return response
        packed: Response = super().after_request(response)
        return packed


def add_compression(server: Flask) -> None:
    """Offer brotli and gzip; before Dash is made, whose own switch offers gzip alone."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=TEXT,
        COMPRESS_CACHE_BACKEND=Kept,
        COMPRESS_CACHE_KEY=_path,
    )
    Packing(server)


def _path(request: Request) -> str:
    return request.path
