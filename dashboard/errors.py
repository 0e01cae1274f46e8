"""What the window refuses, in one sentence. Nothing is imported here, so that commands which show nothing stay small."""

from __future__ import annotations


class BriefError(Exception):
    """Say in one sentence why a brief cannot be printed here, and what to do."""


class PackError(Exception):
    """Say in one sentence why no copy was written, and what to do."""
