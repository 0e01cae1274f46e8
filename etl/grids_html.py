"""The tables of a web page in, grids out: the text that a browser shows (HTML, 4.9), merged cells with it.

Portals send such pages as `.xls`. A table that only lays others out is none; each other one has the name of its caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from etl.errors import SourceError
from etl.grids import MOST_BYTES, Grid, Pen, number
from etl.unpack import Whole

MOST_ACROSS, MOST_DOWN = 1000, 65_534
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SILENT = {"script", "style", "template", "noscript", "head", "title"}
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
BREAKS = {"br", "p", "div", "li", "tr"}
SPACES = re.compile(r"[ \t\r\n\f]+")
SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}


def html_grids(book: Whole, encoding: str) -> dict[str, Grid]:
    """Read every table of a page. The encoding is the one that the page names, or else the declared one.

    Errors: SourceError for bytes that are not of that encoding, and for a page without a table.
    """
    if len(book.content) > MOST_BYTES:
        raise SourceError(f"{book.name}: is larger than {MOST_BYTES >> 20} MB; send it as CSV")
    name = html_encoding(book.content) or encoding
    try:
        text = book.content.decode("utf-8-sig" if name.lower() in ("utf-8", "utf8") else name)
    except (UnicodeError, LookupError):
        raise SourceError(f"{book.name}: its bytes are not {name}; declare its encoding under `file:`") from None
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8"), parser=_parser())
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise SourceError(f"{book.name}: is a damaged web page; save it anew and send it again") from fault
    found: dict[str, Grid] = {}
    for table in root.iter("table"):
        if not _lays_out(table):
            caption = next((_text(item) for item in table.iterchildren("caption")), "")
            name = caption if caption and caption not in found else f"table {len(found) + 1}"
            found[name] = _grid(table, book.name)
    filled = {name: grid for name, grid in found.items() if any(any(row) for row in grid.rows)}
    if not filled:
        raise SourceError(f"{book.name}: is a web page without a table; save the table itself as CSV or as a workbook")
    return filled


def html_encoding(content: bytes) -> str | None:
    """Give the encoding that a page names: by its mark, or in its first bytes."""
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    found = CHARSET.search(content[:4096])
    return marked or (found[1].decode("ascii") if found is not None else None)


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)


def _lays_out(table: etree._Element) -> bool:
    """Tell a table that only holds others: but for them, no row of it has two cells with something in them."""
    if table.find(".//table") is None:
        return False
    return not any(sum(bool(_text(cell)) for cell in row if cell.find(".//table") is None) > 1 for row in _rows(table))


def _grid(table: etree._Element, name: str) -> Grid:
    pen = Pen(name)
    for row in _rows(table):
        if HIDDEN.search(row.get("style") or ""):
            continue
        pen.next_row()
        for cell in row:
            if cell.tag in ("td", "th"):
                across = max(1, number(cell.get("colspan"), 1, MOST_ACROSS))
                down = max(1, number(cell.get("rowspan"), 1, MOST_DOWN))
                pen.write(_text(cell), across, down)
    return pen.finish()


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """Give the rows of a table in the order in which they are shown: those of its head first, those of its foot last."""
    parts = sorted((item for item in table if item.tag in SECTIONS), key=lambda item: SECTIONS[str(item.tag)])
    yield from table.iterchildren("tr")
    for part in parts:
        yield from part.iterchildren("tr")


def _text(item: etree._Element) -> str:
    """Give what a browser shows of an element: spaces joined, one line for each line and paragraph."""
    pieces = "".join(_pieces(item))
    lines = [SPACES.sub(" ", line).strip(" ") for line in pieces.split("\v")]
    return "\n".join(lines).strip("\n \u00a0")


def _pieces(item: etree._Element) -> Iterator[str]:
    """Give the texts below an element without going deeper than Python may, with a sign where a line ends."""
    for event, element in etree.iterwalk(item, events=("start", "end")):
        if event == "start":
            if element is not item and element.tag in BREAKS:
                yield "\v"
            if not _is_silent(element, item):
                yield element.text or ""
        elif element is not item:
            if element.tag in BREAKS - {"br"}:
                yield "\v"
            parent = element.getparent()
            if parent is not None and not _is_silent(parent, item):
                yield element.tail or ""


def _is_silent(element: etree._Element, top: etree._Element) -> bool:
    current: etree._Element | None = element
    while current is not None:
        if current.tag in SILENT or HIDDEN.search(current.get("style") or ""):
            return True
        if current is top:
            return False
        current = current.getparent()
    return False
