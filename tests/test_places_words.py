"""Words and places: the source's own words first, then what is known; two meanings are asked about."""

from __future__ import annotations

from datetime import date as day

import pytest
from hypothesis import given
from hypothesis import strategies as some

from etl.fold import fold
from etl.readings import READINGS, reading_for
from etl.readings.how import How
from etl.readings.places import area, countries, country
from etl.readings.said import MATCHES, Said
from etl.readings.words import boolean, code, codes, yes_no

ALL = ("eng", "fra", "ara", "amh", "swa", "som", "tir")


def how(**declared: object) -> How:
    return How(**{"today": day(2026, 11, 23), "languages": ALL, "field": "citizenship"} | declared)  # type: ignore[arg-type]


COUNTRIES = [
    *[("far", text, iso3) for text, iso3 in [
        ("Albanian", "ALB"), ("Romanians", "ROU"), ("roumaine", "ROU"), ("رومانية", "ROU"), ("Mauritian", "MUS"),
        ("Guyanese", "GUY"), ("Mexican", "MEX"),
    ]],
    *[("G1", text, iso3) for text, iso3 in [
        ("Etiopia", "ETH"), ("Ethopia", "ETH"), ("Eritrej", "ERI"), ("Erithera", "ERI"), ("EGYBT", "EGY"),
        ("Lybia", "LBY"), ("Ugandean", "UGA"), ("TAZANIANS", "TZA"), ("Keniano", "KEN"),
    ]],
    *[("ET9", text, "ETH") for text in ("ኢትዮጵያዊ", "ኢትዮጵያዊት", "ኢትዮጲያዊ")],
    ("ET20", "ዱባይ", "ARE"),
    *[("SD4", text, "ETH") for text in ("إثيوبي", "اثيوبيا", "أثيوبي", "إثيوبية")],
    *[("SD5", text, "ERI") for text in ("إرتري", "إريتري", "ارتريا")],
    ("SD17", "إثيـــوبي\u200f", "ETH"),
    *[("DJ8", text, "ETH") for text in ("Éthiopienne", "ETHIOPIENS", "éthiopien(ne)s")],
    *[("KE8", text, "ETH") for text in ("Ethopian", "Mhabeshi")],
    *[("SO10", text, "SOM") for text in ("Somaliland", "Somalilander")],
    *[("UG2", text, iso3) for text, iso3 in [
        ("Dubai", "ARE"), ("Abu Dhabi", "ARE"), ("Saudi", "SAU"), ("Oman", "OMN"),
    ]],
    ("LY6", "بنغالي", "BGD"),
    ("SD12 adjective", "جنوبي", "SSD"),
    ("SD12 with its part", "سوداني (جنوب)", "SSD"),
    ("alpha-3", "KEN", "KEN"),
    ("alpha-2", "KE", "KEN"),
    ("G15", "  South\u00a0 Sudan ", "SSD"),
    ("stateless", "Stateless", "XXA"),
    ("unknown", "Unknown", "_U"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in COUNTRIES], ids=[f"{case[0]} {case[1]}" for case in COUNTRIES]
)
def test_a_known_name_of_a_country_is_read(text: str, expected: str) -> None:
    said = country(text, how(country="UGA"))
    assert said.values == (expected,)
    assert said.rules == ()


@pytest.mark.parametrize("text", ["Congo", "Guinea", "SA", "Somali", "حبشي", "نيجيري", "نيجري", "Habesha", "Oromo"])
def test_g3_a_name_of_several_meanings_goes_to_a_person(text: str) -> None:
    said = country(text, how())
    assert (said.values, said.match, said.rules) == ((None,), "ASK", ("V16",))
    assert said.line == f'columns.citizenship.words: {{CODE: ["{text}"]}}'


