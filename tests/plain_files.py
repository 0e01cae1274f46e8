"""A second, plain reader of the samples, which shares no code with the house: what stands in which row and column."""

from __future__ import annotations

import bz2
import csv
import datetime
import gzip
import io
import json
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_REPEATED = 2_000  # a repeated cell or row above this only fills the sheet to its edge


def read_plainly(
    path: Path, form: str, encoding: str, delimiter: str, sheet: str | None, header_rows: list[int], footer_rows: int
) -> list[dict[str, str]]:
    """Give the records of a file as cells by heading; wholly empty rows are no records."""
    if form in ("json", "jsonl"):
        text = _bytes(path).decode("utf-8-sig")
        objects = json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines() if line.strip()]
        return [{key: plain(value) for key, value in item.items()} for item in objects]
    rows = _rows(path, form, encoding, delimiter, sheet)
    last = max(header_rows)
    names = _names([rows[number - 1] for number in header_rows])
    body = rows[last : len(rows) - footer_rows] if form != "csv" else rows[last:]
    records = [row for row in body if any(cell.strip() for cell in row)]
    return [dict(zip(names, row + [""] * len(names), strict=False)) for row in records]


def plain(value: object) -> str:
    """Write a typed cell as text: dates as ISO, whole numbers without a point, true and false as JSON writes them."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time(0):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        return gzip.decompress(content)
    if content[:3] == b"BZh":
        return bz2.decompress(content)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0])
    return content


def _rows(path: Path, form: str, encoding: str, delimiter: str, sheet: str | None) -> list[list[str]]:
    if form == "xlsx":
        return _xlsx(path, sheet)
    if form == "ods":
        return _ods(path, sheet)
    if form == "xls":
        return _xls(path, sheet)
    text = _bytes(path).decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _xlsx(path: Path, sheet: str | None) -> list[list[str]]:
    book = openpyxl.load_workbook(path, data_only=True)
    page = book[sheet] if sheet is not None else next(item for item in book.worksheets if item.sheet_state == "visible")
    rows = [[plain(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    for area in page.merged_cells.ranges:
        for row in range(area.min_row - 1, area.max_row):
            for place in range(area.min_col - 1, area.max_col):
                rows[row][place] = rows[area.min_row - 1][area.min_col - 1]
    return rows


def _ods(path: Path, sheet: str | None) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    page = next(item for item in root.iter(f"{TABLE}table") if sheet in (None, item.get(f"{TABLE}name")))
    rows: list[list[str]] = []
    for row in page.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
                cells += [_ods_cell(cell)] * (times if times < MOST_REPEATED else 1)
        times = int(row.get(f"{TABLE}number-rows-repeated", "1"))
        rows += [cells] * (times if times < MOST_REPEATED else 1)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _ods_cell(cell: ElementTree.Element) -> str:
    kind = cell.get(f"{OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return plain(float(cell.get(f"{OFFICE}value", "0")))
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "")
    return "\n".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p"))


def _xls(path: Path, sheet: str | None) -> list[list[str]]:
    # No second reader of the old binary form is among the test's packages: the library's own view is taken here.
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    page = book.get_sheet_by_name(sheet or book.sheet_names[0])
    return [[plain(cell) for cell in row] for row in page.to_python(skip_empty_area=False)]


def _names(rows: list[list[str]]) -> list[str]:
    """Join two heading rows by a slash; an empty upper cell belongs to the heading on its left."""
    upper = [list(row) for row in rows]
    for row in upper[:-1]:
        for place in range(1, len(row)):
            row[place] = row[place] or row[place - 1]
    width = max(map(len, upper))
    padded = [row + [""] * (width - len(row)) for row in upper]
    parts = [dict.fromkeys(_name(row[place]) for row in padded if row[place].strip()) for place in range(width)]
    return [" / ".join(found) for found in parts]


def _name(text: str) -> str:
    plain_text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", plain_text).split())
