"""The file that may be shown to anyone: protected figures, figures that states or bodies published, measures and words.

Invented samples are protected exactly as real records are.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.plan import Plan
from etl.protect import PUBLIC
from etl.quality import cross
from etl.shown import CONFIDENTIAL
from schemas.codelists import codelist, codelist_names
from schemas.indicators import LANGUAGES, indicators
from schemas.places import countries
from schemas.protection import HIDDEN, NOT_LISTED, bounds, odds, perturbation
from schemas.rules import rules
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

LEAST = 10
BASE = 5
# How many rows a file of cases has, and how large it is, tells of the persons in it.
_SUBMISSIONS = (
    "REPLACE ("
    + ", ".join(
        f"CASE WHEN grain <> 'MICRO' THEN {name} END AS {name}"
        for name in ("rows_raw", "rows_ok", "rows_rejected", "rows_skipped", "bytes")
    )
    + ")"
)
_ROUNDED = f"CASE WHEN {{0}} >= {LEAST} THEN {BASE} * round({{0}} / {BASE}.0)::BIGINT END"
_PROBLEMS = f"""
CREATE TABLE quality AS
SELECT source, rule_id, severity, {_ROUNDED.format("times")} AS count_problems FROM (
    SELECT submission.source, rule_id, problem.severity::VARCHAR AS severity, count(*) AS times
    FROM newer.problem JOIN newer.submission USING (submission_id) GROUP BY ALL
)
ORDER BY ALL"""
# Of a share of records only whole per cents leave the house, and none from which few records could be worked out: those
# that lack something are a small count as much as those that have it.
_QUALITY = f"""
CREATE TABLE quality_measure AS
SELECT source, submission_id, measure, field,
    CASE WHEN NOT micro THEN round(value) WHEN numerator IS NULL THEN value
        WHEN numerator = denominator OR numerator = 0 THEN value
        WHEN least(numerator, denominator - numerator) >= 2 * {LEAST} THEN round(value) END AS value,
    CASE WHEN NOT micro AND least(numerator, denominator) >= {LEAST} THEN numerator END AS numerator,
    CASE WHEN NOT micro AND least(numerator, denominator) >= {LEAST} THEN denominator END AS denominator
