"""A file in, its kind out as a declaration names it, told by its bytes and never by its name; other kinds are refused by name."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from etl.errors import SourceError
from etl.json_lists import is_document_with_records
from etl.unpack import BEGINNINGS, open_plain, read_bytes, whole

HEAD = 1 << 16
MOST_BYTES = 256 << 20
# Forms that are sheets of cells: which of them a file has is told by its bytes, whatever the declaration says.
SHEETS = ("xlsx", "xlsb", "xls", "ods", "html", "xml", "docx")
STATISTICS = ("dta", "sav")
JSON = ("json", "jsonl")
NAMES = {
    "csv": "delimited text", "xlsx": "a workbook (XLSX)", "xlsb": "a workbook (XLSB)", "xls": "an old workbook (XLS)",
    "ods": "a workbook (ODS)", "html": "a web page with a table", "xml": "a workbook in XML", "docx": "a Word document",
    "dta": "a file of Stata", "sav": "a file of SPSS", "json": "JSON", "jsonl": "JSON Lines",
}  # fmt: skip
# What other kinds of file begin with, and what they are.
OTHERS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"SQLite format 3": "a database (SQLite)",
    b"\0\x01\0\0Standard": "a database (Access)",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"Rar!": "a packed file (RAR)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"\xfd7zXZ": "a packed file (XZ)",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\x78\x9f\x3e\x22": "an e-mail (winmail.dat)",
}
OLD = {
    "__substg1.0_": "an e-mail (Outlook)", "WordDocument": "an old text document (DOC)",
    "PowerPoint Document": "slides", "VisioDocument": "a drawing",
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0"
# Versions of Stata's files before those in XML-like form: 105 to 115, then the order of bytes and the type of file.
OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01\0", re.S)
MARKUP = re.compile(
    r"<(!doctype html|html|head|meta|link|style|script|title|body|table|div|span|center|font|form|p|br|h[1-6]|img)\b", re.I
)
TABLE = re.compile(r"<table\b.*?<t[rdh]\b", re.I | re.S)
SPREADSHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
MAIL = re.compile(
    r"(from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|content-type|x-[a-z-]+):", re.I
)
SYLK = re.compile(r"\AID;P[^\n]*\n(?:[BCFOPW]|N[NEU]);", re.I)
DIF = re.compile(r"\ATABLE\r?\n0,1\r?\n", re.I)
SQL = re.compile(
    r"\A(?:--[^\n]*\n|/\*.*?\*/;?|\s)*(?:create table|insert into|drop table|set names|begin transaction|pragma )", re.I | re.S
)
LINES = ("send the table as CSV or as a workbook", "ask for the table it was made from, as CSV or a workbook")


def kind_of(path: Path) -> str:
    """Give the format of a file as a declaration names it.

    Errors: SourceError, one sentence, for what is empty, not there, locked, damaged, or no table.
    """
    with open_plain(path) as stream:
        head = read_bytes(stream, path, HEAD)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise SourceError(f"{path.name}: is empty; send the whole file")
    if head.startswith(b"PK\x03\x04"):
        return _document(path)
    if head.startswith(OLE):
        return _old_document(path)
    if head.startswith((b"$FL2", b"$FL3")):
        return "sav"
    if head.startswith(b"<stata_dta>") or OLD_STATA.match(head):
        return "dta"
    for sign, what in OTHERS.items():
        if head.startswith(sign) or (sign == b"%PDF" and sign in head[:1024]):
            raise SourceError(f"{path.name}: is {what} and no table; {LINES[1]}")
    if any(head.startswith(sign) for sign in BEGINNINGS) and b"\0" in head:
        raise SourceError(f"{path.name}: is packed twice; send the file itself")
    return _text_kind(head, path)


def fitting_format(path: Path, declared: str) -> str:
    """Give the format in which a file is read that is declared in another: sheets of cells are read by their bytes.

    Errors: SourceError as in `kind_of`, and for a file of another family of formats than the declared one.
    """
    met = kind_of(path)
    if met == declared or (met in SHEETS and declared in SHEETS):
        return met
    # text may begin like JSON, and one object of JSON may be a document or a line: there the declaration is believed
    if met in (*JSON, "csv") and declared in (*JSON, "csv"):
        return declared
    raise SourceError(
        f"{path.name}: is {NAMES[met]} and not {NAMES[declared]} as declared; write `format: {met}` under `file:`, "
        "or send the file that was agreed"
    )


def _document(path: Path) -> str:
    """Tell a workbook from a text and from packed files that are packed once more."""
    try:
        with zipfile.ZipFile(whole(path, MOST_BYTES).stream()) as archive:
            names = archive.namelist()
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise SourceError(f"{path.name}: is locked with a password; send it without")
            about = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError) as fault:
        raise SourceError(f"{path.name}: is a damaged workbook or packed file; send it again") from fault
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    if about.startswith(b"application/vnd.oasis.opendocument.spreadsheet") or (not about and "content.xml" in names):
        return "ods"
    if about.startswith(b"application/vnd.oasis.opendocument"):
        raise SourceError(
            f"{path.name}: is a text document (OpenDocument) and no table; save it as DOCX or copy its table into a workbook"
        )
    if any(name.startswith("ppt/") for name in names):
        raise SourceError(f"{path.name}: is slides and no table; {LINES[1]}")
    if any(name.startswith("Index") for name in names):
        raise SourceError(f"{path.name}: is a document of Numbers or Pages; export it as XLSX or CSV and send that")
    raise SourceError(f"{path.name}: is packed twice; send the file itself")


def _old_document(path: Path) -> str:
    """Tell an old workbook from a locked new one and from other documents that are kept in the same container."""
    with open_plain(path) as stream:
        content = read_bytes(stream, path, 1 << 22)
    if any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "EncryptionInfo")):
        raise SourceError(f"{path.name}: is locked with a password; send it without")
    for name, what in OLD.items():
        if name.encode("utf-16-le") in content:
            raise SourceError(f"{path.name}: is {what} and no workbook; {LINES[1]}")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    raise SourceError(f"{path.name}: is a damaged old document, or no workbook; {LINES[0]}")


def text_of(head: bytes) -> str:
    """Give the first bytes of a file as text, as far as its plain letters tell its kind."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, errors="replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _text_kind(head: bytes, path: Path) -> str:
    plain = text_of(head).lstrip()
    if plain.startswith(("[", "{")):
        return _json_kind(plain)
    if plain.startswith("<") or TABLE.search(plain[:4096]):
        return _markup_kind(plain, path)
    what = _other_text(plain)
    if what is not None:
        raise SourceError(f"{path.name}: is {what} and no table that is read here; {LINES[0]}")
    return "csv"


