"""A draft in, a small file of invented rows in the same form out, for the tests of its source: nothing is copied from rows.

Only words that the code lists know, or that many rows share, stand in it; days, numbers and keys are made up.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Sequence
from pathlib import Path

from etl.draft.choices import MAPPED, MEASURE, Choice
from etl.draft.draft import Draft
from etl.draft.proof import UNNEEDED
from etl.draft.signs import signs
from etl.draft.values import DATE, KEY, NUMBER
from etl.fold import fold
from etl.readings.calendars import to_ethiopian

ROWS = 12
TITLE = "Invented sample: no row describes a real person"
INVENTED = "invented"
FIRST_DAY = datetime.date(2021, 1, 14)


def write_sample(draft: Draft, folder: Path) -> Path:
    """Write the sample and give its path: the format, encoding, delimiter and rows of headings are those of the file."""
    form = draft.sight.form
    kind = "xlsx" if form.format in ("xls", "ods") else form.format
    path = folder / f"{draft.name}_sample.{kind}"
    columns = [_cells(draft, choice) for choice in draft.choices]
    body = [[column[number] for column in columns] for number in range(ROWS)]
    if kind == "xlsx":
        _workbook(path, _top(draft), body, form.sheet)
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
    words = _words(draft, choice)
    if words:
        return [words[number % len(words)] for number in range(ROWS)]
    if profile.kind == NUMBER:
        return [str(20 + number) for number in range(ROWS)]
    return [""] * ROWS


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
    day = FIRST_DAY + datetime.timedelta(days=29 * number)
    year, month, number_of_day = to_ethiopian(day) if proof.calendar == "ETH" else (day.year, day.month, day.day)
    form = draft.sight.profiles[choice.place].forms[0][0] if draft.sight.profiles[choice.place].forms else ""
    sign = next((letter for letter in form if letter in "/.-"), "/")
    if form.startswith("9999"):
        return f"{year}{sign}{month:02d}{sign}{number_of_day:02d}"
    if proof.order in (None, "ymd") and proof.order_state == UNNEEDED:
        return f"{year}-{month:02d}-{number_of_day:02d}"
    first, second = (month, number_of_day) if proof.order == "mdy" else (number_of_day, month)
    return f"{first:02d}{sign}{second:02d}{sign}{year}"


def _workbook(path: Path, top: list[list[str]], body: list[list[str]], sheet: str | None) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet)
    for number, row in enumerate([*top, *body]):
        for place, cell in enumerate(row):
            if cell:
                page.write_string(number, place, cell)
    book.close()
