"""What exports cost beside DuckDB's bare COPY of the same figures: alternating, each a whole process, and once over HTTP."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from etl.bench.whole import MEGABYTE, ratio, whole
from etl.editions import current
from etl.errors import SourceError
from etl.report import Listing, Report
from etl.serve import ROOT, running

HOST = "127.0.0.1"
# A sheet holds no more; the goal is stated for a million.
SHEET = 1_000_000
PATIENCE = 60.0
CHUNK = 1 << 20
FORMS = ("csv", "parquet")


@dataclass(frozen=True)
class Run:
    """One whole export or copy: wall and processor seconds, peak resident megabytes; first: seconds to the first byte."""

    wall: float
    cpu: float
    peak_mb: float
    first: float | None = None


def measure(rows: int, rounds: int, progress: Callable[[str], None]) -> Report:
    """Run bare copies and exports in turn, `rounds` times, on one generated edition that is removed after.

    Facts: for csv, parquet and xlsx the `_ratio` (wall, ours to the bare copy; of xlsx to the bare copy to CSV),
    `_cpu_ratio` and `_peak_mb`; for http `_ratio`, `_first_byte` in seconds and `_peak_mb` of the worker (None where the
    system does not tell). xlsx has `xlsx_rows`, at most a million. Ratios are medians of the ratios of each round.
    """
    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory(prefix="pembe-bench-") as folder:
        data = Path(folder)
        progress("building an edition of the samples")
        _python("etl.cli", "build", "--samples", "--data", folder)
        small = min(rows, SHEET)
        progress(f"giving it {small:,} figures")
        _python("etl.bench.figures", folder, str(small))
        for number in range(1, rounds + 1):
            _round(runs, data, ("xlsx",) if rows > small else (*FORMS, "xlsx"), small, f"round {number} of {rounds}", progress)
        if rows > small:
            progress(f"giving it {rows:,} figures")
            _python("etl.bench.figures", folder, str(rows))
            for number in range(1, rounds + 1):
                _round(runs, data, FORMS, rows, f"round {number} of {rounds}", progress)
        runs["http"] = _over_http(data, rounds, rows, progress)
    return _report(rows, small, runs)


def _round(
    runs: dict[str, list[Run]], data: Path, forms: tuple[str, ...], rows: int, told: str, progress: Callable[[str], None]
) -> None:
    for form in forms:
        floor = "csv" if form == "xlsx" else form
        for name, module, target in (
            (f"copy for {form}", "etl.bench.copy", data / f"floor.{floor}"),
            (form, "etl.cli", data / f"ours.{form}"),
        ):
            store = current(data).folder / "public.duckdb"
            words = [str(store), str(target), floor]
            if module == "etl.cli":
                words = ["export", form, "--output", str(target), "--data", str(data)]
            run = _python(module, *words)
            progress(f"{told}: {name} {run.wall:.2f} s")
            runs.setdefault(name, []).append(run)
        _compare(form, data / f"ours.{form}", rows)
        for path in data.glob(f"*.{form}"):
            path.unlink()


def _python(module: str, *words: str) -> Run:
    """Run a module to its end; SourceError with its last words where it fails."""
    with tempfile.TemporaryFile() as said:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        wall, cpu, peak, code = whole([sys.executable, "-m", module, *words], environment, said.fileno())
        if code != 0:
            said.seek(0)
            told = said.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise SourceError(f"bench: {module} ended with code {code}: {told[-1]}")
    return Run(wall, cpu, peak)


def _compare(form: str, path: Path, rows: int) -> None:
    """Refuse a file that does not hold as many figures as the edition; a sheet is counted by the command itself.

    Another process counts: one that starts others lends them its own peak of memory.
    """
    if form == "xlsx":
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(_count, form, path).result()
    if found != rows:
        raise SourceError(f"bench: the {form} holds {found} figures where {rows} are right; a time for a wrong file says nothing")


def _count(form: str, path: Path) -> int:
    import duckdb

    quoted = str(path).replace("'", "''")
    how = "all_varchar = true, comment = '#', header = true, delim = ',', quote = '\"'"
    reader = f"read_parquet('{quoted}')" if form == "parquet" else f"read_csv('{quoted}', {how})"
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(*) FROM {reader}").fetchone()
    assert found is not None
    return int(found[0])


def _over_http(data: Path, rounds: int, rows: int, progress: Callable[[str], None]) -> list[Run]:
    """Ask the real web process for the CSV, beside nothing else; the worker's peak is that of its whole life."""
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        port = asking.getsockname()[1]
    found: list[Run] = []
    with running(data, HOST, port, 1, "--log-level", "warning") as process:
        _wait_until_up(process, port)
        for number in range(1, rounds + 1):
            start, first, size = time.perf_counter(), None, 0
            with urllib.request.urlopen(f"http://{HOST}:{port}/download/csv?indicators=all", timeout=600) as answer:
                while chunk := answer.read1(CHUNK):
                    first = time.perf_counter() - start if first is None else first
                    size += len(chunk)
            wall = time.perf_counter() - start
            progress(f"round {number} of {rounds}: csv over HTTP, first after {first:.3f} s, all after {wall:.2f} s")
            found.append(Run(wall, 0.0, _peak(process.pid), first))
    return found


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SourceError("bench: the web process did not come up; the lines above say why")


def _peak(process: int) -> float:
    """Give the highest resident memory of the children of a process, in megabytes, as Linux tells it; 0 elsewhere."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    if not listed.is_file():
        return 0.0
    peaks = [
        int(line.split()[1]) * 1024 / MEGABYTE
        for child in listed.read_text().split()
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max(peaks, default=0.0)


def _report(rows: int, sheet: int, runs: dict[str, list[Run]]) -> Report:
    facts: dict[str, object] = {"rows": rows, "xlsx_rows": sheet}
    for form in (*FORMS, "xlsx"):
        ours, floor = runs[form], runs[f"copy for {form}"]
        facts[f"{form}_ratio"] = ratio([run.wall for run in ours], [run.wall for run in floor])
        facts[f"{form}_cpu_ratio"] = ratio([run.cpu for run in ours], [run.cpu for run in floor])
        facts[f"{form}_peak_mb"] = round(max(run.peak_mb for run in ours), 1)
        facts[f"{form}_seconds"] = round(statistics.median(run.wall for run in ours), 3)
    http = runs["http"]
    peak = max(run.peak_mb for run in http)
    facts["http_ratio"] = ratio([run.wall for run in http], [run.wall for run in runs["copy for csv"]])
    facts["http_first_byte"] = round(statistics.median(run.first for run in http if run.first is not None), 3)
    facts["http_peak_mb"] = round(peak, 1) if peak else None
    lines: list[tuple[object, ...]] = [
        (name, *(f"{statistics.median(values):.2f}" for values in ([run.wall for run in held], [run.cpu for run in held])),
         f"{max(run.peak_mb for run in held):.0f}")
        for name, held in runs.items()
    ]  # fmt: skip
    sentence = f"{rows:,} figures, {len(http)} rounds; times are medians, ratios are medians of the ratios of each round"
    return Report(facts, [sentence], [Listing("whole processes", ("process", "wall s", "cpu s", "peak MB"), lines)])
