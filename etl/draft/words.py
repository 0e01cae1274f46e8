"""The distinct values of a mapped column in; out, the words that the house does not read yet, each with what it may mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from etl.draft.choices import Choice
from etl.draft.decided import Decided, House
from etl.draft.sight import Sight
from etl.draft.signs import meanings, signs, told_by
from etl.fold import fold
from etl.match import Candidate, ValueMatch, match_values
from etl.plan import ColumnPlan
from etl.readings.said import ASK, NONE
from etl.source import Source
from etl.submissions import CONFIDENCE
from schemas.indicators import indicators
from schemas.tables import Field, table

LOOKED_UP = ("code", "codes", "yes_no", "boolean", "country", "countries", "area")
SEPARATORS = (";", "/", "|", "+", "،", "፣", ",", "&", "\n", " ")
NAME = re.compile(r"[a-z0-9_]+")  # forms name their choices so, and part several by spaces
LEAST_PARTS = 0.6  # share of the parts that must be known words before a sign is taken to part a list
MOST_WORDS = 400  # a column with more distinct values that nobody knows holds no codes
MOST_CANDIDATES = 3
WHOLE = "_T"
MOST_HOUSE = 60
LEAST_LIKE = 0.5  # a word less like than this is no choice worth a look


@dataclass(frozen=True)
class Word:
    """One distinct value of theirs: the code that it surely is, or those that it may be, best first."""

    raw: str
    rows: int
    code: str | None
    score: float
    reason: str
    candidates: tuple[Candidate, ...] = ()
    decided: Decided | None = None


@dataclass(frozen=True)
class Words:
    """The words of one column: `sure` are written as rulings, `unsure` are offered, `hidden` are too rare to be shown.

    house: words that the house reads by itself and that enough rows share, each with its code and how it is read.

    known: rows whose value the house reads by itself; read: rows read once the sure words are declared.
    """

    sure: tuple[Word, ...] = ()
    unsure: tuple[Word, ...] = ()
    hidden: int = 0
    known: int = 0
    read: int = 0
    filled: int = 0
    separator: str | None = None
    house: tuple[Word, ...] = ()


def words_of(choice: Choice, sight: Sight, source: Source, house: House, least: int) -> Words:
    """Say of every distinct value of a mapped column what it means, as far as that can be said.

    house: the other declarations, whose rulings are taken over within one country and offered to others.
    """
    plan = choice.plan
    assert plan is not None
    column, personal = sight.seen.columns[choice.place], sight.personal[choice.place]
    heading = {fold(choice.header.rpartition(" / ")[2])} if sight.seen.repeated else set()
    passed = signs("missing") | heading | {fold(word) for total in sight.totals for word in total.words}
    values = {value: times for value, times in column.values.items() if fold(value) not in passed}
    filled = sum(values.values())
    if plan.reading not in LOOKED_UP or len(values) > 10 * MOST_WORDS:
        return Words(filled=filled, known=filled, read=filled)
    target = table(source.table).field(plan.outputs[0])
    decided = dict(house.ours(choice.field))
    separator = _separator(values, choice.header, plan, target, decided) if target.many else None
    parts = _parts(values, plan, separator)
    plan = replace(plan, how=replace(plan.how, separator=None))
    unread = {part: times for part, times in parts.items() if plan.read(part).match in (ASK, NONE)}
    known = sum(parts.values()) - sum(unread.values())
    wanted = {part: times for part, times in unread.items() if part not in personal.hidden}
    language = source.languages[0]
    country = source.country if len(source.country) == 3 else None
    matches = match_values(list_of(target), wanted, language, country) if len(wanted) <= MOST_WORDS else []
    open_ = [match.value for match in matches if not match.confident and fold(match.value) not in decided]
    decided |= house.others(choice.field, open_)
    sure: list[Word] = []
    unsure: list[Word] = []
    hidden = len(unread) - len(wanted)
    for match in matches:
        word = _word(match, wanted[match.value], decided, target)
        if word.code is not None:
            sure.append(word)
        elif word.rows >= least:
            unsure.append(word)
        else:
            hidden += 1
    return Words(
        tuple(sure), tuple(unsure), hidden + (0 if matches else len(wanted)), known, known + sum(word.rows for word in sure),
        sum(parts.values()), separator, _house(parts, plan, least),
    )  # fmt: skip


def _house(parts: Mapping[str, int], plan: ColumnPlan, least: int) -> tuple[Word, ...]:
    """Give the words that are read already, the most frequent first."""
    found = []
    for part, times in Counter(parts).most_common(MOST_HOUSE):
        said = plan.read(part)
        if times >= least and said.match not in (ASK, NONE) and said.values:
            value = said.values[0]
            code = "|".join(map(str, value)) if isinstance(value, tuple) else str(value)
            found.append(Word(part, times, code, CONFIDENCE.get(said.match, 1.0), said.match.lower()))
    return tuple(found)


def list_of(target: Field) -> str:
    """Name the list whose words a field holds, as the matcher knows it."""
    if target.type in ("country", "area"):
        return target.type
    return target.codelist or ("CL_AGE_GROUP" if target.name == "age" else f"{target.table}.{target.name}")


def _word(match: ValueMatch, rows: int, decided: Mapping[str, Decided], target: Field) -> Word:
    codes = set(target.codes or ())
    fitting = tuple(one for one in match.candidates if not codes or one.target in codes)
    candidates = tuple(one for one in fitting if match.confident or one.score >= LEAST_LIKE)[:MOST_CANDIDATES]
    ruled = decided.get(fold(match.value))
    if target.table == "observation" and fold(match.value) in signs("whole") and (not codes or WHOLE in codes):
        return Word(match.value, rows, WHOLE, 1.0, "all together", candidates)
    if match.value in codes or (not codes and _own_form(match.value, target)):
        return Word(match.value, rows, match.value, 1.0, "a code of its own", candidates)
    if target.name == "indicator" and fold(match.value) in meanings("counted"):
        return Word(match.value, rows, meanings("counted")[fold(match.value)], 0.95, "what is counted", candidates)
    if target.name == "indicator":
        candidates = tuple(Candidate(code, 0.6, ("words for what is counted",)) for code in told_by("indicator", match.value))
    if ruled is not None and ruled.ours and (not codes or ruled.code in codes):
        return Word(match.value, rows, ruled.code, ruled.confidence, "decided", candidates, ruled)
    if match.confident and candidates and match.candidates[0] is candidates[0]:
        best = candidates[0]
        return Word(match.value, rows, best.target, best.score, best.reasons[0] if best.reasons else match.reason, candidates)
    if ruled is not None and (not codes or ruled.code in codes):
        offered = Candidate(ruled.code, ruled.confidence, (f"decided in {ruled.source}",))
        candidates = (offered, *(one for one in candidates if one.target != ruled.code))[:MOST_CANDIDATES]
        return Word(match.value, rows, None, 0.0, match.reason, candidates, ruled)
    return Word(match.value, rows, None, 0.0, match.reason, candidates)


def _own_form(value: str, target: Field) -> bool:
    """Tell a value that is a code already, of a field that has a form and no list."""
    if target.name == "indicator":
        return value in indicators()
    return target.pattern is not None and re.fullmatch(target.pattern, value) is not None


def _parts(values: Mapping[str, int], plan: ColumnPlan, separator: str | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, times in values.items():
        for part in re.split(separator, value) if separator is not None else [value]:
            if part.strip() and fold(part) not in plan.how.missing:
                found[part.strip()] += times
    return found


def _separator(
    values: Mapping[str, int], header: str, plan: ColumnPlan, target: Field, decided: Mapping[str, Decided]
) -> str | None:
    """Give the signs that part lists in this column, as a class of signs: those between parts that stand alone elsewhere."""
    whole = replace(plan, how=replace(plan.how, separator=None))
    alone = {fold(value) for value in values} | set(decided)
    named = any("_" in value or "/" in header for value in values)
    signs_met = []
    for sign in SEPARATORS:
        lists = [value for value in values if sign in value.strip().strip(sign)]
        parts = [part.strip() for value in lists for part in value.split(sign) if part.strip()]
        if not lists or (sign != " " and any(whole.read(value).match not in (ASK, NONE) for value in lists)):
            continue
        if sign == " " and not (named and all(NAME.fullmatch(part) for part in parts)):
            continue
        known = sum(fold(part) in alone or _known(part, whole, target) for part in parts)
        again = sum(times > 1 for times in Counter(map(fold, parts)).values())
        if known >= LEAST_PARTS * len(parts) or (again >= 2 and known > 0 and known >= LEAST_PARTS / 2 * len(parts)):
            signs_met.append(sign)
    return f"[{''.join(signs_met)}]" if len(signs_met) > 1 else signs_met[0] if signs_met else None


def _known(part: str, plan: ColumnPlan, target: Field) -> bool:
    if plan.read(part).match not in (ASK, NONE):
        return True
    return match_values(list_of(target), {part: 1})[0].confident
