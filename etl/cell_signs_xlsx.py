"""The second look at a sheet of an XLSX workbook (ECMA-376): see `etl.cell_signs`."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from etl.cell_signs import UNCOMPUTED, Signs, is_percent, is_scaled, percent
from etl.unpack import Whole

# Built-in formats that show per cents (ECMA-376, part 1, 18.8.30).
PERCENTS = (9, 10)
LETTERS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def xlsx_signs(book: Whole, sheet: str) -> Signs:
    """Look at one sheet, in full only where it holds errors, formulas or cells shown as per cents or in thousands."""
    with zipfile.ZipFile(book.stream()) as archive:
        workbook = _root(archive, "xl/workbook.xml")
        properties = next(_named(workbook, "workbookPr"), None)
        late = properties is not None and properties.get("date1904") in ("1", "true")
        signs = Signs(epoch=1904 if late else 1900)
        part = _part(archive, workbook, sheet)
        if part is None:
            return signs
        percents, scaled = _styles(archive)
        content = archive.read(part)
        styled = any(f's="{number}"'.encode() in content for number in (*percents, *scaled))
        if styled or b't="e"' in content or b"<f" in content or b":f>" in content:
            signs.texts = dict(_texts(content, percents, scaled))
    return signs


def _part(archive: zipfile.ZipFile, book: etree._Element, sheet: str) -> str | None:
    """Give the part of the package that holds a sheet, by the relation that the workbook names."""
    relation = next((_relation(item) for item in _named(book, "sheet") if item.get("name") == sheet), None)
    for item in _named(_root(archive, "xl/_rels/workbook.xml.rels"), "Relationship"):
        if item.get("Id") == relation:
            target = item.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return None


def _relation(item: etree._Element) -> str | None:
    return next((str(value) for name, value in item.attrib.items() if etree.QName(name).localname == "id"), None)


def _styles(archive: zipfile.ZipFile) -> tuple[frozenset[int], frozenset[int]]:
    """Give the numbers of the cell formats that show per cents, and of those that show thousands."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset(), frozenset()
    root = _root(archive, "xl/styles.xml")
    written = {int(item.get("numFmtId", "0")): item.get("formatCode", "") for item in _named(root, "numFmt")}
    formats = next(_named(root, "cellXfs"), None)
    ids = [int(item.get("numFmtId", "0")) for item in formats] if formats is not None else []
    percents = frozenset(place for place, number in enumerate(ids) if number in PERCENTS or is_percent(written.get(number, "")))
    return percents, frozenset(place for place, number in enumerate(ids) if is_scaled(written.get(number, "")))


def _texts(content: bytes, percents: frozenset[int], scaled: frozenset[int]) -> Iterator[tuple[tuple[int, int], str]]:
    row = -1
    for element in etree.fromstring(content, _parser()).iter("{*}row"):
        row = int(element.get("r", str(row + 2))) - 1
        column = -1
        for cell in element.iter("{*}c"):
            column = _column(cell.get("r"), column + 1)
            text = _text(cell, percents, scaled)
            if text is not None:
                yield (row, column), text


def _text(cell: etree._Element, percents: frozenset[int], scaled: frozenset[int]) -> str | None:
    """Give what a cell shows where that is not its value; None where the value is all."""
    value = cell.findtext("{*}v")
    if cell.get("t") == "e":
        return value or "#VALUE!"
    # a text that a formula gives may be empty; any other formula has its value beside it once it was worked out
    if not value and cell.find("{*}f") is not None and cell.get("t") not in ("str", "inlineStr"):
        return UNCOMPUTED
    style = int(cell.get("s", "0"))
    if value and cell.get("t", "n") == "n" and style in percents:
        return percent(float(value))
    if value and cell.get("t", "n") == "n" and style in scaled:
        return f"{float(value):.15g} (shown in thousands)"
    return None


def _column(reference: str | None, otherwise: int) -> int:
    found = LETTERS.fullmatch(reference or "")
    if found is None:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iter(f"{{*}}{name}")


def _root(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(archive.read(name), _parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
