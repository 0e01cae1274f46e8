"""Answers that a worker keeps: an edition never changes, so that one address has one answer for as long as it is shown."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from flask import Flask, Response, g, request

from dashboard.db import current_edition
from dashboard.guard import CALLBACK

# Bytes that a worker keeps; some thousand answers as they go over the line.
MOST = 8_000_000
HEADERS = ("Content-Type", "Content-Encoding", "Vary")
Key = tuple[str, ...]


class Answer(NamedTuple):
    """An answer as it went over the line."""

    body: bytes
    headers: dict[str, str]


class Kept:
    """Keep the answers asked for last, by edition, address and encoding; what is older makes room."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Answer | None:
        """Give the answer kept under a key."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer, and let go of those asked for longest ago."""
        with self._lock:
            if key in self._answers or _size(key, answer) > self._most:
                return
            self._answers[key] = answer
            self._size += _size(key, answer)
            while self._size > self._most:
                self._size -= _size(*self._answers.popitem(last=False))


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body) + sum(map(len, key))


def keep_answers(server: Flask, kept: Kept) -> None:
    """Keep the answers of callbacks; before compression is added, so that what is kept is compressed already."""

    @server.after_request
    def keep(response: Response) -> Response:
        key = g.pop("asked", None)
        # Where the pointer moved meanwhile, nobody knows which of two editions answered.
        if key is not None and response.status_code == 200 and key[0] == current_edition().name:
            headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
            kept.put(key, Answer(response.get_data(), headers))
        return response


def recall_answers(server: Flask, kept: Kept) -> None:
    """Answer from what is kept; after the guard, so that no other body than our own pages send gets as far as this."""

    @server.before_request
    def recall() -> Response | None:
        if request.path != CALLBACK or request.method != "POST":
            return None
        asked = [item["value"] for item in request.get_json()["inputs"]]
        key = (current_edition().name, *asked, request.headers.get("Accept-Encoding", ""))
        answer = kept.get(key)
        if answer is None:
            g.asked = key
            return None
        return Response(answer.body, headers=answer.headers)
