"""Files at an address: `/download/<format>?<choices>` gives what the page with the same choices shows, and more of it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, request

from dashboard.api.files import file_of
from dashboard.api.problems import ProblemError
from dashboard.api.shelf import current_name, shelf
from dashboard.db import EditionError
from dashboard.exports.options import ExportError, Options
from dashboard.filters import LONGEST, FilterError, Filters, read_query

# What an address may say beside the choices of a page.
OWN = ("labels", "wide", "excel", "separator", "notes", "indicators")
YES_NO = {"yes": True, "no": False}


def add_downloads(server: Flask) -> None:
    """Offer every format at an address of its own."""

    @server.get("/download/<form>")
    def download(form: str) -> Response:
        """Give a file; what cannot be made is told before the first byte."""
        filters, options = read_download(request.query_string.decode("ascii", "replace"))
        held = shelf(current_name())
        if held is None:
            raise EditionError("The current edition is not there; point to another with: pembe editions --use")
        response = file_of(held, form, filters, options)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Pembe-Edition"] = held.name
        return response

    @server.errorhandler(ProblemError)
    def put_off(fault: ProblemError) -> Response:
        """Say in one sentence when to ask again."""
        return Response(f"{fault}\n", fault.status, fault.headers, mimetype="text/plain")

    @server.errorhandler(ExportError)
    def refused(fault: ExportError) -> Response:
        """Say in one sentence why there is no file."""
        return Response(f"{fault}\n", 422, mimetype="text/plain")


def read_download(query: str) -> tuple[Filters, Options]:
    """Read the choices of a download: those of a page, and labels, wide, excel, separator, notes and indicators=all."""
    if len(query) > LONGEST:
        raise FilterError("the address is too long")
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    own = [(name, value) for name, value in pairs if name in OWN]
    said = dict(own)
    if len(said) < len(own):
        raise FilterError("the address says one thing about the file more than once")
    if said.get("indicators", "all") != "all":
        raise FilterError("indicators can only be all; one is chosen with indicator")
    options = Options(
        labels=said.get("labels", "codes"),
        wide=said.get("wide"),
        indicators=() if "indicators" in said else None,
        excel=_yes(said, "excel", "no"),
        separator=said.get("separator"),
        notes=_yes(said, "notes", "yes") if "notes" in said else None,
    )
    return read_query(urlencode([pair for pair in pairs if pair[0] not in OWN])), options


def _yes(said: dict[str, str], name: str, usual: str) -> bool:
    value = said.get(name, usual)
    if value not in YES_NO:
        raise FilterError(f"{name} is yes or no")
    return YES_NO[value]
