"""A smaller plotly.js, made at set-up from pinned packages where npm is there, and served where it is of the right version.

`python -m dashboard.bundle` makes it. Where it is not there, the whole plotly.js of the plotly package serves instead.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, request

PARTS = Path(__file__).with_name("plotly")
HELD = Path(sys.prefix) / "plotly"
ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
VERSION = re.compile(rb"plotly\.js v(\d+\.\d+\.\d+)")
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--loglevel=error")
ESBUILD = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=Plotly",
    "--target=es2016",
    "--define:global=window",
    "--define:define.amd=false",
    "--loader:.css=empty",
    "--alias:stream=stream-browserify",
    "--log-level=error",
)


class BundleError(Exception):
    """Say why the smaller plotly.js could not be made."""


@cache
def needed_version() -> str:
    """Give the version of plotly.js that the plotly package brings, as the first lines of its own file say."""
    with (files("plotly") / "package_data" / "plotly.min.js").open("rb") as script:
        found = VERSION.search(script.read(400))
    if found is None:
        raise BundleError("the plotly package holds no plotly.js that names its version; install the lock again")
    return found.group(1).decode()


def bundle_path() -> Path:
    """Give where the bundle is or will be: its name holds the version and the hash of all that goes into it."""
    parts = hashlib.sha256(b"".join((PARTS / name).read_bytes() for name in ("entry.js", "package-lock.json"))).hexdigest()
    return HELD / f"plotly-{needed_version()}-{parts[:12]}.min.js"


@contextmanager
def installed(parts: Path) -> Iterator[Path]:
    """Give a folder aside with the pinned packages that a folder of ours names; raises BundleError with the reason."""
    npm = shutil.which("npm")
    if npm is None:
        raise BundleError("there is no npm on this machine")
    with tempfile.TemporaryDirectory(prefix="pembe-packages-") as name:
        folder = Path(name)
        for part in parts.iterdir():
            shutil.copy(part, folder)
        _succeed([npm, *NPM], folder)
        yield folder


def make_bundle() -> Path:
    """Make the bundle where it is not there yet, with npm and esbuild in a folder aside; raises BundleError with the reason."""
    path = bundle_path()
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with installed(PARTS) as folder:
        esbuild = folder / "node_modules" / "esbuild" / "bin" / "esbuild"
        made = folder / "plotly.min.js"
        _succeed(["node", str(esbuild), "entry.js", *ESBUILD, f"--outfile={made}"], folder)
        script = made.read_bytes()
        if f'"{needed_version()}"'.encode() not in script:
            raise BundleError(f"the bundle is not of plotly.js {needed_version()}; renew dashboard/plotly/package-lock.json")
        aside = path.with_suffix(".part")
        aside.write_bytes(f"/* plotly.js v{needed_version()}, MIT licence, (c) Plotly, Inc. */\n".encode() + script)
        aside.replace(path)
    return path


def add_bundle(server: Flask) -> None:
    """Serve the bundle in place of the whole plotly.js, if it was made."""
    path = bundle_path()
    if not path.is_file():
        return
    script = path.read_bytes()

    @server.before_request
    def bundle() -> Response | None:
        if request.path != ADDRESS:
            return None
        answer = Response(script, mimetype="application/javascript")
        answer.set_etag(path.stem)
        answer.make_conditional(request)
        return answer


def _succeed(command: list[str], folder: Path) -> None:
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=600)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise BundleError(f"{Path(command[0]).name} could not be run") from fault
    if run.returncode != 0:
        said = (run.stderr or run.stdout).strip().splitlines()
        raise BundleError(f"{Path(command[0]).name} failed: {said[0] if said else 'it gave no reason'}")


def main() -> None:
    """Make the bundle and say where it is; exit code 1 with the reason where it could not be made."""
    try:
        sys.stdout.write(f"{make_bundle()}\n")
    except BundleError as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
