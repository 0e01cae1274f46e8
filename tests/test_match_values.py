"""Values matched against the lexicon: known, folded, slipped, transliterated; what is unsure is never written as sure."""

from __future__ import annotations

import pytest

from etl.match import ValueMatch, match_values


def match(name: str, value: str, language: str | None = None, country: str | None = None) -> ValueMatch:
    return match_values(name, {value: 1}, language, country)[0]


def targets(found: ValueMatch) -> list[str]:
    return [candidate.target for candidate in found.candidates]


@pytest.mark.parametrize(
    ("name", "value", "language", "code", "reason"),
    [
        ("sex", "ሴት", "am", "F", "alias"),
        ("victim.sex", "إناث", "ar", "F", "alias"),
        ("sex", "إنـــاث", "ar", "F", "folded"),
        ("sex", "FEMALE", "en", "F", "folded"),
        ("exploitation_forms", "kazi za ndani", "sw", "LAB_DOM", "folded"),
        ("citizenship", "Éthiopienne", "fr", "ETH", "alias"),
        ("citizenship", "ኤርትራዊት", "ti", "ERI", "alias"),
        ("CL_TRANSPORT", "doonni", "so", "BOAT", "alias"),
        ("CL_YNU", "እወ", "ti", "Y", "alias"),
    ],
)
def test_a_known_word_is_sure_and_says_how_it_was_known(name: str, value: str, language: str, code: str, reason: str) -> None:
    found = match(name, value, language)
    assert (targets(found)[0], found.confident, found.abstain) == (code, True, False)
    assert found.candidates[0].reasons[0].startswith(reason)


def test_a_word_that_no_speaker_has_checked_says_so() -> None:
    assert "not checked by a speaker" in match("sex", "ሴት", "am").candidates[0].reasons[0]
    assert "not checked" not in match("sex", "féminin", "fr").candidates[0].reasons[0]


def test_a_slip_of_the_pen_is_sure_only_where_no_other_word_is_meant() -> None:
    slip = match("country_exploitation", "Saudi Arabbia", "en")
    assert (targets(slip)[0], slip.confident) == ("SAU", True)
    near = match("exploitation_forms", "travail forcé domestique", "fr")
    assert (targets(near)[0], near.confident) == ("LAB_DOM", False)


@pytest.mark.parametrize(
    ("name", "value", "language"),
    [
        ("CL_CROSSING", "plane", "en"),  # not the French plage
        ("CL_CROSSING", "share", "en"),  # not shore
        ("CL_CROSSING", "per border", "en"),  # not no border
        ("CL_EXPLOIT", "مهاجر", "ar"),  # a migrant, and no quarry
        ("country", "المهرب", "ar"),  # the smuggler, and not Morocco
        ("country", "mali nyingi", "sw"),  # much property, and not Mali
    ],
)
def test_a_word_of_another_meaning_is_no_slip_of_a_known_one(name: str, value: str, language: str) -> None:
    assert not match(name, value, language).confident


def test_a_name_one_letter_away_from_another_is_never_taken_for_it() -> None:
    assert targets(match("citizenship", "Niger", "en"))[0] == "NER"
    assert targets(match("citizenship", "Nigeria", "en"))[0] == "NGA"
    assert targets(match("citizenship", "Mauritania", "en"))[0] == "MRT"
    assert targets(match("citizenship", "Mauritius", "en"))[0] == "MUS"
    assert targets(match("sex", "male", "en"))[0] == "M"
    assert targets(match("CL_AGE_GROUP", "majeur", "fr"))[0] == "Y_GE18"
    assert targets(match("CL_AGE_GROUP", "mineur", "fr"))[0] == "Y0T17"


def test_what_a_person_must_say_is_proposed_and_never_sure() -> None:
    congo = match("citizenship", "Congo", "en")
    assert set(targets(congo)) == {"COD", "COG"}
    assert not congo.confident
    for value in ("Dubai", "foreigner", "Afrique"):
        assert not match("citizenship", value).confident


@pytest.mark.parametrize("value", ["", "-", "n/a", "ND", "لا يوجد", "-99"])
def test_a_missing_sign_means_no_code(value: str) -> None:
    found = match("citizenship", value)
    assert (found.abstain, found.confident, found.candidates) == (True, False, ())


def test_what_is_like_no_word_of_the_list_is_left_to_a_person() -> None:
    found = match("sex", "qwrtzp 17")
    assert (found.abstain, found.candidates) == (True, ())
    assert match("n_dead", "17").abstain


@pytest.mark.parametrize(
    ("trafficking", "smuggling", "language"),
    [
        ("traite", "trafic", "fr"),
        ("traite de migrants", "trafic de migrants", "fr"),
        ("traite des migrantes", "trafic illicite de migrants", "fr"),
        ("اتجار بالمهاجرين", "تهريب المهاجرين", "ar"),
        ("جريمة الاتجار", "جريمة التهريب", "ar"),
        ("trafficking of migrants", "smuggling of persons", "en"),
    ],
)
def test_trafficking_and_smuggling_never_cross(trafficking: str, smuggling: str, language: str) -> None:
    assert not set(targets(match("offence", trafficking, language))) & {"SOM", "SOM_AGG"}
    assert not set(targets(match("offence", smuggling, language))) & {"TIP", "TIP_CHILD"}


def test_an_area_is_looked_up_in_the_country_of_the_file() -> None:
    assert targets(match("area", "ደቡብ", "ti", "ERI"))[0] == "ER-DU"
    assert "ER-DU" not in targets(match("area", "ደቡብ", "am", "ETH"))


def test_a_name_is_found_in_another_script() -> None:
    found = match("area", "ካርቱም", "am", "SDN")
    assert targets(found)[0] == "SD-KH"
    assert not found.confident


def test_every_value_is_answered_in_order() -> None:
    values = {"Female": 3, "zz": 1, "Male": 2}
    assert [found.value for found in match_values("sex", values, "en")] == ["Female", "zz", "Male"]
