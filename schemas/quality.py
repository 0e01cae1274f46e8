"""The measures of quality by NQAF dimension: which way is better, what is aimed at, and what to do where it is missed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of `quality.csv`: `high` says whether more is better; `rules` are those whose problems belong to it,
    and those by which it is worked out where its formula names rules. `action` is empty where nothing is asked of the source.
    A measure of `nqaf` PROCESS is about this programme and not about the source."""

    code: str
    nqaf: str
    high: bool
    target: float
    action: str
    rules: tuple[str, ...]

    def shortfall(self, value: float) -> float:
        """Give how far a value misses the target, as a share of the target; 0 where it does not."""
        missed = self.target - value if self.high else value - self.target
        return max(0.0, missed / self.target)


@cache
def measures() -> dict[str, Measure]:
    """Read all measures by their code, in the order of the list."""
    with Path(__file__).with_name("quality.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["measure"]: Measure(
                row["measure"],
                row["nqaf"],
                row["better"] == "high",
                float(row["target"]),
                row["action"],
                tuple(filter(None, row["rules"].split("|"))),
            )
            for row in csv.DictReader(lines)
        }


@cache
def measure_of_rule() -> dict[str, str]:
    """Give the measure to which the problems of a rule belong; a rule that only informs belongs to none."""
    return {rule: measure.code for measure in measures().values() for rule in measure.rules}
