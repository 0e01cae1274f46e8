"""What every answer tells the browser: where scripts may come from, who may frame the page, how long to keep what."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

DAY, YEAR = 86_400, 31_536_000


def policy(hashes: Sequence[str]) -> str:
    """Write the content security policy: scripts of our own and those with these hashes, nothing from elsewhere.

    Plotly sets style attributes, which is why styles, and only styles, may stand inline.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def add_headers(server: Flask, hashes: Sequence[str]) -> None:
    """Send the headers with every answer of the server."""
    fixed = {
        "Content-Security-Policy": policy(hashes),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    @server.after_request
    def headers(response: Response) -> Response:
        for name, value in fixed.items():
            # What an answer says for itself stands, such as that pages of other sites may read the interface for programs.
            response.headers.setdefault(name, value)
        if not request.path.startswith("/api/"):
            _set_age(response)
        return response


def _set_age(response: Response) -> None:
    if response.status_code == 200 and request.path.startswith("/map/"):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif response.status_code == 200 and request.path.startswith(("/_dash-component-suites/", "/assets/")):
        # What carries its version in its name or its query never changes; the rest is asked for again after a day.
        versioned = ".v" in request.path or "m" in request.args
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if versioned else f"public, max-age={DAY}"
    elif response.mimetype in {"text/html", "application/json"}:
        response.headers["Cache-Control"] = "no-store"
