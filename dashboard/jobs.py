"""What takes longer than a page is made in threads of its own; the request is left meanwhile, and asked again when it is done."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from hashlib import blake2b
from threading import RLock
from typing import Any

import brotli
from flask import Flask, current_app, request

from dashboard.api.limits import client_of, take
from dashboard.api.problems import ProblemError
from dashboard.connection import Connection, Later
from dashboard.lanes import Lane
from dashboard.stored import Store, Stored

EXTENSION = "pembe-jobs"
# Files and briefs that a worker makes at a time, and those that one address may wait for.
FILES, BRIEFS, MOST_WAITING = 2, 1, 24
BROTLI_QUALITY, GZIP_LEVEL, BLOCK = 5, 6, 1 << 18
Content = Callable[[], Iterator[bytes]]


class Jobs:
    """The files and briefs that this worker makes; the same one is made once, however many ask for it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.files, self.briefs = Lane(FILES), Lane(BRIEFS)
        self._under_way: dict[str, Future[Stored]] = {}
        # What is done before its callback is added calls back at once, within `ask`.
        self._lock = RLock()

    def ask(self, key: str, lane: Lane, address: str, content: Content) -> Future[Stored]:
        """Begin to make a file, or join those who wait for it. Errors: ProblemError 429 where an address waits for too many."""
        with self._lock:
            future = self._under_way.get(key)
            if future is None:
                if lane.waiting(address) >= MOST_WAITING:
                    told = f"this address waits for {MOST_WAITING} files already; ask again when they are there"
                    raise ProblemError(429, told, {"Retry-After": "10"})
                future = self._under_way[key] = lane.submit(address, self.store.make, key, content)
                future.add_done_callback(lambda _: self._done(key))
        return future

    def _done(self, key: str) -> None:
        with self._lock:
            self._under_way.pop(key, None)


def add_jobs(server: Flask) -> None:
    """Give the server its files; before gunicorn forks, so that all workers share them."""
    server.extensions[EXTENSION] = Jobs(Store())


def jobs() -> Jobs:
    """Give the jobs of the server at hand."""
    found: Jobs = current_app.extensions[EXTENSION]
    return found


def key_of(*parts: object) -> str:
    """Name a file by all that it depends on."""
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def stored_file(key: str, lane: Lane, content: Content) -> Stored:
    """Give a file that is kept, or make it; whoever has it made pays for it.

    Under our worker the request is left until the file is there. Errors: ProblemError, and those of `content`.
    """
    stored = jobs().store.find(key)
    if stored is not None:
        return stored
    waited = _waited(request.environ)
    if waited is not None:
        result: Stored = waited.result()
        return result
    return outcome(begun(key, lane, content))


def begun(key: str, lane: Lane, content: Content) -> Future[Stored]:
    """Begin to make a file, which costs the one who asks. Errors: ProblemError."""
    take("pembe-file-limits")
    return jobs().ask(key, lane, client_of(request), content)


def outcome(future: Future[Stored]) -> Stored:
    """Give what is made, as soon as it is; under our worker no thread waits for it."""
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, Connection) and not future.done():
        raise Later(future)
    return future.result()


def packed_file(key: str, stored: Stored, encoding: str) -> Stored:
    """Give a kept file in an encoding of HTTP, `br` or `gzip`, as a file of its own."""
    own = f"{key}-{encoding}"
    found = jobs().store.find(own)
    if found is not None:
        return found
    return outcome(jobs().ask(own, jobs().files, client_of(request), lambda: _packed(stored, encoding)))


def _packed(stored: Stored, encoding: str) -> Iterator[bytes]:
    with stored.path.open("rb") as file:
        blocks = iter(lambda: file.read(BLOCK), b"")
        if encoding == "br":
            packer = brotli.Compressor(quality=BROTLI_QUALITY)
            yield from map(packer.process, blocks)
            yield packer.finish()
        else:
            # 31 asks zlib for the frame of gzip, without a time.
            deflating = zlib.compressobj(GZIP_LEVEL, wbits=31)
            yield from map(deflating.compress, blocks)
            yield deflating.flush()


def _waited(environ: dict[str, Any]) -> Future[Any] | None:
    connection = environ.get("gunicorn.socket")
    return connection.waited if isinstance(connection, Connection) else None
