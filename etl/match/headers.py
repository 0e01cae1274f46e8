"""Columns in, the fields that each may be out: by name in any language, by values, and one field a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from etl.identifying import identifying_column, identifying_header
from etl.match.assign import assign
from etl.match.candidates import MOST_CANDIDATES, Candidate, HeaderMatch, HeaderSeen
from etl.match.evidence import NUMBERS_ONLY, coded, is_numeric, is_running, of_kind, share, spread
from etl.match.names import IGNORE, RUNNING_NUMBER, Named, fields_of, named, table_names

LEAST = 0.33  # a lower score is no proposal
SURE_NAME, SURE_MARGIN = 0.93, 0.12
_MIDDLING_NAME, _FULL_SHARE = 0.88, 0.9  # a name that is only alike is sure when nearly all values fit, and no other field's
_FOR, _AGAINST, _ALONE = 0.35, 0.45, 0.42  # how much values add, take away, and give where the name says nothing
_COUNTS, _CASES, _MOST, _MOSTLY_NUMBERS = "observation", "smuggling_incident", 0.55, 0.4
_STEEP = 3  # the power of the scores in the assignment: one good match is worth more than two middling ones
_TAKEN = 0.6  # the least score at which a field that another column took is still named
_RUNNING, _WRONG_KIND = 0.7, 0.6
_PLACED = ("lat", "lon", "coordinates")  # exact places are identifying, and fields of an incident all the same


@dataclass(frozen=True, slots=True)
class _Scored:
    field: str
    score: float
    name: float
    share: float | None
    reasons: tuple[str, ...]


def match_headers(headers: Sequence[HeaderSeen], table: str | None, country: str | None) -> list[HeaderMatch]:
    """Say for each column which field it may be; no field is sure for two columns.

    table: the harmonised table, or None to let the headings say it (then targets are `table.field`). country: ISO
    3166-1 alpha-3, whose areas are looked for in the values. A target is a field, a group that the declaration of a
    source knows (`age`, `fee`, `migrants`, ...), `source_row` for a running number, or `ignore` for remarks.
    """
    chosen = table if table is not None else _first(guess_table(headers))
    scored = [_scored(seen, chosen, country) for seen in headers]
    fields = sorted({one.field for column in scored for one in column} - {IGNORE})
    places = {field: place for place, field in enumerate(fields)}
    scores = [[0.0] * len(fields) for _ in headers]
    for row, column in enumerate(scored):
        for one in column:
            if one.field == IGNORE:  # as many columns as there are may be left out
                continue
            scores[row][places[one.field]] = one.score**_STEEP if one.score >= LEAST else 0.0
    assigned = [None if place is None else fields[place] for place in assign(scores)]
    given = [_or_left_out(column, field) for column, field in zip(scored, assigned, strict=True)]
    prefix = "" if table is not None else f"{chosen}."
    holders = {field: seen.text for seen, field in zip(headers, given, strict=True) if field not in (None, IGNORE)}
    return [_match(seen, column, field, holders, prefix) for seen, column, field in zip(headers, scored, given, strict=True)]


def guess_table(headers: Sequence[HeaderSeen]) -> tuple[Candidate, ...]:
    """Say which table a file is for, best first, by how well its columns are named as fields of each and by whom they name.

    A file that is mostly numbers and has neither a number nor a date for each row is a table of counts.
    """
    found = []
    counted = _counts(headers)
    for name in table_names():
        best = [max((one.score for one in named(seen.text, name)), default=0.0) for seen in headers]
        telling = [max((one.score * one.telling for one in named(seen.text, name)), default=0.0) for seen in headers]
        score = (sum(best) + sum(telling)) / (2 * max(1, len(headers)))
        reasons = [f"{sum(one >= SURE_NAME for one in best)} headings known"]
        if counted and name == _COUNTS:
            score, reasons = score + _MOSTLY_NUMBERS, [*reasons, "mostly numbers, and no row has a number or a date of its own"]
        found.append(Candidate(name, round(min(score, 1.0), 3), tuple(reasons)))
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _counts(headers: Sequence[HeaderSeen]) -> bool:
    told = [seen for seen in headers if seen.values or seen.kind]
    numeric = sum(seen.kind == "number" or is_numeric(spread(seen.values)) for seen in told)
    single = {one.target for seen in headers for one in named(seen.text, _CASES) if one.score >= SURE_NAME}
    return bool(told) and numeric >= _MOST * len(told) and not single & {"case_key", "date_incident"}


def _first(candidates: tuple[Candidate, ...]) -> str:
    return candidates[0].target


def _scored(seen: HeaderSeen, table: str, country: str | None) -> list[_Scored]:
    if identifying_header(seen.text) is not None:
        return []
    values = spread(seen.values)
    names = {one.target: one for one in named(seen.text, table)}
    found = []
    for field in fields_of(table):
        name = names.get(field)
        fits = share(field, table, values, country) if name is not None or coded(field, table) else None
        one = _one(field, name, fits)
        if one.score > 0:
            found.append(_by_kind(one, table, seen.kind) if fits is None else one)
    if seen.position == 0 and is_running(values):
        found = [one for one in found if one.field != RUNNING_NUMBER]
        found.append(_Scored(RUNNING_NUMBER, _RUNNING, 0.0, None, ("position", "numbers that count the rows")))
    return sorted(found, key=lambda one: -one.score)


def _one(field: str, name: Named | None, fits: float | None) -> _Scored:
    by_name = name.score if name is not None else 0.0
    reasons = list(name.reasons) if name is not None else []
    score = by_name
    if fits == NUMBERS_ONLY:
        reasons.append("the values are numbers, which may be codes of their own")
    elif fits is not None:
        if fits >= 0.5:
            score = by_name + _FOR * fits * (1 - by_name) if by_name else _ALONE * fits
            reasons.append(f"value overlap {fits:.2f}")
        elif by_name:
            score = by_name * (1 - _AGAINST * (1 - 2 * fits))
            reasons.append(f"value overlap only {fits:.2f}")
    return _Scored(field, score, by_name, fits, tuple(reasons))


def _by_kind(one: _Scored, table: str, kind: str) -> _Scored:
    """Weigh in the kind of a column of whose values nothing else is known."""
    fitting = of_kind(one.field, table, kind)
    if fitting is None:
        return one
    if fitting:
        return replace(one, reasons=(*one.reasons, f"kind {kind}"))
    return replace(one, score=one.score * _WRONG_KIND, share=0.0, reasons=(*one.reasons, f"but of kind {kind}"))


def _or_left_out(column: list[_Scored], field: str | None) -> str | None:
    """Give the field assigned to a column, or `ignore` where that fits better."""
    fitting = {one.field: one.score for one in column}
    return IGNORE if fitting.get(IGNORE, 0.0) > max(fitting.get(field or "", 0.0), LEAST) else field


def _match(seen: HeaderSeen, column: list[_Scored], given: str | None, holders: dict[str, str], prefix: str) -> HeaderMatch:
    identifying = identifying_header(seen.text) is not None or identifying_column(seen.text, seen.values) is not None
    column = [one for one in column if one.score >= LEAST and (not identifying or one.field in _PLACED)]
    first = next((one for one in column if one.field == given), None)
    taken = {one.field for one in column if one is not first and one.field in holders}
    column = [one for one in column if one.field not in taken or one.score >= _TAKEN]
    ordered = sorted(column, key=lambda one: (one is not first, first is not None and one.field in taken))
    candidates = tuple(
        _candidate(one, prefix, holders[one.field] if one.field in taken else None) for one in ordered[:MOST_CANDIDATES]
    )
    sure = first is not None and not identifying and _sure(first, column)
    return HeaderMatch(seen.text, candidates, sure, identifying, not candidates)


def _candidate(one: _Scored, prefix: str, holder: str | None) -> Candidate:
    reasons = one.reasons if holder is None else (*one.reasons, f"taken by {holder}")
    return Candidate(prefix + one.field, round(min(one.score, 1.0), 3), reasons)


def _sure(first: _Scored, column: list[_Scored]) -> bool:
    others = [one for one in column if one is not first]
    margin = first.score - max((one.score for one in others), default=0.0)
    if margin < SURE_MARGIN or (first.share is not None and first.share < 0.5):
        return False
    if first.name >= SURE_NAME:
        return True
    alone = all((one.share or 0.0) < _FULL_SHARE for one in others)
    return first.name >= _MIDDLING_NAME and (first.share or 0.0) >= _FULL_SHARE and alone
