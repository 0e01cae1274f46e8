"""One whole harmonisation of one generated file, as the benchmark times it: file in, edition out."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from etl.bench.source import bench_source
from etl.leave import leave_after
from etl.pipeline import build


def main() -> None:
    """Build an edition below argv[2] from the file argv[1]."""
    file, data = Path(sys.argv[1]), Path(sys.argv[2])
    source = bench_source(file.name).model_copy(update={"folder": file.parent.name})
    build(data, [source], [file.parent.parent], datetime.date(2026, 1, 31))


if __name__ == "__main__":
    leave_after(main)
