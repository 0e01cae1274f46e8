"""Somebody with a linear programme: what each small count of a register can be, given all that is shown of the register.

He is written apart from `etl.audit` and what it uses. He counts the records anew, so as to know which cells are empty, takes what
is shown from the edition, and finds out himself which sums hold and which conditions imply which.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import duckdb
import highspy
import numpy as np

from schemas.dimensions import record_dimensions, record_tables
from schemas.indicators import Indicator, computations
from schemas.protection import cube
from schemas.tables import table

Block = tuple[object, ...]
Name = tuple[str, str]  # of a set of records: an indicator with the code that it fixes, and the part of it
Cell = tuple[Name, tuple[str, ...]]
Sum = tuple[int, tuple[int, ...]]  # the place of the total, and those of its parts
BLOCK = ("source", "ref_area", "source_type", "period_start", "period_end", "period_type")
COUNTS = {found.code for found in computations() if found.kind == "count"}
THRESHOLD, UNLISTED, WITHIN, INFINITE = 10, 9, 1, float("inf")
FEWEST = 5  # values that the policy leaves a small count


@dataclass
class Register:
    """What is true of the cells of one register, what is shown of them, and which make which."""

    truth: dict[Cell, int] = field(default_factory=dict)
    told: dict[Cell, tuple[float, float]] = field(default_factory=dict)
    sums: list[tuple[Cell, list[Cell]]] = field(default_factory=list)


def registers(records: duckdb.DuckDBPyConnection) -> dict[Block, Register]:
    """Read the registers of an edition, each a source, body and period, with the sums that hold in it."""
    found: dict[Block, Register] = defaultdict(Register)
    for name in record_tables():
        texts = conditions(name)
        if not texts:
            continue
        counted, seen = _counted(records, name, texts)
        inside = implied(records, name, texts, seen)
        for block, cells in counted.items():
            found[block].sums += breakdowns(cells) + _nested(cells, inside)
            found[block].truth |= cells
    for block, cell, span in _told(records):
        if cell in found[block].truth:
            found[block].told[cell] = span
    return found


def conditions(name: str) -> dict[Name, str]:
    """Write the conditions of all counts and shares over one table that look at fields of one code."""
    coded = {item.name for item in table(name).fields if item.codes is not None and not item.many}
    fields = {item.name for item in table(name).fields}
    texts: dict[Name, str] = {}
    for found in computations():
        if found.table != name or found.kind not in ("count", "ratio"):
            continue
        for part, text in _parts(found).items():
            named = {*re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", text))} & fields
            if named <= coded:
                texts[f"{found.code} {found.cell}".strip(), part] = text
    return texts


def _parts(found: Indicator) -> dict[str, str]:
    if found.kind == "count":
        return {"part": found.condition}
    below = " OR ".join(f"({text})" for text in found.denominator.split(";"))
    return {"part": f"({found.condition}) AND ({found.numerator})", "below": f"({found.condition}) AND ({below})"}


def implied(
    records: duckdb.DuckDBPyConnection, name: str, texts: dict[Name, str], seen: set[tuple[bool, ...]]
) -> list[tuple[Name, Name]]:
    """List which condition implies which other: no combination of the codes of their fields makes the first true alone.

    seen: what the conditions say of records that there are, so that most pairs need not be asked.
    """
    fields = {item.name: item for item in table(name).fields}
    place = {key: at for at, key in enumerate(texts)}
    found = []
    for first, second in itertools.permutations(texts, 2):
        if any(answers[place[first]] and not answers[place[second]] for answers in seen):
            continue
        words = dict.fromkeys(re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", f"{texts[first]} {texts[second]}")))
        named = [word for word in words if word in fields]
        written = {*re.findall(r"'([^']*)'", f"{texts[first]} {texts[second]}")}
        codes = {
            word: [*([None] if fields[word].required != "R" else []), *_some(fields[word].codes or (), written)] for word in named
        }
        crossed = " CROSS JOIN ".join(f"(SELECT unnest(${word}) AS {word})" for word in named) or "(SELECT 1)"
        against = records.execute(
            f"SELECT 1 FROM {crossed} WHERE ({texts[first]}) AND NOT coalesce({texts[second]}, FALSE) LIMIT 1", codes
        ).fetchone()
        if against is None:
            found.append((first, second))
    return found


def _some(codes: tuple[str, ...], written: set[str]) -> list[str]:
    """Give the codes that are written, and two that are not: they cannot be told apart."""
    return [*(code for code in codes if code in written), *[code for code in codes if code not in written][:2]]


def _counted(
    records: duckdb.DuckDBPyConnection, name: str, texts: dict[Name, str]
) -> tuple[dict[Block, dict[Cell, int]], set[tuple[bool, ...]]]:
    dimensions = record_dimensions(name)
    given = ", ".join(f"coalesce(({text})::VARCHAR, '_U') AS d_{dimension}" for dimension, text in dimensions.items())
    native = "submission.period_type IN ('EFY', 'EY', 'FY_JUL', 'TIPR', 'H', 'Q', 'M')"
    block = (
        "submission.source, row.reporting_country, row.source_type, "
        f"CASE WHEN {native} THEN submission.period_start ELSE make_date(ref_year, 1, 1) END, "
        f"CASE WHEN {native} THEN submission.period_end ELSE make_date(ref_year, 12, 31) END, "
        f"CASE WHEN {native} THEN submission.period_type::VARCHAR ELSE 'CY' END"
    )
    rows = records.execute(
        f"SELECT {block}, {given}, {', '.join(f'coalesce({text}, FALSE)' for text in texts.values())} "
        f"FROM {name} AS row JOIN (SELECT submission_id, source, period_type, period_start, period_end FROM submission) "
        "AS submission USING (submission_id)"
    ).fetchall()
    places = {dimension: at for at, dimension in enumerate(dimensions)}
    sets = {key: _sets(name, key) for key in texts}
    counted: dict[Block, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        block_of, codes, answers = tuple(map(str, row[:6])), row[6 : 6 + len(dimensions)], row[6 + len(dimensions) :]
        for key, answer in zip(texts, answers, strict=True):
            for broken in sets[key] if answer else ():
                taken = {places[dimension] for dimension in broken}
                where = tuple(code if at in taken else "_T" for at, code in enumerate(codes))
                counted[block_of][key, where] += 1
    return counted, {row[6 + len(dimensions) :] for row in rows}


def _sets(name: str, key: Name) -> list[tuple[str, ...]]:
    """Give the breakdowns in which something of a set of records is published."""
    sets: dict[tuple[str, ...], None] = {}
    for found in computations():
        if f"{found.code} {found.cell}".strip() == key[0]:
            sets |= dict.fromkeys(found.breakdowns)
            if found.kind == "count" and () in found.breakdowns:
                sets |= dict.fromkeys(cube(name))
    return list(sets)


def breakdowns(cells: dict[Cell, int]) -> list[tuple[Cell, list[Cell]]]:
    """Find for every total what breaks it down by one dimension more."""
    parts: dict[tuple[Cell, int], list[Cell]] = defaultdict(list)
    for name, where in cells:
        for at, code in enumerate(where):
            whole = name, (*where[:at], "_T", *where[at + 1 :])
            if code != "_T" and whole in cells:
                parts[whole, at].append((name, where))
    return [(whole, made) for (whole, _), made in parts.items() if sum(cells[part] for part in made) == cells[whole]]


def _nested(cells: dict[Cell, int], inside: list[tuple[Name, Name]]) -> list[tuple[Cell, list[Cell]]]:
    """Take every set from those that hold it: what is left is a cell of its own, which nobody is shown."""
    by_name: dict[Name, list[tuple[str, ...]]] = defaultdict(list)
    for name, where in cells:
        by_name[name].append(where)
    found = []
    left: dict[Cell, int] = {}
    for part, whole in inside:
        for where in by_name[part]:
            if (whole, where) in cells:
                rest = ((f"{' '.join(whole)} without {' '.join(part)}", "rest"), where)
                left[rest] = cells[whole, where] - cells[part, where]
                found.append(((whole, where), [(part, where), rest]))
    cells |= left
    return found


def _told(records: duckdb.DuckDBPyConnection) -> list[tuple[Block, Cell, tuple[float, float]]]:
    """Read what is shown: numbers to within one of the truth, exact ones exactly, signs by their range."""
    dimensions = {name: list(record_dimensions(name)) for name in record_tables()}
    every = list(dict.fromkeys(name for names in dimensions.values() for name in names))
    columns = ", ".join(f"{name}::VARCHAR" for name in (*BLOCK, "indicator", *every))
    rows = records.execute(
        f"SELECT {columns}, obs_value, value_lower, value_upper, obs_comment, n, below "
        "FROM shown LEFT JOIN exact USING (observation_id) "
        "WHERE origin = 'COMPUTED'"
    ).fetchall()
    known = {(found.code, found.cell): found for found in computations() if found.table in dimensions}
    told = []
    for row in rows:
        block, indicator, codes = row[:6], row[6], dict(zip(every, row[7 : 7 + len(every)], strict=True))
        number, lower, upper, comment, n, below = row[7 + len(every) :]
        for (code, cell), found in known.items():
            if code != indicator or (found.fixed is not None and codes[found.fixed[0]] != found.fixed[1]):
                continue
            free = {name: "_T" if found.fixed is not None and name == found.fixed[0] else value for name, value in codes.items()}
            where = tuple(free[name] for name in dimensions[found.table])
            key = f"{code} {cell}".strip()
            if found.kind == "count":
                told.append((block, ((key, "part"), where), _span(number, lower, upper, n)))
            elif (
                found.kind == "ratio"
                and comment is not None
                and (numbers := re.match(r"(\d+) of (\d+) ", comment))
                and n is not None
            ):
                told.append((block, ((key, "part"), where), _span(float(numbers[1]), 0, INFINITE, n)))
                told.append((block, ((key, "below"), where), _span(float(numbers[2]), 0, INFINITE, below)))
    return told


def _span(number: float | None, lower: float | None, upper: float | None, n: int) -> tuple[float, float]:
    low, high = lower or 0, INFINITE if upper is None else upper
    return (low, high) if number is None or low == high else (max(low, n - WITHIN), min(high, n + WITHIN))


def narrowest(register: Register) -> tuple[int, Cell | None]:
    """Give the fewest whole numbers that a small count of a register can be, and which it is; none where no count is small."""
    cells = [cell for cell, n in register.truth.items() if n]
    place = {cell: at for at, cell in enumerate(cells)}
    n = np.array([register.truth[cell] for cell in cells], float)
    spans = [register.told.get(cell, (0, _unlisted(cell, register.truth[cell]))) for cell in cells]
    rows = dict.fromkeys(
        (place[whole], tuple(sorted(place[part] for part in parts if part in place)))
        for whole, parts in register.sums
        if whole in place
    )
    solver = _solver(np.array([low for low, _ in spans]), np.array([high for _, high in spans]), list(rows))
    least, most = n.copy(), n.copy()
    fewest, which = 10**6, None
    for at in np.flatnonzero((n >= 1) & (n < THRESHOLD)):
        for sign in (1.0, -1.0):
            if np.floor(most[at] + 1e-6) - np.ceil(least[at] - 1e-6) + 1 >= min(fewest, THRESHOLD):
                break
            solver.changeColCost(int(at), sign)
            solver.run()
            status, values = solver.getModelStatus(), np.array(solver.getSolution().col_value)
            solver.changeColCost(int(at), 0.0)
            if status == highspy.HighsModelStatus.kUnbounded:
                most[at] = INFINITE
                break
            assert status == highspy.HighsModelStatus.kOptimal, f"{status}: {cells[at]}"
            least, most = np.minimum(least, values), np.maximum(most, values)
        width = min(_values(solver, int(at), least[at], most[at], spans, rows), fewest)
        if width < fewest:
            fewest, which = int(width), cells[at]
    return fewest, which


def _values(
    solver: highspy.Highs, at: int, least: float, most: float, spans: list[tuple[float, float]], rows: Iterable[Sum]
) -> float:
    """Count the whole numbers that a cell can be; where they are few, with the next ones that a table proves to be possible.

    The solver holds each sum to 1e-7, and errors of hundreds of sums may make a bound of 11 look like 10.999998. A table in
    fractions that agrees exactly with all sums and all that is told settles it; without one the solver is believed.
    """
    low, high = float(np.ceil(least - 1e-6)), float(np.floor(most + 1e-6))
    if high - low + 1 < FEWEST:
        high += _proven(solver, at, high + 1, spans, rows)
        low -= low > 0 and _proven(solver, at, low - 1, spans, rows)
    return high - low + 1


def _proven(solver: highspy.Highs, at: int, value: float, spans: list[tuple[float, float]], rows: Iterable[Sum]) -> bool:
    """Say whether a table that agrees exactly with everything gives a cell this number."""
    solver.changeColBounds(at, value, value)
    solver.run()
    solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    table = [Fraction(x).limit_denominator(720) for x in solver.getSolution().col_value] if solved else []
    low, high = spans[at]
    solver.changeColBounds(at, low, highspy.kHighsInf if np.isinf(high) else high)
    return (
        solved
        and table[at] == value
        and all(least <= x <= most for x, (least, most) in zip(table, spans, strict=True))
        and all(table[whole] == sum((table[part] for part in parts), Fraction(0)) for whole, parts in rows if parts != (whole,))
    )


def _unlisted(cell: Cell, n: int) -> float:
    """Give what a cell can be at most that no line speaks of; parts of shares, and countries of journeys that a source never
    names, have none however many they are."""
    return UNLISTED if cell[0][0] in COUNTS and n <= UNLISTED else INFINITE


def _solver(lower: np.ndarray, upper: np.ndarray, rows: list[Sum]) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1), ("simplex_strategy", 4)):
        solver.setOptionValue(option, value)
    solver.addVars(len(lower), lower, np.where(np.isinf(upper), highspy.kHighsInf, upper))
    for whole, parts in rows:
        if parts != (whole,):
            weights = [1.0, *[-1.0] * len(parts)]
            solver.addRow(0.0, 0.0, len(weights), np.array([whole, *parts], np.int32), np.array(weights))
    return solver
