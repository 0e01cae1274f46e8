"""What an edition says beside its figures: what compares with what, how good sources are, how words were read, what changed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Query = Callable[[str], list[tuple[Any, ...]]]
Key = tuple[str, str, str, str, str, bool]


class Series(NamedTuple):
    """What one source says of one indicator for one country in one unit and kind of period."""

    number: int
    ref_area: str
    indicator: str
    source: str
    count_unit: str
    period_type: str
    mixed: bool
    invented: bool
    parts_only: bool
    first: int
    last: int


class Reason(NamedTuple):
    """Why two series do not compare (REFUSE), or only with care (MARK), or what is to be known (NOTE); no years means all."""

    code: str
    severity: str
    listed: str | None
    details: tuple[tuple[str, ...], tuple[str, ...]]
    years: tuple[int, ...]


class Measured(NamedTuple):
    """One measure of quality of one source, now and in the edition before."""

    source: str
    measure: str
    value: float
    before: float | None
    target: float
    high: bool
    nqaf: str


class Change(NamedTuple):
    """Problems of one rule in one source, as they may be told: in fives, `<10` where few; None where nothing was compared."""

    source: str
    measure: str | None
    rule: str
    severity: str
    added: str | None
    fixed: str | None
    still_open: str | None


class Action(NamedTuple):
    """One of the next three things to do for a source."""

    source: str
    position: int
    action: str
    measure: str | None
    field: str | None
    rule: str | None
    value: float | None
    target: float | None


class Past(NamedTuple):
    """One edition known when this one was published; it cannot hold its own hash."""

    name: str
    as_of: datetime.date
    public_hash: str | None
    sources: int
    submissions: int
    figures: int


class Difference(NamedTuple):
    """One figure that is new, gone or changed since the edition before, as both public files show it."""

    kind: str
    why: str
    source: str
    ref_area: str
    indicator: str
    time_period: str
    count_unit: str
    breakdown: str
    before: str | None
    after: str | None


class Revision(NamedTuple):
    """A source and period whose revision is pending, and how many of its figures are shown as they were released."""

    source: str
    time_period: str
    figures: int


class Ruled(NamedTuple):
    """How one word of a source was read; `at_least` is the order of magnitude of the rows that hold it."""

    source: str
    field: str
    heading: str
    word: str
    code: str | None
    match: str
    decided_by: str | None
    at_least: int


class Meaning(NamedTuple):
    """One code: what it means, where it comes from, and which labels await a speaker."""

    listed: str
    code: str
    definition: str
    source: str
    review: str


class Term(NamedTuple):
    """One term of the glossary in one language."""

    code: str
    language: str
    label: str
    meaning: str
    source: str
    review: bool


class Rule(NamedTuple):
    """One rule: how grave it is, what it refuses, and the standard or document that it comes from."""

    code: str
    severity: str
    refuses: str
    source: str


@dataclass(frozen=True, slots=True)
class Notes:
    """All that an edition says beside its figures; empty for what an edition of an older program does not have."""

    series: Mapping[int, Series] = field(default_factory=dict)
    numbers: Mapping[Key, int] = field(default_factory=dict)
    reasons: Mapping[tuple[int, int], tuple[Reason, ...]] = field(default_factory=dict)
    families: Mapping[str, frozenset[str]] = field(default_factory=dict)
    areas: tuple[tuple[str, str], ...] = ()
    measured: tuple[Measured, ...] = ()
    changes: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()
    past: tuple[Past, ...] = ()
    counted: tuple[tuple[str, str, str, str, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    causes: tuple[tuple[str, str, str], ...] = ()
    revisions: tuple[Revision, ...] = ()
    waiting: frozenset[tuple[str, str]] = frozenset()
    rulings: tuple[Ruled, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    crosswalk: Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    rules: tuple[Rule, ...] = ()
    source_facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def between(self, one: int, other: int) -> tuple[Reason, ...]:
        """Give the reasons against comparing two series, the gravest first; none when they compare freely."""
        return self.reasons.get((min(one, other), max(one, other)), ())


def read_notes(ask: Query) -> Notes:
    """Read the tables that explain an edition, as far as it has them."""
    held = {row[0] for row in ask("SELECT table_name FROM duckdb_tables()")}

    def rows(table: str, columns: str = "*", more: str = "") -> list[tuple[Any, ...]]:
        return ask(f"SELECT {columns} FROM {table} {more}") if table in held else []

    series = {row[0]: Series._make(row) for row in rows("series", _SERIES)}
    revisions = tuple(map(Revision._make, rows("revision_pending", "source, time_period, figures", "ORDER BY ALL")))
    return Notes(
        series=series,
        numbers={
            (one.source, one.ref_area, one.indicator, one.count_unit, one.period_type, one.mixed): one.number
            for one in series.values()
        },
        reasons=_reasons(rows("comparability")),
        families=_families(series, rows("comparability", "DISTINCT a.indicator, b.indicator", _FAMILY)),
        areas=tuple((source, area) for source, area in rows("body_area")),
        measured=tuple(map(Measured._make, rows("quality_source"))),
        changes=tuple(map(Change._make, rows("problem_change"))),
        actions=tuple(map(Action._make, rows("next_action"))),
        past=tuple(map(Past._make, rows("edition", _PAST))),
        counted=tuple((kind, why, source, code, count) for kind, why, source, code, count in rows("edition_change")),
        differences=tuple(map(Difference._make, rows("edition_difference"))),
        causes=tuple((kind, name, what) for kind, name, what in rows("edition_cause")),
        revisions=revisions,
        waiting=frozenset((row.source, row.time_period) for row in revisions),
        rulings=tuple(map(Ruled._make, rows("ruling_shown"))),
        meanings=tuple(map(Meaning._make, rows("code_meaning"))),
        crosswalk=_crosswalk(rows("crosswalk")),
        terms=tuple(map(Term._make, rows("term", "term, language, label, meaning, source, review", "ORDER BY position"))),
        rules=tuple(map(Rule._make, rows("rule_source", "rule_id, severity, refuses, source", "JOIN rule USING (rule_id)"))),
        source_facts={name: tuple(facts) for name, *facts in rows("source", _FACTS)},
    )


def _reasons(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[int, int], tuple[Reason, ...]]:
    # The same reason comes back for pair after pair: each is kept once.
    known: dict[Reason, Reason] = {}
    found: dict[tuple[int, int], list[Reason]] = defaultdict(list)
    for one, other, code, severity, listed, first, second, years in rows:
        reason = Reason(code, severity, listed, (tuple(first), tuple(second)), tuple(years))
        found[one, other].append(known.setdefault(reason, reason))
    return {pair: tuple(reasons) for pair, reasons in found.items()}


def _families(series: Mapping[int, Series], pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Give for each indicator those that look like it, itself among them."""
    found: dict[str, set[str]] = {one.indicator: {one.indicator} for one in series.values()}
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {indicator: frozenset(alike) for indicator, alike in found.items()}


def _crosswalk(rows: Iterable[tuple[str, str, str, str, str]]) -> dict[tuple[str, str], tuple[tuple[str, str, str], ...]]:
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for listed, code, standard, text, match in rows:
        found[listed, code].append((standard, text, match))
    return {key: tuple(strings) for key, strings in found.items()}


_SERIES = "series, ref_area, indicator, source, count_unit, period_type, mixed, invented, parts_only, first, last"
_PAST = "name, as_of, public_sha256, sources, submissions, figures"
_FACTS = 'name, country, domain, "table", source_type::VARCHAR, count_unit::VARCHAR, calendar'
_FAMILY = """JOIN series AS a ON a.series = series_a JOIN series AS b ON b.series = series_b
WHERE a.indicator <> b.indicator ORDER BY ALL"""
