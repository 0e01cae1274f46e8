"""The indicators: what each counts, in which unit, and over which records it can be computed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "ar", "sw", "am")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `condition` and `measure` are DuckDB expressions over `table`, empty where it is only reported."""

    code: str
    domain: str
    count_unit: str
    table: str
    condition: str
    measure: str
    labels: dict[str, str]
    formula: str
    standard: str

    def label(self, language: str) -> str:
        """Give the label in a language, in English where there is none."""
        return self.labels.get(language) or self.labels["en"]


@cache
def indicators() -> dict[str, Indicator]:
    """Read all indicators by their code, in the order of the list."""
    with Path(__file__).with_name("indicators.csv").open(encoding="utf-8", newline="") as lines:
        return {row["indicator"]: _indicator(row) for row in csv.DictReader(lines)}


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        code=row["indicator"],
        domain=row["domain"],
        count_unit=row["count_unit"],
        table=row["table"],
        condition=row["condition"],
        measure=row["measure"],
        labels={language: row[f"label_{language}"] for language in LANGUAGES},
        formula=row["formula"],
        standard=row["standard"],
    )
