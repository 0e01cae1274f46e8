"""Headings matched against the lexicon: by name in any language, by values, one field a column, persons kept out."""

from __future__ import annotations

import time

import pytest

from etl.match import HeaderMatch, HeaderSeen, guess_table, match_headers
from etl.match.assign import assign
from etl.match.lexicon import rows
from etl.match.names import fields_of, table_names
from etl.match.tokens import tokens
from schemas.tables import table


def seen(*headings: str) -> list[HeaderSeen]:
    return [HeaderSeen(text, position=place) for place, text in enumerate(headings)]


def first(found: HeaderMatch) -> str | None:
    return found.candidates[0].target if found.candidates else None


def fields(name: str, *headings: str) -> list[str | None]:
    return [first(found) for found in match_headers(seen(*headings), name, None)]


def test_a_french_register_of_interceptions_is_read() -> None:
    headings = (
        "N° PV", "Date d'interception", "Hommes", "Femmes", "Mineurs", "Nombre de migrants", "Mode de transport",
        "Passeurs interpellés", "Pays de départ", "Décédés", "Disparus", "Indices de traite", "Observations",
    )  # fmt: skip
    assert fields("smuggling_incident", *headings) == [
        "case_key", "date_incident", "n_male", "n_female", "n_child", "migrants", "transport_modes",
        "n_smugglers_arrested", "country_departure", "n_dead", "n_missing", "tip_indicators", "ignore",
    ]  # fmt: skip


def test_an_amharic_register_of_victims_is_read() -> None:
    headings = ("ተ.ቁ", "የመዝገብ ቁጥር", "ቀን (ዓ.ም)", "ክልል", "ጾታ", "ዕድሜ", "ዜግነት", "የብዝበዛ ዓይነት", "መዳረሻ ሀገር")
    assert fields("victim", *headings) == [
        "source_row", "case_key", "date_identified", "area_exploitation", "sex", "age", "citizenship",
        "exploitation_forms", "country_exploitation",
    ]  # fmt: skip


def test_an_arabic_and_a_somali_heading_are_read() -> None:
    assert fields("victim", "رقم البلاغ", "تاريخ البلاغ", "الجنسية", "العمر", "عدد المتهمين") == [
        "case_key", "date_identified", "citizenship", "age", "n_linked_suspects",
    ]  # fmt: skip
    assert fields("smuggling_incident", "Nooca dhacdada", "Laga yimid", "Loo socday", "Sababta dhimashada") == [
        "incident_type", "country_departure", "country_destination", "cause_death",
    ]  # fmt: skip


def test_headings_of_the_standards_are_read() -> None:
    assert fields("observation", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS") == [
        "ref_area", "time_period", "obs_value", "obs_status", "conf_status",
    ]  # fmt: skip
    assert fields("victim", "yearOfRegistration", "gender", "meansOfControlConcatenated", "traffickMonths") == [
        "ref_year", "sex", "means_control", "duration_months",
    ]  # fmt: skip
    assert fields("victim", "victim/date_of_rescue", "victim_sex", "countryOfDestination") == [
        "date_identified", "sex", "country_exploitation",
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["Full name", "اسم الضحية", "ስም", "Téléphone du passeur", "Passport No."])
def test_a_column_of_persons_is_kept_out(heading: str) -> None:
    found = match_headers(seen(heading), "victim", None)[0]
    assert (found.identifying, found.confident, found.candidates) == (True, False, ())


def test_values_of_persons_are_kept_out_whatever_the_heading() -> None:
    values = {"Mohamed Ahmed Ali": 1, "Fatuma Hassan": 1, "Abebe Kebede": 1, "Ahmed Yusuf": 1}
    found = match_headers([HeaderSeen("Sex", values)], "victim", None)[0]
    assert found.identifying
    assert "Mohamed" not in repr(found)


def test_values_decide_where_the_name_says_nothing() -> None:
    found = match_headers([HeaderSeen("Col 7", {"Male": 20, "Female": 31})], "victim", None)[0]
    assert (first(found), found.confident) == ("sex", False)
    assert any("value overlap 1.00" in reason for reason in found.candidates[0].reasons)


def test_values_that_contradict_the_name_take_its_sureness_away() -> None:
    named = match_headers([HeaderSeen("Sex")], "victim", None)[0]
    contradicted = match_headers([HeaderSeen("Sex", {"12": 3, "31": 4, "27": 2})], "victim", None)[0]
    assert named.confident
    assert not contradicted.confident


