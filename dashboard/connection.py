"""One client's connection: its bytes are gathered until a request is whole, and its answer waits here until it is read.

No thread ever waits for a client: the loop of the worker reads and sends what there is, threads only see whole requests.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from enum import Enum
from threading import Condition
from typing import Any, BinaryIO

from dashboard.guard import LONGEST_BODY
from dashboard.outbox import Outbox

LONGEST_HEAD = 32_768
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"[0-9]{1,18}")
AT_ONCE = 65_536
# A thread that makes an answer faster than it is read waits from so many bytes on, and gives the reader so many seconds.
MOST_AHEAD, PATIENCE = 268_435_456, 60.0


class Stage(Enum):
    """What a connection is at: it is closed last."""

    READING, WORKING, SENDING, LINGERING, CLOSED = range(5)


class Refused(Exception):
    """Say with which status, and in which sentence, a request is refused before it is whole."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Later(BaseException):
    """Leave a request until a future is done; it is then asked again from its beginning. It passes by what catches errors."""

    def __init__(self, future: Future[Any]) -> None:
        super().__init__()
        self.future = future


class Connection:
    """A socket that does not block, with what was received and what is to be sent; to gunicorn it looks like a socket."""

    def __init__(self, line: socket.socket, client: Any, server: Any, address: str) -> None:
        line.setblocking(False)
        self.line, self.client, self.server, self.address = line, client, server, address
        self.stage = Stage.READING
        self.request = b""
        self.waited: Future[Any] | None = None
        self.since = time.monotonic()
        self.deadline = self.since
        self.answered = 0
        self.rest_kept: Callable[[], None] = lambda: None
        self.closing = False
        self.outbox = Outbox()
        self._inbox = bytearray()
        self._searched = 0
        self._whole: int | None = None
        self._moved = Condition()

    @property
    def sock(self) -> Connection:
        """Give what gunicorn writes an answer to."""
        return self

    @property
    def begun(self) -> bool:
        """Say whether a part of a request is there."""
        return bool(self._inbox)

    @property
    def in_body(self) -> bool:
        """Say whether the head of a request is whole and its body is not."""
        return self._whole is not None

    def receive(self) -> bool:
        """Take what the client sent; False where it has closed. Errors: OSError where the connection is broken."""
        try:
            content = self.line.recv(AT_ONCE)
        except BlockingIOError:
            return True
        self._inbox += content
        return bool(content)

    def take_request(self) -> bool:
        """Move a whole request from what was received to `request`, if there is one. Errors: Refused for what is too long."""
        if self._whole is None:
            # Blank lines before a request are skipped (RFC 9112, section 2.2).
            while self._inbox[:2] == b"\r\n":
                del self._inbox[:2]
            end = self._inbox.find(END_OF_HEAD, max(0, self._searched - 3))
            if end < 0:
                self._searched = len(self._inbox)
                if self._searched > LONGEST_HEAD:
                    raise Refused("431 Request Header Fields Too Large", "The head of a request may have 32768 bytes.")
                return False
            self._whole = end + len(END_OF_HEAD) + _body_length(bytes(self._inbox[:end]))
        if len(self._inbox) < self._whole:
            return False
        self.request = bytes(self._inbox[: self._whole])
        del self._inbox[: self._whole]
        self._searched, self._whole = 0, None
        return True

    def refuse(self, fault: Refused) -> None:
        """Answer in one sentence and close."""
        body = f"{fault}\n".encode()
        head = (
            f"HTTP/1.1 {fault.status}\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.closing = True
        self.sendall(head.encode() + body)

    def sendall(self, content: bytes) -> None:
        """Send what the client takes at once and keep the rest for the loop. Errors: OSError where nobody reads any more."""
        with self._moved:
            if self.stage is Stage.CLOSED:
                raise BrokenPipeError("the client has gone")
            rest = memoryview(content)
            if not self.outbox:
                with suppress(BlockingIOError):
                    rest = rest[self.line.send(rest) :]
            if rest:
                first = not self.outbox
                self.outbox.add(rest)
                if first:
                    self.rest_kept()
                self._wait_for_reader()

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """Keep a stretch of a file for the loop to send."""
        assert count is not None
        with self._moved:
            if self.stage is Stage.CLOSED:
                raise BrokenPipeError("the client has gone")
            self.outbox.add_file(file.fileno(), offset, count)
            self.outbox.send(self.line)
        return count

    def send_rest(self) -> int:
        """Send what the client takes now; give how many bytes that were. Errors: OSError where the connection is broken."""
        with self._moved:
            sent = self.outbox.send(self.line)
            self._moved.notify_all()
            return sent

    def gettimeout(self) -> float:
        """Tell gunicorn that the socket does not block."""
        return 0.0

    def shutdown(self, _: int) -> None:
        """Tell gunicorn that there is nothing to wait for: an answer that broke off ends with its connection."""
        raise OSError("the connection is closed by the loop")

    def close(self) -> None:
        """Close the connection and forget what is to be sent."""
        with self._moved:
            self.stage = Stage.CLOSED
            self.outbox.clear()
            self.line.close()
            self._moved.notify_all()

    def _wait_for_reader(self) -> None:
        until, before = time.monotonic() + PATIENCE, self.outbox.size
        while self.outbox.size > MOST_AHEAD and self.stage is not Stage.CLOSED:
            if time.monotonic() > until:
                raise BrokenPipeError("the client reads too slowly for what is made for it")
            self._moved.wait(1.0)
            if self.outbox.size < before:
                until, before = time.monotonic() + PATIENCE, self.outbox.size


def _body_length(head: bytes) -> int:
    """Give the bytes that follow a head; what is contradictory is left to gunicorn, which sees this request alone."""
    length = 0
    for field in head.split(b"\r\n")[1:]:
        name, _, value = field.partition(b":")
        match name.strip().lower():
            case b"transfer-encoding":
                raise Refused("411 Length Required", "Send the body with a Content-Length; chunked bodies are not taken.")
            case b"expect":
                raise Refused("417 Expectation Failed", "Send the body without asking first; it may have 16384 bytes.")
            case b"content-length":
                length = int(value) if LENGTH.fullmatch(value.strip()) else 0
    if length > LONGEST_BODY:
        raise Refused("413 Content Too Large", f"The body of a request may have {LONGEST_BODY} bytes.")
    return length
