"""The web process: `gunicorn dashboard.app:server`. PEMBE_DATA names the folder whose current edition is shown."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Any

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import Flask, Response, abort, request

from dashboard import geography, layout
from dashboard.api.routes import add_api
from dashboard.api.sdmx import add_sdmx
from dashboard.briefs import add_briefs
from dashboard.bundle import add_bundle
from dashboard.compression import add_compression
from dashboard.db import EditionError, current_edition, current_file
from dashboard.discovery import add_discovery
from dashboard.downloads import add_downloads
from dashboard.explore import add_explore
from dashboard.faults import add_faults
from dashboard.filters import read_query
from dashboard.fonts import add_fonts
from dashboard.guard import add_guard
from dashboard.headers import add_headers
from dashboard.jobs import add_jobs
from dashboard.kept import Kept, keep_answers, recall_answers
from dashboard.lite import add_lite
from dashboard.page_limits import add_page_limits
from dashboard.pages import find
from dashboard.queries import check

M_ARENA_MAX = -8  # the number by which glibc knows the option
READ_AT_START = 32_000_000  # bytes of a public file; one that is larger is read for the first who asks for a page

server = Flask(__name__)
kept = Kept()
keep_answers(server, kept)
add_compression(server)


# What Dash tells its own tools in the browser, which are off; a stranger need not know which versions run here.
VERSIONS = ("dash_version", "python_version", "dash_version_url", "ddk_version", "plotly_version")


class Pembe(Dash):
    """Dash in a frame of our own, which has its words, language and direction before any script runs."""

    def _config(self) -> dict[str, Any]:
        told: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        return {name: value for name, value in told.items() if name not in VERSIONS}

    def interpolate_index(self, *_: Any, **tags: Any) -> str:
        """Write the page of HTML for the address at hand."""
        edition = current_edition()
        filters = check(edition, read_query(request.query_string.decode("ascii", "replace")))
        place = find(request.path)
        if place is None:
            abort(404)
        return layout.frame(edition, filters, place, tags)


app = Pembe(__name__, server=False, update_title="", title="Pembe")
app.init_app(server)
app.layout = layout.SKELETON


@app.callback(Output("said", "children"), Output("page", "children"), Input("address", "pathname"), Input("address", "search"))
def show(path: str | None, query: str | None) -> tuple[str, list[Component]]:
    """Show the page that the address asks for."""
    return layout.answer(path, query)


@server.get("/twin/<name>/")
@server.get("/twin/<name>/<path:page>")
def twin(name: str, page: str = "") -> Response:
    """Serve the table of a chart, for the filters of the address."""
    table = layout.twin(name, f"/{page}", request.query_string.decode("ascii", "replace"))
    if table is None:
        abort(404)
    return Response(table, mimetype="text/html")


@server.get("/map/<name>")
def boundaries(name: str) -> Response:
    """Serve the boundaries under an address that changes when they do."""
    held = geography.boundaries()
    if f"/map/{name}" != held.address:
        abort(404)
    return Response(held.text, mimetype="application/json")


@server.route("/health", methods=["GET", "POST"])
def health() -> Response:
    """Say that the process is up; a POST is the emptiest that this server can answer, which benchmarks hold theirs against."""
    return Response("up\n", mimetype="text/plain")


@server.get("/ready")
def ready() -> Response:
    """Say which edition is shown; 503 with the reason when none can be."""
    return Response(f"{current_edition().name}\n", mimetype="text/plain")


add_faults(server)
add_jobs(server)
add_api(server)
add_sdmx(server)
add_downloads(server)
add_bundle(server)
add_fonts(server)
add_lite(server)
add_explore(server)
add_briefs(server)
add_discovery(server)
add_guard(app, lambda path: find(path) is not None)
recall_answers(server, kept)
add_page_limits(server)
add_headers(server, app.csp_hashes())
# Dash sets itself up at its first request, unguarded: with threads the first visitors can meet half of it (plotly/dash#3971).
server.test_client().get("/_dash-layout")
# All this before gunicorn forks: its workers then share the pages of memory, and no visitor waits for the edition.
with suppress(EditionError):
    if current_file()[0].stat().st_size < READ_AT_START:
        current_edition()
gc.collect()
gc.freeze()
# glibc gives each thread memory of its own, which threads that take turns never give back: a fifth of a worker's.
with suppress(OSError, AttributeError):
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
