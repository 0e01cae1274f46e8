"""One export on its way: the open edition, what was chosen of it, what it announces; and the check that it keeps its word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.exports.facts import Facts
from dashboard.exports.notes import Notes
from dashboard.exports.options import ExportError, Options
from dashboard.exports.published import Published
from dashboard.exports.rows import Part, Rows
from dashboard.exports.selection import Column, Selection
from dashboard.filters import Filters


@dataclass(frozen=True, slots=True)
class Job:
    """What a format needs to write a file; `values` are those of the selection and of the columns."""

    rows: Rows
    published: Published
    filters: Filters
    options: Options
    selection: Selection
    columns: tuple[Column, ...]
    values: dict[str, object]
    facts: Facts
    notes: Notes


def checked(job: Job, parts: Iterator[Part]) -> Iterator[Part]:
    """Hand parts on and count their rows; raises ExportError at the end where they are not as many as announced."""
    written = 0
    for part in parts:
        written += part.rows
        yield part
    agree(job.facts.rows, written)


def agree(announced: int, written: int) -> None:
    """Raise ExportError unless as many figures were written as were announced."""
    if announced != written:
        raise ExportError(
            f"the export announced {announced} figures and wrote {written}, so it is not to be used; check the edition with: "
            "pembe verify"
        )
