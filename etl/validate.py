"""Typed rows in, problems out: the rules over sets of rows, and the pandera contract of every whole table.

A contract's checks of one column hold for all rows when they hold for the distinct values, and a check over several
columns when it holds for their distinct combinations, so that is what pandera is given.
"""

from __future__ import annotations

import datetime
import importlib
import re
import threading
from itertools import combinations
from typing import TYPE_CHECKING, Any

from etl.repeated_rows import report_repeated_rows
from etl.select import quoted
from etl.store import RECORDS
from schemas.rule_checks import set_checks
from schemas.rules import rule
from schemas.tables import Field, Table, rows_query, table

if TYPE_CHECKING:
    import duckdb

# Tables that no later step writes to, and those that the indicators still do.
FINAL = (*RECORDS, "ruling")
COUNTED = ("submission", "observation", "problem")
# So few rows are looked at one and all: that is one query, where the values that tell of many are one a column.
FEW = 1_000


def prefetch_contracts() -> None:
    """Begin to import pandera aside: it takes most of a second, which reading the first file hides."""
    threading.Thread(target=importlib.import_module, args=("pandera.pandas",), daemon=True).start()


def run_set_rules(connection: duckdb.DuckDBPyConnection, today: datetime.date, multi_form: dict[str, bool]) -> None:
    """Write the problems that rules over sets of rows find, submission by submission.

    multi_form: for each source, whether the forms of exploitation may add up to more than the total.
    """
    submissions = connection.execute(
        "SELECT submission_id, source, period_start, period_end FROM submission WHERE rows_ok > 0 ORDER BY submission_id"
    ).fetchall()
    for name in (*RECORDS, "observation"):
        held = {row[0] for row in connection.execute(f"SELECT DISTINCT submission_id FROM {name}").fetchall()}
        for check in set_checks(name):
            severity = rule(check.rule).severity
            for submission, source, start, end in submissions:
                if submission not in held:
                    continue
                offered = {
                    "submission_id": submission, "period_start": start, "period_end": end, "today": today,
                    "multi_form": multi_form.get(source, False),
                }  # fmt: skip
                parameters: dict[str, object] = {
                    key: value for key, value in offered.items() if re.search(rf"\${key}\b", check.sql)
                }
                connection.execute(
                    f'INSERT INTO problem BY NAME SELECT $of AS submission_id, $name AS "table", source_row, $rule AS rule_id, '
                    f"$severity AS severity, note FROM ({check.sql}) AS found",
                    {**parameters, "of": submission, "name": name, "rule": check.rule, "severity": severity},
                )
    report_repeated_rows(connection)


