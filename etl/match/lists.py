"""Every word that a field may hold, with its code: of a code list, of the countries, of the areas of a country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from etl.match.lexicon import rows, two_letters
from schemas import places
from schemas.codelists import LANGUAGES, STANDARDS, codelist, codelist_names
from schemas.tables import tables

COUNTRY, AREA, YES_NO = "country", "area", "CL_YNU"
SEVERAL = "?"  # the code of a word with several meanings; its note names them
_CODE = re.compile(r"\b[A-Z]{3}\b")
_GROUPS = {"age": "CL_AGE_GROUP"}
_ONE_CODE = ("exact", "narrow")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word with its code; `ask` where a person must say, as the word has several meanings or is no name of a state.

    `label` marks the words that the list itself gives, before any lexicon.
    """

    code: str
    language: str
    written: str
    ask: bool
    checked: bool
    label: bool = False


@cache
def list_of(name: str) -> str | None:
    """Give the list whose codes a field holds: `CL_...`, `country` or `area`; None for a field without codes.

    name: a list, a field or `table.field`; a field of several tables is looked up in the first that has it.
    """
    if name in (COUNTRY, AREA) or name in codelist_names():
        return name
    table, _, field = name.rpartition(".")
    for found in tables():
        for declared in found.fields:
            if declared.name == field and table in ("", found.name):
                return _list_of_type(declared.type, declared.codelist)
    return _GROUPS.get(field)


@cache
def entries(name: str, country: str | None) -> tuple[Entry, ...]:
    """Give all words of one list; of areas only those of the country of the file.

    Codes and standard strings have the language `und`. Labels count as checked where no review is asked for.
    """
    if name == COUNTRY:
        return _countries()
    if name == AREA:
        return _areas(country)
    return (*_labels(name), *_words(name))


def _list_of_type(kind: str, listed: str | None) -> str | None:
    if kind == "boolean":
        return YES_NO
    return listed if listed is not None else kind if kind in (COUNTRY, AREA) else None


def _labels(name: str) -> tuple[Entry, ...]:
    listed = codelist(name)
    found = []
    for code, row in listed.rows.items():
        found.append(Entry(code, "und", code, False, True))
        for language in LANGUAGES:
            if row[f"label_{language}"]:
                found.append(Entry(code, language, row[f"label_{language}"], False, language not in row["review"].split(), True))
        for standard in STANDARDS:
            strings = listed.crosswalk(code, standard)
            if strings and listed.match(code, standard) in _ONE_CODE:
                found += [Entry(code, "und", string, False, True) for string in strings.split(" | ")]
    return tuple(found)


def _words(name: str) -> tuple[Entry, ...]:
    found = [Entry(row["code"], row["language"], row["word"], row["ask"] != "", row["review"] != "y") for row in _by_list()[name]]
    if name == YES_NO:
        found += [
            Entry(row["value"], two_letters(row["language"]) or "und", word, False, row["review"] != "y")
            for row in rows("phrases")
            if row["kind"] == "yes_no"
            for word in row["words"].split("|")
        ]
    return tuple(found)


@cache
def _by_list() -> Mapping[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("codes"):
        found[row["list"]].append(row)
    return found


def _countries() -> tuple[Entry, ...]:
    found = []
    known_codes = places.countries().keys()
    for iso3, known in places.countries().items():
        found += [Entry(iso3, "und", code, False, True) for code in (iso3, known.iso2) if code]
        found += [Entry(iso3, language, label, False, True, True) for language, label in known.labels.items() if label]
    for row in rows("countries"):
        told = [row["iso3"]] if row["iso3"] != SEVERAL else [code for code in _CODE.findall(row["note"]) if code in known_codes]
        doubtful = "y" in (row["ask"], row["doubt"])
        found += [Entry(code, row["language"], row["alias"], doubtful, row["review"] != "y") for code in told or [SEVERAL]]
    return tuple(found)


def _areas(country: str | None) -> tuple[Entry, ...]:
    found = []
    for code, area in places.areas().items():
        if country in (None, area.iso3):
            found += [Entry(code, "und", code, False, True), Entry(code, "und", area.name, False, True, True)]
    for row in rows("areas"):
        if country in (None, row["iso3"]):
            found.append(Entry(row["area_code"], "und", row["alias"], row["ask"] == "y", row["review"] != "y"))
    return tuple(found)
