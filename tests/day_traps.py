"""Five hundred columns of days that are easily read wrongly, each with what its days really are."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hijridate import Gregorian

from etl.readings.calendars import to_ethiopian

TODAY = datetime.date(2026, 1, 31)
EACH = 36  # traps of each kind; fourteen kinds
DAYS = 40
Days = list[datetime.date]


@dataclass(frozen=True)
class Trap:
    """A column: how each day is written, and which day it is; `must_ask`: nothing in it proves how to read it."""

    kind: str
    written: dict[str, datetime.date]
    country: str | None = "KEN"
    header: str = "Date"
    epoch: int | None = None
    must_ask: bool = False


def traps() -> Iterator[Trap]:
    """Give the traps, always the same."""
    dice = random.Random(20260131)
    for kind in KINDS:
        for _ in range(EACH):
            yield kind(dice)


def _days(dice: random.Random, first: int = 2015, last: int = 2025, keep: Callable[[datetime.date], bool] | None = None) -> Days:
    start = datetime.date(first, 1, 1)
    span = (datetime.date(last, 12, 31) - start).days
    found: Days = []
    while len(found) < DAYS:
        day = start + datetime.timedelta(dice.randrange(span))
        if keep is None or keep(day):
            found.append(day)
    return found


def _early(day: datetime.date) -> bool:
    return day.day <= 12 and day.day != day.month


def day_first(dice: random.Random) -> Trap:
    """Give days before months, some after the 12th."""
    return Trap("day first", {day.strftime("%d/%m/%Y"): day for day in _days(dice)})


def month_first(dice: random.Random) -> Trap:
    """Give months before days."""
    return Trap("month first", {day.strftime("%m/%d/%Y"): day for day in _days(dice)})


def all_early(dice: random.Random) -> Trap:
    """Give days up to the 12th only, of which nobody can say which number is the day."""
    order = dice.choice(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"])
    return Trap("all early", {day.strftime(order): day for day in _days(dice, keep=_early)}, must_ask=True)


def two_hands(dice: random.Random) -> Trap:
    """Give a column in which two clerks wrote in two orders."""
    days = _days(dice, keep=lambda day: day.day > 12)
    orders = ["%d/%m/%Y", "%m/%d/%Y"]
    return Trap("two hands", {day.strftime(orders[number % 2]): day for number, day in enumerate(days)}, must_ask=True)


def _ethiopian(day: datetime.date) -> str:
    year, month, number = to_ethiopian(day)
    return f"{number}/{month}/{year}"


def ethiopian(dice: random.Random) -> Trap:
    """Give Ethiopian days without a mark, among them those of the thirteenth month."""
    days = _days(dice)
    days += [datetime.date(year, 9, day) for year, day in ((2015, 7), (2017, 8), (2018, 9))]
    return Trap("Ethiopian", {_ethiopian(day): day for day in days}, country="ETH")


def ethiopian_bare(dice: random.Random) -> Trap:
    """Give Ethiopian days that are days in the Gregorian calendar too."""
    days = _days(dice, keep=lambda day: to_ethiopian(day)[1] <= 12 and to_ethiopian(day)[2] <= 28)
    return Trap("Ethiopian, bare", {_ethiopian(day): day for day in days}, country="ETH", must_ask=True)


def gregorian_there(dice: random.Random) -> Trap:
    """Give Gregorian days in an Ethiopian register, of years that the Ethiopian calendar has had too."""
    days = _days(dice, 2009, 2017, keep=lambda day: day.day <= 28)
    return Trap("Gregorian in Ethiopia", {day.strftime("%d/%m/%Y"): day for day in days}, country="ETH", must_ask=True)


def gregorian_proven(dice: random.Random) -> Trap:
    """Give Gregorian days in an Ethiopian register with days that have not come there yet."""
    return Trap("Gregorian, late", {day.strftime("%d/%m/%Y"): day for day in _days(dice, 2020, 2025)}, country="ETH")


def hijri(dice: random.Random) -> Trap:
    """Give Hijri days without a mark."""
    written = {}
    for day in _days(dice):
        there = Gregorian(day.year, day.month, day.day).to_hijri()
        written[f"{there.day:02d}/{there.month:02d}/{there.year}"] = day
    return Trap("Hijri", written, country="SDN")


def hijri_among(dice: random.Random) -> Trap:
    """Give Hijri and Gregorian days in one column, without a mark."""
    days = hijri(dice).written | day_first(dice).written
    return Trap("Hijri among Gregorian", days, country="SDN", must_ask=True)


def serials(dice: random.Random) -> Trap:
    """Give day numbers of a spreadsheet among written days; only the workbook knows where they begin."""
    epoch = dice.choice([1900, 1904])
    zero = datetime.date(1899, 12, 30) if epoch == 1900 else datetime.date(1904, 1, 1)
    numbers = {str((day - zero).days): day for day in _days(dice, 2015, 2019)}
    known = dice.random() < 0.5
    written = numbers | {day.strftime("%d/%m/%Y"): day for day in _days(dice)}
    return Trap("day numbers", written, epoch=epoch if known else None, must_ask=not known)


def two_digits(dice: random.Random) -> Trap:
    """Give years of two digits, at the beginning or at the end."""
    order = dice.choice(["%d/%m/%y", "%m/%d/%y", "%y/%m/%d"])
    return Trap("two digits", {day.strftime(order): day for day in _days(dice, 2001, 2012)}, must_ask=False)


def swapped(dice: random.Random) -> Trap:
    """Give what a spreadsheet makes of days before months when it expects months first: it turns what it can."""
    written = {}
    for day in _days(dice, keep=lambda day: day.day != day.month):
        turned = datetime.date(day.year, day.day, day.month) if day.day <= 12 else None
        written[turned.isoformat() if turned is not None else day.strftime("%d/%m/%Y")] = day
    return Trap("swapped", written, must_ask=True)


def marked_among(dice: random.Random) -> Trap:
    """Give marked Ethiopian days among bare ones that may be in either calendar."""
    bare = ethiopian_bare(dice).written
    days = {f"{_ethiopian(day)} ዓ.ም": day for day in _days(dice)}
    return Trap("marked among bare", days | bare, country="ETH", must_ask=True)


KINDS: tuple[Callable[[random.Random], Trap], ...] = (
    day_first, month_first, all_early, two_hands, ethiopian, ethiopian_bare, gregorian_there, gregorian_proven, hijri,
    hijri_among, serials, two_digits, swapped, marked_among,
)  # fmt: skip
