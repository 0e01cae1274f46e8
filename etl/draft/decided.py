"""What people have ruled in the declarations of the house: offered to new ones, and taken over within one country."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.fold import fold
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


def decided_rulings(country: str | None, table_name: str, folder: Path = HERE) -> Mapping[str, Mapping[str, Decided]]:
    """Give the words of all declarations, by field and folded word.

    A word that two declarations of one country read differently is nobody's: it is offered and never taken over. One of
    the country itself comes before one of others.
    """
    found: dict[str, dict[str, Decided]] = {}
    for path in source_paths(folder).values():
        try:
            source = load_source(path)
        except SourceError:  # the build tells this fault; a draft does without this declaration
            continue
        for ruled in rulings_in(source, country):
            words = found.setdefault(ruled.field, {})
            known = words.get(fold(ruled.word))
            if known is None or (ruled.ours and not known.ours):
                words[fold(ruled.word)] = ruled
            elif ruled.code != known.code and ruled.ours == known.ours:
                words[fold(ruled.word)] = Decided(
                    known.field, known.word, known.code, known.source, known.author, known.day, 0.5, False
                )
    return found


def rulings_in(source: Source, country: str | None) -> list[Decided]:
    """Give the words that one declaration rules on."""
    author = source.decided_by or f"declaration {source.name}.yml"
    ours = country is not None and source.country == country
    return [
        Decided(key, word, code, source.name, author, source.decided_on, 1.0, ours)
        for key, column in source.columns.items()
        for code, words in column.words.items()
        for word in words
    ]
