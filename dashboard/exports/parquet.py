"""Parquet: parts written by two workers, their row groups one after another, the notes in the metadata of the file."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.exports.footer import MAGIC, append, read_footer, write_footer
from dashboard.exports.job import Job, checked
from dashboard.exports.rows import GROUP
from dashboard.exports.selection import question

CHUNK = 1 << 20
HOW = f"FORMAT parquet, ROW_GROUP_SIZE {GROUP // 4}, KV_METADATA {{about: $about}}"


def parquet(job: Job) -> Iterator[bytes]:
    """Write a Parquet file; codes are text in dictionaries, and the key `about` of its metadata holds the notes as JSON."""
    query = question([(column.heading, column.expression) for column in job.columns], job.selection)
    job.values["about"] = job.notes.as_json()
    joined, place = None, len(MAGIC)
    yield MAGIC
    for part in checked(job, job.rows.parts(query, HOW, HOW, job.values, small=0)):
        footer, end = read_footer(part.path)
        joined = append(joined, footer, place - len(MAGIC))
        with part.path.open("rb") as file:
            file.seek(len(MAGIC))
            left = end - len(MAGIC)
            place += left
            while chunk := file.read(min(CHUNK, left)):
                left -= len(chunk)
                yield chunk
    if joined is not None:
        yield from write_footer(joined)
