"""Columns in, one choice each out: the field that it surely is, fields that it may be, or why it is left out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from etl.draft.about import ASK, About
from etl.draft.figures import is_figure
from etl.draft.measures import measure_of
from etl.draft.personal import FREE_TEXT
from etl.draft.proof import CONFLICT
from etl.draft.sight import Sight
from etl.draft.signs import is_total
from etl.draft.values import CODE, DATE, EMPTY, FREE, KEY, NUMBER, TEXT
from etl.errors import SourceError
from etl.fold import fold
from etl.match import Candidate, HeaderMatch, HeaderSeen, match_headers
from etl.plan import DERIVED, TOTALS, ColumnPlan, column_plan
from etl.source import Column, Source
from schemas.tables import Field, table

MAPPED, MEASURE, UNSURE, LEFT, PERSONAL = "mapped", "measure", "unsure", "left", "personal"
DIMENSIONS = ("time_period", "ref_area", "ref_subarea", "ref_year", "age", "indicator", "citizenship", "count_unit")
RUNNING, IGNORE = "source_row", "ignore"
FIGURE, PLACES, KEYED = "obs_value", ("lat", "lon", "coordinates"), ("case_key", "person_key")
KINDS = {NUMBER: "number", DATE: "date", CODE: "code", TEXT: "text", FREE: "free", KEY: "text", EMPTY: ""}
REMARK, ONLY_DAYS, GOOD, MARGIN, NAMED = 0.9, 0.6, 0.95, 0.12, 0.5
WELL_NAMED, ALONE = 0.85, 0.3
PATH, PATHS = re.compile(r"\A(?:\w++/)+\w+"), 0.3
YEAR = re.compile(r"(?:19[89]|20[0-4])[0-9](?:\.0)?")
MOST_VALUES = 2_000  # distinct values, the most common first, from which a field is told


@dataclass(frozen=True)
class Choice:
    """What became of one column.

    state: mapped, measure, unsure, left (out) or personal. field: ours, where it is mapped. why: a key of the texts that
    says why it is left out. plan: how it is read. dims: what a heading that counts is broken down by.
    """

    header: str
    place: int
    state: str
    field: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
    plan: ColumnPlan | None = None
    column: Column | None = None
    dims: Mapping[str, str] | None = None


def headers_of(sight: Sight) -> list[HeaderSeen]:
    """Give the columns as the matcher wants them; of a column that is a person's no value is handed on."""
    found = []
    paths = sum(PATH.fullmatch(column.header) is not None for column in sight.seen.columns) >= PATHS * len(sight.seen.columns)
    for column, profile, personal in zip(sight.seen.columns, sight.profiles, sight.personal, strict=True):
        hidden = personal.kind is not None
        values = {} if hidden else {v: n for v, n in column.values.most_common(MOST_VALUES) if v not in personal.hidden}
        kind = "" if profile.kind == EMPTY and not profile.rows else KINDS[profile.kind]
        # A form writes its groups before the name of each question: `victim/victim_sex`.
        name = column.header.rpartition("/")[2] if paths and PATH.fullmatch(column.header) else column.header
        found.append(HeaderSeen(name, values, kind, column.place))
    return found


def choose(sight: Sight, headers: Sequence[HeaderSeen], about: About, source: Source, today: datetime.date) -> list[Choice]:
    """Choose for every column.

    source: the declaration so far, by which the readings know languages, calendar and signs.
    """
    fields = {field.name: field for field in table(source.table).fields}
    matches = match_headers(headers, source.table, source.country if source.country != "several" else None)
    choices = [_choice(sight, place, match, about, fields) for place, match in enumerate(matches)]
    if source.table == "observation":
        choices = _measured(sight, choices, about)
    given: set[str] = set()
    order = sorted(range(len(choices)), key=lambda place: -choices[place].score)
    for place in order:
        choices[place] = _planned(choices[place], sight, source, fields, given, today)
    return choices


def constants_of(choices: Sequence[Choice], source: Source) -> dict[str, str]:
    """Give for every required field that no column gives the code for `unknown`, or ASK where there is none."""
    fields = table(source.table).fields
    given = {output for choice in choices if choice.plan is not None for output in choice.plan.outputs}
    given |= {name for choice in choices for name in choice.dims or {}}
    found = {}
    for field in fields:
        if field.name in given or field.name in DERIVED[source.table] or field.type == "hash":
            continue
        if field.required == "R" and field.name not in SAID:
            found[field.name] = _silent(field, source)
        elif field.required == "C" and field.codelist is not None and "_U" in (field.codes or ()):
            found[field.name] = "_U"
    if source.table == "victim" and not given & {"exploitation_forms", "exploitation_main"}:
        found["exploitation_forms"] = "_U"
    if source.table == "smuggling_incident" and not given & {"n_migrants", "n_migrants_quality"}:
        found["n_migrants_quality"] = "_U"  # an incident of unknown size is neither refused nor counted as none
    if source.table == "observation":
        found = {name: value for name, value in found.items() if name in ("indicator", "offence")}
        counted = [choice for choice in choices if choice.state == MEASURE and choice.dims is not None]
        told = {name for choice in counted for name in choice.dims or {}}
        mapped = {choice.field for choice in choices}
        found |= {name: "_T" for name in TOTALS if name in told - mapped and any(name not in (one.dims or {}) for one in counted)}
        if counted:
            found.pop("obs_value", None)
            if "indicator" not in mapped and any("indicator" not in (one.dims or {}) for one in counted):
                found["indicator"] = ASK
        if not counted and FIGURE not in mapped:
            found[FIGURE] = ASK
        if "offence" in found:
            found["offence"] = source.domain if source.domain in ("TIP", "SOM") else "_T"
    return found


