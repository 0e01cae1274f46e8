"""Records in, cells out: every count of the cube and both parts of every share, exact, with the sum of their records' draws.

The tables that are left behind are temporary: draws never reach a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.draws import draw
from etl.indicators import (
    ALL_DIMENSIONS,
    DIMENSIONS,
    GIVEN,
    OF,
    PLACED,
    SAME,
    combinations,
    denominators,
    level,
    numerator,
)
from schemas.indicators import Indicator, computations
from schemas.protection import cube

if TYPE_CHECKING:
    import duckdb

CELLS = "drawn_cell"
_PART = "STRUCT(n BIGINT, drawn BIGINT, records BIGINT)"


def write_cells(connection: duckdb.DuckDBPyConnection, drawn_with: str) -> None:
    """Fill the temporary table of cells from the combinations that `etl.indicators` left.

    Columns: where, when and of what as an observation has them; `kind`; `part`, `below` and `whole` with n (the exact
    number), drawn (the sum of draws of the records in it) and records (how many they are). A share has all three parts,
    a count or sum only the first.
    """
    dimensions = ", ".join(f"{name} VARCHAR" for name in ALL_DIMENSIONS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {CELLS} (source VARCHAR, invented BOOLEAN, ref_area VARCHAR, body VARCHAR, "
        "period_type VARCHAR, period_start DATE, period_end DATE, submission_id VARCHAR, covered BOOLEAN, indicator VARCHAR, "
        f"kind VARCHAR, count_unit VARCHAR, {dimensions}, part {_PART}, below {_PART}, whole {_PART}, "
        "scale DOUBLE, among VARCHAR, each BOOLEAN)"
    )
    for name in DIMENSIONS:
        held = connection.execute(
            "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?", [combinations(name)]
        ).fetchone()
        if held is not None:
            _write_table(connection, name, drawn_with)
    # a total stands wherever its source ever has one: that nobody is in it is as little known as that somebody is
    whole = " AND ".join(f"{name} = '_T'" for name in ALL_DIMENSIONS)
    connection.execute(
        f"DELETE FROM {CELLS} WHERE kind = 'count' AND part.n = 0 AND NOT ({whole} AND (source, indicator) IN "
        f"(SELECT (source, indicator) FROM {CELLS} WHERE kind = 'count' AND part.n > 0))"
    )


def _write_table(connection: duckdb.DuckDBPyConnection, name: str, drawn_with: str) -> None:
    _write_draws(connection, name, drawn_with)
    # shares have many parts and few breakdowns, counts few parts and the whole cube
    for kinds in (("count", "sum"), ("ratio",)):
        wanted = [found for found in computations() if found.table == name and found.kind in kinds]
        if wanted:
            _roll_up(connection, name, wanted)
    connection.execute(f"DROP TABLE {name}_drawn")


def _roll_up(connection: duckdb.DuckDBPyConnection, name: str, wanted: list[Indicator]) -> None:
    sets = dict.fromkeys(breakdown for found in wanted for breakdown in breakdowns(found))
    names = [named for named in DIMENSIONS[name] if any(named in breakdown for breakdown in sets)]
    parts = _parts(wanted)
    values = "".join(f", coalesce(({DIMENSIONS[name][named]})::VARCHAR, '_U') AS {named}" for named in names)
    sums = ", ".join(f"{text} AS part_{number}" for text, number in parts.items())
    again = ", ".join(f"sum(part_{number})::BIGINT AS part_{number}" for number in parts.values())
    grouping = ", ".join(f"({', '.join(('block', *breakdown))})" for breakdown in sets)
    given = "".join(f", CASE WHEN grouping({named}) = 1 THEN '_T' ELSE {named} END AS {named}" for named in names)
    depth = f"grouping({', '.join(names)})" if names else "0"
    figures = ", ".join(_figure(found, names, parts) for found in wanted)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE placed_cell AS SELECT {PLACED}{values}, {sums} FROM {name}_drawn AS row {OF} GROUP BY ALL"
    )
    # one number for source, body and period: seven columns less to group by, in every breakdown
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE block_cell AS SELECT row_number() OVER () AS block, * FROM (SELECT {SAME}, "
        "min(submission_id) AS submission_id, bool_and(covered) AS covered FROM placed_cell GROUP BY ALL)"
    )
    connection.execute(f"""
