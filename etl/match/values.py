"""Distinct values in, the codes that each may mean out: by the words of the list, their likeness and their script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from etl.fold import fold
from etl.match.candidates import MOST_CANDIDATES, Candidate, ValueMatch
from etl.match.index import Index, Near, index
from etl.match.lexicon import rows, two_letters
from etl.match.lists import AREA, SEVERAL, list_of

LEAST = 0.30  # a likeness below this is no proposal
_MOST_UNKNOWN = 400  # unknown words that are compared letter by letter; a column with more holds no codes
_SHORT = 4  # letters
_LONGEST = 80  # characters; a longer text is no word of a list
_KNOWN, _MOST_GUESSED = 0.95, 0.94  # the score of a word that is known, and the most that one that is alike can have


def match_values(
    field_or_list: str, values: Mapping[str, int], language: str | None = None, country: str | None = None
) -> list[ValueMatch]:
    """Say for each distinct value which codes it may be.

    field_or_list: a field, `table.field`, a code list, `country` or `area`. language: in which the file is written, two
    or three letters; its words come first. country: ISO 3166-1 alpha-3 of the file, without which no area is sure.
    Gives the matches in the order of the values; for a field without codes, all abstain.
    """
    name = list_of(field_or_list)
    if name is None:
        return [ValueMatch(value, (), False, True, f"{field_or_list} holds no codes") for value in values]
    known = index(name, country if name == AREA else None)
    spoken = two_letters(language)
    found: list[ValueMatch] = []
    unknown = 0
    for value in values:
        match = _known(value, known, spoken)
        if match is None:
            unknown += 1
            match = _unlike(value) if unknown > _MOST_UNKNOWN or len(value) > _LONGEST else _guessed(value, known, spoken)
        found.append(match)
    return found


def is_missing(value: str) -> bool:
    """Say whether a value is a sign that nothing is there: empty, `-`, `n/a`, `ND`."""
    folded = fold(value)
    return not folded or folded in _missing()


def _known(value: str, known: Index, language: str | None) -> ValueMatch | None:
    if is_missing(value) and not known.known(value):
        return ValueMatch(value, (), False, True, "missing sign")
    near = known.known(value) or known.stemmed(value)
    if not near:
        return None
    ours = [found for found in near if found.entry.language in (language, "und")]
    codes = {found.entry.code for found in near}
    told = {found.entry.code for found in ours} if ours else codes
    asked = any(found.entry.ask for found in near)
    # A short word of a language that the file is not said to be in may be another word of its own.
    foreign = language is not None and not ours and len(fold(value)) < _SHORT
    sure = len(told) == 1 and not asked and len(codes) <= 2 and not foreign
    candidates = _ranked(near, language)
    if asked:
        return ValueMatch(value, candidates, False, not candidates, "several meanings, or no such name: a person must say")
    return ValueMatch(value, candidates, sure, False, "known word" if sure else "several codes have this word")


def _guessed(value: str, known: Index, language: str | None) -> ValueMatch:
    near = [found for found in known.alike(value) if found.score >= LEAST and found.entry.code != SEVERAL]
    candidates = _ranked(near, language)
    if not candidates:
        return _unlike(value)
    sure = {found.entry.code for found in near if found.sure and not found.entry.ask}
    confident = len(sure) == 1 and candidates[0].target in sure
    return ValueMatch(value, candidates, confident, False, "a slip of the pen" if confident else "only alike: choose")


def _ranked(near: list[Near], language: str | None) -> tuple[Candidate, ...]:
    by_code: dict[str, list[Near]] = defaultdict(list)
    for found in near:
        if found.entry.code != SEVERAL:
            by_code[found.entry.code].append(found)
    candidates = []
    for code, met in by_code.items():
        met.sort(key=lambda found: (-found.score, found.entry.language not in (language, "und")))
        best = met[0]
        spoken = 0.0 if language is None or best.entry.language in (language, "und") else 0.01
        support = 0.02 * min(len(met) - 1, 4) if best.score < _KNOWN else 0.0  # several words of a code say more than one
        reasons = dict.fromkeys(_reason(found) for found in met[:2])
        score = best.score if best.score >= _KNOWN else min(best.score + support, _MOST_GUESSED)
        candidates.append(Candidate(code, round(score - spoken, 3), tuple(reasons)))
    return tuple(sorted(candidates, key=lambda candidate: -candidate.score)[:MOST_CANDIDATES])


def _reason(near: Near) -> str:
    unchecked = "" if near.entry.checked else ", not checked by a speaker"
    language = "" if near.entry.language == "und" and near.entry.checked else f" ({near.entry.language}{unchecked})"
    return f"{near.how}{language}: {near.entry.written}"


def _unlike(value: str) -> ValueMatch:
    return ValueMatch(value, (), False, True, "no word of the list is like it")


@cache
def _missing() -> frozenset[str]:
    return frozenset(fold(sign) for row in rows("missing") for sign in row["signs"].split("|"))
