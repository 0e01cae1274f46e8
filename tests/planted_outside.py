"""Files in which invented names and numbers stand anywhere but in the cells of a table: titles, headings, sheets, file names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from table_files import delimited, opendocument, workbook

from pembe import ROOT

# All invented: names on no list and on lists, in four scripts, with titles and in capitals, and numbers.
NAMES = [
    "Zawadi Mfano", "Qwendo Ziraphe", "OTIENO Zibora", "فاطمة المثال", "زهرقان بتلون", "አልማዝ ምሳሌ", "ዝርቃን ቦጋለ",
    "Cabdi Tusaale", "0712 345 671", "Amina",
]  # fmt: skip
HEADINGS = ["Case", "Date", "Sex", "Age", "Nationality", "Form"]
ROWS = [
    [f"C-{number:03d}", f"{number % 28 + 1:02d}/03/2021", "FM"[number % 2], str(17 + number % 30), "Kenya", "Begging"]
    for number in range(40)
]
OLD = ROOT / "data" / "samples" / "dji_parquet_affaires" / "DJI_parquet_2021.xls"
OLD_TITLE = "PARQUET - ÉTAT DES AFFAIRES (exemple inventé, aucune personne réelle)"
OLD_HEADING, OLD_SHEET = "Infraction poursuivie", "Affaires"


@dataclass(frozen=True)
class Plant:
    """One file, where in it a value is planted, and the value."""

    place: str
    path: Path
    value: str


def plants(folder: Path) -> Iterator[Plant]:
    """Write sixty files, each with one plant in an odd place."""
    places: list[tuple[str, str, Callable[[str], bytes]]] = [
        ("title", "xlsx", lambda name: workbook([[f"Register kept by {name}"], [], HEADINGS, *ROWS])),
        ("second title", "ods", lambda name: opendocument([["Register of cases 2021"], [f"{name}"], HEADINGS, *ROWS])),
        ("heading", "csv", lambda name: text([*HEADINGS[:4], name, HEADINGS[5]], ROWS)),
        ("heading in brackets", "xlsx", lambda name: workbook([[*HEADINGS[:4], f"Officer ({name})", HEADINGS[5]], *ROWS])),
        ("no headings", "csv", lambda name: text([name, *ROWS[0][1:]], [[f"{name[::-1]} {row[0]}", *row[1:]] for row in ROWS])),
        ("key", "json", lambda name: objects(name)),
    ]
    for place, ending, make in places:
        for number, value in enumerate(NAMES[:7]):
            path = folder / f"{place.replace(' ', '_')}_{number}.{ending}"
            path.write_bytes(make(value))
            yield Plant(place, path, value)
    for number, value in enumerate(name for name in NAMES if name != "0712 345 671"):
        path = folder / f"{value.replace(' ', '_')}_{number}.csv"
        path.write_bytes(text(HEADINGS, ROWS))
        yield Plant("name of the file", path, value.replace(" ", "_"))
    for number, value in enumerate(NAMES[:6]):
        path = folder / f"sheet_{number}.xlsx"
        path.write_bytes(two_sheets(value))
        yield Plant("name of the sheet", path, value)
    for place, old, value in (
        ("title of an old workbook", OLD_TITLE, "Zawadi Mfano et Qwendo Ziraphe"),
        ("heading of an old workbook", OLD_HEADING, "Qwendo Ziraphe Mfano"),
        ("sheet of an old workbook", OLD_SHEET, "Zawadi M"),
    ):
        path = folder / f"{place.replace(' ', '_')}.xls"
        path.write_bytes(old_workbook(old, value))
        yield Plant(place, path, value)


def text(headings: list[str], rows: list[list[str]]) -> bytes:
    return delimited([headings, *rows]).encode("utf-8")


def objects(name: str) -> bytes:
    """Give records of which one key is the plant, as where a form is exported with its answers as names."""
    keys = [*HEADINGS[:4], name, HEADINGS[5]]
    return json.dumps([dict(zip(keys, row, strict=True)) for row in ROWS], ensure_ascii=False).encode()


def two_sheets(name: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for title, rows in ((name, [HEADINGS, *ROWS]), ("Notes", [["none"]])):
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    return content.getvalue()


def old_workbook(old: str, new: str) -> bytes:
    """Give an old workbook in which one text is another of the same length: nothing here writes this form."""
    content = OLD.read_bytes()
    written = new.ljust(len(old)).encode("latin-1")
    assert old.encode("latin-1") in content and len(written) == len(old)
    return content.replace(old.encode("latin-1"), written)
