"""Reference periods: years, fiscal years, halves, quarters, months, spans and dates, with first and last day."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange

from etl.fold import fold
from etl.readings import calendars
from etl.readings.dates import LONGEST, date
from etl.readings.how import How
from etl.readings.phrases import longest_first, phrases
from etl.readings.said import ALIAS, ASK, COMPUTED, DECLARED, EXACT, NONE, Said, asked, refused

_WIDTH = 4
_YEAR = re.compile(r"[0-9]{4}")
_TWO_YEARS = re.compile(r"([0-9]{2}|[0-9]{4}) ?[/-] ?([0-9]{2}|[0-9]{4})")
_HALF = re.compile(r"([0-9]{4})[ -]?[hs]([12])|[hs]([12])[ -/]?([0-9]{4})")
_QUARTER = re.compile(r"([0-9]{4})[ -]?[qt]([1-4])|[qt]([1-4])[ -/]?([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_ISO_SPAN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ?/ ?([0-9]{4}-[0-9]{2}-[0-9]{2})")
_FIRST, _LAST = 1900, 2099
# Kinds of years (CL_PERIOD) whose quarters are not those of a calendar year.
NOT_CALENDAR_YEARS = ("EFY", "EY", "FY_JUL", "TIPR")
_DIGITS = re.compile(r"[0-9]+")


def period(text: str, how: How) -> Said:
    """Read a reference period. Gives (period_start, period_end, period_type of CL_PERIOD, time_period).

    time_period is `2021`, `2021-H1`, `2021-Q2`, `2021-07`; `EFY2014`, `EY2014`, `FY2021/22` and `TIPR2023` for years
    that are not calendar years, so that they are never drawn as one; `start/end` for a part of a year; `start/..` for
    figures that add up since a day, whose end stays open (None): the pipeline takes that of the file. A day ("as at
    31/12/2022", a stock) is PART with the same start and end, and its date as time_period.
    A year of a kind that neither the text nor `period_type` tells breaks V31; years of another calendar break V11.
    """
    folded = fold(text)
    if _YEAR.fullmatch(folded):
        return _plain_year(int(folded), how)
    known = None if len(folded) > LONGEST else _years_or_part(folded, how) or _since(folded, how) or _day(folded, how)
    return (
        known
        or refused(_WIDTH, "V31", f"{text.strip()[:40]!r} is not a period; write 2021, EFY 2014, FY 2021/22 or two dates a/b")
    )


def year(text: str, how: How) -> Said:
    """Read a year. Gives (ref_year,): the Gregorian year in which the period ends, so EFY 2014 gives 2022."""
    said = period(text, how)
    end = said.values[1]
    if said.match in (ASK, NONE):
        return Said((None,), said.match, said.rules, said.note, said.line)
    if not isinstance(end, datetime.date):
        return refused(1, "V31", f"{text.strip()[:40]!r} has no end, so it belongs to no year")
    return Said((end.year,), said.match, said.rules, said.note, said.line)


def _years_or_part(folded: str, how: How) -> Said | None:
    return _fiscal(folded, how) or _part_of_year(folded, how) or _span(folded, how)


def _whole_year(kind: str, number: int, match: str) -> Said:
    """Give the year `number` of a kind of years, in the way that this kind counts."""
    if not _FIRST <= number <= _LAST:
        return refused(_WIDTH, "V11", f"{number} is not a year of our time in any calendar used here; look at it in the file")
    if kind == "EFY":
        return Said((*calendars.ethiopian_fiscal_year(number), kind, f"EFY{number}"), match)
    if kind == "EY":
        return Said((*calendars.ethiopian_calendar_year(number), kind, f"EY{number}"), match)
    if kind == "TIPR":
        span = datetime.date(number - 1, 4, 1), datetime.date(number, 3, 31)
        return Said((*span, kind, f"TIPR{number}"), match)
    if kind == "FY_JUL":
        span = datetime.date(number, 7, 1), datetime.date(number + 1, 6, 30)
        return Said((*span, kind, f"FY{number}/{(number + 1) % 100:02d}"), match)
    return Said((datetime.date(number, 1, 1), datetime.date(number, 12, 31), "CY", str(number)), match)


def _plain_year(number: int, how: How) -> Said:
    """Read a bare year by the declared type of period; the kinds that a bare number does not tell are asked about."""
    kind = how.period_type
    if kind in ("EFY", "EY"):
        return _ethiopian(kind, number, how, DECLARED)
    if kind == "TIPR":
        return _whole_year(kind, number, DECLARED)
    if kind == "FY_JUL":
        return asked(_WIDTH, "V31", f"{number} may be the year in which the fiscal year begins or ends; write FY {number}/xx")
    if how.calendar in ("ETH", "MIXED"):
        note = f"{number} may be Ethiopian, an Ethiopian fiscal year or Gregorian; write EY {number} or EFY {number}"
        return asked(_WIDTH, "V11", note, "period_type: EFY")
    if how.calendar == "HIJ":
        return asked(_WIDTH, "V11", f"{number} may be Hijri or Gregorian; write two dates a/b")
    return _whole_year("CY", number, EXACT)


def _ethiopian(kind: str, number: int, how: How, match: str) -> Said:
    # The fiscal year that begins in Hamle bears the number of the coming Ethiopian year.
    if number > calendars.ethiopian_year(how.today) + 1:
        note = f"the year {number} has not begun in the Ethiopian calendar; ask whether it is Gregorian"
        return refused(_WIDTH, "V11", note)
    return _whole_year(kind, number, match)


def _fiscal(folded: str, how: How) -> Said | None:
    """Read a year with its kind written beside it, or two years joined."""
    rest, kind = _kind(folded)
    found = _TWO_YEARS.fullmatch(rest)
    if found:
        return _two_years(found, kind, how) if kind in (None, "FY_JUL", "EFY") else None
    if kind is None or not _YEAR.fullmatch(rest):
        return None
    if kind in ("EFY", "EY"):
        return _ethiopian(kind, int(rest), how, ALIAS)
    if kind == "TIPR":
        return _whole_year(kind, int(rest), ALIAS)
    return asked(_WIDTH, "V31", f"{folded} may begin or end in {rest}; write FY {rest}/xx with both years")


def _kind(folded: str) -> tuple[str, str | None]:
    for word in longest_first("fiscal"):
        for rest in (folded.removeprefix(word), folded.removesuffix(word)):
            if rest != folded and not (rest[:1].isalpha() or rest[-1:].isalpha()):
                return rest.strip(" ."), phrases("fiscal")[word]
    return folded, None


def _two_years(found: re.Match[str], kind: str | None, how: How) -> Said | None:
    first, second = found.groups()
    begin = int(first) if len(first) == 4 else 2000 + int(first)
    if len(first) == 4 and len(second) == 2 and int(second) <= 12 and int(second) != (begin + 1) % 100:
        return None  # 2021-07 is a month
    if (begin + 1) % 100 != int(second) % 100 or (len(second) == 4 and int(second) != begin + 1):
        return None
    if _MONTH.fullmatch(found.group()) and kind is None:
        return None
    kind = kind or how.period_type
    if kind == "FY_JUL":
        return _whole_year(kind, begin, DECLARED)
    if kind == "EFY" and begin > calendars.ethiopian_year(how.today):  # EFY 2014 written as the Gregorian 2021/22
        return _whole_year(kind, begin - 7, COMPUTED)
    note = f"{found.group()} may be a fiscal year or two years; write FY {begin}/{(begin + 1) % 100:02d} or two dates"
    return asked(_WIDTH, "V31", note, "period_type: FY_JUL")


def _part_of_year(folded: str, how: How) -> Said | None:
    """Read a half, quarter or month of a calendar year; of any other year it is asked which days are meant."""
    half_or_quarter = _HALF.fullmatch(folded) or _QUARTER.fullmatch(folded)
    other_calendar, other_year = how.calendar != "GREG", how.period_type in NOT_CALENDAR_YEARS
    if (half_or_quarter and (other_calendar or other_year)) or (_MONTH.fullmatch(folded) and other_calendar):
        year_meant = f"a {how.period_type} year" if other_year else f"a year of the calendar {how.calendar}"
        note = f"{folded} may be a part of a Gregorian year or of {year_meant}; write its first and last day, a/b"
        return asked(_WIDTH, "V11" if other_calendar else "V31", note)
    found = _HALF.fullmatch(folded)
    if found:
        number, half = _pair(found)
        return _months(number, 6 * half - 5, 6 * half, "H", f"{number}-H{half}")
    found = _QUARTER.fullmatch(folded)
    if found:
        number, quarter = _pair(found)
        return _months(number, 3 * quarter - 2, 3 * quarter, "Q", f"{number}-Q{quarter}")
    found = _MONTH.fullmatch(folded)
    if found and 1 <= int(found[2]) <= 12:
        return _months(int(found[1]), int(found[2]), int(found[2]), "M", folded)
    return None


def _pair(found: re.Match[str]) -> tuple[int, int]:
    return (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))


def _months(number: int, first: int, last: int, kind: str, name: str, match: str = EXACT) -> Said | None:
    if not _FIRST <= number <= _LAST:
        return None
    start = datetime.date(number, first, 1)
    end = datetime.date(number, last, monthrange(number, last)[1])
    return Said((start, end, kind, name or f"{start}/{end}"), match)


def _span(folded: str, how: How) -> Said | None:
    """Read two dates parted by `/`, and "Jan-Jul 2017", with months of any language."""
    found = _ISO_SPAN.fullmatch(folded)
    if found:
        start, end = (date(part, How(today=how.today)).values[0] for part in found.groups())
        if not isinstance(start, datetime.date) or not isinstance(end, datetime.date) or start > end:
            return None
        return Said((start, end, "PART", f"{start}/{end}"), EXACT)
    numbers = _DIGITS.findall(folded)
    if len(numbers) != 1 or len(numbers[0]) != 4:
        return None
    names = [
        part.strip(" .,") for part in re.split(r"-|/| (?:to|a|au|until|ilaa|hadi|الي|حتي|እስከ) ", folded.replace(numbers[0], " "))
    ]
    months = [phrases("month").get(name, "") for name in names]
    if not 1 <= len(months) <= 2 or not all(month.startswith("G") for month in months):
        return None
    first, last = int(months[0][1:]), int(months[-1][1:])
    if len(months) == 1:
        return _months(int(numbers[0]), first, last, "M", f"{numbers[0]}-{first:02d}", ALIAS)
    return _months(int(numbers[0]), first, last, "PART", "", ALIAS) if first <= last else None


def _since(folded: str, how: How) -> Said | None:
    """Read "since 2019": the count runs on from the first day of that period."""
    for word in longest_first("since"):
        for rest in (folded.removeprefix(word), folded.removesuffix(word)):
            if rest != folded and not (rest[:1].isalpha() or rest[-1:].isalpha()):
                rest = rest.strip()
                said = _plain_year(int(rest), how) if _YEAR.fullmatch(rest) else _years_or_part(rest, how) or _day(rest, how)
                start = said.values[0] if said is not None else None
                if isinstance(start, datetime.date):
                    return Said((start, None, "CUM", f"{start}/.."), ALIAS)
    return None


def _day(folded: str, how: How) -> Said | None:
    """Read a single day, with or without "as at" before it: a stock is counted on a day."""
    for word in longest_first("as_at"):
        if folded.startswith(word + " "):
            folded = folded[len(word) :].strip()
            break
    said = date(folded, how)
    day, precision = said.values
    if isinstance(day, datetime.date) and precision == "D":
        return Said((day, day, "PART", str(day)), said.match, said.rules, said.note)
    if said.match == NONE and re.search(r"[0-9].*[0-9]", folded) and said.line:
        return Said((None,) * _WIDTH, NONE, said.rules, said.note, said.line)
    return None
