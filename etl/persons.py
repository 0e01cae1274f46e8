"""Who stands in which cells, as numbers: what an edition remembers of its persons, to count how many moved since then.

A person is one number, made under the key of the installation from her record's draw and from all that figures look at in it,
so that whoever is counted otherwise has another number. Nobody can read a record out of it.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from etl.cells import combinations
from etl.dimensions import ALL_DIMENSIONS, DIMENSIONS, OF, PLACED, TIME
from etl.draws import draws
from schemas.indicators import Indicator, computations
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

# Tables of which a record is a person; a record of the others is an incident or group with as many persons as it says.
PERSONS = ("victim", "suspect")
_REMEMBERED = {
    "state": "unit BIGINT, source VARCHAR, period VARCHAR, state INTEGER",
    "person": "unit BIGINT, state INTEGER, measure VARCHAR, mark BIGINT, n BIGINT",
    "decision": "mark VARCHAR",
}
_NUMBER = f"(md5_number($drawn_with || '|' || {{0}} || '|' || $drawn_with) & {2**62 - 1})::BIGINT"
_UNIT = f"(md5_number(source || ' ' || {{0}}) & {2**62 - 1})::BIGINT AS unit, source, {{0}} AS period"


def write_persons(connection: duckdb.DuckDBPyConnection, drawn_with: str) -> None:
    """Fill the temporary tables `person` (unit, measure, mark, n) and `unit` (unit, source, period) with what is counted.

    unit: a source and period, as a number. measure: what n counts, empty for records. mark: who stands where. n: how many.
    What was published row by row, or as a figure, is public already and never waits. The draws and combinations of all records
    must be there.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE person (unit BIGINT, measure VARCHAR, mark BIGINT, n BIGINT)")
    connection.execute("CREATE OR REPLACE TEMP TABLE unit (unit BIGINT, source VARCHAR, period VARCHAR)")
    bound = {"drawn_with": drawn_with}
    for name in DIMENSIONS:
        if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is not None:
            _write_records(connection, name, bound)
    connection.execute(_COUNTS, bound)
    connection.execute("INSERT INTO unit SELECT DISTINCT unit, source, period FROM received_person")
    connection.execute("INSERT INTO person SELECT unit, measure, mark, sum(n)::BIGINT FROM received_person GROUP BY ALL")
    connection.execute("DROP TABLE received_person")


