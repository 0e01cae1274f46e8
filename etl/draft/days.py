"""One written day in, its numbers and marks out: every reading that it admits, in any order and calendar."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from etl.fold import fold
from etl.readings import calendars
from etl.readings.ethiopic import in_digits
from etl.readings.phrases import phrases

GREG, ETH, HIJ = "GREG", "ETH", "HIJ"
CALENDARS = (GREG, ETH, HIJ)
DMY, MDY, YMD, YDM = "dmy", "mdy", "ymd", "ydm"
LAST, SHORT, FIRST = "year last", "year of two digits", "year first"
WORD, SERIAL, COMPACT, COARSE = "month in words", "day number", "eight digits", "month or year"
EARLIEST = {GREG: 1950, ETH: 1943, HIJ: 1370}
LATEST = {GREG: 2100, ETH: 2100, HIJ: 1500}
CENTURY, OLD_CENTURY = 2000, 1900
SERIALS = (25_000, 60_000)  # 1968 to 2064 counted from 1900
SERIAL_ZERO = {1900: datetime.date(1899, 12, 30), 1904: datetime.date(1904, 1, 1)}

NUMERIC = re.compile(r"([0-9]{1,4}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{1,4})")
TIME = re.compile(
    r"(?<![ t,])[ t,]+(at |a )?[0-9]{1,2}[:h][0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[ap]\.?m| ?z| ?[+-][0-9]{2}:?[0-9]{2})?$"
)
YEAR_MONTH = re.compile(r"[0-9]{4} ?[/.-] ?[0-9]{1,2}|[0-9]{1,2} ?[/.-] ?[0-9]{4}")
DIGITS = re.compile(r"[0-9]{8}")
NUMBER = re.compile(r"([0-9]{5})(\.[0-9]+)?")
TOKEN = re.compile(r"[0-9]+|[^\W\d_]+(?:[.'][^\W\d_]+)*")


@dataclass(frozen=True)
class Day:
    """A written day: its shape, its three numbers as they stand, the calendar that a mark or a month's name tells."""

    shape: str
    numbers: tuple[int, int, int] = (0, 0, 0)
    widths: tuple[int, int, int] = (0, 0, 0)
    told: str | None = None


@lru_cache(maxsize=1 << 16)
def written_day(text: str) -> Day | None:
    """Take a text apart as a day; None for a text that is none in any order and calendar."""
    folded = in_digits(fold(text)).replace("አ/ም", "አ.ም")
    if not any(letter.isdigit() for letter in folded) or len(folded) > 60:
        return None
    folded = TIME.sub("", folded)
    told, rest = marked(folded)
    found = NUMERIC.fullmatch(rest)
    if found:
        return _numeric(found, told)
    if DIGITS.fullmatch(rest):
        return Day(COMPACT, (int(rest[:4]), int(rest[4:6]), int(rest[6:])), (4, 2, 2), told)
    number = NUMBER.fullmatch(rest)
    if number and told is None and SERIALS[0] <= int(number[1]) <= SERIALS[1]:
        return Day(SERIAL, (int(number[1]), 0, 0))
    if YEAR_MONTH.fullmatch(rest):
        return Day(COARSE, told=told)
    return _words(rest, told)


def readings_of(day: Day, today: datetime.date) -> frozenset[tuple[str, str]]:
    """Give every (order, calendar) in which a day written in numbers exists and has passed."""
    calendars_ = (day.told,) if day.told is not None else CALENDARS
    found = set()
    for order, (year, width, month, number) in _orders(day):
        for calendar in calendars_:
            if any(_passed(calendar, full, month, number, today) for full in _years(year, width, calendar)):
                found.add((order, calendar))
    return frozenset(found)


def marked(folded: str) -> tuple[str | None, str]:
    """Give the calendar that a mark of an era tells, or None, and the text without the mark."""
    eras = phrases("era")
    met = [token for token in TOKEN.findall(folded) if token in eras]
    if not met:
        return None, folded
    told = GREG if any(eras[token] == GREG for token in met) else eras[met[0]]
    rest = folded
    for token in sorted(met, key=len, reverse=True):
        rest = re.sub(rf"(?<![^\W\d_]){re.escape(token)}(?![^\W\d_])", " ", rest)
    return told, " ".join(rest.split()).strip(". ()")


def _numeric(found: re.Match[str], told: str | None) -> Day | None:
    first, middle, last = found.groups()
    numbers = int(first), int(middle), int(last)
    widths = len(first), len(middle), len(last)
    if len(first) == 4 and len(last) <= 2:
        return Day(FIRST, numbers, widths, told)
    if len(first) <= 2 and len(last) == 4:
        return Day(LAST, numbers, widths, told)
    return Day(SHORT, numbers, widths, told) if len(first) <= 2 and len(last) <= 2 else None


def _words(rest: str, told: str | None) -> Day | None:
    passed = phrases("weekday").keys() | phrases("date_filler").keys() | phrases("ordinal").keys()
    words = [token for token in TOKEN.findall(rest) if not token.isdecimal() and token not in passed]
    month = phrases("month").get(" ".join(words)) if words else None
    if month is None:
        return None
    calendar = {"G": GREG, "E": ETH, "H": HIJ}[month[0]]
    numbers = [token for token in TOKEN.findall(rest) if token.isdecimal()]
    if not 1 <= len(numbers) <= 2:
        return None
    return Day(WORD, told=calendar, widths=(len(numbers[0]), 0, len(numbers[-1])))


def _orders(day: Day) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Give (order, (year, its digits, month, day)) for each order that the shape leaves open."""
    first, middle, last = day.numbers
    left, _, right = day.widths
    if day.shape == FIRST:
        return [(YMD, (first, left, middle, last)), (YDM, (first, left, last, middle))]
    if day.shape == COMPACT:
        digits = f"{first:04d}{middle:02d}{last:02d}"
        year = int(digits[4:])
        return [
            (YMD, (first, 4, middle, last)),
            (DMY, (year, 4, int(digits[2:4]), int(digits[:2]))),
            (MDY, (year, 4, int(digits[:2]), int(digits[2:4]))),
        ]
    found = [(DMY, (last, right, middle, first)), (MDY, (last, right, first, middle))]
    if day.shape == SHORT:
        found.append((YMD, (first, left, middle, last)))
    return found


def _years(year: int, width: int, calendar: str) -> tuple[int, ...]:
    if width > 2:
        return (year,)
    return (CENTURY + year, OLD_CENTURY + year) if width == 2 and calendar != HIJ else ()


def _passed(calendar: str, year: int, month: int, day: int, today: datetime.date) -> bool:
    if not EARLIEST[calendar] <= year <= LATEST[calendar]:
        return False
    try:
        return calendars.gregorian(calendar, year, month, day) <= today
    except ValueError:
        return False
