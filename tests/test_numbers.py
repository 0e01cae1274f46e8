"""Numbers, counts and money: exact as declared, about as said, refused where two readings are possible."""

from __future__ import annotations

from datetime import date as day

import pytest
from hypothesis import given
from hypothesis import strategies as some

from etl.readings.ethiopic import ethiopic_number
from etl.readings.how import How
from etl.readings.money import money, months
from etl.readings.numbers import coordinates, count, integer, number
from etl.readings.said import MATCHES, Said


def how(**declared: object) -> How:
    return How(today=day(2026, 11, 23), **declared)  # type: ignore[arg-type]


ENGLISH = how(decimal=".", thousands=",", languages=("eng",))
FRENCH = how(decimal=",", thousands=" ", languages=("fra",))
UNDECLARED = how()

EXACT = [
    ("plain", "17", UNDECLARED, 17),
    ("G5 thousands", "1,234", ENGLISH, 1234),
    ("SD16", "١٬٢٣٤", ENGLISH, 1234),
    ("SD16 digits", "٢٠٢", UNDECLARED, 202),
    ("DJ7 space", "1 234", FRENCH, 1234),
    ("DJ7 narrow no-break space", "1\u202f234", FRENCH, 1234),
    ("no-break space, undeclared", "1\u00a0234\u00a0567", UNDECLARED, 1234567),
    ("ET12 spelled decimals", "4 ነጥብ 7 ሚሊዮን", UNDECLARED, 4_700_000),
    ("ET19", "፲፭", UNDECLARED, 15),
    ("SO2", "1.6 million", ENGLISH, 1_600_000),
    ("Kiswahili scale first", "milioni 4", UNDECLARED, 4_000_000),
    ("a whole number with decimals", "12.0", ENGLISH, 12),
    ("V36 zero declared", "NIL", how(zero=frozenset({"nil"})), 0),
]


@pytest.mark.parametrize(("text", "declared", "expected"), [case[1:] for case in EXACT], ids=[case[0] for case in EXACT])
def test_a_count_is_read_with_the_declared_signs(text: str, declared: How, expected: int) -> None:
    said = count(text, declared)
    assert said.values == (expected, "EXACT", None, None)
    assert said.rules == ()
    assert integer(text, declared).values == (expected,)


INEXACT = [
    ("DJ1", "une cinquantaine", FRENCH, (50, "APPROX", None, None)),
    ("DJ1 more than a score", "plus d'une vingtaine", FRENCH, (20, "MIN", 20, None)),
    ("DJ1 smart apostrophe", "plus d’une vingtaine", FRENCH, (20, "MIN", 20, None)),
    ("DJ1 environ", "environ 210", FRENCH, (210, "APPROX", None, None)),
    ("French tens", "deux dizaines", FRENCH, (20, "APPROX", None, None)),
    ("English dozen", "a dozen", ENGLISH, (12, "APPROX", None, None)),
    ("French dozen", "une douzaine", FRENCH, (12, "APPROX", None, None)),
    ("French hundred", "environ une centaine", FRENCH, (100, "APPROX", None, None)),
    ("V29 about", "about 50", ENGLISH, (50, "APPROX", None, None)),
    ("V29 approx.", "approx. 1,200", ENGLISH, (1200, "APPROX", None, None)),
    ("V29 spelled", "about fifty", ENGLISH, (50, "APPROX", None, None)),
    ("V29 at least", "at least 20", ENGLISH, (20, "MIN", 20, None)),
    ("V29 sign", ">100", ENGLISH, (100, "MIN", 100, None)),
    ("V29 plus", "100+", ENGLISH, (100, "MIN", 100, None)),
    ("V29 Arabic about", "حوالي ٥٠", ENGLISH, (50, "APPROX", None, None)),
    ("V29 Arabic more", "أكثر من ٢٠", ENGLISH, (20, "MIN", 20, None)),
    ("V29 Amharic around", "ከ50 በላይ", ENGLISH, (50, "MIN", 50, None)),
    ("V29 Amharic about", "ወደ 50", ENGLISH, (50, "APPROX", None, None)),
    ("V29 Kiswahili about", "takriban 50", ENGLISH, (50, "APPROX", None, None)),
    ("V29 Kiswahili more", "zaidi ya 50", ENGLISH, (50, "MIN", 50, None)),
    ("V29 Somali about", "ku dhawaad 50", ENGLISH, (50, "APPROX", None, None)),
    ("V29 Somali more", "in ka badan 50", ENGLISH, (50, "MIN", 50, None)),
]


