"""What explains an edition to its reader: meanings and crosswalks of codes, terms, and how words were read.

How often a word was met is told by its order of magnitude alone: an exact number would be a count that nobody protected.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from etl.public import LEAST
from etl.source import Source
from etl.tabled import add_rows, write_table
from schemas.codelists import STANDARDS, codelist, codelist_names
from schemas.glossary import LANGUAGES, glossary, rule_titles
from schemas.places import areas
from schemas.rules import rules

if TYPE_CHECKING:
    import duckdb

# Words of a list, not numbers, days or keys; what such a column holds is the same few words again and again.
READINGS = ("code", "codes", "country", "area", "yes_no", "sex_age")
MOST = 25  # words of one column of one source


def write_methods(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    """Write `code_meaning`, `crosswalk`, `term`, `rule_source`, `body_area`, `ruling_shown` and `ruling_hidden`, and more labels.

    The records must be attached as `newer`. Labels of rules (`RULE`) and of areas that bodies cover (`AREA`) join the
    table `code`; an area's name is the same in all languages.
    """
    meanings, crosses = [], []
    for name in codelist_names():
        listed = codelist(name)
        for code in listed.codes:
            meanings.append((name, code, listed.definition(code), listed.rows[code]["source"], listed.rows[code]["review"]))
            strings = ((standard, listed.crosswalk(code, standard)) for standard in STANDARDS)
            crosses += [(name, code, standard, text, listed.match(code, standard)) for standard, text in strings if text]
    write_table(connection, "code_meaning", _text("list", "code", "definition", "source", "review"), meanings)
    write_table(connection, "crosswalk", _text("list", "code", "standard", "string", "match"), crosses)
    terms = [
        (term.code, place, language, term.labels[language], term.meanings[language], term.source, language in term.review.split())
        for place, term in enumerate(glossary())
        for language in LANGUAGES
    ]
    columns = {"term": "VARCHAR", "position": "INTEGER", **_text("language", "label", "meaning", "source"), "review": "BOOLEAN"}
    write_table(connection, "term", columns, terms)
    write_table(connection, "rule_source", _text("rule_id", "source", "refuses"), [(r.id, r.source, r.refuses) for r in rules()])
    _write_labels(connection, sources)
    parameters = {"least": LEAST, "most": MOST, "readings": list(READINGS)}
    for table, query in (("ruling_shown", _SHOWN), ("ruling_hidden", _HIDDEN)):
        asked = {name: value for name, value in parameters.items() if f"${name}" in query}
        connection.execute(f"CREATE TABLE {table} AS {query}", asked)


def _write_labels(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    covered = [(source.name, area) for source in sources for area in source.areas]
    write_table(connection, "body_area", _text("source", "area"), covered)
    labels = [
        ("RULE", rule.id, place, None, language, rule_titles()[rule.id, language])
        for place, rule in enumerate(rules())
        for language in LANGUAGES
    ]
    labels += [
        ("AREA", area, place, None, language, areas()[area].name)
        for place, area in enumerate(sorted({area for _, area in covered}))
        for language in LANGUAGES
    ]
    add_rows(connection, "code", ("list", "code", "position", "parent", "language", "label"), labels)


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


# Words of real files are shown where they were read and are not rare; what nobody could read may be anything, even a name.
_RULED = """
SELECT ruling.source, field, raw_field, raw_value, code, match::VARCHAR AS match, decided_by, count_rows,
    invented OR (count_rows >= $least AND match NOT IN ('ASK', 'NONE')) AS told
FROM newer.ruling JOIN (SELECT source, bool_and(invented) AS invented FROM newer.submission GROUP BY source) USING (source)
WHERE list_contains($readings, reading) AND match <> 'MISSING' AND count_rows > 0"""
_SHOWN = f"""
SELECT source, field, raw_field, raw_value, code, match, decided_by, (10 ** floor(log10(count_rows)))::INTEGER AS at_least
FROM ({_RULED}) WHERE told
QUALIFY row_number() OVER (PARTITION BY source, field, raw_field ORDER BY count_rows DESC, raw_value) <= $most
ORDER BY source, field, raw_field, count_rows DESC, raw_value"""
_HIDDEN = f"""
WITH ruled AS (
    SELECT *, row_number() OVER (PARTITION BY source, field, raw_field, told ORDER BY count_rows DESC, raw_value) AS place
    FROM ({_RULED})
)
SELECT source, field, raw_field, count(*)::INTEGER AS words
FROM ruled WHERE NOT told OR place > $most GROUP BY ALL ORDER BY ALL"""
