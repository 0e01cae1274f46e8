"""The sheets of a workbook in XML (SpreadsheetML of 2003) in, grids out: cells as their program shows them."""

from __future__ import annotations

from lxml import etree

from etl.cell_signs import UNCOMPUTED, is_percent, is_scaled, percent
from etl.errors import SourceError
from etl.grids import NOT_XML, Grid, Pen, attribute, number, xml_root
from etl.unpack import Whole

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
NAMED = {"Percent": "0%"}


def xml_grids(book: Whole) -> dict[str, Grid]:
    """Read every sheet; errors: SourceError for a file that is damaged or holds no sheet."""
    root = xml_root(book.content, book.name)
    formats = _formats(root)
    found = {}
    for place, sheet in enumerate(root.iter("{*}Worksheet"), start=1):
        table = sheet.find("{*}Table")
        grid = _grid(table, formats, book.name) if table is not None else Grid()
        shown = sheet.findtext(".//{*}WorksheetOptions/{*}Visible")
        grid.visible = shown is None or (not shown.startswith("SheetHidden") and shown != "SheetVeryHidden")
        found[attribute(sheet, "Name") or f"sheet {place}"] = grid
    if not found:
        raise SourceError(f"{book.name}: {NOT_XML}")
    return found


def _formats(root: etree._Element) -> dict[str, str]:
    """Give the number format of each style; one that has none takes that of the style it builds on."""
    formats: dict[str, str] = {}
    for style in root.iter("{*}Style"):
        shown = style.find("{*}NumberFormat")
        written = attribute(shown, "Format") if shown is not None else formats.get(attribute(style, "Parent") or "")
        formats[attribute(style, "ID") or ""] = NAMED.get(written or "", written or "")
    return formats


def _grid(table: etree._Element, formats: dict[str, str], name: str) -> Grid:
    pen = Pen(name)
    columns = _column_styles(table)
    for row in table.iterchildren("{*}Row"):
        at = number(attribute(row, "Index"), 0, MOST_ROWS)
        pen.next_row(at - 1 if at else None)
        for cell in row.iterchildren("{*}Cell"):
            place = number(attribute(cell, "Index"), 0, MOST_COLUMNS)
            across = 1 + number(attribute(cell, "MergeAcross"), 0, MOST_COLUMNS)
            down = 1 + number(attribute(cell, "MergeDown"), 0, MOST_ROWS)
            while not place and pen.covered.get(pen.column, -1) >= pen.row:
                pen.column += 1
            column = place - 1 if place else pen.column
            style = attribute(cell, "StyleID") or attribute(row, "StyleID") or columns.get(column, "Default")
            pen.write(_text(cell, formats.get(style, "")), across, down, column)
        last = number(attribute(row, "Span"), 0, MOST_ROWS)
        if last:
            pen.next_row(pen.row + last)
    return pen.finish()


def _column_styles(table: etree._Element) -> dict[int, str]:
    styles: dict[int, str] = {}
    place = 0
    for item in table.iterchildren("{*}Column"):
        at = number(attribute(item, "Index"), 0, MOST_COLUMNS)
        place = at - 1 if at else place
        wide = 1 + number(attribute(item, "Span"), 0, MOST_COLUMNS)
        style = attribute(item, "StyleID")
        if style is not None:
            styles |= dict.fromkeys(range(place, min(place + wide, MOST_COLUMNS)), style)
        place += wide
    return styles


def _text(cell: etree._Element, shown: str) -> str:
    data = cell.find("{*}Data")
    written = "".join(data.itertext()) if data is not None else ""
    kind = attribute(data, "Type") if data is not None else None
    if kind == "Error":
        return written or "#VALUE!"
    if not written:
        return UNCOMPUTED if attribute(cell, "Formula") is not None and kind != "String" else ""
    if kind == "Boolean":
        return "TRUE" if written == "1" else "FALSE"
    if kind == "DateTime":
        day, _, hour = written.partition("T")
        hour = hour.removesuffix(".000")
        return day if hour in ("", "00:00:00") else f"{day} {hour}"
    if kind != "Number":
        return written
    try:
        value = float(written)
    except ValueError:
        return written  # what calls itself a number and is none is read, or asked about, as it is written
    if is_percent(shown):
        return percent(value)
    if is_scaled(shown):
        return f"{value:.15g} (shown in thousands)"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
