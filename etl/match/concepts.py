"""A heading in, what it speaks of out: number, victim, date, destination, in any of the languages, in any order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from etl.match.lexicon import FILL, STOP, rows
from etl.match.tokens import forms, stem, tokens

LONGEST_PHRASE = 5
# Letters from which one slip is forgiven, and how many fewer do where the heading is one word.
_SLIP, _SLIP_ETHIOPIC, _ALONE = 7, 5, 1
# What a part of a heading weighs: persons and words such as number, type and date say less than the rest.
PERSON, GENERAL = "who.", "of."
WEIGHT, WEIGHT_GENERAL, WEIGHT_PERSON, WEIGHT_UNKNOWN = 1.0, 0.6, 0.5, 0.6
# What is only named beside the thing: a person (`Sex of the victim`), the calendar of a date.
EXTRA_PERSON, ASIDE, WEIGHT_ASIDE = 0.25, "era", 0.1
LATER_WAY = 0.012  # what each later way of speaking of a field falls behind the first

Meanings = tuple[tuple[str, str], ...]  # concepts, each with the language in which it was said


@dataclass(frozen=True, slots=True)
class Part:
    """One word or phrase of a heading: the concepts that it may stand for (none for an unknown word), and in what language."""

    words: tuple[str, ...]
    concepts: frozenset[str]
    languages: frozenset[str]
    slip: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a field is spoken of: all its concepts; `rank` is 0 for the most usual way."""

    field: str
    table: str
    concepts: frozenset[str]
    rank: int


@cache
def patterns() -> tuple[Pattern, ...]:
    """Give the patterns of all fields; an empty table means every table that has the field."""
    return tuple(
        Pattern(row["field"], row["table"], frozenset(way.split("+")), rank)
        for row in rows("patterns")
        for rank, way in enumerate(row["concepts"].split("|"))
    )


def weight(concept: str) -> float:
    """Give what a concept weighs in a pattern."""
    if concept == ASIDE:
        return WEIGHT_ASIDE
    if concept.startswith(PERSON):
        return WEIGHT_PERSON
    return WEIGHT_GENERAL if concept.startswith(GENERAL) else WEIGHT


def fit(parts: tuple[Part, ...], pattern: Pattern) -> float:
    """Say how well a heading fits a pattern, 0 to 1: what both speak of, over what either speaks of.

    A heading that lacks what weighs most in the pattern does not fit it at all.
    """
    left = set(pattern.concepts)
    shared = said = 0.0
    for part in parts:
        met = part.concepts & left
        if met:
            concept = max(met, key=weight)
            left.discard(concept)
            shared += weight(concept)
            said += weight(concept)
        elif not part.concepts & pattern.concepts:
            said += _extra(part)
    whole = sum(map(weight, pattern.concepts))
    if not shared or max(map(weight, left), default=0.0) >= max(map(weight, pattern.concepts - left)):
        return 0.0
    return 2 * shared / (whole + said) - LATER_WAY * min(pattern.rank, 6)


@lru_cache(maxsize=1 << 13)
def parts_of(text: str) -> tuple[Part, ...]:
    """Part a heading into phrases and words that the lexicon knows and words that it does not; joining words fall out."""
    words = tokens(text)
    found: list[Part] = []
    place = 0
    while place < len(words):
        part = _read(words, place)
        place += len(part.words)
        if part.concepts.isdisjoint((STOP, FILL)) and not all(word.isdigit() for word in part.words):
            found.append(part)
    return tuple(found)


def _extra(part: Part) -> float:
    if not part.concepts:
        return WEIGHT_UNKNOWN
    if ASIDE in part.concepts:
        return WEIGHT_ASIDE
    if any(concept.startswith(PERSON) for concept in part.concepts):
        return EXTRA_PERSON
    return min(map(weight, part.concepts))


