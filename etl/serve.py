"""The screens started from the command line: the settings of the Procfile on an address of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.editions import current
from etl.errors import SourceError

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0  # seconds until the screens must answer
QUIET = ("--log-level", "warning")
SETTINGS, SERVER = ("--config", "python:dashboard.gunicorn_settings"), "dashboard.app:server"


def command(host: str, port: int, workers: int) -> list[str]:
    """Give the command that serves with the settings of the Procfile, and this Python, address and number of workers."""
    return [sys.executable, "-m", "gunicorn", *SETTINGS, "--workers", str(workers), "--bind", f"{host}:{port}", SERVER]


def serve(data: Path, host: str, port: int, workers: int) -> int:
    """Serve the current edition until interrupted; give the exit code. Errors: SourceError for no edition or a taken port."""
    with running(data, host, port, workers) as process:
        return process.wait()


@contextmanager
def running(data: Path, host: str, port: int, workers: int, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web process for as long as the block lasts; a signal that ends us ends it too."""
    current(data)
    refuse_taken_port(host, port)
    environment = {**os.environ, "PEMBE_DATA": str(data.resolve())}
    process = subprocess.Popen([*command(host, port, workers), *flags], cwd=ROOT, env=environment)
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield process
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
        process.terminate()
        process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], host: str, port: int, path: str = "/ready") -> None:
    """Wait until a path answers; SourceError where the process ends before, or does not answer in a minute."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SourceError(f"the screens could not be started (exit code {process.returncode}); the lines above say why")
        try:
            with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise SourceError(f"the screens did not answer within {PATIENCE:g} seconds; run `pembe verify`, then `pembe serve`")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise SourceError where this address is in use already, before anything is built for it."""
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asking.bind((host, port))
        except OSError as fault:
            raise SourceError(f"{host}:{port} cannot be used ({fault.strerror}); choose another with --port") from fault


def _leave(number: int, _: object) -> None:
    raise SystemExit(128 + number)
