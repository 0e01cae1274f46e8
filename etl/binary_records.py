"""A part of an XLSB workbook in, its records out: number, body ([MS-XLSB], 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

ROW, MERGED = 0, 176
# Records of one cell each: blank, RK number, error, truth, real, texts, and the same as results of formulas.
CELLS = range(1, 12)


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give every record; errors: ValueError where the part ends within one."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        size, at = _number(content, at, 4)
        if at + size > len(content):
            raise ValueError("a record runs over the end")
        yield kind, content[at : at + size]
        at += size


def span(content: bytes) -> tuple[int, int]:
    """Give the last row and the last column of a sheet, counted from 1."""
    rows = columns = 0
    for kind, body in records(content):
        if kind == ROW and len(body) >= 4:
            rows = max(rows, unpack_from("<I", body)[0] + 1)
        elif kind in CELLS and len(body) >= 4:
            columns = max(columns, unpack_from("<I", body)[0] + 1)
    return rows, columns


def text(body: bytes, at: int) -> tuple[str, int]:
    """Give a text of a record and where it ends: the number of its letters, then UTF-16."""
    size = unpack_from("<I", body, at)[0]
    if size == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * size
    return body[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first."""
    number = 0
    for place in range(most):
        byte = content[at] if at < len(content) else 0
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at
