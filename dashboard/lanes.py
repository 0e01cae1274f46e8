"""Threads that take turns between addresses: whoever asks for much waits for its own work and not others for it."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import RLock
from typing import Any

Job = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Lane:
    """Run calls in so many threads; of one address at most `each` at a time, and the addresses that wait in turn."""

    def __init__(self, threads: int, each: int | None = None) -> None:
        self._threads, self._each = threads, each or threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lane")
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._busy = 0
        # A call that is done at once starts the next one from within.
        self._lock = RLock()

    def submit(self, address: str, call: Callable[..., Any], *values: Any) -> Future[Any]:
        """Run a call when it is the turn of its address; the future has what it returns or raises."""
        future: Future[Any] = Future()
        with self._lock:
            self._waiting.setdefault(address, deque()).append((future, call, values))
            self._start()
        return future

    def waiting(self, address: str) -> int:
        """Give how many calls of an address run or wait to run."""
        with self._lock:
            return self._running[address] + len(self._waiting.get(address, ()))

    def shutdown(self, wait: bool = True) -> None:
        """Take no more work, as the executors of the standard library do."""
        with self._lock:
            self._waiting.clear()
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _start(self) -> None:
        while self._busy < self._threads:
            address = next((one for one in self._waiting if self._running[one] < self._each), None)
            if address is None:
                return
            jobs = self._waiting[address]
            job = jobs.popleft()
            if jobs:
                self._waiting.move_to_end(address)
            else:
                del self._waiting[address]
            self._busy += 1
            self._running[address] += 1
            future, call, values = job
            self._pool.submit(call, *values).add_done_callback(partial(self._finish, address, future))

    def _finish(self, address: str, future: Future[Any], done: Future[Any]) -> None:
        with self._lock:
            self._busy -= 1
            self._running[address] -= 1
            if not self._running[address]:
                del self._running[address]
            self._start()
        if done.cancelled():
            future.cancel()
        elif (fault := done.exception()) is not None:
            future.set_exception(fault)
        else:
            future.set_result(done.result())
