"""Closed-loop clients over bare sockets: each asks, reads the whole answer, and asks the next thing at once."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

LOCAL = "127.0.0.1"
PATIENCE = 60.0  # seconds that one answer may take before it counts as failed


@dataclass(frozen=True)
class Load:
    """What clients met: answers a second, milliseconds to a whole answer, failed ones, and bytes of body received."""

    answers: int
    failed: int
    seconds: float
    milliseconds: tuple[float, ...]
    received: int

    @property
    def per_second(self) -> float:
        """Give the answers a second."""
        return self.answers / self.seconds

    def quantile(self, percent: int) -> float:
        """Give the milliseconds within which so many per cent of the answers came."""
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1] if len(self.milliseconds) > 1 else self.milliseconds[0]


def drive(port: int, clients: int, seconds: float, next_request: Callable[[], bytes]) -> Load:
    """Let so many clients ask a server of this machine for so long; every request is the bytes that `next_request` gives.

    An answer other than 200, a closed line or none within a minute counts as failed.
    """
    return asyncio.run(_drive(port, clients, seconds, next_request))


async def _drive(port: int, clients: int, seconds: float, next_request: Callable[[], bytes]) -> Load:
    started = time.perf_counter()
    until = started + seconds
    each = await asyncio.gather(*(_client(port, until, next_request) for _ in range(clients)))
    taken = time.perf_counter() - started
    times = [milliseconds for one in each for milliseconds in one[0]]
    return Load(len(times), sum(one[1] for one in each), taken, tuple(times), sum(one[2] for one in each))


async def _client(port: int, until: float, next_request: Callable[[], bytes]) -> tuple[list[float], int, int]:
    times: list[float] = []
    failed = received = 0
    reader = writer = None
    while time.perf_counter() < until:
        request = next_request()
        start = time.perf_counter()
        try:
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection(LOCAL, port)
            writer.write(request)
            status, size, open_still = await asyncio.wait_for(_answer(reader), PATIENCE)
        except (OSError, EOFError, TimeoutError, ValueError):
            failed += 1
            status, size, open_still = 0, 0, False
        if status == 200:
            times.append((time.perf_counter() - start) * 1000)
            received += size
        elif status:
            failed += 1
        if not open_still and writer is not None:
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()
    return times, failed, received


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    """Read one answer; give its status, the bytes of its body, and whether the line stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    size = 0
    if b"transfer-encoding: chunked" in head:
        while (length := int((await reader.readline()).split(b";")[0], 16)) > 0:
            await reader.readexactly(length + 2)
            size += length
        await reader.readexactly(2)
    else:
        place = head.index(b"content-length:") + 15
        size = int(head[place : head.index(b"\r\n", place)])
        await reader.readexactly(size)
    return status, size, b"connection: close" not in head
