"""Records in, cells out: every count of the cube and both parts of every share, exact, with the sum of their records' draws.

The tables that are left behind are temporary: draws never reach a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

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
WAYPOINTS = ("departure", "transit")
_MEASURES = ("n", "drawn", "records")
_SUM = {
    "n": 'sum({0} * "rows")::BIGINT',
    "drawn": "sum(drawn) FILTER ({0} > 0)::BIGINT",
    "records": 'sum("rows") FILTER ({0} > 0)::BIGINT',
}
WIDE = 16  # as many values are still summed faster side by side
_PART = f"STRUCT({', '.join(f'{name} BIGINT' for name in _MEASURES)})"
_BELOW = "list_transform(below_at, place -> coalesce(sums[place].{0}, 0))"
_ONE = "{{" + ", ".join(f"'{name}': coalesce(sums[{{0}}_at].{name}, 0)" for name in _MEASURES) + f"}}}}::{_PART}"
_ADDED = "{" + ", ".join(f"'{name}': list_sum({_BELOW.format(name)})" for name in _MEASURES) + f"}}::{_PART}"
_STRUCTS = (
    f"{_ONE.format('part')} AS part, CASE WHEN kind = 'ratio' THEN {_ADDED} END AS below, "
    f"CASE WHEN kind = 'ratio' THEN {_ONE.format('whole')} END AS whole"
)


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
    # where a source names no country of a journey, that none is known is said by the total
    for name in WAYPOINTS:
        connection.execute(
            f"DELETE FROM {CELLS} WHERE {name} = '_U' AND source NOT IN "
            f"(SELECT source FROM {CELLS} WHERE {name} NOT IN ('_T', '_U'))"
        )
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
    counted = _values(wanted)
    values = "".join(f", coalesce(({DIMENSIONS[name][named]})::VARCHAR, '_U') AS {named}" for named in names)
    given = "".join(f", CASE WHEN grouping({named}) = 1 THEN '_T' ELSE {named} END AS {named}" for named in names)
    depth = f"grouping({', '.join(names)})" if names else "0"
    fixed = {found.fixed[0] for found in wanted if found.fixed is not None}
    dimensions = ", ".join(_dimension(name_of, name_of in names, name_of in fixed) for name_of in ALL_DIMENSIONS)
    connection.register("figure_of", _figures(wanted, names, counted))
    shape = _side_by_side(counted) if len(counted) <= WIDE else _below_one_another(counted)
    grouping = ", ".join(f"({', '.join(('block', *shape.keys, *breakdown))})" for breakdown in sets)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE placed_cell AS SELECT {PLACED}{values}, {', '.join((*shape.keys, shape.placed))} "
        f"FROM (SELECT *, {shape.values} FROM {name}_drawn) AS row {OF} GROUP BY ALL"
    )
    # one number for source, body and period: seven columns less to group by, in every breakdown
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE block_cell AS SELECT row_number() OVER () AS block, * FROM (SELECT {SAME}, "
        "min(submission_id) AS submission_id, bool_and(covered) AS covered FROM placed_cell GROUP BY ALL)"
    )
    # groups that stand beside incidents wait for a look at what is there
    aside = name == "smuggled_group"
    into = "CREATE OR REPLACE TEMP TABLE counted_cell AS" if aside else f"INSERT INTO {CELLS} BY NAME"
    connection.execute(f"""
{into}
WITH rolled AS (
    SELECT {", ".join(("block", *shape.keys))}{given}, {depth} AS level, {shape.rolled}
    FROM placed_cell JOIN block_cell USING ({SAME}) GROUP BY GROUPING SETS ({grouping})
),
listed AS ({shape.listed}),
told AS (
    SELECT *, {_STRUCTS} FROM listed JOIN figure_of ON list_contains(levels, level)
    WHERE kind = 'count' OR (kind = 'sum' AND sums[part_at].n IS NOT NULL)
        OR (kind = 'ratio' AND list_min({_BELOW.format("n")}) > 0)
)
SELECT block_cell.* EXCLUDE (block), indicator, kind, count_unit, {dimensions}, part, below, whole, scale, among, "each"
FROM told JOIN block_cell USING (block) WHERE kind <> 'ratio' OR below.n >= least""")
    connection.unregister("figure_of")
    for done in ("placed_cell", "block_cell"):
        connection.execute(f"DROP TABLE {done}")
    if aside:
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


class _Shape(NamedTuple):
    """How the sums of values are held while they are rolled up: expressions, and the columns that are grouped by besides."""

    keys: tuple[str, ...]
    values: str
    placed: str
    rolled: str
    listed: str


def _side_by_side(counted: dict[str, int]) -> _Shape:
    """Hold each sum in a column: fast where there are few of them, however many cells they are rolled up to."""
    values = ", ".join(f"{text} AS value_{number}" for text, number in counted.items())
    placed = ", ".join(
        f"{_SUM[measure].format(f'value_{number}')} AS {measure}_{number}" for number in counted.values() for measure in _MEASURES
    )
    each = (", ".join(f"'{measure}': sum({measure}_{number})::BIGINT" for measure in _MEASURES) for number in counted.values())
    return _Shape((), values, placed, f"[{', '.join(f'{{{sums}}}' for sums in each)}] AS sums", "SELECT * FROM rolled")


def _below_one_another(counted: dict[str, int]) -> _Shape:
    """Hold each sum in a row: hundreds of them side by side are slow, however few cells there are."""
    values = f"unnest([{', '.join(counted)}]) AS value, unnest(range({len(counted)})) AS number"
    placed = ", ".join(f"{_SUM[measure].format('value')} AS {measure}" for measure in _MEASURES)
    rolled = ", ".join(f"'{measure}': sum({measure})::BIGINT" for measure in _MEASURES)
    listed = "SELECT * EXCLUDE (number, total), list(total ORDER BY number) AS sums FROM rolled GROUP BY ALL"
    return _Shape(("number",), values, placed, f"{{{rolled}}} AS total", listed)


def _values(wanted: list[Indicator]) -> dict[str, int]:
    """Number the distinct values of a record that the cells add up; equal ones are worked out once."""
    found: dict[str, int] = {}
    for one in wanted:
        for expression in (numerator(one), *denominators(one), "TRUE"):
            found.setdefault(_value(one, expression), len(found))
    return found


def _value(found: Indicator, expression: str) -> str:
    """Write what one record adds to a part of an indicator; NULL where the indicator does not count it."""
    return f"CASE WHEN {found.condition} THEN CAST(({expression}) AS BIGINT) END"


def _figures(wanted: list[Indicator], names: list[str], counted: dict[str, int]) -> pa.Table:
    """Say of each indicator what it is and where its parts stand among the sums, counted from 1."""
    rows = []
    for found in wanted:
        row: dict[str, object] = {
            "indicator": found.code,
            "kind": found.kind,
            "count_unit": found.count_unit,
            "levels": [level(breakdown, names) for breakdown in breakdowns(found)],
            "fixed": found.fixed[0] if found.fixed is not None else "",
            "fixed_value": found.fixed[1] if found.fixed is not None else "",
            "scale": found.scale,
            "least": found.least,
            "among": found.among,
            "each": bool(found.each),
        }
        row["part_at"], row["whole_at"] = (counted[_value(found, one)] + 1 for one in (numerator(found), "TRUE"))
        row["below_at"] = [counted[_value(found, one)] + 1 for one in denominators(found)]
        rows.append(row)
    return pa.Table.from_pylist(rows)


def _dimension(name: str, counted: bool, fixed: bool) -> str:
    """Give a dimension of a cell: as counted, or the value that an indicator fixes, or all."""
    value = name if counted else "'_T'"
    return f"CASE WHEN fixed = '{name}' THEN fixed_value ELSE {value} END AS {name}" if fixed else f"{value} AS {name}"
