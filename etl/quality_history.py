"""How good each source is now and was before, which problems are new, fixed or open, and what to do next.

Shares are told as `etl.public` tells them: in whole per cents, and not where few rows stand on one side. Problems are
counted in fives, and a small number of them as `<10`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.diff import problems
from etl.public import LEAST
from etl.tabled import write_table
from schemas.quality import measure_of_rule, measures

if TYPE_CHECKING:
    import duckdb

MOST_ACTIONS = 3
FIVE = 5
SILENT = "ANSWER"
ASK = "ASK"
_SOURCES = {
    "source": "VARCHAR", "measure": "VARCHAR", "value": "DOUBLE", "before": "DOUBLE", "target": "DOUBLE", "high": "BOOLEAN",
    "nqaf": "VARCHAR",
}  # fmt: skip
_PROBLEMS = {
    "source": "VARCHAR", "measure": "VARCHAR", "rule_id": "VARCHAR", "severity": "VARCHAR", "added": "VARCHAR",
    "fixed": "VARCHAR", "still_open": "VARCHAR",
}  # fmt: skip
_ACTIONS = {
    "source": "VARCHAR", "position": "INTEGER", "action": "VARCHAR", "measure": "VARCHAR", "field": "VARCHAR",
    "rule_id": "VARCHAR", "value": "DOUBLE", "target": "DOUBLE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """The problems of one rule in one source; new and fixed ones are None where there is nothing to compare with."""

    rule: str
    severity: str
    added: int | None
    fixed: int | None
    still_open: int


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do next: what, for which measure or rule, in which field, and how far the goal is."""

    action: str
    measure: str | None = None
    field: str | None = None
    rule: str | None = None
    value: float | None = None
    target: float | None = None


def next_actions(values: Mapping[str, float], worst: Mapping[str, str], met: Sequence[Problem], silences: int) -> list[Action]:
    """Give the three things to do next for a source: answer where it was silent, then what misses its target most.

    values: its measures by code. worst: for a measure the field that is worst. met: its problems. silences: submissions
    that never came. What is left of three goes to the rules that are broken most, errors before warnings.
    """
    actions = [Action(SILENT, value=silences)] if silences else []
    missed = sorted((-measures()[code].shortfall(value), code) for code, value in values.items() if code in measures())
    for shortfall, code in missed:
        measure = measures()[code]
        if shortfall < 0:
            open_rules = [problem for problem in _gravest(met) if problem.rule in measure.rules]
            rule = open_rules[0].rule if open_rules else None
            actions.append(Action(measure.action, code, worst.get(code), rule, values[code], measure.target))
    named = {action.rule for action in actions}
    actions += [Action(ASK, measure_of_rule().get(one.rule), rule=one.rule) for one in _gravest(met) if one.rule not in named]
    return actions[:MOST_ACTIONS]


def write_quality(connection: duckdb.DuckDBPyConnection, compared: bool) -> None:
    """Write `quality_source`, `problem_change` and `next_action` from the attached records `newer` and, if compared, `older`."""
    now = _measured(connection, "newer")
    before = _measured(connection, "older") if compared else {}
    rows = [
        (source, code, value, before.get((source, code, "_T")), measure.target, measure.high, measure.nqaf)
        for (source, code, field), value in now.items()
        if field == "_T" and (measure := measures().get(code)) is not None
    ]
    write_table(connection, "quality_source", _SOURCES, rows)
    met = _problems(connection, compared)
    listed = [
        (source, measure_of_rule().get(one.rule), one.rule, one.severity, *map(told, (one.added, one.fixed, one.still_open)))
        for source, found in met.items()
        for one in found
    ]
    write_table(connection, "problem_change", _PROBLEMS, listed)
    actions = []
    for source, silences in _silences(connection).items():
        values = {code: value for (name, code, field), value in now.items() if name == source and field == "_T"}
        for place, one in enumerate(next_actions(values, _worst(now, source), met[source], silences), start=1):
            actions.append((source, place, one.action, one.measure, one.field, one.rule, one.value, one.target))
    write_table(connection, "next_action", _ACTIONS, actions)


def told(number: int | None) -> str | None:
    """Write a number of problems as it may be told: in fives, `<10` where it is small, and zero as zero."""
    if number is None or number == 0:
        return None if number is None else "0"
    return f"<{LEAST}" if number < LEAST else str(FIVE * round(number / FIVE))


def _gravest(met: Sequence[Problem]) -> list[Problem]:
    """Put problems that still stand in order: errors first, then those of which there are most; information is left out."""
    standing = [one for one in met if one.severity != "I" and (one.added or 0) + one.still_open > 0]
    return sorted(standing, key=lambda one: (one.severity, -((one.added or 0) + one.still_open), one.rule))


def _worst(now: Mapping[tuple[str, str, str], float], source: str) -> dict[str, str]:
    found: dict[str, tuple[float, str]] = {}
    for (name, code, field), value in now.items():
        measure = measures().get(code)
        if name == source and field != "_T" and measure is not None:
            rank = (value if measure.high else -value, field)
            found[code] = min(found.get(code, rank), rank)
    return {code: field for code, (_, field) in found.items()}


def _measured(connection: duckdb.DuckDBPyConnection, side: str) -> dict[tuple[str, str, str], float]:
    query = _MEASURED.format(side=side)
    return {(source, code, field): value for source, code, field, value in connection.execute(query).fetchall()}


def _problems(connection: duckdb.DuckDBPyConnection, compared: bool) -> dict[str, list[Problem]]:
    rows = problems(connection) if compared else connection.execute(_OPEN).fetchall()
    found: dict[str, list[Problem]] = defaultdict(list)
    for source, rule, severity, *numbers in rows:
        added, fixed, still_open = (None if number is None else int(str(number)) for number in numbers)
        found[str(source)].append(Problem(str(rule), str(severity), added, fixed, still_open or 0))
    return found


def _silences(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    query = "SELECT source, (count(*) FILTER (status = 'NORESP'))::INTEGER FROM newer.submission GROUP BY source ORDER BY source"
    return dict(connection.execute(query).fetchall())


_OPEN = """
SELECT source, rule_id, severity::VARCHAR, NULL, NULL, count(*)::INTEGER
FROM newer.problem JOIN newer.submission USING (submission_id) GROUP BY ALL ORDER BY ALL"""
# The share of a source is told by the same rule as those of its files: see `etl.public`.
_MEASURED = f"""
SELECT source, measure, field, CASE WHEN NOT micro OR numerator IS NULL THEN round(value)
        WHEN numerator = denominator OR numerator = 0 THEN value
        WHEN least(numerator, denominator - numerator) >= 2 * {LEAST} THEN round(value)
        WHEN numerator > 0.99 * denominator AND denominator >= 200 * {LEAST} THEN 99 END AS told
FROM (
    SELECT source, measure, field, any_value(micro) AND measure IN ('DQ_COMPL', 'DQ_VALID', 'DQ_UNIQ', 'DQ_COHER') AS micro,
        sum(numerator)::BIGINT AS numerator, sum(denominator)::BIGINT AS denominator,
        CASE WHEN sum(denominator) > 0 THEN 100.0 * sum(numerator) / sum(denominator) ELSE avg(value) END AS value
    FROM {{side}}.quality_measure
    JOIN (SELECT source, bool_or(grain = 'MICRO') AS micro FROM {{side}}.submission GROUP BY source) USING (source)
    WHERE measure <> 'DQ_XCOH' GROUP BY source, measure, field
)
WHERE told IS NOT NULL AND coalesce(denominator, {LEAST}) >= {LEAST} ORDER BY source, measure, field"""
