"""Rulings as SSSOM: a table of mappings in TSV, and the same in a workbook for a reviewer; both are read back without loss.

SSSOM 1.0, https://mapping-commons.github.io/sssom: one mapping a row. What it has no slot for (source, field, column, review
state) stands in extension slots that the head of the file defines.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from etl.errors import SourceError
from etl.rulings_kept import STATES, UNREVIEWED, Kept

SLOTS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "author_label", "mapping_date",
    "confidence", "reviewer_label", "ext_source", "ext_field", "ext_column", "ext_review_state", "mapping_tool", "other",
    "comment",
)  # fmt: skip
NEEDED = ("subject_label", "object_id", "ext_source", "ext_field", "ext_column")
EXACT = "skos:exactMatch"
# What says that a word has the meaning of a code, or a narrower one that the code includes.
PREDICATES = (EXACT, "skos:broadMatch")
BY_HAND, BY_LEXICON = "semapv:ManualMappingCuration", "semapv:LexicalMatching"
TOOL = "pembe draft"
SHEET = "mappings"
HEAD = """\
#curie_map:
#  code: https://pembe.example/code/
#  word: https://pembe.example/word/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#mapping_set_id: https://pembe.example/rulings/{name}
#license: https://www.apache.org/licenses/LICENSE-2.0
#extension_definitions:
#  - slot_name: ext_source
#    property: https://pembe.example/slot/source
#  - slot_name: ext_field
#    property: https://pembe.example/slot/field
#  - slot_name: ext_column
#    property: https://pembe.example/slot/column
#  - slot_name: ext_review_state
#    property: https://pembe.example/slot/review_state
"""
MOST_ROWS = 200_000


def write_tsv(rulings: Sequence[Kept], path: Path) -> None:
    """Write rulings as SSSOM TSV; a file already there is replaced."""
    text = io.StringIO(newline="")
    text.write(HEAD.format(name=rulings[0].source if rulings else "none"))
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(SLOTS)
    writer.writerows(map(_row, rulings))
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def read_tsv(path: Path) -> list[Kept]:
    """Read rulings from SSSOM TSV.

    Errors: SourceError for a file that is not there or not of this form, with the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        raise SourceError(f"{path.name}: is not there; correct the path") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError(f"{path.name}: cannot be read as UTF-8 text; save it as UTF-8") from fault
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines[first:]), newline=""), delimiter="\t", strict=True))
    except csv.Error as fault:
        raise SourceError(f"{path.name}: is no table parted by tabs ({fault}); export it anew") from fault
    return _kept(rows, path.name, first)


def write_workbook(rulings: Sequence[Kept], path: Path) -> None:
    """Write rulings as a workbook: the same columns, the choices of a reviewer as lists, every cell a text."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(SHEET)
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "num_format": "@"})
    for place, slot in enumerate(SLOTS):
        sheet.write_string(0, place, slot, bold)
        sheet.set_column(place, place, 18, text)
    for number, ruling in enumerate(rulings, start=1):
        for place, cell in enumerate(_row(ruling)):
            sheet.write_string(number, place, cell, text)
    sheet.data_validation(
        1, SLOTS.index("ext_review_state"), max(1, len(rulings)), SLOTS.index("ext_review_state"),
        {"validate": "list", "source": list(STATES)},
    )  # fmt: skip
    sheet.freeze_panes(1, 0)
    book.close()


def read_workbook(path: Path) -> list[Kept]:
    """Read rulings from a workbook that `write_workbook` made and a reviewer filled in; errors as in `read_tsv`."""
    from etl.read_sheet import sheet_rows
    from etl.source import FileForm

    rows, _ = sheet_rows(path, FileForm.model_validate({"format": "xlsx", "sheet": SHEET}))
    return _kept(rows, path.name, 0)


def _row(ruling: Kept) -> list[str]:
    proposed = ruling.author == TOOL
    return [
        f"word:{ruling.source}/{ruling.field}/{quote(ruling.word, safe='')}",
        ruling.word,
        EXACT,
        f"code:{ruling.code}",
        BY_LEXICON if proposed else BY_HAND,
        ruling.author,
        ruling.day.isoformat() if ruling.day is not None else "",
        repr(ruling.confidence),
        ruling.reviewer,
        ruling.source,
        ruling.field,
        ruling.column,
        ruling.state,
        TOOL if proposed else "",
        ruling.reason,
        ruling.comment,
    ]


def _kept(rows: Sequence[Sequence[str]], name: str, before: int) -> list[Kept]:
    if not rows:
        raise SourceError(f"{name}: holds no rulings; export it anew")
    if len(rows) > MOST_ROWS:
        raise SourceError(f"{name}: has more than {MOST_ROWS} rows; this is no table of rulings")
    slots = [cell.strip() for cell in rows[0]]
    lacking = [slot for slot in NEEDED if slot not in slots]
    if lacking:
        raise SourceError(f"{name}: has no column {lacking[0]}; keep the columns of the export as they are")
    found = []
    for number, row in enumerate(rows[1:], start=before + 2):
        if any(cell for cell in row):
            cells = dict(zip(slots, [*row, *[""] * (len(slots) - len(row))], strict=False))
            found.append(_ruling(cells, f"{name} line {number}"))
    return found


def _refuse_other_relations(cells: dict[str, str], where: str) -> None:
    """Refuse a mapping that is negated, or that relates a word to a code in another way than by meaning it."""
    modifier = cells.get("predicate_modifier", "").strip()
    if modifier:
        raise SourceError(f"{where}: the mapping is modified by {modifier[:40]!r}; a word that is not of a code is left out")
    predicate = cells.get("predicate_id", "").strip() or EXACT
    if predicate not in PREDICATES:
        allowed = " or ".join(PREDICATES)
        raise SourceError(f"{where}: the predicate {predicate[:40]!r} does not say that the word means the code; use {allowed}")


def _ruling(cells: dict[str, str], where: str) -> Kept:
    _refuse_other_relations(cells, where)
    state = cells.get("ext_review_state", "").strip().upper() or UNREVIEWED
    if state not in STATES:
        raise SourceError(f"{where}: there is no review state {state[:40]!r}; choose one of {', '.join(STATES)}")
    try:
        day = cells.get("mapping_date", "").strip()
        date = datetime.date.fromisoformat(day[:10]) if day else None
        confidence = float(cells.get("confidence", "").strip() or 1)
    except ValueError as fault:
        raise SourceError(f"{where}: {fault}; write a day as 2026-01-31 and a confidence from 0 to 1") from fault
    if not 0 <= confidence <= 1:
        raise SourceError(f"{where}: a confidence of {confidence:g} is not between 0 and 1; correct it")
    return Kept(
        source=cells["ext_source"].strip(),
        field=cells["ext_field"].strip(),
        column=cells["ext_column"],
        word=cells["subject_label"],
        code=cells["object_id"].strip().removeprefix("code:"),
        author=cells.get("author_label", ""),
        day=date,
        confidence=confidence,
        reviewer=cells.get("reviewer_label", ""),
        state=state,
        reason=cells.get("other", ""),
        comment=cells.get("comment", ""),
    )
