"""Start the web process with the flags that it is tested with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def arguments(host: str = "127.0.0.1", port: int = 8050) -> list[str]:
    """Give the command that serves the dashboard: two preloaded workers of four threads, and no control socket."""
    flags = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "dashboard.app:server", *flags, "--bind", f"{host}:{port}"]


def serve(data: Path, host: str = "127.0.0.1", port: int = 8050) -> int:
    """Serve the current edition of a data folder until interrupted; give the exit code."""
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PEMBE_DATA": str(data.resolve())}
    return subprocess.run(arguments(host, port), cwd=root, env=environment, check=False).returncode
