"""The lexicon in memory: headings of fields, words of concepts and words that are never taken for one another."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import schemas
from etl.fold import fold
from etl.match.tokens import stem, tokens
from etl.readings.vocabulary import ISO_639_3

FOLDER = Path(schemas.__file__).with_name("lexicon")
_THESE, _THOSE = 1, 2  # the sides of two families that are kept apart
STOP, FILL = "_", "_fill"  # concepts of words that say nothing: of, the; and nothing in a heading: exact, please
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
def known_words() -> frozenset[str]:
    """Give every folded word of the lexicon: whoever writes one of them means it and slipped in no other."""
    columns = (("codes", "word"), ("countries", "alias"), ("areas", "alias"))
    written = [row[column] for name, column in columns for row in rows(name)]
    written += [part for row in rows("concepts") for part in row["words"].split("|") if "*" not in part]
    return frozenset(word for text in written for word in tokens(text))


@cache
def kept_apart() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Give pairs of families of words of which one never stands for the other, folded; `traffick*` begins a word.

    A family holds the words of all languages, so that a French word does not cross into an English one either.
    """
    pairs = dict.fromkeys(row["pair"] for row in rows("apart"))
    return tuple((_family(pair, "these"), _family(pair, "those")) for pair in pairs)


def crosses(one: str, other: str) -> bool:
    """Say whether one text speaks of one family only and the other of the family kept apart from it only."""
    return opposed(sides(one), sides(other))


def opposed(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    """Say whether two texts, of which `sides` gave the sides, are on opposite sides of a pair of families."""
    return any(ours[place] + theirs[place] == _THESE + _THOSE and ours[place] * theirs[place] for place in range(len(ours)))


@lru_cache(maxsize=1 << 15)
def sides(text: str) -> tuple[int, ...]:
    """Say for each pair of families which of the two a text speaks of: 0 none, 1 or 2 one of them, 3 both."""
    words = [form for word in tokens(text) for form in (word, stem(word))]
    return tuple(_THESE * _holds(words, these) + _THOSE * _holds(words, those) for these, those in kept_apart())


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one file of the lexicon as it is written."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        heading, *read = csv.reader(lines)
        return tuple(dict(zip(heading, row, strict=True)) for row in read)


def two_letters(language: str | None) -> str | None:
    """Give the two letters by which the lexicon names a language that a source names by three."""
    return None if language is None else _TWO_LETTERS.get(language, language)


def _family(pair: str, side: str) -> tuple[str, ...]:
    return tuple(fold(part) for row in rows("apart") if row["pair"] == pair for part in row[side].split("|"))


def _holds(words: list[str], family: tuple[str, ...]) -> bool:
    whole = [word for word in family if not word.endswith("*")]
    starts = tuple(word[:-1] for word in family if word.endswith("*"))
    return any(word in whole or word.startswith(starts) for word in words)
