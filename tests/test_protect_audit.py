"""Hidden cells stay hidden: whatever a table holds, no subtraction leaves a small count fewer values than the policy asks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.audit import ASIDE, FAR, UNSEEN, Sums, hide_besides, interval, narrowed, propagate
from schemas.protection import HIDDEN, NOT_LISTED, perturbation

RULES = perturbation("public")
COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 60), st.sampled_from([0, 1, 2, 9, 10, 11, 14, 15, 1000, 100_000]))


def table(rows: list[list[int]]) -> tuple[np.ndarray, Sums]:
    """Give a table of counts with its margins as one row of cells, and what sums to what."""
    inner = np.array(rows, np.int64)
    height, width = inner.shape
    whole = np.zeros((height + 1, width + 1), np.int64)
    whole[1:, 1:] = inner
    whole[0, :], whole[:, 0] = whole.sum(axis=0), whole.sum(axis=1)
    whole[0, 0] = inner.sum()
    place = np.arange(whole.size).reshape(whole.shape)
    lines = [*place, *place.T]
    part = np.concatenate([line[1:] for line in lines])
    of = np.concatenate([np.full(len(line) - 1, number) for number, line in enumerate(lines)])
    return whole.ravel(), Sums(part, of, np.array([line[0] for line in lines]))


def said(n: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return np.array([RULES.said(int(count), int(key)) for count, key in zip(n, keys, strict=True)], np.int64)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 12).flatmap(lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=4)),
    st.randoms(),
)
def test_no_table_gives_a_small_count_away(rows: list[list[int]], chance: object) -> None:
    n, sums = table(rows)
    keys = np.array([chance.randrange(256) for _ in n])  # type: ignore[attr-defined]
    before = said(n, keys)
    after, fewest = hide_besides(n, before, sums, np.zeros(len(n), np.int64), RULES)
    lower, upper = interval(n, after, sums, RULES)
    assert ((lower <= n) & (n <= upper)).all()
    assert not narrowed(n, lower, upper, RULES).any()
    small = (n >= 1) & (n < 10)
    assert fewest == min((upper - lower + 1)[small], default=FAR)
    assert ((after == before) | (after == ASIDE)).all()
    assert not ((after > 0) & (n < 10)).any()


def test_the_smallest_sibling_is_hidden_with_a_lone_small_count() -> None:
    n, sums = table([[1, 40, 70]])
    after, _ = hide_besides(n, np.array([110, HIDDEN, 40, 70] * 2, np.int64), sums, np.zeros(8, np.int64), RULES)
    # the row above is the sum of one row alone, so that both are hidden alike
    assert after.tolist() == [110, ASIDE, ASIDE, 70] * 2


def test_a_remainder_that_nobody_tells_is_kept_from_subtraction_too() -> None:
    n, sums = np.array([20, 18, 2], np.int64), Sums(np.array([1, 2]), np.array([0, 0]), np.array([0]))
    lower, upper = interval(n, np.array([20, 20, UNSEEN], np.int64), sums, RULES)
    assert (lower[2], upper[2]) == (0, 4)
    n[1:] = 19, 1
    assert hide_besides(n, np.array([20, 20, UNSEEN], np.int64), sums, np.zeros(3, np.int64), RULES)[0].tolist() == [
        20,
        ASIDE,
        UNSEEN,
    ]


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [(HIDDEN, 1, 14), (NOT_LISTED, 0, 9), (ASIDE, 1, FAR), (10, 10, 14), (15, 11, 19), (1005, 1001, 1009)],
)
def test_a_sign_stands_for_what_the_table_makes_of_it(told: int, least: int, most: int) -> None:
    from etl.audit import prior

    lower, upper = prior(np.array([told], np.int64), RULES)
    assert (int(lower[0]), int(upper[0])) == (least, most)


def test_bounds_run_through_sums_both_ways() -> None:
    sums = Sums(np.array([1, 2]), np.array([0, 0]), np.array([0]))
    lower, upper = propagate(np.array([20, 5, 0], np.int64), np.array([24, 9, 50], np.int64), sums)
    assert (lower.tolist(), upper.tolist()) == ([20, 5, 11], [24, 9, 19])
