"""Which series may stand beside which, and why not: from units, periods, laws, bodies and flags, pair by pair.

A series is what one source says of one indicator for one country in one unit and kind of period. Every reason is found
by a declared check (`schemas/comparability.csv`) on facts of the two series; no pair of sources is ever named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from etl.source import Source
from etl.tabled import write_table
from schemas.comparability import Check, Law, checks, families, laws
from schemas.dimensions import BREAKDOWN, dimensions
from schemas.indicators import indicators
from schemas.places import REPORTER_ROLES, countries
from schemas.tables import UNKNOWN

if TYPE_CHECKING:
    import duckdb

TRUE = "yes"


@dataclass(frozen=True, slots=True)
class Series:
    """What one source says of one indicator: its country and years, its facts, each a set of values, and its flags with years."""

    country: str
    domain: str
    first: int
    last: int
    facts: Mapping[str, frozenset[str]]
    flags: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two series do not compare, or only with care; `years` are those it concerns, none where it concerns all."""

    code: str
    severity: str
    codelist: str
    details: tuple[tuple[str, ...], tuple[str, ...]]
    years: tuple[int, ...]


def reasons(one: Series, other: Series, known: Mapping[str, Law]) -> list[Reason]:
    """Give every reason against comparing two series, the gravest first; a series with itself: over its own years.

    known: the laws by country; a country without one is as good as unknown.
    """
    found = [_reason(check, one, other, known) for check in checks()]
    return sorted((reason for reason in found if reason is not None), key=lambda reason: _ORDER.index(reason.severity))


