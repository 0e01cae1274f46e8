"""Code lists, words and places: complete, free of contradictions, and never one domain in the words of the other."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date

import pytest

from etl.fold import fold
from pembe import ROOT
from schemas.codelists import STANDARDS, UnknownCodeError, codelist, codelist_names
from schemas.legal import legal_definitions
from schemas.places import LANGUAGES, area_aliases, areas, countries, country_aliases, memberships, reporters
from schemas.tables import table

# Counted by hand in the domain document; CL_EXPLOIT has its 31 codes, child labour and the two level-1 codes SEX and LAB.
CODES = {
    "CL_EXPLOIT": 34, "CL_ACT": 6, "CL_MEANS_LEGAL": 11, "CL_CONTROL": 21, "CL_RECRUITER": 16, "CL_RECRUIT_CHANNEL": 12,
    "CL_PERP_ROLE": 18, "CL_PERP_TYPE": 6, "CL_JUSTICE_STAGE": 16, "CL_SENTENCE": 11, "CL_OFFENCE": 12,
    "CL_VICTIM_STATUS": 5, "CL_SOURCE_TYPE": 19, "CL_SERVICE": 18, "CL_SCOPE": 6, "CL_TRANSPORT": 13, "CL_CROSSING": 10,
    "CL_ENTRY": 7, "CL_ROUTE": 11, "CL_INCIDENT": 13, "CL_MIG_OUTCOME": 13, "CL_ABUSE": 12, "CL_FEE_MODE": 8,
    "CL_CAUSE_DEATH": 7, "CL_MIG_STATUS": 17, "CL_SEX": 5, "CL_AGE_GROUP": 4, "CL_AGE_BAND": 8, "CL_COUNT_UNIT": 15,
    "CL_PERIOD": 10, "CL_OBS_STATUS": 20, "CL_CONF_STATUS": 12, "CL_SUBMISSION_STATUS": 10,
    "CL_EDUCATION": 10, "CL_MARITAL": 7, "CL_YNU": 3, "CL_DATE_PRECISION": 4, "CL_AGE_REFERENCE": 3, "CL_INSTANCE": 4,
    "CL_N_QUALITY": 4, "CL_FEE_BASIS": 4, "CL_DOMAIN": 3, "CL_GRAIN": 2, "CL_CALENDAR": 4, "CL_ISIC": 22, "CL_FREQ": 5,
    "CL_SEVERITY": 3, "CL_MATCH": 11, "CL_DECISION": 4, "CL_PLATFORM": 15, "CL_ORIGIN": 3, "CL_PROTECTION": 5, "CL_RESERVED": 8,
    "CL_COMPARABILITY": 33, "CL_NQAF": 6, "CL_CHANGE": 10, "CL_REVISION": 1, "CL_IDENT_CHANNEL": 16, "CL_CASE_STATUS": 5,
}  # fmt: skip
MATCHES = {"exact", "broad", "narrow", "related", "none"}
SPECIAL = {"?", "_U", "REPORTER"}


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "schemas" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_list_of_the_domain_is_there_with_all_its_codes() -> None:
    assert {name: len(codelist(name).codes) for name in codelist_names()} == CODES


@pytest.mark.parametrize("name", sorted(CODES))
def test_labels_are_complete_in_the_three_working_languages_and_tell_codes_apart(name: str) -> None:
    listed = codelist(name)
    for language in ("en", "fr", "ar"):
        labels = [listed.rows[code][f"label_{language}"] for code in listed.codes]
        assert all(labels), language
        assert len({fold(label) for label in labels}) == len(labels), language


@pytest.mark.parametrize("name", sorted(CODES))
def test_every_row_is_whole(name: str) -> None:
    listed = codelist(name)
    for code, row in listed.rows.items():
        assert row["definition"].endswith("."), code
        assert row["source"], code
        assert listed.parent(code) is None or listed.parent(code) in listed, code
        for standard in STANDARDS:
            assert listed.match(code, standard) in MATCHES, (code, standard)
            assert (listed.crosswalk(code, standard) is None) == (listed.match(code, standard) == "none"), code


def test_the_forms_of_exploitation_roll_up_to_level_1() -> None:
    forms = codelist("CL_EXPLOIT")
    top = [code for code in forms if forms.parent(code) is None]
    assert top == ["SEX", "LAB", "SLV", "ORG", "MIX", "OTH", "_U"]
    assert {code for code in forms if forms.parent(code) == "SLV"} == {"SRV"}
    assert all(forms.parent(code) == code[:3] for code in forms if code.startswith(("SEX_", "LAB_")))


def test_the_stages_of_justice_rise() -> None:
    stages = codelist("CL_JUSTICE_STAGE")
    ranks = [stages.rank(stage) for stage in stages]
    assert ranks == [10, 20, 30, 40, 50, 60, 70, 75, 80, 90, 91, 92, 93, 94, 95, 99]


TRAFFICKING = [("CL_DOMAIN", "TIP"), ("CL_OFFENCE", "TIP"), ("CL_OFFENCE", "TIP_CHILD"), ("CL_MIG_OUTCOME", "REF_TIP"),
               ("CL_ABUSE", "EXPLOIT"), ("CL_SOURCE_TYPE", "POLICE_SPEC")]  # fmt: skip
SMUGGLING = [("CL_DOMAIN", "SOM"), ("CL_OFFENCE", "SOM"), ("CL_OFFENCE", "SOM_DOC"), ("CL_OFFENCE", "SOM_AGG")]
OF_TRAFFICKING = {"fr": "traite", "ar": "اتجار", "sw": "biashara haramu", "am": "መነገድ"}
OF_SMUGGLING = {"fr": "trafic", "ar": "تهريب", "sw": "magendo", "am": "ማሻገር"}


@pytest.mark.parametrize("language", ["fr", "ar", "sw", "am"])
def test_trafficking_never_carries_the_word_for_smuggling_nor_the_other_way_round(language: str) -> None:
    for codes, own, other in (
        (TRAFFICKING, OF_TRAFFICKING[language], OF_SMUGGLING[language]),
        (SMUGGLING, OF_SMUGGLING[language], OF_TRAFFICKING[language]),
    ):
        for name, code in codes:
            label = codelist(name).label(code, language).lower().replace("traitement", "")
            assert own in label, (name, code, label)
            assert other not in label, (name, code, label)


def test_the_words_of_the_two_domains_do_not_cross_in_arabic() -> None:
    for row in rows("lexicon/codes.csv"):
        if row["list"] in ("CL_OFFENCE", "CL_DOMAIN") and row["language"] == "ar" and not row["ask"]:
            if row["code"].startswith("TIP_") or row["code"] == "TIP":
                assert "تهريب" not in row["word"], row
            if row["code"].startswith("SOM"):
                assert "اتجار" not in row["word"], row


def test_the_words_of_the_two_domains_do_not_cross_in_french() -> None:
    for row in rows("lexicon/codes.csv"):
        if row["list"] in ("CL_OFFENCE", "CL_DOMAIN") and row["language"] == "fr" and not row["ask"]:
            words = fold(row["word"]).split()
            if row["code"].startswith("TIP_") or row["code"] == "TIP":
                assert "trafic" not in words, row
            if row["code"].startswith("SOM"):
                assert "traite" not in words, row


def test_no_word_that_needs_no_asking_has_two_codes_of_one_list_in_one_language() -> None:
    codes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    asked = set()
    for row in rows("lexicon/codes.csv"):
        key = (row["list"], row["language"], fold(row["word"]))
        codes[key].add(row["code"])
        if row["ask"]:
            asked.add(key)
    for name in codelist_names():
        for code in codelist(name):
            for language in ("en", "fr", "ar", "sw", "am"):
                if label := codelist(name).rows[code][f"label_{language}"]:
                    codes[name, language, fold(label)].add(code)
    assert {key: found for key, found in codes.items() if len(found) > 1 and key not in asked} == {}


def test_every_word_has_a_code_of_its_list_and_is_marked_for_review_where_nobody_has_seen_it() -> None:
    for row in rows("lexicon/codes.csv"):
        assert row["code"] in codelist(row["list"]) or (row["code"] == "?" and row["ask"] == "y"), row
        assert row["language"] in ("en", "fr", "ar", "am", "sw", "so", "ti", "es", "pt"), row
        unseen = row["source"] == "national usage" and row["language"] not in ("en", "fr")
        assert row["review"] == ("y" if unseen else ""), row


@pytest.mark.parametrize(
    ("name", "language", "word", "meant"),
    [
        ("CL_OFFENCE", "am", "በሰው መነገድ", [("TIP", "")]),
        ("CL_OFFENCE", "am", "ሰውን በህገ-ወጥ መንገድ ድንበር ማሻገር", [("SOM", "")]),
        ("CL_OFFENCE", "am", "ህገወጥ የሰዎች ዝውውር", [("TIPSOM", "y")]),
        ("CL_OFFENCE", "ar", "تهريب البشر", [("SOM", "")]),
        ("CL_OFFENCE", "ar", "اتجار بالبشر وتهريب", [("TIPSOM", "")]),
        ("CL_OFFENCE", "fr", "trafic humain", [("TIPSOM", "y")]),
        ("CL_OFFENCE", "so", "tahriib", [("SOM", "")]),
        ("CL_JUSTICE_STAGE", "en", "paka", [("LARGE", "")]),
        ("CL_JUSTICE_STAGE", "en", "finalised", [("?", "y")]),
        ("CL_PERP_ROLE", "so", "magafe", [("KIDNAPPER", "y"), ("SMUGGLER", "y")]),
        ("CL_SEX", "ti", "ጓል", [("F", "")]),
        ("CL_SEX", "so", "wiil", [("M", "y")]),
        ("CL_TRANSPORT", "fr", "boutre", [("BOAT", "")]),
        ("CL_EXPLOIT", "ar", "زواج الصفقة", [("MAR_TRANS", "")]),
    ],
)
def test_the_known_hard_words_are_there(name: str, language: str, word: str, meant: list[tuple[str, str]]) -> None:
    found = [
        (row["code"], row["ask"])
        for row in rows("lexicon/codes.csv")
        if (row["list"], row["language"]) == (name, language) and fold(row["word"]) == fold(word)
    ]
    label = [(code, "") for code in codelist(name) if language in ("en", "fr", "ar", "sw", "am")
             and fold(codelist(name).label(code, language)) == fold(word)]  # fmt: skip
    assert sorted(set(found + label)) == meant


def test_an_unknown_list_code_or_language_is_named_in_the_error() -> None:
    with pytest.raises(UnknownCodeError, match="no code list 'CL_NOTHING'"):
        codelist("CL_NOTHING")
    with pytest.raises(UnknownCodeError, match="CL_SEX: no code 'X'; there are F, M"):
        codelist("CL_SEX").label("X")
    with pytest.raises(UnknownCodeError, match="CL_SEX: no labels in 'de'"):
        codelist("CL_SEX").label("F", "de")
    with pytest.raises(UnknownCodeError, match="CL_SEX: no standard 'iso'"):
        codelist("CL_SEX").crosswalk("F", "iso")


def test_there_are_eleven_reporters_and_all_countries_have_names() -> None:
    assert reporters() == ("DJI", "EGY", "ERI", "ETH", "KEN", "LBY", "SDN", "SOM", "SSD", "TUN", "UGA")
    assert len(countries()) == 250
    for country in countries().values():
        assert all(country.labels[language] for language in LANGUAGES), country.iso3


@pytest.mark.parametrize(
    ("iso3", "lat", "lon", "sea"),
    [("ETH", 9.0, 38.7, False), ("DJI", 12.0, 43.4, True), ("SDN", 19.6, 37.2, True), ("LBY", 33.5, 13.2, True)],
)
def test_a_box_holds_the_country_and_its_sea(iso3: str, lat: float, lon: float, sea: bool) -> None:
    box = countries()[iso3].box
    assert box is not None
    assert box.sea is sea
    assert box.holds(lat, lon)
    assert not box.holds(0.0, 0.0)
    assert not box.holds(lon, lat)


def test_every_alias_of_a_country_means_one_country_or_is_asked_about() -> None:
    meant: dict[str, set[str]] = defaultdict(set)
    asked = set()
    for alias in country_aliases():
        assert alias.iso3 in countries() or alias.iso3 in SPECIAL, alias
        assert alias.ask or alias.iso3 != "?", alias
        meant[fold(alias.alias)].add(alias.iso3)
        if alias.ask:
            asked.add(fold(alias.alias))
    for country in countries().values():
        for label in country.labels.values():
            meant[fold(label)].add(country.iso3)
    assert {alias: found for alias, found in meant.items() if len(found) > 1 and alias not in asked} == {}


@pytest.mark.parametrize("name", ["Congo", "Guinea", "SA", "Somali", "نيجري", "Southerner", "حبشي"])
def test_a_name_of_several_countries_is_always_asked_about(name: str) -> None:
    assert any(alias.alias == name and alias.ask for alias in country_aliases())


def test_every_alias_of_an_area_means_one_area_of_its_country_or_is_asked_about() -> None:
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for alias in area_aliases():
        assert alias.iso3 in reporters(), alias
        assert alias.area_code in areas() or alias.area_code in ("?", "_U"), alias
        assert alias.area_code in ("?", "_U") or areas()[alias.area_code].iso3 == alias.iso3, alias
        meant[alias.iso3, fold(alias.alias)].add(alias.area_code)
    for area in areas().values():
        assert area.parent is None or area.parent in areas(), area
        meant[area.iso3, fold(area.name)].add(area.area_code)
    assert {name: found for name, found in meant.items() if len(found) > 1} == {}


def test_the_same_word_is_another_area_in_another_country() -> None:
    debub = {alias.iso3: alias.area_code for alias in area_aliases() if alias.alias == "ደቡብ"}
    assert debub == {"ETH": "ET-SN", "ERI": "ER-DU"}


def test_the_population_has_every_reporter_year_sex_and_age_group_once() -> None:
    keys = [(row["iso3"], row["year"], row["sex"], row["age_group"]) for row in rows("population.csv")]
    assert len(keys) == len(set(keys)) == 11 * 31 * 2 * 2
    assert {key[0] for key in keys} == set(reporters())
    ethiopia = sum(int(row["population"]) for row in rows("population.csv") if (row["iso3"], row["year"]) == ("ETH", "2023"))
    assert 125_000_000 < ethiopia < 132_000_000


def test_the_legal_definitions_say_yes_no_or_unknown() -> None:
    found = rows("legal_definitions.csv")
    assert {row["iso3"] for row in found} == set(reporters())
    for row in found:
        assert {row[f"covers_{what}"] for what in ("domestic", "men", "labour")} | {row["som_offence"]} <= {
            "Y",
            "N",
            "_U",
        }
        assert set(row["flag"].split()) <= set(codelist("CL_OBS_STATUS").codes)
        assert row["subject"] in ("TIP", "SOM", "TIP+SOM")
        assert all(re.fullmatch(r"(\d{4}(-\d{2}(-\d{2})?)?)?", row[day]) for day in ("assented", "commenced", "repealed"))


def test_the_laws_say_what_their_texts_say() -> None:
    """Each right value was read in a public text of the act, which `source` names."""
    acts = {(act.iso3, act.act): act for act in legal_definitions()}
    egypt = acts["EGY", "Law 64 of 2010"]
    assert (egypt.covers_domestic, egypt.covers_men) == ("Y", "Y")
    assert (acts["ERI", "Penal code, article 315"].covers_men, acts["ETH", "Proclamation 909/2015"].som_offence) == ("N", "Y")
    assert acts["ETH", "Proclamation 1178/2020"].som_offence == "Y"
    assert acts["SDN", "Combating of Human Trafficking Act 2014"].covers_labour == "Y"
    djibouti = acts["DJI", "Loi 133/AN/16/7e L"]
    assert (djibouti.som_offence, djibouti.covers_men, djibouti.covers_labour, djibouti.child_age) == ("Y", "Y", "Y", "18")
    assert acts["DJI", "Loi 210/AN/07/5e L"].assented == "2007-12-27"
    kenya = acts["KEN", "Counter-Trafficking in Persons Act, No. 8 of 2010 (Cap. 61)"]
    assert (kenya.assented, kenya.commenced, kenya.year) == ("2010-09-13", "2012-10-01", "2012")
    assert acts["SSD", "Penal Code Act 2008, section 282"].covers_domestic == "N"
    uganda = acts["UGA", "Prevention of Trafficking in Persons Act 2009, No. 7 (Cap. 131)"]
    assert (uganda.child_age, uganda.commenced) == ("18", "2009-10-23")
    assert acts["LBY", "Penal code, articles 425 and 426"].flags == ("D",)
    assert acts["LBY", "Law 6 of 1987, article 19 bis, and Law 19 of 2010"].som_offence == "Y"
    tunisia = acts["TUN", "Loi organique 2016-61"]
    assert (tunisia.covers_men, tunisia.assented) == ("Y", "2016-08-03")


def test_eritrea_was_a_member_of_igad_until_it_announced_that_it_leaves() -> None:
    [eritrea] = [one for one in memberships() if (one.iso3, one.body) == ("ERI", "IGAD")]
    assert eritrea.holds_on(date(2025, 12, 11)) and not eritrea.holds_on(date(2025, 12, 12))
    assert eritrea.holds_on(date(2023, 6, 1)) and not eritrea.holds_on(date(2022, 12, 31))
    assert {one.iso3 for one in memberships() if one.body == "IGAD" and one.holds_on(date(2026, 1, 1))} == {
        "DJI", "ETH", "KEN", "SDN", "SOM", "SSD", "UGA",
    }  # fmt: skip


def test_the_international_crime_classification_is_cited_as_it_is_published() -> None:
    offences, forms = codelist("CL_OFFENCE"), codelist("CL_EXPLOIT")
    cited = {code: (offences.crosswalk(code, "iccs"), offences.match(code, "iccs")) for code in offences.codes}
    assert {code: found for code, found in cited.items() if code.startswith("SOM") or code == "KIDNAP"} == {
        "SOM": ("08051", "exact"), "SOM_STAY": ("08051", "broad"), "SOM_DOC": ("07023", "broad"),
        "SOM_AGG": ("08051", "broad"), "KIDNAP": ("020221", "exact"),
    }  # fmt: skip
    assert {code: (forms.crosswalk(code, "iccs"), forms.match(code, "iccs")) for code in ("SEX", "LAB", "ORG", "OTH")} == {
        "SEX": ("02041", "exact"), "LAB": ("02042", "exact"), "ORG": ("02043", "exact"), "OTH": ("02044", "exact"),
    }  # fmt: skip


def test_nothing_is_claimed_of_ic_tip_that_is_not_in_the_crosswalk() -> None:
    """Only the blocks of IC-TIP are known: a code is related to one at most, and no rule or indicator rests on it."""
    blocks = {"event", "victim", "perpetrator", "reporting entity", None}
    for name in codelist_names():
        listed = codelist(name)
        assert {listed.crosswalk(code, "ic_tip") for code in listed.codes} <= blocks, name
        assert {listed.match(code, "ic_tip") for code in listed.codes} <= {"related", "none"}, name
    for name in ("rules.csv", "indicators.csv"):
        assert [row for row in rows(name) if "IC-TIP" in " ".join(row.values())] == [], name


def test_a_normal_value_says_nothing_of_a_signature() -> None:
    assert "sign" not in codelist("CL_OBS_STATUS").definition("A").split(";")[0]
    assert "has signed the figure" not in codelist("CL_OBS_STATUS").definition("A")


def test_what_another_standard_lumps_together_or_lacks_is_no_exact_counterpart() -> None:
    control, forms = codelist("CL_CONTROL"), codelist("CL_EXPLOIT")
    groups = {code: control.match(code, "ctdc_synthetic") for code in control.codes if control.crosswalk(code, "ctdc_synthetic")}
    assert len(groups) == 16 and set(groups.values()) == {"broad"}
    assert control.crosswalk("THR", "ctdc_synthetic") == control.crosswalk("CHILD", "ctdc_synthetic") == "meansThreats"
    assert forms.crosswalk("LAB_STATE", "htcds") == "ForcedLabour"
    assert (forms.crosswalk("LAB_CHILD", "htcds"), forms.match("LAB_CHILD", "htcds")) == ("ChildLabour", "exact")
    assert codelist("CL_VICTIM_STATUS").crosswalk("INTERCEPTED", "htcds") is None
    assert "HTCDS" not in codelist("CL_VICTIM_STATUS").rows["INTERCEPTED"]["source"]


def test_declined_is_not_never_offered_and_an_office_is_no_kind_of_group() -> None:
    assert {"NONE", "DECLINED"} <= set(codelist("CL_SERVICE").codes)
    assert not {"OFFICIAL", "FAMILY"} & set(codelist("CL_PERP_TYPE").codes)
    assert table("suspect").field("public_official").codelist == "CL_YNU"


def test_every_indicator_of_forced_labour_of_the_ilo_has_a_code() -> None:
    named = {"Abuse of vulnerability", "Deception", "Restriction of movement", "Isolation", "Physical and sexual violence",
             "Intimidation and threats", "Retention of identity documents", "Withholding of wages", "Debt bondage",
             "Abusive working and living conditions", "Excessive overtime"}  # fmt: skip
    lists = [codelist("CL_CONTROL"), codelist("CL_MEANS_LEGAL")]
    assert {listed.crosswalk(code, "ilo") for listed in lists for code in listed.codes} - {None} == named
    assert codelist("CL_CONTROL").match("ISOL", "ilo") == codelist("CL_CONTROL").match("WAGES", "ilo") == "exact"
