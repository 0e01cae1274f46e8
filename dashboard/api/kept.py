"""All figures of a small edition in memory: the JSON of each, and for each code the figures that have it, as one long number.

A figure is a bit, at its place in the edition. To choose is to join and to cut such numbers, which takes a tenth of what a
question to the database takes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from dashboard.exports.selection import CHOICES
from dashboard.filters import Filters

FIELDS = (*CHOICES, "indicator")
# What is kept of each figure: the fields by which it may be chosen, the year in which its period ends, its JSON.
QUERY = f"""
SELECT {", ".join(f"{field}::VARCHAR" for field in FIELDS)}, year(period_end), to_json(observation)::VARCHAR
FROM e.observation ORDER BY rowid"""


class Kept:
    """The figures of one edition in its order, made of the rows that QUERY gives."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        written = [row[-1].encode() for row in rows]
        self._content = b",".join(written)
        self._begins = array("L", [0])
        for one in written:
            self._begins.append(self._begins[-1] + len(one) + 1)
        self._all = (1 << len(rows)) - 1
        self._codes = {field: _bits([row[place] for row in rows]) for place, field in enumerate(FIELDS)}
        self._years: dict[int, int] = _bits([row[-2] for row in rows])

    def page(self, filters: Filters, indicators: tuple[str, ...], after: int | None, limit: int) -> tuple[bytes, int, int | None]:
        """Give a page as `Shelf.page` does."""
        bits = self._chosen(filters, indicators) >> (0 if after is None else after + 1)
        first = 0 if after is None else after + 1
        content: list[bytes] = []
        number, last = 0, -1
        for begin, end in _runs(bits):
            if number == limit:
                return b",".join(content), number, first + last
            last = min(end, begin + limit - number) - 1
            content.append(self._content[self._begins[first + begin] : self._begins[first + last + 1] - 1])
            number += last - begin + 1
            if last < end - 1:
                return b",".join(content), number, first + last
        return b",".join(content), number, None

    def _chosen(self, filters: Filters, indicators: tuple[str, ...]) -> int:
        bits = self._all
        for field, choice in CHOICES.items():
            if codes := getattr(filters, choice):
                bits &= _joined(self._codes[field].get(code, 0) for code in codes)
        if indicators:
            bits &= _joined(self._codes["indicator"].get(code, 0) for code in indicators)
        if filters.first is not None or filters.last is not None:
            first, last = filters.first or min(self._years, default=0), filters.last or max(self._years, default=0)
            bits &= _joined(held for year, held in self._years.items() if first <= year <= last)
        return bits


def _bits(values: list[Any]) -> dict[Any, int]:
    """Give for each value one number that has the bits of the places at which it stands."""
    found: dict[Any, bytearray] = {}
    size = len(values) // 8 + 1
    for place, value in enumerate(values):
        held = found.get(value)
        if held is None:
            held = found[value] = bytearray(size)
        held[place >> 3] |= 1 << (place & 7)
    return {value: int.from_bytes(held, "little") for value, held in found.items()}


def _joined(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= number
    return bits


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """Give where each run of bits begins and ends, from the lowest bit on."""
    signs = f"{bits:b}"[::-1]
    end = 0
    while (begin := signs.find("1", end)) >= 0:
        end = signs.find("0", begin)
        end = len(signs) if end < 0 else end
        yield begin, end
