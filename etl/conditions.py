"""Conditions of indicators in, what they say of each other out: which records one counts are among those of another.

Nothing is read off their texts: every condition is asked of every combination of the codes that they name, so that two that
are written otherwise and mean the same are the same, whatever is added to `indicators.csv`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from etl.dimensions import DIMENSIONS, IDENTITY
from schemas.indicators import Indicator, computations
from schemas.tables import UNKNOWN, Field, table

if TYPE_CHECKING:
    import duckdb

PARTS = ("part", "below", "whole")  # of a share; a count has the first alone
_OTHER = ("~1", "~2")  # codes that no condition names: one, and another where a country may be compared with a country
Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Figure:
    """What stands in one part of the cells of a computation: its code, the code that its cell fixes (or none), the part."""

    indicator: str
    fixed: tuple[str, str] | None
    part: str


@dataclass(frozen=True)
class Broken:
    """A set that is made of the cells of a larger one: those whose codes of `dimensions` are, or are not, among `codes`."""

    number: int
    of: int
    dimensions: tuple[str, ...]
    codes: frozenset[tuple[str, ...]]
    listed: bool


@dataclass(frozen=True)
class Conditions:
    """The sets of records of one table that figures count, by their numbers.

    figures: for every figure the number of its set. within: for every set those that are a part of it and not all of it.
    apart: pairs of sets that have no record in common. broken: which sets cells of others make.
    """

    figures: dict[Figure, int]
    within: dict[int, tuple[int, ...]]
    apart: frozenset[tuple[int, int]]
    broken: tuple[Broken, ...]

    def families(self) -> list[tuple[int, tuple[int, ...]]]:
        """Give each set with sets inside it that share no record: each alone, and as many as there are of the largest."""
        found: dict[tuple[int, tuple[int, ...]], None] = {}
        for whole, parts in self.within.items():
            found |= {(whole, (part,)): None for part in parts}
            nearest = [part for part in parts if not any(part in self.within[other] for other in parts)]
            for first in nearest:
                family = [first]
                for other in nearest:
                    if all((other, member) in self.apart for member in family):
                        family.append(other)
                if len(family) > 1:
                    found[whole, tuple(sorted(family))] = None
        return list(found)


def conditions(connection: duckdb.DuckDBPyConnection, name: str) -> Conditions:
    """Find what the conditions of all counts and shares over one table of records say of each other.

    Looked at are conditions that choose records by fields of one code; those that look into lists or at numbers are not.
    """
    expressions = _expressions(name)
    domains = _domains(name, list(expressions.values()))
    sets: list[Chosen] = []
    figures: dict[Figure, int] = {}
    numbers: dict[str, int | None] = {}
    for figure, text in expressions.items():
        if text not in numbers:
            numbers[text] = _number(sets, _ask(connection, name, text, domains))
        number = numbers[text]
        if number is not None:
            figures[figure] = number
    within = {
        whole: tuple(part for part in range(len(sets)) if part != whole and not (sets[part] & ~sets[whole]).any())
        for whole in range(len(sets))
    }
    apart = frozenset(pair for pair in itertools.permutations(range(len(sets)), 2) if not (sets[pair[0]] & sets[pair[1]]).any())
    return Conditions(figures, within, apart, tuple(_broken(name, sets, within, domains)))


def _number(sets: list[Chosen], chosen: Chosen) -> int | None:
    """Give the number of the set that a condition chooses, a new one where none is the same; None where it chooses nothing."""
    if not chosen.any():
        return None
    for number, other in enumerate(sets):
        if not (chosen ^ other).any():
            return number
    sets.append(chosen)
    return len(sets) - 1


def _expressions(name: str) -> dict[Figure, str]:
    """Give the condition of each part of each count and share of a table that can be looked at."""
    fields = {field.name: field for field in table(name).fields}
    found = {
        Figure(computed.code, computed.fixed, part): text
        for computed in computations()
        if computed.table == name
        for part, text in _written(computed).items()
    }
    usable = {}
    for figure, text in found.items():
        named = _named(text, fields)
        if all(field.codes is not None and not field.many for field in named):
            usable[figure] = text
    return usable


def _written(found: Indicator) -> dict[str, str]:
    if found.kind == "count":
        return {"part": found.condition}
    if found.kind != "ratio":
        return {}
    below = " OR ".join(f"({part})" for part in found.denominator.split(";"))
    return {
        "part": f"({found.condition}) AND ({found.numerator})",
        "below": f"({found.condition}) AND ({below})",
        "whole": found.condition,
    }


def _named(text: str, fields: dict[str, Field]) -> list[Field]:
    words = dict.fromkeys(re.findall(r"[a-z_0-9]+", re.sub(r"'[^']*'", "", text)))
    return [fields[word] for word in words if word in fields]


def _domains(name: str, texts: list[str]) -> dict[str, list[str | None]]:
    """Give for each field that is named the codes that are named with it, others, and nothing, as far as it can hold them."""
    fields = {field.name: field for field in table(name).fields}
    codes: dict[str, dict[str, None]] = {}
    for text in texts:
        for field in _named(text, fields):
            allowed = {*(field.codes or ())}
            codes.setdefault(field.name, {}).update({code: None for code in re.findall(r"'([^']*)'", text) if code in allowed})
    domains: dict[str, list[str | None]] = {}
    for named, listed in codes.items():
        field = fields[named]
        others = _OTHER if field.type == "country" and named not in IDENTITY else _OTHER[:1]
        domains[named] = [*listed, *(others if {*(field.codes or ())} - {*listed} else ())]
        domains[named] += [None] if field.required != "R" else []
    return domains


def _ask(connection: duckdb.DuckDBPyConnection, name: str, text: str, domains: dict[str, list[str | None]]) -> Chosen:
    """Ask a condition of every combination of the codes of its fields: an axis for each field, of length 1 where not named."""
    named = {field.name for field in _named(text, {field.name: field for field in table(name).fields})}
    axes = {field: codes for field, codes in domains.items() if field in named}
    crossed = " CROSS JOIN ".join(
        f"(SELECT unnest(${field}) AS {field}, unnest(range({len(codes)})) AS at_{field})" for field, codes in axes.items()
    )
    order = ", ".join(f"at_{field}" for field in axes) or "1"
    rows = connection.execute(
        f"SELECT coalesce({text}, FALSE) FROM {crossed or '(SELECT 1)'} ORDER BY {order}", dict(axes)
    ).fetchall()
    shape = [len(codes) if field in axes else 1 for field, codes in domains.items()]
    return np.array([row[0] for row in rows], bool).reshape(shape)


def _broken(
    name: str, sets: list[Chosen], within: dict[int, tuple[int, ...]], domains: dict[str, list[str | None]]
) -> Iterator[Broken]:
    """Find the sets that cells of a larger set make, broken down by one dimension or, where one is not enough, by two."""
    given = {dimension: field for dimension, field in DIMENSIONS[name].items() if field in domains}
    for whole, parts in within.items():
        for part in parts:
            both, without = sets[whole] & sets[part], sets[whole] & ~sets[part]
            made = (
                _made(both, without, names, [list(domains).index(given[name]) for name in names], domains)
                for depth in (1, 2)
                for names in itertools.combinations(given, depth)
            )
            first = next((found for found in made if found is not None), None)
            if first is not None:
                yield Broken(part, whole, *first)


def _made(
    both: Chosen, without: Chosen, names: tuple[str, ...], axes: list[int], domains: dict[str, list[str | None]]
) -> tuple[tuple[str, ...], frozenset[tuple[str, ...]], bool] | None:
    """Give the codes of which the larger set's records are those of the smaller, and whether they are listed or left out."""
    others = tuple(axis for axis in range(len(domains)) if axis not in axes)
    inside, outside = both.any(axis=others), without.any(axis=others)
    if (inside & outside).any():
        return None
    shape = [len(codes) for axis, codes in enumerate(domains.values()) if axis in axes]
    inside, outside = np.broadcast_to(inside, shape), np.broadcast_to(outside, shape)
    answers: dict[tuple[str, ...], set[bool]] = {}
    order = [sorted(axes).index(axis) for axis in axes]
    for place in np.ndindex(inside.shape):
        codes = tuple(list(domains.values())[axes[at]][place[order[at]]] or UNKNOWN for at in range(len(axes)))
        told = answers.setdefault(codes, set())
        told |= {answer for answer, cells in ((True, inside), (False, outside)) if cells[place]}
    if any(len(answer) > 1 for answer in answers.values()):
        return None
    taken = {codes for codes, answer in answers.items() if True in answer}
    left = {codes for codes, answer in answers.items() if False in answer}
    if not any(code in _OTHER for codes in taken for code in codes):
        return names, frozenset(taken), True
    # of codes that no condition names the set has all or none
    return None if any(code in _OTHER for codes in left for code in codes) else (names, frozenset(left), False)
