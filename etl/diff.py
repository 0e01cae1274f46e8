"""Two editions in; the figures that are new, gone or changed out, and whether by source, mapping, rule or code list.

A figure is its dimensions and its source. No record is shown, and a small count of real records is never told.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from etl.changes import WHY, Causes, find_causes
from etl.coarse import LEAST
from etl.editions import Edition
from etl.inspect import reading_both
from etl.report import Listing, Report
from schemas.dimensions import breakdowns
from schemas.indicators import indicators

if TYPE_CHECKING:
    import duckdb

# What a figure is besides its parts, in the order in which figures are listed.
_WHAT = (
    "source", "ref_area", "ref_subarea", "indicator", "time_period", "period_start", "period_end", "count_unit", "source_type",
)  # fmt: skip
DIMENSIONS = (*_WHAT, *breakdowns())
SHOWN = (*breakdowns(), "ref_subarea")
MOST = 200  # changed figures written out


def compare(older: Edition, newer: Edition) -> Report:
    """Say which figures are new, gone or changed from an older edition to a newer one, and why.

    Facts: `older`, `newer`, `figures` (how many are the same, new, gone, changed) and `why` (changed figures by cause:
    source, mapping, code list, rule, program, day, other source, unexplained).
    """
    with reading_both(older.records, newer.records) as connection:
        causes = find_causes(connection)
        rows = _changed(connection)
        same = _number(connection, "SELECT count(*) FROM newer_figure") - sum(row[-2] is not None for row in rows)
        told = [_told(row, causes) for row in rows]
        met = problems(connection)
    kinds, why = Counter(row[0] for row in told), Counter(str(row[1]) for row in told)
    figures = {"same": same, **{kind: kinds[kind] for kind in ("new", "gone", "changed")}}
    facts: dict[str, object] = {"older": older.name, "newer": newer.name, "figures": figures}
    facts["why"] = {cause: why[cause] for cause in WHY if why[cause]}
    counted = Counter((row[2], row[0], row[1]) for row in told)
    listings = [
        Listing(
            "figures by source",
            ("source", "kind", "why", "figures"),
            [(*key, count) for key, count in sorted(counted.items(), key=str)],
        ),
        Listing("files", ("source", "submission", "file", "what happened"), [*causes.files]),
        Listing("mappings", ("source", "what happened"), [(source, "declared anew") for source in sorted(causes.mappings)]),
        Listing("lists, rules and program", ("name", "what happened"), [*causes.facts]),
        Listing("problems", ("source", "rule", "severity", "new", "fixed", "still open"), met),
        Listing(
            "figures",
            ("kind", "why", "source", "country", "indicator", "period", "unit", "body", "breakdown", "before", "after"),
            told[:MOST],
        ),
    ]
    sentences = _sentences(older, newer, figures, why, len(told))
    if ("key", "changed") in causes.facts:
        keys = f"fingerprints {older.key} and {newer.key}"
        sentences.append(f"they were made with two keys ({keys}), so that every protected number was drawn anew")
    decided = [name.partition("/")[2] for name, _ in causes.facts if name.startswith("decision/")]
    if decided:
        sentences.append(f"by a decision of the state another state of the figures is published of {', '.join(decided)}")
    return Report(facts, sentences, [listing for listing in listings if listing.rows])


def _sentences(older: Edition, newer: Edition, figures: dict[str, int], why: Counter[str], told: int) -> list[str]:
    if not told:
        return [f"from {older.name} to {newer.name} no figure changed; {figures['same']} are the same"]
    new, gone, changed, same = (figures[kind] for kind in ("new", "gone", "changed", "same"))
    counts = f"{new} figures are new, {gone} are gone, {changed} changed and {same} are the same"
    sentences = [
        f"from {older.name} to {newer.name} {counts}",
        "; ".join(f"{count} by {cause}" for cause, count in why.most_common()),
    ]
    return [*sentences, f"the first {MOST} are written out"] if told > MOST else sentences


def _changed(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Give dimensions, submissions of both sides, then what each side says: None where it says nothing."""
    counts = [found.code for found in indicators().values() if found.kind in ("count", "sum")]
    # from a share or a median of real records a small count may be worked out
    said = f"""CASE WHEN origin = 'COMPUTED' AND NOT invented AND NOT list_contains($counts, indicator) THEN 'not told'
        WHEN origin = 'COMPUTED' AND NOT invented AND obs_value < {LEAST} THEN '<{LEAST}'
        WHEN obs_value IS NOT NULL THEN format('{{:g}}', obs_value)
        WHEN value_lower IS NOT NULL THEN format('{{:g}} to {{:g}}', value_lower, value_upper) ELSE 'not given' END
        || CASE WHEN obs_status IN ('A', 'V') THEN '' ELSE ' (' || obs_status::VARCHAR || ')' END
        || CASE WHEN conf_status = 'N' THEN ', stands aside' ELSE '' END
        || CASE WHEN origin = 'COMPUTED' THEN ', counted' ELSE '' END"""
    for side in ("older", "newer"):
        held = {row[0] for row in connection.execute(f"DESCRIBE {side}.observation").fetchall()}
        # a dimension that an edition of before does not have yet is a total there
        dimensions = ", ".join(f"{name}::VARCHAR AS {name}" if name in held else f"'_T' AS {name}" for name in DIMENSIONS)
        connection.execute(
            f"CREATE TEMP TABLE {side}_figure AS SELECT {dimensions}, list_sort(list(DISTINCT submission_id)) AS submissions, "
            f"string_agg({said}, ' | ' ORDER BY obs_value, value_lower, origin) AS said, "
            # what is compared is exact, even where what is told is not
            "md5(string_agg(concat_ws(' ', obs_value, value_lower, value_upper, obs_status, conf_status, origin), '|' "
            f"ORDER BY obs_value, value_lower, origin, obs_status)) AS exact FROM {side}.observation GROUP BY ALL",
            {"counts": counts},
        )
    keys = ", ".join(DIMENSIONS)
    return connection.execute(
        f"SELECT {keys}, o.submissions, n.submissions, n.said, o.said FROM older_figure AS o "
        f"FULL JOIN newer_figure AS n USING ({keys}) "
        f"WHERE o.exact IS DISTINCT FROM n.exact ORDER BY {keys}"
    ).fetchall()


