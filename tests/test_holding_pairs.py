"""Which two states of a register can both be public: none that fewer than ten persons who joined or left tell apart."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import duckdb
import pytest

from etl.holding import MOVED, cause


def judged(states: Sequence[set[int]], now: set[int]) -> str:
    """Judge a register of numbered persons after the states of it that were released."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TEMP TABLE unit AS SELECT 1::BIGINT AS unit, 'a' AS source, '2021' AS period")
        connection.execute("CREATE TEMP TABLE person (unit BIGINT, measure VARCHAR, mark BIGINT, n BIGINT)")
        connection.execute("CREATE TEMP TABLE known_state (unit BIGINT, source VARCHAR, period VARCHAR, state INTEGER)")
        connection.execute("CREATE TEMP TABLE known_person (unit BIGINT, state INTEGER, measure VARCHAR, mark BIGINT, n BIGINT)")
        connection.execute("INSERT INTO person SELECT 1, '', unnest($marks), 1", {"marks": sorted(now)})
        for number, state in enumerate(states, start=1):
            connection.execute("INSERT INTO known_state VALUES (1, 'a', '2021', ?)", [number])
            marks = {"number": number, "marks": sorted(state)}
            connection.execute("INSERT INTO known_person SELECT 1, $number, '', unnest($marks), 1", marks)
        rows = connection.execute(MOVED, {"sources": ["a"]}).fetchall()
    return cause({row[3]: row[4] for row in rows}, False)


# Two exact totals of two editions, of which one known person who joined or left, or up to nine, would be the difference.
UNREACHABLE = [(before, after) for before in (0, *range(10, 31)) for after in (0, *range(10, 31)) if 0 < abs(before - after) < 10]


def test_exact_totals_that_differ_by_one_to_nine_persons_alone_are_unreachable() -> None:
    assert len(UNREACHABLE) == 288
    reached = [pair for pair in UNREACHABLE if judged([set(range(pair[0]))], set(range(pair[1]))) != "FEW"]
    assert reached == []
    assert judged([set(range(20))], set(range(30))) == "TEN" and judged([set(range(30))], set(range(20))) == "TEN"


@pytest.mark.parametrize("seed", range(4))
def test_between_any_two_released_states_of_eight_editions_nobody_or_at_least_ten_persons_moved(seed: int) -> None:
    chance = random.Random(seed)
    now = set(range(60))
    released = [set(now)]
    for _ in range(8):
        gone = chance.sample(sorted(now), chance.randrange(8))
        now = (now - set(gone)) | {chance.randrange(90) for _ in range(chance.randrange(12))}
        if judged(released, now) == "TEN":
            released.append(set(now))
    for one, other in itertools.combinations(released, 2):
        assert max(len(one - other), len(other - one)) not in range(1, 10)


def test_who_was_counted_otherwise_moved_once_and_who_was_exchanged_for_another_did_too() -> None:
    assert judged([set(range(40))], set(range(9, 49))) == "FEW"
    assert judged([set(range(40))], set(range(10, 50))) == "TEN"
