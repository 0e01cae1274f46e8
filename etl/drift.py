"""A file that changed in; out, what changed in its form, columns, days and totals, with the line that would settle each.

Nothing of a value that may be a person's, or that few rows hold, is told.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from etl.door import shown_heading
from etl.draft.declare import json_text, plain
from etl.draft.proof import CONFLICT, PROVEN, Context
from etl.draft.proofs_told import calendar_told, order_told
from etl.draft.sight import Sight, look, look_as
from etl.draft.values import LEAST
from etl.draft.words import LOOKED_UP, MOST_WORDS, list_of
from etl.errors import SourceError
from etl.fold import fold
from etl.headings import heading
from etl.identifying import identifying_header, identifying_value
from etl.match import HeaderSeen, match_headers, match_values
from etl.plan import ColumnPlan, Plan, plan_source
from etl.readings.said import ASK, NONE
from etl.received import find_file
from etl.source import HERE, FileForm, Source

ALIKE = 0.5  # from here on, a new column may be one that is gone, written anew
LIKENESS, READ, MEANT = 0.4, 0.3, 0.3  # what name, values and meaning weigh in that
UNSEEN = 0.5  # how far a column whose values cannot tell counts as read
KEPT = 0.5  # share of the declared headings that must be there for the declared form to hold


@dataclass(frozen=True)
class Drift:
    """One change: what kind (form, column, days, total), what was met in a sentence, and the line to add or change."""

    kind: str
    met: str
    line: str


def drift_of(source: Source, folders: list[Path], today: datetime.date) -> list[Drift]:
    """Give what changed in the files of a source against its declaration.

    Empty where nothing can be said: the declaration or a file cannot be read, or a twin reshapes what is read.
    """
    if (HERE / f"{source.name}.py").exists():
        return []
    try:
        plan = plan_source(source, today)
        paths = [find_file(source, item.file, folders) for item in source.submissions if item.file is not None]
        found = [drift for path in paths for drift in _drift(plan, path, today)]
    except SourceError:  # the command tells this fault itself
        return []
    return list(dict.fromkeys(found))


def _drift(plan: Plan, path: Path, today: datetime.date) -> Iterator[Drift]:
    source = plan.source
    country = source.country if source.country != "several" else None
    sight = _as_declared(plan, path, Context(today, country))
    if sight is None:
        sheet = source.file.sheet
        try:
            sight = look(path, sheet, Context(today, country), LEAST)
        except SourceError:
            sight = look(path, None, Context(today, country), LEAST)
        yield from _form(source.file, sight)
    if not _ruled(plan) & set(_headers(sight)):
        return
    yield from _columns(plan, sight)
    yield from _days(plan, sight, today)
    yield from _totals(plan, sight)


def _as_declared(plan: Plan, path: Path, context: Context) -> Sight | None:
    """Read the file in its declared form, where most declared headings are there then."""
    try:
        sight = look_as(path, plan.source.file, context, LEAST)
    except SourceError:
        return None
    ruled = _ruled(plan)
    return sight if len(ruled & set(_headers(sight))) >= KEPT * len(ruled) else None


def _headers(sight: Sight) -> list[str]:
    return [column.header for column in sight.seen.columns]


def _ruled(plan: Plan) -> set[str]:
    return {*plan.wanted, *map(heading, plan.source.measures), *map(heading, plan.source.ignore)}


def _form(declared: FileForm, sight: Sight) -> Iterator[Drift]:
    """Name what of the form is no longer as it was declared."""
    met = sight.form
    encoded = sight.encoding is not None and sight.encoding.why != "encoding_ascii"
    pairs = {
        "format": (declared.format, met.format),
        "encoding": (declared.encoding, met.encoding if encoded else declared.encoding),
        "delimiter": (json_text(declared.delimiter), json_text(met.delimiter if met.format == "csv" else declared.delimiter)),
        "sheet": (declared.sheet, met.sheet if met.sheet is not None else declared.sheet),
        "header_rows": (declared.header_rows, met.header_rows),
        "footer_rows": (declared.footer_rows, met.footer_rows),
    }
    for key, (before, now) in pairs.items():
        if before != now:
            yield Drift("form", f"{key} was {before}, and the file has {now}", f"file.{key}: {now}")


def _columns(plan: Plan, sight: Sight) -> Iterator[Drift]:
    """Name new and gone columns, each gone one with the new one that it likely is."""
    met, ruled = _headers(sight), _ruled(plan)
    new = [name for name in met if name not in ruled and identifying_value(name) is None]
    json_file = plan.source.file.format in ("json", "jsonl")
    gone = [column for column in plan.columns if column.header in plan.wanted and column.header not in met and not json_file]
    gone_measures = [name for name in map(heading, plan.source.measures) if name not in met]
    pairs = _pairs(plan, gone, new, sight)
    for column, (name, score, why) in pairs.items():
        old = shown_heading(_header(gone, column))
        line = f"columns.{column}: {{column: {json_text(name)}}}  # if it is {old}, written anew"
        yield Drift("column", f"{old} is gone, {name!r} is likely the same ({score:.2f}: {why})", line)
    for gone_column in gone:
        if gone_column.key not in pairs:
            told = f"{shown_heading(gone_column.header)} is gone, and no new column is like it"
            yield Drift("column", told, f"columns.{gone_column.key}:  # remove it, or ask the sender for the column")
    for name in gone_measures:
        told = f"{shown_heading(name)} is gone from the headings that count"
        yield Drift("column", told, f"measures.{plain(name)}:  # remove it")
    yield from _new(name for name in new if name not in {taken for taken, _, _ in pairs.values()})
    yield from _words(plan, sight, {key: name for key, (name, _, _) in pairs.items()})


def _new(names: Iterable[str]) -> Iterator[Drift]:
    for name in names:
        quoted = json_text(name)
        if identifying_header(name):
            yield Drift("column", f"{name!r} is new and identifying", f"ignore: {{{quoted}: identifying}}")
        else:
            line = f"ignore: {{{quoted}: why it is not needed}}  # or `our_field: {{column: {quoted}}}` under columns"
            yield Drift("column", f"{name!r} is new", line)


def _words(plan: Plan, sight: Sight, pairs: Mapping[str, str]) -> Iterator[Drift]:
    """Name the words that many rows hold and nobody has ruled on, each with the codes that it may mean."""
    seen = {column.header: column.values for column in sight.seen.columns}
    for column in plan.columns:
        values: Mapping[str, int] = seen.get(pairs.get(column.key, column.header), {})
        if column.reading not in LOOKED_UP or len(values) > MOST_WORDS:
            continue
        new = {word: rows for word, rows in _parts(column, values).items() if rows >= LEAST}
        target = plan.table.field(column.outputs[0])
        country = plan.source.country if plan.source.country != "several" else None
        for match in match_values(list_of(target), new, plan.source.languages[0], country):
            best = match.candidates[0].target if match.candidates else "CODE"
            others = " or ".join(f"{one.target} {one.score:.2f}" for one in match.candidates[:3])
            told = f"{column.header!r} has the new word {match.value!r} ({new[match.value]} rows): {others or match.reason}"
            line = f"columns.{column.key}.words: {{{best}: [{plain(match.value)}]}}"
            yield Drift("word", told, line if match.confident else f"{line}  # if it is {best}")


def _parts(column: ColumnPlan, values: Mapping[str, int]) -> dict[str, int]:
    """Give the words of a column, lists parted, that its reading does not know and that are nobody's own."""
    single = replace(column, how=replace(column.how, separator=None))
    found: Counter[str] = Counter()
    for value, rows in values.items():
        if column.read(value).match in (ASK, NONE):
            parts = re.split(column.how.separator, value) if column.how.separator is not None else [value]
            for part in filter(None, map(str.strip, parts)):
                if single.read(part).match in (ASK, NONE) and identifying_value(part) is None:
                    found[part] += rows
    return dict(found)


