"""The edition before this one, and what is different now: editions known, figures new, gone and changed, and by what.

Only what both public files say is told; a number that is no longer shown is not told again. Neither is it that a file was
sent again: where no figure moved, that alone would say that somebody joined or left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from etl.changes import Causes, find_causes
from etl.diff import DIMENSIONS, MOST, SHOWN
from etl.editions import Edition, current, list_editions, verify
from etl.errors import SourceError
from etl.tabled import write_table

if TYPE_CHECKING:
    import duckdb

# How it went: there was none before, the one before could not be read, or the two were compared.
FIRST, DAMAGED, COMPARED = "FIRST", "DAMAGED", "COMPARED"
# What a figure of an edition of an older program says in a dimension that it did not have.
ALL = "_T"
# Where nothing that is public moved a figure, its file did, and it may be asked whether it was sent again.
UNTOLD = ("day", "other source", "unexplained")
_EDITIONS = {
    "name": "VARCHAR", "as_of": "DATE", "public_sha256": "VARCHAR", "sources": "INTEGER",
    "submissions": "INTEGER", "figures": "BIGINT",
}  # fmt: skip
_CHANGES = {"kind": "VARCHAR", "why": "VARCHAR", "source": "VARCHAR", "indicator": "VARCHAR", "figures": "INTEGER"}
_FILES = """
SELECT coalesce(o.source, n.source) AS source, coalesce(o.submission_id, n.submission_id) AS submission, NULL AS file,
    CASE WHEN o.submission_id IS NULL THEN 'new' WHEN n.submission_id IS NULL THEN 'gone' ELSE 'now ' || n.status::VARCHAR END
        AS what,
    coalesce(least(o.period_start, n.period_start), o.period_start, n.period_start)::VARCHAR,
    coalesce(greatest(o.period_end, n.period_end), o.period_end, n.period_end)::VARCHAR
FROM before.submission AS o FULL JOIN main.submission AS n ON o.submission_id = n.submission_id AND o.source = n.source
WHERE o.submission_id IS NULL OR n.submission_id IS NULL OR o.status::VARCHAR IS DISTINCT FROM n.status::VARCHAR
    OR o.period_start <> n.period_start OR o.period_end <> n.period_end
