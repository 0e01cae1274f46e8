"""The only file that opens a database: from the pointer to the current edition's public figures, held in memory."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.edition import Edition, Figure, Indicator, Presence, Source, Submission
from dashboard.frames import without_frames
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
# What speaks of a whole country and of all persons: only a source that counts one offence alone may name it.
WHOLE = (
    "ref_subarea = '_T' AND sex = '_T' AND age = '_T' AND citizenship = '_T' AND counterpart_area = '_T' AND exploitation = '_T' "
    "AND scope = '_T' AND stage = '_T' AND route = '_T' AND transport_mode = '_T' AND outcome = '_T' "
    "AND (offence IN ('_T', '_Z') OR (origin <> 'COMPUTED' AND offence IN ('TIP', 'SOM', 'TIPSOM')))"
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
        connection = duckdb.connect(str(path), read_only=True, config=CONFIGURATION)
        try:
            with without_frames():
                return _load(connection, name)
        finally:
            connection.close()
    except duckdb.Error as fault:
        raise EditionError(f"Edition {name} cannot be read; check it with: pembe verify") from fault


def _load(connection: DuckDBPyConnection, name: str) -> Edition:
    region = {"region": [country.iso3 for country in countries().values() if country.role in REPORTER_ROLES]}

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, region if "$region" in query else None).fetchall()

    manifest = dict(rows("SELECT name, value FROM manifest"))
    return Edition(
        name=name,
        as_of=manifest["as_of"],
        figures=tuple(map(Figure._make, rows(_FIGURES))),
        presences=tuple(map(Presence._make, rows(_PRESENCES))),
        submissions={row[0]: Submission._make((*row[:10], tuple(row[10]), *row[11:])) for row in rows(_SUBMISSIONS)},
        sources={row[0]: Source._make(row) for row in rows(_SOURCES)},
        indicators={row[0]: Indicator._make(row) for row in rows("SELECT code, domain, count_unit, formula FROM indicator")},
        labels={(listed, code, language): label for listed, code, language, label in rows(_LABELS)},
    )


_FIGURES = f"""
SELECT observation_id, submission_id, source, origin, invented, ref_area, indicator, count_unit, offence, period_type,
    time_period, period_start, period_end, year(period_end)::INTEGER AS year, obs_value, value_raw, value_lower, value_upper,
    obs_status, obs_status_2, obs_comment
FROM observation WHERE {WHOLE} AND {IN_REGION} ORDER BY ref_area, year, period_start, source, submission_id, observation_id"""
_PRESENCES = f"""
SELECT ref_area, indicator, year(observation.period_end)::INTEGER AS year, observation.source, origin, observation.invented,
    submission.status, count(*)::INTEGER AS figures, count(coalesce(obs_value, value_lower))::INTEGER AS said,
    count(*) FILTER (NOT ({WHOLE}))::INTEGER AS parts
FROM observation JOIN submission USING (submission_id)
WHERE {IN_REGION} AND indicator IN (SELECT code FROM indicator WHERE kind IN ('count', 'sum', 'reported'))
GROUP BY ALL ORDER BY ALL"""
_SUBMISSIONS = """
SELECT submission_id, source, reporting_country, domain, status, invented, period_start, period_end, received_at, calendar_raw,
    language_raw, legal_definition_note, coverage_note
FROM submission ORDER BY reporting_country, period_start, submission_id"""
_SOURCES = """
SELECT name, title, publisher, url, licence, invented, legal_definition, coverage, note FROM source ORDER BY name"""
_LABELS = """
SELECT list, code, language, label FROM code
WHERE list IN ('COUNTRY', 'INDICATOR', 'CL_CALENDAR', 'CL_COUNT_UNIT', 'CL_OBS_STATUS', 'CL_OFFENCE', 'CL_ORIGIN',
    'CL_SUBMISSION_STATUS')"""