def write_comparability(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    """Write the tables `series` and `comparability` of the public file from its own figures.

    A pair of one family of indicators that stands in `comparability` not at all may be compared freely. `series_a` is
    never the greater number; where both are the same, the reasons are against comparing its years with one another.
    """
    covered = {source.name: source.areas for source in sources}
    connection.execute(_SERIES, {"region": [item.iso3 for item in countries().values() if item.role in REPORTER_ROLES]})
    read = {
        number: _series(row, covered) for number, *row in connection.execute("SELECT * FROM series ORDER BY series").fetchall()
    }
    together: dict[str, list[int]] = defaultdict(list)
    for number, series in read.items():
        [indicator] = series.facts["indicator"]
        together[families().get(indicator, indicator)].append(number)
    rows = [
        (one, other, reason.code, reason.severity, reason.codelist or None, *map(list, reason.details), list(reason.years))
        for numbers in together.values()
        for one, other in combinations_with_replacement(numbers, 2)
        for reason in reasons(read[one], read[other], laws())
    ]
    write_table(connection, "comparability", _COLUMNS, sorted(rows, key=lambda row: (row[0], row[1])))


def _reason(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> Reason | None:
    if check.domain and not all(_asked(check, series) for series in (one, other)):
        return None
    years = _CHECKS[check.test](check, one, other, known)
    if years is None:
        return None
    details = _details(check, one, known), _details(check, other, known)
    return Reason(check.reason, check.severity, check.codelist, details, tuple(sorted(years)))


def _asked(check: Check, series: Series) -> bool:
    """Say whether a check with a domain is for a series: for its domain, and for a body that counts by the national law."""
    excluded = series.facts["source_type"] & {*check.excluded} and TRUE not in _values(series, check.unless)
    return series.domain == check.domain and not excluded


def _details(check: Check, series: Series, known: Mapping[str, Law]) -> tuple[str, ...]:
    """Give what one series has to do with a reason: its values of a fact, its flags, or what its law says."""
    if check.detail:
        return tuple(sorted(_values(series, check.detail)))
    law = known.get(series.country, _UNKNOWN_LAW)
    if check.test in ("law", "law_differs"):
        return tuple(law.covers[fact] for fact in check.facts)
    if check.test == "law_year":
        return tuple(str(year) for year in law.changed if series.first < year <= series.last)
    lawful = law.flags if check.test == "flag_or_law" and series.domain == "TIP" else frozenset()
    return tuple(flag for flag in check.facts if flag in series.flags or flag in lawful)


def _differs(check: Check, one: Series, other: Series, _: Mapping[str, Law]) -> set[int] | None:
    return set() if any(len(_values(one, fact) | _values(other, fact)) > 1 for fact in check.facts) else None


def _differs_at_home(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    return _differs(check, one, other, known) if one.country == other.country else None


def _either(check: Check, one: Series, other: Series, _: Mapping[str, Law]) -> set[int] | None:
    return set() if any(TRUE in _values(series, fact) for fact in check.facts for series in (one, other)) else None


def _flagged_or_law(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    """Find a flag that the law of one of two states carries, which concerns all years, or that of a figure."""
    if one.country != other.country and any({*check.facts} & law.flags for law in _of(one, other, known)):
        return set()
    return _flagged(check, one, other, known)


def _flagged(check: Check, one: Series, other: Series, _: Mapping[str, Law]) -> set[int] | None:
    years = {year for series in (one, other) for flag in check.facts for year in series.flags.get(flag, ())}
    return years or None


def _law(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    """Find a law that leaves something out which the other is not known to leave out."""
    covered = [[law.covers[fact] for law in _of(one, other, known)] for fact in check.facts]
    return set() if any("N" in pair and set(pair) != {"N"} for pair in covered) else None


def _law_differs(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    covered = [{law.covers[fact] for law in _of(one, other, known)} - {UNKNOWN} for fact in check.facts]
    return set() if any(len(values) > 1 for values in covered) else None


def _law_year(_: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    """Find the years within the two series in which another act came."""
    pairs = zip((one, other), _of(one, other, known), strict=True)
    return {year for series, law in pairs for year in law.changed if series.first < year <= series.last} or None


def _law_unknown(check: Check, one: Series, other: Series, known: Mapping[str, Law]) -> set[int] | None:
    if one.country == other.country:
        return None
    covered = [law.covers[fact] for law in _of(one, other, known) for fact in check.facts]
    return set() if UNKNOWN in covered else None


def _of(one: Series, other: Series, known: Mapping[str, Law]) -> list[Law]:
    return [known.get(series.country, _UNKNOWN_LAW) for series in (one, other)] if one.domain == other.domain == "TIP" else []


def _values(series: Series, fact: str) -> frozenset[str]:
    """Give the values of a fact, or with `name=CODE` whether it has that value."""
    name, sign, value = fact.partition("=")
    if not sign:
        return series.facts[name]
    return frozenset(TRUE if one == value else "no" for one in series.facts[name])


def _series(row: list[object], covered: Mapping[str, list[str]]) -> Series:
    named = dict(zip(_NAMES, row, strict=True))
    facts = {name: _set(named[column]) for name, column in _FACTS.items()}
    # only whole years have a day on which they begin: what is longer or shorter is another matter
    facts["year_kind"] = facts["period_type"] if facts["months"] == {"12"} else frozenset()
    facts["areas"] = frozenset(covered[str(named["source"])] or ["_T"])
    facts["coverage_noted"] = frozenset([TRUE] if facts["coverage"] else [])
    flags: dict[str, set[int]] = defaultdict(set)
    for flag, year in _pairs(named["flags"]):
        flags[flag].add(year)
    first, last = (int(str(named[name])) for name in ("first", "last"))
    [domain] = {indicators()[code].domain for code in facts["indicator"]}
    return Series(str(named["ref_area"]), domain, first, last, facts, {flag: frozenset(years) for flag, years in flags.items()})


def _set(value: object) -> frozenset[str]:
    values = value if isinstance(value, list) else [value]
    return frozenset(TRUE if one is True else "no" if one is False else str(one) for one in values)


def _pairs(flags: object) -> Iterator[tuple[str, int]]:
    for entry in flags if isinstance(flags, list) else []:
        flag, _, year = str(entry).partition(" ")
        yield flag, int(year)


_ORDER = ("REFUSE", "MARK", "NOTE")
_UNKNOWN_LAW = Law(defaultdict(lambda: UNKNOWN), frozenset(), ())
_CHECKS = {
    "differs": _differs,
    "differs_at_home": _differs_at_home,
    "either": _either,
    "flag": _flagged,
    "flag_or_law": _flagged_or_law,
    "law": _law,
    "law_differs": _law_differs,
    "law_year": _law_year,
    "law_unknown": _law_unknown,
}
_COLUMNS = {
    "series_a": "INTEGER", "series_b": "INTEGER", "reason": "VARCHAR", "severity": "VARCHAR", "codelist": "VARCHAR",
    "details_a": "VARCHAR[]", "details_b": "VARCHAR[]", "years": "INTEGER[]",
}  # fmt: skip
_NAMES = (
    "ref_area", "indicator", "source", "count_unit", "period_type", "mixed", "invented", "source_types", "calendars", "months",
    "parts_only", "coverage", "protection", "origins", "first", "last", "figures", "flags",
)  # fmt: skip
# The facts that checks name, by the column that holds them.
_FACTS = {
    "indicator": "indicator", "count_unit": "count_unit", "period_type": "period_type", "mixed": "mixed", "invented": "invented",
    "source_type": "source_types", "calendar": "calendars", "months": "months", "parts_only": "parts_only",
    "coverage": "coverage", "protection": "protection",
    "origin": "origins",
}  # fmt: skip
# The facts of a series are those of its figures for the whole country and all persons, where it has any.
_WHOLE = " AND ".join(f"{name} = '_T'" for name in dimensions(BREAKDOWN))
_SERIES = f"""
CREATE TABLE series AS
WITH figure AS (
    SELECT ref_area::VARCHAR AS ref_area, indicator, observation.source, count_unit::VARCHAR AS count_unit,
        observation.period_type::VARCHAR AS period_type, offence = 'TIPSOM' AS mixed, observation.invented,
        observation.source_type::VARCHAR AS source_type, calendar_raw::VARCHAR AS calendar,
        round((observation.period_end - observation.period_start + 1) / 30.44)::INTEGER AS months,
        ref_subarea = '_T' AND {_WHOLE}
            AND (origin <> 'COMPUTED' OR offence IN ('_T', '_Z')) AS whole,
        coverage_note AS coverage,
        year(observation.period_end)::INTEGER AS year,
        list_filter([obs_status::VARCHAR, obs_status_2::VARCHAR], flag -> flag IS NOT NULL) AS flags,
        protection::VARCHAR AS protection, origin::VARCHAR AS origin
    FROM observation JOIN submission USING (submission_id)
    WHERE ref_area IN (SELECT unnest($region)) AND submission.status NOT IN ('SUPERSEDED', 'REJECTED')
        AND (obs_value IS NOT NULL OR value_lower IS NOT NULL OR obs_status = 'Q')
), chosen AS (
    SELECT *, max(whole::INTEGER) OVER (
        PARTITION BY ref_area, indicator, source, count_unit, period_type, mixed) = 0 AS parts_only
    FROM figure
)
SELECT row_number() OVER (ORDER BY indicator, ref_area, source, count_unit, period_type, mixed)::INTEGER AS series,
    ref_area, indicator, source, count_unit, period_type, mixed, bool_or(invented) AS invented,
    list_sort(list(DISTINCT source_type)) AS source_types, list_sort(list(DISTINCT calendar)) AS calendars,
    list_sort(list(DISTINCT months)) AS months, parts_only,
    coalesce(list_sort(list(DISTINCT coverage) FILTER (coverage IS NOT NULL)), []) AS coverage,
    coalesce(list_sort(list(DISTINCT protection) FILTER (protection IS NOT NULL)), []) AS protection,
    list_sort(list(DISTINCT origin)) AS origins, min(year) AS first, max(year) AS last, count(*)::INTEGER AS figures,
    list_sort(list_distinct(flatten(list(list_transform(flags, flag -> flag || ' ' || year))))) AS flags
FROM chosen WHERE whole OR parts_only
GROUP BY ref_area, indicator, source, count_unit, period_type, mixed, parts_only
ORDER BY series"""
