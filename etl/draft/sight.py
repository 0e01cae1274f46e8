"""A file that nobody has declared in, everything that can be seen of it out: its form, its columns, its days, its totals."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.cell_limit import limited
from etl.draft.columns import Seen, seen
from etl.draft.encodings import Encoding, encoding_of
from etl.draft.ends import BOTTOM, TOP, Ends, text_ends
from etl.draft.layout import Layout, layout_of
from etl.draft.personal import Personal, personal_of
from etl.draft.proof import Context, Proof, prove
from etl.draft.values import DATE, EMPTY, NUMBER, Profile, profile_of
from etl.errors import SourceError
from etl.grids_html import html_encoding
from etl.headings import heading, joined_headings
from etl.kinds import SHEETS, STATISTICS, kind_of
from etl.raw import Raw, batches_of_rows
from etl.read_csv import read_csv
from etl.read_file import read_file
from etl.read_json import key_of_list, read_json
from etl.read_sheet import numbered_body, sheet_rows, sheet_sizes
from etl.read_statistics import read_statistics
from etl.source import FileForm
from etl.unpack import whole
from etl.workbook_size import MOST_BYTES

EPOCH_1904 = re.compile(rb'date1904="(1|true)"')
MOST_SHARE = 0.5  # of what rows usually fill with words, a total fills less than this share


@dataclass(frozen=True)
class Totals:
    """Rows that are totals: the column that says so and its words."""

    header: str
    words: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Sight:
    """What was seen of one file. `proofs` are by heading; `sheets` are all that are visible, with their cells.

    withheld: names by place of headings that may be a person's; withheld_totals: rows of totals whose words may be.
    """

    path: Path
    form: FileForm
    encoding: Encoding | None
    delimiter_share: float
    sheets: Mapping[str, int]
    layout: Layout
    seen: Seen
    profiles: tuple[Profile, ...]
    personal: tuple[Personal, ...]
    proofs: Mapping[str, Proof]
    totals: tuple[Totals, ...]
    context: Context
    withheld: frozenset[str] = frozenset()
    withheld_totals: int = 0

    @property
    def repeated(self) -> str | None:
        """Give the heading by which rows that repeat the headings are left out, where there are any."""
        if not self.seen.repeated:
            return None
        for column in self.seen.columns:
            last = column.header.rpartition(" / ")[2]
            if last in column.values and self.personal[column.place].kind is None:
                return column.header
        return None


def look(path: Path, sheet: str | None, context: Context, least: int) -> Sight:
    """Look at a whole file once.

    Errors: SourceError, one sentence, for what is no table or cannot be read.
    """
    kind = kind_of(path)
    encoding: Encoding | None = None
    sheets: Mapping[str, int] = {}
    share = 1.0
    if kind in SHEETS:
        encoding = _page_encoding(path) if kind == "html" else None
        form, layout, raw, sheets = _sheet(path, kind, sheet, encoding)
        context = Context(context.today, context.country, context.ethiopic, _epoch(path) if kind == "xlsx" else None)
    elif kind in STATISTICS:
        form = FileForm.model_validate({"format": kind})
        layout, raw = Layout((1,), (), 0, (), False), read_statistics(path, form, None, frozenset())
    else:
        encoding = encoding_of(path)
        if kind == "csv":
            form, layout, raw, share = _text(path, encoding)
        else:
            form = FileForm.model_validate({"format": kind, "encoding": encoding.name})
            form = form.model_copy(update={"records": key_of_list(path, form)})
            layout, raw = Layout((1,), (), 0, (), False), read_json(path, form, None, frozenset())
    return _described(path, form, encoding, share, sheets, layout, raw, context, least)


def look_as(path: Path, form: FileForm, context: Context, least: int) -> Sight:
    """Look at a whole file in a form that is known already; errors: SourceError, as the readers have them."""
    layout = Layout(tuple(form.header_rows), (), form.footer_rows, (), False)
    raw = read_file(path, form, None, frozenset())
    return _described(path, form, None, 1.0, {}, layout, raw, context, least)


def _described(
    path: Path,
    form: FileForm,
    encoding: Encoding | None,
    share: float,
    sheets: Mapping[str, int],
    layout: Layout,
    raw: Raw,
    context: Context,
    least: int,
) -> Sight:
    found = seen(raw)
    if not found.rows:
        raise SourceError(f"{path.name}: has headings and no rows; ask the sender for the file again")
    profiles = tuple(profile_of(column, least) for column in found.columns)
    personal = tuple(personal_of(column, profile) for column, profile in zip(found.columns, profiles, strict=True))
    ethiopic = any(script == "Ethiopic" for profile in profiles for script, _ in profile.scripts)
    ethiopic = ethiopic or any("ሀ" <= letter <= "፼" for header in raw.headers for letter in header)
    context = Context(context.today, context.country, ethiopic, context.epoch)
    proofs = {
        column.header: prove(column.header, column.values, context)
        for column, profile in zip(found.columns, profiles, strict=True)
        if profile.kind == DATE
    }
    totals = _totals(found, profiles)
    return Sight(path, form, encoding, share, sheets, layout, found, profiles, personal, proofs, totals, context)


def _text(path: Path, encoding: Encoding) -> tuple[FileForm, Layout, Raw, float]:
    ends = text_ends(path, encoding.name)
    layout = layout_of(ends, path.name, spread_sheet=False)
    form = FileForm.model_validate(
        {
            "format": "csv",
            "encoding": encoding.name,
            "delimiter": ends.delimiter,
            "header_rows": list(layout.header_rows),
            "footer_rows": layout.footers,
        }
    )
    return form, layout, read_csv(path, form, None, frozenset()), ends.share


def _page_encoding(path: Path) -> Encoding | None:
    """Tell the encoding of a web page that does not name it."""
    return encoding_of(path) if html_encoding(whole(path, MOST_BYTES).content) is None else None


def _sheet(
    path: Path, kind: str, wanted: str | None, encoding: Encoding | None
) -> tuple[FileForm, Layout, Raw, Mapping[str, int]]:
    """Read the sheet that was asked for, or the one with the most cells; the others are told."""
    form = FileForm.model_validate({"format": kind, "encoding": encoding.name if encoding is not None else "utf-8"})
    sizes = sheet_sizes(path, form)
    if not sizes or not max(sizes.values()):
        raise SourceError(f"{path.name}: has no visible sheet with anything in it; ask the sender for the file again")
    name = wanted if wanted is not None else max(sizes, key=lambda item: sizes[item])
    form = form.model_copy(update={"sheet": name})
    rows, merged = sheet_rows(path, form)
    layout = layout_of(Ends(rows[:TOP], rows[-BOTTOM:], merged=merged), path.name, spread_sheet=True)
    form = form.model_copy(
        update={
            "header_rows": list(layout.header_rows),
            "footer_rows": layout.footers,
            "sheet": name if len(sizes) > 1 or wanted is not None else None,
        }
    )
    last = max(form.header_rows)
    headers = joined_headings([rows[number - 1] for number in form.header_rows], path.name, spread=not merged)
    body = rows[last : len(rows) - form.footer_rows if form.footer_rows else None]
    batches = limited(batches_of_rows(numbered_body(body, len(headers)), headers, headers, frozenset()), path.name)
    return form, layout, Raw(headers, batches), sizes


def _epoch(path: Path) -> int:
    """Give the year from which a workbook says that it counts days (ECMA-376, workbookPr)."""
    with zipfile.ZipFile(whole(path, MOST_BYTES).stream()) as archive:
        name = next((member for member in archive.namelist() if member.lower() == "xl/workbook.xml"), None)
        about = archive.read(name)[: 1 << 16] if name is not None else b""
    return 1904 if EPOCH_1904.search(about) else 1900


def _totals(found: Seen, profiles: tuple[Profile, ...]) -> tuple[Totals, ...]:
    """Keep of the rows that say a total those that have far fewer words than others."""
    worded = {profile.place for profile in profiles if profile.kind not in (NUMBER, EMPTY)}
    usual = sum((profile.rows - profile.empty) / max(1, profile.rows) for profile in profiles if profile.place in worded)
    words: dict[str, dict[str, int]] = {}
    for row in found.totals:
        others = len((row.filled & worded) - {row.place})
        if others > MOST_SHARE * max(0.0, usual - 1) and not (usual <= 2 and others == 0):
            continue
        header = heading(found.columns[row.place].header)
        kept = words.setdefault(header, {})
        kept[row.word] = kept.get(row.word, 0) + 1
    return tuple(Totals(header, tuple(kept), sum(kept.values())) for header, kept in words.items())
