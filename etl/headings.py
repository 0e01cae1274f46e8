"""Heading rows in, one name a column out: merged headings are joined, spaces folded, and no two may be the same."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from etl.door import shown_heading
from etl.errors import SourceError

MOST_COLUMNS = 2_000
MOST_HEADING = 300
MOST_BREAKS = 5


def heading(text: str) -> str:
    """Give a heading as it is written in a source: NFC, no marks of direction or byte order, single spaces."""
    plain = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", plain).split())


def joined_headings(rows: Sequence[Sequence[str]], name: str, spread: bool = True) -> tuple[str, ...]:
    """Join heading rows column by column with ` / `; `spread` carries an upper heading over the empty cells to its right.

    Errors: SourceError for no heading, for too many columns, and for two columns of the same name.
    """
    width = max((len(row) for row in rows), default=0)
    if width > MOST_COLUMNS:
        raise SourceError(f"{name}: has {width} columns, more than {MOST_COLUMNS}; this is not the table that was agreed")
    for row in rows:
        _refuse_texts(row, name)
    levels = [[heading(row[place]) if place < len(row) else "" for place in range(width)] for row in rows]
    for level in levels[:-1] if spread else []:
        for place in range(1, width):
            level[place] = level[place] or level[place - 1]
    names = tuple(" / ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*levels, strict=True))
    if not any(names):
        raise SourceError(f"{name}: has no headings in the rows declared under `header_rows`; correct them")
    named = tuple(text or f"(column {place})" for place, text in enumerate(names, start=1))
    twice = [text for text, times in Counter(named).items() if times > 1]
    if twice:
        raise SourceError(f"{name}: two columns have the heading {shown_heading(twice[0])}; give each its own")
    return named


def _refuse_texts(row: Sequence[str], name: str) -> None:
    """Refuse what is no heading without showing it: rows of data may have been swallowed."""
    for place, text in enumerate(row, start=1):
        where = f"{name}: the heading of column {place}"
        if "\0" in text:
            raise SourceError(f"{where} has NUL bytes; declare the encoding (utf-16-le …), or send the file again")
        if len(text) > MOST_HEADING or text.count("\n") > MOST_BREAKS:
            raise SourceError(f"{where} runs over {len(text)} characters; look for a quotation mark that is never closed")
