"""Briefs at an address: each is printed once per edition, country and language, in a process of its own, and then kept."""

from __future__ import annotations

import os
import subprocess
import sys

from flask import Flask, Response, abort, request

from dashboard.db import current_edition, current_file
from dashboard.errors import BriefError
from dashboard.filters import read_query
from dashboard.jobs import jobs, key_of, stored_file
from dashboard.kept_files import file_response
from dashboard.queries import choices
from schemas.folders import ROOT, VARIABLE, data_folder

SECONDS = 60


def add_briefs(server: Flask) -> None:
    """Serve `/country/<iso3>/brief.pdf`; no thread that answers requests waits while one is printed."""

    @server.get("/country/<iso3>/brief.pdf")
    def brief(iso3: str) -> Response:
        edition = current_edition()
        if iso3 not in choices(edition).countries:
            abort(404)
        language = read_query(request.query_string.decode("ascii", "replace")).language
        key = key_of("brief", str(current_file()[0]), edition.name, iso3, language)
        stored = stored_file(key, jobs().briefs, lambda: iter([_printed(iso3, language, edition.name)]))
        name = f"pembe-{edition.name}-{iso3}-{language}.pdf"
        return file_response(key, stored, "application/pdf", name, inline=True)


def _printed(iso3: str, language: str, edition: str) -> bytes:
    """Print in another process, whose memory goes with it: a worker answers screens with a third of what fonts take."""
    command = [sys.executable, "-m", "dashboard.brief", iso3, language, edition]
    environment = {**os.environ, VARIABLE: str(data_folder().resolve())}
    try:
        run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, cwd=ROOT, env=environment)
    except subprocess.TimeoutExpired as fault:
        raise BriefError(f"The brief was not printed within {SECONDS} seconds; ask for it again later.") from fault
    if run.returncode != 0:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BriefError(lines[-1] if lines else "The brief could not be printed; ask for it again later.")
    return run.stdout
