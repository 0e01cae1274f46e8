"""What a protected number is: thresholds by audience, the perturbation table with what it promises, and the cube of cells."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from schemas.dimensions import record_dimensions

HERE = Path(__file__).parent
KEYS = 256
# Of counts above LARGEST the last PERIOD rows of the table are used again, as the ONS package does.
LARGEST, PERIOD = 750, 250
NOT_LISTED, HIDDEN = 0, -1
# Confidential too, of a total that is shown as it is from the threshold on: so it stands for no more than one below it.
SMALL_TOTAL = -4
BASE = 50  # persons of whom a share is; one of fewer is unreliable


@dataclass(frozen=True)
class Audience:
    """Who may see: nothing under `threshold` is ever shown to them.

    narrowest: how many values a count under the threshold must still be able to have, for somebody who knows every
    number that is shown to within `known_within` of the truth. least_incidents: a sum over fewer would be told by one.
    """

    name: str
    threshold: int
    narrowest: int
    known_within: int
    least_incidents: int


@dataclass(frozen=True)
class Perturbation:
    """The published table of one audience: what is added to a count (1 to LARGEST) that has a cell key (0 to 255)."""

    audience: Audience
    moves: tuple[tuple[int, ...], ...]
    name: str
    sha256: str

    def move(self, count: int, key: int) -> int:
        """Give what is added to a count of at least 1."""
        return self.moves[row_of(count) - 1][key]

    def said(self, count: int, key: int) -> int:
        """Give what is told of a count: the number shown, HIDDEN, or NOT_LISTED for a count moved to nothing."""
        return self._said(count + self.move(count, key)) if count else NOT_LISTED

    def chances(self, count: int) -> dict[int, float]:
        """Give what may be told of a count, with the share of keys for which it is."""
        if count == 0:
            return {NOT_LISTED: 1.0}
        told: dict[int, float] = {}
        for move, keys in Counter(self.moves[row_of(count) - 1]).items():
            said = self._said(count + move)
            told[said] = told.get(said, 0) + keys / KEYS
        return told

    def noticed(self, count: int) -> float:
        """Give the chance that something else is told of a cell when one person joins the `count` persons in it.

        Her key is drawn anew, so both numbers are drawn independently; where they differ, whoever knows all the others
        knows of her, and where they agree he has learnt nothing that the table does not say.
        """
        before, after = self.chances(count), self.chances(count + 1)
        return 1 - sum(chance * after.get(said, 0) for said, chance in before.items())

    def _said(self, moved: int) -> int:
        return moved if moved >= self.audience.threshold else HIDDEN if moved else NOT_LISTED


def row_of(count: int) -> int:
    """Give the row of the table that holds for a count."""
    return count if count <= LARGEST else (count - 1) % PERIOD + LARGEST - PERIOD + 1


@cache
def audiences() -> dict[str, Audience]:
    """Read the audiences by their name."""
    return {
        line["audience"]: Audience(
            line["audience"],
            int(line["threshold"]),
            int(line["narrowest"]),
            int(line["known_within"]),
            int(line["least_incidents"]),
        )
        for line in _lines("audiences.csv")
    }


@cache
def perturbation(audience: str) -> Perturbation:
    """Read the table of an audience; ValueError where it gives a count and key no move, or two, or shows what is too small."""
    found = audiences()[audience]
    moves: list[list[int | None]] = [[None] * KEYS for _ in range(LARGEST)]
    for line in _lines("perturbation.csv"):
        if line["audience"] != audience:
            continue
        first, last, move = int(line["key_first"]), int(line["key_last"]) + 1, int(line["perturbation"])
        for count in range(int(line["count_first"]), int(line["count_last"]) + 1):
            if line["remainder_of_5"] and count % 5 != int(line["remainder_of_5"]):
                continue
            keys = moves[count - 1]
            if any(one is not None for one in keys[first:last]):
                raise ValueError(f"perturbation.csv: {audience}: a key of count {count} stands twice ({first} to {last - 1})")
            keys[first:last] = [move] * (last - first)
    whole = tuple(tuple(move for move in row if move is not None) for row in moves)
    for count, row in enumerate(whole, start=1):
        if len(row) != KEYS:
            raise ValueError(f"perturbation.csv: {audience}: count {count} has {len(row)} keys of {KEYS}")
        if count + min(row) < 0 or (count < found.threshold and count + max(row) >= found.threshold):
            raise ValueError(f"perturbation.csv: {audience}: count {count} is shown under the threshold, or below nothing")
    digest = hashlib.sha256((HERE / "perturbation.csv").read_bytes()).hexdigest()
    return Perturbation(found, whole, f"perturbation.csv/{audience}", digest)


@cache
def bounds(audience: str) -> dict[int, tuple[int, int]]:
    """Give the lowest and highest true count of all that can be told of one (HIDDEN, NOT_LISTED, numbers up to LARGEST)."""
    table = perturbation(audience)
    found: dict[int, tuple[int, int]] = {}
    for count in range(LARGEST + PERIOD):
        for said in table.chances(count):
            lower, _ = found.get(said, (count, count))
            found[said] = (lower, count)
    return {said: span for said, span in found.items() if said <= LARGEST}


def span(audience: str, said: int) -> tuple[int, int]:
    """Give the lowest and highest true count of which this can be told."""
    lower, upper = bounds(audience)[row_of(said) if said > LARGEST else said]
    more = said - row_of(said) if said > LARGEST else 0
    return lower + more, upper + more


@cache
def odds(audience: str) -> dict[str, float]:
    """Give the odds that the table states: the worst and the mean chance that one added person is noticed in one cell."""
    table = perturbation(audience)
    chances = [table.noticed(count) for count in range(LARGEST)]
    return {"worst": round(max(chances), 4), "mean": round(sum(chances) / len(chances), 4)}


@cache
def cube(table: str) -> tuple[tuple[str, ...], ...]:
    """Give the sets of dimensions in which the counts of a record table are published, the total first.

    Every dimension that the table gives is among them, unless `cube.csv` leaves it out.
    """
    for line in _lines("cube.csv"):
        if line["table"] == table:
            names = [name for name in record_dimensions(table) if name not in line["without"].split("|")]
            pair = {*line["only_as_pair"].split("+")} - {""}
            sets = [found for depth in range(int(line["depth"]) + 1) for found in combinations(names, depth)]
            return tuple(found for found in sets if not (pair and pair < {*found}))
    raise KeyError(f"cube.csv has no table {table!r}")


@cache
def median_edges(count_unit: str) -> tuple[float, ...]:
    """Give the edges of the bands among which a median of a unit is found."""
    for line in _lines("median_bands.csv"):
        if line["count_unit"] == count_unit:
            return tuple(float(edge) for edge in line["edges"].split("|"))
    raise KeyError(f"median_bands.csv has no unit {count_unit!r}")


def _lines(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
