"""Dates and periods in three calendars, against anchors written out by hand and against another implementation."""

from __future__ import annotations

from datetime import date as day
from datetime import timedelta

import ethiocalendar
import pytest
from hypothesis import given
from hypothesis import strategies as some

from etl.readings.calendars import from_ethiopian, to_ethiopian
from etl.readings.dates import date
from etl.readings.how import How
from etl.readings.periods import period, year
from etl.readings.said import MATCHES, Said

TODAY = day(2026, 11, 23)


def how(**declared: object) -> How:
    return How(today=TODAY, **declared)  # type: ignore[arg-type]


PLAIN = how()
DAY_FIRST = how(date_order="dmy")
MONTH_FIRST = how(date_order="mdy")
ETHIOPIAN = how(calendar="ETH", languages=("amh",))
HIJRI = how(calendar="HIJ", date_order="dmy")
MIXED = how(calendar="MIXED", date_order="dmy")

ANCHORS = [
    ((2012, 1, 1), day(2019, 9, 12)),
    ((2016, 1, 1), day(2023, 9, 12)),
    ((2017, 1, 1), day(2024, 9, 11)),
    ((2011, 13, 6), day(2019, 9, 11)),
    ((2016, 4, 19), day(2023, 12, 29)),
    ((2015, 6, 10), day(2023, 2, 17)),
    ((2007, 11, 4), day(2015, 7, 11)),
]


@pytest.mark.parametrize(("ethiopian", "gregorian"), ANCHORS)
def test_known_ethiopian_days_are_converted_both_ways(ethiopian: tuple[int, int, int], gregorian: day) -> None:
    assert from_ethiopian(*ethiopian) == gregorian
    assert to_ethiopian(gregorian) == ethiopian


def test_every_day_of_sixty_years_agrees_with_another_implementation() -> None:
    met = day(1980, 1, 1)
    while met < day(2040, 1, 1):
        other = ethiocalendar.from_gregorian(met.year, met.month, met.day)
        ethiopian = to_ethiopian(met)
        assert ethiopian == other
        assert from_ethiopian(*ethiopian) == met
        met += timedelta(days=1)