def read_before(connection: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Attach the records of an edition as `earlier`, and give what they remember as `known_state`, `known_person` and
    `known_decision`; empty where there is no edition before.
    """
    if before is not None:
        connection.execute(f"ATTACH '{str(before).replace(chr(39), chr(39) * 2)}' AS earlier (READ_ONLY)")
    for name, columns in _REMEMBERED.items():
        if before is not None:
            connection.execute(f"CREATE TEMP VIEW known_{name} AS SELECT * FROM earlier.released_{name}")
        else:
            connection.execute(f"CREATE TEMP TABLE known_{name} ({columns})")


def forget_before(connection: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Detach the edition before, and drop all that was made to count who moved."""
    for name in _REMEMBERED:
        connection.execute(f"DROP {'TABLE' if before is None else 'VIEW'} known_{name}")
    for name in ("person", "unit"):
        connection.execute(f"DROP TABLE {name}")
    if before is not None:
        connection.execute("DETACH earlier")


def _write_records(connection: duckdb.DuckDBPyConnection, name: str, bound: dict[str, str]) -> None:
    """Add the persons of one table of records; what figures look at is worked out once for each distinct combination."""
    columns = [row[0] for row in connection.execute(f"DESCRIBE {combinations(name)}").fetchall()]
    same = f"hash({', '.join(f'{chr(34)}{column}{chr(34)}' for column in columns if column not in ('rows', 'drawn'))})"
    place = ", ".join(f"'{one}=' || nullif(({text})::VARCHAR, '_U')" for one, text in DIMENSIONS[name].items())
    texts, sums = _looked_at(connection, name)
    numbers = "".join(f", sum_{number}" for number in range(len(sums)))
    measures = "".join(f", CAST({text} AS BIGINT) AS sum_{number}" for number, (_, text) in enumerate(sums))
    connection.execute(f"""
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT {_UNIT.format(TIME)}, same, {_NUMBER.format("located")} AS located,
    {_NUMBER.format("located || '#' || counted")} AS counted{numbers}
FROM (
    SELECT {PLACED}, {same} AS same, concat_ws('|', '{name}', reporting_country, row.source_type, {place}) AS located,
        concat_ws('|', {", ".join(texts)}) AS counted{measures}
    FROM {combinations(name)} AS row {OF}
)
WHERE submission_id::VARCHAR NOT IN (SELECT submission_id FROM submission WHERE already_public)""", bound)  # fmt: skip
    connection.execute("INSERT INTO unit SELECT DISTINCT unit, source, period FROM looked_at")
    joined = (
        f"FROM (SELECT submission_id, source_row, {same} AS same, {_measured(name)} AS measured FROM {name}) AS record "
        f"JOIN {draws(name)} AS draw USING (submission_id, source_row) JOIN looked_at USING (same)"
    )
    connection.execute(f"INSERT INTO person SELECT unit, '', xor(xor(drawn, counted), measured), 1 {joined}")
    for number, (label, _) in enumerate(sums):
        connection.execute(
            f"INSERT INTO person SELECT unit, $label, xor(drawn, located), sum_{number} {joined} WHERE sum_{number} <> 0",
            {"label": label},
        )
    connection.execute("DROP TABLE looked_at")


def _looked_at(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Give what figures look at in a record as expressions: texts, and the numbers of persons of an incident by their names.

    A number of persons is no part of the texts: one person more in an incident does not move the others in it.
    """
    texts, sums = [], []
    for found in computations():
        if found.table != name or found.kind == "median":
            continue
        label = ".".join((found.code, *(found.fixed or ())))
        for part, expression in _parts(found).items():
            value = f"(CASE WHEN {found.condition} THEN ({expression}) END)"
            boolean = _is_boolean(connection, name, expression)
            if boolean or name in PERSONS:
                said = f"nullif({value}::BIGINT, 0)" if boolean else value
                texts.append(f"'{label}.{part}=' || {said}::VARCHAR")
            else:
                sums.append((f"{label}.{part}", value))
    core = [field.name for field in table(name).fields if field.silence is not None and not field.many]
    return [*texts, *(f"CASE WHEN row.{field} <> '_U' THEN 'known.{field}' END" for field in core)], sums


def _parts(found: Indicator) -> dict[str, str]:
    if found.kind == "ratio":
        below = [part.strip() for part in found.denominator.split(";") if part.strip()]
        return {"part": found.numerator, **{f"below{place}": part for place, part in enumerate(below)}}
    return {found.kind: found.measure if found.kind == "sum" else "TRUE"}


def _measured(name: str) -> str:
    """Write the number that the values make of which medians are taken, in which every record may have one of its own."""
    number = "0::BIGINT"
    for found in computations():
        if found.table == name and found.kind == "median":
            factor = int.from_bytes(blake2b(found.code.encode(), digest_size=4).digest()) >> 1
            value = f"(round(CAST({found.measure} AS DOUBLE) * 100)::BIGINT % {2**31 - 1} + 1) * {factor}"
            number = f"xor({number}, CASE WHEN {found.condition} AND ({found.measure}) IS NOT NULL THEN {value} ELSE 0 END)"
    return number


def _is_boolean(connection: duckdb.DuckDBPyConnection, name: str, expression: str) -> bool:
    query = f"SELECT any_value(typeof({expression})) FROM (SELECT * FROM {combinations(name)} LIMIT 1)"
    return connection.execute(query).fetchall() == [("BOOLEAN",)]


# Who is counted in a breakdown stands in one of its cells, so that each breakdown of each indicator received is a measure of
# its own; that in which most persons moved says how many moved at least.
_BREAKDOWN = ", ".join(f"CASE WHEN {name}::VARCHAR <> '_T' THEN '{name}' END" for name in (*ALL_DIMENSIONS, "ref_subarea"))
_CELL = ", ".join(
    f"{name}::VARCHAR" for name in ("ref_area", "source_type", "indicator", "count_unit", *ALL_DIMENSIONS, "ref_subarea")
)
_COUNTS = f"""
CREATE OR REPLACE TEMP TABLE received_person AS
SELECT {_UNIT.format("time_period")}, measure, {_NUMBER.format("located")} AS mark, n FROM (
    SELECT source, time_period, concat_ws('|', indicator, count_unit, source_type, {_BREAKDOWN}) AS measure,
        concat_ws('|', source, time_period, {_CELL}) AS located, round(obs_value)::BIGINT AS n
    FROM observation WHERE protection = 'RECEIVED' AND origin = 'REPORTED' AND conf_status = 'F' AND obs_value > 0
        AND count_unit NOT IN ('PCT', 'RATE100K', 'CUR', 'RATIO', 'MONTH', 'DAY')
)"""
