"""Hidden cells stay hidden: whatever a table holds, no subtraction leaves a small count fewer values than the policy asks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.audit import ASIDE, UNSEEN, Audit, Cells, alone, hide_besides, interval, narrowed, prior
from etl.programme import Programme
from etl.sums import FAR, Sums, propagate
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


def cells(
    n: list[int] | np.ndarray, said: list[int] | np.ndarray, exact: tuple[int, ...] = (), spared: tuple[int, ...] = ()
) -> Cells:
    """Give cells of one block, of which those at some places are exact totals, or hidden last."""
    flags = np.isin(np.arange(len(n)), exact), np.isin(np.arange(len(n)), spared)
    return Cells(np.array(n, np.int64), np.array(said, np.int64), np.zeros(len(n), np.int64), *flags, np.zeros(len(n), bool))


def after(before: Cells, audit: Audit) -> Cells:
    return replace(before, said=audit.said, exact=audit.exact)


def spans(before: Cells, sums: Sums) -> list[tuple[int, int]]:
    lower, upper = interval(before, sums, RULES)
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def made_of(*lines: tuple[int, ...]) -> Sums:
    """Give sums, each as its total and then its parts."""
    part = np.array([cell for line in lines for cell in line[1:]])
    of = np.array([number for number, line in enumerate(lines) for _ in line[1:]])
    return Sums(part, of, np.array([line[0] for line in lines]))


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
    before = cells(n, said(n, keys))
    audit = hide_besides(before, sums, RULES)
    lower, upper = interval(after(before, audit), sums, RULES)
    assert ((lower <= n) & (n <= upper)).all()
    assert not narrowed(before, lower, upper, RULES).any()
    small = (n >= 1) & (n < 10)
    assert audit.fewest == min((upper - lower + 1)[small], default=FAR)
    assert audit.fewest >= audit.fewest_exactly >= 5
    assert ((audit.said == before.said) | (audit.said == ASIDE)).all()
    assert not ((audit.said > 0) & (n < 10)).any()


def test_the_smallest_sibling_is_hidden_with_a_lone_small_count() -> None:
    n, sums = table([[1, 40, 70]])
    before = cells(n, [110, HIDDEN, 40, 70] * 2)
    # the row above is the sum of one row alone, so that both are hidden alike
    assert hide_besides(before, sums, RULES).said.tolist() == [110, ASIDE, ASIDE, 70] * 2


def test_what_is_spared_is_hidden_only_where_nothing_else_will_do() -> None:
    sums = made_of((0, 1, 2, 3))
    assert hide_besides(cells([111, 1, 40, 70], [110, HIDDEN, 40, 70], spared=(2,)), sums, RULES).said.tolist() == [
        110, ASIDE, 40, ASIDE,
    ]  # fmt: skip
    assert hide_besides(cells([41, 1, 40], [40, HIDDEN, 40], spared=(2,)), made_of((0, 1, 2)), RULES).said.tolist() == [
        40, ASIDE, ASIDE,
    ]  # fmt: skip


def test_a_remainder_that_nobody_tells_is_kept_from_subtraction_too() -> None:
    sums = made_of((0, 1, 2))
    assert spans(cells([20, 18, 2], [20, 20, UNSEEN]), sums)[2] == (0, 4)
    audit = hide_besides(cells([20, 19, 1], [20, 20, UNSEEN]), sums, RULES)
    assert audit.said.tolist() == [20, ASIDE, UNSEEN]


def test_two_exact_totals_that_tell_a_small_difference_lose_their_exactness_the_smaller_first() -> None:
    """Forty investigated and thirty-five prosecuted say that five were not: within one of both they may be three to seven."""
    sums = made_of((0, 1, 2))
    before = cells([40, 35, 5], [40, 35, UNSEEN], exact=(0, 1))
    assert spans(before, sums)[2] == (5, 5)
    audit = hide_besides(before, sums, RULES)
    assert (audit.said.tolist(), audit.exact.tolist()) == ([40, 35, UNSEEN], [False, False, False])
    assert (audit.fewest, audit.fewest_exactly) == (5, 5)
    assert spans(after(before, audit), sums)[2] == (3, 7)


def test_totals_keep_their_exactness_where_another_number_can_be_hidden() -> None:
    before = cells([99, 40, 57, 2], [100, 40, 55, HIDDEN], exact=(0,))
    audit = hide_besides(before, made_of((0, 1, 2, 3)), RULES)
    assert (audit.said.tolist(), audit.exact.tolist()) == ([100, ASIDE, 55, ASIDE], [True, False, False, False])
    # of three exact totals that tell two differences, the one that tells neither alone stays
    before = cells([900, 60, 55, 5], [900, 60, 55, UNSEEN], exact=(0, 1, 2))
    audit = hide_besides(before, made_of((1, 2, 3)), RULES)
    assert audit.exact.tolist() == [True, False, False, False]


@pytest.mark.parametrize("links", [31, 200])
def test_bounds_run_through_a_chain_of_sums_to_its_end(links: int) -> None:
    """Each total of ten is made of two neighbours: who knows the first knows the last, however many lie between."""
    neighbours = [(links + 1 + at, at, at + 1) for at in range(links)]
    numbers = links + 1 + links
    lower, upper = np.zeros(numbers, np.int64), np.full(numbers, 10, np.int64)
    lower[links + 1 :] = 10
    lower[0] = upper[0] = 5
    lower, upper = propagate(lower, upper, made_of(*neighbours))
    assert (lower[: links + 1].tolist(), upper[: links + 1].tolist()) == ([5] * (links + 1),) * 2


@pytest.mark.parametrize("links", [31, 200])
def test_a_small_count_at_the_end_of_a_chain_is_hidden_from_its_beginning(links: int) -> None:
    n = [11] + [5] * links + [16] + [10] * (links - 1)
    sums = made_of(*[(links + 1 + at, at, at + 1) for at in range(links)])
    before = cells(n, [10] + [HIDDEN] * links + [15] + [10] * (links - 1), exact=tuple(range(links + 1, len(n))))
    # the ten at its beginning is eleven or twelve
    assert spans(before, sums)[links] == ((5, 6) if links % 2 == 0 else (4, 5))
    audit = hide_besides(before, sums, RULES)
    assert audit.fewest >= 5 and audit.fewest_exactly >= 5


def test_bounds_that_no_table_agrees_with_are_refused() -> None:
    with pytest.raises(ValueError, match="no table agrees"):
        propagate(np.array([20, 0, 0], np.int64), np.array([20, 5, 5], np.int64), made_of((0, 1, 2)))


def test_a_linear_programme_sees_what_sums_tell_together() -> None:
    """Three numbers whose three pairs are known: bounds leave each open, the pairs together do not."""
    sums = made_of((3, 0, 1), (4, 1, 2), (5, 0, 2))
    n = np.array([6, 6, 6, 12, 12, 12], np.int64)
    before = cells(n, [HIDDEN] * 3 + [10] * 3, exact=(3, 4, 5))
    lower, upper = interval(before, sums, RULES)
    assert (upper - lower + 1)[:3].tolist() == [11, 11, 11]
    programme = Programme(n, *alone(before, RULES), sums)
    assert [programme.values(cell, 5) for cell in range(3)] == [1, 1, 1]
    audit = hide_besides(before, sums, RULES)
    assert audit.fewest_exactly >= 5
    assert audit.exact.sum() < 3


def test_a_linear_programme_finds_that_a_number_has_no_upper_bound() -> None:
    before = cells([31, 20, 11], [ASIDE, ASIDE, 10])
    assert Programme(before.n, *alone(before, RULES), made_of((0, 1, 2))).values(1, 900) >= 900


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [(HIDDEN, 1, 14), (NOT_LISTED, 0, 9), (ASIDE, 1, FAR), (10, 11, 14), (15, 11, 19), (1005, 1001, 1009)],
)
def test_a_sign_stands_for_what_the_table_makes_of_it(told: int, least: int, most: int) -> None:
    lower, upper = prior(np.array([told], np.int64), RULES)
    assert (int(lower[0]), int(upper[0])) == (least, most)


def test_bounds_run_through_sums_both_ways() -> None:
    lower, upper = propagate(np.array([20, 5, 0], np.int64), np.array([24, 9, 50], np.int64), made_of((0, 1, 2)))
    assert (lower.tolist(), upper.tolist()) == ([20, 5, 11], [24, 9, 19])
