"""Parquet: parts written by two workers, their row groups one after another, the notes in the metadata of the file."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.exports.footer import MAGIC, append, read_footer, write_footer
from dashboard.exports.job import Job
from dashboard.exports.rows import GROUP

CHUNK = 1 << 20
# Two workers hold one group of rows each while they write: about so many cells of it fit.
CELLS = 960_000
VECTOR = 2_048


def parquet(job: Job) -> Iterator[bytes]:
    """Write a Parquet file; codes are text in dictionaries, and the key `about` of its metadata holds the notes as JSON."""
    columns = [(column.heading, column.expression) for column in job.columns]
    job.values["about"] = job.notes.as_json()
    size = min(GROUP // 4, max(1, CELLS // len(job.columns) // VECTOR) * VECTOR)
    how = f"FORMAT parquet, ROW_GROUP_SIZE {size}, KV_METADATA {{about: $about}}"
    joined, place = None, len(MAGIC)
    yield MAGIC
    for part in job.parts(columns, how, how, small=0, groups=4):
        footer, end = read_footer(part.path, place - len(MAGIC), len(joined.groups) if joined is not None else 0)
        joined = append(joined, footer)
        with part.path.open("rb") as file:
            file.seek(len(MAGIC))
            left = end - len(MAGIC)
            place += left
            while chunk := file.read(min(CHUNK, left)):
                left -= len(chunk)
                yield chunk
    if joined is not None:
        yield from write_footer(joined)
