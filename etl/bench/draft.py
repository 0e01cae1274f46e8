"""How long `pembe draft` takes for a register of 40 columns, and how much memory: each round a whole process."""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from etl.bench.harmonise import ROOT
from etl.bench.whole import whole
from etl.errors import SourceError
from etl.report import Report

CHUNK = 100_000
YEAR = datetime.date(2021, 1, 1)
# All invented. What stands in a column: words, a number below a limit, or a form in which {n} is the row.
COLUMNS: dict[str, list[str] | int | str] = {
    "S/No": "{n}",
    "OB No.": "OB {n}/2021",
    "Date of rescue": "date",
    "County": ["Nairobi", "Mombasa", "Kajiado", "Busia", "Turkana", "Kwale"],
    "Name": "Invented Person {n}",
    "Phone": "+254 7{n:08d}",
    "ID No.": "INV-{n:07d}",
    "Age": 70,
    "Sex": ["F", "M", "Female", "Male", "girl", "boy"],
    "Nationality": ["Kenyan", "Ugandan", "Ethiopian", "Somali", "Burundian", "Tanzanian"],
    "Form of exploitation": ["Forced labour", "Domestic servitude", "Begging", "Sexual exploitation", "Forced marriage"],
    "Recruited from": ["Kenya", "Uganda", "Ethiopia", "Somalia"],
    "Destination": ["Kenya", "Saudi Arabia", "UAE", "Oman", "Qatar"],
    "Scope": ["Internal", "Cross-border"],
    "Means of control": ["Threats", "Debt bondage", "Withholding of documents"],
    "Recruiter": ["Relative", "Friend", "Agency", "Stranger"],
    "Status": ["Presumed", "Confirmed"],
    "Referred": ["Yes", "No"],
    "Services": ["Shelter", "Medical", "Shelter; Medical", "Legal aid"],
    "Number of suspects": 6,
    "Date of court": "date",
    "Education": ["Primary", "Secondary", "None"],
    "Marital status": ["Single", "Married"],
    "Transport": ["Bus", "Car", "Air", "On foot"],
    "Remarks": "The person number {n} was brought to the station by a neighbour in the evening",
    **{f"Box {number}": ["Yes", "No", ""] for number in range(1, 10)},
    **{f"Count {number}": 500 for number in range(1, 7)},
}


def measure(rows: int, rounds: int, progress: Callable[[str], None]) -> Report:
    """Draft one generated file `rounds` times. Facts: rows, columns, megabytes, seconds and cpu_seconds (medians), peak_mb."""
    if rows < 1 or rounds < 1:
        raise SourceError("a benchmark needs at least one row and one round")
    runs: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory(prefix="pembe-bench-") as folder:
        file = Path(folder) / "register.csv"
        progress(f"writing {rows:,} invented rows")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(write_register, file, rows).result()
        for number in range(1, rounds + 1):
            command = [sys.executable, "-m", "etl.cli", "draft", str(file), "--country", "KEN", "--force", "--to", folder]
            with tempfile.TemporaryFile() as said:
                wall, cpu, peak, code = whole(command, {**os.environ, "PYTHONPATH": str(ROOT)}, said.fileno())
                if code != 0:
                    said.seek(0)
                    raise SourceError(f"bench: the draft ended with code {code}: {said.read().decode(errors='replace')[-300:]}")
            progress(f"round {number} of {rounds}: {wall:.2f} s, {peak:.0f} MB")
            runs.append((wall, cpu, peak))
        size = file.stat().st_size / 1e6
    facts: dict[str, object] = {
        "rows": rows,
        "columns": len(COLUMNS),
        "megabytes": round(size, 1),
        "seconds": round(statistics.median(run[0] for run in runs), 2),
        "cpu_seconds": round(statistics.median(run[1] for run in runs), 2),
        "peak_mb": round(max(run[2] for run in runs)),
    }
    return Report(facts)


def write_register(file: Path, rows: int) -> None:
    """Write the generated register, always the same for the same number of rows."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    dice = np.random.default_rng(7)
    names = pa.schema([(name, pa.string()) for name in COLUMNS])
    days = [(YEAR + datetime.timedelta(day)).strftime("%d/%m/%Y") for day in range(365)]
    with csv.CSVWriter(str(file), names) as writer:
        for first in range(0, rows, CHUNK):
            size = min(CHUNK, rows - first)
            cells = [_cells(kind, first, size, dice, days) for kind in COLUMNS.values()]
            writer.write_batch(pa.record_batch([pa.array(column, pa.string()) for column in cells], schema=names))


def _cells(kind: list[str] | int | str, first: int, size: int, dice: object, days: list[str]) -> list[str]:
    import numpy as np

    assert isinstance(dice, np.random.Generator)
    if kind == "date":
        return [days[place] for place in dice.integers(0, len(days), size)]
    if isinstance(kind, str):
        return [kind.format(n=number) for number in range(first + 1, first + size + 1)]
    if isinstance(kind, int):
        return [str(number) for number in dice.integers(0, kind, size)]
    return [kind[place] for place in dice.integers(0, len(kind), size)]
