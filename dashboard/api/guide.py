"""The page that says how programs read the figures, in the languages of the screens and without a script."""

from __future__ import annotations

from flask import Response, render_template, request

from dashboard.api.declared import BASE, CHOSEN, FILES, LARGEST_PAGE, PAGE, SDMX
from dashboard.api.limits import RATE
from dashboard.api.shelf import current_name, editions
from dashboard.db import EditionError
from dashboard.filters import INDICATOR, LANGUAGES, read_query
from dashboard.words import Words


def page(query: str) -> Response:
    """Write the page; raises FilterError for an address that cannot be read and EditionError without an edition."""
    words = Words(read_query(query).language)
    name = current_name()
    day = editions()[name]
    if day is None:
        raise EditionError(f"Edition {name} cannot be read; check it with: pembe verify")
    content = render_template(
        "api.html",
        words=words,
        languages=[Words(language) for language in LANGUAGES],
        edition=name,
        as_of=day,
        base=f"{request.host_url.rstrip('/')}{BASE}",
        sdmx=f"{request.host_url.rstrip('/')}{SDMX}",
        example=f"observations?country=KEN&indicator={INDICATOR}",
        formats=["json", *FILES],
        names=[parameter.name for parameter in CHOSEN],
        page=words.number(PAGE),
        largest=words.number(LARGEST_PAGE),
        rate=words.number(RATE),
    )
    answer = Response(content, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