# What the pipeline writes by itself.
SAID = {"submission_id", "source_row", "dq_flags", "source", "invented", "origin"}


def _silent(field: Field, source: Source) -> str:
    if field.name == "age_reference":
        return "_U"
    if field.name == "offence" and source.domain in ("TIP", "SOM"):
        return source.domain
    return field.silence or ASK


def _choice(sight: Sight, place: int, match: HeaderMatch, about: About, fields: Mapping[str, Field]) -> Choice:
    profile, personal = sight.profiles[place], sight.personal[place]
    header, candidates = profile.header, match.candidates
    best = candidates[0] if candidates else None
    bare = Choice(header, place, LEFT, candidates=candidates)
    if personal.kind == "coordinates" or (personal.kind and best is not None and best.target in PLACES):
        return replace(bare, state=PERSONAL, why="coordinates")
    if personal.kind is not None and not (personal.why == "values" and best is not None and best.target in KEYED):
        return replace(bare, state=PERSONAL, why="free_text" if personal.kind == FREE_TEXT else "identifying", candidates=())
    if match.identifying:
        return replace(bare, state=PERSONAL, why="identifying", candidates=())
    if profile.kind == EMPTY:
        return replace(bare, why="empty")
    sure = match.confident or (best is not None and _backed(sight, place, best, candidates, fields))
    if best is not None and match.confident and best.target == RUNNING:
        return replace(bare, why="running", candidates=())
    if best is not None and best.target == IGNORE and (match.confident or best.score >= REMARK):
        return replace(bare, state=PERSONAL if profile.kind in (TEXT, FREE) else LEFT, why="remarks")
    if best is not None and not match.confident and profile.kind == DATE and best.score >= ONLY_DAYS and _only_days(sight):
        reasons = (*best.reasons, "the only column of days")
        return replace(bare, state=MAPPED, field=best.target, score=best.score, reasons=reasons)
    if best is not None and sure and best.target not in (RUNNING, IGNORE):
        return replace(bare, state=MAPPED, field=best.target, score=best.score, reasons=best.reasons)
    return replace(bare, state=UNSURE, why="unsure" if candidates else "hopeless")


def _backed(sight: Sight, place: int, best: Candidate, candidates: Sequence[Candidate], fields: Mapping[str, Field]) -> bool:
    """Tell a first candidate that what else is seen of the file makes sure, though name and values alone do not."""
    return (
        _free(best, candidates)
        or _years_of(sight, place, best)
        or _own(sight, place, best, fields)
        or _full(best, candidates, fields)
    )


def _full(best: Candidate, candidates: Sequence[Candidate], fields: Mapping[str, Field]) -> bool:
    """Tell a well named column all of whose values are words of the field's own list, and no other field is near."""
    target = fields.get(best.target)
    listed = best.target == "age" or (target is not None and target.codes is not None)
    alone = all(one.score < best.score - ALONE for one in candidates if one is not best)
    return listed and alone and best.score >= WELL_NAMED and "value overlap 1.00" in best.reasons


