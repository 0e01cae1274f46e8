"""The tables of a Word document in, grids out: the text that the program shows (ECMA-376, part 1, 17.4)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from etl.errors import SourceError
from etl.grids import NOT_XML, Grid, Pen, number, xml_root
from etl.unpack import Whole
from etl.workbook_size import DAMAGED, refuse_large

PART = "word/document.xml"
MOST_ACROSS = 1000
TEXTS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What is not shown: texts that were deleted under a watching editor, codes of fields, and another form of one drawing.
SILENT = {"del", "moveFrom", "delText", "instrText", "Fallback"}


def word_grids(book: Whole) -> dict[str, Grid]:
    """Read every table of the document, by the number of its place; errors: SourceError where there is none."""
    refuse_large(book)
    try:
        with zipfile.ZipFile(book.stream()) as archive:
            content = archive.read(PART)
    except (KeyError, *DAMAGED) as fault:
        raise SourceError(f"{book.name}: {NOT_XML}") from fault
    tables = [table for table in xml_root(content, book.name).iter("{*}tbl") if not _is_inside(table)]
    if not tables:
        raise SourceError(f"{book.name}: is a Word document without a table; ask for the table that it was made from")
    return {f"table {place}": _grid(table, book.name) for place, table in enumerate(tables, start=1)}


def _is_inside(table: etree._Element) -> bool:
    return any(_name(item) in ("tbl", *SILENT) for item in table.iterancestors())


def _grid(table: etree._Element, name: str) -> Grid:
    pen = Pen(name)
    open_cells: dict[int, int] = {}  # of cells that go on below: the column, and the place among the merged ranges
    for row in _own(table, "tr"):
        if any(_name(mark) == "del" for mark in row.iterfind("{*}trPr/*")):
            continue
        pen.next_row()
        for before in row.iterfind("{*}trPr/{*}gridBefore"):
            pen.column = number(_value(before), 0, MOST_ACROSS)
        for cell in _own(row, "tc"):
            _write(cell, pen, open_cells)
    return pen.finish()


def _write(cell: etree._Element, pen: Pen, open_cells: dict[int, int]) -> None:
    span = cell.find("{*}tcPr/{*}gridSpan")
    down = cell.find("{*}tcPr/{*}vMerge")
    across = max(1, number(_value(span), 1, MOST_ACROSS)) if span is not None else 1
    column, merged = pen.column, pen.grid.merged
    goes_on = down is not None and _value(down) != "restart"
    if goes_on and column in open_cells:
        first, last = merged[open_cells[column]]
        merged[open_cells[column]] = (first, (pen.row, last[1]))
        pen.write("", column=column)
        pen.column = column + across
        pen.width = max(pen.width, pen.column)
        return
    pen.write(_text(cell), across, column=column)
    open_cells.pop(column, None)
    if down is not None:
        if across == 1:
            merged.append(((pen.row, column), (pen.row, column)))
        open_cells[column] = len(merged) - 1


def _own(item: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Give the rows or cells of a table, also where a control for contents or an insertion is around them."""
    for child in item:
        name = _name(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml", "moveTo"):
            yield from _own(child, wanted)


def _text(cell: etree._Element) -> str:
    paragraphs = []
    for paragraph in cell.iter("{*}p"):
        pieces = []
        for item in paragraph.iter("{*}t", *(f"{{*}}{name}" for name in TEXTS)):
            if not _is_silent(item, paragraph):
                pieces.append(item.text or "" if _name(item) == "t" else TEXTS[_name(item)])
        paragraphs.append("".join(pieces))
    return "\n".join(paragraphs).strip()


def _is_silent(item: etree._Element, paragraph: etree._Element) -> bool:
    for above in item.iterancestors():
        if above is paragraph:
            return False
        if _name(above) in SILENT or above.find("{*}rPr/{*}vanish") is not None or _name(above) in ("p", "tabs"):
            return True
    return False


def _value(item: etree._Element) -> str | None:
    return next((str(value) for name, value in item.attrib.items() if etree.QName(name).localname == "val"), None)


def _name(item: etree._Element) -> str:
    return etree.QName(item).localname if isinstance(item.tag, str) else ""
