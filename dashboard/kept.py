"""Answers kept by each worker: what an edition says to the same question never changes, so it is worked out once.

The name of the edition is part of the key, so that nothing ever has to be cleared; the least used answers make room.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import NamedTuple

from flask import Flask, Response, g, request

from dashboard.db import current_edition
from dashboard.guard import CALLBACK

# Compressed answers of some ten kilobytes each: a thousand and more of them.
MOST_BYTES = 16_000_000
HEADERS = ("Content-Type", "Content-Encoding", "Vary")


class Answer(NamedTuple):
    """The bytes of an answer as they go over the line, and the headers that say how to read them."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class Answers:
    """Keep answers by key up to a number of bytes; the one that was asked for longest ago goes first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._held: OrderedDict[tuple[str, str, bytes], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, bytes]) -> Answer | None:
        """Give the answer to a question, and remember that it was asked for; None where it is not kept."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: tuple[str, str, bytes], answer: Answer) -> None:
        """Keep an answer unless it is larger than a sixteenth of all that may be kept."""
        if len(answer.body) > self._most // 16:
            return
        with self._lock:
            if key in self._held:
                return
            self._held[key] = answer
            self._bytes += len(answer.body) + len(key[2])
            while self._bytes > self._most:
                (_, _, asked), gone = self._held.popitem(last=False)
                self._bytes -= len(gone.body) + len(asked)


def add_keeping(server: Flask) -> None:
    """Answer a callback that was answered before from memory; to be called before compression is added, whose work is kept."""
    answers = Answers()

    @server.before_request
    def look() -> Response | None:
        if (
            request.path != CALLBACK
            or request.method != "POST"
            or (request.content_length or 0) > server.config["MAX_CONTENT_LENGTH"]
        ):
            return None
        # Whole bodies are compared: only what passed the guard once, and was answered, is ever found here.
        g.question = (current_edition().name, _coding(), request.get_data())
        found = answers.get(g.question)
        if found is None:
            return None
        g.question = None
        return Response(found.body, headers=list(found.headers))

    @server.after_request
    def keep(response: Response) -> Response:
        question = g.get("question")
        if question is not None and response.status_code == 200 and not response.is_streamed:
            headers = tuple((name, response.headers[name]) for name in HEADERS if name in response.headers)
            answers.put(question, Answer(response.get_data(), headers))
        return response


def _coding() -> str:
    """Name the compression that this visitor will be sent: what is kept for one is not what another can read."""
    accepted = request.accept_encodings
    return "br" if accepted["br"] else "gzip" if accepted["gzip"] else "plain"
