"""Files at an address: `/download/<format>?<choices>` gives what the page with the same choices shows, and more of it."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Response, request

from dashboard.api.files import described_by, file_of
from dashboard.api.shelf import current_name, shelf
from dashboard.db import EditionError
from dashboard.exports.options import Options
from dashboard.filters import FIELDS, TWICE, FilterError, Filters, pairs_of, read_choices, refused_value

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
        query = request.query_string.decode("ascii", "replace")
        if form == "csvw":
            options = replace(options, address=f"csv?{query}")
        response = file_of(held, form, filters, options)
        if form == "csv":
            response.headers["Link"] = described_by(f"csvw?{query}")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Pembe-Edition"] = held.name
        return response


def read_download(query: str) -> tuple[Filters, Options]:
    """Read the choices of a download: those of a page, and labels, wide, excel, separator, notes and indicators=all."""
    pairs = pairs_of(query)
    own = [(name, value) for name, value in pairs if name in OWN]
    said = dict(own)
    if twice := next((name for name in said if [one for one, _ in own].count(name) > 1), None):
        raise FilterError(f"the address gives {twice} more than once", TWICE, name=twice)
    if said.get("indicators", "all") != "all":
        raise refused_value("indicators", said["indicators"])
    options = Options(
        labels=said.get("labels", "codes"),
        wide=said.get("wide"),
        indicators=() if "indicators" in said else None,
        excel=_yes(said, "excel", "no"),
        separator=said.get("separator"),
        notes=_yes(said, "notes", "yes") if "notes" in said else None,
    )
    return read_choices(pair for pair in pairs if pair[0] in FIELDS), options


def _yes(said: dict[str, str], name: str, usual: str) -> bool:
    value = said.get(name, usual)
    if value not in YES_NO:
        raise refused_value(name, value)
    return YES_NO[value]
