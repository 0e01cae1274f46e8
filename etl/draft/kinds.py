"""A file in, its kind out (csv, xlsx, xls, ods, json, jsonl), told by its first bytes and never by its name alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from etl.errors import SourceError
from etl.json_lists import is_document_with_records
from etl.unpack import is_packed, open_plain

HEAD = 1 << 16
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
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"Rar!": "a packed file (RAR)",
    b"7z\xbc\xaf": "a packed file (7z)",
    b"$FL2": "a file of SPSS",
    b"<stata_dta>": "a file of Stata",
    b"\0\x01\0\0Standard": "a database (Access)",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
PACKED = {b"\x1f\x8b": ".gz", b"BZh": ".bz2"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MARKUP = (b"<!doctype html", b"<html", b"<?xml")


def kind_of(path: Path) -> str:
    """Give the format of a file as a declaration names it.

    Errors: SourceError, one sentence, for what is empty, not there, locked, damaged, or no table.
    """
    with open_plain(path) as stream:
        try:
            head = stream.read(HEAD)
        except OSError as fault:
            raise SourceError(f"{path.name}: cannot be read ({fault.strerror or 'damaged'}); send it again") from None
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise SourceError(f"{path.name}: is empty; ask the sender for the file again")
    if head.startswith(ZIP):
        return _workbook(path)
    if head.startswith(OLE):
        return _old_workbook(path)
    for sign, what in OTHERS.items():
        if head.startswith(sign):
            raise SourceError(f"{path.name}: is {what} and no table; ask for the table it was made from, as CSV or a workbook")
    for sign, ending in PACKED.items():
        if head.startswith(sign):
            raise SourceError(f"{path.name}: is packed; give it the ending {ending} and draft it again")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP):
        raise SourceError(f"{path.name}: is a web page or XML and no table; open it in a spreadsheet and save it as a workbook")
    return _text_kind(head)


def _workbook(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise SourceError(f"{path.name}: is locked with a password; send it without")
            about = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError) as fault:
        raise SourceError(f"{path.name}: is a damaged workbook or packed file; send it again") from fault
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if about.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if any(name.startswith("word/") for name in names) or about.startswith(b"application/vnd.oasis.opendocument"):
        raise SourceError(f"{path.name}: is a text document and no table; copy its table into a workbook")
    if is_packed(path):
        raise SourceError(f"{path.name}: is packed twice; send the file itself")
    raise SourceError(f"{path.name}: is a packed file that holds {len(names)} files; unpack it and draft one of them")


def _old_workbook(path: Path) -> str:
    """Tell an old workbook from a locked new one and from other documents that are kept in the same container."""
    with open_plain(path) as stream:
        content = stream.read(1 << 22)
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        raise SourceError(f"{path.name}: is locked with a password; send it without")
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise SourceError(f"{path.name}: is an old document and no workbook; copy its table into a workbook")


def _text_kind(head: bytes) -> str:
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith(b"["):
        return "json" if plain[1:].lstrip().startswith((b"{", b"]")) else "csv"
    if plain.startswith(b"{"):
        lines = plain.split(b"\n", 2)
        try:
            first = json.loads(lines[0])
        except ValueError:
            return "json"
        # a document of one line holds its list inside; a record of JSON Lines is flat
        is_document = not any(line.strip() for line in lines[1:]) and is_document_with_records(first)
        return "json" if is_document else "jsonl"
    return "csv"
