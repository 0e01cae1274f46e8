"""A file of text in, its first and last rows out, parted by the sign that parts them best."""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.unpack import is_packed, open_plain

SIGNS = (",", ";", "\t", "|")
HEAD, TAIL = 1 << 18, 1 << 16
TOP, BOTTOM = 200, 60
LONGEST_HEADINGS = 400  # letters; one line alone that is longer is a text and no row of headings


@dataclass(frozen=True)
class Ends:
    """The first and the last rows of a table; `merged` says that merged headings are already written out."""

    top: list[list[str]]
    bottom: list[list[str]]
    delimiter: str = ","
    share: float = 1.0
    merged: bool = False


def text_ends(path: Path, encoding: str) -> Ends:
    """Read both ends of a delimited file.

    Errors: SourceError where no sign parts its lines.
    """
    with open_plain(path) as stream:
        head = stream.read(HEAD)
        whole = not stream.peek(1)
    text = _decoded(head, encoding, path)
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    delimiter, share = _delimiter(text, path)
    top = _parted(text, delimiter)
    bottom = top if whole else _parted(_tail(path, encoding), delimiter)
    return Ends(top[:TOP], bottom[-BOTTOM:], delimiter, share)


def _decoded(piece: bytes, encoding: str, path: Path) -> str:
    """Decode the first piece of a file, whose last letter may be cut."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(piece)
    except UnicodeDecodeError as fault:
        raise SourceError(f"{path.name}: its bytes are not {encoding}; ask for the file as it was first saved") from fault


def _tail(path: Path, encoding: str) -> str:
    """Give the last whole lines of a file; nothing where they cannot be reached without reading it all."""
    if is_packed(path) or encoding.startswith(("utf-16", "utf-32")):
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL))
        piece = stream.read()
    first = piece.find(b"\n") + 1
    return piece[first:].decode(encoding, errors="replace")


def _delimiter(text: str, path: Path) -> tuple[str, float]:
    """Choose the sign that parts the lines most evenly; its share is that of the lines of the commonest width."""
    scored = []
    for sign in SIGNS:
        widths = Counter(len(row) for row in _parted(text, sign)[:TOP] if row)
        width, times = max(widths.items(), key=lambda item: (item[1] * math.log2(item[0] + 1), item[0]), default=(1, 0))
        share = times / max(1, widths.total())
        if width > 1:
            scored.append((share * math.log2(width + 1), -SIGNS.index(sign), sign, share))
    prose = len(text) > LONGEST_HEADINGS and len(text.strip().splitlines()) < 2
    if scored and not prose:
        _, _, sign, share = max(scored)
        return sign, share
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or max(map(len, lines)) > 200:
        raise SourceError(f"{path.name}: is no table of columns; ask for it as CSV or as a workbook")
    return ",", 1.0


def _parted(text: str, sign: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            rows.append(row)
    except csv.Error:  # a quotation mark that is never closed: the reader proper says where
        return rows
    return rows
