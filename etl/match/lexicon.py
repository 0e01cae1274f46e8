"""The lexicon in memory: headings of fields, words of concepts and words that are never taken for one another."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import schemas
from etl.fold import fold
from etl.match.tokens import stem, tokens
from etl.readings.vocabulary import ISO_639_3

FOLDER = Path(schemas.__file__).with_name("lexicon")
STOP = "_"  # the concept of words that say nothing: of, the
_TWO_LETTERS = {three: two for two, three in ISO_639_3.items() if two}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading by which files name a field; `table` is empty where it means the same in every table."""

    field: str
    table: str
    language: str
    written: str
    checked: bool


@cache
def headings() -> dict[tuple[str, ...], tuple[Heading, ...]]:
    """Give every known heading by its folded words in order."""
    found: dict[tuple[str, ...], list[Heading]] = defaultdict(list)
    for row in rows("fields"):
        for written in row["headers"].split("|"):
            heading = Heading(row["field"], row["table"], row["language"], written, row["review"] != "y")
            found[tokens(written)].append(heading)
    return {words: tuple(met) for words, met in found.items()}


@cache
def stop_words() -> frozenset[str]:
    """Give the folded words that only join others: of, the, de, la."""
    return frozenset(
        word for row in rows("concepts") if row["concept"] == STOP for part in row["words"].split("|") for word in tokens(part)
    )


@cache
def kept_apart() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Give pairs of families of words of which one never stands for the other, as beginnings of folded words."""
    return tuple((_family(row["these"]), _family(row["those"])) for row in rows("apart"))


def crosses(one: str, other: str) -> bool:
    """Say whether one text holds a word of a family and the other a word of the family kept apart from it."""
    ours, theirs = tokens(one), tokens(other)
    return any(
        (_holds(ours, these) and _holds(theirs, those) and not _holds(theirs, these))
        or (_holds(ours, those) and _holds(theirs, these) and not _holds(theirs, those))
        for these, those in kept_apart()
    )


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one file of the lexicon as it is written."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def two_letters(language: str | None) -> str | None:
    """Give the two letters by which the lexicon names a language that a source names by three."""
    return None if language is None else _TWO_LETTERS.get(language, language)


def _family(text: str) -> frozenset[str]:
    return frozenset(fold(part) for part in text.split("|"))


def _holds(words: tuple[str, ...], family: frozenset[str]) -> bool:
    return any(word.startswith(start) or stem(word).startswith(start) for word in words for start in family)
