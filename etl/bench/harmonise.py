"""How long one whole harmonisation takes, beside the floor and the same job in pandas: alternating, each a whole process."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from etl.bench.whole import MEGABYTE, ratio, whole
from etl.errors import SourceError
from etl.report import Listing, Report

ROOT = Path(__file__).parent.parent.parent
PEER_MOST = 1_000_000  # rows up to which pandas is run when nobody says: beyond, it wants more memory than most machines have
# The peer reads every cell, as pandas is written; the other maps each distinct value once, as Pembe does.
FLOOR, OURS, PEER, DISTINCT = "floor", "pembe", "pandas", "pandas, distinct values"
MODULES = {FLOOR: "etl.bench.floor", OURS: "etl.bench.run", PEER: "etl.bench.peer", DISTINCT: "etl.bench.peer"}
MORE = {DISTINCT: ["--distinct"]}


@dataclass(frozen=True)
class Run:
    """One whole process: wall and processor seconds, peak resident memory in megabytes, and what it left on disk.

    kept, refused: rows; None for the floor, which understands nothing. store_bytes: its DuckDB file.
    """

    wall: float
    cpu: float
    peak_mb: float
    store_bytes: int
    kept: int | None = None
    refused: int | None = None


def harmonise(rows: int, rounds: int = 3, memory: str | None = None, as_json: bool = False, peer: bool | None = None) -> None:
    """Measure and print the harmonisation of `rows` invented rows; with as_json, as one object on the last line.

    memory: DuckDB's limit in our own process, such as 500MB. peer: whether pandas runs too; if not given, up to a
    million rows. Errors: SourceError where a process fails or its counts are not those that the generator says.
    """
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    with_peer = rows <= PEER_MOST if peer is None else peer
    report = measure(rows, rounds, memory, with_peer, lambda step: console.print(f"· {step}"))
    if as_json:
        sys.stdout.write(json.dumps(report.facts) + "\n")
        return
    report.print()


def measure(rows: int, rounds: int, memory: str | None, peer: bool, progress: Callable[[str], None]) -> Report:
    """Run the floor, ours and, with `peer`, pandas in two ways in turn, `rounds` times, on one generated file.

    Facts: `rows`, `floor_ratio` and `cpu_ratio` (ours to the floor), `pandas_ratio` (pandas to ours; None if not run) and
    `pandas_distinct_ratio` (the same with each distinct value mapped once), all medians of the ratios of each round;
    `seconds`, `floor_seconds` (medians); `peak_mb` (the highest of ours); `refused`, `kept`; `store_ratio`,
    records.duckdb to the CSV in bytes.
    """
    if rows < 1 or rounds < 1:
        raise SourceError("a benchmark needs at least one row and one round")
    names = [FLOOR, OURS, *([PEER, DISTINCT] if peer else [])]
    runs: dict[str, list[Run]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory(prefix="pembe-bench-") as folder:
        file = Path(folder) / "received" / "courts" / "cases.csv"
        file.parent.mkdir(parents=True)
        progress(f"writing {rows:,} invented rows")
        expected = generate(file, rows)
        size = file.stat().st_size
        for number in range(1, rounds + 1):
            for name in names:
                run = _run(name, file, Path(folder), memory)
                progress(f"round {number} of {rounds}: {name} {run.wall:.2f} s")
                compare(name, run, rows, expected)
                runs[name].append(run)
    return _report(rows, expected, size, memory, runs)


def generate(file: Path, rows: int) -> int:
    """Write the file in a process of its own and give the rows to be refused.

    A process that starts others lends them its own peak of memory (Linux takes it over at exec), so this one stays small.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_generate, file, rows).result()


def _generate(file: Path, rows: int) -> int:
    from etl.bench.files import write_case_file

    return write_case_file(file, rows)


def _run(name: str, file: Path, folder: Path, memory: str | None) -> Run:
    """Run one process to its end and look at what it made, which is then removed."""
    with tempfile.TemporaryDirectory(dir=folder) as made, tempfile.TemporaryFile() as said:
        data = Path(made)
        store = data / "floor.duckdb" if name == FLOOR else data
        command = [sys.executable, "-m", MODULES[name], str(file), str(store), *MORE.get(name, [])]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        if memory is not None and name == OURS:
            environment["PEMBE_MEMORY"] = memory
        wall, cpu, peak, code = whole(command, environment, said.fileno())
        if code != 0:
            said.seek(0)
            told = said.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise SourceError(f"bench: {name} ended with code {code}: {told[-1]}")
        if name == FLOOR:
            return Run(wall, cpu, peak, store.stat().st_size)
        path = next(data.glob("editions/*/records.duckdb"))
        return Run(wall, cpu, peak, path.stat().st_size, *_counts(path))


def _counts(path: Path) -> tuple[int, int]:
    """Give the rows kept and refused, as the file itself says."""
    import duckdb

    query = "SELECT (SELECT count(*) FROM suspect), (SELECT count(DISTINCT source_row) FROM problem WHERE severity = 'E')"
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def compare(name: str, run: Run, rows: int, expected: int) -> None:
    """Refuse a run that did not keep and refuse as many rows as the generator says; `expected` are those to be refused."""
    if run.kept is not None and (run.kept, run.refused) != (rows - expected, expected):
        raise SourceError(
            f"bench: {name} kept {run.kept} rows and refused {run.refused} where {rows - expected} and {expected} are right; "
            "a time for a wrong result says nothing"
        )


def _report(rows: int, refused: int, size: int, memory: str | None, runs: dict[str, list[Run]]) -> Report:
    ours, floor = runs[OURS], runs[FLOOR]
    facts: dict[str, object] = {
        "rows": rows,
        "floor_ratio": ratio([run.wall for run in ours], [run.wall for run in floor]),
        "pandas_ratio": _times(runs.get(PEER), ours),
        "pandas_distinct_ratio": _times(runs.get(DISTINCT), ours),
        "cpu_ratio": ratio([run.cpu for run in ours], [run.cpu for run in floor]),
        "seconds": round(statistics.median(run.wall for run in ours), 3),
        "floor_seconds": round(statistics.median(run.wall for run in floor), 3),
        "peak_mb": round(max(run.peak_mb for run in ours), 1),
        "kept": rows - refused,
        "refused": refused,
        "store_ratio": round(ours[-1].store_bytes / size, 3),
    }
    limit = f", our memory limit {memory}" if memory is not None else ""
    sentence = (
        f"{rows:,} invented rows, {size / MEGABYTE:,.1f} MB of CSV, {len(ours)} rounds{limit}; "
        "times are medians, ratios are medians of the ratios of each round"
    )
    columns = ("process", "wall s", "cpu s", "peak MB", "store MB", "wall / floor")
    listing = Listing("whole processes", columns, [_line(name, runs[name], floor) for name in runs])
    return Report(facts, [sentence], [listing])


def _times(peer: list[Run] | None, ours: list[Run]) -> float | None:
    return ratio([run.wall for run in peer], [run.wall for run in ours]) if peer is not None else None


def _line(name: str, runs: list[Run], floor: list[Run]) -> tuple[object, ...]:
    wall, cpu = (statistics.median(values) for values in ([run.wall for run in runs], [run.cpu for run in runs]))
    times = ratio([run.wall for run in runs], [run.wall for run in floor])
    peak = max(run.peak_mb for run in runs)
    return name, f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}", f"{runs[-1].store_bytes / MEGABYTE:.1f}", f"{times:.2f}"
