"""A sheet of cells in, batches of text out: cells as their program shows them, dates as ISO, numbers plain."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from etl.cell_limit import limited
from etl.cell_signs import Place, Signs, covered, merged_text
from etl.door import shown_headings
from etl.errors import SourceError
from etl.grids import grids_of
from etl.headings import joined_headings
from etl.old_workbook_size import refuse_large_old
from etl.raw import Raw, batches_of_rows
from etl.source import FileForm
from etl.unpack import Whole, whole
from etl.workbook_size import MOST_BYTES, refuse_large

# Documents that no reader of workbooks knows.
GRIDS = ("html", "xml", "docx")
Ranges = Sequence[tuple[Place, Place]]


def read_sheet(path: Path, form: FileForm, wanted: Sequence[str] | None, keys: frozenset[str]) -> Raw:
    """Read the wanted columns (None: all) of the declared sheet, or of the first visible one when the workbook has only one.

    Errors: SourceError for a damaged or locked workbook, an unknown sheet, headings that are not where declared.
    """
    rows, merged, _ = _table(path, form)
    last = max(form.header_rows)
    if len(rows) < last:
        raise SourceError(f"{path.name}: has {len(rows)} rows, but its headings are declared in row {last}; send the whole file")
    _spread(rows, [item for item in merged or () if item[0][0] < last])
    headers = joined_headings([rows[number - 1] for number in form.header_rows], path.name, spread=not merged)
    labels = {place for place, name in enumerate(headers) if name in keys}
    _spread_body(rows, [item for item in merged or () if item[0][0] >= last], labels)
    body, footers = _parted(rows[last:], form.footer_rows)
    raw = Raw(headers=headers, batches=iter(()), footers=footers)
    wanted = headers if wanted is None else wanted
    if set(wanted) <= set(headers):
        raw.batches = limited(batches_of_rows(numbered_body(body, len(headers)), headers, wanted, keys), path.name)
    return raw


def sheet_rows(path: Path, form: FileForm) -> tuple[list[list[str]], bool]:
    """Give every row of a sheet as text, merged headings written out, and whether the sheet knows its merged cells.

    A number that is merged over several rows can be no heading, and stands in each of them as one number of several cells.

    Errors: SourceError for a damaged or locked workbook and an unknown sheet.
    """
    rows, merged, knows = _table(path, form)
    tall = [item for item in merged or () if item[1][0] > item[0][0]]
    _spread(rows, [item for item in merged or () if item not in tall])
    _spread_body(rows, tall, set())
    return rows, knows


def _table(path: Path, form: FileForm) -> tuple[list[list[str]], Ranges | None, bool]:
    """Give the cells of a sheet as the sender's program shows them, its merged ranges, and whether it has any."""
    book = whole(path, MOST_BYTES)
    if form.format in GRIDS:
        grids = grids_of(form.format, book, form.encoding)
        grid = grids[_chosen(path, form, [*grids], [name for name, one in grids.items() if one.visible])]
        return grid.rows, grid.merged, bool(grid.merged)
    _refuse_unfit(book)
    sheet = _sheet(path, form, book)
    rows = [[_text(cell) for cell in row] for row in _told(path, form, lambda: sheet.to_python(skip_empty_area=False))]
    signs = _told(path, form, partial(_signs, book, form, sheet.name))
    if signs.epoch is not None and form.excel_epoch not in (None, signs.epoch):
        raise SourceError(
            f"{path.name}: its days count from {signs.epoch}, and `excel_epoch: {form.excel_epoch}` is declared; correct the "
            "declaration, or ask which of both is right"
        )
    for (row, column), text in signs.texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
        elif row < len(rows):
            rows[row] += [""] * (column - len(rows[row])) + [text]
    merged = sheet.merged_cell_ranges if signs.merged is None else signs.merged
    return rows, merged, bool(merged)


def _signs(book: Whole, form: FileForm, sheet: str) -> Signs:
    # what reads one form of workbooks is loaded where there is one
    match form.format:
        case "xlsx":
            from etl.cell_signs_xlsx import xlsx_signs

            return xlsx_signs(book, sheet)
        case "xlsb":
            from etl.cell_signs_xlsb import xlsb_signs

            return xlsb_signs(book, sheet)
        case "ods":
            from etl.cell_signs_ods import ods_signs

            return ods_signs(book, sheet)
        case "xls":
            from etl.cell_signs_xls import xls_signs

            return xls_signs(book, sheet)
    return Signs()


