"""The words that a declaration rules on, with author, day, confidence, reviewer and review state, as they are kept beside it.

The declaration says what a word means; `<source>.sssom.tsv` beside it, where there is one, says who decided and reviewed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from etl.source import Source

ENDING = ".sssom.tsv"
PROPOSED, ACCEPTED, REJECTED, UNREVIEWED = "PROPOSED", "ACCEPTED", "REJECTED", "UNREVIEWED"
STATES = (PROPOSED, ACCEPTED, REJECTED, UNREVIEWED)


@dataclass(frozen=True)
class Kept:
    """One ruling: a word of one column of a source, our code for it, and its standing.

    column: the heading of theirs. state: PROPOSED (by a draft, nobody has looked), ACCEPTED or REJECTED (by the
    reviewer), UNREVIEWED (decided by its author and by nobody else).
    """

    source: str
    field: str
    column: str
    word: str
    code: str
    author: str
    day: datetime.date | None = None
    confidence: float = 1.0
    reviewer: str = ""
    state: str = UNREVIEWED
    reason: str = ""
    comment: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what one ruling is about: a word in one column for one field."""
        return self.field, self.column, self.word


def kept_rulings(source: Source, path: Path | None) -> list[Kept]:
    """Give the rulings of a declaration: those kept beside it, and those that only the declaration knows.

    path: that of the declaration; None for one that stands nowhere.

    Errors: SourceError for a file beside it that cannot be read.
    """
    from etl.sssom import read_tsv

    beside = path.with_name(path.stem + ENDING) if path is not None else None
    kept = {ruling.key: ruling for ruling in read_tsv(beside)} if beside is not None and beside.exists() else {}
    found = [kept.pop(ruling.key, ruling) if _agrees(kept.get(ruling.key), ruling) else ruling for ruling in _declared(source)]
    declared = {ruling.key for ruling in found}
    return [*found, *(ruling for key, ruling in kept.items() if key not in declared)]


def _agrees(kept: Kept | None, ruling: Kept) -> bool:
    return kept is not None and kept.code == ruling.code


def _declared(source: Source) -> Iterable[Kept]:
    author = source.decided_by or f"declaration {source.name}.yml"
    for field, column in source.columns.items():
        for code, words in column.words.items():
            for word in words:
                yield Kept(source.name, field, column.column, word, code, author, source.decided_on)
