"""The published test set of headers and value words: large enough, even over languages and halves, true to `schemas`."""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections import Counter

import pytest

from pembe import ROOT
from schemas.codelists import codelist, codelist_names
from schemas.places import LANGUAGES, areas, countries
from schemas.tables import table

FOLDER = ROOT / "tests" / "matching"
COLUMNS = {
    "headers": ["language", "header", "table", "field", "note"],
    "values": ["language", "list", "value", "code", "note"],
}
TABLES = {"victim", "suspect", "smuggling_incident", "smuggled_group", "observation"}
IDENTIFYING = "_identifying"
# Of the whole set, and of each language.
LEAST = {"headers": (420, 50), "values": (1400, 180)}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == COLUMNS[name]
    return read


def text(row: dict[str, str]) -> str:
    return row["header"] if "header" in row else row["value"]


def is_unseen(row: dict[str, str]) -> bool:
    digest = hashlib.sha256(f"{row['language']}\n{text(row)}".encode()).hexdigest()
    return digest[0] in "89abcdef"


def answers(name: str, row: dict[str, str]) -> list[str]:
    """The field or the codes that are right, of which some rows have two; none where the tool should abstain."""
    cell = row["field"] if name == "headers" else row["code"]
    return cell.split("|") if cell else []


def known_codes(name: str) -> set[str]:
    if name == "COUNTRY":
        return set(countries())
    if name == "AREA":
        return set(areas())
    return set(codelist(name).codes)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_language_has_enough_rows_and_enough_in_each_half(name: str) -> None:
    total, least = LEAST[name]
    counts = Counter(row["language"] for row in rows(name))
    unseen = Counter(row["language"] for row in rows(name) if is_unseen(row))
    assert set(counts) == set(LANGUAGES)
    assert counts.total() >= total
    assert min(counts.values()) >= least
    shares = {language: unseen[language] / count for language, count in counts.items()}
    assert {language: share for language, share in shares.items() if not 0.4 <= share <= 0.6} == {}


def test_every_field_of_a_header_is_a_field_of_its_table() -> None:
    assert {row["table"] for row in rows("headers")} == TABLES
    named = {(row["table"], field) for row in rows("headers") for field in answers("headers", row)}
    known = {(name, field.name) for name in TABLES for field in table(name).fields}
    assert {pair for pair in named - known if pair[1] != IDENTIFYING} == set()


def test_every_code_of_a_word_is_in_its_list() -> None:
    lists = {row["list"] for row in rows("values")}
    assert lists - set(codelist_names()) == {"COUNTRY", "AREA"}
    named = {(row["list"], code) for row in rows("values") for code in answers("values", row)}
    assert named - {(name, code) for name in lists for code in known_codes(name)} == set()


@pytest.mark.parametrize("name", COLUMNS)
def test_no_row_stands_twice_also_in_another_case_or_spacing(name: str) -> None:
    keys = Counter((row["language"], row.get("list"), " ".join(text(row).casefold().split())) for row in rows(name))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", COLUMNS)
def test_every_text_is_composed_unicode_without_spaces_at_its_ends(name: str) -> None:
    assert [row for row in rows(name) if not text(row) or text(row) != unicodedata.normalize("NFC", text(row)).strip()] == []


@pytest.mark.parametrize(("name", "least", "most"), [("headers", 0.08, 0.13), ("values", 0.04, 0.06)])
def test_some_rows_of_every_language_must_be_left_to_a_person(name: str, least: float, most: float) -> None:
    counts = Counter(row["language"] for row in rows(name))
    left = Counter(row["language"] for row in rows(name) if answers(name, row) in ([], [IDENTIFYING]))
    assert {language for language, count in counts.items() if not least <= left[language] / count <= most} == set()


def test_every_language_has_typing_errors_at_a_realistic_rate() -> None:
    counts = Counter(row["language"] for row in rows("values"))
    wrong = Counter(row["language"] for row in rows("values") if row["note"] == "typo")
    assert {language for language, count in counts.items() if not 0.05 <= wrong[language] / count <= 0.08} == set()


@pytest.mark.parametrize(
    ("language", "trafficking", "smuggling"),
    [
        ("fr", "Traite des personnes", "Trafic illicite de migrants"),
        ("ar", "الاتجار بالبشر", "تهريب المهاجرين"),
        ("am", "በሰው መነገድ", "ፍልሰተኞችን ማሻገር"),
        ("sw", "Biashara ya binadamu", "Magendo ya wahamiaji"),
        ("so", "Ka ganacsiga dadka", "Tahriibinta dadka"),
    ],
)
def test_the_set_holds_the_pairs_of_words_that_must_never_cross(language: str, trafficking: str, smuggling: str) -> None:
    offences = {
        row["value"]: row["code"] for row in rows("values") if row["list"] == "CL_OFFENCE" and row["language"] == language
    }
    assert (offences[trafficking], offences[smuggling]) == ("TIP", "SOM")


@pytest.mark.parametrize(("language", "word"), [("fr", "trafic"), ("ar", "تهريب"), ("ar", "اتجار"), ("sw", "magendo")])
def test_the_bare_word_for_either_trade_has_no_code(language: str, word: str) -> None:
    bare = [row for row in rows("values") if (row["language"], row["list"], row["value"]) == (language, "CL_OFFENCE", word)]
    assert [row["code"] for row in bare] == [""]
