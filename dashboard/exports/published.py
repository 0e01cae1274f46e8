"""What an export must know of an edition besides its figures: manifest, labels, sources, indicators, columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dashboard.exports.options import ExportError
from dashboard.exports.rows import Rows
from schemas.codelists import codelist, codelist_names
from schemas.dimensions import BREAKDOWN, label_list
from schemas.places import areas
from schemas.tables import Field, table

# Bands that no list names are written by their numbers.
BAND = re.compile(r"Y(\d+)T(\d+)|Y_GE(\d+)|Y_LT(\d+)")
# Where the label of a code is looked up: the list of the field, then those that hold what several fields share.
SHARED = ("CL_RESERVED", "CL_AGE_GROUP", "CL_AGE_BAND")
LISTS = {"indicator": "INDICATOR"}


class Source(NamedTuple):
    """One source, as its declaration describes it."""

    name: str
    title: str
    publisher: str
    url: str | None
    licence: str | None
    invented: bool
    legal_definition: str | None
    coverage: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """One edition: `fields` are those of its observations; `codes` gives all codes that a field can have, or has.

    enumerated: the fields whose type lists their codes. labels: by list and code, in the language that was asked for.
    """

    path: Path
    name: str
    manifest: dict[str, str]
    fields: tuple[Field, ...]
    codes: dict[str, tuple[str, ...]]
    enumerated: frozenset[str]
    labels: dict[tuple[str, str], str]
    sources: dict[str, Source]

    def label(self, field: Field, code: str) -> str:
        """Give the label of a code of a field; the code itself where no list names it."""
        if field.type == "area" and code in areas():
            return self.labels.get(("AREA", code), areas()[code].name)
        if field.name == "source" and code in self.sources:
            return self.sources[code].title
        for listed in (list_of(field), *SHARED):
            if (label := self.labels.get((listed or "", code))) is not None:
                return label
        if (band := BAND.fullmatch(code)) is not None:
            low, high, least, below = band.groups()
            return f"{low}-{high}" if low else f"{least}+" if least else f"0-{int(below) - 1}"
        return code

    def definition(self, field: Field, code: str) -> str:
        """Say in English what a code of a field means; empty where its list does not say."""
        listed = list_of(field) or ""
        return codelist(listed).definition(code) if listed in codelist_names() and code in codelist(listed) else ""

    def listed(self, field: Field, name: str, values: dict[str, object], place: str | None = None) -> str:
        """Give the SQL that takes from the list bound as `name`, in the order of the field's codes, what goes with a code.

        place: the SQL that gives the code; the field itself if not given.
        """
        place = f'"{field.name}"' if place is None else place
        if field.name in self.enumerated:
            return f"list_extract(${name}, enum_code({place}) + 1)"
        values[f"codes_{field.name}"] = list(self.codes[field.name])
        return f"list_extract(${name}, list_position($codes_{field.name}, {place}))"


def list_of(field: Field) -> str | None:
    """Give the name of the list that a field's codes stand in, as the table `code` names it; None where it has none."""
    if field.codelist is not None:
        return field.codelist
    if field.type == "country":
        return "COUNTRY"
    return label_list(field.name) if field.role == BREAKDOWN else LISTS.get(field.name)


def read_published(rows: Rows, path: Path, name: str, language: str, ages: bool = False) -> Published:
    """Read what stands beside the figures; raises ExportError where the file holds a column that nobody declared.

    ages: whether to look up the ages that occur, which are in no list that names them all; it reads every figure.
    """
    declared = {field.name: field for field in table("observation").fields}
    held = rows.columns("observation")
    if unknown := [column for column in held if column not in declared]:
        raise ExportError(f"edition {name} holds a column that is not declared, {unknown[0]}; build it again")
    words = rows.fetch("SELECT list, code, label FROM e.code WHERE language = $language", {"language": language})
    sources = {row[0]: Source._make(row) for row in rows.fetch(_SOURCES)}
    codes = {column: codes for column, codes in held.items() if codes is not None}
    codes |= {"source": tuple(sources), "indicator": tuple(code for listed, code, _ in words if listed == "INDICATOR")}
    if ages:
        codes["age"] = tuple(age for (age,) in rows.fetch("SELECT DISTINCT age FROM e.observation ORDER BY age"))
    return Published(
        path=path,
        name=name,
        manifest=dict(rows.fetch("SELECT name, value FROM e.manifest")),
        fields=tuple(declared[column] for column in held),
        codes=codes,
        enumerated=frozenset(column for column, codes in held.items() if codes is not None),
        labels={(listed, code): label for listed, code, label in words},
        sources=sources,
    )


_SOURCES = """
SELECT name, title, publisher, url, licence, invented, legal_definition, coverage, note FROM e.source ORDER BY name"""
