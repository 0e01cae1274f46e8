"""What is counted of a selection before a line of it is written: rows, zeros, figures without a number, invented ones."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.exports.rows import Rows
from dashboard.exports.selection import Selection

SUPPRESSED = "Q"


@dataclass(frozen=True, slots=True)
class Facts:
    """The announced numbers of an export; `missing` counts the figures without a number by the status that says why."""

    rows: int
    zeros: int
    invented: int
    missing: dict[str, int]
    sources: tuple[str, ...]
    indicators: tuple[str, ...]

    @property
    def suppressed(self) -> int:
        """Give the number of figures that are held back."""
        return self.missing.get(SUPPRESSED, 0)


def count_facts(rows: Rows, selection: Selection) -> Facts:
    """Count what a selection holds."""
    found = rows.fetch(
        "SELECT CASE WHEN obs_value IS NULL THEN obs_status::VARCHAR END AS missing, obs_value = 0 AS zero, invented, "
        f"source, indicator, count(*) FROM e.observation WHERE {selection.condition} GROUP BY ALL",
        selection.values,
    )
    missing: dict[str, int] = {}
    for status, *_, number in found:
        if status is not None:
            missing[status] = missing.get(status, 0) + number
    return Facts(
        rows=sum(row[-1] for row in found),
        zeros=sum(row[-1] for row in found if row[1]),
        invented=sum(row[-1] for row in found if row[2]),
        missing=dict(sorted(missing.items())),
        sources=tuple(sorted({row[3] for row in found})),
        indicators=tuple(sorted({row[4] for row in found})),
    )