FROM newer.quality_measure
JOIN (
    SELECT source, measure, bool_or(grain = 'MICRO') AND measure IN ('DQ_COMPL', 'DQ_VALID', 'DQ_UNIQ', 'DQ_COHER') AS micro
    FROM newer.submission, (SELECT DISTINCT measure FROM newer.quality_measure) GROUP BY source, measure
) USING (source, measure)
WHERE measure <> 'DQ_XCOH' AND coalesce(denominator, {LEAST}) >= {LEAST}
UNION ALL BY NAME ({cross("newer.shown")})
ORDER BY measure, source, submission_id, field"""
TITLE = "Pembe: harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa"
LICENCE = "each source under the licence that the table `source` names; the compilation may be used with its citation"


def write_public(connection: duckdb.DuckDBPyConnection, name: str, plans: list[Plan], today: datetime.date) -> None:
    """Fill the public file, see `etl.store.open_public`; the same records give the same rows in the same order."""
    fields = ", ".join(f'"{field.name}"' for field in table("observation").fields if field.disclosure != "I")
    connection.execute(
        f"CREATE TABLE observation AS SELECT {fields} FROM newer.shown "
        "ORDER BY ref_area, indicator, period_start, source, observation_id"
    )
    _copy_submissions(connection)
    connection.execute(_PROBLEMS)
    connection.execute(_QUALITY)
    connection.execute("CREATE TABLE protection_cost AS SELECT * FROM newer.protection_cost")
    write_words(connection, plans)
    connection.execute("CREATE TABLE manifest (name VARCHAR, value VARCHAR)")
    facts = {"edition": name, "as_of": today.isoformat(), "sources": str(len(plans)), **_promises(), **_citation(name, today)}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", list(facts.items()))


def _copy_submissions(connection: duckdb.DuckDBPyConnection) -> None:
    fields = ", ".join(f'"{field.name}"' for field in table("submission").fields if field.disclosure != "I")
    connection.execute(
        f"CREATE TABLE submission AS SELECT * {_SUBMISSIONS} FROM (SELECT {fields} FROM newer.submission) "
        "ORDER BY reporting_country, period_start, source, submission_id"
    )


def _promises() -> dict[str, str]:
    """Say what the protection of this file is, in numbers that anyone can compute from the published table."""
    rules = perturbation(PUBLIC)
    stated = odds(PUBLIC)
    unlisted, hidden = bounds(PUBLIC)[NOT_LISTED], bounds(PUBLIC)[HIDDEN]
    return {
        "audience": PUBLIC,
        "threshold": str(rules.audience.threshold),
        "perturbation_table": f"{rules.name} sha256 {rules.sha256}",
        "odds": f"at most {stated['worst']} and on average {stated['mean']} that one more person changes what a cell that counts "
        f"her says; of the others only those change that are {CONFIDENTIAL} before or after",
        "odds_worst": str(stated["worst"]),
        "odds_mean": str(stated["mean"]),
        "hidden": f"<{rules.audience.threshold}: the true count is {hidden[0]} to {hidden[1]}, of a total 0 to {hidden[1]}",
        "hidden_aside": f"{CONFIDENTIAL}: hidden together with another cell of the same sum, one of which is small",
        "unlisted": f"a cell counted from records that is not listed holds {unlisted[0]} to {unlisted[1]}",
    }


def _citation(name: str, today: datetime.date) -> dict[str, str]:
    return {
        "title": TITLE,
        "licence": LICENCE,
        "citation_title": TITLE,
        "citation_year": str(today.year),
        "citation_version": name,
    }


def write_words(connection: duckdb.DuckDBPyConnection, plans: list[Plan]) -> None:
    """Write the tables of sources, of codes with their labels, of indicators and of rules."""
    connection.execute(
        'CREATE TABLE source (name VARCHAR, title VARCHAR, publisher VARCHAR, country VARCHAR, domain VARCHAR, "table" VARCHAR, '
        "source_type VARCHAR, count_unit VARCHAR, origin VARCHAR, invented BOOLEAN, url VARCHAR, licence VARCHAR, "
        "languages VARCHAR[], calendar VARCHAR, legal_definition VARCHAR, coverage VARCHAR, note VARCHAR)"
    )
    for plan in plans:
        source = plan.source
        connection.execute(
            f"INSERT INTO source VALUES ({', '.join('?' * 17)})",
            [
                source.name, source.title, source.publisher, source.country, source.domain, source.table, source.source_type,
                source.count_unit, source.origin, source.invented, source.url, source.licence, source.languages, source.calendar,
                source.legal_definition, source.coverage, source.note,
            ],
        )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for name in codelist_names():
        listed = codelist(name)
        for place, code in enumerate(listed.codes):
            above = listed.parent(code)
            rows += [(name, code, place, above, language, listed.label(code, language)) for language in LANGUAGES]
    for place, country in enumerate(countries().values()):
        rows += [("COUNTRY", country.iso3, place, None, language, country.label(language)) for language in LANGUAGES]
    for place, indicator in enumerate(indicators().values()):
        rows += [("INDICATOR", indicator.code, place, None, language, indicator.label(language)) for language in LANGUAGES]
    _table(connection, "code", ("list", "code", "position", "parent", "language", "label"), rows)
    counted = [(one.code, one.domain, one.count_unit, one.formula, one.standard, one.kind) for one in indicators().values()]
    _table(connection, "indicator", ("code", "domain", "count_unit", "formula", "standard", "kind"), counted)
    _table(connection, "rule", ("rule_id", "severity", "title"), [(item.id, item.severity, item.title) for item in rules()])


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> None:
    """Write a table of words at once: row by row is a thousand times slower."""
    words = pa.table({column: [row[place] for row in rows] for place, column in enumerate(columns)})
    connection.register("words", words)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM words")
    connection.unregister("words")
