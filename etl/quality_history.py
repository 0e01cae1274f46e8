"""How good each source is now and was before, which problems are new, fixed or open, and what to do next.

All of it is made from what may be told, see `etl.coarse`: from this public file and the one before, never from the records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.coarse import Coarse
from etl.coarse_quality import ALL, Told, measures_told, problems_told
from etl.tabled import write_table
from schemas.quality import measure_of_rule, measures

if TYPE_CHECKING:
    import duckdb

MOST_ACTIONS = 3
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
    asked = {code: value for code, value in values.items() if code in measures() and measures()[code].action}
    missed = sorted((-measures()[code].shortfall(value), code) for code, value in asked.items())
    for shortfall, code in missed:
        measure = measures()[code]
        if shortfall < 0:
            open_rules = [problem for problem in _gravest(met) if problem.rule in measure.rules]
            rule = open_rules[0].rule if open_rules else None
            actions.append(Action(measure.action, code, worst.get(code), rule, values[code], measure.target))
    named = {action.rule for action in actions}
    actions += [Action(ASK, measure_of_rule().get(one.rule), rule=one.rule) for one in _gravest(met) if one.rule not in named]
    return actions[:MOST_ACTIONS]


def write_quality(
    connection: duckdb.DuckDBPyConnection, coarse: Coarse, published: frozenset[str], compared: bool
) -> None:
    """Write `quality_source`, `problem_change` and `next_action`, if compared with what the public file `before` says.

    published: the sources whose figures are public as they are.
    """
    told = [one for one in measures_told(connection, coarse, published, by_source=True) if one.measure in measures()]
    now = {(one.source, one.measure, one.field): one.value for one in told}
    before = _before(connection, "quality_source", _MEASURED_BEFORE) if compared else {}
    rows = [
        (source, code, value, before.get((source, code)), measure.target, measure.high, measure.nqaf)
        for (source, code, field), value in now.items()
        if field == ALL
        for measure in [measures()[code]]
    ]
    write_table(connection, "quality_source", _SOURCES, rows)
    met = _problems(connection, problems_told(connection, coarse, published), compared)
    listed = [
        (source, measure_of_rule().get(one.rule), one.rule, one.severity, *map(_text, (one.added, one.fixed, one.still_open)))
        for source, found in met.items()
        for one in found
    ]
    write_table(connection, "problem_change", _PROBLEMS, listed)
    actions = []
    for source, silences in _silences(connection).items():
        values = {one.measure: one.value for one in told if one.source == source and one.field == ALL and _is_sure(one)}
        for place, one in enumerate(next_actions(values, _worst(now, source), met.get(source, []), silences), start=1):
            actions.append((source, place, one.action, one.measure, one.field, one.rule, one.value, one.target))
    write_table(connection, "next_action", _ACTIONS, actions)


def _is_sure(one: Told) -> bool:
    """Say whether a measure meets its target, or misses it, however its value was rounded."""
    measure = measures()[one.measure]
    least, most = one.value - one.step, one.value + one.step
    return (least >= measure.target or most <= measure.target) if one.step else True


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


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


def _problems(
    connection: duckdb.DuckDBPyConnection, told: list[tuple[str, str, str, int]], compared: bool
) -> dict[str, list[Problem]]:
    """Hold the problems that may be told against those that the edition before told: what is more is new, what is less fixed."""
    before = _before(connection, "problem_change", _PROBLEMS_BEFORE) if compared else {}
    now: dict[tuple[str, ...], int] = {(source, rule, severity): number for source, rule, severity, number in told}
    found: dict[str, list[Problem]] = defaultdict(list)
    for key in sorted(now.keys() | before.keys()):
        source, rule, severity = key
        number, older = now.get(key, 0), int(before.get(key, 0))
        more, less = (max(number - older, 0), max(older - number, 0)) if compared else (None, None)
        found[source].append(Problem(rule, severity, more, less, min(number, older) if compared else number))
    return found


def _before(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> dict[tuple[str, ...], float]:
    """Give what the public file before tells by the words of its key; nothing where an older program wrote no such table."""
    held = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'before' AND table_name = ?", [table]
    ).fetchone()
    return {tuple(key): value for *key, value in connection.execute(query).fetchall()} if held is not None else {}


def _silences(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    query = "SELECT source, (count(*) FILTER (status = 'NORESP'))::INTEGER FROM newer.submission GROUP BY source ORDER BY source"
    return dict(connection.execute(query).fetchall())


_MEASURED_BEFORE = "SELECT source, measure, value FROM before.quality_source"
# Those of a source that is gone are not told again; a number that an older program wrote as `<10` is small, and so none.
_PROBLEMS_BEFORE = """
SELECT source, rule_id, severity, number FROM (
    SELECT source, rule_id, severity,
        (coalesce(TRY_CAST(added AS INTEGER), 0) + coalesce(TRY_CAST(still_open AS INTEGER), 0)) AS number
    FROM before.problem_change
) WHERE number > 0 AND source IN (SELECT source FROM newer.submission)"""
