"""What a workbook shows in its cells beside their values: errors, formulas without a value, per cents, merged cells.

The reader of workbooks gives an error as an empty cell and 45 % as 0.45. A second look at the file, only where it holds
such cells, gives the text that the sender's program shows (ECMA-376 for XLSX, OpenDocument 1.3 for ODS, BIFF8 for XLS).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

Place = tuple[int, int]
UNCOMPUTED = "#UNCOMPUTED!"
# Error values as spreadsheets write them; a cell with one of them is told, never taken for silence.
ERROR = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM|SPILL|CALC|FIELD|UNCOMPUTED|GETTING_DATA)[!?]?|Err:[0-9]{3}")
MERGED = re.compile(r"\A(?P<text>.*) \(merged over (?P<cells>[0-9]+) cells\)", re.S)
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?%?")


@dataclass
class Signs:
    """What a second look at one sheet gives; places are (row, column) from 0.

    texts: the text shown in place of the value. merged: the ranges of merged cells, (first, last) place, where the reader
    of workbooks does not know them itself. epoch: 1900 or 1904, where the workbook says from when its days count.
    """

    texts: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] | None = None
    epoch: int | None = None


def percent(value: float) -> str:
    """Write a share as the per cent that a cell shows, without the dust of binary fractions: 0.45 as 45%."""
    shown = Decimal(repr(value)) * 100
    return f"{shown.normalize():f}%"


def is_percent(number_format: str) -> bool:
    """Say whether a number format shows a value times a hundred, with the sign outside quoted text."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format)


def is_scaled(number_format: str) -> bool:
    """Say whether a number format shows thousands or millions: a comma after the last digit leaves three digits out."""
    first = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).split(";")[0]
    return re.search(r"[0#?],+(?![0#?])", first) is not None


def merged_text(text: str, cells: int, is_label: bool) -> str:
    """Give what each cell of a merged range says: a word or label stands for all, and a number is one number."""
    if is_label or not _NUMBER.fullmatch(text.strip()) or cells == 1:
        return text
    return f"{text} (merged over {cells} cells)"


def covered(first: Place, last: Place) -> Iterator[Place]:
    """Give every place of a range."""
    for row in range(first[0], last[0] + 1):
        for column in range(first[1], last[1] + 1):
            yield row, column


def sign_of_a_program(text: str) -> str | None:
    """Say what a cell holds that no person wrote in it: an error, a formula without a value, a merged number; else None."""
    stripped = text.strip()
    if stripped == UNCOMPUTED:
        return "the cell holds a formula whose value was not saved; open the file in its program, save it and send it again"
    if ERROR.fullmatch(stripped):
        return f"the cell holds the error {stripped} of a spreadsheet; mend the formula and send the file again"
    merged = MERGED.fullmatch(stripped)
    if merged is not None:
        return f"one number stands in {merged['cells']} merged cells; write in each row what belongs to it"
    if stripped.endswith(" (shown in thousands)"):
        return "the cell shows a number in thousands or millions and holds another; write the number that is meant"
    return None
