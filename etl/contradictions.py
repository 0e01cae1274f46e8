"""Figures that contradict each other in one submission are marked U, both kept; which one holds is a person's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.rule_queries import DIMENSIONS

if TYPE_CHECKING:
    import duckdb


def mark_contradictions(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the status U to every reported figure that another figure of the same cell and submission contradicts.

    A figure that is hidden or missing keeps its first status and gets U as its second; so does one that had a status of
    its own, the other way round (SDMX allows two, the graver first).
    """
    names = ", ".join(DIMENSIONS)
    same = " AND ".join(f"observation.{name} = twice.{name}" for name in DIMENSIONS)
    connection.execute(
        f"""
UPDATE observation SET
    obs_status = CASE WHEN obs_value IS NULL THEN obs_status ELSE 'U' END,
    obs_status_2 = CASE WHEN obs_value IS NULL THEN 'U' WHEN obs_status IN ('A', 'V', 'U') THEN obs_status_2 ELSE obs_status END
FROM (
    SELECT submission_id, {names} FROM observation WHERE origin <> 'COMPUTED' GROUP BY ALL
    HAVING count(DISTINCT coalesce(obs_value::VARCHAR, value_lower || '-' || value_upper, '')) > 1
) AS twice
WHERE observation.submission_id = twice.submission_id AND {same}"""
    )
