"""The only file that opens a database: from the pointer to the current edition's public figures, held in memory."""

from __future__ import annotations

import os
import re
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    whole,
)
from dashboard.frames import without_frames
from dashboard.notes import read_notes
from schemas.places import REPORTER_ROLES, countries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATA = Path(__file__).parent.parent / "data"
EDITION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# A visitor's process reads one file and nothing else, on one thread.
CONFIGURATION: dict[str, Any] = {
    "threads": 1,
    "memory_limit": "512MB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}
# What speaks of a whole country and of one law: only a source that counts one offence alone may name it.
COUNTRY_WIDE = (
    "ref_subarea = '_T' AND (offence IN ('_T', '_Z') OR (origin <> 'COMPUTED' AND offence IN ('TIP', 'SOM', 'TIPSOM')))"
)
# A figure whose indicator the edition does not name has no words to be shown in.
IN_REGION = "ref_area IN (SELECT unnest($region)) AND indicator IN (SELECT code FROM indicator)"


class EditionError(Exception):
    """Say which edition cannot be shown, and what to do."""


def current_edition() -> Edition:
    """Give the edition that the pointer names at this moment; raises EditionError when there is none to read."""
    return _edition(*current_file())


def current_file() -> tuple[Path, str]:
    """Give the public file that the pointer names at this moment, and its edition's name; raises EditionError without one."""
    editions = Path(os.environ.get("PEMBE_DATA", DATA)) / "editions"
    try:
        name = (editions / "current").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise EditionError("No edition has been published yet; build one with the command: pembe build") from fault
    if EDITION_NAME.fullmatch(name) is None:
        raise EditionError("The pointer to the current edition names no edition; point it with: pembe editions --use")
    path = editions / name / "public.duckdb"
    if not path.is_file():
        raise EditionError(f"Edition {name} is not there; point to another with: pembe editions --use")
    return path, name


@lru_cache(maxsize=2)
def _edition(path: Path, name: str) -> Edition:
    # Imported in the worker only: after a fork, the threads that the import starts are gone and the worker aborts at its end.
    import duckdb

    # An edition never changes, so that its name is all the key there is; two are kept for the moment of a change.
    try:
        with closing(duckdb.connect(str(path), read_only=True, config=CONFIGURATION)) as connection, without_frames():
            edition = _load(connection, name)
            now = _stated(connection)
    except duckdb.Error as fault:
        raise EditionError(f"Edition {name} cannot be read; check it with: pembe verify") from fault
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


def _stated(connection: DuckDBPyConnection) -> dict[tuple[Any, ...], str]:
    region = [country.iso3 for country in countries().values() if country.role in REPORTER_ROLES]
    held = {column for column, *_ in connection.execute("DESCRIBE observation").fetchall()}
    total = " AND ".join(f"{name} = '_T'" for name in DIMENSIONS if name in held)
    query = f"{_STATED} WHERE {total} AND {COUNTRY_WIDE} AND {IN_REGION} GROUP BY ALL ORDER BY ALL"
    return {tuple(row[:-1]): row[-1] for row in connection.execute(query, {"region": region}).fetchall()}


def _changes(before: dict[tuple[Any, ...], str], after: dict[tuple[Any, ...], str]) -> tuple[Change, ...]:
    differ = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(Change._make((*key[:5], before.get(key), after.get(key))) for key in differ)


def _load(connection: DuckDBPyConnection, name: str) -> Edition:
    region = {"region": [country.iso3 for country in countries().values() if country.role in REPORTER_ROLES]}

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, region if "$region" in query else None).fetchall()

    manifest = dict(rows("SELECT name, value FROM manifest"))
    held = {column for column, *_ in rows("DESCRIBE observation")}
    cells = indexed(rows(_figures(held)))
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
