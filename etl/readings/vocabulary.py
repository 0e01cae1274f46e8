"""Every word known for the codes of a list: labels, shared words, strings of the standards; folded, by language."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import schemas.codelists
from etl.fold import fold
from schemas.codelists import LANGUAGES, STANDARDS, CodeList, codelist

_WORDS_CSV = Path(schemas.codelists.__file__).with_name("lexicon") / "codes.csv"
_TWO, _THREE = "en fr ar am sw so ti es pt", "eng fra ara amh swa som tir spa por"
ISO_639_3 = dict(zip(_TWO.split(), _THREE.split(), strict=True)) | {"": "und"}
_YES, _SEVERAL = "y", "?"  # as in the aliases of places: a person must say; several meanings
_ONE_CODE = ("exact", "narrow")  # a string that is as wide as our code or narrower means this code and no other


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hold the words of one code list for the languages of one source, folded.

    `words` (codes, labels, shared words) and `standards` give the codes that a word may mean; `questions` the words
    that a person must settle, with what to ask; `elsewhere` the words of other languages with (code, language);
    `written` every word as it is written; `labels` the English label of each code.
    """

    codes: frozenset[str]
    labels: dict[str, str]
    words: dict[str, tuple[str, ...]]
    standards: dict[str, tuple[str, ...]]
    questions: dict[str, str]
    elsewhere: dict[str, tuple[str, str]]
    written: frozenset[str]


@cache
def vocabulary(name: str, languages: tuple[str, ...]) -> Vocabulary:
    """Give the words of the code list `name` in some languages (ISO 639-3); no languages means all of them.

    Errors: schemas.codelists.UnknownCodeError when there is no such list.
    """
    listed = codelist(name)
    words: dict[str, list[str]] = defaultdict(list)
    questions: dict[str, list[str]] = defaultdict(list)
    elsewhere: dict[str, tuple[str, str]] = {}
    written: set[str] = set()
    for code, language, word, ask in _entries(listed):
        if languages and language not in (*languages, "und"):
            elsewhere.setdefault(fold(word), (_SEVERAL if ask else code, language))
            continue
        written.add(word)
        if ask:
            questions[fold(word)].append(ask if ask != _YES else code)
        else:
            words[fold(word)].append(code)
    return Vocabulary(
        codes=frozenset(listed.codes),
        labels={code: listed.label(code) for code in listed.codes},
        words=_unique(words),
        standards=_unique(_standards(listed, written)),
        questions={word: " or ".join(dict.fromkeys(asks)) for word, asks in questions.items()},
        elsewhere={word: met for word, met in elsewhere.items() if word not in words and word not in questions},
        written=frozenset(written),
    )


def _entries(listed: CodeList) -> Iterator[tuple[str, str, str, str]]:
    """Give (code, language, word, what to ask) for every code, label and shared word of a list."""
    for code in listed.codes:
        yield code, "und", code, ""
        for language in LANGUAGES:
            yield code, ISO_639_3[language], listed.label(code, language), ""
    for row in _shared_words():
        if row["list"] == listed.name:
            yield row["code"], ISO_639_3.get(row["language"], row["language"]), row["word"], row["ask"]


def _standards(listed: CodeList, written: set[str]) -> dict[str, list[str]]:
    """Give the strings of the standards with their codes, and add them to the words as written."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in listed.codes:
        for standard in STANDARDS:
            strings = listed.crosswalk(code, standard)
            if strings and listed.match(code, standard) in _ONE_CODE:
                for string in strings.split(" | "):
                    found[fold(string)].append(code)
                    written.add(string)
    return found


def _unique(words: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(dict.fromkeys(codes)) for word, codes in words.items()}


@cache
def _shared_words() -> tuple[dict[str, str], ...]:
    """Read `schemas/lexicon/codes.csv`: list, code, language, word, source, review, ask."""
    with _WORDS_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