DAYS = [
    ("ET1", "የካቲት 10/2015 ዓ.ም", ETHIOPIAN, day(2023, 2, 17)),
    ("ET1 in a Gregorian file", "የካቲት 10/2015 ዓ.ም", PLAIN, day(2023, 2, 17)),
    ("ET2", "ሐምሌ 4 ቀን 2007 ዓ.ም.", ETHIOPIAN, day(2015, 7, 11)),
    ("ET3 comma", "ታኅሣስ 19፣ 2016", ETHIOPIAN, day(2023, 12, 29)),
    ("ET3 spelling", "ታህሳስ 19 2016", ETHIOPIAN, day(2023, 12, 29)),
    ("ET4", "10/6/2015", ETHIOPIAN, day(2023, 2, 17)),
    ("ET5 fifth", "ጳጉሜን 5, 2015", ETHIOPIAN, day(2023, 9, 10)),
    ("ET5 sixth", "ጳጉሜ 6 2015", ETHIOPIAN, day(2023, 9, 11)),
    ("ET6 declared year first", "2015-06-10", how(calendar="ETH", date_order="ymd"), day(2023, 2, 17)),
    ("ET6 marked Gregorian", "እ.ኤ.አ 17/02/2023", how(calendar="ETH", date_order="dmy"), day(2023, 2, 17)),
    ("ET19 numerals", "የካቲት ፲ ቀን ፳፻፲፭", ETHIOPIAN, day(2023, 2, 17)),
    ("ET18 time is dropped", "10/6/2015 3:00", ETHIOPIAN, day(2023, 2, 17)),
    ("SD1 year first", "٢٠٢٢/٠٣/١٤", PLAIN, day(2022, 3, 14)),
    ("SD1 marked", "١٤-٣-٢٠٢٢م", DAY_FIRST, day(2022, 3, 14)),
    ("SD2", "١٤٤٣/٠٨/١١ هـ", PLAIN, day(2022, 3, 14)),
    ("SD2 declared", "11/8/1443", HIJRI, day(2022, 3, 14)),
    ("SD2 named", "11 شعبان 1443", PLAIN, day(2022, 3, 14)),
    ("SD17 marks of direction", "\u200f٢٠٢٢/٠٣/١٤\u200f", PLAIN, day(2022, 3, 14)),
    ("DJ12 two digits", "01/02/23", DAY_FIRST, day(2023, 2, 1)),
    ("DJ12 ordinal", "1er février 2023", PLAIN, day(2023, 2, 1)),
    ("DJ weekday", "mercredi 1er février 2023", PLAIN, day(2023, 2, 1)),
    ("TN8 January", "5 جانفي 2021", PLAIN, day(2021, 1, 5)),
    ("TN8 February", "5 فيفري 2021", PLAIN, day(2021, 2, 5)),
    ("TN8 April", "5 أفريل 2021", PLAIN, day(2021, 4, 5)),
    ("TN8 May", "5 ماي 2021", PLAIN, day(2021, 5, 5)),
    ("TN8 June", "5 جوان 2021", PLAIN, day(2021, 6, 5)),
    ("TN8 July", "5 جويلية 2021", PLAIN, day(2021, 7, 5)),
    ("TN8 August", "5 أوت 2021", PLAIN, day(2021, 8, 5)),
    ("Levantine", "5 كانون الثاني 2021", PLAIN, day(2021, 1, 5)),
    ("Egyptian", "5 يوليو 2021", PLAIN, day(2021, 7, 5)),
    ("SO6 declared", "04/07/2022", DAY_FIRST, day(2022, 7, 4)),
    ("SO6 month first", "04/07/2022", MONTH_FIRST, day(2022, 4, 7)),
    ("Somali", "2 Luulyo 2021", PLAIN, day(2021, 7, 2)),
    ("Kiswahili", "tarehe 2 Machi 2021", PLAIN, day(2021, 3, 2)),
    ("English", "Friday, 17th of February 2023", PLAIN, day(2023, 2, 17)),
    ("G8 declared", "03/04/2023", DAY_FIRST, day(2023, 4, 3)),
    ("G8 not padded", "3/4/2023", DAY_FIRST, day(2023, 4, 3)),
    ("G7 from 1900", "45123", how(excel_epoch=1900), day(2023, 7, 16)),
    ("G7 from 1904", "45123", how(excel_epoch=1904), day(2027, 7, 17)),
    ("ISO", "2022-03-14", PLAIN, day(2022, 3, 14)),
    ("ISO at midnight", "2022-03-14 00:00:00", PLAIN, day(2022, 3, 14)),
    ("ISO with time and zone", "2022-03-14T10:20:30Z", PLAIN, day(2022, 3, 14)),
    ("LY1", "31/12/2022", DAY_FIRST, day(2022, 12, 31)),
    ("mixed, marked Ethiopian", "10/6/2015 ዓ.ም", MIXED, day(2023, 2, 17)),
    ("mixed, marked Gregorian", "14/03/2022م", MIXED, day(2022, 3, 14)),
    ("mixed, marked Hijri", "11/8/1443 هـ", MIXED, day(2022, 3, 14)),
]


@pytest.mark.parametrize(("text", "declared", "expected"), [case[1:] for case in DAYS], ids=[case[0] for case in DAYS])
def test_a_date_is_read_in_its_calendar(text: str, declared: How, expected: day) -> None:
    said = date(text, declared)
    assert said.values == (expected, "D")
    assert said.rules == ()


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("2021", PLAIN, (day(2021, 1, 1), "Y")),
        ("2021-03", PLAIN, (day(2021, 3, 1), "M")),
        ("03/2021", PLAIN, (day(2021, 3, 1), "M")),
        ("mars 2021", PLAIN, (day(2021, 3, 1), "M")),
        ("Q2 2021", PLAIN, (day(2021, 4, 1), "Q")),
        ("2015 ዓ.ም", ETHIOPIAN, (day(2022, 9, 11), "Y")),
        ("የካቲት 2015", ETHIOPIAN, (day(2023, 2, 8), "M")),
    ],
)
def test_a_month_or_a_year_keeps_its_precision(text: str, declared: How, expected: tuple[day, str]) -> None:
    assert date(text, declared).values == expected