def _told(row: tuple[object, ...], causes: Causes) -> tuple[object, ...]:
    *values, older, newer, after, before = row
    named = dict(zip(DIMENSIONS, map(str, values), strict=True))
    kind = "new" if before is None else "gone" if after is None else "changed"
    submissions = {*(older if isinstance(older, list) else []), *(newer if isinstance(newer, list) else [])}
    why = causes.of(named["source"], submissions, named["period_start"], named["period_end"], named["ref_area"])
    breakdown = " ".join(f"{name}={named[name]}" for name in SHOWN if named[name] != "_T")
    return (
        kind, why, named["source"], named["ref_area"], named["indicator"], named["time_period"], named["count_unit"],
        named["source_type"], breakdown, before, after,
    )  # fmt: skip


def problems(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Count problems by source and rule: new, fixed and still open; a problem is the same while field and words are."""
    what = 'source, rule_id, severity::VARCHAR AS severity, "table", field, raw_value'
    sides = [
        f"SELECT {what}, count(*) AS times FROM {side}.problem JOIN {side}.submission USING (submission_id) GROUP BY ALL"
        for side in ("older", "newer")
    ]
    same = " AND ".join(
        f'o."{name}" IS NOT DISTINCT FROM n."{name}"' for name in ("source", "rule_id", "severity", "table", "field", "raw_value")
    )
    count = "sum(greatest({}, 0))::BIGINT"
    return connection.execute(
        "SELECT coalesce(o.source, n.source), coalesce(o.rule_id, n.rule_id), coalesce(o.severity, n.severity), "
        f"{count.format('coalesce(n.times, 0) - coalesce(o.times, 0)')} AS added, "
        f"{count.format('coalesce(o.times, 0) - coalesce(n.times, 0)')} AS fixed, "
        "sum(least(coalesce(o.times, 0), coalesce(n.times, 0)))::BIGINT AS open "
        f"FROM ({sides[0]}) AS o FULL JOIN ({sides[1]}) AS n ON {same} "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
