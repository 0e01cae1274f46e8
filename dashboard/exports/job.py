"""One export on its way: the open edition, what was chosen of it, what it announces; and the check that it keeps its word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.exports.facts import Facts
from dashboard.exports.notes import Notes
from dashboard.exports.options import ExportError, Options
from dashboard.exports.published import Published
from dashboard.exports.rows import FIRST, Part, Rows
from dashboard.exports.selection import Column, Selection, quoted
from dashboard.filters import Filters

# The number of a row in its file, in the SQL that `numbered` takes; no field is called so.
ROW_NUMBER = "row_of_file"


@dataclass(frozen=True, slots=True)
class Job:
    """What a format needs to write a file.

    table: where the columns stand, None for `e.observation` itself. lines: the rows of the file, which in the long form are
    as many as its figures. values: those that the selection and the columns name.
    """

    rows: Rows
    published: Published
    filters: Filters
    options: Options
    selection: Selection
    columns: tuple[Column, ...]
    table: str | None
    lines: int
    values: dict[str, object]
    facts: Facts
    notes: Notes

    def parts(
        self,
        columns: Sequence[tuple[str, str]],
        first: str,
        others: str,
        small: int = FIRST,
        groups: int = 2,
        whole: bool = False,
    ) -> Iterator[Part]:
        """Write columns, given by heading and SQL, into parts; ExportError where they are not as many rows as announced.

        groups: as `Rows.parts` takes it. whole: whether the SQL looks at all rows together, so that they cannot be parted.
        """
        listed = ", ".join(f"{expression} AS {quoted(heading)}" for heading, expression in columns)
        if self.table is not None:
            return checked(self.lines, iter([self.rows.copy(f"SELECT {listed} FROM {self.table}", first, self.values)]))
        if whole:
            query = f"SELECT {listed} FROM e.observation WHERE {self.selection.condition} ORDER BY rowid"
            return checked(self.lines, iter([self.rows.copy(query, first, self.values)]))
        query = f"SELECT {listed} FROM e.observation WHERE rowid >= $low AND rowid < $high AND {self.selection.condition}"
        return checked(self.lines, self.rows.parts(query, first, others, self.values, small, groups))

    def numbered(self, expression: str, how: str, first: int) -> Iterator[Part]:
        """Write one column into parts, given by SQL in which ROW_NUMBER is the number of a row as text, from `first` on.

        Errors: ExportError where they are not as many rows as announced.
        """
        numbered = f"SELECT *, ({first - 1} + $before + row_number() OVER ())::VARCHAR AS {ROW_NUMBER} FROM"
        if self.table is not None:
            query = f"SELECT {expression} FROM ({numbered} {self.table})"
            return checked(self.lines, iter([self.rows.copy(query, how, {**self.values, "before": 0})]))
        chosen = f"e.observation WHERE rowid >= $low AND rowid < $high AND {self.selection.condition}"
        query = f"SELECT {expression} FROM ({numbered} {chosen})"
        return checked(self.lines, self.rows.parts(query, how, how, self.values, 0, 2, self.selection.condition))


def checked(announced: int, parts: Iterator[Part]) -> Iterator[Part]:
    """Hand parts on and count their rows; raises ExportError at the end where they are not as many as announced."""
    written = 0
    for part in parts:
        written += part.rows
        yield part
    agree(announced, written)


def agree(announced: int, written: int) -> None:
    """Raise ExportError unless as many rows were written as were announced."""
    if announced != written:
        raise ExportError(
            f"the export announced {announced} figures and wrote {written}, so it is not to be used; check the edition with: "
            "pembe verify"
        )
