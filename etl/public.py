"""The file that may be shown to anyone: protected figures, figures that states or bodies published, measures and words.

Invented samples are protected exactly as real records are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.coarse import Coarse
from etl.coarse_quality import measures_told, problems_told
from etl.plan import Plan
from etl.protect import PUBLIC
from etl.quality import cross
from etl.shown import CONFIDENTIAL
from etl.source import Source
from etl.tabled import write_table
from schemas.codelists import codelist, codelist_names
from schemas.indicators import LANGUAGES, indicators
from schemas.places import countries
from schemas.protection import HIDDEN, NOT_LISTED, bounds, odds, perturbation
from schemas.rules import rules
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

# What others published and what our own figures say of the same, both as they are shown.
_CROSS = f"INSERT INTO quality_measure BY NAME {cross('newer.shown')} ORDER BY source, submission_id, field"
_MEASURES = {
    "source": "VARCHAR", "submission_id": "VARCHAR", "measure": "VARCHAR", "field": "VARCHAR", "value": "DOUBLE",
    "numerator": "BIGINT", "denominator": "BIGINT",
}  # fmt: skip
_PROBLEMS = {"source": "VARCHAR", "rule_id": "VARCHAR", "severity": "VARCHAR", "count_rows": "INTEGER"}
TITLE = "Pembe: harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa"
LICENCE = "each source under the licence that the table `source` names; the compilation may be used with its citation"


def write_public(
    connection: duckdb.DuckDBPyConnection, name: str, plans: list[Plan], today: datetime.date, coarse: Coarse
) -> None:
    """Fill the public file, see `etl.store.open_public`; the same records and key give the same rows in the same order.

    coarse: what makes coarse the numbers that are no figures.
    """
    fields = ", ".join(f'"{field.name}"' for field in table("observation").fields if field.disclosure != "I")
    connection.execute(
        f"CREATE TABLE observation AS SELECT {fields} FROM newer.shown "
        "ORDER BY ref_area, indicator, period_start, source, observation_id"
    )
    _copy_submissions(connection)
    _write_quality(connection, coarse, published_as_they_are([plan.source for plan in plans]))
    write_words(connection, plans)
    connection.execute("CREATE TABLE manifest (name VARCHAR, value VARCHAR)")
    facts = {"edition": name, "as_of": today.isoformat(), "sources": str(len(plans)), **_promises(), **_citation(name, today)}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", list(facts.items()))


def published_as_they_are(sources: Iterable[Source]) -> frozenset[str]:
    """Name the sources whose figures are public as they are: nothing about them is to be made coarse."""
    return frozenset(source.name for source in sources if all(map(source.is_public, source.submissions)))


def _write_quality(connection: duckdb.DuckDBPyConnection, coarse: Coarse, published: frozenset[str]) -> None:
    write_table(connection, "quality", _PROBLEMS, problems_told(connection, coarse, published))
    measures = [
        (one.source, one.submission, one.measure, one.field, one.value, one.numerator, one.denominator)
        for one in measures_told(connection, coarse, published)
    ]
    write_table(connection, "quality_measure", _MEASURES, measures)
    connection.execute(_CROSS)


def _copy_submissions(connection: duckdb.DuckDBPyConnection) -> None:
    fields = ", ".join(f'"{field.name}"' for field in table("submission").fields if field.disclosure != "I")
    connection.execute(
        f"CREATE TABLE submission AS SELECT {fields} FROM newer.submission "
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
        "her says; of the others only those change that have status S before or after",
        "odds_worst": str(stated["worst"]),
        "odds_mean": str(stated["mean"]),
        "hidden": f"{CONFIDENTIAL} with status A: the true count is {hidden[0]} to {hidden[1]}, of a national total of a year "
        f"1 to {rules.audience.threshold - 1}, of a total of a shorter time 0 to {hidden[1]}; see value_lower and value_upper",
        "totals": f"national totals of a year are exact from {rules.audience.threshold} on and at 0",
        "hidden_aside": f"{CONFIDENTIAL} with status S: hidden together with another cell of the same sum, one of which is small",
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
