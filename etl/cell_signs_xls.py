"""The second look at a sheet of an XLS workbook (BIFF8): see `etl.cell_signs`."""

from __future__ import annotations

from etl.cell_signs import Signs, is_percent, is_scaled, percent
from etl.unpack import Whole


def xls_signs(workbook: Whole, sheet: str) -> Signs:
    """Look at one sheet for errors and for cells that are shown as per cents or in thousands."""
    import xlrd

    with xlrd.open_workbook(file_contents=workbook.content, formatting_info=True, on_demand=True, logfile=_Quiet()) as book:
        signs = Signs(epoch=1904 if book.datemode else 1900)
        if sheet not in book.sheet_names():
            return signs
        page = book.sheet_by_name(sheet)
        formats = [book.format_map[shape.format_key].format_str for shape in book.xf_list]
        for row in range(page.nrows):
            for column, kind in enumerate(page.row_types(row)):
                value = page.cell_value(row, column)
                if kind == xlrd.XL_CELL_ERROR:
                    signs.texts[row, column] = xlrd.error_text_from_code.get(value, "#VALUE!")
                elif kind == xlrd.XL_CELL_NUMBER:
                    shown = formats[page.cell_xf_index(row, column)]
                    if is_percent(shown):
                        signs.texts[row, column] = percent(value)
                    elif is_scaled(shown):
                        signs.texts[row, column] = f"{value:.15g} (shown in thousands)"
    return signs


class _Quiet:
    """Take what the reader would print of a file, which may quote its cells."""

    def write(self, _: str) -> int:
        """Let it go."""
        return 0

    def flush(self) -> None:
        """Have nothing to hand over."""
