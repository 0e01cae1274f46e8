"""What was seen of a file in, the same without what may be a person's outside its cells out; a row of data is no heading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from etl.draft.columns import ColumnSeen
from etl.draft.layout import YEARS, is_number
from etl.draft.personal import HEADING, NAME, Personal
from etl.draft.sight import Sight, Totals
from etl.draft.values import DATE, NUMBER, Profile
from etl.errors import SourceError
from etl.fold import fold
from etl.identifying import identifying_value
from etl.judged import is_known_file, is_known_heading, is_known_text

FILE = "FILE"
FEWEST, SHARE = 2, 0.3  # so many headings, and this share of them, look like the cells below them: it is a row of data
AGAIN = 0.1  # a heading that stands again in more of its rows is a value


def without_personal_texts(sight: Sight) -> Sight:
    """Name by its place every heading that may be a person's, and leave out titles and words of totals that may be.

    Errors: SourceError where the row of headings looks like a row of data, or holds nothing that may be written.
    """
    _refuse_data(sight)
    names = {
        column.header: f"(column {column.place + 1})" for column in sight.seen.columns if not is_known_heading(column.header)
    }
    totals = [
        Totals(names.get(total.header, total.header), tuple(filter(is_known_text, total.words)), total.rows)
        for total in sight.totals
    ]
    return replace(
        sight,
        seen=replace(
            sight.seen,
            columns=tuple(replace(column, header=names.get(column.header, column.header)) for column in sight.seen.columns),
        ),
        profiles=tuple(replace(profile, header=names.get(profile.header, profile.header)) for profile in sight.profiles),
        personal=tuple(
            Personal("heading", HEADING, personal.cells, frozenset(column.values)) if column.header in names else personal
            for column, personal in zip(sight.seen.columns, sight.personal, strict=True)
        ),
        proofs={names.get(header, header): proof for header, proof in sight.proofs.items()},
        totals=tuple(total for total in totals if total.words),
        withheld=frozenset(names.values()),
        withheld_totals=sum(total.rows for total in totals if not total.words),
    )


def file_name(path: Path) -> str | None:
    """Give the name of a file as it may be written; None where it may be a person's."""
    return path.name if is_known_file(path.name) else None


def sheet_name(sight: Sight) -> str | None:
    """Give the name of the sheet as it may be written; None where it may be a person's, or none has to be named."""
    return sight.form.sheet if sight.form.sheet is not None and is_known_text(sight.form.sheet) else None


def title_of(sight: Sight) -> str:
    """Give the first title above the table that may be written; none where there is none."""
    return next(filter(is_known_text, sight.layout.titles), "")


def _refuse_data(sight: Sight) -> None:
    columns = list(zip(sight.seen.columns, sight.profiles, sight.personal, strict=True))
    alike = [column.place + 1 for column, profile, personal in columns if _is_cell(column, profile, personal)]
    if len(alike) >= max(FEWEST, SHARE * len(columns)) or len(alike) == len(columns):
        row = max(sight.layout.header_rows)
        places = ", ".join(map(str, alike[:10]))
        raise SourceError(
            f"{file_name(sight.path) or 'the file'}: row {row} stands where the headings should be and looks like a row of data "
            f"(columns {places}); put a row of headings above it, or ask the sender for the file with its headings"
        )


def _is_cell(column: ColumnSeen, profile: Profile, personal: Personal) -> bool:
    """Say whether what stands as a heading is one more value of its column."""
    header = column.header
    if header.startswith("(column ") or YEARS.fullmatch(fold(header)):
        return False
    if identifying_value(header) is not None:
        return True
    if profile.kind in (NUMBER, DATE):
        return is_number(header)
    if personal.kind == "name" and personal.why != HEADING:
        return NAME.fullmatch(header) is not None and not is_known_text(header)
    return column.values.get(header, 0) > max(FEWEST, AGAIN * column.filled)
