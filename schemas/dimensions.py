"""The dimensions of a figure, and the fields of records that give them: both as `fields.csv` declares them, and nowhere else."""

from __future__ import annotations

from functools import cache

from schemas.tables import Field, table, tables

OBSERVATION = "observation"
# Roles of the fields of an observation. Together they say which cell of which table a figure stands in.
PLACE, PERIOD, SUBJECT, BREAKDOWN, QUALIFIER, BODY = "place", "period", "subject", "breakdown", "qualifier", "body"
CELL = (PLACE, PERIOD, SUBJECT, BREAKDOWN, QUALIFIER, BODY)
# What a record that names several codes of a list counts under, so that the parts of a total make the total.
MIXED = "MIXED"


@cache
def dimensions(*roles: str) -> tuple[str, ...]:
    """Name the fields of an observation that have one of some roles, in the order of `fields.csv`."""
    return tuple(field.name for field in table(OBSERVATION).fields if field.role in roles)


@cache
def breakdowns() -> tuple[str, ...]:
    """Name the dimensions in which a figure may speak of a part only; the code `_T` stands for all."""
    return dimensions(BREAKDOWN, QUALIFIER)


@cache
def record_tables() -> tuple[str, ...]:
    """Name the tables of records that figures are counted from: those with a field that gives a dimension."""
    return tuple(found.name for found in tables() if any(field.dimension for field in found.fields))


@cache
def record_dimensions(name: str) -> dict[str, str]:
    """Give, for one table of records, the DuckDB expression of each dimension, in the order of the dimensions.

    An expression is NULL where the record does not say; a list of several codes is `MIXED`. Errors: ValueError where a
    field gives a dimension that is not declared, that another field gives too, or that cannot hold its codes.
    """
    given: dict[str, Field] = {}
    for field in table(name).fields:
        if field.dimension is None:
            continue
        if field.dimension not in breakdowns():
            raise ValueError(f"fields.csv: {name}.{field.name} gives {field.dimension}, which is no dimension of an observation")
        if field.dimension in given:
            raise ValueError(f"fields.csv: {name}.{field.name} gives {field.dimension} a second time")
        if lacking := _lacking(field):
            raise ValueError(f"fields.csv: {name}.{field.name}: observation.{field.dimension} cannot hold {lacking}")
        given[field.dimension] = field
    return {dimension: _expression(given[dimension]) for dimension in breakdowns() if dimension in given}


@cache
def label_list(name: str) -> str:
    """Name the list in which the codes of a dimension have their labels: `COUNTRY`, `AREA` or a code list.

    A dimension that has no list of its own, such as age, takes that of the record field that gives it. Errors: ValueError
    where there is none.
    """
    own = table(OBSERVATION).field(name)
    givers = (field for found in tables() for field in found.fields if field.dimension == name)
    for field in (own, *givers):
        if field.codelist is not None:
            return field.codelist
        if field.type in ("country", "area"):
            return field.type.upper()
    raise ValueError(f"fields.csv: observation.{name} is a dimension, but no list holds the labels of its codes")


def field_label(name: str, language: str) -> str:
    """Give the heading of a field of an observation in a language; KeyError where it has none."""
    return table(OBSERVATION).field(name).labels[language]


def _expression(field: Field) -> str:
    several = f"CASE WHEN len({field.name}) > 1 THEN '{MIXED}' ELSE {field.name}[1]::VARCHAR END"
    return several if field.many else field.name


def _lacking(field: Field) -> list[str]:
    """Name the codes that a record can count under and the dimension has no code for; none where it has no list."""
    codes = table(OBSERVATION).field(field.dimension or "").codes
    if codes is None:
        return []
    needed = [*(field.codes or ()), *([MIXED] if field.many else []), "_T", "_U"]
    return [code for code in needed if code not in codes]
