"""Measures of quality and problems of the confidential file in; what may be told of them to anyone out, by `etl.coarse`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.coarse import Coarse

if TYPE_CHECKING:
    import duckdb

ALL = "_T"
# One row may be said to repeat another, which then repeats it too.
PAIRED = {"DQ_UNIQ": 2}
# Of a table of figures one person can stand in several, one for each breakdown.
FIGURES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One measure as it may be told: of a submission, or of a whole source where there is none.

    step: the true value is less than this above or below; 0 for one that is exact but for its decimals.
    """

    source: str
    submission: str | None
    measure: str
    field: str
    value: float
    step: int = 0
    numerator: int | None = None
    denominator: int | None = None


def measures_told(
    connection: duckdb.DuckDBPyConnection, coarse: Coarse, published: Collection[str], by_source: bool = False
) -> list[Told]:
    """Give the measures of the records attached as `newer`, of every submission or summed over each source.

    published: sources whose figures are public as they are; of these alone numerators and denominators are told, and what
    single fields of a submission are like: the more numbers there are, the likelier one of them moves with one person. What
    compares figures with figures (DQ_XCOH) is no matter of records and is left out.
    """
    found = []
    measured = connection.execute(_measured(by_source)).fetchall()
    for source, submission, measure, field, value, part, rows, micro, fields in measured:
        if rows is None or (micro and measure == "DQ_COMPAR"):
            found.append(Told(source, submission, measure, field, float(round(value))))
        elif source in published:
            found.append(Told(source, submission, measure, field, float(round(value)), 0, part, rows))
        elif by_source or field == ALL:
            at_once = (fields if field == ALL else 1) * PAIRED.get(measure, 1) * (1 if micro else FIGURES)
            share = coarse.share(value, rows / max(1, at_once), "measure", source, submission, measure, field)
            if share is not None:
                found.append(Told(source, submission, measure, field, *share))
    return found


def problems_told(
    connection: duckdb.DuckDBPyConnection, coarse: Coarse, published: Collection[str]
) -> list[tuple[str, str, str, int]]:
    """Give source, rule, severity and in how many rows, of the records attached as `newer`; a small number is left out."""
    found = []
    for source, rule, severity, rows in connection.execute(_PROBLEMS).fetchall():
        number = rows if source in published else coarse.number(rows, "problem", source, rule, severity)
        if number is not None:
            found.append((source, rule, severity, number))
    return found


def _measured(by_source: bool) -> str:
    submission = "NULL" if by_source else "measure.submission_id"
    return f"""
WITH measured AS (
    SELECT measure.source, {submission} AS submission_id, measure, field,
        CASE WHEN sum(denominator) > 0 THEN 100.0 * sum(numerator) / sum(denominator) ELSE avg(value) END AS value,
        sum(numerator)::BIGINT AS numerator, sum(denominator)::BIGINT AS denominator
    FROM newer.quality_measure AS measure WHERE measure <> 'DQ_XCOH' GROUP BY ALL
), kind AS (
    SELECT source, bool_or(grain = 'MICRO') AS micro FROM newer.submission GROUP BY source
)
SELECT source, submission_id, measure, field, value, numerator, denominator, micro,
    (count(*) FILTER (field <> '{ALL}') OVER (PARTITION BY source, submission_id, measure))::INTEGER AS fields
FROM measured JOIN kind USING (source) WHERE value IS NOT NULL ORDER BY source, submission_id, measure, field"""


# In how many rows, and not how often: one row can break a rule in several columns.
_PROBLEMS = """
SELECT source, rule_id, severity::VARCHAR AS severity, count(DISTINCT (submission_id, coalesce(source_row, 0)))::INTEGER AS "rows"
FROM newer.problem JOIN newer.submission USING (submission_id) GROUP BY ALL ORDER BY ALL"""
