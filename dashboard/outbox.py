"""What a client has still to receive: little in memory, the rest in files, so that who reads slowly costs a descriptor."""

from __future__ import annotations

import os
import socket
import tempfile
from collections import deque
from dataclasses import dataclass

MOST_IN_MEMORY = 262_144
PART = 1 << 20


@dataclass(slots=True)
class Stretch:
    """Bytes of a file that are still to be sent; `own` is a descriptor to close afterwards, -1 where it is not ours."""

    descriptor: int
    offset: int
    count: int
    own: int = -1


class Outbox:
    """Bytes and stretches of files in the order in which they are to be sent over a socket that does not block."""

    def __init__(self) -> None:
        self._parts: deque[memoryview | Stretch] = deque()
        self._in_memory = 0
        self._aside = -1
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, content: bytes | memoryview) -> None:
        """Add bytes: to memory while they are few, else to a file without a name."""
        view = memoryview(content)
        self.size += len(view)
        if self._in_memory + len(view) <= MOST_IN_MEMORY:
            self._in_memory += len(view)
            self._parts.append(view)
            return
        if self._aside < 0:
            self._aside = _nameless_file()
        offset = os.lseek(self._aside, 0, os.SEEK_END)
        rest = view
        while rest:
            rest = rest[os.write(self._aside, rest) :]
        last = self._parts[-1] if self._parts else None
        if isinstance(last, Stretch) and last.descriptor == self._aside and last.offset + last.count == offset:
            last.count += len(view)
        else:
            self._parts.append(Stretch(self._aside, offset, len(view)))

    def add_file(self, descriptor: int, offset: int, count: int) -> None:
        """Add a stretch of a file, whose descriptor the caller may close."""
        own = os.dup(descriptor)
        self.size += count
        self._parts.append(Stretch(own, offset, count, own))

    def send(self, line: socket.socket) -> int:
        """Send as much as the socket takes at once; give how many bytes that were. Errors: OSError where it is closed."""
        sent = 0
        while self._parts:
            part = self._parts[0]
            try:
                if isinstance(part, memoryview):
                    number = line.send(part)
                else:
                    number = os.sendfile(line.fileno(), part.descriptor, part.offset, min(part.count, PART))
            except BlockingIOError:
                break
            if number == 0:
                raise ConnectionAbortedError("a file ended before its announced length")
            sent += number
            self._take(part, number)
        self.size -= sent
        if not self._parts:
            self._let_go()
        return sent

    def clear(self) -> None:
        """Forget all of it."""
        for part in self._parts:
            if isinstance(part, Stretch) and part.own >= 0:
                os.close(part.own)
        self._parts.clear()
        self.size = 0
        self._let_go()

    def _take(self, part: memoryview | Stretch, number: int) -> None:
        if isinstance(part, memoryview):
            self._in_memory -= number
            if number == len(part):
                self._parts.popleft()
            else:
                self._parts[0] = part[number:]
            return
        part.offset += number
        part.count -= number
        if part.count == 0:
            self._parts.popleft()
            if part.own >= 0:
                os.close(part.own)

    def _let_go(self) -> None:
        self._in_memory = 0
        if self._aside >= 0:
            os.close(self._aside)
            self._aside = -1


def _nameless_file() -> int:
    descriptor, path = tempfile.mkstemp(prefix="pembe-answer-")
    os.unlink(path)
    return descriptor
