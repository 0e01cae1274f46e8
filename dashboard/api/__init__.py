"""The interface for programs: /api/v1, read from public files alone. One declaration describes it and checks its requests."""

from dashboard.api.routes import add_api, no_such_address

__all__ = ["add_api", "no_such_address"]
