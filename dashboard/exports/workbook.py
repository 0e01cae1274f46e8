"""XLSX: a sheet of figures, one of codes, one of notes; from right to left where the language is.

XlsxWriter makes the workbook; the rows of figures are written by the database into the sheet that it left open, since cell by
cell a million rows would take minutes. Every cell says its address and its type, as readers other than Excel need it; a text is
a string of a column formatted as text, so that neither a reader nor a person who edits it makes a formula of it.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from dashboard.exports.archive import Archive
from dashboard.exports.job import ROW_NUMBER, Job
from dashboard.exports.options import ExportError
from dashboard.exports.selection import Column, plain_text
from dashboard.exports.size import most_bytes
from dashboard.words import Words
from schemas.dimensions import field_label

MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
CONTENT_TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# No quotation marks, no headings: each row is an XML element that stands as it is.
HOW = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
CHUNK = 1 << 20
# A number that this format names is a text, and stays one when a person edits the cell.
TEXT = "@"
# The most bytes around the value of a cell.
AROUND = 80
# The fields by which a reader compares, wide enough for their words.
WIDTHS = {"text": 18, "code": 14, "country": 14, "area": 14, "number": 12, "integer": 8, "date": 12, "boolean": 10}


def workbook(job: Job) -> Iterator[bytes]:
    """Write a workbook; raises ExportError before the first byte where a sheet cannot hold the figures."""
    if job.lines >= MOST_ROWS:
        raise ExportError(
            f"a sheet holds {MOST_ROWS - 1:,} figures and the choice has {job.lines:,}; choose fewer years or countries, or "
            "csv or parquet"
        )
    _refuse_long_texts(job)
    with zipfile.ZipFile(io.BytesIO(_frame(job))) as frame:
        strings = _strings(frame.read(STRINGS))
        sheet = frame.read(SHEET).decode()
        # By the types of its content, which come first, a reader knows what the archive is.
        names = sorted((name for name in frame.namelist() if name != SHEET), key=lambda name: name != CONTENT_TYPES)
        others = [(name, frame.read(name)) for name in names]
    styles = re.findall(r'<c r="[A-Z]+2"(?: s="(\d+)")?', sheet)
    head, tail = re.sub(r'<row r="2".*?</row>', "", sheet, flags=re.DOTALL).split("</sheetData>")
    head = re.sub(r'(<dimension ref="A1:[A-Z]+)\d+', rf"\g<1>{job.lines + 1}", head)
    cells = [_cell(job, place, style, strings) for place, style in enumerate(styles)]
    row = f"concat('<row r=\"', {ROW_NUMBER}, '\">', {', '.join(cells)}, '</row>')"
    yield from _zipped(job, others, head, f"</sheetData>{tail}", row)


def _zipped(job: Job, others: Sequence[tuple[str, bytes]], head: str, tail: str, row: str) -> Iterator[bytes]:
    archive = Archive()
    for name, content in others:
        yield archive.add(name, content)
    with archive.open(SHEET, len(head) + len(tail) + most_bytes(job, AROUND, _xml)) as sheet:
        sheet.write(head.encode())
        for part in job.numbered(row, HOW, first=2):
            with part.path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    sheet.write(chunk)
                    yield archive.taken()
        sheet.write(tail.encode())
    yield archive.close()


def _frame(job: Job) -> bytes:
    """Make the workbook with headings, one row that shows the style of each column, codes and notes."""
    from xlsxwriter import Workbook

    words, made = Words(job.filters.language), io.BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({
        "title": job.notes.text("title"), "comments": job.notes.text("citation"),
        "created": datetime.datetime.fromisoformat(job.published.manifest["as_of"]),
    })  # fmt: skip
    bold = book.add_format({"bold": True})
    text, day = book.add_format({"num_format": TEXT}), book.add_format({"num_format": "yyyy-mm-dd"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": TEXT})
    figures, codes, said = (book.add_worksheet(name) for name in (words.say("Data"), words.say("Codes"), words.say("Notes")))
    for place, column in enumerate(job.columns):
        style = day if column.field.type == "date" else text if column.field.type in ("text", "code", "country", "area") else None
        figures.set_column(place, place, WIDTHS[column.field.type])
        figures.write_string(0, place, column.heading, bold)
        figures.write_blank(1, place, None, style) if style is not None else figures.write_number(1, place, 0)
    figures.freeze_panes(1, 0)
    for place, row in enumerate(_codes(job, words)):
        for number, value in enumerate(row):
            codes.write_string(place, number, value, bold if place == 0 else text)
    codes.freeze_panes(1, 0)
    codes.set_column(0, 4, 28)
    for place, (heading, told) in enumerate(job.notes.pairs):
        said.write_string(place, 0, heading, bold)
        said.write_string(place, 1, told, wrapped)
    said.set_column(0, 0, 24)
    said.set_column(1, 1, 110)
    if words.direction == "rtl":
        for sheet in (figures, codes, said):
            sheet.right_to_left()
    book.close()
    return made.getvalue()


def _codes(job: Job, words: Words) -> Iterator[tuple[str, ...]]:
    """List every code that a column can hold, with its label and meaning; a list that several columns share stands once."""
    yield words.say("Columns"), words.say("Code"), words.say("Label"), words.say("Meaning (in English)")
    shared: dict[tuple[str, ...], list[Column]] = {}
    for column in job.columns:
        if (codes := job.published.codes.get(column.field.name)) is not None:
            shared.setdefault(codes, []).append(column)
    for codes, held in shared.items():
        names = sorted({column.field.name for column in held}, key=[one.name for one in job.published.fields].index)
        headings = ", ".join(f"{name} ({field_label(name, job.filters.language)})" for name in names)
        field = held[0].field
        for code in codes:
            yield headings, code, job.published.label(field, code), job.published.definition(field, code)


def _strings(content: bytes) -> dict[str, int]:
    found = ElementTree.fromstring(content).iter(f"{NAMESPACE}si")
    return {"".join(part.text or "" for part in item.iter(f"{NAMESPACE}t")): place for place, item in enumerate(found)}


def _cell(job: Job, place: int, style: str, strings: dict[str, int]) -> str:
    """Give the SQL of one cell with its address: a number, a day, or a text; nothing where the figure has no value.

    Texts that the sheet of codes holds are named by their number among the shared strings.
    """
    from xlsxwriter.utility import xl_col_to_name

    column = job.columns[place]
    one, expression = column.field, column.expression
    address = f"'<c r=\"{xl_col_to_name(place)}' || {ROW_NUMBER}"
    styled = f' s="{style}"' if style else ""
    if one.type in ("number", "integer"):
        return f"{address} || '\"{styled}><v>' || {plain_text(column, decimal_comma=False)} || '</v></c>'"
    if one.type == "boolean":
        return f"{address} || '\"{styled} t=\"b\"><v>' || {expression}::INTEGER || '</v></c>'"
    if one.type == "date":
        return f"{address} || '\"{styled}><v>' || ({expression} - DATE '1899-12-30') || '</v></c>'"
    if (codes := job.published.codes.get(one.name)) is not None:
        name = f"strings_{one.name}{'_label' if column.labelled else ''}"
        shown = [job.published.label(one, code) if column.labelled else code for code in codes]
        job.values[name] = [f'"{styled} t="s"><v>{strings[text]}</v></c>' for text in shown]
        return f"{address} || {job.published.listed(one, name, job.values, one.name if column.labelled else expression)}"
    text = f'"{styled} t="inlineStr"><is><t xml:space="preserve">'
    return f"{address} || '{text}' || {_xml(expression)} || '</t></is></c>'"


def _xml(expression: str) -> str:
    """Give the SQL that writes a text into XML; signs that no XML may hold become the sign for an unknown one.

    What looks like an escape of Excel (ISO/IEC 29500, ST_Xstring) has its first sign escaped.
    """
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        expression = f"replace({expression}, '{sign}', '{written}')"
    expression = f"regexp_replace({expression}, '_(x[0-9A-Fa-f]{{4}})', '_x005F_\\1', 'g')"
    return f"regexp_replace({expression}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{{FFFE}}\\x{{FFFF}}]', '\ufffd', 'g')"


def _refuse_long_texts(job: Job) -> None:
    held = [column for column in job.columns if column.field.name not in job.published.codes]
    texts = [column for column in held if column.field.type == "text"] if job.table is None else []
    if not texts:
        return
    listed = ", ".join(f"max(length({column.expression}))" for column in texts)
    longest = job.rows.fetch(f"SELECT {listed} FROM e.observation WHERE {job.selection.condition}", job.selection.values)[0]
    for column, length in zip(texts, longest, strict=True):
        if length is not None and length > MOST_LETTERS:
            raise ExportError(
                f"a cell holds {MOST_LETTERS:,} letters and {column.heading} has a text of {length:,}; choose csv or parquet"
            )
