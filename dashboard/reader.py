"""A process of its own that reads a public file whole and hands it on: what DuckDB needs for that never weighs on a worker.

`python -m dashboard.reader FILE` writes the edition to its output as Python's own bytes, for the process that started it.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from dashboard.db import CONFIGURATION
from dashboard.edition import (
    DIMENSIONS,
    Change,
    Edition,
    Indicator,
    Measure,
    Presence,
    Source,
    Submission,
    indexed,
    read_figures,
    whole,
)
from dashboard.frames import without_frames
from dashboard.notes import read_notes
from schemas.places import REPORTER_ROLES, countries

# What speaks of a whole country and of one law: only a source that counts one offence alone may name it.
COUNTRY_WIDE = (
    "ref_subarea = '_T' AND (offence IN ('_T', '_Z') OR (origin <> 'COMPUTED' AND offence IN ('TIP', 'SOM', 'TIPSOM')))"
)
# A figure whose indicator the edition does not name has no words to be shown in.
IN_REGION = "ref_area IN (SELECT unnest($region)) AND indicator IN (SELECT code FROM indicator)"


def read_edition(path: Path) -> Edition:
    """Read the edition of a public file, and what is otherwise in it than in the one before; duckdb.Error where it is damaged."""
    with closing(duckdb.connect(str(path), read_only=True, config=CONFIGURATION)) as connection, without_frames():
        edition = _load(connection, path.parent.name)
        now = _stated(connection)
    before = _edition_before(path)
    if before is None:
        return edition
    try:
        with closing(duckdb.connect(str(before), read_only=True, config=CONFIGURATION)) as older, without_frames():
            return replace(edition, before=before.parent.name, changes=_changes(_stated(older), now))
    except duckdb.Error:
        # An older edition that is damaged, or was built before these tables, is no reason to hide this one.
        return edition


def _edition_before(path: Path) -> Path | None:
    """Give the public file of the edition that was written last before this one, by the time of the file."""
    written = path.stat().st_mtime_ns
    others = [(other.stat().st_mtime_ns, other) for other in path.parent.parent.glob("*/public.duckdb") if other != path]
    return max((pair for pair in others if pair[0] < written), default=(0, None))[1]


def _stated(connection: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], str]:
    region = [country.iso3 for country in countries().values() if country.role in REPORTER_ROLES]
    held = {column for column, *_ in connection.execute("DESCRIBE observation").fetchall()}
    total = " AND ".join(f"{name} = '_T'" for name in DIMENSIONS if name in held)
    query = f"{_STATED} WHERE {total} AND {COUNTRY_WIDE} AND {IN_REGION} GROUP BY ALL ORDER BY ALL"
    return {tuple(row[:-1]): row[-1] for row in connection.execute(query, {"region": region}).fetchall()}


def _changes(before: dict[tuple[Any, ...], str], after: dict[tuple[Any, ...], str]) -> tuple[Change, ...]:
    differ = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(Change._make((*key[:5], before.get(key), after.get(key))) for key in differ)


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> Edition:
    region = {"region": [country.iso3 for country in countries().values() if country.role in REPORTER_ROLES]}

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, region if "$region" in query else None).fetchall()

    manifest = dict(rows("SELECT name, value FROM manifest"))
    held = {column for column, *_ in rows("DESCRIBE observation")}
    cells = indexed(read_figures(rows(_figures(held))))
    return Edition(
        name=name,
        as_of=manifest["as_of"],
        figures=whole(cells),
        cells=cells,
        presences=tuple(map(Presence._make, rows(_presences(held)))),
        submissions={row[0]: Submission._make((*row[:10], tuple(row[10]), *row[11:])) for row in rows(_SUBMISSIONS)},
        sources={row[0]: Source._make(row) for row in rows(_SOURCES)},
        indicators={row[0]: Indicator._make(row) for row in rows("SELECT code, domain, count_unit, formula FROM indicator")},
        labels={(listed, code, language): label for listed, code, language, label in rows(_LABELS)},
        order={(listed, code): place for listed, code, place in rows(_ORDER)},
        parents={(listed, code): above for listed, code, above in rows(_PARENTS)},
        manifest=manifest,
        notes=read_notes(rows),
        measures=tuple(map(Measure._make, rows(_MEASURES))),
        before=None,
        changes=(),
    )


def _figures(held: set[str]) -> str:
    # An edition of before protection, to which the pointer may be turned back, has neither these dimensions nor this field.
    broken = ", ".join(name if name in held else f"'_T' AS {name}" for name in DIMENSIONS)
    protection = "protection" if "protection" in held else "NULL"
    return f"""
SELECT observation_id, submission_id, source, origin, invented, ref_area, indicator, count_unit, offence, period_type,
    time_period, period_start, period_end, year(period_end)::INTEGER AS year, obs_value, value_raw, value_lower, value_upper,
    obs_status, obs_status_2, obs_comment, conf_status, source_type, {protection} AS protection, {broken}
FROM observation WHERE {COUNTRY_WIDE} AND {IN_REGION}
ORDER BY ref_area, year, period_start, source, submission_id, observation_id"""


def _presences(held: set[str]) -> str:
    total = " AND ".join(f"{name} = '_T'" for name in DIMENSIONS if name in held)
    return f"""
SELECT ref_area, indicator, year(observation.period_end)::INTEGER AS year, observation.source, origin, observation.invented,
    submission.status, count(*)::INTEGER AS figures, count(coalesce(obs_value, value_lower))::INTEGER AS said,
    count(*) FILTER (NOT ({COUNTRY_WIDE} AND {total}))::INTEGER AS parts
FROM observation JOIN submission USING (submission_id)
WHERE {IN_REGION} AND indicator IN (SELECT code FROM indicator WHERE kind IN ('count', 'sum', 'reported'))
GROUP BY ALL ORDER BY ALL"""


_SUBMISSIONS = """
SELECT submission_id, source, reporting_country, domain, status, invented, period_start, period_end, received_at, calendar_raw,
    language_raw, legal_definition_note, coverage_note
FROM submission ORDER BY reporting_country, period_start, submission_id"""
_SOURCES = """
SELECT name, title, publisher, url, licence, invented, legal_definition, coverage, note, origin FROM source ORDER BY name"""
_STATED = """
SELECT ref_area, source, indicator, time_period, year(period_end)::INTEGER, count_unit::VARCHAR,
    string_agg(coalesce(format('{:g}', obs_value), value_raw, obs_status::VARCHAR), ' / ' ORDER BY obs_value, value_raw)
FROM observation"""
_MEASURES = """
SELECT source, submission_id, measure, field, value, numerator, denominator FROM quality_measure
ORDER BY source, submission_id, measure, field"""
_LABELS = "SELECT list, code, language, label FROM code"
_ORDER = "SELECT DISTINCT list, code, position FROM code"
_PARENTS = "SELECT DISTINCT list, code, parent FROM code WHERE parent IS NOT NULL"


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:
        # whatever DuckDB may print, such as its progress, must not get between our bytes
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        pickle.dump(read_edition(Path(sys.argv[1])), output, pickle.HIGHEST_PROTOCOL)
