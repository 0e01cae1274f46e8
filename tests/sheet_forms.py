"""One sheet with awkward contents in, the bytes of a file of each form out, as its program would save it. All invented."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyreadstat
import xlsxwriter

HEADINGS = ["Case", "Date", "Sex", "Age", "Nationality", "Months held", "Linked suspects", "Form"]
# What each cell shows. A merged word stands in every row that it covers where a form has no merged cells.
ROWS = [
    ["A1", "13 Meskerem 2014", "F", "17", "كينيا", "14", "1,234", "Housework"],
    ["A2", "21 Tikimt 2014", "M", "25", "إثيوبيا", "#DIV/0!", "12", "Begging"],
    [""] * 8,
    ["A3", "9 Hidar 2014", "F", "45%", "Kenya", "3", "1", "Begging"],
    ["A4", "9 Hidar 2014", "F", "12", "Kenya", "3", "0", "Quarrying of salt"],
    ["A5", "Pagume 7 2013", "F", "9", "Somalia", "", "1", "Begging"],
]
FOOTER = "Prepared by the office of the register in the capital"
MERGED = (4, 5, 4)  # the first and last row of the body, from 1, and the column whose cells are one
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Rows = list[list[str]]


def workbook() -> bytes:
    """Write the sheet with cells of their kinds: a per cent, a number with thousands, an error, a merged word."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Cases")
        share, thousands = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "#,##0"})
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(ROWS, start=1):
            for place, cell in enumerate(row):
                if cell.endswith("%"):
                    sheet.write_number(number, place, int(cell[:-1]) / 100, share)
                elif cell == "#DIV/0!":
                    sheet.write_formula(number, place, "=1/0", None, cell)
                elif cell.replace(",", "").isdigit():
                    sheet.write_number(number, place, int(cell.replace(",", "")), thousands)
                elif cell:
                    sheet.write_string(number, place, cell)
        sheet.merge_range(MERGED[0], MERGED[2], MERGED[1], MERGED[2], "Kenya")
        sheet.write_string(len(ROWS) + 1, 0, FOOTER)
    return content.getvalue()


def delimited(sign: str) -> bytes:
    lines = [HEADINGS, *ROWS, [FOOTER, *[""] * 7]]
    quoted = [sign.join(f'"{cell}"' if sign in cell else cell for cell in line) for line in lines]
    return "\r\n".join([*quoted, ""]).encode()


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]


def page() -> bytes:
    rows = ["<tr>" + "".join(f"<th>{name}</th>" for name in HEADINGS) + "</tr>"]
    for number, row in enumerate(ROWS, start=1):
        cells = []
        for place, cell in enumerate(row):
            if place == MERGED[2] and MERGED[0] < number <= MERGED[1]:
                continue
            span = ' rowspan="2"' if (number, place) == (MERGED[0], MERGED[2]) else ""
            cells.append(f"<td{span}>\n  <b>{escape(cell)}</b>&nbsp;</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    foot = f"<tr><td colspan=8>{FOOTER}</td></tr>"
    return f'<meta charset="utf-8"><table><tfoot>{foot}</tfoot>{"".join(rows)}</table>'.encode()


def spreadsheet_xml() -> bytes:
    rows = ["<Row>" + "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in HEADINGS) + "</Row>"]
    for number, row in enumerate(ROWS, start=1):
        if not any(row):
            continue
        cells = [_xml_cell(number, place, cell) for place, cell in enumerate(row, start=1) if cell]
        rows.append(f'<Row ss:Index="{number + 1}">{"".join(cells)}</Row>')
    rows.append(f'<Row><Cell><Data ss:Type="String">{FOOTER}</Data></Cell></Row>')
    styles = '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style></Styles>'
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}">'
        f'{styles}<Worksheet ss:Name="Cases"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    ).encode()


def _xml_cell(number: int, place: int, cell: str) -> str:
    if place - 1 == MERGED[2] and MERGED[0] < number <= MERGED[1]:
        return ""
    kind, value, more = "String", escape(cell), f' ss:Index="{place}"'
    if (number, place - 1) == (MERGED[0], MERGED[2]):
        more += ' ss:MergeDown="1"'
    if cell.endswith("%"):
        kind, value, more = "Number", str(int(cell[:-1]) / 100), f'{more} ss:StyleID="p"'
    elif cell.replace(",", "").isdigit():
        kind, value = "Number", cell.replace(",", "")
    elif cell.startswith("#"):
        kind, more = "Error", f'{more} ss:Formula="=1/0"'
    return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'


def word() -> bytes:
    rows = []
    for number, row in enumerate([HEADINGS, *ROWS, [FOOTER, *[""] * 7]]):
        cells = []
        for place, cell in enumerate(row):
            merge = ""
            if place == MERGED[2] and MERGED[0] <= number <= MERGED[1]:
                merge = '<w:vMerge w:val="restart"/>' if number == MERGED[0] else "<w:vMerge/>"
            text = "" if merge == "<w:vMerge/>" else escape(cell)
            inner = f"<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>{text}</w:t></w:r>"
            cells.append(f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p>{inner}</w:p></w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        body = f'<w:p><w:r><w:t>Cases</w:t></w:r></w:p><w:tbl>{"".join(rows)}</w:tbl>'
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return content.getvalue()


def statistics(write: Callable[..., None], folder: Path, ending: str) -> bytes:
    """Write the rows with codes for sexes and their labels; names of variables hold no spaces."""
    codes = {"F": 1.0, "M": 2.0}
    frame = pd.DataFrame([row for row in ROWS if any(row)], columns=[name.replace(" ", "_") for name in HEADINGS])
    frame["Sex"] = [codes[sex] for sex in frame["Sex"]]
    path = folder / f"written.{ending}"
    write(frame, str(path), variable_value_labels={"Sex": {code: sex for sex, code in codes.items()}})
    return path.read_bytes()


def converted(folder: Path, ending: str) -> bytes:
    """Let LibreOffice save the workbook in another form."""
    (folder / "cases.xlsx").write_bytes(workbook())
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = ["soffice", "--headless", profile, "--convert-to", ending, "--outdir", str(folder), str(folder / "cases.xlsx")]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    return (folder / f"cases.{ending}").read_bytes()


PLAIN: dict[str, Callable[[], bytes]] = {
    "xlsx": workbook,
    "csv": lambda: delimited(","),
    "tsv": lambda: delimited("\t"),
    "json": lambda: json.dumps(objects()).encode(),
    "jsonl": lambda: "\n".join(map(json.dumps, objects())).encode(),
    "html": page,
    "xml": spreadsheet_xml,
    "docx": word,
}
STATISTICS = {"dta": pyreadstat.write_dta, "sav": pyreadstat.write_sav}
CONVERTED = ("xls", "ods")