@pytest.mark.parametrize(("text", "declared", "expected"), [case[1:] for case in INEXACT], ids=[case[0] for case in INEXACT])
def test_an_inexact_count_says_that_it_is(text: str, declared: How, expected: tuple[object, ...]) -> None:
    said = count(text, declared)
    assert (said.values, said.match, said.rules) == (expected, "APPROX", ("V29",))
    assert integer(text, declared).values == (None,)


def test_a_count_that_the_sender_hid_keeps_its_declared_bounds() -> None:
    said = count("< 5", how(suppressed={"< 5": (1, 4)}))
    assert (said.values, said.match, said.rules) == ((None, "_U", 1, 4), "DECLARED", ())


REFUSED = [
    ("DJ7 point in French", "1.234", FRENCH, "V28", 'file.thousands: "."'),
    ("DJ7 a count with decimals", "12,5", FRENCH, "V28", ""),
    ("V28 both could be", "1.234", UNDECLARED, "V28", 'file.thousands: "."'),
    ("V28 thousandths or thousands", "1.234", ENGLISH, "V28", 'file.thousands: "."'),
    ("V28 comma undeclared", "1,234", how(decimal=".", thousands=""), "V28", 'file.thousands: ","'),
    ("V28 groups of two", "12,34", ENGLISH, "V28", 'file.thousands: ","'),
    ("G12", "75 %", ENGLISH, "V29", ""),
    ("DJ11", "75 % à 80 %", FRENCH, "V29", ""),
    ("TN10", "5,8 %", FRENCH, "V29", ""),
    ("G5 under five", "<5", ENGLISH, "V36", 'suppressed: {"<5": [1, 4]}'),
    ("G5 minus 99", "-99", ENGLISH, "V36", 'missing: ["-99"]'),
    ("G5 dots", "..", ENGLISH, "V36", 'missing: [".."]'),
    ("G5 dash", "-", ENGLISH, "V36", 'missing: ["-"]'),
    ("G5 n/a", "n/a", ENGLISH, "V36", 'missing: ["n/a"]'),
    ("G5 NIL", "NIL", ENGLISH, "V36", 'zero: ["NIL"]'),
    ("V36 star", "*", ENGLISH, "V36", 'missing: ["*"]'),
    ("negative", "-5", ENGLISH, "V28", ""),
    ("a footnote sign", "45¹", ENGLISH, "V28", ""),
    ("a half", "17½", ENGLISH, "V28", ""),
    ("a range", "45-50", ENGLISH, "V28", ""),
    ("two numbers", "12 345 6", ENGLISH, "V28", 'file.thousands: " "'),
    ("a noun", "50 migrants", ENGLISH, "V28", ""),
    ("numerals that do not compose", "፭፲", ENGLISH, "V28", ""),
    ("tens of unknown number", "des dizaines", FRENCH, "V28", ""),
    ("tens alone", "dizaines", FRENCH, "V28", ""),
    ("at most", "au plus 20", FRENCH, "V28", ""),
]


@pytest.mark.parametrize(("text", "declared", "rule", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_count_with_two_readings_or_none_is_refused(text: str, declared: How, rule: str, line: str) -> None:
    said = count(text, declared)
    assert (said.values, said.match) == ((None, None, None, None), "NONE")
    assert (said.rules, said.line) == ((rule,), line)
    assert said.note


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("12,5", FRENCH, 12.5),
        ("١٫٥", ENGLISH, 1.5),
        ("0,25", FRENCH, 0.25),
        ("-3.5", ENGLISH, -3.5),
        ("1 234,5", FRENCH, 1234.5),
    ],
    ids=["DJ7", "SD16", "G12", "negative", "French"],
)
def test_a_number_keeps_its_decimals(text: str, declared: How, expected: float) -> None:
    assert number(text, declared).values == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("፩", 1),
        ("፲", 10),
        ("፲፭", 15),
        ("፻", 100),
        ("፻፳፫", 123),
        ("፪፻", 200),
        ("፳፻፲፭", 2015),
        ("፼", 10_000),
        ("፩፼፪፻", 10_200),
        ("፲፪፼፴፬፻፶፮", 123_456),
    ],
)
def test_ethiopic_numerals_compose(text: str, expected: int) -> None:
    assert ethiopic_number(text) == expected


