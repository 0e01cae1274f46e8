"""Days of the Ethiopian and Hijri calendars as Gregorian dates."""

from __future__ import annotations

from datetime import date, timedelta

# Day before 1 Meskerem 1, counted as `date.toordinal` does (Julian day number 1724221 is 1 Meskerem 1).
_EPOCH = 1724221 - 1721425
_MONTHS, _DAYS = 13, 30


def gregorian(calendar: str, year: int, month: int, day: int) -> date:
    """Give the Gregorian date of a day in `GREG`, `ETH` or `HIJ` (Umm al-Qura, 1343 to 1500).

    Errors: ValueError when the calendar has no such day.
    """
    if calendar == "ETH":
        return from_ethiopian(year, month, day)
    if calendar == "HIJ":
        return _from_hijri(year, month, day)
    return date(year, month, day)


def from_ethiopian(year: int, month: int, day: int) -> date:
    """Give the Gregorian date of an Ethiopian day; errors as in `gregorian`."""
    if not 1 <= month <= _MONTHS:
        raise ValueError(f"the Ethiopian year has months 1 to 13, not {month}")
    last = _DAYS if month < _MONTHS else 6 if year % 4 == 3 else 5
    if not 1 <= day <= last:
        raise ValueError(f"month {month} of {year} has {last} days")
    if not 1 <= year <= 9990:
        raise ValueError(f"the year {year} is out of range")
    return date.fromordinal(_EPOCH + 365 * (year - 1) + year // 4 + _DAYS * (month - 1) + day - 1)


def to_ethiopian(day: date) -> tuple[int, int, int]:
    """Give (year, month, day) of a Gregorian date in the Ethiopian calendar."""
    passed = day.toordinal() - _EPOCH
    year = (4 * passed + 1463) // 1461
    rest = passed - (365 * (year - 1) + year // 4)
    return year, rest // _DAYS + 1, rest % _DAYS + 1


def ethiopian_year(day: date) -> int:
    """Give the Ethiopian year in which a Gregorian date lies."""
    return to_ethiopian(day)[0]


def ethiopian_fiscal_year(year: int) -> tuple[date, date]:
    """Give first and last day of an Ethiopian fiscal year: 1 Hamle of the year before to 30 Sene (CL_PERIOD EFY)."""
    return from_ethiopian(year - 1, 11, 1), from_ethiopian(year, 10, 30)


def ethiopian_calendar_year(year: int) -> tuple[date, date]:
    """Give first and last day of an Ethiopian year (CL_PERIOD EY)."""
    return from_ethiopian(year, 1, 1), from_ethiopian(year + 1, 1, 1) - timedelta(days=1)


def _from_hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri  # slow to import, and few files need it

    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError as fault:  # how hijridate says that its table does not reach
        raise ValueError(str(fault)) from fault
    return date(found.year, found.month, found.day)
