"""What a reader needs beside the figures: what compares with what, how words were read, and what changed since last time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from etl.coarse import Coarse
from etl.comparability import write_comparability
from etl.editions import Edition
from etl.history import COMPARED, DAMAGED, FIRST, previous, write_history
from etl.methods import write_methods
from etl.public import published_as_they_are
from etl.quality_history import write_quality
from etl.source import Source

_TOLD = {
    FIRST: "this is the first edition here, so that nothing is compared with an earlier one",
    DAMAGED: "the edition before this one cannot be read, so that nothing is compared with it; see `pembe verify`",
    COMPARED: "compared with {before}",
}


def write_notes(
    connection: duckdb.DuckDBPyConnection, data: Path, name: str, sources: list[Source], coarse: Coarse
) -> str:
    """Add to the public file of an edition being built all that explains its figures; say what it was compared with.

    The same records and the same edition before, of those in `data`, give the same rows in the same order. An edition
    before that is not there, or cannot be read, is told and stands in no one's way; the manifest tells `compared` and
    `compared_with`.
    """
    write_comparability(connection, sources)
    write_methods(connection, sources, coarse)
    published = published_as_they_are(sources)
    before, state = previous(data, name)
    if before is None or state != COMPARED or not _compare(connection, before, name, coarse, published):
        state = FIRST if state == FIRST else DAMAGED
        write_history(connection, None, name)
        write_quality(connection, coarse, published, compared=False)
    told = {"compared": state, "compared_with": before.name if before is not None else ""}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", list(told.items()))
    return _TOLD[state].format(before=told["compared_with"])


def _compare(
    connection: duckdb.DuckDBPyConnection, before: Edition, name: str, coarse: Coarse, published: frozenset[str]
) -> bool:
    """Write all that the comparison tells, or nothing: the edition before may be of an older make, or go while it is read."""
    try:
        with _attached(connection, {"before": before.public, "older": before.records}):
            connection.begin()
            try:
                write_history(connection, before, name)
                write_quality(connection, coarse, published, compared=True)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
    except duckdb.Error:
        return False
    return True


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, paths: Mapping[str, Path]) -> Iterator[None]:
    attached = []
    try:
        for name, path in paths.items():
            connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
            attached.append(name)
        yield
    finally:
        for name in attached:
            connection.execute(f"DETACH {name}")
