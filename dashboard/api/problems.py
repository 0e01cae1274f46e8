"""Faults as programs read them: application/problem+json (RFC 9457) whose detail is one sentence."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response

PROBLEM = "application/problem+json"


class ProblemError(Exception):
    """Say in one sentence why a request is not answered as it wished; `headers` go with the answer."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


def problem(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Write a problem; the sentence begins with a capital letter and ends with a full stop."""
    said = f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}."
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": said}
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype=PROBLEM)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(headers or {})
    return answer
