"""A process with the program already loaded, which runs each command of `pembe` in a fork of its own and may kill it."""

from __future__ import annotations

import datetime
import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# A command that takes longer than this hangs.
LONGEST = 60.0
STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: the signal), what it wrote, how long it took, its peak memory."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Asked:
    """A command, and what befalls it: SIGKILL after so many seconds or at a step of publishing, files that may not grow."""

    words: list[str]
    folder: str
    kill_after: float | None = None
    die_at: int | None = None
    most_bytes: int | None = None


class Warm:
    """Run commands in forks of one process, so that each starts at once."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
        )

    def run(self, *words: str, **befalls: Any) -> Ended:
        """Run `pembe` with these words and wait for its end; see `Asked` for what may befall it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        asked = Asked(list(words), str(self._folder), **befalls)
        self._process.stdin.write(json.dumps(asdict(asked)) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        out, err = ((self._folder / name).read_text("utf-8") for name in ("out", "err"))
        return Ended(told["code"], out, err, told["seconds"], told["peak_mb"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def serve() -> None:
    """Load the program and its lists, then answer one line a command until there are no more."""
    _load()
    for line in sys.stdin:
        print(json.dumps(_run(Asked(**json.loads(line)))), flush=True)


def _load() -> None:
    """Import all that a build imports, and read the lists that it reads: a fork finds both done."""
    import pandas
    import pandera.pandas
    import pyarrow.dataset
    import rich.progress
    from small import DECLARATION

    import etl.cli
    import etl.gather
    import etl.inspect
    import etl.pipeline
    import etl.progress
    from etl.plan import plan_source
    from etl.source import parse_source
    from schemas.contracts import contract
    from schemas.indicators import computations, indicators
    from schemas.protection import odds
    from schemas.tables import enum_ddl, tables

    assert etl.cli and etl.gather and etl.inspect and etl.pipeline and etl.progress and pyarrow.dataset and rich.progress
    pandera.pandas.DataFrameSchema({}).validate(pandas.DataFrame())
    for found in tables():
        contract(found.name)
    for column in plan_source(parse_source(DECLARATION, "ken_warm"), datetime.date(2026, 1, 31)).columns:
        column.read("2021-02-03")
    odds("public"), indicators(), computations(), enum_ddl()


def _run(asked: Asked) -> dict[str, float]:
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_command(asked)
    latest = LONGEST if asked.kill_after is None else asked.kill_after
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        left = latest - (time.monotonic() - start)
        if ended == 0 and left > 0:
            time.sleep(min(left, 0.002))
            continue
        if ended == 0:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
        break
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "seconds": time.monotonic() - start, "peak_mb": usage.ru_maxrss / 1024}


def _be_the_command(asked: Asked) -> None:
    """Become the command; never return."""
    import etl.cli

    for descriptor, name in ((1, "out"), (2, "err")):
        file = os.open(f"{asked.folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, descriptor)
    if asked.most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.most_bytes, asked.most_bytes))
    if asked.die_at is not None:
        _die_at(asked.die_at)
    sys.argv = ["pembe", *asked.words]
    code = 70
    try:
        etl.cli.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        kind, fault, trace = sys.exc_info()
        if kind is not None and fault is not None:  # told as the interpreter would tell it
            sys.excepthook(kind, fault, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_at(number: int) -> None:
    """Kill this process just before the numbered step on files, counted from the rename of the finished edition."""
    steps: list[str] = []

    def _step(event: str, details: tuple[object, ...]) -> None:
        if event not in STEPS or not (steps or (event == "os.rename" and ".building-" in str(details[0]))):
            return
        steps.append(event)
        if len(steps) > number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(_step)


if __name__ == "__main__":
    serve()
