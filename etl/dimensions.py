"""Where and when a record is counted, as expressions over its table: the dimensions of figures, its period and its source."""

from __future__ import annotations

from schemas.dimensions import breakdowns, record_dimensions, record_tables

# For each table of records: the dimensions of a figure, and the expression that gives each for one record.
DIMENSIONS: dict[str, dict[str, str]] = {name: record_dimensions(name) for name in record_tables()}
ALL_DIMENSIONS = breakdowns()
# A submission of one of these periods is counted in its own period; any other by the year of each record.
NATIVE = "('EFY', 'EY', 'FY_JUL', 'TIPR', 'H', 'Q', 'M')"
# Periods of which the national totals are shown as they are.
ANNUAL = "('CY', 'EFY', 'EY', 'FY_JUL', 'TIPR')"
IDENTITY = ("submission_id", "reporting_country", "source_type", "ref_year")
# The period and origin of a record, of which one figure never mixes two.
SAME = "source, invented, ref_area, body, period_type, period_start, period_end"
PLACED = f"""submission.source, submission.invented, submission_id, reporting_country AS ref_area, row.source_type AS body,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_type::VARCHAR ELSE 'CY' END AS period_type,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_start ELSE make_date(ref_year, 1, 1) END AS period_start,
    CASE WHEN submission.period_type IN {NATIVE} THEN submission.period_end ELSE make_date(ref_year, 12, 31) END AS period_end,
    submission.period_type IN {NATIVE} OR (submission.period_start <= make_date(ref_year, 1, 1)
        AND submission.period_end >= make_date(ref_year, 12, 31)) AS covered, submission.already_public AS public"""
# Only what places a record: a submission has fields of the same names as records.
OF = """JOIN (
    SELECT submission_id, source, invented, already_public, period_type, period_start, period_end FROM submission
) AS submission USING (submission_id)"""
# How a period is written, by its kind.
TIME = """CASE
    WHEN period_type IN ('CY') THEN strftime(period_start, '%Y')
    WHEN period_type = 'M' THEN strftime(period_start, '%Y-%m')
    WHEN period_type = 'Q' THEN strftime(period_start, '%Y') || '-Q' || quarter(period_start)
    WHEN period_type = 'H' THEN strftime(period_start, '%Y') || '-H' || CASE WHEN month(period_start) < 7 THEN 1 ELSE 2 END
    WHEN period_type = 'EFY' THEN 'EFY' || (year(period_end) - 8)
    WHEN period_type = 'EY' THEN 'EY' || (year(period_start) - 7)
    WHEN period_type = 'FY_JUL' THEN 'FY' || year(period_start) || '/' || right((year(period_start) + 1)::VARCHAR, 2)
    WHEN period_type = 'TIPR' THEN 'TIPR' || year(period_end)
    ELSE strftime(period_start, '%Y-%m-%d') || '/' || strftime(period_end, '%Y-%m-%d') END"""


def level(breakdown: tuple[str, ...], names: list[str]) -> int:
    """Give the number by which DuckDB's grouping() knows a set: a bit for each dimension that is summed over."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in breakdown)
