"""The door: what looks like a person's is stopped here, and no message about it repeats what it says (V02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etl.errors import SourceError
from etl.identifying import hidden, identifying_column, identifying_header, identifying_value
from etl.readings.said import ASK, NONE, Said

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


def refuse_column(source: str, key: str, header: str, raws: Sequence[str], saids: Sequence[Said]) -> None:
    """Refuse a mapped column most of whose unread values look like a person's.

    raws, saids: its distinct values as far as they are known, and how they were read.

    Errors: SourceError.
    """
    if key in PLACES or not any(said.match in (NONE, ASK) for said in saids):
        return
    # What was read is a word or number of ours; it only counts among the values of the column.
    unread = {raw for raw, said in zip(raws, saids, strict=True) if said.match in (NONE, ASK)}
    kind = identifying_column("", (raw if raw in unread else "0" for raw in raws))
    if kind is not None:
        raise SourceError(
            f"{source}: the column {shown_heading(header)} looks like it holds direct identifiers ({kind}); {REMEDY}"
        )


def shown_heading(header: str) -> str:
    """Give a heading as a message may show it: a row of data that was taken for headings must not be told."""
    return repr(header) if identifying_value(header) is None else hidden(header)


def shown_headings(headers: Iterable[str]) -> str:
    """Give several headings as a message may show them."""
    return f"[{', '.join(map(shown_heading, headers))}]"
