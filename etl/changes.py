"""What differs between two editions before any figure: files, mappings, words read anew, refusals, lists, program, day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# In this order a figure is given its one cause.
WHY = ("decision", "source", "mapping", "code list", "rule", "key", "program", "day", "other source", "unexplained")
# Lists by which words are read, beside the code lists, and lists that say what is refused or counted.
WORDS = {"list/countries", "list/areas", "lexicon/codes", "lexicon/countries", "lexicon/areas", "lexicon/phrases"}
RULES = {"list/rules", "list/fields", "list/identifying_headers", "list/given_names", "list/ordinary_words", "schema_version"}


@dataclass(frozen=True)
class Causes:
    """What changed between two editions.

    files: source, submission, file, what happened. spans: for each source, the first and last days that changed files
    tell of. mappings, reread, refusing: sources declared anew, with words read otherwise, with other refusals.
    facts: what of the manifest is new, gone or changed. country: the country of each source.
    """

    files: tuple[tuple[str, str, str | None, str], ...]
    spans: dict[str, list[tuple[str, str]]]
    mappings: frozenset[str]
    reread: frozenset[str]
    refusing: frozenset[str]
    facts: tuple[tuple[str, str], ...]
    country: dict[str, str]

    def of(self, source: str, submissions: set[str], start: str, end: str, area: str, published: str | None = None) -> str:
        """Give the one cause for which a figure of a source changed; see `WHY`.

        A changed file comes first where it is one of the figure's own or tells of the figure's time. published: where the
        figure is compared as it is published, which depends on decisions and on the key, its period as it is written.
        """
        changed = {name for name, _ in self.facts}
        if published is not None and f"decision/{source} {published}" in changed:
            return "decision"
        sent = {submission for _, submission, _, _ in self.files}
        if submissions & sent or any(first <= end and last >= start for first, last in self.spans.get(source, [])):
            return "source"
        if source in self.mappings:
            return "mapping"
        if source in self.spans:
            return "source"
        if source in self.reread and any(name in WORDS or name.startswith("codelist/") for name in changed):
            return "code list"
        if source in self.refusing and (changed & RULES or "program" in changed):
            return "rule"
        if published is not None and ("key", "changed") in self.facts:
            return "key"
        for cause, names in (("rule", RULES), ("code list", {"list/indicators"}), ("program", {"program"}), ("day", {"as_of"})):
            if changed & names:
                return cause
        others = {other for other, country in self.country.items() if country in (area, "_Z") and other != source}
        return "other source" if others & (self.mappings | set(self.spans)) else "unexplained"


def find_causes(connection: duckdb.DuckDBPyConnection) -> Causes:
    """Compare what two attached editions, `older` and `newer`, were made of."""
    files = connection.execute(_FILES).fetchall()
    spans: dict[str, list[tuple[str, str]]] = {}
    for source, _, _, _, start, end in files:
        spans.setdefault(source, []).append((start, end))
    facts = connection.execute(_FACTS).fetchall()
    mappings = {name.removeprefix("mapping/") for name, _ in facts if name.startswith("mapping/")}
    held = {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT source FROM older.submission INTERSECT SELECT source FROM newer.submission"
        ).fetchall()
    }
    country = connection.execute(
        "SELECT source, any_value(reporting_country::VARCHAR) FROM newer.submission GROUP BY source"
    ).fetchall()
    return Causes(
        files=tuple((source, submission, file, what) for source, submission, file, what, _, _ in files),
        spans=spans,
        # a source that is new or gone as a whole has files that are
        mappings=frozenset(mappings & held),
        reread=_names(connection, _REREAD),
        refusing=_names(connection, _REFUSING),
        facts=tuple((name, what) for name, what in facts if not name.startswith(("mapping/", "sheet/")) and name != "edition"),
        country=dict(country),
    )


def _names(connection: duckdb.DuckDBPyConnection, query: str) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute(query).fetchall())


_FILES = """
SELECT coalesce(o.source, n.source) AS source, coalesce(o.submission_id, n.submission_id) AS submission,
    coalesce(n.file_name, o.file_name) AS file,
    CASE WHEN o.submission_id IS NULL THEN 'new' WHEN n.submission_id IS NULL THEN 'gone'
        WHEN o.sha256 IS DISTINCT FROM n.sha256 THEN 'other bytes'
        ELSE 'now ' || n.status::VARCHAR END AS what,
    coalesce(least(o.period_start, n.period_start), o.period_start, n.period_start)::VARCHAR,
    coalesce(greatest(o.period_end, n.period_end), o.period_end, n.period_end)::VARCHAR
FROM older.submission AS o FULL JOIN newer.submission AS n ON o.submission_id = n.submission_id AND o.source = n.source
WHERE o.submission_id IS NULL OR n.submission_id IS NULL OR o.sha256 IS DISTINCT FROM n.sha256
    OR o.status::VARCHAR IS DISTINCT FROM n.status::VARCHAR OR o.period_start <> n.period_start OR o.period_end <> n.period_end
ORDER BY ALL"""
_FACTS = """
SELECT name, CASE WHEN o.value IS NULL THEN 'new' WHEN n.value IS NULL THEN 'gone' ELSE 'changed' END AS what
FROM older.manifest AS o FULL JOIN newer.manifest AS n USING (name)
WHERE o.value IS DISTINCT FROM n.value ORDER BY name"""
_REREAD = """
SELECT DISTINCT o.source FROM older.ruling AS o JOIN newer.ruling AS n
    ON o.source = n.source AND o.raw_field = n.raw_field AND o.field = n.field AND o.raw_value = n.raw_value
WHERE o.said IS DISTINCT FROM n.said OR o.rules::VARCHAR IS DISTINCT FROM n.rules::VARCHAR
    OR o.match::VARCHAR <> n.match::VARCHAR"""
_REFUSING = """
WITH o AS (SELECT source, rule_id, count(*) AS times FROM older.problem JOIN older.submission USING (submission_id) GROUP BY ALL),
    n AS (SELECT source, rule_id, count(*) AS times FROM newer.problem JOIN newer.submission USING (submission_id) GROUP BY ALL)
SELECT DISTINCT source FROM o FULL JOIN n USING (source, rule_id) WHERE o.times IS DISTINCT FROM n.times"""
