"""Exact figures in, what may be shown of them out: counts moved by their keys, and shares and rates of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from etl.audit import Audit, prior
from etl.cells import CELLS
from etl.cost import write_cost
from etl.derived import write_derived
from etl.dimensions import ALL_DIMENSIONS, ANNUAL
from etl.draws import draw, draws
from etl.identities import identities
from etl.lattice import Entries, add_sums, join, sums_of, tell
from etl.medians import write_medians
from etl.released import Released
from etl.shown import write_shown
from etl.store import RECORDS
from etl.sums import Flags, Numbers, Sums
from schemas.protection import NOT_LISTED, Perturbation, perturbation
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

    from etl.holding import Holding

PUBLIC = "public"
# Units that measure instead of counting: what was received in them cannot be protected without its counts.
MEASURES = "('PCT', 'RATE100K', 'CUR', 'RATIO', 'MONTH', 'DAY')"
_RECEIVED = "protection = 'RECEIVED' AND origin = 'REPORTED' AND conf_status = 'F'"
_BLOCK = "hash(source, ref_area::VARCHAR, {0}, period_start, period_end, period_type::VARCHAR{1})"
_PLACES = (*ALL_DIMENSIONS, "ref_subarea")
_PARTS = ("part", "below", "whole")
# What the state lets be shown, and what anybody can read elsewhere, is no secret that has to be kept.
_OPEN = "(source, indicator, period_start, period_end) IN (SELECT (source, indicator, period_start, period_end) FROM released)"


def write_protected(
    connection: duckdb.DuckDBPyConnection,
    drawn_with: str,
    released: Sequence[Released] = (),
    audience: str = PUBLIC,
    holding: Holding | None = None,
) -> None:
    """Fill `shown`, which is what an audience may see of all figures, and `exact` with the numbers behind it.

    `shown` has the fields of an observation; `exact` (observation_id, n, below) stays in the confidential file, so that a
    figure that is shown can be explained. No key and no draw is written. The cells of the records, and their draws,
    must be there; both are dropped. released: small totals that a state shows; what they tell of their parts is its decision.
    holding: what decides about small changes, where there may be any.
    """
    rules = perturbation(audience)
    _write_received(connection, drawn_with)
    _write_released(connection, released)
    audit = _tell(connection, rules)
    fields = ", ".join(f'"{field.name}" {field.sql_type}' for field in table("observation").fields)
    connection.execute(f"CREATE OR REPLACE TABLE shown ({fields})")
    connection.execute("CREATE OR REPLACE TABLE exact (observation_id VARCHAR, n BIGINT, below BIGINT)")
    write_shown(connection, rules.audience)
    write_medians(connection, rules)
    write_cost(connection, rules.audience, audit)
    if holding is not None:
        holding.replace(connection)
    write_derived(connection, "shown")
    if holding is not None:
        holding.mark(connection)
    for name in (CELLS, "received_cell", "told_cell", "told_received", "released", *map(draws, RECORDS)):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _write_received(connection: duckdb.DuckDBPyConnection, drawn_with: str) -> None:
    """Give every count that was received a draw of its cell, which never changes."""
    where = (
        "source",
        "ref_area",
        "source_type",
        "period_start",
        "period_end",
        "period_type",
        "indicator",
        "count_unit",
        *_PLACES,
    )
    identity = f"ROW({', '.join(f'{name}::VARCHAR' for name in where)})::VARCHAR"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE received_cell AS SELECT *, round(obs_value)::BIGINT AS n, {draw(identity)} AS drawn "
        f"FROM observation WHERE {_RECEIVED} AND obs_value IS NOT NULL AND count_unit NOT IN {MEASURES}",
        {"drawn_with": drawn_with},
    )


def _write_released(connection: duckdb.DuckDBPyConnection, released: Sequence[Released]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE released (source VARCHAR, indicator VARCHAR, period_start DATE, period_end DATE)"
    )
    if released:
        connection.executemany("INSERT INTO released VALUES (?, ?, ?, ?)", [list(total) for total in released])


def _tell(connection: duckdb.DuckDBPyConnection, rules: Perturbation) -> Audit:
    """Decide what is told of every number, beside the row that it stands in: the tables told_cell and told_received."""
    counted = _fetch(
        connection,
        f"SELECT rowid::BIGINT AS row, kind = 'sum' AS summed, kind = 'ratio' AS shared, "
        f"{_total(ALL_DIMENSIONS)} AND kind <> 'ratio' AS total, {_spared('ref_area', 'body', 'part.n')} AS spared, "
        f"{_BLOCK.format('body', '')} AS block, "
        f"{_BLOCK.format('body', ', indicator, count_unit')} AS base, {_hashes(ALL_DIMENSIONS)}, "
        + ", ".join(f"coalesce({part}.{name}, 0) AS {part}_{name}" for part in _PARTS for name in ("n", "drawn", "records"))
        + f" FROM {CELLS} WHERE NOT (public OR {_total(ALL_DIMENSIONS)} AND kind <> 'ratio' AND {_OPEN}) ORDER BY rowid",
    )
    received = _fetch(
        connection,
        f"SELECT rowid::BIGINT AS row, TRUE AS summed, {_total(_PLACES)} AS total, "
        f"{_spared('ref_area::VARCHAR', 'source_type, ref_subarea', 'n')} AS spared, "
        f"{_BLOCK.format('source_type::VARCHAR', '')} AS block, "
        f"{_BLOCK.format('source_type::VARCHAR', ', indicator, count_unit::VARCHAR')} AS base, {_hashes(_PLACES)}, n AS part_n, "
        f"drawn AS part_drawn, n AS part_records FROM received_cell WHERE NOT ({_total(_PLACES)} AND {_OPEN}) ORDER BY rowid",
    )
    shares = np.flatnonzero(counted["shared"])
    entries = [_entries(counted, "part"), _entries(received, "part", own=True)]
    entries += [_entries(counted, part, shares) for part in ("below", "whole")]
    entries += [_rest(counted, shares, "whole", "below"), _rest(counted, shares, "below", "part")]
    starts = np.cumsum([0, *(len(part.n) for part in entries)])
    below, whole, unknown, others = (np.arange(len(shares)) + start for start in starts[2:6])
    sums = _sums(counted, ALL_DIMENSIONS, np.flatnonzero(~counted["shared"]), 0)
    sums = add_sums(sums, _sums(received, _PLACES, np.arange(len(received["row"])), int(starts[1])))
    persons = counted["below_n"][shares] == counted["below_records"][shares]
    for first, second, total, nested in (
        (below, unknown, whole, persons & (entries[4].n >= 0)),
        (shares, others, below, entries[5].n >= 0),
    ):
        of = np.arange(int(nested.sum()))
        sums = add_sums(sums, Sums(np.concatenate([first[nested], second[nested]]), np.concatenate([of, of]), total[nested]))
    numbers = join(entries)
    places = {"part": np.arange(starts[1]), "below": _at(shares, below, starts[1]), "whole": _at(shares, whole, starts[1])}
    numbers, more = identities(connection, counted, numbers, places)
    audit = tell(numbers, add_sums(sums, more), rules)
    said = audit.said
    beneath = np.full(len(counted["row"]), NOT_LISTED, np.int64)
    beneath[shares] = said[below]
    exact = audit.exact[: starts[1]], audit.exact[starts[1] : starts[2]]
    _register(connection, "told_cell", rules, counted["row"], exact[0], part=said[: starts[1]], below=beneath)
    _register(connection, "told_received", rules, received["row"], exact[1], part=said[starts[1] : starts[2]])
    for name, cells, columns in (
        ("told_cell", CELLS, "part.n, part.n, part.n, coalesce(below.n, 0), coalesce(below.n, 0), coalesce(below.n, 0)"),
        ("told_received", "received_cell", "n, n, n"),
    ):
        connection.execute(
            f"INSERT INTO {name} SELECT rowid, TRUE, {columns} FROM {cells} WHERE rowid NOT IN (SELECT row FROM {name})"
        )
    return audit


def _at(rows: Numbers, places: Numbers, number: int) -> Numbers:
    """Give for every row of a number of them its place, -1 where it has none."""
    found = np.full(number, -1, np.int64)
    found[rows] = places
    return found


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, np.ndarray]:
    return {name: np.asarray(values) for name, values in connection.execute(query).fetchnumpy().items()}


def _hashes(names: tuple[str, ...]) -> str:
    """Hash the value of each dimension, so that a cell is known by the sum of its hashes and its totals by less of them."""
    return ", ".join(
        f"CASE WHEN {name}::VARCHAR <> '_T' THEN hash('{name}', {name}::VARCHAR) ELSE 0::UBIGINT END AS hash_{name}"
        for name in names
    )


def _total(names: tuple[str, ...]) -> str:
    """Say in SQL whether a cell is a national total of a year: of one source and indicator, without any breakdown."""
    whole = " AND ".join(f"{name}::VARCHAR = '_T'" for name in names)
    return f"(period_type::VARCHAR IN {ANNUAL} AND {whole})"


def _spared(country: str, body: str, number: str) -> str:
    """Say in SQL whether a cell is unknown, of nationals, or the largest of its breakdown: it is hidden after all others."""
    unknown = " OR ".join(f"{name}::VARCHAR = '_U'" for name in ALL_DIMENSIONS)
    breakdown = ", ".join(f"{name}::VARCHAR = '_T'" for name in ALL_DIMENSIONS)
    return (
        f"({unknown} OR citizenship::VARCHAR IN ('NAT', {country}) OR row_number() OVER (PARTITION BY source, {country}, {body}, "
        f"period_start, period_end, indicator, count_unit, {breakdown} ORDER BY {number} DESC) = 1)"
    )


def _entries(rows: dict[str, np.ndarray], part: str, places: Numbers | None = None, own: bool = False) -> Entries:
    chosen = np.arange(len(rows["row"])) if places is None else places
    nothing = np.zeros(len(chosen), bool)
    return Entries(
        n=rows[f"{part}_n"][chosen],
        drawn=rows[f"{part}_drawn"][chosen],
        records=rows[f"{part}_records"][chosen],
        block=rows["block"][chosen],
        summed=rows["summed"][chosen] if part == "part" else nothing,
        own=np.full(len(chosen), own),
        unseen=nothing,
        total=rows["total"][chosen] if part == "part" else nothing,
        spared=rows["spared"][chosen] if part == "part" else nothing,
    )


def _rest(rows: dict[str, np.ndarray], places: Numbers, total: str, part: str) -> Entries:
    """Give what a total is without one part: told nowhere, and there for whoever subtracts."""
    nothing = np.zeros(len(places), bool)
    n, drawn = (rows[f"{total}_{name}"][places] - rows[f"{part}_{name}"][places] for name in ("n", "drawn"))
    return Entries(n, drawn, n, rows["block"][places], nothing, nothing, ~nothing, nothing, nothing)


def _sums(rows: dict[str, np.ndarray], names: tuple[str, ...], places: Numbers, start: int) -> Sums:
    found = sums_of(rows["base"][places], [rows[f"hash_{name}"][places] for name in names], rows["part_n"][places])
    return Sums(places[found.part] + start, found.of, places[found.whole] + start)


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, rules: Perturbation, row: Numbers, exact: Flags, **said: Numbers
) -> None:
    columns: dict[str, Numbers | Flags] = {"row": row, "exact": exact}
    for part, told in said.items():
        lower, upper = prior(told, rules)
        if part == "part":
            lower, upper = np.where(exact, told, lower), np.where(exact, told, upper)
        columns |= {f"{part}_said": told, f"{part}_lower": lower, f"{part}_upper": upper}
    connection.register("told", pa.table(columns))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM told")
    connection.unregister("told")