def _free(best: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Tell a good candidate whose rivals are all better placed in other columns."""
    rivals = [one for one in candidates if one is not best and one.score > best.score - MARGIN]
    return best.score >= GOOD and all(one.reasons and one.reasons[-1].startswith("taken by") for one in rivals)


def _years_of(sight: Sight, place: int, best: Candidate) -> bool:
    return best.target in ("time_period", "ref_year") and best.score >= ONLY_DAYS and _all_years(sight, place)


def _own(sight: Sight, place: int, best: Candidate, fields: Mapping[str, Field]) -> bool:
    """Tell a column that bears the name of a field and holds nothing but that field's own codes."""
    target = fields.get(best.target)
    if target is None or best.score < NAMED or not best.reasons[0].startswith(("alias", "folded")):
        return False
    codes, pattern = target.codes, target.pattern
    if codes is None and pattern is None:
        return False
    values = sight.seen.columns[place].values
    return all(value in codes if codes is not None else re.fullmatch(pattern or "", value) is not None for value in values)


def _all_years(sight: Sight, place: int) -> bool:
    """Tell a column of plain years."""
    values = sight.seen.columns[place].values
    return bool(values) and all(YEAR.fullmatch(fold(value)) for value in values)


def _measured(sight: Sight, choices: list[Choice], about: About) -> list[Choice]:
    """Turn number columns of an aggregate table that are no dimension into headings that count, unless one holds the figures."""
    counting = _counting(sight, choices)
    figure = any(choice.place in counting and _says_figure(choice) for choice in choices)
    if not sight.layout.years and (len(counting) == 1 or figure):
        return [_figure(choice, counting) for choice in choices]
    found = []
    for choice in choices:
        if choice.place in counting:
            dims = measure_of(choice.header, about, choice.place in sight.layout.years)
            known = dims is None or dims or is_total(choice.header.rpartition(" / ")[2])
            state, why = (MEASURE, "") if known else (UNSURE, "measure")
            choice = replace(choice, state=state, field="", score=0.0, why=why, dims=dims if known else None)
        found.append(choice)
    return found


def _counting(sight: Sight, choices: Sequence[Choice]) -> set[int]:
    """Give the places of the columns that hold counts and are no dimension and no running number."""
    found = set()
    for choice in choices:
        profile = sight.profiles[choice.place]
        counts = profile.kind == NUMBER or (profile.kind == CODE and _digits(sight, choice.place) >= 0.5)
        counts = counts and not _all_years(sight, choice.place)
        open_ = choice.state in (MAPPED, UNSURE) or choice.why == "empty"
        if open_ and (choice.place in sight.layout.years or (counts and choice.field not in DIMENSIONS)):
            found.add(choice.place)
    return found


def _says_figure(choice: Choice) -> bool:
    """Tell a heading that names the figure itself, such as OBS_VALUE, and not what is counted."""
    best = choice.candidates[0] if choice.candidates else None
    return best is not None and best.target == FIGURE and best.score >= GOOD and "(und)" in best.reasons[0]


def _figure(choice: Choice, counting: set[int]) -> Choice:
    """Take the column that holds the figures for what it is."""
    if choice.place in counting and (_says_figure(choice) or (len(counting) == 1 and choice.state == UNSURE)):
        best = next((one for one in choice.candidates if one.target == FIGURE), None)
        if best is not None:
            return replace(choice, state=MAPPED, field=FIGURE, score=best.score, reasons=best.reasons, why="")
    return choice


def _only_days(sight: Sight) -> bool:
    """Tell whether one column of the file holds days, birth dates left out."""
    days = [profile for profile, one in zip(sight.profiles, sight.personal, strict=True) if profile.kind == DATE and not one.kind]
    return len(days) == 1


def _digits(sight: Sight, place: int) -> float:
    column = sight.seen.columns[place]
    total = sum(column.values.values())
    return sum(times for value, times in column.values.items() if is_figure(value)) / max(1, total)


def _planned(
    choice: Choice, sight: Sight, source: Source, fields: Mapping[str, Field], given: set[str], today: datetime.date
) -> Choice:
    """Plan how a mapped column is read; one that cannot be, or that gives what another gives already, stays open."""
    if choice.state != MAPPED:
        return choice
    proof = sight.proofs.get(choice.header)
    if proof is not None and proof.order_state == CONFLICT and "swapped" in proof.notes:
        return replace(choice, state=UNSURE, why="swapped", field="", candidates=choice.candidates)
    column = Column(column=choice.header, reading=_reading(choice, sight, source, fields))
    try:
        plan = column_plan(source, choice.field, column, dict(fields), today)
    except SourceError as fault:
        return replace(choice, state=UNSURE, why="unsure", reasons=(*choice.reasons, str(fault).partition(": ")[2]), field="")
    target = fields.get(plan.outputs[0])
    if plan.reading == "text" and target is not None and target.pattern is not None and not _fits(target.pattern, choice, sight):
        return replace(choice, state=UNSURE, why="form", field="")
    outputs = {output for output in plan.outputs if output != "-"}
    if outputs & given:
        return replace(choice, state=UNSURE, why="twice", field="")
    given |= outputs
    return replace(choice, plan=plan, column=column)


def _fits(pattern: str, choice: Choice, sight: Sight) -> bool:
    """Tell whether most values of a column have the form that their field asks for."""
    column = sight.seen.columns[choice.place]
    return 2 * sum(times for value, times in column.values.items() if re.fullmatch(pattern, value.strip())) >= column.filled


def _reading(choice: Choice, sight: Sight, source: Source, fields: Mapping[str, Field]) -> str | None:
    """Name the reading where the field's own is not the one that a column of a file needs."""
    field = choice.field
    if field == "ref_year" and any("." in value for value in sight.seen.columns[choice.place].values):
        return "integer"
    if source.table == "observation" and field in ("age", "indicator"):
        return "code"
    if field == "time_period":
        return "period"
    if field in fields and fields[field].type == "hash":
        return "key"
    return None
