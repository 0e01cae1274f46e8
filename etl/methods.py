"""What explains an edition to its reader: meanings and crosswalks of codes, terms, and how words were read.

How often a word was met is told by its order of magnitude alone, and the number at which it is told, or told otherwise, is
drawn from the key of the installation (see `etl.coarse`): one row more would else be seen at the tenth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from etl.coarse import LEAST, Coarse, drawn
from etl.source import Source
from etl.tabled import add_rows, write_table
from schemas.codelists import STANDARDS, codelist, codelist_names
from schemas.glossary import LANGUAGES, glossary, rule_titles
from schemas.places import area_labels, areas
from schemas.rules import rules

if TYPE_CHECKING:
    import duckdb

# Words of a list, not numbers, days or keys; what such a column holds is the same few words again and again.
READINGS = ("code", "codes", "country", "area", "yes_no", "sex_age")
MOST = 25  # words of one column of one source


def write_methods(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source], coarse: Coarse) -> None:
    """Write `code_meaning`, `crosswalk`, `term`, `rule_source`, `body_area` and `ruling_shown`, and more labels.

    The records must be attached as `newer`. Labels of rules (`RULE`) and of areas (`AREA`) join the table `code`, those of
    areas in the languages that have them.
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
    parameters = {"least": LEAST, "most": MOST, "readings": list(READINGS), "coarse": coarse.key}
    connection.execute(f"CREATE TABLE ruling_shown AS {_SHOWN}", parameters)


def _write_labels(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    covered = [(source.name, area) for source in sources for area in source.areas]
    write_table(connection, "body_area", _text("source", "area"), covered)
    labels: list[tuple[str, str, int, str | None, str, str]] = [
        ("RULE", rule.id, place, None, language, rule_titles()[rule.id, language])
        for place, rule in enumerate(rules())
        for language in LANGUAGES
    ]
    labels += [
        ("AREA", area, place, areas()[area].parent, language, label)
        for place, (area, named) in enumerate(area_labels().items())
        for language, label in named.items()
    ]
    add_rows(connection, "code", ("list", "code", "position", "parent", "language", "label"), labels)


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


# Words are shown where they were read and are not rare; what nobody could read may be anything, even a name. Who ruled is
# told as what ruled: the declaration of the institution, a list or a reading, and never a member of its staff.
_SHOWN = f"""
SELECT source, field, raw_field, raw_value, code, match,
    CASE WHEN match IN ('DECLARED', 'CORRECTED') THEN 'declaration ' || source || '.yml' ELSE decided_by END AS decided_by,
    (10 ** floor(log10(seen)))::INTEGER AS at_least
FROM (
    SELECT ruling.source, field, raw_field, raw_value, code, match::VARCHAR AS match, decided_by,
        count_rows / (1 + {drawn("concat_ws('|', 'word', ruling.source, field, raw_field, raw_value)")}) AS seen
    FROM newer.ruling
    WHERE list_contains($readings, reading) AND match NOT IN ('MISSING', 'ASK', 'NONE')
)
WHERE seen >= $least
QUALIFY row_number() OVER (PARTITION BY source, field, raw_field ORDER BY at_least DESC, raw_value) <= $most
ORDER BY source, field, raw_field, at_least DESC, raw_value"""
