"""Records in, cells out: every count of the cube and both parts of every share, exact, with the sum of their records' draws.

The tables that are left behind are temporary: draws never reach a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from etl.dimensions import ALL_DIMENSIONS, DIMENSIONS, IDENTITY, OF, PLACED, SAME, level
from etl.draws import DRAW, draws
from schemas.indicators import Indicator, computations
from schemas.protection import cube
from schemas.tables import table

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
_PARTS = {
    "ratio": f"{_ONE.format('part')} AS part, {_ADDED} AS below, {_ONE.format('whole')} AS whole",
    "count": f"{_ONE.format('part')} AS part, NULL::{_PART} AS below, NULL::{_PART} AS whole",
}
# That nobody is counted is told by a total alone; a sum of what nobody said is no sum, and a share of nothing no share.
_TOLD = {
    "ratio": f"list_min({_BELOW.format('n')}) > 0",
    "count": "CASE WHEN kind = 'sum' THEN sums[part_at].n IS NOT NULL ELSE sums[part_at].n > 0 OR total END",
}
_LEVEL = "({0}.sex = '_T', {0}.age = '_T', {0}.citizenship = '_T', {0}.counterpart_area = '_T')"
_GIVEN = f"""given.kind = 'sum' AND computed.kind = 'sum' AND given.indicator = computed.indicator
    AND given.ref_area = computed.ref_area AND given.body = computed.body AND given.period_start = computed.period_start
    AND given.period_end = computed.period_end AND given.source <> computed.source
    AND {_LEVEL.format("given")} = {_LEVEL.format("computed")}"""


def write_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Count once over distinct combinations of the fields that matter, then roll up: a million rows are few of these.

    Columns of the temporary table of cells: where, when and of what as an observation has them; `kind`; `part`, `below` and
    `whole` with n (the exact number), drawn (the sum of draws of the records in it) and records (how many they are): a share
    has all three parts, a count or sum only the first; `observed`, whether the indicator itself names the breakdown;
    `public`, whether all that it counts was published row by row.
    The draws of the records must be there, see `etl.draws`.
    """
    dimensions = ", ".join(f"{name} VARCHAR" for name in ALL_DIMENSIONS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {CELLS} (source VARCHAR, invented BOOLEAN, ref_area VARCHAR, body VARCHAR, "
        "period_type VARCHAR, period_start DATE, period_end DATE, submission_id VARCHAR, covered BOOLEAN, public BOOLEAN, "
        f"indicator VARCHAR, kind VARCHAR, count_unit VARCHAR, {dimensions}, part {_PART}, below {_PART}, whole {_PART}, "
        "scale DOUBLE, among VARCHAR, each BOOLEAN, observed BOOLEAN)"
    )
    for name in DIMENSIONS:
        if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is not None:
            _write_table(connection, name)
    # where a source names no country of a journey, that none is known is said by the total
    for name in WAYPOINTS:
        connection.execute(
            f"DELETE FROM {CELLS} WHERE {name} = '_U' AND source NOT IN "
            f"(SELECT source FROM {CELLS} WHERE {name} NOT IN ('_T', '_U'))"
        )
    _leave_out_silence(connection)
    # a total stands wherever its source ever has one: that nobody is in it is as little known as that somebody is
    connection.execute(
        f"DELETE FROM {CELLS} WHERE kind = 'count' AND part.n = 0 AND (source, indicator) NOT IN "
        f"(SELECT (source, indicator) FROM {CELLS} WHERE kind = 'count' AND part.n > 0)"
    )


def _leave_out_silence(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the share of the unknown only where the source gives the share that it stands beside."""
    pairs = {(found.unknown, found.code) for found in computations() if found.kind == "ratio" and found.unknown}
    connection.register(
        "beside", pa.Table.from_pylist([{"unknown": unknown, "share": share} for unknown, share in sorted(pairs)])
    )
    connection.execute(
        f"DELETE FROM {CELLS} WHERE kind = 'ratio' AND indicator IN (SELECT unknown FROM beside) AND (source, indicator) NOT IN "
        f"(SELECT (source, unknown) FROM {CELLS} JOIN beside ON indicator = share)"
    )
    connection.unregister("beside")


def combinations(name: str) -> str:
    """Name the temporary table of the distinct combinations of a record table: number of `rows`, sum of their draws `drawn`."""
    return f"{name}_combination"


def _write_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    counted = [found for found in computations() if found.table == name and found.kind in ("count", "sum")]
    shares = [found for found in computations() if found.table == name and found.kind == "ratio"]
    columns = ", ".join(dict.fromkeys((*IDENTITY, *_fields(name, counted + shares))))
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {combinations(name)} AS SELECT {columns}, count(*) AS "rows", '
        f"sum(drawn & {DRAW})::BIGINT AS drawn FROM {name} JOIN {draws(name)} USING (submission_id, source_row) GROUP BY ALL"
    )
    _refuse_loss(connection, name)
    # shares have many parts and few breakdowns, counts few parts and the whole cube
    for wanted in filter(None, (counted, shares)):
        _roll_up(connection, name, wanted)


def _fields(name: str, wanted: list[Indicator]) -> list[str]:
    """Name the fields that decide what a record is counted in, and those whose silences the quality measures count."""
    texts = [part for found in wanted for part in (found.condition, found.measure, found.numerator, found.denominator)]
    words = set(re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", " ".join((*texts, *DIMENSIONS[name].values())))))
    return [field.name for field in table(name).fields if field.name in words or (field.silence is not None and not field.many)]


def _roll_up(connection: duckdb.DuckDBPyConnection, name: str, wanted: list[Indicator]) -> None:
    sets = dict.fromkeys(breakdown for found in wanted for breakdown in breakdowns(found))
    names = [named for named in DIMENSIONS[name] if any(named in breakdown for breakdown in sets)]
    counted = _values(wanted)
    values = "".join(f", coalesce(({DIMENSIONS[name][named]})::VARCHAR, '_U') AS {named}" for named in names)
    given = "".join(f", CASE WHEN grouping({named}) = 1 THEN '_T' ELSE {named} END AS {named}" for named in names)
    depth = f"grouping({', '.join(names)})" if names else "0"
    fixed = {found.fixed[0] for found in wanted if found.fixed is not None}
    dimensions = ", ".join(_dimension(name_of, name_of in names, name_of in fixed) for name_of in ALL_DIMENSIONS)
    kind = "ratio" if wanted[0].kind == "ratio" else "count"
    connection.register("figure_of", _figures(wanted, names, counted))
    shape = _side_by_side(counted) if len(counted) <= WIDE else _below_one_another(counted)
    grouping = ", ".join(f"({', '.join(('block', *shape.keys, *breakdown))})" for breakdown in sets)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE placed_cell AS SELECT {PLACED}{values}, {', '.join((*shape.keys, shape.placed))} "
        f"FROM (SELECT *, {shape.values} FROM {combinations(name)}) AS row {OF} GROUP BY ALL"
    )
    # one number for source, body and period: seven columns less to group by, in every breakdown
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE block_cell AS SELECT row_number() OVER () AS block, * FROM (SELECT {SAME}, "
        "min(submission_id) AS submission_id, bool_and(covered) AS covered, bool_and(public) AS public "
        "FROM placed_cell GROUP BY ALL)"
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
told AS (SELECT *, {_PARTS[kind]} FROM listed JOIN figure_of USING (level) WHERE {_TOLD[kind]})
SELECT block_cell.* EXCLUDE (block), indicator, kind, count_unit, {dimensions}, part, below, whole, scale, among, "each", observed
FROM told JOIN block_cell USING (block) WHERE coalesce(below.n >= least, TRUE)""")
    connection.unregister("figure_of")
    for done in ("placed_cell", "block_cell"):
        connection.execute(f"DROP TABLE {done}")
    if aside:
        connection.execute(f"DELETE FROM counted_cell AS computed USING {CELLS} AS given WHERE {_GIVEN}")
        connection.execute(f"INSERT INTO {CELLS} BY NAME SELECT * FROM counted_cell")
        connection.execute("DROP TABLE counted_cell")


def _refuse_loss(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Assert that every record was counted once: each has one draw."""
    row = connection.execute(f'SELECT (SELECT count(*) FROM {name}), (SELECT sum("rows") FROM {combinations(name)})').fetchone()
    assert row is not None
    if row[0] != row[1]:
        raise AssertionError(f"{name}: {row[0]} records, but {row[1]} of them have a draw")


def breakdowns(found: Indicator) -> tuple[tuple[str, ...], ...]:
    """Give the breakdowns in which an indicator is published: a plain count or sum that has any in the whole cube."""
    cubed = found.kind in ("count", "sum") and found.fixed is None and () in found.breakdowns and len(found.breakdowns) > 1
    return tuple(dict.fromkeys((*found.breakdowns, *cube(found.table)))) if cubed else found.breakdowns


def _numerator(found: Indicator) -> str:
    """Write the expression that is summed: what a share is of, a measure, or one for each record."""
    return {"count": "TRUE", "sum": found.measure, "ratio": found.numerator}[found.kind]


def _denominators(found: Indicator) -> list[str]:
    """Write the expressions that are summed below the line of a share, of which each must be above nothing."""
    return [part.strip() for part in found.denominator.split(";") if part.strip()]


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
        for expression in (_numerator(one), *_denominators(one), "TRUE"):
            found.setdefault(_value(one, expression), len(found))
    return found


def _value(found: Indicator, expression: str) -> str:
    """Write what one record adds to a part of an indicator; NULL where the indicator does not count it."""
    return f"CASE WHEN {found.condition} THEN CAST(({expression}) AS BIGINT) END"


def _figures(wanted: list[Indicator], names: list[str], counted: dict[str, int]) -> pa.Table:
    """Say of each indicator, at each level of its breakdowns, what it is and where its parts stand among the sums, from 1."""
    rows = []
    for found in wanted:
        row: dict[str, object] = {
            "indicator": found.code,
            "kind": found.kind,
            "count_unit": found.count_unit,
            "fixed": found.fixed[0] if found.fixed is not None else "",
            "fixed_value": found.fixed[1] if found.fixed is not None else "",
            "scale": found.scale,
            "least": found.least,
            "among": found.among,
            "each": bool(found.each),
        }
        row["part_at"], row["whole_at"] = (counted[_value(found, one)] + 1 for one in (_numerator(found), "TRUE"))
        row["below_at"] = [counted[_value(found, one)] + 1 for one in _denominators(found)]
        for breakdown in breakdowns(found):
            total = not breakdown and found.fixed is None
            rows.append({**row, "level": level(breakdown, names), "total": total, "observed": breakdown in found.breakdowns})
    return pa.Table.from_pylist(rows)


def _dimension(name: str, counted: bool, fixed: bool) -> str:
    """Give a dimension of a cell: as counted, or the value that an indicator fixes, or all."""
    value = name if counted else "'_T'"
    return f"CASE WHEN fixed = '{name}' THEN fixed_value ELSE {value} END AS {name}" if fixed else f"{value} AS {name}"
