"""Typed rows in, problems out: the rules over sets of rows, and the pandera contract of every whole table.

A contract's checks of one column hold for all rows when they hold for the distinct values, and a check over several
columns when it holds for their distinct combinations, so that is what pandera is given.
"""

from __future__ import annotations

import datetime
import importlib
import re
import threading
from typing import TYPE_CHECKING, Any

from etl.store import RECORDS
from schemas.rule_checks import set_checks
from schemas.rules import rule
from schemas.tables import Field, Table, table

if TYPE_CHECKING:
    import duckdb

# Tables that no later step writes to, and those that the indicators still do.
FINAL = (*RECORDS, "ruling")
COUNTED = ("submission", "observation", "problem")


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

    faults = _repeated(connection, name, found.key)
    columns = pandera_pandas.DataFrameSchema(contract(name).columns, strict=True)
    faults += _broken(columns, _telling_frame(connection, found))
    names = {field.name for field in found.fields}
    for identifier, needed, check in FRAME_CHECKS:
        if needed <= names:
            together = pandera_pandas.DataFrameSchema({}, checks=[pandera_pandas.Check(check, name=identifier)])
            together_columns = ", ".join(f'"{column}"' for column in USED[identifier] if column in names)
            faults += _broken(together, connection.execute(f"SELECT DISTINCT {together_columns} FROM {name}").df())
    return faults


# The columns that each check over several columns looks at.
USED = {
    "V03": ("age_years", "age_min", "age_max", "age_group"),
    "V05": ("trafficking_scope", "country_recruitment", "country_exploitation"),
    "V06": ("trafficking_scope", "country_recruitment", "country_exploitation"),
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


def _repeated(connection: duckdb.DuckDBPyConnection, name: str, key: str) -> list[str]:
    """A record's key is its submission and row, which are quicker to compare."""
    columns = "submission_id, source_row" if name in RECORDS else f'"{key}"'
    twice = _number(connection, f"SELECT count(*) FROM (SELECT 1 FROM {name} GROUP BY {columns} HAVING count(*) > 1)")
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
    """Put the telling values of every column side by side, each column filled up with its own last value."""
    import numpy
    import pandas

    columns = [connection.execute(_telling(found.name, field)).df()[field.name] for field in found.fields]
    longest = max(len(column) for column in columns)
    filled = [column.take(numpy.minimum(numpy.arange(longest), len(column) - 1)) for column in columns]
    return pandas.concat([column.reset_index(drop=True) for column in filled], axis=1)


def _telling(name: str, field: Field) -> str:
    """Select the values of a column on which its checks hold if and only if they hold on all of them.

    For a range that is the lowest and the highest; for free text any; for a record's key, one row of each submission;
    for anything else the distinct values. Absent values are among them.
    """
    column = f'"{field.name}"'
    if name in RECORDS and field.name == table(name).key:
        return f"SELECT submission_id || '-' || min(source_row) AS {column} FROM {name} GROUP BY submission_id"
    absent = f"UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM {name} WHERE {column} IS NULL)"
    if field.type in ("text", "hash") and field.pattern is None and field.codes is None and not field.many:
        return f"SELECT any_value({column}) AS {column} FROM {name} {absent}"
    if field.type in ("integer", "number", "date", "timestamp") and not field.many:
        return f"SELECT min({column}) AS {column} FROM {name} UNION ALL SELECT max({column}) FROM {name} {absent}"
    return f"SELECT DISTINCT {_plain(field)} AS {column} FROM {name}"


def _plain(field: Field) -> str:
    return f"array_to_string(\"{field.name}\", '|')" if field.many else f'"{field.name}"'


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