def _read(words: tuple[str, ...], place: int) -> Part:
    """Read the longest phrase from a place on, else the word there: whole, without its ending, begun, inside, slipped."""
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        phrase = words[place : place + length]
        met = _spoken().get(phrase) or _spoken().get(tuple(map(stem, phrase))) or _begun(_open().get(phrase[:-1], ()), phrase[-1])
        if met:
            return _part(phrase, met)
    word = words[place]
    met = next((_spoken()[form,] for form in forms(word)[1:] if (form,) in _spoken()), ())
    met = met or next((begun for form in forms(word) if (begun := _begun(_beginnings().get(form[:2], ()), form))), ())
    met = met or tuple(one for middle, meant in _middles() if middle in word for one in meant)
    return _part((word,), met) if met else _slipped(word, alone=len(words) == 1)


def _begun(starts: Iterable[tuple[str, Meanings]], word: str) -> Meanings:
    return tuple(one for start, meant in starts if word.startswith(start) for one in meant)


def _slipped(word: str, alone: bool) -> Part:
    ethiopic = "\u1200" <= word[0] <= "\u137f"
    shortest = (_SLIP_ETHIOPIC if ethiopic else _SLIP) - (_ALONE if alone else 0)
    if len(word) >= shortest:
        for known, meant in _long_words().get(word[0], ()):
            if abs(len(known) - len(word)) <= 1 and OSA.distance(known, word, score_cutoff=1) <= 1:
                return _part((word,), meant, slip=True)
    return Part((word,), frozenset(), frozenset(), False)


def _part(words: tuple[str, ...], meant: Meanings, slip: bool = False) -> Part:
    return Part(words, frozenset(concept for concept, _ in meant), frozenset(language for _, language in meant), slip)


@cache
def _spoken() -> dict[tuple[str, ...], Meanings]:
    """Give concept and language by folded words in order; each single word also without its ending and article."""
    found: dict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    loose: dict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    for row in rows("concepts"):
        for phrase in row["words"].split("|"):
            if "*" not in phrase:
                words = tokens(phrase)
                found[words][row["concept"], row["language"]] = None
                loose[tuple(map(stem, words))][row["concept"], row["language"]] = None
    merged = {words: tuple(meant) for words, meant in loose.items()}
    return merged | {words: tuple(meant) for words, meant in found.items()}


@cache
def _long_words() -> dict[str, list[tuple[str, Meanings]]]:
    """Give, by its first letter, each single word that is long enough to be known in spite of a slip, with its meanings."""
    found: dict[str, list[tuple[str, Meanings]]] = defaultdict(list)
    for phrase, meant in _spoken().items():
        if len(phrase) == 1 and len(phrase[0]) >= 4:
            found[phrase[0][0]].append((phrase[0], meant))
    return found


@cache
def _beginnings() -> dict[str, list[tuple[str, Meanings]]]:
    """Give, by its first two letters, each beginning of words (`nationali*`) with its concept and language, longest first."""
    found: dict[str, list[tuple[str, Meanings]]] = defaultdict(list)
    for row in rows("concepts"):
        for phrase in row["words"].split("|"):
            if phrase.endswith("*") and not phrase.startswith("*") and " " not in phrase:
                start = "".join(tokens(phrase[:-1]))
                found[start[:2]].append((start, ((row["concept"], row["language"]),)))
    return {first: sorted(starts, key=lambda item: -len(item[0])) for first, starts in found.items()}


@cache
def _open() -> dict[tuple[str, ...], list[tuple[str, Meanings]]]:
    """Give, by the words before the last, each phrase whose last word is only begun (`la soo badbaad*`), with its meaning."""
    found: dict[tuple[str, ...], list[tuple[str, Meanings]]] = defaultdict(list)
    for row in rows("concepts"):
        for phrase in row["words"].split("|"):
            if phrase.endswith("*") and " " in phrase:
                *before, start = tokens(phrase[:-1])
                found[tuple(before)].append((start, ((row["concept"], row["language"]),)))
    return found


@cache
def _middles() -> tuple[tuple[str, Meanings], ...]:
    """Give each run of letters that tells a word wherever it stands in it (`*okol*`, of a Kiswahili verb), with its meaning."""
    return tuple(
        ("".join(tokens(phrase.strip("*"))), ((row["concept"], row["language"]),))
        for row in rows("concepts")
        for phrase in row["words"].split("|")
        if phrase.startswith("*")
    )