def _json_kind(plain: str) -> str:
    if plain.startswith("["):
        return "json" if plain[1:].lstrip().startswith(("{", "]", "[")) else "csv"
    lines = plain.split("\n", 2)
    try:
        first = json.loads(lines[0])
    except (ValueError, RecursionError):
        return "json"
    # a document of one line holds its list inside; a record of JSON Lines is flat
    is_document = not any(line.strip() for line in lines[1:]) and is_document_with_records(first)
    return "json" if is_document else "jsonl"


def _markup_kind(plain: str, path: Path) -> str:
    """Tell a web page with a table and a workbook in XML from pages and XML of other kinds."""
    body = re.sub(r"\A(?:<\?.*?\?>|<!--.*?-->|\s)+", "", plain, flags=re.S)
    if re.match(r"<(?:[a-z]+:)?Workbook\b", body) and SPREADSHEET_XML in plain:
        return "xml"
    if MARKUP.match(body) or TABLE.search(plain[:4096]):
        with open_plain(path) as stream:
            text = text_of(read_bytes(stream, path, MOST_BYTES))
        if TABLE.search(text) is None:
            raise SourceError(f"{path.name}: is a web page without a table; save the table itself as CSV or as a workbook")
        return "html"
    if not re.match(r"<[!?A-Za-z_]", plain):
        return "csv"
    if re.match(r"<(?:[a-z]+:)?document\b", body) and "opendocument" in plain:
        raise SourceError(f"{path.name}: is a flat OpenDocument file; save it as ODS or XLSX and send that")
    raise SourceError(f"{path.name}: is XML of no known kind and no table; {LINES[1]}")


def _other_text(plain: str) -> str | None:
    """Name what a text is that is no delimited table; None where nothing speaks against one."""
    if SYLK.match(plain):
        return "a sheet in SYLK"
    if DIF.match(plain):
        return "a sheet in DIF"
    if SQL.match(plain):
        return "a dump of a database (SQL)"
    lines = plain.replace("\r\n", "\n").split("\n\n", 1)[0].split("\n")
    fields = [line for line in lines if not line.startswith((" ", "\t"))]
    if fields and fields[0].startswith("From "):
        fields = fields[1:]
    heads = sum(MAIL.match(line) is not None for line in fields)
    if heads >= 2 and heads >= 0.8 * len([line for line in fields if line.strip()]):
        saved = re.search(r"multipart/related|text/html", plain[:8192], re.I) and re.search(r"^mime-version:", plain, re.I | re.M)
        return "a web archive (MHTML)" if saved and not re.search(r"^(received|to):", plain, re.I | re.M) else "an e-mail"
    return None
