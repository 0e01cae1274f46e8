"""What kind a file is, by its bytes: read whatever its name says, or refused in one sentence that names it. All invented."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from sheet_forms import SPREADSHEET, WORD
from table_files import delimited, objects, workbook

from etl.draft.encodings import encoding_of
from etl.errors import SourceError
from etl.grids import grids_of
from etl.kinds import fitting_format, kind_of
from etl.raw import numbered_rows
from etl.read_file import read_file
from etl.source import FileForm
from etl.unpack import Whole

ROWS = [["Case", "Age"], ["A1", "17"], ["A2", "25"]]
TEXT = delimited(ROWS).encode()
TABLE = "<table><tr><td>Case</td><td>Age</td></tr><tr><td>A1</td><td>17</td></tr><tr><td>A2</td><td>25</td></tr></table>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members:
            archive.writestr(name, inner)
    return content.getvalue()


def word(inner: str) -> bytes:
    return zipped(("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'))


READ: dict[str, tuple[str, bytes | str, str]] = {
    "a workbook named xls": ("r.xls", workbook(ROWS), "xls"),
    "a zipped workbook": ("r.zip", zipped(("r.xlsx", workbook(ROWS))), "xlsx"),
    "a workbook named zip": ("r.zip", workbook(ROWS), "xlsx"),
    "a zip of a Mac": ("r.zip", zipped(("r.csv", TEXT), ("__MACOSX/._r.csv", "x"), (".DS_Store", "x")), "csv"),
    "a zip without its ending": ("r.csv", zipped(("r.csv", TEXT)), "csv"),
    "a page named xls": ("r.xls", f"<div>\n{TABLE}</div>", "xls"),
    "a page in UTF-16": ("r.xls", f"<html><body>{TABLE}".encode("utf-16"), "xls"),
    "a page within a layout": ("r.html", f"<table><tr><td>Portal</td></tr><tr><td>{TABLE}</td></tr></table>", "html"),
    "a list under a key": ("r.json", json.dumps({"meta": {"n": 2}, "data": objects(ROWS)}), "json"),
    "headings and rows": ("r.json", json.dumps({"headers": ROWS[0], "rows": ROWS[1:]}), "json"),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_by_its_bytes_whatever_its_name_says(name: str, tmp_path: Path) -> None:
    file, content, form = READ[name]
    path = tmp_path / file
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    raw = read_file(path, FileForm.model_validate({"format": form}), None, frozenset())
    assert [tuple(row.values()) for _, row in numbered_rows(raw)] == [("A1", "17"), ("A2", "25")]


REFUSED: dict[str, tuple[bytes | str, str]] = {
    "r.pdf": ("%PDF-1.7 x", "is a PDF"),
    "r.slk": ("ID;PWXL;N;E\nC;Y1;X1;K1\nE\n", "is a sheet in SYLK"),
    "r.dif": ('TABLE\r\n0,1\r\n"EXCEL"\r\n', "is a sheet in DIF"),
    "r.mht": ("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "is a web archive (MHTML)"),
    "r.eml": ("From: a@example.org\nTo: b@example.org\nSubject: x\n\nCase,Age\n", "is an e-mail"),
    "r.msg": (OLE + "__substg1.0_1000001F".encode("utf-16-le"), "is an e-mail (Outlook)"),
    "r.doc": (OLE + "WordDocument".encode("utf-16-le"), "is an old text document (DOC)"),
    "r.mdb": (b"\0\1\0\0Standard Jet DB\0", "is a database (Access)"),
    "r.accdb": (b"\0\1\0\0Standard ACE DB\0", "is a database (Access)"),
    "r.xml": ("<rows><row><case>1</case></row></rows>", "is XML of no known kind"),
    "r.fods": ('<?xml version="1.0"?><office:document xmlns:office="urn:opendocument"/>', "is a flat OpenDocument file"),
    "r.sql": ("-- dump\nCREATE TABLE r (id int);\n", "is a dump of a database (SQL)"),
    "r.html": ("<html><body>none</body></html>", "is a web page without a table"),
    "r.numbers": (zipped(("Index/Document.iwa", "x")), "is a document of Numbers or Pages"),
    "r.zip": (zipped(("a.zip", zipped(("a.csv", TEXT)))), "is packed twice"),
}


@pytest.mark.parametrize("file", REFUSED)
def test_another_kind_is_refused_in_one_sentence_that_names_it(file: str, tmp_path: Path) -> None:
    content, says = REFUSED[file]
    path = tmp_path / file
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SourceError) as refused:
        kind_of(path)
    assert f"{file}: {says}" in str(refused.value) and "; " in str(refused.value)


@pytest.mark.parametrize("text", ["ID;Name\n1;x\n", "<5,x\n1,2\n", "[Case],Age\n", "Subject,Date: of\n1,2\n", "From: x,b\n1,2\n"])
def test_a_table_that_begins_like_another_kind_is_a_table(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text, "utf-8")
    assert kind_of(path) == "csv"


def test_a_table_that_is_declared_as_a_workbook_is_told_with_the_line_to_write(tmp_path: Path) -> None:
    path = tmp_path / "r.xls"
    path.write_bytes(TEXT)
    with pytest.raises(SourceError, match=r"is delimited text and not an old workbook .* write `format: csv` under `file:`"):
        fitting_format(path, "xls")


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "entities": ("xml", lambda: b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "declares entities"),
    "a cell far away": (
        "xml",
        lambda: (
            f'<Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}"><Worksheet ss:Name="a"><Table><Row ss:Index="1000000">'
            '<Cell ss:Index="16000"><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet></Workbook>'
        ).encode(),
        "spans",
    ),
    "cells that cover too much": (
        "html",
        lambda: b'<table><tr><td colspan="1000" rowspan="65000">x</td><td>y</td></tr></table>',
        "spans",
    ),
    "a page too deep": ("html", lambda: b"<table><tr><td>" + b"<div>" * 100_000 + b"x</table>", "is a web page without a table"),
    "a bomb in a text": ("docx", lambda: word(" " * (60 << 20)), "unpacks to"),
    "no table": ("docx", lambda: word("<w:p/>"), "without a table"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_before_it_takes_the_memory(name: str) -> None:
    kind, content, says = HOSTILE[name]
    made = content()
    with pytest.raises(SourceError, match=says):
        grids_of(kind, Whole(f"r.{kind}", made, len(made)), "utf-8")


@pytest.mark.parametrize(("written", "text"), [("1.50", "1.5"), (" 7 ", "7"), ("seven", "seven"), ("1,5", "1,5")])
def test_a_number_of_a_workbook_in_xml_that_is_none_stands_as_it_is_written(written: str, text: str) -> None:
    cell = f'<Cell><Data ss:Type="Number">{written}</Data></Cell>'
    content = (
        f'<Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}"><Worksheet ss:Name="a"><Table><Row>{cell}</Row></Table>'
        "</Worksheet></Workbook>"
    ).encode()
    assert grids_of("xml", Whole("r.xml", content, len(content)), "utf-8")["a"].rows == [[text]]


def test_labels_and_kinds_of_missing_values_are_read_as_the_sender_sees_them(tmp_path: Path) -> None:
    path = tmp_path / "r.sav"
    frame = pd.DataFrame({"sex": [1.0, 2.0, 9.0, 1.0], "age": [17.0, -99.0, 25.0, -98.0], "held": [1.0, 1.0, 2.0, 3.0]})
    labels = {"sex": {1.0: "Male", 2.0: "Female"}, "age": {-98.0: "Refused"}, "held": {1.0: "yes", 2.0: "yes", 3.0: "no"}}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, missing_ranges={"age": [-99, -98]})
    raw = read_file(path, FileForm(format="sav"), None, frozenset())
    assert [tuple(row.values()) for _, row in numbered_rows(raw)] == [
        ("Male", "17", "yes (1)"),
        ("Female", "", "yes (1)"),
        ("9", "25", "yes (2)"),
        ("Male", "Refused", "no"),
    ]


PERIODS = [("%tm", 732.0, "2021-01"), ("%tq", 245.0, "2021-Q2"), ("%8.0g", 3.5, "3.5")]


@pytest.mark.parametrize(("shown", "number", "text"), PERIODS)
def test_a_period_of_stata_is_read_as_it_is_shown(shown: str, number: float, text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.dta"
    pyreadstat.write_dta(pd.DataFrame({"period": [number, None]}), str(path), variable_format={"period": shown})
    raw = read_file(path, FileForm(format="dta"), None, frozenset())
    assert [tuple(row.values()) for _, row in numbered_rows(raw)] == [(text,)]


def binary(kind: int, body: bytes = b"") -> bytes:
    """Write one record of an XLSB part: its number and length in seven bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook() -> bytes:
    sheet = binary(129) + binary(148, struct.pack("<IIII", 0, 3, 0, 1)) + binary(145)
    heads = [binary(6, struct.pack("<II", place, 0) + wide(name)) for place, name in enumerate(("Region", "Share"))]
    rows = [heads, [binary(6, struct.pack("<II", 0, 0) + wide("Nairobi")), binary(5, struct.pack("<IId", 1, 1, 0.45))]]
    rows += [[binary(3, struct.pack("<IIB", 1, 0, 7))], [binary(2, struct.pack("<IIi", 1, 0, 17 << 2 | 2))]]
    for number, cells in enumerate(rows):
        sheet += binary(0, struct.pack("<IIHHB", number, 0, 300, 0, 0) + b"\0" * 4) + b"".join(cells)
    merged = binary(177, struct.pack("<I", 1)) + binary(176, struct.pack("<IIII", 1, 3, 0, 0)) + binary(178)
    sheet += binary(146) + merged + binary(130)
    styles = binary(278) + binary(617, struct.pack("<I", 2)) + binary(47, struct.pack("<HH", 0, 0) + b"\0" * 12)
    styles += binary(47, struct.pack("<HH", 0, 9) + b"\0" * 12) + binary(618) + binary(279)
    about = binary(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Cases"))
    book = binary(131) + binary(143) + about + binary(144) + binary(132)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    target = f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
    return zipped(
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{relations}">{target}</Relationships>'),
        ("xl/styles.bin", styles),
        ("xl/worksheets/sheet1.bin", sheet),
    )


def test_a_binary_workbook_is_read_as_its_program_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsb"
    path.write_bytes(binary_workbook())
    assert kind_of(path) == "xlsb"
    raw = read_file(path, FileForm(format="xlsb"), None, frozenset())
    read = [tuple(row.values()) for _, row in numbered_rows(raw)]
    assert read == [("Nairobi", "45%"), ("Nairobi", "#DIV/0!"), ("Nairobi", "17")]


def test_italian_in_latin_1_is_not_taken_for_an_encoding_of_a_mac(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes("Attività,Città,È così\nperò,Forlì,già\npiù,Cantù,perché\n".encode("latin-1"))
    assert encoding_of(path).name == "windows-1252"
