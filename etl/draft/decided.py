"""What people have ruled in the declarations of the house: taken over within one country, and offered to others."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from etl.errors import SourceError
from etl.fold import fold
from etl.rulings_kept import kept_rulings
from etl.source import HERE, Source, load_source, source_paths


@dataclass(frozen=True)
class Decided:
    """One word that somebody ruled on: where, by whom, when, how sure; `ours` says that it is of the same country."""

    field: str
    word: str
    code: str
    source: str
    author: str
    day: datetime.date | None
    confidence: float
    ours: bool


class House:
    """The declarations of a folder, each read only when it can have a word that is asked for."""

    def __init__(self, country: str | None, folder: Path = HERE) -> None:
        self.country = country
        self._paths = source_paths(folder)
        self._read: dict[str, list[Decided]] = {}

    def ours(self, field: str) -> Mapping[str, Decided]:
        """Give the words of one field that other declarations of the same country rule on, by the folded word.

        A word that two of them read differently is nobody's: it is offered, and never taken over.
        """
        return self._merged((name for name in self._texts if self._of_country(name)), field)

    def others(self, field: str, words: Iterable[str]) -> Mapping[str, Decided]:
        """Give what declarations of other countries say of some words of a field."""
        wanted = [re.escape(word) for word in words if word.strip()]
        if not wanted:
            return {}
        met = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE)
        names = (name for name, text in self._texts.items() if not self._of_country(name) and met.search(text))
        return self._merged(names, field)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {name: path.read_text(encoding="utf-8", errors="replace") for name, path in self._paths.items()}

    def _of_country(self, name: str) -> bool:
        return self.country is not None and re.search(rf"^country: {self.country}\b", self._texts[name], re.MULTILINE) is not None

    def _merged(self, names: Iterable[str], field: str) -> dict[str, Decided]:
        found: dict[str, Decided] = {}
        for name in names:
            for ruled in self._rulings(name):
                if ruled.field != field:
                    continue
                known = found.setdefault(fold(ruled.word), ruled)
                if known.code != ruled.code:
                    found[fold(ruled.word)] = replace(known, confidence=0.5, ours=False)
        return found

    def _rulings(self, name: str) -> list[Decided]:
        if name not in self._read:
            try:
                self._read[name] = rulings_in(load_source(self._paths[name]), self._paths[name], self.country)
            except SourceError:  # the build tells this fault; a draft does without this declaration
                self._read[name] = []
        return self._read[name]


def rulings_in(source: Source, path: Path, country: str | None) -> list[Decided]:
    """Give the words that one declaration rules on, with who decided as far as the rulings kept beside it say it."""
    ours = country is not None and source.country == country
    return [
        Decided(kept.field, kept.word, kept.code, source.name, kept.author, kept.day, kept.confidence, ours)
        for kept in kept_rulings(source, path)
        if kept.state != "REJECTED"
    ]
