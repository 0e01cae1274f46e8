"""A sheet of cells as text, whatever document it stands in, and the document's sheets by name; nothing is interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from etl.cell_signs import Place
from etl.errors import SourceError
from etl.unpack import Whole
from etl.workbook_size import MOST_CELL, refuse_span

MOST_BYTES = 128 << 20
NOT_XML = "is damaged or no whole document; save it anew and send it again"


@dataclass
class Grid:
    """The rows of one sheet, the ranges of its merged cells, and whether its reader sees it."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    visible: bool = True


@dataclass
class Pen:
    """Write cells into a grid in the order of a document, past the places that merged cells cover.

    Errors: SourceError for a cell longer than any, and for a grid that spans more than a reader may hold.
    """

    name: str
    grid: Grid = field(default_factory=Grid)
    row: int = -1
    column: int = 0
    width: int = 0
    covered: dict[int, int] = field(default_factory=dict)  # the column, and the last row of what covers it

    def next_row(self, number: int | None = None) -> None:
        """Go to the next row, or to the one of a number, from 0."""
        self.row = self.row + 1 if number is None else max(self.row + 1, number)
        self.column = 0
        refuse_span(self.name, self.row + 1, max(1, self.width))
        while len(self.grid.rows) <= self.row:
            self.grid.rows.append([])

    def write(self, text: str, across: int = 1, down: int = 1, column: int | None = None) -> None:
        """Write the text of one cell that may cover others to the right and below."""
        if len(text) > MOST_CELL:
            raise SourceError(f"{self.name}: a cell is longer than {MOST_CELL >> 20} MB; this is not the table that was agreed")
        self.column = self.column if column is None else column
        while column is None and self.covered.get(self.column, -1) >= self.row:
            self.column += 1
        last = self.column + across - 1
        self.width = max(self.width, last + 1)
        refuse_span(self.name, self.row + down, self.width)
        cells = self.grid.rows[self.row]
        cells += [""] * (self.column + 1 - len(cells))
        cells[self.column] = text
        if across > 1 or down > 1:
            self.grid.merged.append(((self.row, self.column), (self.row + down - 1, last)))
        if down > 1:
            self.covered |= dict.fromkeys(range(self.column, last + 1), self.row + down - 1)
        self.column = last + 1

    def finish(self) -> Grid:
        """Give the grid, each of its rows as wide as it."""
        refuse_span(self.name, len(self.grid.rows), max(1, self.width))
        for row in self.grid.rows:
            row += [""] * (self.width - len(row))
        height = len(self.grid.rows) - 1
        self.grid.merged = [(first, (min(last[0], height), last[1])) for first, last in self.grid.merged]
        return self.grid


def grids_of(kind: str, book: Whole, encoding: str) -> Mapping[str, Grid]:
    """Give the sheets of a document that no reader of workbooks knows; errors: SourceError."""
    # what reads one form of documents is loaded where there is one
    if kind == "html":
        from etl.grids_html import html_grids

        return html_grids(book, encoding)
    if kind == "docx":
        from etl.grids_word import word_grids

        return word_grids(book)
    from etl.grids_xml import xml_grids

    return xml_grids(book)


def xml_root(content: bytes, name: str) -> etree._Element:
    """Parse XML that may name no entities of its own; errors: SourceError."""
    if len(content) > MOST_BYTES:
        raise SourceError(f"{name}: holds more than {MOST_BYTES >> 20} MB of XML; send it as CSV")
    if b"<!DOCTYPE" in content[: 1 << 16] or b"<!ENTITY" in content:
        raise SourceError(f"{name}: declares entities of its own, which no table needs; save it anew in its program")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        return etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as fault:
        raise SourceError(f"{name}: {NOT_XML}") from fault


def attribute(item: etree._Element, wanted: str) -> str | None:
    """Give an attribute by its name without its space of names."""
    return next((str(value) for name, value in item.attrib.items() if etree.QName(name).localname == wanted), None)


def number(text: str | None, otherwise: int, most: int) -> int:
    """Read a whole number of a document; what is none or too large is as its program takes it."""
    return min(int(text), most) if text is not None and text.isascii() and text.isdigit() and len(text) < 12 else otherwise
