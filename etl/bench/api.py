"""How long a program waits for a page of figures while others ask too, beside a route that does nothing."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from etl.editions import current
from etl.errors import SourceError
from etl.report import Listing, Report
from etl.serve import QUIET, ROOT, running, wait_until_ready

HOST = "127.0.0.1"
WORKERS = 2
PAGE = 1_000
CHOICES = 200
NOTHING = "/health"
HEADERS = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Run:
    """What clients in a closed loop met: the wait of each request in milliseconds, sorted, and how long they asked."""

    waits: list[float]
    seconds: float

    @property
    def p50(self) -> float:
        """Give the median wait."""
        return round(statistics.median(self.waits), 2)

    @property
    def p95(self) -> float:
        """Give the wait that one in twenty exceeds."""
        return round(statistics.quantiles(self.waits, n=20)[-1], 2)

    @property
    def per_second(self) -> float:
        """Give the answers a second."""
        return round(len(self.waits) / self.seconds, 1)


def measure(rows: int, clients: int, seconds: float, progress: Callable[[str], None]) -> Report:
    """Ask filtered pages of 1,000 figures of the samples, and of a generated edition of `rows` figures where that is not 0.

    Facts, for the samples and again with `large_` before: `p50_ms`, `p95_ms`, `per_second`; `nothing_p50_ms` and
    `nothing_p95_ms` of a route that does nothing, in the same run; `ratio` of the two medians.
    """
    facts: dict[str, object] = {"clients": clients, "workers": WORKERS, "page": PAGE}
    lines: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory(prefix="pembe-bench-") as folder:
        data = Path(folder)
        progress("building an edition of the samples")
        _python("etl.cli", "build", "--samples", "--data", folder)
        for prefix, figures in (("", 0), ("large_", rows))[: 2 if rows else 1]:
            if figures:
                progress(f"giving it {figures:,} figures")
                _python("etl.bench.figures", folder, str(figures))
            number, paths = _questions(data)
            progress(f"asking {number:,} figures: {clients} clients, {seconds:g} s each")
            with _served(data) as port:
                _check(port, paths[0])
                _loop(port, clients, seconds / 4, paths)
                nothing = _loop(port, clients, seconds, [NOTHING])
                page = _loop(port, clients, seconds, paths)
            facts |= {
                f"{prefix}figures": number,
                f"{prefix}p50_ms": page.p50,
                f"{prefix}p95_ms": page.p95,
                f"{prefix}per_second": page.per_second,
                f"{prefix}nothing_p50_ms": nothing.p50,
                f"{prefix}nothing_p95_ms": nothing.p95,
                f"{prefix}ratio": round(page.p50 / nothing.p50, 2),
            }
            lines += [
                (f"{number:,}", name, run.p50, run.p95, run.per_second) for name, run in ((NOTHING, nothing), ("page", page))
            ]
    sentence = f"{clients} clients in a closed loop, {WORKERS} workers, pages of {PAGE:,} figures in gzip, no limit of rate"
    return Report(facts, [sentence], [Listing("waits", ("figures", "route", "p50 ms", "p95 ms", "a second"), lines)])


def _questions(data: Path) -> tuple[int, list[str]]:
    """Choose filters that keep at least a page of figures, always the same; give the number of all figures and addresses."""
    edition = current(data)
    with duckdb.connect(str(edition.folder / "public.duckdb"), read_only=True) as connection:
        held = connection.execute("SELECT ref_area::VARCHAR, indicator, year(period_end), count(*) FROM observation GROUP BY ALL")
        counted = held.fetchall()
    countries, indicators = (sorted({row[place] for row in counted if len(row[0]) == 3}) for place in (0, 1))
    chance, paths = random.Random(2026), []
    for _ in range(100_000):
        some = chance.sample(countries, min(len(countries), chance.randint(1, 4)))
        few = chance.sample(indicators, min(len(indicators), 20)) if chance.random() < 0.3 else []
        first, last = chance.randint(2010, 2020), chance.randint(2021, 2026)
        kept = [row for row in counted if row[0] in some and first <= row[2] <= last and (not few or row[1] in few)]
        if sum(row[3] for row in kept) > PAGE:
            pairs = [*(("country", code) for code in some), ("from", first), ("to", last), *(("indicator", code) for code in few)]
            paths.append(f"/api/v1/editions/{edition.name}/observations?{urlencode(pairs)}")
        if len(paths) == CHOICES:
            return sum(row[3] for row in counted), paths
    raise SourceError(f"bench: the edition has too few figures for {CHOICES} choices of a page; build the samples again")


@contextmanager
def _served(data: Path) -> Iterator[int]:
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        port: int = asking.getsockname()[1]
    # All clients of this machine are one address, which the limit of rate would stop.
    os.environ["PEMBE_API_RATE"] = "0"
    with running(data, HOST, port, WORKERS, *QUIET) as process:
        wait_until_ready(process, HOST, port)
        yield port


def _check(port: int, path: str) -> None:
    """Refuse to time a page that does not hold what it should."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", path)
    page = json.loads(connection.getresponse().read())
    connection.close()
    if page["figures"] != PAGE or len(page["observations"]) != PAGE:
        raise SourceError(f"bench: {path} gave {page['figures']} figures where {PAGE} are right; a time for that says nothing")


def _loop(port: int, clients: int, seconds: float, paths: Sequence[str]) -> Run:
    waits: list[list[float]] = [[] for _ in range(clients)]
    faults: list[str] = []
    start = time.perf_counter()
    threads = []
    for number in range(clients):
        turned = number * len(paths) // clients
        order = [*paths[turned:], *paths[:turned]]
        threads.append(threading.Thread(target=_ask, args=(port, order, start + seconds, waits[number], faults)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SourceError(f"bench: {len(faults)} answers were no pages, the first of them: {faults[0]}")
    return Run(sorted(wait for held in waits for wait in held), time.perf_counter() - start)


def _ask(port: int, paths: Sequence[str], until: float, waits: list[float], faults: list[str]) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    for path in cycle(paths):
        start = time.perf_counter()
        if start > until:
            break
        try:
            connection.request("GET", path, headers=HEADERS)
            answer = connection.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError) as fault:
            faults.append(repr(fault))
            break
        if answer.status != 200:
            faults.append(f"{answer.status} for {path}")
            break
        waits.append((time.perf_counter() - start) * 1000)
    connection.close()


def _python(module: str, *words: str) -> None:
    """Run a module to its end; SourceError with its last words where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-m", module, *words], env=environment, capture_output=True, encoding="utf-8")
    if run.returncode != 0:
        raise SourceError(f"bench: {module} ended with code {run.returncode}: {run.stderr.strip().splitlines()[-1:]}")
