"""Files of text: CSV, also as a spreadsheet opens it, and JSON lines. Streamed part by part, in the order of the edition.

Texts stand as they are. Only a file that is meant for a spreadsheet has an apostrophe before what it could take for a formula.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.exports.job import Job
from dashboard.exports.rows import Part
from dashboard.exports.selection import guarded, guarded_text, plain_text

CHUNK = 1 << 20
MARK = "\ufeff"
# Two quotation marks and a separator.
AROUND = 3


def csv(job: Job) -> Iterator[bytes]:
    """Write comma-separated values in UTF-8: notes unless they are unwanted, one line of headings, one line a figure."""
    sign = job.options.sign(job.filters.language)
    comma = job.options.decimal_comma(job.filters.language)
    excel = job.options.excel
    lines = job.notes.commented() if job.options.notes is not False else []
    if excel:
        lines = [f'"{line.replace(chr(34), chr(34) * 2)}"' for line in lines]
    head = "".join(f"{line}\n" for line in lines)
    yield f"{MARK if excel else ''}{head}".encode()
    written = guarded if excel else plain_text
    columns = [(guarded_text(column.heading) if excel else column.heading, written(column, comma)) for column in job.columns]
    how = f"FORMAT csv, DELIMITER '{sign}', HEADER "
    yield from in_pieces(job.parts(columns, f"{how}true", f"{how}false"))


def json_lines(job: Job) -> Iterator[bytes]:
    """Write one JSON object a line, one figure each with its values as they are; before them notes, if wanted, as `about`."""
    if job.options.notes is True:
        yield f'{{"about":{job.notes.as_json()}}}\n'.encode()
    columns = [(column.heading, column.expression) for column in job.columns]
    yield from in_pieces(job.parts(columns, "FORMAT json", "FORMAT json"))


def doubled(expression: str) -> str:
    """Give the SQL of a text with its quotation marks doubled, as a CSV file holds it."""
    return f"replace({expression}, '\"', '\"\"')"


def in_pieces(parts: Iterator[Part]) -> Iterator[bytes]:
    """Read parts one after another, a megabyte at a time."""
    for part in parts:
        with part.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
