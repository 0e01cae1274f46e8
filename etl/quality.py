"""Submissions, problems and rulings in, measures of quality out: how complete, valid, unique, coherent and timely data are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.cells import combinations
from etl.dimensions import DIMENSIONS as GIVEN
from schemas.dimensions import BREAKDOWN, dimensions
from schemas.quality import measures
from schemas.rule_queries import DIMENSIONS, SUMMED
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

RECORDS = ("victim", "suspect", "smuggling_incident", "smuggled_group")
# The field whose meaning a national legal definition changes.
LEGAL = {"victim": "victim_status", "suspect": "offence", "smuggling_incident": "incident_type"}
VALIDITY, REPEATED, SUMS = (
    "(" + ", ".join(f"'{rule}'" for rule in measures()[code].rules) + ")" for code in ("DQ_VALID", "DQ_UNIQ", "DQ_COHER")
)
_SHARE = "source, submission_id, '{0}' AS measure, field, 100.0 * numerator / denominator AS value, numerator, denominator"

_VALID = f"""
SELECT {_SHARE.format("DQ_VALID")} FROM (
    SELECT submission.source, submission.submission_id, coalesce(ruled."key", '_T') AS field,
        sum(rows_ok + rows_rejected) - coalesce(sum(broken), 0) AS numerator, sum(rows_ok + rows_rejected) AS denominator
    FROM submission JOIN (SELECT DISTINCT source, "key" FROM ruled_column WHERE reading <> 'key') AS ruled USING (source)
    LEFT JOIN (
        SELECT submission_id, field AS "key", count(DISTINCT source_row) AS broken FROM problem
        WHERE rule_id IN {VALIDITY} AND field IS NOT NULL GROUP BY ALL
    ) AS broken ON broken.submission_id = submission.submission_id AND broken."key" = ruled."key"
    WHERE rows_ok + rows_rejected > 0 AND submission.grain = 'MICRO'
    GROUP BY GROUPING SETS (
        (submission.source, submission.submission_id, ruled."key"), (submission.source, submission.submission_id))
)"""
_MAPPED = f"""
SELECT {_SHARE.format("DQ_MAPPED").replace("submission_id,", "NULL AS submission_id,")} FROM (
    SELECT source, coalesce(field, '_T') AS field,
        coalesce(sum(count_rows) FILTER (match NOT IN ('ASK', 'NONE')), 0)::BIGINT AS numerator,
        sum(count_rows)::BIGINT AS denominator
    FROM ruling WHERE match <> 'MISSING' AND count_rows > 0 GROUP BY GROUPING SETS ((source, field), (source))
)"""
_UNIQUE = f"""
SELECT {_SHARE.format("DQ_UNIQ")} FROM (
    SELECT source, submission_id, '_T' AS field, rows_ok - coalesce(repeated, 0) AS numerator, rows_ok AS denominator
    FROM submission LEFT JOIN (
        SELECT submission_id, count(DISTINCT source_row) AS repeated FROM problem WHERE rule_id IN {REPEATED} GROUP BY ALL
    ) USING (submission_id)
    WHERE rows_ok > 0
)"""
_DAYS = """
SELECT source, submission_id, '{0}' AS measure, '_T' AS field, (received_at::DATE - {1})::DOUBLE AS value,
    NULL::BIGINT AS numerator, NULL::BIGINT AS denominator