def sheet_sizes(path: Path, form: FileForm) -> dict[str, int]:
    """Give the cells of each visible sheet by its name, in the workbook's order; errors as in `sheet_rows`."""
    import python_calamine as calamine

    book = whole(path, MOST_BYTES)
    if form.format in GRIDS:
        grids = grids_of(form.format, book, form.encoding)
        return {name: sum(map(len, grid.rows)) for name, grid in grids.items() if grid.visible}
    _refuse_unfit(book)
    opened = _told(path, form, lambda: calamine.CalamineWorkbook.from_filelike(book.stream()))
    sizes = {}
    for about in opened.sheets_metadata:
        if about.visible == calamine.SheetVisibleEnum.Visible and about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = _told(path, form, partial(opened.get_sheet_by_name, about.name))
            sizes[about.name] = sheet.total_height * sheet.total_width
    return sizes


def _refuse_unfit(book: Whole) -> None:
    refuse_large(book)
    refuse_large_old(book)


def numbered_body(body: Sequence[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows down to the last that holds something, each with as many cells as there are headings.

    They are numbered from 1 below the headings, empty ones with them, so that a number leads to the row that is shown.
    """
    last = max((place for place, row in enumerate(body, start=1) if any(cell.strip() for cell in row)), default=0)
    for number, row in enumerate(body[:last], start=1):
        yield number, (row + [""] * width)[:width]


def _parted(body: list[list[str]], footers: int) -> tuple[list[list[str]], list[Sequence[str]]]:
    """Part the last rows that hold something from those above them."""
    filled = [place for place, row in enumerate(body) if any(cell.strip() for cell in row)]
    places = filled[len(filled) - min(footers, len(filled)) :]
    return (body[: places[0]] if places else body), [body[place] for place in places]


def _sheet(path: Path, form: FileForm, content: Whole) -> Any:
    import python_calamine as calamine

    book = _told(path, form, lambda: calamine.CalamineWorkbook.from_filelike(content.stream()))
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
    return _told(path, form, partial(book.get_sheet_by_name, _chosen(path, form, book.sheet_names, visible)))


def _chosen(path: Path, form: FileForm, names: Sequence[str], visible: Sequence[str]) -> str:
    """Give the name of the declared sheet, or of the only visible one; errors: SourceError."""
    if form.sheet is None and len(visible) != 1:
        raise SourceError(
            f"{path.name}: has the sheets {shown_headings(visible)}; name the one to read under `file: {{sheet: …}}`"
        )
    wanted = form.sheet if form.sheet is not None else visible[0]
    if wanted not in names:
        raise SourceError(
            f"{path.name}: has no sheet {wanted!r}, but {shown_headings(visible)}; correct `sheet:` or ask what was renamed"
        )
    return wanted


def _told(path: Path, form: FileForm, read: Callable[[], Any]) -> Any:
    """Give what the reader of workbooks gives, and tell in our words what it stumbles on.

    Errors: SourceError.
    """
    import python_calamine as calamine

    try:
        return read()
    except calamine.PasswordError as fault:
        raise SourceError(f"{path.name}: is locked with a password; send it without") from fault
    except _damaged() as fault:
        raise SourceError(f"{path.name}: is not a {form.format} workbook, or is damaged; save it anew") from fault
    except BaseException as fault:
        # A damaged file may make the reader panic, which it tells by a class that is in no module to be named.
        if type(fault).__name__ != "PanicException":
            raise
        raise SourceError(f"{path.name}: is a damaged {form.format} workbook; save it anew") from None


def _damaged() -> tuple[type[Exception], ...]:
    """Give what readers raise over a damaged workbook; those of XLS and XML have no family of errors for it."""
    import python_calamine as calamine
    import xlrd
    from lxml import etree

    library = (calamine.CalamineError, xlrd.XLRDError, etree.LxmlError, zipfile.BadZipFile, zlib.error, struct.error)
    plain = (OSError, ValueError, OverflowError, MemoryError, LookupError, TypeError, AttributeError, EOFError, RuntimeError)
    return (*library, *plain, AssertionError)


def _spread(rows: list[list[str]], merged: Ranges) -> None:
    """Write a merged heading into every cell that it covers."""
    for first, last in merged:
        for row, column in covered(first, last):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = rows[row][column] or rows[first[0]][first[1]]


def _spread_body(rows: list[list[str]], merged: Ranges, labels: set[int]) -> None:
    """Write a merged word into every cell that it covers; a merged number says in each of them that it is one number.

    labels: the places of columns whose numbers are names of cases or persons, which stand for all rows that they cover.
    """
    for first, last in merged:
        if first[0] >= len(rows) or first[1] >= len(rows[first[0]]):
            continue
        places = [place for place in covered(first, last) if place[0] < len(rows) and place[1] < len(rows[place[0]])]
        text = merged_text(rows[first[0]][first[1]], len(places), first[1] in labels)
        for row, column in places:
            rows[row][column] = text


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            midnight = cell.time() == time(0)
            return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
