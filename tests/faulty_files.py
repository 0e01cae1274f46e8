"""Damaged files of every kind, made when they are needed, and what the one sentence about each must say. All invented."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter
from small import HEADINGS, REGISTER, ROWS

LONG = "x" * (100 << 20)
TABLE = [line.split(",") for line in [HEADINGS, *ROWS]]


def workbook(rows: list[list[str]], far: tuple[int, int] | None = None) -> bytes:
    """Write a workbook with one sheet; `far` is a stray cell."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Cases")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if far is not None:
            sheet.write(*far, "x")
    return content.getvalue()


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members:
            archive.writestr(name, inner)
    return content.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(*((name, change(inner) if name.endswith(part) else inner) for name, inner in parts.items()))


def locked(content: bytes) -> bytes:
    """Set the bit that says a member of a zip is encrypted, in both places where it stands."""
    place = content.index(b"PK\x01\x02") + 8
    return content[:6] + b"\x01" + content[7:place] + b"\x01" + content[place + 1 :]


def opendocument(rows: int, columns: int) -> bytes:
    """Write an OpenDocument sheet of one cell that says how often it stands there."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    sheet = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Cases">'
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{columns}"><text:p>x</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", sheet))


WORKBOOK = workbook(TABLE)
PACKED = gzip.compress(REGISTER.encode() * 200)
BOMB = gzip.compress((HEADINGS + "\n").encode() + (ROWS[0] + "\n").encode() * 3_000_000)
BLANK = b"<row><c/></row>"


@dataclass(frozen=True)
class Fault:
    """A damaged file: its name, its bytes (made when needed), what the sentence says, and what the declaration says."""

    file: str
    content: Callable[[], bytes | str]
    says: str
    form: str = "{format: csv}"


CSV = "register.csv"
FAULTS = {
    "empty": Fault(CSV, lambda: "", "send the whole file"),
    "one empty line": Fault(CSV, lambda: "\n", "send the whole file"),
    "headings only": Fault(CSV, lambda: HEADINGS, "headings and no rows"),
    "another encoding": Fault(CSV, lambda: REGISTER.replace("Uganda", "Ougandaé").encode("cp1252"), "declare its encoding"),
    "another encoding in the headings": Fault(CSV, lambda: REGISTER.replace("Sex", "Sé").encode("cp1252"), "not utf-8"),
    "utf-16 read as utf-8": Fault(CSV, lambda: REGISTER.encode("utf-16"), "`encoding: utf-16`"),
    "utf-16 without a mark": Fault(CSV, lambda: REGISTER.encode("utf-16-le"), "NUL bytes"),
    "utf-8 read as utf-16": Fault(CSV, lambda: REGISTER, "not utf-16", "{format: csv, encoding: utf-16}"),
    "nothing but NUL bytes": Fault(CSV, lambda: b"\0" * 5000, "is empty"),
    "another delimiter": Fault(CSV, lambda: REGISTER.replace(",", ";"), "`delimiter: ';'`"),
    "no headings at all": Fault(CSV, lambda: "\n".join(ROWS), "none of the headings"),
    "a column too many": Fault(
        CSV, lambda: REGISTER.replace("Remarks", "Remarks,District").replace("none", "none,x"), "'District'"
    ),
    "a column gone": Fault(CSV, lambda: REGISTER.replace("Sex,", "").replace(",F,", ",").replace(",M,", ","), "gone: ['Sex']"),
    "two headings alike": Fault(CSV, lambda: REGISTER.replace("Age", "Sex"), "two columns have the heading 'Sex'"),
    "a quotation mark never closed": Fault(CSV, lambda: REGISTER.replace("05,F", '05,"F'), "never closed"),
    "one in the last column": Fault(CSV, lambda: REGISTER.replace("Housework,none", 'Housework,"none', 1), "never closed"),
    "one in the headings": Fault(CSV, lambda: REGISTER.replace("Sex", '"Sex'), "never closed"),
    "one closed by the next row's": Fault(
        CSV,
        lambda: REGISTER.replace(ROWS[1], ROWS[1].replace("none", '"none')).replace(ROWS[2], ROWS[2].replace("none", '"none"')),
        "never closed",
    ),
    "10,000 columns": Fault(CSV, lambda: ",".join(f"c{n}" for n in range(10_000)) + "\n", "10000 columns"),
    "10,000 columns in a workbook": Fault(
        "r.xlsx", lambda: workbook([[f"c{n}" for n in range(10_000)]]), "10000 columns", "{format: xlsx}"
    ),
    "10,000 keys": Fault(
        "r.json", lambda: "[{" + ",".join(f'"k{n}":1' for n in range(10_000)) + "}]", "more than 2000", "{format: json}"
    ),
    "a cell of 100 MB": Fault(CSV, lambda: f'{REGISTER}6,2021-01-01,F,3,Kenya,"{LONG}",x\n', "longer than"),
    "a cell of 100 MB without marks": Fault(CSV, lambda: f"{REGISTER}6,2021-01-01,F,3,Kenya,{LONG},x\n", "longer than"),
    "a heading of 100 MB": Fault(CSV, lambda: f"{LONG},{REGISTER}", "longer than"),
    "a value of 100 MB": Fault("r.json", lambda: f'[{{"Case":"{LONG}"}}]', "longer than", "{format: json}"),
    "a value of 100 MB in a line": Fault("r.jsonl", lambda: f'{{"Case":"{LONG}"}}', "longer than", "{format: jsonl}"),
    "a cell of 100 MB in a workbook": Fault(
        "r.xlsx",
        lambda: changed(WORKBOOK, "sharedStrings.xml", lambda part: part.replace(b"Uganda", LONG.encode())),
        "",
        "{format: xlsx}",
    ),
    "a stray cell in the far corner": Fault(
        "r.xlsx", lambda: workbook(TABLE, (1_048_575, 16_383)), "1048576 rows and 16384 columns", "{format: xlsx}"
    ),
    "a cell that repeats": Fault(
        "r.ods", lambda: opendocument(1_000_000, 16_000), "1000000 rows and 16000 columns", "{format: ods}"
    ),
    "a workbook with the wrong name": Fault(CSV, lambda: WORKBOOK, "is a workbook"),
    "a table with a workbook's name": Fault("r.xlsx", lambda: REGISTER, "`format: csv`", "{format: xlsx}"),
    "half a workbook": Fault("r.xlsx", lambda: WORKBOOK[: len(WORKBOOK) // 2], "damaged", "{format: xlsx}"),
    "a workbook without its end": Fault("r.xlsx", lambda: WORKBOOK[:-10], "damaged", "{format: xlsx}"),
    "a workbook with a part cut": Fault(
        "r.xlsx", lambda: changed(WORKBOOK, "sheet1.xml", lambda part: part[:700]), "damaged", "{format: xlsx}"
    ),
    "a locked workbook": Fault("r.xlsx", lambda: locked(WORKBOOK), "locked with a password", "{format: xlsx}"),
    "a workbook packed twice": Fault(
        "r.xlsx.gz", lambda: gzip.compress(gzip.compress(WORKBOOK)), "packed twice", "{format: xlsx}"
    ),
    "half an old workbook": Fault("r.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged", "{format: xls}"),
    "half an OpenDocument sheet": Fault("r.ods", lambda: opendocument(3, 3)[:300], "damaged", "{format: ods}"),
    "a workbook that is a bomb": Fault(
        "r.xlsx",
        lambda: changed(WORKBOOK, "sheet1.xml", lambda part: part.replace(b"</sheetData>", BLANK * 20_000_000 + b"</sheetData>")),
        "unpacks to",
        "{format: xlsx}",
    ),
    "half a gzip file": Fault("r.csv.gz", lambda: PACKED[: len(PACKED) // 2], "send", "{format: csv}"),
    "a gzip file without its end": Fault("r.csv.gz", lambda: PACKED[:-8], "send", "{format: csv}"),
    "a gzip file that is none": Fault("r.csv.gz", lambda: REGISTER, "send"),
    "a gzip bomb": Fault("r.csv.gz", lambda: BOMB, "unpacks to more than"),
    "a gzip bomb that lies": Fault("r.csv.gz", lambda: BOMB[:-4] + b"\0\1\0\0", "unpacks to more than"),
    "half a bzip2 file": Fault("r.csv.bz2", lambda: bz2.compress(REGISTER.encode())[:-10], "damaged"),
    "half a zip": Fault("r.csv.zip", lambda: zipped(("a.csv", REGISTER))[:-30], "not a whole packed file"),
    "a zip with two files": Fault("r.csv.zip", lambda: zipped(("a.csv", REGISTER), ("b.csv", REGISTER)), "holds 2 files"),
    "a zip with none": Fault("r.csv.zip", lambda: zipped(), "holds 0 files"),
    "a locked zip": Fault("r.csv.zip", lambda: locked(zipped(("a.csv", REGISTER))), "locked with a password"),
    "a zip bomb": Fault("r.csv.zip", lambda: zipped(("a.csv", ROWS[0] * 3_000_000)), "unpacks to more than"),
    "half a list": Fault("r.json", lambda: '[{"Case": "1"', "not JSON", "{format: json}"),
    "no list": Fault("r.json", lambda: '{"Case": "1"}', "not a list", "{format: json}"),
    "a list of nothing": Fault("r.json", lambda: "[]", "no rows", "{format: json}"),
    "a list too deep": Fault("r.json", lambda: "[" * 200_000, "nested too deeply", "{format: json}"),
    "half a sign": Fault("r.json", lambda: '[{"Case":"\\ud800"}]', "half a sign", "{format: json}"),
    "half a line": Fault("r.jsonl", lambda: '{"Case":1}\n{"Case":\n', "line 2", "{format: jsonl}"),
}
