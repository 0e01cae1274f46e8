"""A heading in, the fields that its name may mean out: known headings, concepts in any language, likeness of letters."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from etl.match.concepts import Part, fit, parts_of, patterns
from etl.match.lexicon import Heading, crosses, headings, stop_words
from etl.match.tokens import stem, tokens
from schemas.tables import table

TABLES = ("victim", "suspect", "smuggling_incident", "smuggled_group", "observation")
RUNNING_NUMBER, IGNORE = "source_row", "ignore"
_SEVERAL = 0.8  # of a heading that without endings is a heading of several fields
_ALIAS, _FOLDED, _CONCEPTS, _FUZZY, _FIELD_NAME = 1.0, 0.97, 0.95, 0.9, 0.96
# The most that a merged heading counts as a whole; what one counts that only its last or another piece has, or the text
# outside its brackets.
_WHOLE, _LAST_PIECE, _PIECE, _OUTSIDE = 0.93, 0.94, 0.88, 0.97
_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]?")
_LEAST_FIT, _LEAST_RATIO, _LEAST_RATIO_KNOWN, _SLIP = 0.4, 78, 90, 0.96


@dataclass(frozen=True, slots=True)
class Named:
    """One field that a heading may name; `telling` is 1 where few tables have the field, less where all have it."""

    target: str
    score: float
    reasons: tuple[str, ...]
    telling: float


def table_names() -> tuple[str, ...]:
    """Give the tables that a file may be for."""
    return TABLES


@cache
def fields_of(table_name: str) -> tuple[str, ...]:
    """Give what a column of a file for this table may be declared as: fields and groups that the lexicon has a name for."""
    declared = {field.name for field in table(table_name).fields}
    declared |= {group for field in table(table_name).fields for group in field.groups} | {RUNNING_NUMBER, IGNORE}
    spoken = dict.fromkeys(pattern.field for pattern in patterns() if pattern.table in ("", table_name))
    return tuple(field for field in spoken if field in declared)


@lru_cache(maxsize=1 << 13)
def named(heading: str, table_name: str) -> tuple[Named, ...]:
    """Give the fields of a table that a heading may name, best first; of a merged heading also by its pieces."""
    found = _named(heading, table_name)
    pieces = [piece for piece in heading.split(" / ") if piece.strip()]
    if len(pieces) > 1:
        found = {target: (min(score, _WHOLE), reasons) for target, (score, reasons) in found.items()}
    weighed = [(piece, _LAST_PIECE if piece == pieces[-1] else _PIECE) for piece in pieces] if len(pieces) > 1 else []
    outside = " ".join(_BRACKETS.sub(" ", heading).split())
    if outside not in ("", heading):
        weighed.append((outside, _OUTSIDE))
    for piece, part in weighed:
        for target, (score, reasons) in _named(piece, table_name).items():
            if score * part > found.get(target, (0.0, ()))[0]:
                found[target] = (score * part, reasons)
    ranked = sorted(found.items(), key=lambda item: -item[1][0])
    return tuple(Named(target, score, reasons, _telling(target)) for target, (score, reasons) in ranked)


def _named(heading: str, table_name: str) -> dict[str, tuple[float, tuple[str, ...]]]:
    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    allowed = set(fields_of(table_name))
    words = tokens(heading)
    for target, score, reason in (
        *_by_heading(words, heading, table_name),
        *_by_field_name(words, allowed),
        *_by_concepts(heading, table_name),
        *_by_letters(words, heading, table_name),
    ):
        if target in allowed and score > found.get(target, (0.0, ()))[0]:
            found[target] = (score, (reason,))
    return found


def _by_heading(words: tuple[str, ...], heading: str, table_name: str) -> list[tuple[str, float, str]]:
    exact = headings().get(words, ())
    found = [
        (known.field, _ALIAS, _said("alias" if known.written == heading else "folded", known.language, known.checked))
        for known in exact
        if known.table in ("", table_name)
    ]
    if not found:
        loose = [known for known in _loose_headings().get(_loose(words), ()) if known.table in ("", table_name)]
        score = _FOLDED if len({known.field for known in loose}) == 1 else _SEVERAL
        found = [(known.field, score, _said("folded", known.language, known.checked)) for known in loose]
    return found


def _by_field_name(words: tuple[str, ...], allowed: set[str]) -> list[tuple[str, float, str]]:
    joined = "_".join(words)
    return [(joined, _FIELD_NAME, "alias (name of the field)")] if joined in allowed else []


def _by_concepts(heading: str, table_name: str) -> list[tuple[str, float, str]]:
    parts = parts_of(heading)
    found = []
    for pattern in patterns():
        if pattern.table in ("", table_name):
            score = fit(parts, pattern)
            if score >= _LEAST_FIT:
                slip = _SLIP if any(part.slip for part in parts) else 1.0
                found.append((pattern.field, score * _CONCEPTS * slip, _spoken(parts, pattern.concepts)))
    return found


def _by_letters(words: tuple[str, ...], heading: str, table_name: str) -> list[tuple[str, float, str]]:
    text = " ".join(words)
    if len(text) < 4:
        return []
    # Words that are known say what they say: only what is nearly a known heading may still be another one.
    understood = all(part.concepts and not part.slip for part in parts_of(heading))
    found = []
    least = _LEAST_RATIO_KNOWN if understood else _LEAST_RATIO
    for _, ratio, place in process.extract(text, _joined()[0], scorer=fuzz.ratio, limit=8, score_cutoff=least):
        for known in _joined()[1][place]:
            if known.table in ("", table_name) and not crosses(heading, known.written):
                found.append((known.field, _FUZZY * ratio / 100, _said("fuzzy", known.language, known.checked)))
    return found


@cache
def _joined() -> tuple[tuple[str, ...], tuple[tuple[Heading, ...], ...]]:
    """Give the known headings as folded texts, and in the same places what each means."""
    return tuple(" ".join(words) for words in headings()), tuple(headings().values())


@cache
def _loose_headings() -> dict[tuple[str, ...], tuple[Heading, ...]]:
    found: dict[tuple[str, ...], list[Heading]] = defaultdict(list)
    for words, known in headings().items():
        if _loose(words):  # a heading of joining words only is known as it stands or not at all
            found[_loose(words)] += known
    return {words: tuple(met) for words, met in found.items()}


def _loose(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(stem(word) for word in words if word not in stop_words()))


@cache
def _telling(target: str) -> float:
    having = sum(target in fields_of(name) for name in TABLES)
    return 1.0 if having == 1 else 1 / (1 + having)


def _said(how: str, language: str, checked: bool) -> str:
    return f"{how} ({language})" if checked else f"{how} ({language}, not checked by a speaker)"


def _spoken(parts: tuple[Part, ...], concepts: frozenset[str]) -> str:
    languages = sorted({language for part in parts if part.concepts & concepts for language in part.languages})
    return f"translated ({', '.join(languages[:3])}): {' + '.join(sorted(concepts))}"
