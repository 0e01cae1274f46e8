"""The door: what looks like a person's is stopped here, and no message about it repeats what it says (V02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etl.errors import SourceError
from etl.identifying import FEWEST, SAMPLE, hidden, identifying_column, identifying_header
from etl.readings.said import ASK, NONE, Said

READ = "0"
PLACES = ("lat", "lon", "coordinates")  # fields whose exact values are wanted; exports round them
HIDDEN = "a value that may identify a person stands here and was not kept; look at this row of the file"
REMEDY = "put it under `ignore:` as identifying, or give it `reading: key` where it is a number of a case or person"


def refuse_heading(source: str, key: str, header: str, reading: str) -> None:
    """Refuse a mapped column whose heading names a direct identifier, unless only its hash is kept.

    Errors: SourceError.
    """
    kind = identifying_header(header)
    if kind is not None and reading != "key" and key not in PLACES:
        raise SourceError(f"{source}.yml: columns.{key}: the column {header!r} is one of direct identifiers ({kind}); {REMEDY}")


def refuse_column(source: str, ruled: Sequence[tuple[str, Said, int]], key: str, header: str) -> None:
    """Refuse a mapped column of which many rows hold what nobody can read and what looks like a person's.

    ruled: its distinct values as far as they are known, how each was read and how many rows hold it.

    Errors: SourceError.
    """
    unread = [raw for raw, said, _ in ruled if said.match in (NONE, ASK)]
    if key in PLACES or len(unread) < FEWEST:
        return
    # What was read is a word or number of ours: it counts as a row, but never as a person's.
    rows = max(1, sum(times for _, _, times in ruled))
    shares = ((raw if said.match in (NONE, ASK) else READ, max(1, times * SAMPLE // rows)) for raw, said, times in ruled)
    kind = identifying_column("", (raw for raw, times in shares for _ in range(times)))
    if kind is not None:
        shown = shown_heading(header)
        raise SourceError(f"{source}: the column {shown} looks like it holds direct identifiers ({kind}); {REMEDY}")


def shown_heading(header: str) -> str:
    """Give a heading or the name of a sheet as a message may show it: a row of data taken for headings must not be told."""
    # many more words are read for it than a file without faults needs
    from etl.judged import is_known_heading

    return repr(header) if is_known_heading(header) else hidden(header)


def shown_headings(headers: Iterable[str]) -> str:
    """Give several headings as a message may show them."""
    return f"[{', '.join(map(shown_heading, headers))}]"
