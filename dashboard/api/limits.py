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

from flask import Request

# Requests a second that one address may make for long, and how many seconds' worth it may make at once.
RATE, SECONDS = 10.0, 20.0
# A whole file costs as much as so many pages, and each worker makes so many at a time: it has four threads.
FILE_COST, FILES_AT_ONCE = 20, 2
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
        self.files = threading.BoundedSemaphore(FILES_AT_ONCE)

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


def limits_of_environment() -> Limits:
    """Make limits by PEMBE_API_RATE, in requests a second; 0 sets no limit."""
    return Limits(float(os.environ.get("PEMBE_API_RATE", RATE)))


def client_of(request: Request) -> str:
    """Name who asks: the address that the outermost proxy of ours saw; for IPv6 its network of 64 bits.

    PEMBE_PROXIES says how many proxies of ours stand before the server; without it nobody is believed to be one.
    """
    proxies = int(os.environ.get("PEMBE_PROXIES", "0"))
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return network(told[-proxies] if 0 < proxies <= len(told) else request.remote_addr or "")


@lru_cache(maxsize=4_096)
def network(address: str) -> str:
    """Give what counts as one who asks: an address; for IPv6 its network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
