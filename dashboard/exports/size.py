"""The most bytes that the figures of an export can take: a zip archive says before a file whether it may reach 4 GiB."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.exports.job import Job
from dashboard.exports.selection import Column

# A number with its sign, point and exponent, or a day.
LONGEST_NUMBER = 24


def most_bytes(job: Job, around: int, written: Callable[[str], str]) -> int:
    """Bound the bytes of all rows of a job: texts are counted as they are written, codes and numbers by the longest.

    around: the most bytes around one value. written: the SQL that writes the text of an expression.
    """
    texts = [column for column in job.columns if _is_text(job, column)]
    bound = job.lines * (around + sum(around + _longest(job, column) for column in job.columns))
    if not texts:
        return bound
    listed = " + ".join(f"coalesce(sum(strlen({written(column.expression)})), 0)" for column in texts)
    source = job.table if job.table is not None else f"e.observation WHERE {job.selection.condition}"
    ((counted,),) = job.rows.fetch(f"SELECT {listed} FROM {source}", job.values)
    return bound + int(counted)


def _is_text(job: Job, column: Column) -> bool:
    return column.field.type in ("text", "code", "area", "country") and column.field.name not in job.published.codes


def _longest(job: Job, column: Column) -> int:
    codes = job.published.codes.get(column.field.name, ())
    return max([LONGEST_NUMBER, *(len(code.encode()) for code in codes)])
