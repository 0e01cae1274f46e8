"""A draft in, a small file of invented rows in the same form out, for the tests of its source: nothing is copied from rows.

Only words that the code lists know, or that many rows share, stand in it; days, numbers and keys are made up.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from etl.draft.choices import MAPPED, MEASURE, Choice
from etl.draft.draft import Draft
from etl.draft.outside import sheet_name
from etl.draft.proof import UNNEEDED
from etl.draft.signs import signs
from etl.draft.values import DATE, KEY, NUMBER
from etl.fold import fold
from etl.kinds import JSON, STATISTICS
from etl.readings.calendars import to_ethiopian
from etl.readings.how import How
from etl.readings.periods import period as read_period
from schemas.tables import table

ROWS = 12
TITLE = "Invented sample: no row describes a real person"
INVENTED = "invented"
FIRST_DAY = datetime.date(2021, 1, 14)
# Numbers of one incident that add up; other numbers of persons are none.
FIGURES = {"migrants": 6, "n_migrants": 6, "n_male": 4, "n_female": 2, "n_child": 2, "n_adult": 4, "n_persons": 3}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)
TEXT = 'office:value-type="string"'
MANIFEST = (
    f"<manifest:manifest {NAMESPACES}><manifest:file-entry manifest:full-path='/' manifest:media-type='{OPEN_DOCUMENT}'/>"
    "<manifest:file-entry manifest:full-path='content.xml' manifest:media-type='text/xml'/></manifest:manifest>"
)
WRITTEN = ("csv", "xlsx", "ods", *STATISTICS, *JSON)
ONE_WORD = ("trafficking_scope", "country_recruitment", "country_exploitation")


def write_sample(draft: Draft, folder: Path) -> Path:
    """Write the sample and give its path: the format, encoding, delimiter and rows of headings are those of the file."""
    form = draft.sight.form
    kind = form.format if form.format in WRITTEN else "xlsx"  # a sheet that nothing here writes
    path = folder / f"{draft.name}_sample.{kind}"
    columns = [_cells(draft, choice) for choice in draft.choices]
    body = [[column[number] for column in columns] for number in range(ROWS)]
    body += [[TITLE, *[""] * (len(columns) - 1)]] * (form.footer_rows if kind == "csv" else min(1, form.footer_rows))
    if kind in ("xlsx", "ods"):
        (_workbook if kind == "xlsx" else _open_document)(path, [*_top(draft), *body], sheet_name(draft.sight))
    elif kind in STATISTICS:
        _statistics(path, kind, [column.header for column in draft.sight.seen.columns], body)
    elif kind in ("json", "jsonl"):
        headers = [column.header for column in draft.sight.seen.columns]
        rows = [dict(zip(headers, row, strict=True)) for row in body]
        lines = [json.dumps(item, ensure_ascii=False) for item in ([rows] if kind == "json" else rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        text_lines = io.StringIO(newline="")
        csv.writer(text_lines, delimiter=form.delimiter, lineterminator="\r\n").writerows([*_top(draft), *body])
        path.write_bytes(text_lines.getvalue().encode(form.encoding, errors="replace"))
    return path


def _statistics(path: Path, kind: str, headers: list[str], body: list[list[str]]) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(body, columns=headers)
    (pyreadstat.write_dta if kind == "dta" else pyreadstat.write_sav)(frame, str(path))


def _top(draft: Draft) -> list[list[str]]:
    """Give the rows above the data: the invented title where titles stood, and the headings in as many rows."""
    headers = [column.header for column in draft.sight.seen.columns]
    numbers = draft.sight.layout.header_rows
    rows = [[TITLE if place == 0 and number == 1 else "" for place in range(len(headers))] for number in range(1, numbers[0])]
    for level in range(len(numbers)):
        rows.append([_level(header, level, len(numbers)) for header in headers])
    return rows


def _level(header: str, level: int, levels: int) -> str:
    if header.startswith("(column "):
        return ""
    parts = header.split(" / ") if levels > 1 else [header]
    if len(parts) == 1:
        return parts[0]
    return parts[level] if level < len(parts) else ""


def _cells(draft: Draft, choice: Choice) -> list[str]:
    """Make up the cells of one column."""
    profile = draft.sight.profiles[choice.place]
    if choice.state not in (MAPPED, MEASURE):
        return [INVENTED] * ROWS if profile.filled else [""] * ROWS
    if choice.state == MEASURE:
        return [str(3 + number) for number in range(ROWS)]
    if profile.kind == DATE:
        return [_day(draft, choice, number) for number in range(ROWS)]
    if profile.kind == KEY or (choice.plan is not None and choice.plan.reading == "key"):
        return [f"X-{number:03d}" for number in range(1, ROWS + 1)]
    if choice.field in FIGURES or choice.field.startswith("n_"):
        return [str(FIGURES.get(choice.field, 0))] * ROWS
    words = _words(draft, choice)
    if words and choice.field in ONE_WORD:
        return [_one(draft, choice, words)] * ROWS
    if words:
        return [words[number % len(words)] for number in range(ROWS)]
    if profile.kind == NUMBER:
        return [str(20 + number) for number in range(ROWS)]
    target = draft.source.table, choice.plan.outputs[0] if choice.plan is not None else "-"
    field = next((one for one in table(target[0]).fields if one.name == target[1]), None)
    codes = [code for code in (field.codes or () if field is not None else ()) if not code.startswith("_")]
    return [codes[number % min(3, len(codes))] for number in range(ROWS)] if codes else [""] * ROWS


def _one(draft: Draft, choice: Choice, words: Sequence[str]) -> str:
    """Choose the word that makes one journey with the others: across a border, from one country into another."""
    plan = choice.plan
    read = {word: str(plan.read(word).values[0]) for word in words} if plan is not None else {}
    if choice.field == "trafficking_scope":
        return next((word for word, code in read.items() if code.startswith("XB")), "")
    recruited = next((one for one in draft.choices if one.field == "country_recruitment" and one.plan is not None), None)
    if choice.field == "country_recruitment" or recruited is None or recruited.plan is None:
        return words[0]
    first = next(iter(_words(draft, recruited)), "")
    return next((word for word, code in read.items() if code != str(recruited.plan.read(first).values[0])), words[0])


def _words(draft: Draft, choice: Choice) -> list[str]:
    """Give the words that may stand in a sample: read by the house or ruled on, and shared by many rows."""
    profile, hidden = draft.sight.profiles[choice.place], draft.sight.personal[choice.place].hidden
    told = draft.words.get(choice.place)
    unsure = {word.raw for word in told.unsure} if told is not None else set()
    common: Sequence[str] = [value for value, _ in profile.common if value not in hidden and value not in unsure]
    passed = signs("missing") | {fold(choice.header.rpartition(" / ")[2])}
    return [value for value in common if fold(value) not in passed]


def _day(draft: Draft, choice: Choice, number: int) -> str:
    """Write an invented day as the column writes most of its days."""
    proof = draft.sight.proofs[choice.header]
    first, last = _period(draft)
    day = first + datetime.timedelta(days=(last - first).days * (number + 1) // (ROWS + 1))
    there = (proof.calendar or draft.about.calendar) == "ETH"
    year, month, number_of_day = to_ethiopian(day) if there else (day.year, day.month, day.day)
    form = draft.sight.profiles[choice.place].forms[0][0] if draft.sight.profiles[choice.place].forms else ""
    sign = next((letter for letter in form if letter in "/.-"), "/")
    if form.startswith("9999"):
        return f"{year}{sign}{month:02d}{sign}{number_of_day:02d}"
    if proof.order in (None, "ymd") and proof.order_state == UNNEEDED:
        return f"{year}-{month:02d}-{number_of_day:02d}"
    left, middle = (month, number_of_day) if proof.order == "mdy" else (number_of_day, month)
    return f"{left:02d}{sign}{middle:02d}{sign}{year}"


def _period(draft: Draft) -> tuple[datetime.date, datetime.date]:
    """Give the days between which invented days lie: those of the period, where it is known."""
    how = How(today=draft.today, field="period", languages=("eng",), period_type=draft.source.period_type)
    first, last = read_period(draft.about.period.value, how).values[:2]
    if isinstance(first, datetime.date) and isinstance(last, datetime.date):
        return first, last
    return FIRST_DAY, FIRST_DAY + datetime.timedelta(days=340)


def _open_document(path: Path, rows: list[list[str]], sheet: str | None) -> None:
    """Write a spreadsheet of texts as OpenDocument (ISO 26300), which is a packed file of three parts."""
    begin, end = f"<table:table-cell {TEXT}><text:p>", "</text:p></table:table-cell>"
    lines = ["".join(f"{begin}{escape(cell)}{end}" for cell in row) for row in rows]
    cells = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    name = quoteattr(sheet if sheet is not None else "Sheet1")
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {NAMESPACES} office:version='1.2'><office:body>"
        f"<office:spreadsheet><table:table table:name={name}>{cells}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)


def _workbook(path: Path, rows: list[list[str]], sheet: str | None) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell:
                page.write_string(number, place, cell)
    book.close()
