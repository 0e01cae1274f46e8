"""The second look at a sheet of an XLSB workbook ([MS-XLSB]): see `etl.cell_signs`."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from struct import unpack, unpack_from

from lxml import etree

from etl.binary_records import CELLS, MERGED, ROW, records, text
from etl.cell_signs import Signs, is_percent, is_scaled, percent
from etl.cell_signs_xlsx import PERCENTS
from etl.unpack import Whole

BOOK_PROPERTIES, SHEET, FORMAT, CELL_FORMAT, CELL_FORMATS_BEGIN, CELL_FORMATS_END = 153, 156, 44, 47, 617, 618
RK, REAL, FORMULA_REAL, ERRORS = 2, 5, 9, (3, 11)
NAMES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}


def xlsb_signs(book: Whole, sheet: str) -> Signs:
    """Look at one sheet for errors, merged cells and cells that are shown as per cents or in thousands."""
    with zipfile.ZipFile(book.stream()) as archive:
        about = [*records(archive.read("xl/workbook.bin"))]
        late = any(kind == BOOK_PROPERTIES and body and body[0] & 1 for kind, body in about)
        signs = Signs(epoch=1904 if late else 1900, merged=[])
        part = _part(archive, about, sheet)
        if part is not None:
            _look(archive.read(part), signs, _formats(archive))
    return signs


def _part(archive: zipfile.ZipFile, about: list[tuple[int, bytes]], sheet: str) -> str | None:
    """Give the part of the package that holds a sheet, by the relation that the workbook names."""
    wanted = None
    for kind, body in about:
        if kind == SHEET:
            relation, end = text(body, 8)
            if text(body, end)[0] == sheet:
                wanted = relation
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for item in etree.fromstring(archive.read("xl/_rels/workbook.bin.rels"), parser).iter("{*}Relationship"):
        if item.get("Id") == wanted:
            target = item.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return None


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """Give the number format of each cell format; built-in ones of per cents are written out, others are empty."""
    if "xl/styles.bin" not in archive.namelist():
        return []
    written = {number: "0%" for number in PERCENTS}
    formats: list[str] = []
    inside = False
    for kind, body in records(archive.read("xl/styles.bin")):
        if kind == FORMAT:
            written[unpack_from("<H", body)[0]] = text(body, 2)[0]
        elif kind in (CELL_FORMATS_BEGIN, CELL_FORMATS_END):
            inside = kind == CELL_FORMATS_BEGIN
        elif kind == CELL_FORMAT and inside:
            formats.append(written.get(unpack_from("<H", body, 2)[0], ""))
    return formats


def _look(content: bytes, signs: Signs, formats: list[str]) -> None:
    row = 0
    for kind, body in records(content):
        if kind == ROW:
            row = unpack_from("<I", body)[0]
        elif kind == MERGED and signs.merged is not None:
            top, bottom, left, right = unpack_from("<IIII", body)
            signs.merged.append(((top, left), (bottom, right)))
        elif kind in CELLS:
            column, style = unpack_from("<I", body)[0], unpack_from("<I", body, 4)[0] & 0xFFFFFF
            if kind in ERRORS:
                signs.texts[row, column] = NAMES.get(body[8], "#VALUE!")
            elif kind in (RK, REAL, FORMULA_REAL):
                shown = formats[style] if style < len(formats) else ""
                number = _rk(body[8:12]) if kind == RK else unpack_from("<d", body, 8)[0]
                if is_percent(shown):
                    signs.texts[row, column] = percent(number)
                elif is_scaled(shown):
                    signs.texts[row, column] = f"{number:.15g} (shown in thousands)"


def _rk(body: bytes) -> float:
    """Read a number in four bytes ([MS-XLSB], 2.5.122): an integer or the upper half of a real, perhaps times 100."""
    whole = unpack("<i", body)[0]
    real = b"\0\0\0\0" + (whole & ~3).to_bytes(4, "little", signed=True)
    number = float(whole >> 2) if whole & 2 else float(unpack("<d", real)[0])
    return number / 100 if whole & 1 else number