def test_sd12_ss4_sudanese_is_asked_about_where_it_may_mean_south_sudanese() -> None:
    assert country("سوداني", how(country="SDN")).values == ("SDN",)
    assert country("سوداني", how(country="SDN")).since == day(2011, 7, 9)
    assert country("SDN", how(country="SDN")).since is None
    assert country("Sudanese", how(country="SSD")).match == "ASK"


def test_g2_words_that_name_no_country_are_read_with_a_warning() -> None:
    said = country("Nationals", how(country="KEN"))
    assert (said.values, said.rules) == (("KEN",), ("V16",))
    for text in ("Abroad", "145", "without", "Africa", "አረብ ሀገር"):
        said = country(text, how())
        assert (said.values, said.rules) == (("_U",), ("V16",))


def test_a_misspelling_that_nobody_ruled_on_is_suggested_not_guessed() -> None:
    said = country("Etihopia", how())
    assert (said.values, said.match, said.rules) == ((None,), "NONE", ("V15",))
    assert "?" in said.note
    assert said.line == 'columns.citizenship.words: {ETH: ["Etihopia"]}'
    assert country("Etihopia", how(words={"etihopia": "ETH"})).values == ("ETH",)


@pytest.mark.parametrize("text", ["Ã©thiopien", "Ø¥Ø«ÙŠÙˆØ¨ÙŠ", "Rep�blica"])
def test_g9_a_word_of_the_wrong_encoding_is_sent_back(text: str) -> None:
    for reading, declared in ((country, how()), (code, how(codelist="CL_SEX")), (area, how(country="SDN"))):
        assert reading(text, declared).rules == ("V39",)


def test_a_list_of_countries_is_parted_by_the_declared_sign_only() -> None:
    assert countries("Sudan > Libya > Italy", how(separator=">")).values == (("SDN", "LBY", "ITA"),)
    assert countries("Sudan > Libya", how()).match == "NONE"


AREAS = [
    ("EG7", "EGY", "القاهره", "EG-C"),
    ("EG7", "EGY", "القاهرة", "EG-C"),
    ("EG7", "EGY", "Al Qāhirah", "EG-C"),
    ("EG7", "EGY", "Cairo", "EG-C"),
    ("ER4", "ERI", "Gash Barka", "ER-GB"),
    ("ER4", "ERI", "ጋሽ ባርካ", "ER-GB"),
    ("ER4", "ERI", "القاش بركة", "ER-GB"),
    ("ER4", "ERI", "Qāsh-Barkah", "ER-GB"),
    ("ER6", "ERI", "ደቡብ", "ER-DU"),
    ("SD14", "SDN", "القضارف", "SD-GD"),
    ("DJ6", "DJI", "Obock", "DJ-OB"),
    ("DJ6", "DJI", "Godoria", "DJ-OB"),
    ("DJ6", "DJI", "au large d'Obock", "DJ-X-SEA"),
    ("DJ6", "DJI", "Loyada", "DJ-AR"),
    ("KE2", "KEN", "Muranga", "KE-29"),
    ("KE2", "KEN", "Murang’a", "KE-29"),
    ("KE2", "KEN", "Taita-Taveta", "KE-39"),
    ("KE2", "KEN", "Elgeyo Marakwet", "KE-05"),
    ("KE2", "KEN", "Nairobi County", "KE-30"),
    ("SO5", "SOM", "Boosaaso", "SO-BR"),
    ("SO5", "SOM", "Bosaso", "SO-BR"),
    ("SO5", "SOM", "Bossaso", "SO-BR"),
    ("SO5", "SOM", "Muqdisho", "SO-BN"),
    ("SO5", "SOM", "Xamar", "SO-BN"),
    ("SO5", "SOM", "Hargeysa", "SO-WO"),
    ("SO7", "SOM", "Jubaland", "SO-X-JL"),
    ("SO7", "SOM", "SWS", "SO-X-SW"),
    ("SO7", "SOM", "Puntland", "SO-X-PL"),
    ("SO10", "SOM", "Somaliland", "SO-X-SL"),
    ("SS2", "SSD", "Imatong", "SS-EE"),
    ("SS2", "SSD", "Jubek", "SS-EC"),
    ("SS2", "SSD", "Gogrial", "SS-WR"),
    ("SS3", "SSD", "Pibor", "SS-X-PIB"),
    ("SS3", "SSD", "GPAA", "SS-X-PIB"),
    ("SS3", "SSD", "Ruweng", "SS-X-RUW"),
    ("SS3", "SSD", "Abyei", "SS-X-AB"),
    ("UG5", "UGA", "KMP South", "UG-X-KMP"),
    ("UG5", "UGA", "Greater Masaka", "UG-X-MASAKA"),
    ("UG5", "UGA", "Wamala", "UG-X-WAMALA"),
    ("UG5", "UGA", "Elgon", "UG-X-ELGON"),
    ("code", "KEN", "KE-30", "KE-30"),
]