FROM submission WHERE received_at IS NOT NULL AND {1} IS NOT NULL"""
# Of files and not of persons: told as they are, whatever their number.
_OF_FILES = """source, NULL AS submission_id, '{0}' AS measure, '_T' AS field, {1} AS value, NULL::BIGINT AS numerator,
    NULL::BIGINT AS denominator"""
_LATEST = "submission_id NOT IN (SELECT supersedes FROM submission WHERE supersedes IS NOT NULL)"
_ANSWERED = "100.0 * count(*) FILTER (status <> 'NORESP') / count(*)"
_REPLACED = "100.0 * count(supersedes) / count(*)"
_RESPONSE = f"SELECT {_OF_FILES.format('DQ_UNITRESP', _ANSWERED)} FROM submission WHERE {_LATEST} GROUP BY source"
_REVISED = f"SELECT {_OF_FILES.format('DQ_REVISED', _REPLACED)} FROM submission WHERE status <> 'NORESP' GROUP BY source"
_TIMELY = _DAYS.format("DQ_TIMELY", "period_end")
_PUNCTUAL = _DAYS.format("DQ_PUNCT", "due_at")
_DEPARTS = "('D', 'W', 'B')"
_COMPARABLE = f"""
SELECT {_SHARE.format("DQ_COMPAR")} FROM (
    SELECT source, submission_id, '_T' AS field, count(*) FILTER (
        obs_status NOT IN {_DEPARTS} AND coalesce(obs_status_2 NOT IN {_DEPARTS}, TRUE)) AS numerator, count(*) AS denominator
    FROM observation WHERE origin <> 'COMPUTED' AND (obs_value IS NOT NULL OR obs_status = 'Q') GROUP BY ALL
)"""
_SUPPRESSED = f"""
SELECT {_SHARE.format("DQ_SUPPR")} FROM (
    SELECT source, submission_id, '_T' AS field,
        count(*) FILTER (obs_status = 'Q' OR coalesce(obs_status_2 = 'Q', FALSE)) AS numerator,
        count(*) AS denominator
    FROM observation WHERE origin <> 'COMPUTED' AND (obs_value IS NOT NULL OR obs_status = 'Q') GROUP BY ALL
)"""
# An invented figure is never held against a real one, nor a total that speaks of one area against the country.
_PARTS_OF = dimensions(BREAKDOWN)
_CELL = ("invented", "ref_area", "ref_subarea", "period_start", "period_end", "indicator", "count_unit", *_PARTS_OF)
_WHOLE = " AND ".join(f"mine.{name} = '_T'" for name in ("ref_subarea", *_PARTS_OF))
_CROSS = f"""
SELECT DISTINCT mine.source, mine.submission_id, 'DQ_XCOH' AS measure,
    concat_ws(' ', mine.indicator, mine.time_period, published.source) AS field, mine.obs_value / published.obs_value AS value,
    mine.obs_value::BIGINT AS numerator, published.obs_value::BIGINT AS denominator
FROM {{0}} AS mine JOIN {{0}} AS published ON {" AND ".join(f"mine.{name} = published.{name}" for name in _CELL)}
WHERE mine.origin <> 'PUBLISHED' AND published.origin = 'PUBLISHED' AND mine.source <> published.source
    AND published.obs_value > 0 AND mine.count_unit IN ('VICTIM', 'PERSON', 'MIGRANT', 'CASE', 'INCIDENT')
    AND {_WHOLE} AND mine.conf_status = 'F'
    AND mine.offence IN ('_T', '_Z') AND published.offence IN ('_T', '_Z')"""


def write_quality(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `quality_measure` (source, submission_id, measure, field, value, numerator, denominator).

    field: ours or, for DQ_XCOH, the figure compared; `_T` for all. value: per cent, days for DQ_TIMELY and DQ_PUNCT, a ratio
    for DQ_XCOH. DQ_MAPPED, DQ_UNITRESP, DQ_REVISED and DQ_RELEV speak of a whole source: no submission_id.
    """
    queries = [_VALID, _MAPPED, _UNIQUE, _RESPONSE, _REVISED, _TIMELY, _PUNCTUAL, _COMPARABLE, _SUPPRESSED]
    queries += [cross("observation"), _coherence()]
    for name in RECORDS:
        held = connection.execute(
            "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?", [combinations(name)]
        ).fetchone()
        if held is not None:
            queries += [_completeness(name), _unknown(name), _relevance(name), _definition(name)]
    every = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
    connection.execute(
        f"INSERT INTO quality_measure BY NAME SELECT * FROM ({every}) ORDER BY measure, source, submission_id, field"
    )


def cross(figures: str) -> str:
    """Write the query that holds the figures of states against those that others published (DQ_XCOH), of any table of figures."""
    return _CROSS.format(figures)


def _completeness(name: str) -> str:
    """Count the core fields, which are required and have a code for silence, over the combinations that were counted."""
    fields = _core(name)
    said = ", ".join(f"'{field}': (sum(\"rows\") FILTER (row.{field} <> '_U'))::BIGINT" for field in fields)
    return f"""
SELECT {_SHARE.format("DQ_COMPL")} FROM (
    SELECT source, submission_id, coalesce(entry.key, '_T') AS field, coalesce(sum(entry.value), 0) AS numerator,
        sum("rows") AS denominator
    FROM (
        SELECT source, submission_id, unnest(map_entries(MAP {{{said}}})) AS entry, sum("rows") AS "rows"
        FROM {combinations(name)} AS row JOIN submission USING (submission_id) GROUP BY source, submission_id
    )
    GROUP BY GROUPING SETS ((source, submission_id, entry.key), (source, submission_id))
)"""