@pytest.mark.parametrize("text", ["", "15", "፭፲", "፩፩", "፲፲", "፩፻፩፻"])
def test_ethiopic_numerals_in_a_wrong_order_are_no_number(text: str) -> None:
    assert ethiopic_number(text) is None


MONEY = [
    ("DJ10", "40 USD", FRENCH, (40, "USD", None)),
    ("DJ10 francs", "7 000 FDJ", FRENCH, (7000, "DJF", None)),
    ("DJ10 per person", "40 $/pers.", FRENCH, (40, "USD", "PERSON")),
    ("ET12", "4 ነጥብ 7 ሚሊዮን ብር", ENGLISH, (4_700_000, "ETB", None)),
    ("KE9 fine", "KES 30 million", ENGLISH, (30_000_000, "KES", None)),
    ("SO2", "1.6 million SOS", ENGLISH, (1_600_000, "SOS", None)),
    ("SS7", "SSP 5,000", ENGLISH, (5000, "SSP", None)),
    ("Sudan", "500 ج.س", ENGLISH, (500, "SDG", None)),
    ("no currency", "40", ENGLISH, (40, None, None)),
    ("own word", "200 جنيه", how(words={"جنيه": "EGP"}), (200, "EGP", None)),
]


@pytest.mark.parametrize(("text", "declared", "expected"), [case[1:] for case in MONEY], ids=[case[0] for case in MONEY])
def test_money_has_amount_currency_and_basis(text: str, declared: How, expected: tuple[object, ...]) -> None:
    assert money(text, declared).values == expected


def test_a_currency_that_several_states_share_is_asked_about() -> None:
    said = money("200 جنيه", how(field="fee"))
    assert (said.match, said.rules, said.line) == ("ASK", ("V22",), 'columns.fee.words: {CODE: ["جنيه"]}')


def test_ke9_a_fine_or_prison_is_two_facts_and_is_not_cut_in_two() -> None:
    assert money("KES 30 million or 10 years", ENGLISH).match == "NONE"
    assert months("KES 30 million or 10 years", ENGLISH).match == "NONE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 years", 120),
        ("18 mois", 18),
        ("5 years 6 months", 66),
        ("10 ans et 6 mois", 126),
        ("3 سنوات", 36),
        ("24", 24),
    ],
)
def test_a_sentence_is_read_in_months(text: str, expected: int) -> None:
    assert months(text, ENGLISH).values == (expected,)


def test_coordinates_are_a_pair_in_range() -> None:
    assert coordinates("11.59, 43.15", ENGLISH).values == (11.59, 43.15)
    assert coordinates("11,59; 43,15", FRENCH).values == (11.59, 43.15)
    assert coordinates("0, 0", ENGLISH).rules == ("V27",)
    assert coordinates("110.2 43.1", ENGLISH).rules == ("V27",)


TEXTS = some.one_of(some.text(max_size=30), some.text("0123456789٠١٢٬٫፩፲፻፼.,'%<>~+-_ ²½\u202f", max_size=14))


@given(TEXTS, some.sampled_from([ENGLISH, FRENCH, UNDECLARED]))
def test_any_text_gives_an_answer_and_never_a_crash(text: str, declared: How) -> None:
    for reading, width in ((number, 1), (integer, 1), (count, 4), (money, 3), (months, 1), (coordinates, 2)):
        said = reading(text, declared)
        assert isinstance(said, Said)
        assert len(said.values) == width
        assert said.match in MATCHES
