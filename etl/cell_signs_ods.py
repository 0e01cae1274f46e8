"""The second look at a sheet of an ODS workbook (OpenDocument 1.3): see `etl.cell_signs`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from etl.cell_signs import UNCOMPUTED, Place, Signs, percent
from etl.unpack import Whole

# A cell or row that repeats further than this only fills the sheet to its edge.
MOST_REPEATED = 100_000


def ods_signs(book: Whole, sheet: str) -> Signs:
    """Look at one sheet: merged cells always, and texts where cells hold errors, formulas without value or per cents."""
    with zipfile.ZipFile(book.stream()) as archive:
        root = etree.fromstring(archive.read("content.xml"), etree.XMLParser(resolve_entities=False, huge_tree=True))
    signs = Signs(merged=[])
    table = next((item for item in root.iter("{*}table") if _attribute(item, "name") == sheet), None)
    if table is None:
        return signs
    for place, cell in _cells(table):
        text = _text(cell)
        if text is not None:
            signs.texts[place] = text
        down, across = (_number(cell, f"number-{side}-spanned") for side in ("rows", "columns"))
        if (down > 1 or across > 1) and signs.merged is not None:
            signs.merged.append((place, (place[0] + down - 1, place[1] + across - 1)))
    return signs


def _cells(table: etree._Element) -> Iterator[tuple[Place, etree._Element]]:
    """Give every cell that is written out, with each of the places at which it stands."""
    row = 0
    for line in table.iter("{*}table-row"):
        times = _number(line, "number-rows-repeated")
        column = 0
        for cell in line:
            wide = _number(cell, "number-columns-repeated")
            if len(cell.attrib) and times <= MOST_REPEATED and wide <= MOST_REPEATED and _holds_something(cell):
                yield from (((row + down, column + across), cell) for down in range(times) for across in range(wide))
            column += wide
        row += times


def _holds_something(cell: etree._Element) -> bool:
    names = {etree.QName(name).localname for name in cell.attrib}
    return bool(names & {"value-type", "formula", "number-rows-spanned", "number-columns-spanned"})


def _text(cell: etree._Element) -> str | None:
    kinds = [str(value) for name, value in cell.attrib.items() if etree.QName(name).localname == "value-type"]
    if "error" in kinds:
        return "".join(cell.itertext()).strip() or "#VALUE!"
    if not kinds and _attribute(cell, "formula") is not None:
        return UNCOMPUTED
    value = _attribute(cell, "value")
    if "percentage" in kinds and value:
        return percent(float(value))
    return None


def _attribute(item: etree._Element, wanted: str) -> str | None:
    return next((str(value) for name, value in item.attrib.items() if etree.QName(name).localname == wanted), None)


def _number(item: etree._Element, name: str) -> int:
    return int(_attribute(item, name) or 1)
