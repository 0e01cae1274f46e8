"""How long a program waits for a page of figures while others ask too, beside a route that does nothing."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from etl.bench.clients import LOCAL, Load, drive
from etl.browser import free_port
from etl.editions import current
from etl.errors import SourceError
from etl.report import Listing, Report
from etl.serve import QUIET, ROOT, running, wait_until_ready

WORKERS = 2
PAGE = 1_000
CHOICES = 200
NOTHING = "/health"


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
            port = free_port()
            # All clients of this machine are one address, which the limit of rate would stop.
            os.environ["PEMBE_API_RATE"] = "0"
            with running(data, LOCAL, port, WORKERS, *QUIET) as process:
                # The first screen takes all figures into memory, which a program does not wait for.
                wait_until_ready(process, LOCAL, port, NOTHING)
                _check(port, paths[0])
                _asked(port, clients, seconds / 4, paths)
                nothing = _asked(port, clients, seconds, [NOTHING])
                page = _asked(port, clients, seconds, paths)
            facts |= {
                f"{prefix}figures": number,
                f"{prefix}p50_ms": round(page.quantile(50), 1),
                f"{prefix}p95_ms": round(page.quantile(95), 1),
                f"{prefix}per_second": round(page.per_second, 1),
                f"{prefix}nothing_p50_ms": round(nothing.quantile(50), 1),
                f"{prefix}nothing_p95_ms": round(nothing.quantile(95), 1),
                f"{prefix}ratio": round(page.quantile(50) / nothing.quantile(50), 2),
            }
            lines += [
                (f"{number:,}", name, *(round(value, 1) for value in (run.quantile(50), run.quantile(95), run.per_second)))
                for name, run in ((NOTHING, nothing), ("page", page))
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


def _check(port: int, path: str) -> None:
    """Refuse to time a page that does not hold what it should."""
    connection = http.client.HTTPConnection(LOCAL, port, timeout=60)
    connection.request("GET", path)
    page = json.loads(connection.getresponse().read())
    connection.close()
    if page["figures"] != PAGE or len(page["observations"]) != PAGE:
        raise SourceError(f"bench: {path} gave {page['figures']} figures where {PAGE} are right; a time for that says nothing")


def _asked(port: int, clients: int, seconds: float, paths: list[str]) -> Load:
    """Let clients ask for addresses at random; SourceError where one was not answered with what it asked for."""
    chance = random.Random(8050)
    asked = [f"GET {path} HTTP/1.1\r\nHost: {LOCAL}:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode() for path in paths]
    load = drive(port, clients, seconds, lambda: chance.choice(asked))
    if load.failed:
        raise SourceError(f"bench: {load.failed} requests got no page; a time for that says nothing")
    return load


def _python(module: str, *words: str) -> None:
    """Run a module to its end; SourceError with its last words where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-m", module, *words], env=environment, capture_output=True, encoding="utf-8")
    if run.returncode != 0:
        raise SourceError(f"bench: {module} ended with code {run.returncode}: {run.stderr.strip().splitlines()[-1:]}")
