"""Ages: what is known is kept as a span, and a group or band is given only when the whole span lies in it."""

from __future__ import annotations

from datetime import date as day

import pytest
from hypothesis import given
from hypothesis import strategies as some

from etl.readings.ages import age, age_codes
from etl.readings.how import How
from etl.readings.said import MATCHES, Said
from etl.readings.sex_ages import sex_age


def how(**declared: object) -> How:
    return How(today=day(2026, 11, 23), field="age", **declared)  # type: ignore[arg-type]


PLAIN = how(languages=("eng", "fra", "ara", "amh", "swa", "som"))

READ = [
    ("a number", "17", (17, 17, 17, "Y0T17", "Y9T17")),
    ("a newborn", "0", (0, 0, 0, "Y0T17", "Y0T8")),
    ("the border", "18", (18, 18, 18, "Y_GE18", "Y18T29")),
    ("KE12 yrs", "17yrs", (17, 17, 17, "Y0T17", "Y9T17")),
    ("French", "17 ans", (17, 17, 17, "Y0T17", "Y9T17")),
    ("Arabic", "١٧ سنة", (17, 17, 17, "Y0T17", "Y9T17")),
    ("Amharic", "17 ዓመት", (17, 17, 17, "Y0T17", "Y9T17")),
    ("ET19 Amharic numerals", "፲፯", (17, 17, 17, "Y0T17", "Y9T17")),
    ("Kiswahili", "miaka 17", (17, 17, 17, "Y0T17", "Y9T17")),
    ("Somali", "17 jir", (17, 17, 17, "Y0T17", "Y9T17")),
    ("a half year is not completed", "17.5", (17, 17, 17, "Y0T17", "Y9T17")),
    ("G18 months", "5 months", (0, 0, 0, "Y0T17", "Y0T8")),
    ("G18 months over a year", "30 mois", (2, 2, 2, "Y0T17", "Y0T8")),
    ("G18 and over, straddles", "17+", (None, 17, 110, "_U", "_X")),
    ("G18 over", ">18", (None, 19, 110, "Y_GE18", "_X")),
    ("under", "<18", (None, 0, 17, "Y0T17", "_X")),
    ("under, in words", "moins de 18 ans", (None, 0, 17, "Y0T17", "_X")),
    ("under, Arabic", "أقل من 18 سنة", (None, 0, 17, "Y0T17", "_X")),
    ("under, Amharic", "ከ18 ዓመት በታች", (None, 0, 17, "Y0T17", "_X")),
    ("18 and over, French", "18 ans et plus", (None, 18, 110, "Y_GE18", "_X")),
    ("G18 span", "15-17", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span with a dash", "0–8", (None, 0, 8, "Y0T17", "Y0T8")),
    ("span in words", "15 to 17", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span, French", "de 15 à 17 ans", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span, Arabic", "من 15 إلى 17", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span, Amharic", "ከ15 እስከ 17 ዓመት", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span, Kiswahili", "15 hadi 17", (None, 15, 17, "Y0T17", "Y9T17")),
    ("span across 18", "16-25", (None, 16, 25, "_U", "_X")),
    ("CTDC", "18--20", (None, 18, 20, "Y_GE18", "Y18T29")),
    ("CTDC leading zero", "09--17", (None, 9, 17, "Y0T17", "Y9T17")),
    ("CTDC 30--38", "30--38", (None, 30, 38, "Y_GE18", "Y30T47")),
    ("CTDC open", "48+", (None, 48, 110, "Y_GE18", "Y_GE48")),
    ("an age and under", "17 and under", (None, 0, 17, "Y0T17", "_X")),
    ("a word with its ages", "Adult (18 or over)", (None, 18, 110, "Y_GE18", "_X")),
    ("a word with its span", "Child (0-17)", (None, 0, 17, "Y0T17", "_X")),
    ("G18 teen", "teen", (None, 13, 19, "_U", "_X")),
    ("G18 minor", "minor", (None, 0, 17, "Y0T17", "_X")),
    ("KE12 Mtoto", "Mtoto", (None, 0, 17, "Y0T17", "_X")),
    ("KE12 Adult", "Adult", (None, 18, 110, "Y_GE18", "_X")),
    ("child, Arabic", "قاصر", (None, 0, 17, "Y0T17", "_X")),
    ("child, Amharic", "ሕፃን", (None, 0, 17, "Y0T17", "_X")),
    ("child, French", "Mineure", (None, 0, 17, "Y0T17", "_X")),
    ("G6", "14-Feb", (None, 2, 14, "Y0T17", "_X")),
    ("G6 as a date of the spreadsheet", "2026-02-14 00:00:00", (None, 2, 14, "Y0T17", "_X")),
    ("CTDC unknown", "-99", (None, None, None, "_U", "_U")),
    ("unknown", "Unknown", (None, None, None, "_U", "_U")),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_an_age_gives_years_bounds_group_and_band(text: str, expected: tuple[object, ...]) -> None:
    said = age(text, PLAIN)
    assert said.values == expected
    assert said.rules == ()


def test_g18_an_approximate_age_is_two_years_either_way_and_warns() -> None:
    said = age("approx. 20", PLAIN)
    assert (said.values, said.match, said.rules) == ((None, 18, 22, "Y_GE18", "Y18T29"), "APPROX", ("V29",))
    assert age("environ 17 ans", PLAIN).values == (None, 15, 19, "_U", "_X")


def test_g6_a_band_that_could_be_written_two_ways_is_asked_about() -> None:
    said = age("12-Oct", PLAIN)
    assert (said.values, said.match, said.rules) == ((None,) * 5, "ASK", ("V03",))


@pytest.mark.parametrize(
    "text", ["171", "-3", "111", "20-15", "youth", "about", "17/18/19", "15, 16", "15,7", "17½", "n/a", "??"]
)
def test_v03_what_is_no_age_is_refused(text: str) -> None:
    said = age(text, PLAIN)
    assert said.values == (None,) * 5
    assert said.rules == ("V03",)
    assert said.note


def test_an_age_with_a_dash_may_mean_two_things_and_is_asked_about() -> None:
    said = age("18-", PLAIN)
    assert (said.match, said.line) == ("ASK", 'columns.age.words: {0-17: ["18-"]}')
    assert age("Adult (0-17)", PLAIN).match == "NONE"


def test_a_decimal_comma_counts_only_where_it_is_declared() -> None:
    assert age("17,5 ans", how(decimal=",")).values == (17, 17, 17, "Y0T17", "Y9T17")


def test_the_words_of_the_source_come_first() -> None:
    own = how(words={"youth": "15-24", "ad": "Y_GE18", "n/k": "_U"})
    assert age("Youth", own).values == (None, 15, 24, "_U", "_X")
    assert age("AD", own).values == (None, 18, 110, "Y_GE18", "_X")
    assert age("N/K", own).values == (None, None, None, "_U", "_U")


def test_every_band_of_the_code_list_is_known_by_its_bounds() -> None:
    assert [age_codes(low, high)[1] for low, high in ((0, 8), (9, 17), (18, 29), (30, 47), (48, 110), (0, 17))] == [
        "Y0T8",
        "Y9T17",
        "Y18T29",
        "Y30T47",
        "Y_GE48",
        "_X",
    ]


SEX_AGES = [
    ("KE12", "M/A", ("M", "Y_GE18")),
    ("KE12 girl", "F/J", ("F", "Y0T17")),
    ("two letters", "FJ", ("F", "Y0T17")),
    ("UG words", "Female juvenile", ("F", "Y0T17")),
    ("UG plural", "Male adults", ("M", "Y_GE18")),
    ("other order", "Adult male", ("M", "Y_GE18")),
    ("G10 heading", "Male / Adult", ("M", "Y_GE18")),
    ("KE4 boys", "boys", ("M", "Y0T17")),
    ("KE4 women", "women", ("F", "Y_GE18")),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in SEX_AGES], ids=[case[0] for case in SEX_AGES])
def test_sex_and_age_written_together_are_parted(text: str, expected: tuple[str, str]) -> None:
    assert sex_age(text, PLAIN).values == expected


@pytest.mark.parametrize("text", ["M", "adult", "X/A", "M/Z", "MAJ", ""])
def test_half_of_a_sex_and_age_is_not_completed(text: str) -> None:
    said = sex_age(text, PLAIN)
    assert (said.values, said.match, said.rules) == ((None, None), "NONE", ("V01",))


TEXTS = some.one_of(some.text(max_size=20), some.text("0123456789٠፩፻ -–+<>.yrsFebMA/²½", max_size=12))


@given(TEXTS)
def test_any_text_gives_an_answer_and_never_a_crash(text: str) -> None:
    for reading, width in ((age, 5), (sex_age, 2)):
        said = reading(text, PLAIN)
        assert isinstance(said, Said)
        assert len(said.values) == width
        assert said.match in MATCHES
