"""How many whole callbacks the screens answer, beside the emptiest POST on the same server in the same run."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from etl.bench.clients import LOCAL, Load, drive
from etl.bench.harmonise import generate
from etl.browser import free_port
from etl.editions import current
from etl.errors import SourceError
from etl.report import Listing, Report
from etl.serve import QUIET, running, wait_until_ready

ROOT = Path(__file__).parent.parent.parent
STATES, WORKERS, CLIENTS, ROUNDS = 2_000, 2, 50, 3
NEW = 20_000  # states held ready of which each is asked for once
CALLBACK = "/_dash-update-component"
PAGES = ("/", "/country", "/victims", "/routes", "/justice", "/smuggling", "/compare", "/quality", "/methods")
OUTPUTS = [{"id": "said", "property": "children"}, {"id": "page", "property": "children"}]
Progress = Callable[[str], None]


def measure(rows: int, most: int, seconds: float, progress: Progress) -> Report:
    """Build an edition of `rows` and one of `most` invented case rows, and let clients change filters at random over each.

    Facts: `share_of_noop` (callbacks a second over empty POSTs a second: 50 clients over 2000 states, the middle of three
    rounds), `share_of_noop_new` (states of which each is asked for once, so that no kept answer helps), `p95_ms_1`,
    `p95_ms_50`, `p95_ratio_noop`, `per_second_50`, `failed`, `ratio_10m_100k` (time of a callback on the large edition to
    that on the small one), `worker_mb` (the largest unique set size), `ready_seconds`. All but the ratio, the failures and
    the memory are of the smaller edition.
    """
    found: list[tuple[int, dict[str, float]]] = []
    for number in dict.fromkeys((rows, most)):
        progress(f"an edition of {number:,} invented case rows")
        with tempfile.TemporaryDirectory(prefix="pembe-bench-") as folder:
            data = _edition(Path(folder), number)
            found.append((number, _served(data, seconds, progress)))
    first, last = found[0][1], found[-1][1]
    facts: dict[str, object] = {name: round(value, 3) for name, value in first.items()}
    facts["ratio_10m_100k"] = round(first["per_second_50"] / last["per_second_50"], 3)
    facts["failed"] = int(sum(each["failed"] for _, each in found))
    facts["worker_mb"] = round(max(each["worker_mb"] for _, each in found), 1)
    sentence = (
        f"{first['per_second_50']:.0f} whole callbacks a second with {CLIENTS} clients, {first['share_of_noop']:.2f} of the rate "
        f"of empty POSTs; {facts['failed']} failed"
    )
    rows_told: list[tuple[object, ...]] = [(number, *(round(value, 3) for value in each.values())) for number, each in found]
    listing = Listing("by size of the edition", ("rows", *first), rows_told)
    return Report(facts, [sentence], [listing])


def _edition(folder: Path, rows: int) -> Path:
    file = folder / "received" / "courts" / "cases.csv"
    file.parent.mkdir(parents=True)
    generate(file, rows)
    data = folder / "data"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    built = subprocess.run(
        [sys.executable, "-m", "etl.bench.run", str(file), str(data)], capture_output=True, encoding="utf-8", env=environment
    )
    if built.returncode != 0:
        raise SourceError(f"bench: the edition could not be built: {built.stderr.strip().splitlines()[-1:]}")
    file.unlink()
    return data


def _served(data: Path, seconds: float, progress: Progress) -> dict[str, float]:
    asked = states(data, STATES + NEW)
    port = free_port()
    # All clients of this machine are one address, which the limits of rate would stop.
    os.environ["PEMBE_API_RATE"] = "0"
    started = time.monotonic()
    with running(data, LOCAL, port, WORKERS, *QUIET) as process:
        wait_until_ready(process, LOCAL, port)
        ready = time.monotonic() - started
        empty = request_of("/health", b"{}", port)
        bodies = [request_of(CALLBACK, body, port) for body in asked]
        new, usual, chance = iter(bodies), bodies[:STATES], random.Random(8050)
        drive(port, 4, 1, lambda: empty)
        progress("states that nobody asked for before")
        first = drive(port, CLIENTS, seconds, lambda: next(new))
        progress(f"{STATES:,} states at random, in turn with empty answers")
        rounds: list[tuple[Load, Load]] = []
        for _ in range(ROUNDS):
            noop = drive(port, CLIENTS, seconds, lambda: empty)
            rounds.append((noop, drive(port, CLIENTS, seconds, lambda: chance.choice(usual))))
        progress("one client")
        noop_1 = drive(port, 1, seconds / 4, lambda: empty)
        ours_1 = drive(port, 1, seconds / 4, lambda: chance.choice(usual))
        memory = max(_unique_mb(pid) for pid in _children(process.pid))
    noop, ours = sorted(rounds, key=lambda pair: pair[1].per_second / pair[0].per_second)[ROUNDS // 2]
    return {
        "share_of_noop": ours.per_second / noop.per_second,
        "share_of_noop_new": first.per_second / noop.per_second,
        "per_second_50": ours.per_second,
        "noop_per_second_50": noop.per_second,
        "p95_ms_1": ours_1.quantile(95),
        "p95_ms_50": ours.quantile(95),
        "p95_ms_50_new": first.quantile(95),
        "noop_p95_ms_1": noop_1.quantile(95),
        "p95_ratio_noop": ours.quantile(95) / noop.quantile(95),
        "failed": sum(pair[1].failed for pair in rounds) + ours_1.failed + first.failed,
        "kb_an_answer": ours.received / ours.answers / 1000,
        "ready_seconds": ready,
        "worker_mb": memory,
    }


def states(data: Path, number: int) -> list[bytes]:
    """Give so many different bodies of callbacks, drawn over every page and every choice that an edition offers."""
    with duckdb.connect(str(current(data).public), read_only=True) as connection:

        def codes(query: str) -> list[str]:
            return [str(row[0]) for row in connection.execute(query).fetchall()]

        offered = {
            "country": codes("SELECT DISTINCT ref_area::VARCHAR FROM observation ORDER BY ALL"),
            "indicator": codes("SELECT DISTINCT indicator FROM observation ORDER BY ALL"),
            "sex": codes("SELECT DISTINCT sex::VARCHAR FROM observation WHERE sex IN ('F', 'M', '_U') ORDER BY ALL"),
            "citizenship": codes("SELECT DISTINCT citizenship FROM observation WHERE citizenship <> '_T' ORDER BY ALL LIMIT 30"),
            "kind": codes("SELECT DISTINCT source_type::VARCHAR FROM observation ORDER BY ALL"),
            "lang": ["en", "fr", "ar", "sw"],
        }
    chance = random.Random(2026)
    pages = [page for page in PAGES if page != "/country"] + [f"/country/{code}" for code in offered["country"]]
    found: dict[bytes, None] = {}
    while len(found) < number:
        chosen = [(name, chance.choice(values)) for name, values in offered.items() if values and chance.random() < 0.4]
        first = chance.randint(2003, 2024)
        years = [("from", str(first)), ("to", str(chance.randint(first, 2025)))] if chance.random() < 0.7 else []
        found[body_of(chance.choice(pages), "?" + urlencode([*chosen, *years]))] = None
    return list(found)


def body_of(path: str, query: str) -> bytes:
    """Write the body that the browser sends when the address changes to this page and query."""
    inputs = [{"id": "address", "property": name, "value": value} for name, value in (("pathname", path), ("search", query))]
    changed = ["address.search"]
    body = {"output": "..said.children...page.children..", "outputs": OUTPUTS, "inputs": inputs}
    return json.dumps({**body, "changedPropIds": changed, "parsedChangedPropsIds": changed}).encode()


def request_of(path: str, body: bytes, port: int) -> bytes:
    """Write a whole POST as a browser sends it, which reads brotli."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {LOCAL}:{port}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        f"Accept-Encoding: gzip, deflate, br\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _unique_mb(pid: int) -> float:
    """Give the memory in megabytes that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024 / 1e6
