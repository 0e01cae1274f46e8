"""What was read of a source in, the reasons out for which nothing of it may be published: a green check means that it is fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.source import Source, undecided

if TYPE_CHECKING:
    import duckdb

ACCEPTED = 0.05  # share of rows refused that needs no reason
LISTED = 8  # columns that a sentence names
# A value that was read, and one that nobody could read; a missing or hidden one is neither.
_READ = "('EXACT', 'FOLDED', 'ALIAS', 'DECLARED', 'COMPUTED', 'APPROX', 'CORRECTED')"
_UNREAD = "('ASK', 'NONE')"
_ACCOUNT = "SELECT rows_raw, rows_ok, rows_rejected, rows_skipped FROM submission WHERE source = $source"
_FIELDS = f"""
SELECT field, any_value(raw_field), sum(count_rows)::BIGINT FROM ruling WHERE source = $source AND count_rows > 0
GROUP BY field HAVING bool_or(match IN {_UNREAD}) AND NOT bool_or(match IN {_READ}) ORDER BY field"""


def unfit(connection: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    """Give one sentence for each reason why a source that was read is unfit: none where it is fit.

    connection: holds its `submission` and `ruling`. The reasons: columns that nobody has decided; a larger share of rows
    refused than the declaration accepts (`accept_refused`; 5 % where it says nothing); a mapped column with values of which
    none could be read.
    """
    # rows that are refused because a field is unread have that one cause
    return [*_undecided(source), *(_unread(connection, source) or _refused(connection, source))]


def account(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[int, ...]:
    """Give how many rows of a source were read, kept, refused and skipped, over all of its submissions."""
    return tuple(map(sum, zip((0, 0, 0, 0), *connection.execute(_ACCOUNT, {"source": source}).fetchall(), strict=True)))


def _undecided(source: Source) -> list[str]:
    left = undecided(source)
    if not left:
        return []
    named = ", ".join(map(repr, left[:LISTED])) + (f" and {len(left) - LISTED} more" if len(left) > LISTED else "")
    return [
        f"{source.where('ignore')}: {_number(len(left), 'column')} left to decide: {named}; "
        "give each a field under `columns`, or write under `ignore` why it is left out"
    ]


def _refused(connection: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    read, _, refused, skipped = account(connection, source.name)
    rows = read - skipped
    accepted = source.accept_refused.share if source.accept_refused is not None else ACCEPTED
    if refused <= accepted * rows:
        return []
    enough = -(-refused * 1000 // rows) / 1000
    return [
        f"{source.where('accept_refused')}: {refused} of {rows} rows are refused, more than the {accepted:.1%} "
        "that are accepted; mend what the problems name, or declare why so many are refused: "
        f"`accept_refused: {{share: {enough}, because: ...}}`"
    ]


def _unread(connection: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    rows = connection.execute(_FIELDS, {"source": source.name}).fetchall()
    return [
        f"{source.where('columns', field)}: none of the values of the column {raw!r} could be read ({_number(count, 'row')}); "
        "give its words, or another field or reading"
        for field, raw, count in rows
    ]


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}".replace(",", " ")
