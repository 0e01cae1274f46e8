"""The values of a column in, what they say for and against each field out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from etl.fold import fold
from etl.match.index import bare, index
from etl.match.lists import AREA, YES_NO, list_of
from etl.match.values import is_missing
from etl.readings.phrases import phrases
from schemas.tables import table

MOST_LOOKED_AT = 300  # distinct values, the most common first
_DATE = re.compile(r"^\D{0,12}(\d{1,4})[-/. ](\d{1,2}|[^\W\d]{3,})[-/. ](\d{1,4})\b")
_NUMBER = re.compile(r"^[~<>≥≤+]?\s?\d[\d\s.,]*\+?$")
_YEAR = re.compile(r"^(?:fy|efy|ey)?\s?((?:19|20)\d\d)(?:[-/]\d{2,4})?\b")
_DECIMAL = re.compile(r"^-?\d{1,3}[.,]\d{1,8}$")
_AGE = re.compile(r"^\D{0,10}\d{1,3}\s?(?:(?:-{1,2}|–|to|à)\s?\d{1,3})?\D{0,10}$")
_LONGEST_NUMBER = 18  # digits of a number that any register counts to
_SPLIT = re.compile(r"[;/|،፣,+]")
_KEY = re.compile(r"\d")
NUMBERS_ONLY = 0.49  # the share of a column of numbers for a field of codes: it says nothing, and nothing is sure
_OLDEST, _NEARLY_ALL = 110, 0.9
_FEWEST_ROWS = 5
_FIRST = 40  # where none of so many values is a word of the list, the others are not looked at


def spread(values: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Give the values that say something, most common first, with their counts."""
    told = ((value, count) for value, count in values.items() if not is_missing(value))
    return tuple(sorted(told, key=lambda item: -item[1])[:MOST_LOOKED_AT])


def is_numeric(values: tuple[tuple[str, int], ...]) -> bool:
    """Say whether nearly all values are numbers and nothing else."""
    return bool(values) and _share(values, lambda value: bool(_NUMBER.match(fold(value)))) >= _NEARLY_ALL


def coded(field: str, table_name: str) -> bool:
    """Say whether the values alone can tell the field, because it has a code list of its own."""
    return any(known.name == field and known.codelist not in (None, YES_NO) for known in table(table_name).fields)


def share(field: str, table_name: str, values: tuple[tuple[str, int], ...], country: str | None) -> float | None:
    """Give the share of the rows of a column that a field could hold, 0 to 1; None where nothing can be said.

    field: a field of the table, or one of the groups `age`, `fee`, `fine`, `migrants`, `coordinates`.
    """
    if not values:
        return None
    name = list_of(f"{table_name}.{field}") or list_of(field)
    if field == "age":
        return _share(values, _is_age)
    if name is not None:
        return _listed(name, values, country if name == AREA else None)
    kind = _kind(field, table_name)
    if kind == "date":
        return _share(values, _is_date)
    if kind in ("lat", "lon"):
        return _share(values, lambda value: bool(_DECIMAL.match(value)))
    if kind == "year":
        return _share(values, lambda value: bool(_YEAR.match(fold(value))))
    if kind == "number":
        return _share(values, lambda value: bool(_NUMBER.match(fold(value))))
    if kind == "key":
        distinct = len(values) / max(1, sum(count for _, count in values))
        return distinct * _share(values, lambda value: bool(_KEY.search(value)))
    return None


def of_kind(field: str, table_name: str, kind: str) -> bool | None:
    """Say whether a field may stand in a column of a kind (`date`, `number`, `code`, `free`); None where that says nothing.

    A column of numbers may hold codes of its own or the days of a spreadsheet, so it speaks against neither.
    """
    ours = _kind(field, table_name)
    if ours == "date":
        return {"date": True, "code": False, "free": False}.get(kind)
    if ours in ("number", "year", "lat", "lon"):
        return {"number": True, "date": False, "free": False}.get(kind)
    if coded(field, table_name):
        return {"code": True, "date": False, "free": False}.get(kind)
    return None


def is_running(values: tuple[tuple[str, int], ...]) -> bool:
    """Say whether the values count the rows: each once, whole numbers without a gap."""
    numbers = sorted(int(value) for value, count in values if count == 1 and value.isdecimal() and len(value) <= _LONGEST_NUMBER)
    return len(numbers) == len(values) >= _FEWEST_ROWS and numbers[-1] - numbers[0] == len(numbers) - 1


def _kind(field: str, table_name: str) -> str:
    if field in ("lat", "lon"):
        return field
    if field in ("ref_year", "time_period"):
        return "year"
    if field in ("migrants", "fee", "fine"):
        return "number" if field == "migrants" else "money"
    declared = next((known for known in table(table_name).fields if known.name == field), None)
    if declared is None:
        return "text"
    return {"date": "date", "integer": "number", "number": "number", "hash": "key"}.get(declared.type, "text")


@lru_cache(maxsize=1 << 12)
def _listed(name: str, values: tuple[tuple[str, int], ...], country: str | None) -> float:
    known = index(name, country)
    total = met = 0.0
    # Numbers may be anything: they neither speak for a list that has numbers for codes nor against another.
    worded = [(value, count) for value, count in values if not fold(value).isdigit()]
    if not worded:
        return NUMBERS_ONLY
    for place, (value, count) in enumerate(worded):
        if place == _FIRST and not met:
            return 0.0
        weight = count**0.5  # many rows of one word say less than many words
        total += weight
        if known.exact.get(fold(value)) or known.stemmed(value):
            met += weight
        else:
            parts = [part for part in map(str.strip, _SPLIT.split(value)) if part]
            if len(parts) > 1 and all(known.exact.get(fold(part)) or (bare(part) and known.stemmed(part)) for part in parts):
                met += weight
    return met / total if total else 0.0


def _share(values: tuple[tuple[str, int], ...], holds: Callable[[str], bool]) -> float:
    total = sum(count for _, count in values)
    return sum(count for value, count in values if holds(value)) / total


def _is_date(value: str) -> bool:
    folded = fold(value)
    if _DATE.match(folded):
        return True
    words = re.findall(r"[^\W\d_]+", folded)
    return bool(re.search(r"\d", folded)) and any(word in phrases("month") for word in words)


def _is_age(value: str) -> bool:
    folded = fold(value)
    if folded in phrases("age_word"):
        return True
    numbers = [int(number) for number in re.findall(r"\d+", folded[:_LONGEST_NUMBER])]
    return bool(numbers) and max(numbers) <= _OLDEST and bool(_AGE.match(folded))
