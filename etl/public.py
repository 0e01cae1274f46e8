"""The file that may be shown to anyone: figures that states or bodies published, figures of invented samples, and words.

Nothing counted from real case rows stands here: such counts wait for protected cells.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.plan import Plan
from etl.store import CONFIGURATION
from schemas.codelists import codelist, codelist_names
from schemas.indicators import LANGUAGES, indicators
from schemas.places import countries
from schemas.rules import rules
from schemas.tables import enum_ddl, table

LEAST = 10
# The fields of an observation and of a submission that may leave the house: disclosure class N.
SHOWN = "conf_status IN ('F', 'D') AND (invented OR origin = 'PUBLISHED')"

# Of real sources only whole per cents of enough cells leave the house; their ratio to a published figure would give it away.
_QUALITY = f"""
CREATE TABLE quality_measure AS
SELECT source, submission_id, measure, field, CASE WHEN invented THEN value ELSE round(value) END AS value,
    CASE WHEN invented OR least(numerator, denominator) >= {LEAST} THEN numerator END AS numerator,
    CASE WHEN invented OR least(numerator, denominator) >= {LEAST} THEN denominator END AS denominator
FROM records.quality_measure
JOIN (SELECT source, bool_and(invented) AS invented FROM records.submission GROUP BY source) USING (source)
WHERE invented OR (measure <> 'DQ_XCOH' AND coalesce(denominator, {LEAST}) >= {LEAST})
ORDER BY measure, source, submission_id, field"""


def write_public(folder: Path, name: str, plans: list[Plan], today: datetime.date) -> None:
    """Write `public.duckdb` beside `records.duckdb` in a folder; the same records give the same rows in the same order."""
    connection = duckdb.connect(str(folder / "public.duckdb"), config=CONFIGURATION)
    try:
        for statement in enum_ddl():
            connection.execute(statement)
        records = str(folder / "records.duckdb").replace("'", "''")
        connection.execute(f"ATTACH '{records}' AS records (READ_ONLY)")
        _copy(connection, "observation", f"WHERE {SHOWN} ORDER BY ref_area, indicator, period_start, source, observation_id")
        _copy(connection, "submission", "ORDER BY reporting_country, period_start, source, submission_id")
        connection.execute(
            "CREATE TABLE quality AS SELECT submission.source, problem.rule_id, problem.severity::VARCHAR AS severity, "
            f"CASE WHEN submission.invented OR count(*) >= {LEAST} THEN count(*) END AS count_problems "
            "FROM records.problem JOIN records.submission USING (submission_id) "
            "GROUP BY submission.source, problem.rule_id, problem.severity, submission.invented ORDER BY ALL"
        )
        connection.execute(_QUALITY)
        connection.execute("DETACH records")
        _write_words(connection, plans)
        connection.execute("CREATE TABLE manifest (name VARCHAR, value VARCHAR)")
        facts = {"edition": name, "as_of": today.isoformat(), "sources": str(len(plans))}
        connection.executemany("INSERT INTO manifest VALUES (?, ?)", list(facts.items()))
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def _copy(connection: duckdb.DuckDBPyConnection, name: str, how: str) -> None:
    fields = ", ".join(f'"{field.name}"' for field in table(name).fields if field.disclosure != "I")
    connection.execute(f"CREATE TABLE {name} AS SELECT {fields} FROM records.{name} {how}")


def _write_words(connection: duckdb.DuckDBPyConnection, plans: list[Plan]) -> None:
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
