"""What signs say over editions: every pair of one cell before and after one known person leaves five values or more."""

from __future__ import annotations

import csv
import random
from itertools import product
from pathlib import Path

import pytest

import schemas.protection
from etl.audit import ASIDE
from schemas.perturbation import HEADINGS, rows
from schemas.protection import HIDDEN, KEYS, NOT_LISTED, audiences, perturbation

FIVE = 5
MOST = 60  # counts and numbers up to which signs are looked at; from 15 on the table repeats itself every five


def stands_for(audience: str) -> dict[int, set[int]]:
    """Give the true counts of which each sign can be told; a cell that is hidden besides may hold anybody, but not nobody."""
    table = perturbation(audience)
    signs: dict[int, set[int]] = {ASIDE: {*range(1, MOST)}}
    for count in range(MOST):
        for sign in table.chances(count):
            signs.setdefault(sign, set()).add(count)
    return signs


def possible(signs: dict[int, set[int]], seen: tuple[int, ...]) -> set[int]:
    """Give the counts before anybody joined, for somebody who knows that one person joins from each edition to the next."""
    return {count for count in range(MOST) if all(count + step in signs[sign] for step, sign in enumerate(seen))}


@pytest.mark.parametrize("audience", ["public", "working_group"])
def test_every_pair_of_signs_before_and_after_one_person_leaves_a_small_count_five_values(audience: str) -> None:
    """She who leaves is she who joins, with the editions exchanged: the pairs are the same."""
    signs, threshold = stands_for(audience), audiences()[audience].threshold
    pairs, narrowest = 0, MOST
    for before, after in product(signs, repeat=2):
        counts = possible(signs, (before, after))
        pairs += bool(counts)
        for small in (counts, {count + 1 for count in counts}):
            if any(1 <= count < threshold for count in small):
                narrowest = min(narrowest, len(small))
                assert len(small) >= FIVE, f"{before}, then {after}: {sorted(small)}"
    print(f"{audience}: {pairs} pairs of signs can be seen; those with a small count leave at least {narrowest} values")
    assert pairs > 20 and narrowest >= FIVE


def test_not_listed_and_then_ten_cannot_be_seen() -> None:
    """Those two together would say nine: ten itself is never shown, and the number 10 stands for 11 to 14."""
    signs = stands_for("public")
    assert signs[NOT_LISTED] == {*range(10)} and signs[HIDDEN] == {*range(1, 15)} and signs[10] == {11, 12, 13, 14}
    assert possible(signs, (NOT_LISTED, 10)) == set()
    assert possible(signs, (HIDDEN, 10)) == {10, 11, 12, 13}
    assert possible(signs, (HIDDEN, NOT_LISTED)) == {*range(1, 9)}


@pytest.mark.parametrize("editions", [2, 3, 5, 8])
def test_what_is_left_after_several_editions_that_each_differ_by_one_known_person(editions: int) -> None:
    """Only two editions are promised five values; more are printed, and are why small changes are held."""
    table, signs, chance = perturbation("public"), stands_for("public"), random.Random(editions)
    left: list[int] = []
    for start in range(1, 10):
        for _ in range(300):
            seen = tuple(table.said(start + step, chance.randrange(KEYS)) for step in range(editions))
            counts = possible(signs, seen)
            assert start in counts, f"{start} is shown as {seen}, which says {counts}"
            left.append(len(counts))
    under = sum(number < FIVE for number in left)
    print(f"{editions} editions: {min(left)} values left at least, {under} of {len(left)} small counts under {FIVE}")
    assert editions > 2 or under == 0


def test_the_table_is_what_its_derivation_gives() -> None:
    with (Path(schemas.protection.__file__).parent / "perturbation.csv").open(encoding="utf-8", newline="") as lines:
        held = list(csv.reader(lines))
    assert held == [list(HEADINGS), *([str(cell) for cell in row] for row in rows())]
