"""An attacker with all that is published of two editions that differ by one person: what he gains is printed, and bounded."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from attacker import Bounds, Where, combine, holds, reason, shares, sums, told
from attacker_lp import Register, breakdowns, narrowest
from indicator_rows import House
from people import BREAKDOWN, Cell, Person, cells, people, register, shown

from schemas.indicators import population
from schemas.protection import cube, perturbation

WHOLE = ("_T",) * 6
NARROWEST = 5
VICTIMS = ("TIP_VIC_DET", "part")
JOINING = [
    Person("F", "Y0T17", "KEN", "KEN", "LAB_DOM", "DOM"),
    Person("M", "Y_GE18", "ETH", "ARE", "OTH", "XB_REG"),
    Person("_U", "_U", "BDI", "SAU", "BEG", "_U"),
    Person("F", "Y_GE18", "UGA", "KEN", "SEX_PROST", "XB_REG"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attack")


@pytest.fixture(scope="module")
def before(folder: Path) -> House:
    return register(folder / "before", people(500))


@pytest.fixture(scope="module")
def after(folder: Path) -> dict[Person, House]:
    return {person: register(folder / str(number), [*people(500), person]) for number, person in enumerate(JOINING)}


def exact(persons: list[Person]) -> dict[Where, int]:
    """Count, in another way, what is true of every cell of the cube."""
    sets = [tuple(BREAKDOWN.index(name) for name in found) for found in cube("victim")]
    counts: dict[Where, int] = {}
    for person, found in itertools.product(persons, sets):
        where = tuple(value if at in found else "_T" for at, value in enumerate(person))
        counts[where] = counts.get(where, 0) + 1
    return counts


def denominators(house: House, bounds: Bounds) -> tuple[Bounds, list[tuple[Where, list[Where]]]]:
    """Add what shares tell: the number that they are of, which is a total without the unknown."""
    known = []
    more = dict(bounds)
    for indicator, at in (("TIP_SH_CHILD", 1), ("TIP_SH_DOM", 5), ("TIP_SH_NAT", 2)):
        for where, cell in cells(house, indicator).items():
            numbers = shares(cell.comment)
            if numbers is not None:
                place = (indicator, *where[1:], where[0])
                # of the second edition, which may count one person more
                more[place] = (numbers[1] - 5, numbers[1] + 4)
                known.append((where, [place, (*where[:at], "_U", *where[at + 1 :])]))
    return more, known


def test_no_small_count_is_narrowed_to_fewer_than_five_values(before: House, after: dict[Person, House]) -> None:
    first = shown(before)
    truth = exact(people(500))
    small = {where: count for where, count in truth.items() if count < 10}
    gained = []
    for person, house in after.items():
        second = shown(house)
        bounds, known = denominators(house, combine(first, second, person))
        found = reason(bounds, sums(set(first) | set(second)) + known)
        widths = {}
        for where, count in small.items():
            low, high = found.get(where, (0, 9))
            assert low <= count <= high, f"{where}: he is sure of something that is not true"
            widths[where] = min(high, 999) - low + 1
        gained.append((person, min(widths.values()), sum(width < 10 for width in widths.values())))
        narrowed = {where: (found[where], small[where]) for where, width in widths.items() if width < NARROWEST}
        assert narrowed == {}
    for person, least, number in gained:
        print(f"{'/'.join(person)}: {len(small)} small counts, {number} narrowed below ten values, at most to {least:g}")
    assert len(small) > 200


def test_no_linear_programme_over_two_editions_leaves_fewer_than_five_values(before: House, after: dict[Person, House]) -> None:
    first, truth = shown(before), exact(people(500))
    cells_of = {(VICTIMS, where): count for where, count in truth.items()}
    for person, house in after.items():
        spans = reason(combine(first, shown(house), person), [])
        told_of = {(VICTIMS, where): span for where, span in spans.items()}
        values, cell = narrowest(Register(cells_of, told_of, breakdowns(cells_of)))
        print(f"{'/'.join(person)}: of the small count of which most is known, {values} values are left: {cell}")
        assert values >= NARROWEST


def test_one_edition_alone_gives_less_than_two(before: House, after: dict[Person, House]) -> None:
    first = shown(before)
    alone = reason({where: told(first, where) for where in first}, sums(set(first)))
    both = reason(combine(first, shown(after[JOINING[0]]), JOINING[0]), sums(set(first)))
    width = [sum(min(high, 50) - low for low, high in found.values()) for found in (alone, both)]
    assert width[1] <= width[0]
    truth = exact(people(500))
    assert [where for where, (low, high) in alone.items() if truth.get(where, 10) < 10 and high - low + 1 < NARROWEST] == []


def test_averaging_over_exports_gives_nothing_since_the_same_cell_is_the_same_number(before: House) -> None:
    exports = [shown(before) for _ in range(3)]
    assert exports[0] == exports[1] == exports[2]


def test_a_rate_times_the_population_is_the_number_that_is_shown(before: House) -> None:
    numbers = shown(before)
    rates = cells(before, "TIP_RATE")
    assert len(rates) > 3
    for where, rate in rates.items():
        people_there = population()["KEN", 2021, where[0], where[1]]
        number = numbers[where].number
        assert (rate.number is None) == (number is None)
        if number is not None and rate.number is not None:
            # to the four decimals of a rate
            assert abs(rate.number * people_there / 100_000 - number) <= 0.00005 * people_there / 100_000 + 1e-6


def test_one_person_more_is_noticed_no_better_than_the_table_states(before: House, after: dict[Person, House]) -> None:
    """He knows everybody else, and so every true count; her cells change or they do not."""
    rules = perturbation("public")
    truth = exact(people(500))
    changed = elsewhere = expected = 0.0
    at_once = 0
    secrets = [f"secret number {number} of this test".encode() for number in range(5)]
    for secret in secrets:
        first = shown(before, secret)
        for person, house in after.items():
            second = shown(house, secret)
            hers = [where for where in {*first, *second, *truth} if holds(where, person)]
            differ = {where for where in {*first, *second} if _said(first, where) != _said(second, where)}
            changed += len(differ & {*hers})
            elsewhere += len(differ - {*hers})
            # a cell without her changes only where another had to be hidden beside a small count, or no longer has
            assert all("S" in (_status(first, where), _status(second, where)) for where in differ - {*hers})
            expected += sum(rules.noticed(truth.get(where, 0)) for where in hers)
            at_once += bool(differ)
    trials = len(secrets) * len(JOINING)
    print(
        f"{trials} persons joined: {changed / trials:.1f} of their cells changed, the table states {expected / trials:.1f}; "
        f"{elsewhere / trials:.1f} cells without them changed; {at_once} of {trials} changed something"
    )
    # what the table states, and three standard deviations of as many draws
    assert changed <= expected + 3 * expected**0.5


def _status(found: dict[Where, Cell], where: Where) -> str | None:
    return found[where].conf if where in found else None


def _said(found: dict[Where, Cell], where: Where) -> object:
    cell = found.get(where)
    return None if cell is None else (cell.number, cell.sign, cell.conf)