def _header(gone: list[ColumnPlan], key: str) -> str:
    return next(column.header for column in gone if column.key == key)


def _pairs(plan: Plan, gone: list[ColumnPlan], new: list[str], sight: Sight) -> dict[str, tuple[str, float, str]]:
    """Pair gone columns with new ones by likeness of name, by what their readings make of the values, and by meaning."""
    from rapidfuzz import fuzz

    seen = {column.header: column for column in sight.seen.columns}
    meant = _meant(plan, new, sight)
    scored = []
    for column in gone:
        for name in new:
            if identifying_header(name):
                continue
            likeness = fuzz.WRatio(fold(column.header), fold(name)) / 100
            share = _read_share(column, seen[name].values)
            means = meant.get(name) == column.key
            score = LIKENESS * likeness + READ * share + MEANT * means
            why = f"name {likeness:.2f}, values read {share:.0%}" + (f", means {column.key}" if means else "")
            scored.append((score, column.key, name, why))
    pairs: dict[str, tuple[str, float, str]] = {}
    for score, key, name, why in sorted(scored, reverse=True):
        if score >= ALIKE and key not in pairs and name not in {taken for taken, _, _ in pairs.values()}:
            pairs[key] = name, score, why
    return pairs


def _meant(plan: Plan, new: list[str], sight: Sight) -> dict[str, str]:
    """Give the field that each new heading names best, by the lexicon."""
    columns = {column.header: column for column in sight.seen.columns}
    headers = [HeaderSeen(name, dict(columns[name].values.most_common(300)), "", columns[name].place) for name in new]
    country = plan.source.country if plan.source.country != "several" else None
    found = {}
    for match in match_headers(headers, plan.table.name, country):
        if match.candidates:
            found[match.header] = match.candidates[0].target
    return found