ORDER BY ALL"""
_DIFFERENCES = {
    "kind": "VARCHAR", "why": "VARCHAR", "source": "VARCHAR", "ref_area": "VARCHAR", "indicator": "VARCHAR",
    "time_period": "VARCHAR", "count_unit": "VARCHAR", "breakdown": "VARCHAR", "before": "VARCHAR", "after": "VARCHAR",
}  # fmt: skip
_CAUSES = {"kind": "VARCHAR", "name": "VARCHAR", "what": "VARCHAR"}


def previous(data: Path, name: str) -> tuple[Edition | None, str]:
    """Give the edition that stood before `name` and whether it can be compared: FIRST, DAMAGED or COMPARED.

    It is the current one, or where that has this very name the newest of another name. Its bytes are checked, so that
    nothing is told from half a file.
    """
    try:
        held = current(data)
    except SourceError:
        held = None
    others = [edition for edition in list_editions(data) if edition.name != name]
    if held is None or held.name == name:
        held = others[-1] if others else None
    if held is None:
        return None, DAMAGED if (data / "editions" / "current").exists() and not list_editions(data) else FIRST
    try:
        return (held, COMPARED) if not verify(held) else (held, DAMAGED)
    except (SourceError, OSError):
        return held, DAMAGED


def write_history(connection: duckdb.DuckDBPyConnection, before: Edition | None, name: str) -> None:
    """Write `edition`, `edition_change`, `edition_difference` and `edition_cause`; empty where nothing can be compared.

    before: the edition before, attached as `before` (its public file) and `older` (its records) beside the records being
    built (`newer`).
    """
    rows = _editions(connection, before) if before is not None else []
    write_table(connection, "edition", _EDITIONS, [*rows, _this(connection, name)])
    changed = _changed(connection) if before is not None else []
    causes = find_causes(connection) if before is not None else None
    open_causes = _open_causes(connection, causes) if causes is not None else None
    told = [_told(row, causes, open_causes) for row in changed] if causes is not None and open_causes is not None else []
    counted = Counter((row[0], row[1], row[2], row[4]) for row in told)
    write_table(connection, "edition_change", _CHANGES, [(*key, count) for key, count in sorted(counted.items(), key=str)])
    write_table(connection, "edition_difference", _DIFFERENCES, told[:MOST])
    write_table(connection, "edition_cause", _CAUSES, _causes(open_causes) if open_causes is not None else [])


def _this(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[object, ...]:
    """Count what this edition holds; a file cannot hold its own hash, which stands in the manifest beside it."""
    row = connection.execute(
        "SELECT (SELECT value::DATE FROM manifest WHERE name = 'as_of'), NULL, (SELECT count(*) FROM source)::INTEGER, "
        "count(*)::INTEGER, (SELECT count(*) FROM observation) FROM submission"
    ).fetchone()
    assert row is not None
    return (name, *row)


def _editions(connection: duckdb.DuckDBPyConnection, before: Edition) -> list[tuple[object, ...]]:
    """Give the editions that the one before knew, and itself with the hash of its public file."""
    files = before.manifest["files"]
    assert isinstance(files, dict)
    columns = ", ".join(_EDITIONS)
    known: list[tuple[object, ...]] = []
    if "edition" in _tables(connection):
        known = connection.execute(f"SELECT {columns} FROM before.edition WHERE name <> ?", [before.name]).fetchall()
    row = connection.execute(
        "SELECT (SELECT value::DATE FROM before.manifest WHERE name = 'as_of'), (SELECT count(*) FROM before.source)::INTEGER, "
        "count(*)::INTEGER, (SELECT count(*) FROM before.observation) FROM before.submission"
    ).fetchone()
    assert row is not None
    return [*known, (before.name, row[0], files["public.duckdb"]["sha256"], *row[1:])]


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'before'"
    return {row[0] for row in connection.execute(query).fetchall()}


def _changed(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Give dimensions, submissions, and what each side says in public: None where it holds no such figure."""
    columns = {
        side: {row[0] for row in connection.execute(f"DESCRIBE {side}.observation").fetchall()} for side in ("before", "main")
    }
    said = r"""CASE WHEN obs_value IS NOT NULL THEN regexp_replace(obs_value::VARCHAR, '\.0$', '')
        ELSE coalesce(value_raw, '..') END
        || CASE WHEN obs_status IN ('A', 'V', 'Q') THEN '' ELSE ' (' || obs_status::VARCHAR || ')' END"""
    sides = []
    for side in ("before", "main"):
        dimensions = ", ".join(
            f"{name}::VARCHAR AS {name}" if name in columns[side] else f"'{ALL}' AS {name}" for name in DIMENSIONS
        )
        sides.append(
            f"SELECT {dimensions}, list_sort(list(DISTINCT submission_id)) AS submissions, "
            f"string_agg({said}, ' | ' ORDER BY obs_value, value_lower, obs_status) AS said, "
            f"bool_and(obs_value IS NOT NULL) AS shown FROM {side}.observation GROUP BY ALL"
        )
    keys = ", ".join(DIMENSIONS)
    # what was shown once and is hidden now may have been hidden for a reason: it is not shown again
    return connection.execute(
        f"SELECT {keys}, o.submissions, n.submissions, n.said, CASE WHEN n.shown THEN o.said WHEN o.said IS NOT NULL THEN '' END "
        f"FROM ({sides[0]}) AS o FULL JOIN ({sides[1]}) AS n USING ({keys}) "
        f"WHERE o.said IS DISTINCT FROM n.said ORDER BY {keys}"
    ).fetchall()


def _open_causes(connection: duckdb.DuckDBPyConnection, causes: Causes) -> Causes:
    """Leave of the causes what both public files say, and what concerns no row: which words and rows it touched is not told."""
    files = connection.execute(_FILES).fetchall()
    spans: dict[str, list[tuple[str, str]]] = {}
    for source, _, _, _, start, end in files:
        spans.setdefault(source, []).append((start, end))
    return replace(
        causes,
        files=tuple((source, submission, file, what) for source, submission, file, what, _, _ in files),
        spans=spans,
        reread=frozenset(causes.country),
        refusing=frozenset(),
    )


def _told(row: tuple[object, ...], causes: Causes, open_causes: Causes) -> tuple[object, ...]:
    *values, older, newer, after, before = row
    named = dict(zip(DIMENSIONS, map(str, values), strict=True))
    kind = "new" if before is None else "gone" if after is None else "changed"
    submissions = {*(older if isinstance(older, list) else []), *(newer if isinstance(newer, list) else [])}
    where = (named["source"], submissions, named["period_start"], named["period_end"], named["ref_area"], named["time_period"])
    why = open_causes.of(*where)
    if why in UNTOLD:
        why = causes.of(*where)
    breakdown = " ".join(f"{name}={named[name]}" for name in SHOWN if named[name] != ALL)
    return (
        kind, why, named["source"], named["ref_area"], named["indicator"], named["time_period"], named["count_unit"],
        breakdown, before, after,
    )  # fmt: skip


def _causes(causes: Causes) -> list[tuple[object, ...]]:
    """Name what changed beside figures; files by their submission, since their names and bytes stay in the house."""
    files = [("file", submission, what) for _, submission, _, what in causes.files]
    mappings = [("mapping", source, "changed") for source in sorted(causes.mappings)]
    return [*files, *mappings, *(("list", name, what) for name, what in causes.facts)]
