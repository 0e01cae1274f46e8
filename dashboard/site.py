"""The public address of this site, for what must name itself in full: citations, feeds, catalogues and links from elsewhere."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from flask import has_request_context, request

VARIABLE = "PEMBE_ADDRESS"


class SiteError(Exception):
    """Say what is wrong with the public address that was set."""


def named_address() -> str:
    """Give the address that PEMBE_ADDRESS names, without a slash at its end; empty where it is not set; raises SiteError."""
    address = os.environ.get(VARIABLE, "").strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise SiteError(f"{VARIABLE} is {address!r}; set it to the site's address, such as https://pembe.example.org")
    return address


def site_address() -> str:
    """Give the address of the site: the one that PEMBE_ADDRESS names, else the one that the request at hand was sent to."""
    named = named_address()
    if named or not has_request_context():
        return named
    return request.url_root.rstrip("/")