@pytest.mark.parametrize(
    ("reporter", "text", "expected"), [case[1:] for case in AREAS], ids=[f"{case[0]} {case[2]}" for case in AREAS]
)
def test_an_area_is_looked_up_in_the_reporting_country(reporter: str, text: str, expected: str) -> None:
    assert area(text, how(country=reporter, field="area")).values == (expected,)


def test_er6_the_same_word_is_another_area_in_another_country() -> None:
    assert area("ደቡብ", how(country="ETH")).values != area("ደቡብ", how(country="ERI")).values


def test_sd14_an_unknown_abbreviation_or_an_old_region_is_no_area() -> None:
    said = area("ك", how(country="SDN", field="area"))
    assert (said.values, said.match, said.rules) == ((None,), "ASK", ("V16",))
    assert said.line == 'columns.area.words: {CODE: ["ك"]}'
    old = area("الولاية الشرقية", how(country="SDN", field="area"))
    assert (old.values, old.rules) == ((None,), ("V38",))
    unknown = area("Atlantis", how(country="SDN", field="area"))
    assert (unknown.values, unknown.match, unknown.rules) == ((None,), "NONE", ("V38",))


WORDS = [
    *[("ET8", "CL_SEX", text, sex) for text, sex in [("ወንድ", "M"), ("ሴት", "F"), ("ወ", "M"), ("ሴ", "F")]],
    *[("SD3", "CL_SEX", text, sex) for text, sex in [
        ("ذكر", "M"), ("أنثى", "F"), ("انثى", "F"), ("ذكور", "M"), ("إناث", "F"), ("اناث", "F"),
    ]],
    ("SD17", "CL_SEX", "ذكـــر", "M"),
    *[("ER5", "CL_SEX", text, sex) for text, sex in [("ወዲ", "M"), ("ጓል", "F"), ("ተባዕታይ", "M"), ("ኣንስተይቲ", "F")]],
    *[("SO3", "CL_SEX", text, sex) for text, sex in [("lab", "M"), ("dheddig", "F"), ("L", "M"), ("Dh", "F")]],
    ("sex", "CL_SEX", "femme", "F"),
    ("sex", "CL_SEX", "F", "F"),
    ("ET10", "CL_EXPLOIT", "የወሲብ ብዝበዛ", "SEX_OTH"),
    ("ET10", "CL_EXPLOIT", "የጉልበት ብዝበዛ", "LAB_OTH"),
    ("ET10", "CL_EXPLOIT", "የቤት ሠራተኛ", "LAB_DOM"),
    ("ET10", "CL_EXPLOIT", "የቤት ሰራተኛ", "LAB_DOM"),
    ("EG1", "CL_EXPLOIT", "زواج الصفقة", "MAR_TRANS"),
    ("EG1", "CL_EXPLOIT", "العمل القسري", "LAB_OTH"),
    ("EG1", "CL_EXPLOIT", "تجارة الأعضاء البشرية", "ORG"),
    ("EG1", "CL_EXPLOIT", "الدعارة", "SEX_PROST"),
    ("ET11", "CL_OFFENCE", "በሰው መነገድ", "TIP"),
    ("ET11", "CL_OFFENCE", "ሰውን በህገ-ወጥ መንገድ ድንበር ማሻገር", "SOM"),
    ("SD6", "CL_OFFENCE", "تهريب البشر", "SOM"),
    ("SD6", "CL_OFFENCE", "اتجار", "TIP"),
    ("SD6", "CL_OFFENCE", "اتجار بالبشر وتهريب", "TIPSOM"),
    ("DJ2", "CL_OFFENCE", "trafic illicite de migrants", "SOM"),
    ("DJ2", "CL_OFFENCE", "traite des personnes", "TIP"),
    ("SO4", "CL_OFFENCE", "tahriib", "SOM"),
    ("SO4", "CL_OFFENCE", "ka ganacsiga dadka", "TIP"),
    ("DJ5", "CL_TRANSPORT", "boutre", "BOAT"),
    ("DJ5", "CL_PERP_ROLE", "nacouda", "TRANSPORTER"),
    ("KE1", "CL_JUSTICE_STAGE", "PUI", "INVESTIG"),
    *[("TN9", "CL_COUNT_UNIT", text, unit) for text, unit in [
        ("avis", "NOTIF"), ("signalements", "NOTIF"), ("dossiers", "CASE"),
        ("victimes", "VICTIM"), ("infractions", "OFFENCE"),
    ]],
    ("HTCDS", "CL_CONTROL", "TakesEarnings", "EARN"),
    ("GLOTIP", "CL_AGE_GROUP", "0 to 17 years", "Y0T17"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"), [case[1:] for case in WORDS], ids=[f"{case[0]} {case[2]}" for case in WORDS]
)
def test_a_known_word_is_read_as_its_code(name: str, text: str, expected: str) -> None:
    assert code(text, how(codelist=name)).values == (expected,)


ASKED = [
    *[("ET11", "CL_OFFENCE", text) for text in ("ሕገ-ወጥ የሰዎች ዝውውር", "ህገወጥ የሰዎች ዝውውር", "ሕገወጥ የሰዎች ዝውውር")],
    ("DJ2", "CL_OFFENCE", "trafic humain"),
    ("SO4", "CL_PERP_ROLE", "magafe"),
    *[("SO3", "CL_SEX", text) for text in ("wiil", "gabadh")],
    *[("SS6", "CL_SEX", text) for text in ("wileid", "biniya")],
    ("EG1", "CL_EXPLOIT", "استغلال أطفال الشوارع"),
    ("TN7", "CL_EXPLOIT", "exploitation économique des enfants"),
    ("KE1", "CL_JUSTICE_STAGE", "FINALISED"),
]


@pytest.mark.parametrize(("name", "text"), [case[1:] for case in ASKED], ids=[f"{case[0]} {case[2]}" for case in ASKED])
def test_a_word_of_two_meanings_goes_to_a_person(name: str, text: str) -> None:
    said = code(text, how(codelist=name, field="x"))
    assert (said.values, said.match, said.rules) == ((None,), "ASK", ("V16",))
    assert said.note
    assert said.line.startswith("columns.x.words: {")


def test_the_words_of_the_source_come_before_all_others() -> None:
    own = how(codelist="CL_SEX", words={fold("M"): "F", fold("wiil"): "M"})
    assert code("M", own) == Said(("F",), "DECLARED")
    assert code("Wiil", own) == Said(("M",), "DECLARED")


def test_a_word_nobody_ruled_on_is_refused_with_the_line_to_add() -> None:
    said = code("xyz", how(codelist="CL_SEX", field="sex"))
    assert (said.values, said.match, said.rules) == ((None,), "NONE", ("V01",))
    assert said.line == 'columns.sex.words: {CODE: ["xyz"]}'


def test_a_likeness_is_a_question_in_the_note_and_no_answer() -> None:
    said = code("Femail", how(codelist="CL_SEX", field="sex"))
    assert said.match == "NONE"
    assert "?" in said.note
    assert said.line == 'columns.sex.words: {F: ["Femail"]}'


def test_a_word_of_an_undeclared_language_is_not_used_but_named() -> None:
    said = code("dheddig", how(codelist="CL_SEX", field="sex", languages=("fra",)))
    assert said.match == "NONE"
    assert said.line == 'columns.sex.words: {F: ["dheddig"]}'


def test_g16_a_list_is_parted_by_the_declared_signs_only() -> None:
    own = {
        "forced labour": "LAB_OTH",
        "sexual": "SEX_OTH",
        "fl": "LAB_OTH",
        "se": "SEX_OTH",
        "1": "LAB_DOM",
        "3": "BEG",
    }
    split = how(codelist="CL_EXPLOIT", words=own, separator="[/+,]")
    assert codes("forced labour / sexual", split).values == (("LAB_OTH", "SEX_OTH"), "LAB_OTH")
    assert codes("FL+SE", split).values == (("LAB_OTH", "SEX_OTH"), "LAB_OTH")
    assert codes("1,3", split).values == (("LAB_DOM", "BEG"), "LAB_DOM")
    assert codes("FL+FL", split).values == (("LAB_OTH",), "LAB_OTH")
    unsplit = codes("FL+SE", how(codelist="CL_EXPLOIT", words=own, field="exploitation_forms"))
    assert unsplit.match == "NONE"
    assert "separator" in unsplit.note
    assert codes("FL+nobody knows", split).values == (None, None)


@pytest.mark.parametrize("text", ["Yes", "Oui", "نعم", "አዎ", "Ndiyo", "Haa", "✓", "1", "TRUE"])
def test_g17_yes_in_every_language(text: str) -> None:
    assert yes_no(text, how()).values == ("Y",)
    assert boolean(text, how()).values == (True,)
    assert code(text, how(codelist="CL_YNU")).values == ("Y",)


@pytest.mark.parametrize("text", ["No", "Non", "لا", "አይ", "Hapana", "Maya", "0"])
def test_g17_no_in_every_language(text: str) -> None:
    assert yes_no(text, how()).values == ("N",)
    assert boolean(text, how()).values == (False,)


def test_g17_a_lone_x_is_asked_about_until_the_source_declares_it() -> None:
    assert yes_no("X", how()).match == "ASK"
    assert yes_no("X", how(words={"x": "Y"})).values == ("Y",)
    assert yes_no("Unknown", how()).values == ("_U",)
    assert yes_no("perhaps", how()).rules == ("V01",)


def test_every_field_of_the_declared_tables_has_a_reading_that_fills_it() -> None:
    assert reading_for("date", "date_identified", False) == "date"
    assert reading_for("code", "exploitation_forms", True) == "codes"
    assert reading_for("integer", "n_migrants", False) == "count"
    assert READINGS["age"].outputs("age") == ("age_years", "age_min", "age_max", "age_group", "age_band")
    assert READINGS["money"].outputs("fee") == ("fee_amount", "fee_currency", "fee_basis")
    assert READINGS["codes"].outputs("exploitation_forms") == ("exploitation_forms", "exploitation_main")
    assert READINGS["count"].outputs("migrants")[:2] == ("n_migrants", "n_migrants_quality")


@given(some.text(max_size=20))
def test_any_text_gives_an_answer_and_never_a_crash(text: str) -> None:
    declared = how(country="SDN", codelist="CL_EXPLOIT", separator="[;/+]")
    for name, width in (
        ("country", 1),
        ("countries", 1),
        ("area", 1),
        ("code", 1),
        ("codes", 2),
        ("yes_no", 1),
        ("text", 1),
    ):
        said = READINGS[name].read(text, declared)
        assert isinstance(said, Said)
        assert len(said.values) == width
        assert said.match in MATCHES
