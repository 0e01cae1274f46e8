"""What UNODC's questionnaire for the Global Report on Trafficking in Persons calls our indicators, and its tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the questionnaire asks: in which of its tables, under which name, in which unit."""

    table: str
    name: str
    unit: str


@cache
def glotip() -> dict[str, Asked]:
    """Give what is asked by our indicator, in the order of the questionnaire."""
    with Path(__file__).with_name("glotip.csv").open(encoding="utf-8", newline="") as lines:
        return {row["indicator"]: Asked(row["table"], row["glotip_indicator"], row["unit"]) for row in csv.DictReader(lines)}