def _unknown(name: str) -> str:
    """Count the values of the dimensions of published tables that say nothing, over the combinations that were counted."""
    silent = ", ".join(
        f"'{dimension}': (sum(\"rows\") FILTER ({_silence(expression)}))::BIGINT" for dimension, expression in GIVEN[name].items()
    )
    return f"""
SELECT {_SHARE.format("DQ_UNKNOWN")} FROM (
    SELECT source, submission_id, coalesce(entry.key, '_T') AS field, coalesce(sum(entry.value), 0) AS numerator,
        sum("rows") AS denominator
    FROM (
        SELECT source, submission_id, unnest(map_entries(MAP {{{silent}}})) AS entry, sum("rows") AS "rows"
        FROM {combinations(name)} AS row JOIN submission USING (submission_id) GROUP BY source, submission_id
    )
    GROUP BY GROUPING SETS ((source, submission_id, entry.key), (source, submission_id))
)"""


def _relevance(name: str) -> str:
    """Count the dimensions of published tables that a source has a column for: its declaration says so, and no record."""
    fields = [field.name for field in table(name).fields if field.dimension is not None]
    listed = ", ".join(f"'{field}'" for field in fields)
    answered = f"100.0 * count(DISTINCT answer) FILTER (answer IN ({listed})) / {len(fields)}"
    return f"""
SELECT {_OF_FILES.format("DQ_RELEV", answered)}
FROM (SELECT source, unnest(outputs) AS answer FROM ruled_column WHERE "table" = '{name}') GROUP BY source"""


def _silence(expression: str) -> str:
    return f"coalesce(({expression})::VARCHAR, '_U') = '_U'"


def _definition(name: str) -> str:
    """A national definition that departs from the Protocols touches one of the core fields."""
    number, touched = len(_core(name)), int(name in LEGAL)
    return f"""
SELECT {_SHARE.format("DQ_COMPAR")} FROM (
    SELECT DISTINCT source, submission_id, '_T' AS field,
        {number} - CASE WHEN legal_definition_note IS NULL THEN 0 ELSE {touched} END AS numerator,
        {number} AS denominator
    FROM submission WHERE submission_id IN (SELECT submission_id FROM {combinations(name)})
)"""


def _core(name: str) -> list[str]:
    return [field.name for field in table(name).fields if field.silence is not None and not field.many]


def _coherence() -> str:
    """Count the totals that have parts, and those that their parts do not make (V17, V18, V25)."""
    tested = []
    for dimension in SUMMED:
        others = ", ".join(("submission_id", *(name for name in DIMENSIONS if name != dimension)))
        tested.append(
            f"SELECT submission_id FROM observation WHERE origin <> 'COMPUTED' AND obs_value IS NOT NULL GROUP BY {others} "
            f"HAVING bool_or({dimension} = '_T') AND bool_or({dimension} <> '_T')"
        )
    return f"""
SELECT {_SHARE.format("DQ_COHER")} FROM (
    SELECT source, submission_id, '_T' AS field,
        greatest(count(*) - any_value(coalesce(failed, 0)), 0) AS numerator, count(*) AS denominator
    FROM ({" UNION ALL ".join(tested)}
        UNION ALL SELECT submission_id FROM smuggling_incident
        WHERE n_migrants_quality = 'EXACT' AND coalesce(n_female, n_male, n_child, n_adult) IS NOT NULL
        UNION ALL SELECT submission_id FROM problem WHERE rule_id = 'V25')
    JOIN submission USING (submission_id) LEFT JOIN (
        SELECT submission_id, count(DISTINCT (source_row, rule_id, split_part(note, ':', 1))) AS failed FROM problem
        WHERE rule_id IN {SUMS} AND ("table" = 'observation' OR rule_id = 'V25') GROUP BY ALL
    ) USING (submission_id)
    GROUP BY source, submission_id
)"""
