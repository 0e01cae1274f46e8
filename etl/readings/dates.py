"""A date in the calendar that the source declares: Gregorian, Ethiopian or Hijri."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from etl.fold import fold
from etl.readings import calendars
from etl.readings.ethiopic import in_digits
from etl.readings.how import How
from etl.readings.phrases import phrases
from etl.readings.said import ALIAS, COMPUTED, DECLARED, EXACT, NONE, Said, refused
from schemas.places import time_zones

_WIDTH = 2
_FIRST_YEAR = 1900
_MIDNIGHT = (" 00:00:00", "T00:00:00")
LONGEST = 200  # characters; what is longer is no date, and each of its words would be looked at against all others
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? ?(Z|[+-]00:?00)")
_iso = datetime.date.fromisoformat

_PADDED = re.compile(r"[0-9]{2}([/.-])[0-9]{2}\1[0-9]{4}")
_NUMERIC = re.compile(r"([0-9]{1,4}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{1,4})")
_NUMBERS = re.compile(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
_YEAR_MONTH = re.compile(r"([0-9]{4}) ?[/.-] ?([0-9]{1,2})|([0-9]{1,2}) ?[/.-] ?([0-9]{4})")
_QUARTER = re.compile(r"([0-9]{4})[ -]?[qt]([1-4])|[qt]([1-4])[ -/]?([0-9]{4})")
_TIME = re.compile(
    r"(?<![ t,])[ t,]+(at |a )?[0-9]{1,2}[:h][0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[ap]\.?m| ?z| ?[+-][0-9]{2}:?[0-9]{2})?$"
)
_COMPACT, _YEAR = re.compile("[0-9]{8}"), re.compile("[0-9]{4}")
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+(?:[.'][^\W\d_]+)*")
_SERIAL_ZERO = {1900: datetime.date(1899, 12, 30), 1904: datetime.date(1904, 1, 1)}
_ORDERS = {"dmy": (0, 1, 2), "mdy": (1, 0, 2), "ymd": (2, 1, 0)}


def date(text: str, how: How) -> Said:
    """Read a date. Gives (Gregorian date, precision D, M, Q or Y); a month or year stands for its first day.

    Numbers that are not year-first are read in the declared `date_order` only; years of two digits mean 2000 to 2049. A
    mark (هـ, ዓ.ም, م) or a month's name tells the calendar of its value. Breaks V10 (cannot be read), V11 (calendars in
    conflict), V12 (no such day in the Ethiopian year). Whether the day lies in the future or outside the period is
    checked elsewhere.
    """
    if how.calendar == "GREG":
        said = _plain(text, how)
        if said is not None:
            return said
    if _UTC.fullmatch(text.strip()):
        return _utc(text.strip(), how)
    if len(text) > LONGEST:
        return _unread(text)
    folded = _TIME.sub("", in_digits(fold(text)))
    return _number(folded, how) or _of_weekday(folded, how) or _words(folded, how) or _unread(text)


def _of_weekday(folded: str, how: How) -> Said | None:
    """Read a date of numbers behind its day of the week, as portals write it: the day of the week proves the order."""
    name, _, rest = folded.partition(" ")
    weekday = phrases("weekday").get(name.strip(".,"))
    rest = rest.strip(" ,-")
    if weekday is None or not _NUMBERS.fullmatch(rest) or how.calendar != "GREG":
        return None
    orders = ("ymd",) if rest[:4].isdigit() else ("dmy", "mdy") if how.date_order is None else (how.date_order,)
    readings = [_number(rest, replace(how, date_order=order)) for order in orders]
    days = {said.values[0]: said for said in readings if said is not None and isinstance(said.values[0], datetime.date)}
    fitting = [said for day, said in days.items() if isinstance(day, datetime.date) and day.isoweekday() == int(weekday)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        note = f"{folded[:40]} falls on that day of the week in either order; declare the order that the file uses"
        return refused(_WIDTH, "V10", note, "date_order: dmy")
    note = f"{folded[:40]} names a day of the week on which no such date falls in the declared order; look at it in the file"
    return refused(_WIDTH, "V10", note)


def _plain(text: str, how: How) -> Said | None:
    """Read the two commonest forms fast: a million distinct values pass here."""
    try:
        if text[4:5] == "-" and (len(text) == 10 or text[10:] in _MIDNIGHT):
            day = _iso(text[:10])
            return Said((day, "D"), EXACT) if day.year >= _FIRST_YEAR else None
        if how.date_order == "dmy" and _PADDED.fullmatch(text):
            day = _iso(f"{text[6:]}-{text[3:5]}-{text[:2]}")
            return Said((day, "D"), DECLARED) if day.year >= _FIRST_YEAR else None
    except ValueError:
        pass  # month 13, or not a date at all: the slow way says which
    return None


def _utc(text: str, how: How) -> Said:
    """Give the day that a moment of UTC is for the sender: late in the evening it is the next day in Nairobi."""
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r" ?(Z|[+-]00:?00)$", "+00:00", text))
    except ValueError as fault:
        return refused(_WIDTH, "V10", f"there is no moment {text} ({fault}); look at it in the file")
    zones = time_zones()
    here = {how.country: zones[how.country]} if how.country in zones else zones
    days = {moment.astimezone(zone).date() for zone in here.values()}
    if len(days) > 1:
        note = f"{text} is a time of UTC, and its day depends on where it was; write the day as it was there"
        return refused(_WIDTH, "V10", note)
    (day,) = days
    if day == moment.date():
        return Said((day, "D"), EXACT)
    return Said((day, "D"), COMPUTED, (), f"{text} (UTC) is {day} in the time zone of the sender")


def _number(folded: str, how: How) -> Said | None:
    """Read a value that has only numbers, with or without a mark of its calendar."""
    calendar, rest, marked = _era(folded, how)
    if calendar is None:
        return None if _month_word(rest) else _unmarked(folded)
    found = _NUMERIC.fullmatch(rest)
    if found:
        return _ordered(found, calendar, marked, how)
    serial = _SERIAL.fullmatch(rest)
    if serial and not marked:
        return _serial(int(serial[1]), how)
    if _COMPACT.fullmatch(rest):
        return _compact(rest, calendar, how)
    if _YEAR.fullmatch(rest):
        return _said(calendar, int(rest), 1, 1, "Y", EXACT, how)
    found = _YEAR_MONTH.fullmatch(rest)
    if found:
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _said(calendar, int(year), int(month), 1, "M", EXACT, how)
    found = _QUARTER.fullmatch(rest)
    if found and calendar == "GREG":
        year, quarter = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _said(calendar, int(year), 3 * int(quarter) - 2, 1, "Q", EXACT, how)
    return None


def _era(folded: str, how: How) -> tuple[str | None, str, bool]:
    """Tell the calendar of a value, the value without its mark, and whether it had one."""
    eras = phrases("era")
    met = [token for token in _TOKEN.findall(folded.replace("አ/ም", "አ.ም")) if token in eras]
    if not met:
        return (None if how.calendar == "MIXED" else how.calendar), folded, False
    # እ.ኤ.አ ("as the Europeans count") may stand beside ዓ.ም and then rules it.
    calendar = "GREG" if any(eras[token] == "GREG" for token in met) else eras[met[0]]
    rest = folded.replace("አ/ም", "አ.ም")
    for token in sorted(met, key=len, reverse=True):
        rest = re.sub(rf"(?<![^\W\d_]){re.escape(token)}(?![^\W\d_])", " ", rest)
    return calendar, " ".join(rest.split()).strip(". "), True


def _ordered(found: re.Match[str], calendar: str, marked: bool, how: How) -> Said:
    first, middle, last = found.groups()
    order = how.date_order or ("dmy" if calendar == "ETH" else None)  # Ethiopian dates are written day first
    if len(first) >= 3:
        if calendar == "ETH" and not marked and how.date_order != "ymd":
            note = f"{found.group()} is written like a Gregorian date inside Ethiopian dates; ask which calendar it is in"
            begun = int(first) <= calendars.ethiopian_year(how.today)
            return refused(_WIDTH, "V11", note, "date_order: ymd" if begun else "")
        parts, match = (int(first), int(middle), int(last)), EXACT
    elif order is None:
        note = f"{found.group()} does not say which number is the day; declare the order that the file uses"
        return refused(_WIDTH, "V10", note, "date_order: dmy")
    else:
        places = _ORDERS[order]
        numbers = (first, middle, last)
        day, month, year = (numbers[place] for place in places)
        if len(year) < 3 and len(day) > 2:
            return _unread(found.group())
        full = _year(year, calendar)
        if full is None:
            return refused(_WIDTH, "V10", f"the century of {found.group()} is not known; write the year in full")
        parts, match = (full, int(month), int(day)), DECLARED
    return _said(calendar, *parts, "D", match, how)


def _year(written: str, calendar: str) -> int | None:
    """Give the full year; two digits from 00 to 49 mean 2000 to 2049, and never a Hijri year."""
    if len(written) > 2:
        return int(written)
    return 2000 + int(written) if len(written) == 2 and int(written) < 50 and calendar != "HIJ" else None


def _serial(days: int, how: How) -> Said:
    if how.excel_epoch is None:
        note = f"{days} may be a spreadsheet's day number; declare whether it counts from 1900 or 1904"
        return refused(_WIDTH, "V10", note, "file.excel_epoch: 1900")
    day = _SERIAL_ZERO[how.excel_epoch] + datetime.timedelta(days)
    return Said((day, "D"), COMPUTED, (), f"day number {days} of the {how.excel_epoch} system")


def _compact(digits: str, calendar: str, how: How) -> Said:
    if how.date_order is None:
        return refused(_WIDTH, "V10", f"{digits} does not say where its year is; declare the order", "date_order: ymd")
    if how.date_order == "ymd":
        year, month, day = digits[:4], digits[4:6], digits[6:]
    else:
        day, month = (digits[:2], digits[2:4]) if how.date_order == "dmy" else (digits[2:4], digits[:2])
        year = digits[4:]
    return _said(calendar, int(year), int(month), int(day), "D", DECLARED, how)


def _words(folded: str, how: How) -> Said | None:
    """Read a value in which the month is a word; the word tells the calendar."""
    _, rest, _ = _era(folded, how)
    word = _month_word(rest)
    if word is None:
        return None
    month = phrases("month")[word]
    calendar = {"G": "GREG", "E": "ETH", "H": "HIJ"}[month[0]]
    numbers = [token for token in _TOKEN.findall(rest) if token.isdecimal()]
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return _said(calendar, int(numbers[0]), int(month[1:]), 1, "M", ALIAS, how)
    if len(numbers) != 2:
        return refused(_WIDTH, "V10", f"{folded} has no year or too many numbers; write day, month and year")
    day, year = numbers if len(numbers[0]) < 3 else numbers[::-1]
    if len(day) > 2 or (len(year) < 3 and how.date_order is None):
        return refused(_WIDTH, "V10", f"{folded} does not say which number is the year; declare it", "date_order: dmy")
    if len(year) < 3 and how.date_order == "ymd":
        day, year = year, day
    full = _year(year, calendar)
    if full is None:
        return refused(_WIDTH, "V10", f"the century of {folded} is not known; write the year in full")
    return _said(calendar, full, int(month[1:]), int(day), "D", ALIAS, how)


def _month_word(rest: str) -> str | None:
    """Find the one month name of a value, when every other word of it is a weekday, a filler or an ordinal."""
    passed = phrases("weekday").keys() | phrases("date_filler").keys() | phrases("ordinal").keys()
    words = [token for token in _TOKEN.findall(rest) if not token.isdecimal() and token not in passed]
    name = " ".join(words)
    return name if name in phrases("month") else None


def _said(calendar: str, year: int, month: int, day: int, precision: str, match: str, how: How) -> Said:
    """Turn a day of some calendar into a Gregorian date, or say why there is no such day."""
    met = f"{year}-{month:02d}-{day:02d}"
    if calendar == "ETH" and year > calendars.ethiopian_year(how.today):
        note = f"the year {year} has not begun in the Ethiopian calendar; ask whether {met} is Gregorian"
        return refused(_WIDTH, "V11", note)
    if calendar == "GREG" and year < _FIRST_YEAR:
        return refused(_WIDTH, "V11", f"the year {year} is not a Gregorian year of our time; ask for its calendar")
    try:
        found = calendars.gregorian(calendar, year, month, day)
    except ValueError as fault:
        rule = "V12" if calendar == "ETH" else "V10"
        swapped = calendar == "GREG" and precision == "D" and month > 12 >= day
        line = "date_order: mdy" if swapped and how.date_order == "dmy" else ""
        line = "date_order: dmy" if swapped and how.date_order == "mdy" else line
        return refused(_WIDTH, rule, f"there is no day {met} ({fault}); look at it in the file", line)
    if calendar == "GREG":
        return Said((found, precision), match)
    note = f"from the Ethiopian {met}" if calendar == "ETH" else f"from the Hijri {met} (Umm al-Qura, within a day)"
    return Said((found, precision), COMPUTED, (), note)


def _unmarked(folded: str) -> Said:
    note = f"{folded} does not say its calendar, in a column declared MIXED; write هـ, ዓ.ም or م after it"
    return refused(_WIDTH, "V11", note)


def _unread(text: str) -> Said:
    return Said((None, None), NONE, ("V10",), f"{text.strip()[:40]!r} is not a date that can be read; write it as 2021-03-14")
