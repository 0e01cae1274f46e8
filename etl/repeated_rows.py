"""Rows of a register that stand in it twice, to the letter: with one case number, or as a whole list pasted again (V13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.select import quoted
from etl.store import RECORDS

if TYPE_CHECKING:
    import duckdb

# Fewer rows may repeat by chance where nothing tells them apart.
LEAST_ROWS = 10
_KEYS = ("case_key", "person_key")


def report_repeated_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Write a problem for each row that repeats another, and one for each file whose second half repeats its first."""
    for name in RECORDS:
        held = [str(row[0]) for row in connection.execute(f"SELECT DISTINCT submission_id FROM {name}_lineage").fetchall()]
        for submission in sorted(held):
            keys = [key for key in _KEYS if _has_field(connection, name, key)]
            if keys and _stands_twice(connection, name, submission, keys[0]):
                _report_same_case(connection, name, submission, keys)
            _report_pasted(connection, name, submission)


def _stands_twice(connection: duckdb.DuckDBPyConnection, name: str, submission: str, key: str) -> bool:
    """Say whether any number stands in two rows, before rows are compared whole."""
    query = f"SELECT count({key}) > count(DISTINCT {key}) FROM {name} WHERE submission_id = $submission"
    ((twice,),) = connection.execute(query, {"submission": submission}).fetchall()
    return bool(twice)


def _report_same_case(connection: duckdb.DuckDBPyConnection, name: str, submission: str, keys: list[str]) -> None:
    """Name the rows that agree with an earlier one in every mapped column, their case number included."""
    shared = ", ".join([*keys, *map(quoted, _rulings(connection, name))])
    known = " OR ".join(f"record.{key} IS NOT NULL" for key in keys)
    connection.execute(
        f"""
INSERT INTO problem BY NAME
WITH record AS (
    SELECT record.source_row, {shared} FROM {name} AS record JOIN {name}_lineage AS line USING (submission_id, source_row)
    WHERE submission_id = $submission AND ({known})
),
numbered AS (
    SELECT source_row, min(source_row) OVER (PARTITION BY {shared}) AS first_row FROM record
)
SELECT $submission AS submission_id, $name AS "table", source_row, 'V13' AS rule_id, 'W' AS severity,
    'the row is the same as row ' || first_row || ' in every column that is read, its number included' AS note
FROM numbered AS found WHERE source_row > first_row AND NOT EXISTS (
    SELECT 1 FROM problem WHERE problem.submission_id::VARCHAR = $submission AND problem.rule_id = 'V13'
        AND problem.source_row = found.source_row
)
ORDER BY source_row""",
        {"submission": submission, "name": name},
    )


def _report_pasted(connection: duckdb.DuckDBPyConnection, name: str, submission: str) -> None:
    """Name a file whose second half says in every row what its first half says in the row of the same place."""
    names = _rulings(connection, name)
    if not names:
        return
    said = ", ".join(map(quoted, names))
    if not _halves_begin_alike(connection, name, submission, said):
        return
    halves = connection.execute(
        f"""
WITH line AS (
    SELECT row_number() OVER (ORDER BY source_row) - 1 AS place, count(*) OVER () AS number_rows, ROW({said}) AS said
    FROM {name}_lineage WHERE submission_id = $submission
)
SELECT any_value(first.number_rows), bool_and(first.said = second.said), count(DISTINCT first.said)
FROM line AS first JOIN line AS second ON second.place = first.place + first.number_rows // 2
WHERE first.number_rows % 2 = 0 AND first.place < first.number_rows // 2""",
        {"submission": submission},
    ).fetchall()
    ((number, same, different),) = halves
    if number is None or number < LEAST_ROWS or not same or different < LEAST_ROWS // 2:
        return
    note = f"the last {number // 2} rows say the same as the first {number // 2} in the same order; was the list pasted twice?"
    connection.execute(
        'INSERT INTO problem BY NAME SELECT ? AS submission_id, ? AS "table", \'V13\' AS rule_id, \'W\' AS severity, ? AS note',
        [submission, name, note],
    )


def _halves_begin_alike(connection: duckdb.DuckDBPyConnection, name: str, submission: str, said: str) -> bool:
    """Say whether the first rows of both halves agree, before all rows are compared."""
    of = f"FROM {name}_lineage WHERE submission_id = $submission"
    ((number,),) = connection.execute(f"SELECT count(*) {of}", {"submission": submission}).fetchall()
    if number % 2 or number < LEAST_ROWS:
        return False
    row = f"SELECT ROW({said}) {of} ORDER BY source_row LIMIT 1 OFFSET $place"
    first, second = (connection.execute(row, {"submission": submission, "place": place}).fetchall() for place in (0, number // 2))
    return first == second


def _rulings(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    columns = connection.execute(f"SELECT * FROM {name}_lineage LIMIT 0").description or []
    return [column[0] for column in columns if column[0].startswith("r_")]


def _has_field(connection: duckdb.DuckDBPyConnection, name: str, field: str) -> bool:
    return any(column[0] == field for column in connection.execute(f"SELECT * FROM {name} LIMIT 0").description or [])
