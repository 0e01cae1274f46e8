"""What lets search engines, catalogues and readers of feeds find the editions: each in its standard form.

schema.org Dataset in the pages, a DCAT-US 1.1 catalogue at /data.json, sitemaps.org's sitemap, robots.txt (RFC 9309) and an
Atom feed of editions (RFC 4287). They name no figure, only where figures are.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from flask import Flask, Response, redirect
from werkzeug.wrappers import Response as Answer

from dashboard.api.declared import BASE
from dashboard.db import current_edition, current_file
from dashboard.edition import Edition
from dashboard.exports.citation import TITLE
from dashboard.pages import PAGES
from dashboard.queries import choices
from dashboard.site import site_address
from dashboard.words import Words
from schemas.indicators import LANGUAGES

CONTACT = "PEMBE_CONTACT"
DCAT = "https://project-open-data.cio.gov/v1.1/schema"
KEYWORDS = ("trafficking in persons", "smuggling of migrants", "migration", "Horn of Africa", "African Union", "SDG 16.2.2")
DESCRIPTION = (
    "National and international figures on trafficking in persons and smuggling of migrants in eleven states of the Horn of "
    "Africa and North Africa, mapped to one schema, checked, and protected against disclosure."
)
# Whole files of the current edition: name of the format in an address, media type, title.
FILES = (
    ("csv", "text/csv", "All figures as CSV"),
    ("parquet", "application/vnd.apache.parquet", "All figures as Parquet"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "All figures as a workbook"),
)


def add_discovery(server: Flask) -> None:
    """Offer the addresses on the server, and `dataset` to the templates of pages."""
    server.jinja_env.globals["dataset"] = dataset
    server.add_url_rule("/robots.txt", view_func=robots)
    server.add_url_rule("/sitemap.xml", view_func=sitemap)
    server.add_url_rule("/data.json", view_func=catalogue)
    server.add_url_rule("/feed.atom", view_func=feed)
    server.add_url_rule("/favicon.ico", view_func=icon)


def robots() -> Response:
    """Allow all pages, and spare robots the addresses that are made of choices."""
    lines = ["User-agent: *", "Disallow: /_dash", "Disallow: /twin/", "Disallow: /*?", f"Sitemap: {site_address()}/sitemap.xml"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


def sitemap() -> Response:
    """List every page in every language, with the others as its alternates."""
    edition, site = current_edition(), site_address()
    entries = "".join(_entry(f"{site}{address}", edition.as_of) for address in _addresses(edition))
    namespaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespaces}>{entries}\n</urlset>\n'
    return Response(text, mimetype="application/xml")


def catalogue() -> Response:
    """Describe the current edition as a data set of a DCAT-US 1.1 catalogue (`data.json`)."""
    edition, site = current_edition(), site_address()
    described: dict[str, object] = {
        "@type": "dcat:Dataset",
        "identifier": f"{site}{BASE}/observations",
        "title": TITLE,
        "description": DESCRIPTION,
        "keyword": list(KEYWORDS),
        "modified": edition.as_of,
        "accessLevel": "public",
        "license": f"{site}/methods",
        "language": list(LANGUAGES),
        "temporal": _years(edition),
        "spatial": "Horn of Africa and North Africa",
        "publisher": {"@type": "org:Organization", "name": "Pembe"},
        "landingPage": f"{site}/",
        "describedBy": f"{site}{BASE}/openapi.json",
        "distribution": [
            {"@type": "dcat:Distribution", "title": title, "mediaType": media, "downloadURL": _file(site, form)}
            for form, media, title in FILES
        ],
    }
    if contact := os.environ.get(CONTACT):
        described["contactPoint"] = {"@type": "vcard:Contact", "fn": "Pembe", "hasEmail": f"mailto:{contact}"}
    body = {
        "@context": f"{DCAT}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": DCAT,
        "describedBy": f"{DCAT}/catalog.json",
        "dataset": [described],
    }
    return Response(json.dumps(body, ensure_ascii=False, indent=1), mimetype="application/json")


def dataset(edition: Edition, words: Words) -> str:
    """Describe the current edition as a schema.org Dataset, in JSON that may stand inside a page."""
    site = site_address()
    body = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "description": DESCRIPTION,
        "url": f"{site}/",
        "identifier": edition.name,
        "version": edition.name,
        "dateModified": edition.as_of,
        "inLanguage": words.language,
        "isAccessibleForFree": True,
        "license": f"{site}/methods",
        "keywords": list(KEYWORDS),
        "temporalCoverage": _years(edition),
        "spatialCoverage": [words.country(edition, code) for code in choices(edition).countries],
        "creator": {"@type": "Organization", "name": "Pembe", "url": f"{site}/"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media, "contentUrl": _file(site, form)} for form, media, _ in FILES
        ],
    }
    # a page of HTML must not end early, whatever a label holds
    return json.dumps(body, ensure_ascii=False).replace("<", "\\u003c")


def feed() -> Response:
    """List the editions that the current one knows as an Atom feed, the newest first."""
    edition, site = current_edition(), site_address()
    past = sorted(edition.notes.past, key=lambda row: row.as_of, reverse=True)
    entries = "".join(
        f"\n<entry><id>{escape(f'{site}{BASE}/editions/{row.name}')}</id><title>{escape(f'Edition {row.name}')}</title>"
        f"<updated>{_moment(row.as_of)}</updated><link href={quoteattr(f'{site}{BASE}/editions/{row.name}')}/>"
        f"<summary>{row.sources} sources, {row.figures} figures</summary></entry>"
        for row in past
    )
    newest = max((row.as_of for row in past), default=datetime.date.fromisoformat(edition.as_of))
    head = (
        f"<id>{escape(f'{site}/feed.atom')}</id><title>{escape(TITLE)}</title><updated>{_moment(newest)}</updated>"
        f"<author><name>Pembe</name></author><link rel=\"self\" href={quoteattr(f'{site}/feed.atom')}/>"
        f"<link href={quoteattr(f'{site}/methods/editions')}/>"
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}\n</feed>\n'
    return Response(text, mimetype="application/atom+xml")


def icon() -> Answer:
    """Lead browsers that ask for an icon by its oldest name to the one that pages name."""
    return redirect("/assets/icon.svg", 308)


def _addresses(edition: Edition) -> Iterator[str]:
    for page in PAGES:
        if page.of_country:
            yield from (f"{page.address}/{code}" for code in sorted(choices(edition).countries))
        else:
            yield page.address
    yield "/explore"
    yield f"{BASE}/"


def _entry(address: str, modified: str) -> str:
    versions = {language: f"{address}?lang={language}" if language != "en" else address for language in LANGUAGES}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(version)}/>' for language, version in versions.items()
    )
    return "".join(
        f"\n<url><loc>{escape(version)}</loc><lastmod>{modified}</lastmod>{alternates}</url>" for version in versions.values()
    )


def _file(site: str, form: str) -> str:
    return f"{site}{BASE}/editions/{current_file()[1]}/observations?format={form}"


def _years(edition: Edition) -> str:
    years = choices(edition).years
    return f"{min(years)}/{max(years)}" if years else edition.as_of[:4]


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