REFUSED = [
    ("ET5 no sixth of Pagume in 2014", "ጳጉሜ 6 2014", ETHIOPIAN, "V12", ""),
    ("ET5 numbers", "6/13/2014", ETHIOPIAN, "V12", ""),
    ("ET no fourteenth month", "6/14/2014", ETHIOPIAN, "V12", ""),
    ("ET6", "2023-02-17", ETHIOPIAN, "V11", ""),
    ("ET6 plausible in both", "2016-02-17", ETHIOPIAN, "V11", "date_order: ymd"),
    ("V11 Gregorian-looking year", "17/02/2025", ETHIOPIAN, "V11", ""),
    ("V11 unmarked in a mixed file", "14/03/2022", MIXED, "V11", ""),
    ("V11 ISO in a mixed file", "2022-03-14", MIXED, "V11", ""),
    ("V11 Hijri year without its mark", "1443-08-11", PLAIN, "V11", ""),
    ("G8", "03/04/2023", PLAIN, "V10", "date_order: dmy"),
    ("SO6 undeclared", "04/07/2022", PLAIN, "V10", "date_order: dmy"),
    ("SO6 contradicts the declared order", "13/04/2022", MONTH_FIRST, "V10", "date_order: dmy"),
    ("month 13", "04/13/2022", DAY_FIRST, "V10", "date_order: mdy"),
    ("no such day", "31/02/2022", DAY_FIRST, "V10", ""),
    ("G7 undeclared", "45123", PLAIN, "V10", "file.excel_epoch: 1900"),
    ("G6 no year", "14-Feb", PLAIN, "V10", ""),
    ("century unknown", "14/03/62", DAY_FIRST, "V10", ""),
    ("eight digits undeclared", "20220314", PLAIN, "V10", "date_order: ymd"),
    ("two months", "Jan-Feb 2021", PLAIN, "V10", ""),
    ("not a date", "pending", PLAIN, "V10", ""),
]