def check_contracts(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """Hold tables against their pandera contracts; a row that breaks it is a fault of ours, and stops the build."""
    for name in names:
        faults = contract_faults(connection, name)
        if faults:
            raise AssertionError(f"the table {name} breaks its contract: {faults[:10]}")


def contract_faults(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Give one sentence for each check of the contract that the table breaks, without the values that break it."""
    found = table(name)
    rows = _number(connection, f"SELECT count(*) FROM {name}")
    if rows == 0:
        return []
    import pandera.pandas as pandera_pandas

    from schemas.contracts import FRAME_CHECKS, contract

    if rows <= FEW:
        return _broken(contract(name), connection.execute(rows_query(name)).df())
    faults = _repeated(connection, name, found.key)
    columns = pandera_pandas.DataFrameSchema(contract(name).columns, strict=True)
    faults += _broken(columns, _telling_frame(connection, found))
    names = {field.name for field in found.fields}
    for identifier, needed, check in FRAME_CHECKS:
        if needed <= names:
            together = pandera_pandas.DataFrameSchema({}, checks=[pandera_pandas.Check(check, name=identifier)])
            faults += _broken(together, connection.execute(_telling_together(name, identifier, names)).df())
    return faults


# The columns that each check over several columns looks at.
USED = {
    "V03": ("age_years", "age_min", "age_max", "age_group"),
    "V20": ("date_formal", "date_charged", "date_verdict1", "date_final"),
    "V25": (
        "n_migrants",
        "n_migrants_quality",
        "n_female",
        "n_male",
        "n_sex_unknown",
        "n_child",
        "n_adult",
        "n_age_unknown",
        "n_uasc",
    ),
}


def _telling_together(name: str, identifier: str, names: set[str]) -> str:
    """Select the combinations of columns on which a check over several of them holds if and only if it holds on all.

    For stages in order (V20) these are, of each two stages, the row where the later one comes soonest after the earlier
    one: where any row breaks the order, one of these does.
    """
    columns = [column for column in USED[identifier] if column in names]
    if identifier == "V20":
        whole = "{" + ", ".join(f"'{column}': \"{column}\"" for column in columns) + "}"
        soonest = ", ".join(f'arg_min({whole}, "{later}" - "{earlier}")' for earlier, later in combinations(columns, 2))
        return f"SELECT unnest(told) FROM (SELECT unnest([{soonest}]) AS told FROM {name}) WHERE told IS NOT NULL"
    return f"SELECT DISTINCT {', '.join(map(quoted, columns))} FROM {name}"


def _repeated(connection: duckdb.DuckDBPyConnection, name: str, key: str) -> list[str]:
    """Find keys that stand more than once; a record's key is its submission and row, and rows are bits of a long string."""
    if name not in RECORDS:
        query = f'SELECT count(*) FROM (SELECT 1 FROM {name} GROUP BY "{key}" HAVING count(*) > 1)'
        twice = _number(connection, query)
    else:
        spans = f"SELECT submission_id, min(source_row), max(source_row) FROM {name} GROUP BY submission_id"
        query = (
            "SELECT count(*) - bit_count(bitstring_agg(source_row, {}::INTEGER, {}::INTEGER)) "
            f"FROM {name} WHERE submission_id = ?"
        )
        twice = 0
        for submission, lowest, highest in connection.execute(spans).fetchall():
            twice += _number(connection, query.format(lowest, highest), [submission])
    return [f"{key} is not unique: {twice} values stand more than once"] if twice else []


def _broken(schema: Any, rows: Any) -> list[str]:
    from pandera.errors import SchemaErrors

    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as fault:
        cases = fault.failure_cases
        return sorted({f"{case.column}: {case.check}" for case in cases[["column", "check"]].itertuples()})
    return []


def _telling_frame(connection: duckdb.DuckDBPyConnection, found: Table) -> Any:
    """Put the values of every column side by side on which its checks hold if and only if they hold on all of them.

    For a range these are the lowest and the highest; for free text any; for a record's key, one row of each submission;
    for anything else the distinct values. Absent values are among them. A column is filled up with its own last value.
    """
    import numpy
    import pandas

    spans = [field for field in found.fields if _is_span(found, field)]
    told: Any = connection.execute(_spans(found.name, spans)).df() if spans else {}
    columns = [
        told[field.name] if field in spans else connection.execute(_distinct(found.name, field)).df()[field.name]
        for field in found.fields
    ]
    longest = max(len(column) for column in columns)
    filled = [column.take(numpy.minimum(numpy.arange(longest), len(column) - 1)) for column in columns]
    return pandas.concat([column.reset_index(drop=True) for column in filled], axis=1)


def _is_span(found: Table, field: Field) -> bool:
    if field.many or (found.name in RECORDS and field.name == found.key):
        return False
    return field.type in ("integer", "number", "date", "timestamp") or (
        field.type in ("text", "hash") and field.pattern is None and field.codes is None
    )


def _spans(name: str, fields: list[Field]) -> str:
    """Select the lowest and the highest of every column, and a third row that is absent where any of its values is."""
    told = "unnest([min({0}), max({0}), CASE WHEN count({0}) = count(*) THEN min({0}) END]) AS {0}"
    return f"SELECT {', '.join(told.format(quoted(field.name)) for field in fields)} FROM {name}"


def _distinct(name: str, field: Field) -> str:
    column = quoted(field.name)
    if name in RECORDS and field.name == table(name).key:
        return f"SELECT submission_id || '-' || min(source_row) AS {column} FROM {name} GROUP BY submission_id"
    if field.many:
        return f"SELECT array_to_string({column}, '|') AS {column} FROM (SELECT DISTINCT {column} FROM {name})"
    return f"SELECT DISTINCT {column} FROM {name}"


def _number(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None) -> int:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return int(row[0])
