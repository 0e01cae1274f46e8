"""Texts that stand outside the cells in; whether they may be written out: titles, headings, names of sheets and files.

The door finds a person by given names that are listed. Outside the cells that is not enough, since nothing beside such a text
says what it is: there a text is written out only where its words are known, and what cannot be judged is asked by its place.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from etl.identifying import identifying_value, is_given_name, ordinary
from etl.match.lexicon import headings, known_words, stop_words
from etl.match.tokens import stem, tokens
from schemas.places import areas, countries

LONG_HEADING = 80
MOST_DIGITS = 5
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D{1,3}(?:(?:19|20)?\d\d))?")
_ENDINGS = re.compile(r"(?:\.[A-Za-z0-9]{2,5})+$")
_LETTER = re.compile(r"[^\W\d_]")
# A short name of an institution stands in most names of files, and says nobody's name.
_SHORT = 2


def is_known_text(text: str) -> bool:
    """Say whether every word of a text is a word of the house, and nothing in it looks like a person's."""
    return _is_harmless(text) and all(map(_is_known, _words(text)))


def is_known_file(name: str) -> bool:
    """Say whether the name of a file may be written: at most one of its words is unknown, and none is a given name."""
    text = re.sub(r"[_.\-]+", " ", _ENDINGS.sub("", name))
    words = _words(text)
    return _is_harmless(text) and not any(map(_is_name, words)) and sum(not _is_known(word) for word in words) <= 1


def is_known_heading(header: str) -> bool:
    """Say whether a heading may be written: a person's own, a number, or words that may be a name may not.

    Headings in a language that the house does not know are many: one unknown word is written, alone or beside known ones;
    two in a row may be a name and are asked.
    """
    if not all(_is_harmless(part) for part in (header, *header.split(" / "))):
        return False
    words = _words(header)
    unknown = [word for word in words if not _is_known(word)]
    if any(map(_is_name, words)):
        return False
    if len(header) > LONG_HEADING:
        return not unknown
    return not any(not _is_known(one) and not _is_known(next_one) for one, next_one in pairwise(words))


def _is_harmless(text: str) -> bool:
    if identifying_value(text) is not None:
        return False
    return sum(map(str.isdigit, _YEARS.sub("", text))) <= MOST_DIGITS


def _words(text: str) -> list[str]:
    return [word for word in tokens(text) if len(_LETTER.findall(word)) > _SHORT or not word.isascii()]


def _is_name(word: str) -> bool:
    return is_given_name(word) and not _is_known(word)


def _is_known(word: str) -> bool:
    return word in _vocabulary() or stem(word) in _stems()


@cache
def _vocabulary() -> frozenset[str]:
    named = (word for words in headings() for word in words)
    places = (word for area in areas().values() for word in tokens(area.name))
    return frozenset({*known_words(), *named, *stop_words(), *ordinary(), *_SHEETS, *places, *map(str.lower, countries())})


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _vocabulary())


# What programs call sheets, and what institutions call tables, in the languages of the region.
_SHEETS = frozenset(
    word
    for text in (
        "sheet sheet1 table tables data annex list register report summary total figures statistics cases persons victims",
        "feuil feuille feuil1 tableau donnees annexe liste registre rapport resume chiffres statistiques affaires personnes",
        "ورقه ورقة جدول بيانات ملحق قائمه سجل تقرير ملخص احصاءات احصائيات قضايا اشخاص ضحايا",
        "ሉህ ሠንጠረዥ መረጃ መዝገብ ሪፖርት ማጠቃለያ laha jedwali orodha sajili ripoti takwimu hoja xogta warbixin diiwaan",
        "copy final new old draft version federal regional national global columns anonymised sample test file export",
        "efy ec gc fy tip som glotip htcds copie nouveau ancien brouillon",
        "year quarter month annual quarterly monthly year1 annee trimestre mois annuel سنه سنوي شهر فصلي mwaka sannad",
    )
    for part in text.split()
    for word in tokens(part)
)
