"""How much one address may ask: a bucket of requests that fills with time, in memory that all workers share."""

from __future__ import annotations

import ipaddress
import mmap
import os
import secrets
import threading
import time
from functools import lru_cache
from hashlib import blake2b

from flask import Flask, Request, current_app, request

from dashboard.api.problems import ProblemError

# Requests a second that one address may make for long, and how many seconds' worth it may make at once.
RATE, SECONDS = 10.0, 20.0
# Pages that are drawn, and files and briefs that are made, have buckets of their own: a second, and seconds' worth at once.
PAGE_RATE, FILE_RATE, FILE_SECONDS = 50.0, 1.0, 150.0
# Files of a large edition that a worker hands on while they are made: each takes one of its four threads.
STREAMS_AT_ONCE = 1
SLOTS = 1 << 16
# A wait of less than this is what adding tenths in binary leaves over.
TOO_SHORT = 1e-6


class Limits:
    """The buckets of all addresses, as one number each: the moment at which its bucket will be full again.

    The memory is shared by all processes that are forked after this was made, as those of `gunicorn --preload` are. Two
    workers that write one number at the same moment may count one request instead of two; there is no lock that could hang.
    """

    def __init__(self, rate: float = RATE, seconds: float = SECONDS) -> None:
        self.rate, self.seconds = rate, seconds
        self._full_at = memoryview(mmap.mmap(-1, SLOTS * 8)).cast("d")
        self._salt = secrets.token_bytes(16)
        self.streams = threading.BoundedSemaphore(STREAMS_AT_ONCE)

    def wait(self, client: str, cost: float = 1) -> float:
        """Take `cost` requests from a client's bucket and give 0; where there are not so many, the seconds until there are."""
        if self.rate == 0:
            return 0.0
        # Addresses are not kept: only a number made of them, which another start makes otherwise.
        slot = int.from_bytes(blake2b(client.encode(), key=self._salt, digest_size=4).digest()) % SLOTS
        now = time.monotonic()
        full_at = max(self._full_at[slot], now) + cost / self.rate
        if (late := full_at - now - self.seconds) > TOO_SHORT:
            return late
        self._full_at[slot] = full_at
        return 0.0


def add_limits(server: Flask) -> None:
    """Give the server its buckets, by PEMBE_API_RATE, PEMBE_PAGE_RATE and PEMBE_FILE_RATE, in requests a second.

    0 sets no limit; where the interface has none, pages and files have none either, unless theirs are set.
    """
    rate = float(os.environ.get("PEMBE_API_RATE", RATE))
    for name, variable, usual, seconds in (
        ("pembe-limits", "PEMBE_API_RATE", RATE, SECONDS),
        ("pembe-page-limits", "PEMBE_PAGE_RATE", PAGE_RATE, SECONDS),
        ("pembe-file-limits", "PEMBE_FILE_RATE", FILE_RATE, FILE_SECONDS),
    ):
        server.extensions[name] = Limits(float(os.environ.get(variable, usual if rate else 0)), seconds)


def take(bucket: str, cost: float = 1) -> None:
    """Take the cost of a request from a bucket of who asks; ProblemError 429 where there is not so much in it."""
    limits: Limits = current_app.extensions[bucket]
    if (wait := limits.wait(client_of(request), cost)) > 0:
        seconds = int(wait) + 1
        told = f"this address asks more than {limits.rate:g} times a second; ask again in {seconds} s"
        raise ProblemError(429, told, {"Retry-After": str(seconds)})


def client_of(asking: Request) -> str:
    """Name who asks: the address that the outermost proxy of ours saw; for IPv6 its network of 64 bits.

    PEMBE_PROXIES says how many proxies of ours stand before the server; without it nobody is believed to be one.
    """
    proxies = int(os.environ.get("PEMBE_PROXIES", "0"))
    told = [part.strip() for part in asking.headers.get("X-Forwarded-For", "").split(",")]
    return network(told[-proxies] if 0 < proxies <= len(told) else asking.remote_addr or "")


@lru_cache(maxsize=4_096)
def network(address: str) -> str:
    """Give what counts as one who asks: an address; for IPv6 its network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
