"""What a file as a whole is about: table, domain, sender, period, languages; each with what says so, or else asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.draft.days import ETH, FIRST, GREG, HIJ, LAST, written_day
from etl.draft.outside import title_of
from etl.draft.proof import ETHIOPIAN
from etl.draft.sight import Sight
from etl.draft.signs import signs, told_by
from etl.draft.values import CODE, KEY, NUMBER, TEXT
from etl.fold import fold
from etl.identifying import identifying_value
from etl.match import Candidate, HeaderSeen, guess_table, match_headers

ASK = "ASK"
UNITS = {"victim": "VICTIM", "suspect": "PERSON", "smuggling_incident": "INCIDENT", "smuggled_group": "MIGRANT"}
DOMAINS = {"victim": "TIP", "smuggling_incident": "SOM", "smuggled_group": "SOM"}
MARGIN = 0.1
YEAR = re.compile(r"(?<!\d)(20[0-9]{2}|19[89][0-9])(?!\d)")
SPAN = re.compile(r"(?<!\d)(20[0-9]{2})\s?[-/–]\s?([0-9]{2}|20[0-9]{2})(?!\d)")
MOST_IN_YEAR = 0.95
AGGREGATE_SHARE = 0.4
PERIOD = re.compile(r"(?<![\d/])(20[0-9]{2})(?![\d])")
TWO_YEARS = re.compile(r"((?:20)?[0-9]{2}) ?[/-] ?((?:20)?[0-9]{2})")
WHOLE_COLUMNS = 2
CASES = 0.9
MOST_PERIODS, MOST_PERIODIC = 80, 0.8


@dataclass(frozen=True)
class Answer:
    """One answer about the file; `value` is ASK where nothing proves it. why: a key of the texts, with `told` to fill it."""

    value: str
    why: str
    told: str = ""


@dataclass(frozen=True)
class About:
    """The answers about a file, each with what says so; `tables` are the candidates, best first."""

    table: Answer
    tables: tuple[Candidate, ...]
    grain: str
    domain: Answer
    sender: Answer
    unit: Answer
    period: Answer
    period_type: str
    languages: tuple[str, ...]
    title: str
    calendar: str | None


def about(sight: Sight, headers: Sequence[HeaderSeen], table: str | None) -> About:
    """Answer what can be answered of a file as a whole."""
    texts = _texts(sight)
    tables = guess_table([seen for seen in headers if seen.kind != ""])
    chosen = _table(sight, headers, table, tables)
    told = " ".join([*texts, *(profile.header for profile in sight.profiles)])
    values = " ".join(
        value for profile in sight.profiles if profile.kind == CODE for value, _ in profile.common if len(value) < 60
    )
    calendar = _calendar(sight)
    fiscal = bool(told_by("fiscal", told))
    return About(
        table=chosen,
        tables=tables,
        grain="AGGREGATE" if chosen.value == "observation" else "MICRO",
        domain=_domain(told, values, chosen.value),
        sender=_sender(" ".join(texts)),
        unit=Answer(UNITS[chosen.value], "unit_by_table") if chosen.value in UNITS else Answer(ASK, "unit_ask"),
        period=_period(sight, texts, calendar, fiscal),
        period_type="EFY" if calendar == ETH and fiscal else "EY" if calendar == ETH else ASK if _two_years(sight) else "CY",
        languages=_languages(sight),
        title=title_of(sight),
        calendar=calendar,
    )


def _texts(sight: Sight) -> list[str]:
    name = sight.path.name.split(".")[0].replace("_", " ")
    return [name, *(title for title in sight.layout.titles if identifying_value(title) is None), sight.form.sheet or ""]


def _table(sight: Sight, headers: Sequence[HeaderSeen], given: str | None, tables: Sequence[Candidate]) -> Answer:
    if given is not None:
        return Answer(given, "table_given")
    if sight.layout.years:
        return Answer("observation", "table_years", str(len(sight.layout.years)))
    usable = [
        profile for profile, personal in zip(sight.profiles, sight.personal, strict=True) if profile.filled and not personal.kind
    ]
    numbers = [profile for profile in usable if profile.kind == NUMBER and profile.distinct > 2]
    keys = any(profile.kind == "key" for profile in usable)
    if not keys and not sight.proofs and len(numbers) >= max(2, AGGREGATE_SHARE * len(usable)):
        return Answer("observation", "table_numbers", str(len(numbers)))
    whole = sum(any(fold(value) in signs("whole") for value, _ in column.values.most_common(50)) for column in sight.seen.columns)
    if not keys and not sight.proofs and numbers and whole >= WHOLE_COLUMNS:
        return Answer("observation", "table_whole", str(whole))
    if any(profile.kind == KEY and profile.distinct >= CASES * profile.filled for profile in usable):
        tables = [one for one in tables if one.target != "observation"]  # a number of its own for each row
    first, second = tables[0], tables[1]
    told = f"{first.target} {first.score:.2f}, {second.target} {second.score:.2f}"
    if first.score - second.score >= MARGIN:
        return Answer(first.target, "table_headings", told)
    fits = {one.target: sum(match.confident for match in match_headers(headers, one.target, None)) for one in (first, second)}
    best = max(fits, key=lambda name: fits[name])
    told = ", ".join(f"{name} {count}" for name, count in fits.items())
    return Answer(best, "table_columns" if len(set(fits.values())) == 2 else "table_close", told)


def _domain(told: str, values: str, table: str) -> Answer:
    if table in DOMAINS:
        return Answer(DOMAINS[table], "domain_table")
    met = {name for name in ("TIP", "SOM") if told_by(name, told)}
    if len(met) == 1:
        return Answer(met.pop(), "domain_words")
    met |= {name for name in ("TIP", "SOM") if told_by(name, values)}
    if len(met) == 2:
        return Answer("BOTH", "domain_words")
    return Answer(met.pop(), "domain_words") if met else Answer(ASK, "domain_ask")


def _sender(told: str) -> Answer:
    met = told_by("sender", told)
    return Answer(met[0], "sender_words") if len(met) == 1 else Answer(ASK, "sender_ask")


def _calendar(sight: Sight) -> str | None:
    calendars = {proof.calendar for proof in sight.proofs.values() if proof.calendar is not None}
    if len(calendars) == 1:
        return calendars.pop()
    return "MIXED" if "MIXED" in calendars else None


def _period(sight: Sight, texts: Sequence[str], calendar: str | None, fiscal: bool) -> Answer:
    """Give the period: the year of nearly all days, the year that name and titles give, or the years that head columns."""
    said = [year for text in texts for year in YEAR.findall(fold(text))]
    if calendar == ETH:
        if fiscal and len(set(said)) == 1:
            return Answer(f"EFY {said[0]}", "period_words", said[0])
        return Answer(ASK, "period_ask_ethiopian")
    if calendar != GREG and (sight.context.ethiopic or sight.context.country in ETHIOPIAN):
        return Answer(ASK, "period_ask_ethiopian")
    years = _years(sight)
    total = sum(years.values())
    if total:
        year, times = years.most_common(1)[0]
        if times >= MOST_IN_YEAR * total:
            return Answer(str(year), "period_days", f"{times}/{total}")
        first, last = min(years), max(years)
        span = next((found for text in texts for found in SPAN.findall(fold(text))), None)
        if span is not None and last - first == 1:
            return Answer(f"FY {first}/{last % 100:02d}", "period_span", f"{span[0]}/{span[1]}")
        return Answer(f"{first}-01-01/{last}-12-31", "period_spread", f"{first}, {last}")
    if len(set(said)) == 1 and not _written_years(sight):
        return Answer(said[0], "period_words", said[0])
    headed = sorted(_written_years(sight))
    if len(headed) > 1 and calendar != HIJ and not fiscal:
        return Answer(f"{headed[0]}-01-01/{headed[-1]}-12-31", "period_headed", f"{headed[0]}, {headed[-1]}")
    return Answer(ASK, "period_ask")


def _years(sight: Sight) -> Counter[int]:
    """Count the Gregorian years of the days of the columns whose calendar is known, and of columns of years."""
    found: Counter[int] = Counter()
    for column, personal in zip(sight.seen.columns, sight.personal, strict=True):
        proof = sight.proofs.get(column.header)
        if proof is not None and proof.calendar == GREG and personal.kind is None:
            for value, times in column.values.items():
                day = written_day(value)
                if day is not None and day.told in (None, GREG) and day.shape in (FIRST, LAST):
                    found[day.numbers[0] if day.shape == FIRST else day.numbers[2]] += times
    if found:
        return found
    for column, profile in zip(sight.seen.columns, sight.profiles, strict=True):
        if profile.kind == NUMBER and column.values and all(YEAR.fullmatch(fold(value)) for value in column.values):
            found.update({int(fold(value)): times for value, times in column.values.items()})
    return found


def _written_years(sight: Sight) -> set[str]:
    """Give the years that head columns, or that stand in nearly all cells of a column of periods."""
    found = {year for profile in sight.profiles for year in YEAR.findall(fold(profile.header))}
    for column, profile in zip(sight.seen.columns, sight.profiles, strict=True):
        if profile.kind in (CODE, TEXT, KEY, NUMBER) and 0 < len(column.values) <= MOST_PERIODS:
            met = {value: PERIOD.findall(fold(value)) for value in column.values}
            if sum(column.values[value] for value, years in met.items() if years) >= MOST_PERIODIC * column.filled:
                found |= {year for years in met.values() for year in years}
    return found


def _two_years(sight: Sight) -> bool:
    """Tell whether the periods of a file are pairs of years (2019/2020), which do not say in which month they begin."""
    for column, profile in zip(sight.seen.columns, sight.profiles, strict=True):
        if len(column.values) > MOST_PERIODS:
            continue
        pairs = sum(times for value, times in column.values.items() if _pair(value))
        if profile.kind in (CODE, TEXT, KEY) and pairs >= 0.5 * column.filled:
            return True
    return sum(_pair(profile.header.rpartition(" / ")[2]) for profile in sight.profiles) > 1


def _pair(text: str) -> bool:
    """Tell two years that follow each other."""
    found = TWO_YEARS.fullmatch(fold(text))
    return found is not None and (int(found[1][-2:]) + 1) % 100 == int(found[2][-2:])


def _languages(sight: Sight) -> tuple[str, ...]:
    """Give the languages (ISO 639-3) of headings and common words, by the lexicon's own words for headings."""
    from etl.match.concepts import parts_of

    weights: Counter[str] = Counter()
    for profile in sight.profiles:
        for part in parts_of(profile.header):
            for language in part.languages:
                weights[language] += 1 / len(part.languages)  # type: ignore[assignment]
    total = sum(weights.values())
    known = [ISO_639_3[name] for name, weight in weights.most_common() if name in ISO_639_3 and weight >= 0.25 * total]
    worded = [profile for profile in sight.profiles if profile.kind in (CODE, TEXT)]
    scripts = {script for profile in worded for script, share in profile.scripts if share > 0.5}
    if "Arabic" in scripts and "ara" not in known:
        known.append("ara")
    if "Ethiopic" in scripts and not {"amh", "tir"} & set(known):
        known.append("amh")
    return tuple(known) or ("eng",)


ISO_639_3: Mapping[str, str] = {
    "en": "eng", "fr": "fra", "ar": "ara", "am": "amh", "sw": "swa", "so": "som", "ti": "tir", "es": "spa", "pt": "por",
}  # fmt: skip
