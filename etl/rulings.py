"""The dictionary of distinct values: each raw value of a column is read once, and every row only carries its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from etl.door import HIDDEN
from etl.identifying import hidden, identifying_value
from etl.plan import SOFT, ColumnPlan
from etl.readings.said import Said
from schemas.rules import ERROR_BITS, bit

# An unknown word in an optional field breaks V01 without refusing the row.
SOFT_BIT = 1 << 60
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}")
NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ruling:
    """How one distinct raw value of one column is read, and how often it was met."""

    raw: str | None
    said: Said
    count: int


class Ruler:
    """Give each distinct raw value of one column its ruling, the first time that it is met."""

    def __init__(self, column: ColumnPlan) -> None:
        self.column = column
        self._numbers: dict[str, int] = {}
        self.raws: list[str] = []
        self.saids: list[Said] = []
        self.masks = NOTHING
        self.counts = NOTHING

    def rule(self, cells: pa.ChunkedArray) -> np.ndarray:
        """Give the ruling's number (int32) of every cell, reading the raw values that are new."""
        numbers = self._numbers
        pieces = cells.unify_dictionaries().chunks
        words = pieces[0].dictionary.to_pylist() if pieces else []
        for word in words:
            if word not in numbers:
                numbers[word] = len(self.raws)
                self.raws.append(word)
                self.saids.append(self.column.read(word))
        self._grow()
        places = np.fromiter((numbers[word] for word in words), dtype=np.int32, count=len(words))
        indices = [piece.indices.to_numpy(zero_copy_only=False) for piece in pieces]
        rulings = places[np.concatenate(indices)] if indices else np.empty(0, dtype=np.int32)
        self.counts += np.bincount(rulings, minlength=len(self.raws))
        return rulings

    def rule_correction(self, raw: str, said: Said) -> int:
        """Add the ruling of one corrected cell and give its number; it is never looked up by its raw value."""
        self.raws.append(raw)
        self.saids.append(said)
        self._grow()
        return len(self.raws) - 1

    def ruled(self) -> list[tuple[str, Said, int]]:
        """Give every distinct value as it is written, how it was read and how many rows hold it: never to be kept."""
        return list(zip(self.raws, self.saids, map(int, self.counts), strict=True))

    def refuse(self, numbers: Sequence[int], rule: str, note: str) -> None:
        """Let some rulings break a rule that only the field knows of; those that break it already stay as they are."""
        for number in numbers:
            said = self.saids[number]
            if rule not in said.rules:
                self.saids[number] = replace(said, rules=(*said.rules, rule), note=said.note or note)
                self.masks[number] |= bit(rule)

    def ruling(self, number: int) -> Ruling:
        """Give one ruling; a value that may identify a person is hidden, and so is what would repeat it."""
        raw, said, count = self.raws[number], self.saids[number], int(self.counts[number])
        plain = shown(raw, said)
        return Ruling(plain, said if plain == raw else replace(said, note=HIDDEN, line=""), count)

    def rulings(self) -> list[Ruling]:
        """Give every ruling in the order of its number."""
        return [self.ruling(number) for number in range(len(self.raws))]

    def _grow(self) -> None:
        met = len(self.masks)
        if met < len(self.raws):
            masks = [mask_of(said.rules) for said in self.saids[met:]]
            self.masks = np.concatenate([self.masks, np.array(masks, dtype=np.int64)])
            self.counts = np.concatenate([self.counts, np.zeros(len(masks), dtype=np.int64)])


def mask_of(rules: Sequence[str]) -> int:
    """Give the bit mask of some rules."""
    mask = 0
    for rule in rules:
        mask |= SOFT_BIT if rule == SOFT else bit(rule)
    return mask


def shown(raw: str, said: Said) -> str:
    """Give a raw value as it may be kept: one that nobody could read and that looks like a person's is hidden."""
    if "V03" in said.rules and _DAY.match(raw.strip()):
        return hidden(raw)  # a day in a column of ages may be a date of birth
    read = said.match not in ("NONE", "ASK") and not mask_of(said.rules) & ERROR_BITS
    return raw if read or identifying_value(raw) is None else hidden(raw)
