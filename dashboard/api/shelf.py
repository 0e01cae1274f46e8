"""The public files of editions that this worker has open, and pages of figures as JSON; nothing else is read here."""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from dashboard.api.kept import QUERY, Kept
from dashboard.db import CONFIGURATION, EDITION_NAME, EditionError, current_file
from dashboard.exports.options import ExportError, Options
from dashboard.exports.published import Published, read_published
from dashboard.exports.rows import Rows
from dashboard.exports.selection import select
from dashboard.filters import Filters
from dashboard.frames import without_frames

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EDITIONS_OPEN, EDITIONS_LISTED = 4, 1_000
_opening = Lock()
# Up to so many figures are kept in memory by each worker, 0.7 kB apiece; larger editions are asked page by page.
MOST_KEPT = 100_000


class Shelf:
    """One edition's public file, open for reading; each question runs in a cursor of its own.

    The figures of the current edition are kept in memory, where they are not too many; older ones are seldom asked for.
    """

    def __init__(self, path: Path, name: str, connection: DuckDBPyConnection, current: bool) -> None:
        self.path, self.name = path, name
        self._connection = connection
        with without_frames():
            self.published: Published = read_published(self.rows, path, name, "en", ages=True)
        ((self.figures, last),) = self.fetch("SELECT count(*), coalesce(max(rowid) + 1, 0) FROM e.observation")
        self._kept = Kept(self.fetch(QUERY)) if current and last == self.figures <= MOST_KEPT else None

    @property
    def as_of(self) -> str:
        """Give the day of the edition, as 2026-01-31."""
        return self.published.manifest["as_of"]

    @property
    def rows(self) -> Rows:
        """Give a reader of its own to one thread."""
        return Rows(self._connection.cursor(), self.path.parent)

    def fetch(self, query: str, values: dict[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Give all rows of a small question."""
        with without_frames():
            return self.rows.fetch(query, values)

    def page(self, filters: Filters, options: Options, after: int | None, limit: int) -> tuple[bytes, int, int | None]:
        """Give a page of the chosen figures in the order of the edition: the JSON, how many they are, the key of the last.

        A figure's key is its place in the edition, which never changes. The key is None where no figure follows the page.
        Errors: FilterError for a code that the edition does not know.
        """
        selection = select(self.published, filters, options)
        if self._kept is not None:
            return self._kept.page(filters, options.indicators or (), after, limit)
        values = {**selection.values, "after": -1 if after is None else after, "most": limit + 1}
        found = self.fetch(f"{_PAGE} WHERE {selection.condition} AND rowid > $after LIMIT $most", values)
        # To have them put in order would cost twice as much: one thread reads the table from its beginning to its end.
        if any(one >= other for (one, _), (other, _) in pairwise(found)):
            raise EditionError(f"Edition {self.name} gave figures out of their order; check it with: pembe verify")
        number = min(len(found), limit)
        content = ",".join([row[1] for row in found[:number]]).encode()
        return content, number, found[number - 1][0] if len(found) > limit else None


_PAGE = "SELECT rowid, to_json(observation)::VARCHAR FROM e.observation"


def current_name() -> str:
    """Give the name of the current edition; raises EditionError where there is none."""
    return current_file()[1]


def shelf(name: str) -> Shelf | None:
    """Give an edition by its name, which was checked; None where there is none, EditionError where it cannot be read."""
    current, current_edition = current_file()
    path = current.parent.parent / name / "public.duckdb"
    if not path.is_file():
        return None
    # Many ask at once for an edition that is new: one thread opens it for all.
    with _opening:
        return _opened(path, name, name == current_edition)


def editions() -> dict[str, str | None]:
    """Give the names of all editions that are there, the newest first, with their days; None for one that cannot be read."""
    folder = current_file()[0].parent.parent
    paths = {path.parent.name: path for path in folder.glob("*/public.duckdb")}
    return {name: _day(paths[name]) for name in sorted(paths, reverse=True) if EDITION_NAME.fullmatch(name)}


@lru_cache(maxsize=EDITIONS_OPEN)
def _opened(path: Path, name: str, current: bool) -> Shelf:
    # Imported in the worker only: after a fork, the threads that the import starts are gone and the worker aborts at its end.
    import duckdb

    try:
        return Shelf(path, name, _connected(path), current)
    except (duckdb.Error, ExportError) as fault:
        raise EditionError(f"Edition {name} cannot be read; check it with: pembe verify") from fault


@lru_cache(maxsize=EDITIONS_LISTED)
def _day(path: Path) -> str | None:
    import duckdb

    try:
        with closing(_connected(path)) as connection:
            found = connection.execute("SELECT value FROM e.manifest WHERE name = 'as_of'").fetchone()
    except duckdb.Error:
        return None
    return found[0] if found is not None else None


def _connected(path: Path) -> DuckDBPyConnection:
    import duckdb

    # Attaching a file by its path is part of access from outside, which is closed right after.
    connection = duckdb.connect(":memory:", config={**CONFIGURATION, "enable_external_access": True, "lock_configuration": False})
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS e (READ_ONLY)")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
