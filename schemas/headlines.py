"""The headline indicators: the few by which a country is known first, in their order."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def headline_indicators() -> tuple[str, ...]:
    """Name the headline indicators of `headline_indicators.csv`, the first first."""
    with Path(__file__).with_name("headline_indicators.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["order"]))
    return tuple(row["indicator"] for row in rows)
