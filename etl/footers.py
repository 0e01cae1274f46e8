"""The rows that `footer_rows` leaves out: counted, and never a record that was cut off."""

from __future__ import annotations

from collections.abc import Sequence

from etl.errors import SourceError
from etl.plan import Plan
from etl.raw import Raw

# A row that fills so large a share of the mapped columns reads like a record.
RECORD_SHARE = 0.5
NAME = "footer"


def count_footers(plan: Plan, raw: Raw, file: str) -> int:
    """Give the number of rows left out at the end of a file, counted as its other rows are: once for each heading of a count.

    Errors: SourceError where one of them reads like a record: this file has fewer lines below its table.
    """
    places = [raw.headers.index(column.header) for column in plan.columns if column.header in raw.headers]
    for number, row in enumerate(raw.footers, start=1):
        filled = sum(_is_filled(row, place) for place in places)
        if len(places) > 1 and filled > RECORD_SHARE * len(places):
            where = plan.source.where("file", "footer_rows")
            raise SourceError(
                f"{where}: {file}: row {number} of the footer reads like a record, with {filled} of {len(places)} mapped columns "
                "filled; correct `footer_rows` for this file, or ask the sender for its last lines"
            )
    return len(raw.footers) * max(1, len(plan.source.measures))


def _is_filled(row: Sequence[str], place: int) -> bool:
    return place < len(row) and bool(row[place].strip())
