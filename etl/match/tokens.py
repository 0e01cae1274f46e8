"""A heading or value in, its words out: folded, parted, and stripped of the endings and articles of its script."""

from __future__ import annotations

import re
from functools import lru_cache

from etl.fold import fold

_CAMEL = re.compile(r"(?<=[a-z0-9à-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")  # T.I.P., ዓ.ም
_DIGIT = re.compile(r"\d")
_DIGIT_EDGE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_ELISION = re.compile(r"^(?:l|d|n|s|qu|c|j|m|t)'(?=\w)")  # French: d'exploitation
SHORTEST_STEM = 3

# What is taken off a word, longest first. Folding has already made ة into ه and ى into ي.
_ARABIC_BEFORE = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل")
_ARABIC_AFTER = ("يات", "يين", "يون", "يه", "ات", "ون", "ين", "ان", "ها", "هم", "ه", "ي", "ا")
_ETHIOPIC_BEFORE = ("ስለ", "እንደ", "ወደ", "ከ", "በ", "የ", "ለ", "ያ", "ዝ", "ብ", "ን")
_ETHIOPIC_AFTER = ("ዎችን", "ዎች", "ዎቹ", "ታት", "ነት", "ዊት", "ዊ", "ው", "ዋ", "ን", "ና", "ም", "ት", "ቱ", "ዩ", "ያን")
_LATIN_AFTER = {
    "so": (
        "yaasha", "yaashu", "yaal", "adda", "adii", "ada", "kii", "tii", "gii", "dii", "shada",
        "sha", "aha", "iga", "ka", "ga", "ha", "da", "ta", "ku", "gu", "hu", "du", "tu", "a", "o",
    ),
    "": ("ements", "ement", "ations", "ation", "ées", "ies", "ee", "es", "ed", "er", "s", "x", "e"),
}  # fmt: skip


@lru_cache(maxsize=1 << 15)
def tokens(text: str) -> tuple[str, ...]:
    """Give the folded words of a text in order; `dateOfBirth`, `date_of_birth` and `Date of birth` give the same."""
    if "." in text:
        text = _DOTTED.sub(_undotted, text)
    parted = fold(text if text.islower() else _CAMEL.sub(" ", text))
    if _DIGIT.search(parted):
        parted = _DIGIT_EDGE.sub(" ", parted)
    if "'" not in parted:
        return tuple(_TOKEN.findall(parted))
    words = (_ELISION.sub("", word).replace("'", "") for word in _TOKEN.findall(parted))
    return tuple(word for word in words if word)


def _undotted(found: re.Match[str]) -> str:
    return found.group().replace(".", "")


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """Give a word without article, case and plural, in the way of its script; at least three letters are left."""
    first = word[:1]
    if "\u0600" <= first <= "\u06ff":
        return _without(word, _ARABIC_BEFORE, _ARABIC_AFTER, SHORTEST_STEM)
    if "\u1200" <= first <= "\u137f":
        return _without(word, _ETHIOPIC_BEFORE, _ETHIOPIC_AFTER, 2)
    return _without(word, (), _LATIN_AFTER[""], 4)


@lru_cache(maxsize=1 << 15)
def forms(word: str) -> tuple[str, ...]:
    """Give the forms under which a word is looked up, from the nearest to the loosest."""
    found = [word, stem(word)]
    if word.isascii():
        for ending in _LATIN_AFTER["so"]:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                found.append(word[: -len(ending)])
    else:
        before = _ARABIC_BEFORE if "\u0600" <= word[:1] <= "\u06ff" else _ETHIOPIC_BEFORE
        found += [word[len(part) :] for part in before if word.startswith(part) and len(word) - len(part) >= 2]
    return tuple(dict.fromkeys(found))


def _without(word: str, before: tuple[str, ...], after: tuple[str, ...], shortest: int) -> str:
    for part in before:
        if word.startswith(part) and len(word) - len(part) >= shortest:
            word = word[len(part) :]
            break
    for part in after:
        if word.endswith(part) and len(word) - len(part) >= shortest:
            return word[: -len(part)]
    return word