CREATE OR REPLACE TEMP TABLE counted_cell AS
WITH rolled AS (
    SELECT block{given}, {depth} AS level, {again}
    FROM placed_cell JOIN block_cell USING ({SAME}) GROUP BY GROUPING SETS ({grouping})
),
told AS (SELECT block, unnest([{figures}]) AS figure FROM rolled)
SELECT block_cell.* EXCLUDE (block), unnest(figure) FROM told JOIN block_cell USING (block) WHERE figure.part IS NOT NULL""")
    for done in ("placed_cell", "block_cell"):
        connection.execute(f"DROP TABLE {done}")
    if name == "smuggled_group":
        connection.execute(
            f"DELETE FROM counted_cell AS computed USING {CELLS} AS given WHERE given.kind = 'sum' AND computed.kind = 'sum' "
            f"AND {GIVEN.format(body='body')}"
        )
    connection.execute(f"INSERT INTO {CELLS} BY NAME SELECT * FROM counted_cell")
    connection.execute("DROP TABLE counted_cell")


def _write_draws(connection: duckdb.DuckDBPyConnection, name: str, drawn_with: str) -> None:
    """Add to every combination of fields the sum of the draws of its records."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name}_drawn AS SELECT row.*, {draw(identity(connection, name))} AS drawn "
        f"FROM {combinations(name)} AS row "
        "JOIN (SELECT submission_id, source, period_start, period_end FROM submission) AS submission USING (submission_id)",
        {"drawn_with": drawn_with},
    )


def identity(connection: duckdb.DuckDBPyConnection, name: str, number: str = '"rows"') -> str:
    """Write what the first `number` records of a combination share, as a text expression over `row` and `submission`.

    The key of the k-th of them is the draw for k less the draw for k - 1 (no draw for none).
    """
    held = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [combinations(name)]
    ).fetchall()
    fields = [row[0] for row in held if row[0] not in ("submission_id", "rows")]
    shared = ", ".join(f'row."{field}"' for field in fields)
    return f"ROW(submission.source, submission.period_start, submission.period_end, '{name}', {shared}, {number})::VARCHAR"


def breakdowns(found: Indicator) -> tuple[tuple[str, ...], ...]:
    """Give the breakdowns in which an indicator is published: a plain count or sum in the whole cube of its table."""
    cubed = found.kind in ("count", "sum") and found.fixed is None and () in found.breakdowns
    return tuple(dict.fromkeys((*found.breakdowns, *cube(found.table)))) if cubed else found.breakdowns


def _parts(wanted: list[Indicator]) -> dict[str, int]:
    """Number the distinct sums that the cells need; equal ones are made once."""
    parts: dict[str, int] = {}
    for found in wanted:
        for expression in (numerator(found), *denominators(found), "TRUE"):
            for text in _sums(found, expression):
                parts.setdefault(text, len(parts))
    return parts


def _sums(found: Indicator, expression: str) -> tuple[str, str, str]:
    """Write the sums of number, draws and records over those whom a part of an indicator counts."""
    number = f"CAST(({expression}) AS BIGINT)"
    of = f'CASE WHEN {found.condition} THEN {number} * "rows" END'
    inside = f"({found.condition}) AND {number} > 0"
    total = f"sum({of})::BIGINT"
    records = total if expression == "TRUE" else f'sum("rows") FILTER ({inside})::BIGINT'
    return total, f"sum(drawn) FILTER ({inside})::BIGINT", records


def _struct(found: Indicator, expressions: list[str], parts: dict[str, int], condition: str, empty: str) -> str:
    """Write a part as a struct; NULL where the condition fails or nothing is known of the number."""
    texts = [_sums(found, expression) for expression in expressions]
    n, drawn, records = (" + ".join(f"coalesce(part_{parts[text[place]]}, 0)" for text in texts) for place in range(3))
    known = f"coalesce({n}, 0)" if empty == "0" else f"part_{parts[texts[0][0]]}"
    return f"CASE WHEN {condition} AND {known} IS NOT NULL THEN {{'n': {n}, 'drawn': {drawn}, 'records': {records}}} END"


def _figure(found: Indicator, names: list[str], parts: dict[str, int]) -> str:
    condition = f"level IN ({', '.join(str(level(breakdown, names)) for breakdown in breakdowns(found))})"
    below = whole = "NULL"
    empty = "NULL"
    if found.kind == "count":
        empty = "0"
    if found.kind == "ratio":
        dens = denominators(found)
        sums = [f"coalesce(part_{parts[_sums(found, expression)[0]]}, 0)" for expression in dens]
        condition += "".join(f" AND {item} > 0" for item in sums) + f" AND {' + '.join(sums)} >= {found.least}"
        empty = "0"
        below = _struct(found, dens, parts, condition, empty)
        whole = _struct(found, ["TRUE"], parts, condition, empty)
    part = _struct(found, [numerator(found)], parts, condition, empty)
    dimensions = {dimension: dimension if dimension in names else "'_T'" for dimension in ALL_DIMENSIONS}
    if found.fixed is not None:
        dimensions[found.fixed[0]] = f"'{found.fixed[1]}'"
    written = ", ".join(f"'{dimension}': {expression}" for dimension, expression in dimensions.items())
    return (
        f"{{'indicator': '{found.code}', 'kind': '{found.kind}', 'count_unit': '{found.count_unit}', {written}, "
        f"'part': {part}::{_PART}, 'below': {below}::{_PART}, 'whole': {whole}::{_PART}, 'scale': {found.scale:g}::DOUBLE, "
        f"'among': '{found.among}', 'each': {bool(found.each)}}}"
    )
