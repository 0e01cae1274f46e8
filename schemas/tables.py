"""The declared tables: every field of every harmonised table, from `fields.csv`, and their definitions for DuckDB."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from pathlib import Path

from schemas.codelists import codelist, codelist_names
from schemas.places import areas, countries

FIELDS_CSV = Path(__file__).with_name("fields.csv")
UNKNOWN = "_U"
LARGEST_INTEGER = 2**31 - 1
LABEL = "label_"  # how the names of columns that hold labels begin; the language follows
SQL_TYPES = {
    "text": "VARCHAR",
    "hash": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "country": "country",
    "area": "area",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one table, as a line of `fields.csv` declares it.

    `many` marks a list; `also` and `excluded` are codes allowed besides, and not allowed out of, the code list, the
    countries or the areas; `required` is R, C or O; `disclosure` is N, Q, S or I; `groups` names the readings that fill
    this field together with others. `role` is that of a field of an observation in its cell (`schemas.dimensions` names the
    roles), `dimension` is the dimension that a field of a record gives; `labels` are its headings, by language.
    """

    table: str
    name: str
    type: str
    many: bool
    codelist: str | None
    also: tuple[str, ...]
    excluded: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    pattern: str | None
    standard: str
    required: str
    disclosure: str
    groups: tuple[str, ...]
    definition: str
    role: str | None
    dimension: str | None
    labels: Mapping[str, str] = dataclass_field(compare=False)

    @property
    def codes(self) -> tuple[str, ...] | None:
        """Give the codes that this field may hold, in the order of their list; None where it holds no codes."""
        listed = _listed(self.type, self.codelist)
        if listed is None:
            return None
        kept = (code for code in listed if code not in self.excluded)
        return tuple(dict.fromkeys((*kept, *self.also)))

    @property
    def silence(self) -> str | None:
        """Give the code that a required field holds when the source says nothing; None where it has no such code."""
        codes = self.codes
        return UNKNOWN if self.required == "R" and codes is not None and UNKNOWN in codes else None

    @property
    def sql_type(self) -> str:
        """Give the DuckDB type: an ENUM named like the code list for codes, and a list of it for several."""
        single = self.codelist.lower() if self.codelist is not None else SQL_TYPES[self.type]
        if self.type == "integer" and self.maximum is not None and self.maximum > LARGEST_INTEGER:
            single = "BIGINT"
        return f"{single}[]" if self.many else single


@dataclass(frozen=True, slots=True)
class Table:
    """One harmonised table: its name, its fields in order, and the field that is its key."""

    name: str
    fields: tuple[Field, ...]
    key: str

    def field(self, name: str) -> Field:
        """Find a field by its name; KeyError when the table has none of that name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name!r}; it has {[field.name for field in self.fields]}")


@cache
def tables() -> tuple[Table, ...]:
    """Read every table, in the order of `fields.csv`; the first field of a table is its key."""
    with FIELDS_CSV.open(encoding="utf-8", newline="") as lines:
        fields = [_field(line) for line in csv.DictReader(lines)]
    names = dict.fromkeys(field.table for field in fields)
    return tuple(_table(name, [field for field in fields if field.table == name]) for name in names)


@cache
def table(name: str) -> Table:
    """Find a table by its name; KeyError when there is none of that name."""
    for found in tables():
        if found.name == name:
            return found
    raise KeyError(f"no table {name!r}; there are {[found.name for found in tables()]}")


def ddl(name: str) -> str:
    """Write the CREATE TABLE statement of a table; it needs the types of `enum_ddl`.

    The key is no PRIMARY KEY: DuckDB would keep an index of it in memory, and the contract checks it.
    """
    found = table(name)
    columns = ",\n".join(f'    "{field.name}" {field.sql_type}{_not_null(field)}' for field in found.fields)
    return f'CREATE TABLE "{found.name}" (\n{columns}\n)'


@cache
def enum_ddl() -> tuple[str, ...]:
    """Write one CREATE TYPE statement for each code list, for `country` and for `area`, codes in the order of the list.

    A type also holds codes that single fields allow besides their list, so that all fields of a list share a type.
    """
    fields = [field for found in tables() for field in found.fields]
    statements = []
    for name in codelist_names():
        also = _also(field for field in fields if field.codelist == name)
        statements.append(_create_type(name.lower(), (*codelist(name).codes, *also)))
    for kind in ("country", "area"):
        also = _also(field for field in fields if field.type == kind)
        statements.append(_create_type(kind, (*(_listed(kind, None) or ()), *also)))
    return tuple(statements)


def rows_query(name: str) -> str:
    """Write the SELECT that gives a table as its contract and its exports want it: lists as `|`-joined text."""
    columns = ", ".join(
        f'array_to_string("{field.name}", \'|\') AS "{field.name}"' if field.many else f'"{field.name}"'
        for field in table(name).fields
    )
    return f'SELECT {columns} FROM "{name}"'


def _field(line: dict[str, str]) -> Field:
    return Field(
        table=line["table"],
        name=line["field"],
        type=line["type"],
        many=line["list"] == "y",
        codelist=line["codelist"] or None,
        also=_parts(line["also"]),
        excluded=_parts(line["except"]),
        minimum=float(line["minimum"]) if line["minimum"] else None,
        maximum=float(line["maximum"]) if line["maximum"] else None,
        pattern=line["pattern"] or None,
        standard=line["standard"],
        required=line["required"],
        disclosure=line["disclosure"],
        groups=_parts(line["group"]),
        definition=line["definition"],
        role=line["role"] or None,
        dimension=line["dimension"] or None,
        labels={key.removeprefix(LABEL): text for key, text in line.items() if key.startswith(LABEL) and text},
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _table(name: str, fields: list[Field]) -> Table:
    return Table(name=name, fields=tuple(fields), key=fields[0].name)


@cache
def _listed(kind: str, name: str | None) -> tuple[str, ...] | None:
    if name is not None:
        return codelist(name).codes
    if kind == "country":
        return tuple(countries())
    if kind == "area":
        return tuple(areas())
    return None


def _also(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for field in fields for code in field.also))


def _create_type(name: str, codes: tuple[str, ...]) -> str:
    values = ", ".join(f"'{code}'" for code in dict.fromkeys(codes))
    return f"CREATE TYPE {name} AS ENUM ({values})"


def _not_null(field: Field) -> str:
    return " NOT NULL" if field.required == "R" else ""
