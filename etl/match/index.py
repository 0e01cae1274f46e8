"""An index of the words of one list: exactly, without endings, by likeness of letters, and across scripts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from etl.fold import fold
from etl.match.latin import skeleton
from etl.match.lexicon import crosses, known_words, opposed, sides, stop_words
from etl.match.lists import Entry, entries
from etl.match.tokens import stem, tokens

NEAREST = 30  # entries that are compared letter by letter
_SLIP, _TWO_SLIPS = 5, 9  # letters from which one slip, or two, are forgiven
_SHORTEST_SKELETON = 3
_COSINE, _LETTERS, _INSIDE = 0.55, 0.45, 0.25


@dataclass(frozen=True, slots=True)
class Near:
    """One entry that is like a value: how much (0 to 1), how, and whether the likeness may be taken for sureness."""

    entry: Entry
    score: float
    how: str
    sure: bool


@dataclass
class Index:
    """Words of one list, ready to be looked up; what only unknown words need is made at the first unknown word."""

    listed: tuple[Entry, ...]
    exact: dict[str, list[Entry]] = field(init=False)

    def __post_init__(self) -> None:
        self.exact = defaultdict(list)
        for entry in self.listed:
            self.exact[fold(entry.written)].append(entry)

    def known(self, text: str) -> list[Near]:
        """Give the entries that are the text, as written or folded."""
        found = self.exact.get(fold(text), ())
        return [Near(entry, 1.0 if entry.written == text.strip() else 0.99, _written(entry, text), True) for entry in found]

    def stemmed(self, text: str) -> list[Near]:
        """Give the entries that have the same words without endings, articles and joining words, in any order."""
        key = bare(text)
        return [Near(entry, 0.95, "folded", True) for entry in self._by_stems.get(key, ())] if key else []

    def alike(self, text: str) -> list[Near]:
        """Give entries like the text, by letters, words and consonants, in no order; none that must not be crossed."""
        folded, words = fold(text), tokens(text)
        shared: dict[int, float] = defaultdict(float)
        features = self._weighed(_features(words))
        for feature, weight in features.items():
            for place, theirs in self._postings.get(feature, ()):
                shared[place] += weight * theirs
        best = sorted(shared.items(), key=lambda item: -item[1])[:NEAREST]
        near = [self._compared(folded, words, self.listed[place], cosine) for place, cosine in best]
        bones = skeleton(text)
        if len(bones) >= _SHORTEST_SKELETON:
            near += [Near(entry, 0.85, "transliterated", False) for entry in self._by_skeleton.get(bones, ())]
        ours = sides(text)
        crossed = {code for code, theirs in self._sides_of_codes.items() if opposed(ours, theirs)} if any(ours) else frozenset()
        return [one for one in near if one.entry.code not in crossed and not crosses(text, one.entry.written)]

    def _compared(self, folded: str, words: tuple[str, ...], entry: Entry, cosine: float) -> Near:
        theirs = tokens(entry.written)
        letters = fuzz.ratio(folded, fold(entry.written)) / 100
        inside = 1.0 if theirs and set(theirs) <= set(words) else 0.0
        slips = self._slips(words, theirs)
        if slips:
            return Near(entry, 0.93, "fuzzy", True)
        score = _COSINE * min(cosine, 1.0) + _LETTERS * letters + _INSIDE * inside * min(1.0, cosine)
        return Near(entry, min(score, 0.92), "fuzzy", False)

    def _slips(self, words: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
        """Say whether the words differ by slips of the pen only; a word that is known itself is no slip of another."""
        if len(words) != len(theirs) or words == theirs:
            return False
        for ours, other in zip(words, theirs, strict=True):
            if ours == other:
                continue
            shorter = min(len(ours), len(other))
            allowed = 2 if shorter >= _TWO_SLIPS else 1 if shorter >= _SLIP else 0
            if ours[0] != other[0] or OSA.distance(ours, other) > allowed or ours in known_words():
                return False
        return True

    @cached_property
    def _sides_of_codes(self) -> dict[str, tuple[int, ...]]:
        """Give for each code the sides that its labels take in the pairs of families that are kept apart."""
        found: dict[str, tuple[int, ...]] = {}
        for entry in self.listed:
            if entry.label:
                before = found.get(entry.code, (0,) * len(sides("")))
                found[entry.code] = tuple(one | other for one, other in zip(before, sides(entry.written), strict=True))
        return found

    @cached_property
    def _by_stems(self) -> dict[tuple[str, ...], list[Entry]]:
        found: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        for entry in self.listed:
            found[bare(entry.written)].append(entry)
        return found

    @cached_property
    def _by_skeleton(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.listed:
            found[skeleton(entry.written)].append(entry)
        return found

    @cached_property
    def _featured(self) -> list[dict[str, int]]:
        return [_features(tokens(entry.written)) for entry in self.listed]

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """Give the weight of each feature: what few codes share tells more."""
        codes: dict[str, set[str]] = defaultdict(set)
        for entry, features in zip(self.listed, self._featured, strict=True):
            for feature in features:
                codes[feature].add(entry.code)
        total = len({entry.code for entry in self.listed})
        return {feature: math.log(1 + total / len(met)) for feature, met in codes.items()}

    @cached_property
    def _rarest(self) -> float:
        """Give the weight of a feature that the list does not know."""
        return max(self._rarity.values(), default=1.0)

    @cached_property
    def _postings(self) -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, features in enumerate(self._featured):
            for feature, weight in self._weighed(features).items():
                found[feature].append((place, weight))
        return found

    def _weighed(self, features: dict[str, int]) -> dict[str, float]:
        rarity, rarest = self._rarity, self._rarest
        weighed = {feature: times * rarity.get(feature, rarest) for feature, times in features.items()}
        length = math.sqrt(sum(weight * weight for weight in weighed.values()))
        return {feature: weight / length for feature, weight in weighed.items()} if length else {}


@cache
def index(name: str, country: str | None) -> Index:
    """Give the index of a list (`CL_...`, `country`, `area`); the country matters for areas only."""
    return Index(entries(name, country))


@lru_cache(maxsize=1 << 16)
def bare(text: str) -> tuple[str, ...]:
    """Give the words of a text without endings and without those that only join, sorted."""
    joining = stop_words()
    return tuple(sorted(stem(word) for word in tokens(text) if word not in joining))


def _features(words: Iterable[str]) -> dict[str, int]:
    """Give what is counted of a text: its stems, and the runs of three letters (two in Ethiopic) of each word."""
    found: dict[str, int] = {}
    joining = stop_words()
    for word in words:
        if word in joining:
            continue
        found["=" + stem(word)] = 2
        length = 2 if "\u1200" <= word[0] <= "\u137f" else 3
        padded = f"^{word}$"
        for start in range(len(padded) - length + 1):
            run = padded[start : start + length]
            found[run] = min(found.get(run, 0) + 1, 2)
    return found


def _written(entry: Entry, text: str) -> str:
    return "alias" if entry.written == text.strip() else "folded"
