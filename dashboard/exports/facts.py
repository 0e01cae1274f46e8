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
    pending: int
    missing: dict[str, int]
    sources: tuple[str, ...]

    @property
    def suppressed(self) -> int:
        """Give the number of figures that are held back."""
        return self.missing.get(SUPPRESSED, 0)


def count_facts(rows: Rows, selection: Selection, revised: bool) -> Facts:
    """Count what a selection holds; the first byte of an export waits for it.

    revised: whether the edition says of which figures a revision is pending.
    """
    figures = f"FROM e.observation WHERE {selection.condition}"
    pending = "count(revision)" if revised else "0"
    numbers, missing, sources = rows.fetch_together(
        [
            f"SELECT count(*), count(*) FILTER (obs_value = 0), count(*) FILTER (invented), {pending} {figures}",
            f"SELECT obs_status, count(*) {figures} AND obs_value IS NULL GROUP BY obs_status",
            f"SELECT DISTINCT source {figures}",
        ],
        selection.values,
    )
    number, zeros, invented, waiting = numbers[0]
    return Facts(number, zeros, invented, waiting, dict(sorted(missing)), tuple(sorted(source for (source,) in sources)))