@pytest.mark.parametrize(("text", "declared", "rule", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_date_that_nobody_can_read_for_sure_is_refused(text: str, declared: How, rule: str, line: str) -> None:
    said = date(text, declared)
    assert (said.values, said.match, said.rules, said.line) == ((None, None), "NONE", (rule,), line)
    assert said.note


PERIODS = [
    ("year", "2021", PLAIN, (day(2021, 1, 1), day(2021, 12, 31), "CY", "2021")),
    ("ET7", "2014 EFY", PLAIN, (day(2021, 7, 8), day(2022, 7, 7), "EFY", "EFY2014")),
    ("ET7 kind first", "EFY 2015", PLAIN, (day(2022, 7, 8), day(2023, 7, 7), "EFY", "EFY2015")),
    ("ET7 Amharic", "2006 በጀት ዓመት", ETHIOPIAN, (day(2013, 7, 8), day(2014, 7, 7), "EFY", "EFY2006")),
    ("ET7 declared", "2016", how(period_type="EFY"), (day(2023, 7, 8), day(2024, 7, 7), "EFY", "EFY2016")),
    ("Ethiopian year", "EY 2015", PLAIN, (day(2022, 9, 11), day(2023, 9, 11), "EY", "EY2015")),
    ("Ethiopian year, EC", "2014 EC", PLAIN, (day(2021, 9, 11), day(2022, 9, 10), "EY", "EY2014")),
    ("KE10", "F.Y. 2021/22", PLAIN, (day(2021, 7, 1), day(2022, 6, 30), "FY_JUL", "FY2021/22")),
    (
        "EG8 declared",
        "2021/2022",
        how(period_type="FY_JUL"),
        (day(2021, 7, 1), day(2022, 6, 30), "FY_JUL", "FY2021/22"),
    ),
    ("EG8 short", "21/22", how(period_type="FY_JUL"), (day(2021, 7, 1), day(2022, 6, 30), "FY_JUL", "FY2021/22")),
    ("half", "2021-H1", PLAIN, (day(2021, 1, 1), day(2021, 6, 30), "H", "2021-H1")),
    ("quarter", "2021-Q2", PLAIN, (day(2021, 4, 1), day(2021, 6, 30), "Q", "2021-Q2")),
    ("quarter first", "Q2 2021", PLAIN, (day(2021, 4, 1), day(2021, 6, 30), "Q", "2021-Q2")),
    ("month", "2021-07", PLAIN, (day(2021, 7, 1), day(2021, 7, 31), "M", "2021-07")),
    ("month that looks like two years", "2010-11", PLAIN, (day(2010, 11, 1), day(2010, 11, 30), "M", "2010-11")),
    ("EG2", "Jan-Jul 2017", PLAIN, (day(2017, 1, 1), day(2017, 7, 31), "PART", "2017-01-01/2017-07-31")),
    ("EG2 in full", "January–July 2017", PLAIN, (day(2017, 1, 1), day(2017, 7, 31), "PART", "2017-01-01/2017-07-31")),
    ("EG2 Arabic", "يناير - يوليو 2017", PLAIN, (day(2017, 1, 1), day(2017, 7, 31), "PART", "2017-01-01/2017-07-31")),
    ("EG5", "since 2021", PLAIN, (day(2021, 1, 1), None, "CUM", "2021-01-01/..")),
    ("EG5 French", "depuis 2021", PLAIN, (day(2021, 1, 1), None, "CUM", "2021-01-01/..")),
    ("span", "2021-01-01/2021-07-31", PLAIN, (day(2021, 1, 1), day(2021, 7, 31), "PART", "2021-01-01/2021-07-31")),
    ("LY1 stock", "as at 31/12/2022", DAY_FIRST, (day(2022, 12, 31), day(2022, 12, 31), "PART", "2022-12-31")),
    ("LY1 stock, Arabic", "بتاريخ 31/12/2022", DAY_FIRST, (day(2022, 12, 31), day(2022, 12, 31), "PART", "2022-12-31")),
    ("TIP report", "TIPR 2023", PLAIN, (day(2022, 4, 1), day(2023, 3, 31), "TIPR", "TIPR2023")),
]


@pytest.mark.parametrize(("text", "declared", "expected"), [case[1:] for case in PERIODS], ids=[case[0] for case in PERIODS])
def test_a_period_has_first_and_last_day_kind_and_name(text: str, declared: How, expected: tuple[object, ...]) -> None:
    assert period(text, declared).values == expected


ASKED = [
    ("EG8 undeclared", "2021/2022", PLAIN, "V31"),
    ("EG8 short undeclared", "21/22", PLAIN, "V31"),
    ("one year of a fiscal year", "2021", how(period_type="FY_JUL"), "V31"),
    ("FY with one year", "FY 2021", PLAIN, "V31"),
    ("bare year in an Ethiopian file", "2015", ETHIOPIAN, "V11"),
    ("Gregorian year as EFY", "2023", how(period_type="EFY"), "V11"),
    ("EFY that has not begun", "EFY 2023", PLAIN, "V11"),
    ("not a period", "last year", PLAIN, "V31"),
    ("day of no declared order", "as at 03/04/2022", PLAIN, "V10"),
]


@pytest.mark.parametrize(("text", "declared", "rule"), [case[1:] for case in ASKED], ids=[case[0] for case in ASKED])
def test_a_period_of_unknown_kind_is_not_guessed(text: str, declared: How, rule: str) -> None:
    said = period(text, declared)
    assert said.values == (None, None, None, None)
    assert said.match in ("ASK", "NONE")
    assert said.rules == (rule,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2021", 2021), ("EFY 2014", 2022), ("FY 2021/22", 2022), ("2021-Q2", 2021), ("TIPR 2023", 2023)],
)
def test_a_reference_year_is_the_gregorian_year_in_which_the_period_ends(text: str, expected: int) -> None:
    assert year(text, PLAIN).values == (expected,)


HOWS = some.sampled_from([PLAIN, DAY_FIRST, MONTH_FIRST, ETHIOPIAN, HIJRI, MIXED, how(excel_epoch=1904), how(period_type="EFY")])
TEXTS = some.one_of(some.text(max_size=30), some.text("0123456789٠١٢፩፲፻፼/-. مهـዓምEFYQTH²½", max_size=14))


@given(TEXTS, HOWS)
def test_any_text_gives_an_answer_and_never_a_crash(text: str, declared: How) -> None:
    for reading, width in ((date, 2), (period, 4), (year, 1)):
        said = reading(text, declared)
        assert isinstance(said, Said)
        assert len(said.values) == width
        assert said.match in MATCHES


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("Thu, 01/01/2026 - 12:00", None, day(2026, 1, 1)),
        ("Fri, 02/01/2026 - 12:00", None, day(2026, 1, 2)),
        ("Thu, 01/13/2022 - 08:00", None, day(2022, 1, 13)),
        ("vendredi 02/01/2026", None, day(2026, 1, 2)),
        ("Fri, 02/01/2026 - 12:00", "mdy", None),
        ("Mon, 02/01/2026", None, None),
    ],
)
def test_the_day_of_the_week_proves_the_order_of_a_date_or_refuses_it(text: str, order: str | None, expected: day | None) -> None:
    assert date(text, how(date_order=order)).values[0] == expected
