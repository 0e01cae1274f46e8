"""How many pages are drawn for one address; what is kept, never changes or has limits of its own costs nothing."""

from __future__ import annotations

from flask import Flask, request

from dashboard.api.limits import take

FREE = ("/api", "/assets/", "/_dash-component-suites/", "/download/", "/health", "/map/", "/ready")


def add_page_limits(server: Flask) -> None:
    """Refuse who asks for more pages than anyone may; after kept answers are recalled, which cost nothing to give again."""

    @server.before_request
    def limit() -> None:
        if not request.path.startswith(FREE):
            take("pembe-page-limits")