def test_the_kind_and_the_place_of_a_column_are_weighed() -> None:
    date = match_headers([HeaderSeen("Date of rescue", kind="date")], "victim", None)[0]
    assert "kind date" in date.candidates[0].reasons
    text = match_headers([HeaderSeen("Date of rescue", kind="free")], "victim", None)[0]
    assert (date.confident, text.confident) == (True, False)
    rows = {str(number): 1 for number in range(1, 30)}
    assert first(match_headers([HeaderSeen("Col", rows, position=0)], "victim", None)[0]) == "source_row"
    assert first(match_headers([HeaderSeen("Col", rows, position=4)], "victim", None)[0]) is None


def test_no_field_is_sure_for_two_columns() -> None:
    headings = [HeaderSeen("Date"), HeaderSeen("Date of rescue"), HeaderSeen("Sex"), HeaderSeen("Gender")]
    found = match_headers(headings, "victim", None)
    sure = [first(one) for one in found if one.confident]
    assert len(set(sure)) == len(sure)
    assert [first(one) for one in found if not one.candidates[0].reasons[-1].startswith("taken by")].count("sex") == 1


def test_a_heading_that_no_field_has_is_left_to_a_person() -> None:
    assert fields("victim", "qwrtzp") == [None]
    assert match_headers(seen("qwrtzp"), "victim", None)[0].abstain


def test_trafficking_and_smuggling_never_cross_in_headings() -> None:
    assert fields("smuggling_incident", "Indices de traite") == ["tip_indicators"]
    assert fields("smuggling_incident", "مؤشرات الاتجار") == ["tip_indicators"]
    found = match_headers(seen("Indices de trafic", "مؤشرات التهريب"), "smuggling_incident", None)
    assert not any(one.confident and first(one) == "tip_indicators" for one in found)


def test_the_table_is_told_by_its_headings() -> None:
    incident = guess_table(seen("Date d'interception", "Nombre de migrants", "Décédés", "Passeurs interpellés", "Prix payé"))
    assert incident[0].target == "smuggling_incident"
    assert guess_table(seen("Accused", "Charge", "Stage of the case", "Sentence", "Verdict date"))[0].target == "suspect"
    found = match_headers(seen("Accused sex", "Charge", "Sentence", "Verdict date"), None, None)
    assert first(found[2]) == "suspect.sentence_types"


def test_every_pattern_names_a_field_that_a_table_has() -> None:
    known = {field for name in table_names() for field in fields_of(name)}
    assert {row["field"] for row in rows("patterns")} - known == set()


def test_every_heading_of_the_lexicon_names_a_field_of_its_table() -> None:
    wrong = [
        (row["field"], name)
        for row in rows("fields")
        for name in ([row["table"]] if row["table"] else table_names())
        if row["field"] not in fields_of(name) and (row["table"] or row["field"] not in _all_fields())
    ]
    assert wrong == []


def test_every_entry_of_the_lexicon_has_a_source() -> None:
    names = ("fields", "concepts", "codes", "countries", "areas", "phrases", "missing", "apart")
    assert [(name, row) for name in names for row in rows(name) if not row["source"] or row["review"] not in ("", "y")] == []


def test_words_of_africa_and_arabia_wait_for_a_speaker() -> None:
    waiting = {"ar", "am", "sw", "so", "ti"}
    for name in ("fields", "concepts", "missing"):
        assert [row for row in rows(name) if row["language"] in waiting and row["review"] != "y"] == []


def test_a_heading_is_parted_into_the_same_words_however_it_is_written() -> None:
    assert tokens("dateOfBirth") == tokens("date_of_birth") == tokens("Date of birth") == ("date", "of", "birth")
    assert tokens("T.I.P.") == ("tip",)
    assert tokens("Date d'interception") == ("date", "interception")


def test_the_assignment_of_the_highest_sum_is_found() -> None:
    assert assign([[0.9, 0.8], [0.95, 0.1]]) == [1, 0]
    assert assign([[0.0, 0.0], [0.5, 0.0]]) == [None, 0]
    assert assign([]) == []


def test_forty_columns_of_fifty_values_take_less_than_two_seconds() -> None:
    headings = [
        HeaderSeen(f"Heading {place}", {f"value {place} {number}": 1 for number in range(50)}, position=place)
        for place in range(40)
    ]
    start = time.process_time()
    match_headers(headings, "victim", "KEN")
    assert time.process_time() - start < 2


def _all_fields() -> set[str]:
    return {field.name for name in table_names() for field in table(name).fields} | {"age"}