def _read_share(column: ColumnPlan, values: dict[str, int]) -> float:
    """Give the share of rows that a column's reading can read; `text` and `key` read anything, which tells nothing."""
    total = sum(values.values())
    if not total or column.reading in ("text", "texts", "key"):
        return UNSEEN
    return sum(times for value, times in values.items() if column.read(value).match not in (ASK, NONE)) / total


def _days(plan: Plan, sight: Sight, today: datetime.date) -> Iterator[Drift]:
    """Name columns of days whose order or calendar is proven to be another than declared, or contradicts itself."""
    for column in plan.columns:
        proof = sight.proofs.get(column.header)
        if column.reading != "date" or proof is None:
            continue
        values = next(one.values for one in sight.seen.columns if one.header == column.header)
        declared = column.how.date_order
        if proof.order_state == PROVEN and proof.order is not None and declared is not None and proof.order != declared:
            told = order_told(proof, values, LEAST, "en")
            line = f"columns.{column.key}.date_order: {proof.order}"
            yield Drift("days", f"{column.header!r}: declared {declared}; {told}", line)
        elif proof.order_state == CONFLICT:
            yield Drift("days", f"{column.header!r}: {order_told(proof, values, LEAST, 'en')}", "")
        calendar = column.how.calendar
        if proof.calendar_state == PROVEN and proof.calendar not in (None, calendar) and calendar != "MIXED":
            told = calendar_told(proof, values, LEAST, today, "en")
            line = f"columns.{column.key}.calendar: {proof.calendar}"
            yield Drift("days", f"{column.header!r}: declared {calendar}; {told}", line)


def _totals(plan: Plan, sight: Sight) -> Iterator[Drift]:
    """Name rows that say that they are totals and are not skipped."""
    skipped = {(column, word) for column, words in plan.skips.values() for word in words}
    for total in sight.totals:
        new = [word for word in total.words if (total.header, fold(word)) not in skipped]
        if new:
            words = ", ".join(plain(word) for word in new)
            yield Drift(
                "total",
                f"{shown_heading(total.header)} says {words} in rows that are counted",
                f"skip_rows: {{total: {{column: {plain(total.header)}, words: [{words}]}}}}",
            )
