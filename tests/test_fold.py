"""Texts that people take for the same word fold to the same form; wrongly decoded text is known as such."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from etl.fold import fold, has_mojibake, mend_hint

SAME = [
    ("G15 spaces", "  Addis\u00a0 Ababa ", "Addis Ababa"),
    ("G15 narrow space", "1\u202f234", "1 234"),
    ("G15 smart apostrophe", "Murang’a", "Murang'a"),
    ("G15 direction marks", "\u200fذكر\u200e", "ذكر"),
    ("G15 joiners", "ذ\u200dك\u200cر", "ذكر"),
    ("G15 byte order mark", "\ufeffSex", "sex"),
    ("SD17 tatweel", "ذكـــر", "ذكر"),
    ("SD17 vowel signs", "ذَكَرٌ", "ذكر"),
    ("SD17 alef maqsura", "أنثى", "انثي"),
    ("SD3 alef with hamza", "إناث", "اناث"),
    ("EG7 ta marbuta", "القاهره", "القاهرة"),
    ("ET3 homophones of h and s", "ታኅሣሥ", "ታህሳስ"),
    ("ET10 homophones of s", "የቤት ሠራተኛ", "የቤት ሰራተኛ"),
    ("ET11 homophones of h", "ሕገ-ወጥ", "ህገ-ወጥ"),
    ("ET homophones of the vowel", "ዓመት", "አመት"),
    ("ET homophones of ts", "ሕፃን", "ህጻን"),
    ("ET word space", "በሰው፡መነገድ", "በሰው መነገድ"),
    ("ET full stop", "ዓ.ም።", "አ.ም"),
    ("DJ8 Latin accents", "ÉTHIOPIENNE", "ethiopienne"),
    ("trailing stop", "approx.", "approx"),
    ("presentation forms", "ﻣﺼﺮ", "مصر"),
    ("digits", "١٤٤٣", "1443"),
    ("Persian digits and letters", "۱۲ کی", "12 كي"),
]
DIFFERENT = [
    ("LY5 Nigeria and Niger", "نيجيري", "نيجري"),
    ("hamza on waw stays", "مسؤول", "مسوول"),
    ("a footnote sign does not join its number", "45¹", "451"),
    ("half is not one hundred and seventy-one halves", "17½", "171⁄2"),
    ("two stops are not nothing", "..", ""),
]


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in SAME], ids=[pair[0] for pair in SAME])
def test_two_spellings_of_a_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in DIFFERENT], ids=[pair[0] for pair in DIFFERENT])
def test_two_words_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_every_order_of_the_homophone_rows_folds_to_one_row() -> None:
    assert fold("ሐሑሒሓሔሕሖ") == fold("ኀኁኂኃኄኅኆ") == fold("ሀሁሂሃሄህሆ") == "ሀሁሂሀሄህሆ"
    assert fold("ሠሡሢሣሤሥሦ") == fold("ሰሱሲሳሴስሶ") == "ሰሱሲሳሴስሶ"
    assert fold("ዐዑዒዓዔዕዖ") == fold("አኡኢኣኤእኦ") == "አኡኢአኤእኦ"
    assert fold("ፀፁፂፃፄፅፆ") == fold("ጸጹጺጻጼጽጾ") == "ጸጹጺጻጼጽጾ"


@given(some.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["Rep�blica", "Ã©thiopien", "Ø¥Ø«ÙŠÙˆØ¨ÙŠ", "Ø§Ù„", "ط§ظ„ط³", "ÇáÓæÏÇä", "á‹ˆáŠ•á‹µ"])
def test_g9_text_of_the_wrong_encoding_is_known_and_says_what_mends_it(text: str) -> None:
    assert has_mojibake(text)
    assert mend_hint(text)


@pytest.mark.parametrize(
    "text",
    ["", "Kassala", "éthiopienne créée", "Côte d’Ivoire", "السودان", "ኢትዮጵያ", "Shimālī al Baḩrī", "TRAFIQUÉ\u00a0"],
)
def test_sound_text_is_not_taken_for_the_wrong_encoding(text: str) -> None:
    assert not has_mojibake(text)
    assert mend_hint(text) == ""
