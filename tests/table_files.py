"""A table of text in, the bytes of a file of each form out, for tests that need the same table in all forms."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

import xlsxwriter

MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def workbook(rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Cases")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return content.getvalue()


def opendocument(rows: list[list[str]]) -> bytes:
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    sheet = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Cases">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", sheet)
    return content.getvalue()


def zipped(inner: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("r.csv", inner)
    return content.getvalue()


def objects(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def delimited(rows: list[list[str]]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


WRITE: dict[str, Callable[[list[list[str]]], bytes]] = {
    "csv": lambda rows: delimited(rows).encode("utf-8"),
    "csv.gz": lambda rows: gzip.compress(delimited(rows).encode("utf-8")),
    "csv.zip": lambda rows: zipped(delimited(rows).encode("utf-8")),
    "utf16.csv": lambda rows: delimited(rows).encode("utf-16"),
    "arabic.csv": lambda rows: delimited([*rows, ["the end"]]).encode("windows-1256", errors="replace"),
    "headings.csv": lambda rows: delimited([rows[0], [""] * len(rows[0]), *rows[1:]]).encode("utf-8"),
    "xlsx": workbook,
    "ods": opendocument,
    "json": lambda rows: json.dumps(objects(rows)).encode(),
    "jsonl": lambda rows: "\n".join(map(json.dumps, objects(rows))).encode(),
}
