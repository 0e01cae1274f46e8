"""An analyst's file of case rows in, a folder in the shape of HTCDS 2.0 out: persons, events and notes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from etl.errors import SourceError
from etl.private import write_private
from etl.report import Listing, Report
from schemas.htcds import EVENT_HEADINGS, headings, htcds_shape, mapped

ADVICE = "give the file that `pembe records export` wrote"
NOTES = """Shape: Human Trafficking Case Data Standards 2.0 (UNMigration/HTCDS, CC BY 4.0); no endorsement is implied.
Made from {name}, whose own notes say edition, protection, licence and how to cite; they hold for this folder too.
persons.csv: {persons} rows, as many as the file has. events.csv: {events} rows, joined by prs_Reference, a running number.
Empty means that the file does not say, that it is withheld, or that HTCDS has no string that is surely meant.
Codes left empty for want of a sure string: {unsaid}.
"""


def write_htcds(source: Path, folder: Path) -> Report:
    """Write persons.csv, events.csv and notes.txt into a folder. Errors: SourceError where the file holds no case rows."""
    try:
        # Notes may stand before the headings, each on a line that begins with a hash.
        lines = [line for line in source.read_text("utf-8-sig").splitlines(keepends=True) if not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError(f"{source}: cannot be read as text in UTF-8; {ADVICE}") from fault
    reader = csv.DictReader(lines)
    known = {name for one in mapped() for name in one.ours}
    if not known & set(reader.fieldnames or ()):
        raise SourceError(f"{source}: none of its columns is a field of a victim; {ADVICE}")
    shape = htcds_shape(reader)
    _write(folder / "persons.csv", headings(), shape.persons)
    _write(folder / "events.csv", EVENT_HEADINGS, shape.events)
    unsaid: list[tuple[object, ...]] = [(name, code, number) for (name, code), number in sorted(shape.unsaid.items())]
    told = ", ".join(f"{name} {code} ({number})" for (name, code), number in sorted(shape.unsaid.items())) or "none"
    notes = NOTES.format(name=source.name, persons=len(shape.persons), events=len(shape.events), unsaid=told)
    write_private(folder / "notes.txt", notes)
    facts: dict[str, object] = {"folder": folder, "persons": len(shape.persons), "events": len(shape.events)}
    return Report(facts, [], [Listing("codes without a sure string", ("field", "code", "rows"), unsaid)])


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_private(path, text.getvalue())
