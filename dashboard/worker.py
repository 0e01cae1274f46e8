"""The worker of gunicorn that the Procfile names: gthread, whose threads never wait for a client.

gthread 27 gives a thread to every connection as soon as its first byte is there; eight half requests then stop a server of
eight threads. Here the loop gathers whole requests and sends what is slowly read (see `connection`). To be deleted when
gunicorn buffers requests and answers itself.
"""

from __future__ import annotations

import errno
import os
import resource
import selectors
import socket
import time
from collections import Counter
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from dashboard.api.limits import network
from dashboard.connection import Connection, Later, Refused, Stage
from dashboard.lanes import Lane

# Seconds for the head of a request, for its body, for a reader to take a byte, and for a client to close its side.
HEAD, BODY, STALLED, LINGER = 10.0, 20.0, 60.0, 2.0
# Connections that a worker holds open, and of one address; of more, the one that has waited longest makes room.
MOST, MOST_OF_ADDRESS = 400, 100
SWEEP = 0.5


class BufferedWorker(ThreadWorker):  # type: ignore[misc]
    """Answer whole requests in threads and do everything slow in the loop."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.worker_connections = MOST * 2  # never reached: room is made before a connection too many is taken
        self._connections: set[Connection] = set()
        self._of_address: Counter[str] = Counter()
        self._swept = 0.0
        # All clients of a proxy come from its address.
        self._most_of_address = MOST if int(os.environ.get("PEMBE_PROXIES", "0")) else MOST_OF_ADDRESS

    def init_process(self) -> None:
        """Ask for as many descriptors as are allowed, then run."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().init_process()

    def get_thread_pool(self) -> Lane:
        """Give threads that take turns between addresses."""
        return Lane(self.cfg.threads)

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, after room was made for it."""
        try:
            line, client = listener.accept()
        except OSError as fault:
            if fault.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room(None)
            elif fault.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        address = network(client[0]) if isinstance(client, tuple) else ""
        if self._of_address[address] >= self._most_of_address:
            self._make_room(address)
        elif len(self._connections) >= MOST:
            self._make_room(None)
        if line.family != socket.AF_UNIX:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(line, client, listener.getsockname(), address)
        connection.rest_kept = lambda: self.method_queue.defer(self._drain, connection)
        self.nr_conns += 1
        self._connections.add(connection)
        self._of_address[address] += 1
        self.poller.register(line, selectors.EVENT_READ, lambda _: self._readable(connection))
        connection.deadline = connection.since + HEAD
        # What a client sends with its first packet is there already, and need not wait for another turn of the loop.
        self._readable(connection)

    def handle(self, connection: Connection) -> bool | Later:
        """Answer a whole request, in a thread; say whether the connection may be asked again."""
        try:
            request = next(http.get_parser(self.cfg, [connection.request], connection.client))
            return bool(self.handle_request(request, connection))
        except Later as later:
            return later
        except (http.errors.NoMoreData, StopIteration) as fault:
            self.log.debug("Closing connection. %s", fault)
        except OSError as fault:
            if not isinstance(fault, ConnectionError):
                self.log.exception("Socket error processing request.")
        return False

    def finish_request(self, connection: Connection, future: Future[Any]) -> None:
        """Go on with a connection whose request was answered, or left until something is done."""
        fault = None if future.cancelled() else future.exception()
        if fault is not None:
            # What gunicorn cannot read it answers with 400, what we did wrong with 500.
            self.handle_error(None, connection, connection.client, fault)
        outcome = False if future.cancelled() or fault is not None else future.result()
        if isinstance(outcome, Later):
            connection.waited = outcome.future
            outcome.future.add_done_callback(lambda _: self.method_queue.defer(self._start, connection))
            return
        connection.waited = None
        connection.request = b""
        if connection.stage is Stage.CLOSED:
            self._drop(connection)
            return
        connection.answered += 1
        connection.closing = connection.closing or not outcome
        self._send(connection)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close what has waited too long; all that waits for its client where the worker ends."""
        now = time.monotonic()
        if not force and now - self._swept < SWEEP:
            return
        self._swept = now
        for connection in list(self._connections):
            if connection.stage is Stage.CLOSED:
                # A thread closed it, which goes on with it: `finish_request` drops it.
                continue
            if connection.stage is not Stage.WORKING and (force or connection.deadline < now):
                self._expire(connection)

    def murder_pending(self) -> None:
        """Do nothing: `murder_keepalived` looks at all connections."""

    def _cap_keepalive(self, deadline: float) -> None:
        for connection in self._connections:
            if connection.stage is Stage.READING:
                connection.deadline = min(connection.deadline, deadline)

    def _readable(self, connection: Connection) -> None:
        try:
            open_still = connection.receive()
        except OSError:
            self._drop(connection)
            return
        if not open_still:
            self._drop(connection)
        elif connection.stage is Stage.READING:
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        in_body = connection.in_body
        begun = connection.begun
        try:
            complete = connection.take_request()
        except Refused as fault:
            with suppress(OSError):
                connection.refuse(fault)
            self._send(connection)
            return
        if complete:
            self._forget(connection)
            connection.stage = Stage.WORKING
            self._start(connection)
        elif connection.in_body and not in_body:
            connection.deadline = time.monotonic() + BODY
        elif begun and connection.answered and connection.deadline > connection.since + HEAD:
            # A further request has begun on a line that was kept open: from here on it has the time of any other.
            connection.since = time.monotonic()
            connection.deadline = connection.since + HEAD

    def _start(self, connection: Connection) -> None:
        if connection.stage is Stage.CLOSED:
            self._drop(connection)
            return
        future = self.tpool.submit(connection.address, self.handle, connection)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, connection, done))

    def _send(self, connection: Connection) -> None:
        """Send what is left of an answer, then read the next request or close."""
        try:
            if connection.outbox and connection.send_rest():
                connection.deadline = time.monotonic() + STALLED
        except OSError:
            self._drop(connection)
            return
        if connection.outbox:
            if connection.stage is not Stage.SENDING:
                connection.stage = Stage.SENDING
                connection.deadline = time.monotonic() + STALLED
                self._watch(connection, selectors.EVENT_WRITE, self._send)
            return
        if connection.closing:
            self._linger(connection)
            return
        connection.stage = Stage.READING
        connection.since = time.monotonic()
        connection.deadline = connection.since + self.cfg.keepalive if self.alive else connection.since + LINGER
        self._watch(connection, selectors.EVENT_READ, self._readable)
        self._read(connection)

    def _drain(self, connection: Connection) -> None:
        """Send while a thread still makes the answer."""
        if connection.stage is not Stage.WORKING:
            return
        try:
            connection.send_rest()
        except OSError:
            self._forget(connection)
            connection.close()
            return
        if connection.outbox:
            self._watch(connection, selectors.EVENT_WRITE, self._drain)
        else:
            self._forget(connection)

    def _linger(self, connection: Connection) -> None:
        """Close our side and read what is still under way, so that the client gets its answer whole (RFC 9112, section 9.6)."""
        try:
            connection.line.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(connection)
            return
        connection.stage = Stage.LINGERING
        connection.deadline = time.monotonic() + LINGER
        self._watch(connection, selectors.EVENT_READ, self._discard)

    def _discard(self, connection: Connection) -> None:
        try:
            content = connection.line.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            content = b""
        if not content:
            self._drop(connection)

    def _watch(self, connection: Connection, event: int, call: Any) -> None:
        def happened(_: Any) -> None:
            call(connection)

        try:
            self.poller.modify(connection.line, event, happened)
        except KeyError:
            self.poller.register(connection.line, event, happened)

    def _expire(self, connection: Connection) -> None:
        if connection.stage is Stage.READING and connection.begun:
            connection.closing = True
            with suppress(OSError):
                connection.refuse(Refused("408 Request Timeout", "The request did not arrive in time; send it again."))
            with suppress(OSError):
                connection.line.shutdown(socket.SHUT_WR)
        self._drop(connection)

    def _make_room(self, address: str | None) -> None:
        """Close the connection of an address that has waited longest, or of the address with most where None is named."""
        if address is None:
            address = max(self._of_address, key=lambda one: self._of_address[one], default="")
        order = {Stage.LINGERING: 0, Stage.READING: 1, Stage.SENDING: 2}
        waiting = [one for one in self._connections if one.address == address and one.stage in order]
        if waiting:
            self._drop(min(waiting, key=lambda one: (order[one.stage], one.since)))

    def _drop(self, connection: Connection) -> None:
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        self._of_address[connection.address] -= 1
        if not self._of_address[connection.address]:
            del self._of_address[connection.address]
        self.nr_conns -= 1
        self._forget(connection)
        connection.close()

    def _forget(self, connection: Connection) -> None:
        with suppress(KeyError, ValueError):
            self.poller.unregister(connection.line)
