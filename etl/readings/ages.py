"""Ages: in years, in months, as bands, as words."""

from __future__ import annotations

import json
import re
from functools import cache

from etl.fold import fold
from etl.readings.ethiopic import ethiopic_number
from etl.readings.hedges import APPROX as ABOUT
from etl.readings.hedges import MAX, MIN, OVER, UNDER, unhedged
from etl.readings.how import How
from etl.readings.phrases import longest_first, phrases
from etl.readings.said import ALIAS, APPROX, ASK, COMPUTED, DECLARED, EXACT, FOLDED, NONE, Said, asked, refused
from etl.readings.words import code

OLDEST = 110
ADULT = 18
_WIDTH = 5
_GROUP_BOUNDS = {"Y0T17": (0, ADULT - 1), "Y_GE18": (ADULT, OLDEST)}
_PLAIN = re.compile(r"[0-9]{1,3}")
_MANGLED = re.compile(r"([0-9]{1,2})[- ]([a-z]{3})|[0-9]{4}-([0-9]{2})-([0-9]{2})( 00:00:00)?")
_OPEN = re.compile(r"[0-9]{1,2} ?-")
_SPAN = re.compile(r"([0-9]{1,3}) ?-{1,2} ?([0-9]{1,3})")


def age(text: str, how: How) -> Said:
    """Read an age. Gives (age_years, age_min, age_max, age_group, age_band).

    Ages are completed years, 0 to 110. A group or band of the code lists is given only if the whole span lies in it:
    otherwise group `_U`, band `_X`; nothing known is `_U` for both. Breaks V03 (no age, or out of range) and V29
    ("approx. 20": two years either way, a warning).
    """
    if _PLAIN.fullmatch(text):
        return _span(int(text), int(text), EXACT, text)
    folded = fold(text)
    own = how.words.get(folded)
    if own is not None:
        return _declared(own, text)
    said = _mangled(folded, text, how) or _word(folded, text) or _measured(folded, text, how) or _explained(folded, text, how)
    return said or _listed(text, how) or _unread(text, how)


def age_codes(youngest: int, oldest: int) -> tuple[str, str]:
    """Give the age group and the age band (CL_AGE_GROUP, CL_AGE_BAND) of a span of completed years."""
    group = next((code for code, (low, high) in _GROUP_BOUNDS.items() if low <= youngest and oldest <= high), "_U")
    band = next((code for code, (low, high) in _bands().items() if low <= youngest and oldest <= high), "_X")
    return group, band


@cache
def _bands() -> dict[str, tuple[int, int]]:
    """Give the bounds of CL_AGE_BAND, which its codes spell: Y0T8, Y_GE48."""
    from schemas.codelists import codelist

    bounds = {}
    for band in codelist("CL_AGE_BAND").codes:
        found = re.fullmatch(r"Y(\d+)T(\d+)|Y_GE(\d+)", band)
        if found:
            bounds[band] = (int(found[3]), OLDEST) if found[3] else (int(found[1]), int(found[2]))
    return bounds


def _span(youngest: int, oldest: int, match: str, text: str, rules: tuple[str, ...] = (), note: str = "") -> Said:
    if not 0 <= youngest <= oldest <= OLDEST:
        return refused(_WIDTH, "V03", f"{text.strip()[:40]!r} is not an age between 0 and {OLDEST}; look at it in the file")
    years = youngest if youngest == oldest else None
    return Said((years, youngest, oldest, *age_codes(youngest, oldest)), match, rules, note)


def _declared(own: str, text: str) -> Said:
    """Read the source's own word for a code of CL_AGE_GROUP or CL_AGE_BAND, or for a span such as 15-24."""
    bounds = _GROUP_BOUNDS.get(own) or _bands().get(own)
    found = _SPAN.fullmatch(own)
    if bounds is None and found:
        bounds = (int(found[1]), int(found[2]))
    if bounds is not None:
        return _span(*bounds, DECLARED, text)
    return Said((None, None, None, "_U", "_U"), DECLARED)


def _mangled(folded: str, text: str, how: How) -> Said | None:
    """Read a band that a spreadsheet turned into a date: 14-Feb was 2-14.

    It gives the band the year in which it was typed; a day of a year long before the file is likely a date of birth.
    """
    found = _MANGLED.fullmatch(folded)
    if found is None:
        return None
    if found[3] and how.years is not None and not how.years[0] <= int(folded[:4]) <= how.years[1]:
        return asked(_WIDTH, "V03", "a day of another year stands in a column of ages and may be a date of birth; ask the sender")
    month = phrases("month").get(found[2] or "", "")[1:] if found[2] else found[3]
    if not month:
        return None
    high, low = int(found[1] or found[4]), int(month)
    if high <= 12:
        note = f"{text.strip()!r} is a band that became a date: {low}-{high} or {high}-{low}? Ask the sender"
        return asked(_WIDTH, "V03", note)
    note = f"V03: {text.strip()!r} is the band {low}-{high} that a spreadsheet turned into a date"
    return _span(low, high, COMPUTED, text, (), note)


def _word(folded: str, text: str) -> Said | None:
    bounds = phrases("age_word").get(folded)
    if bounds is None:
        return None
    if bounds == "?":
        return asked(_WIDTH, "V03", f"{text.strip()!r} has no fixed ages; declare the span that the source means")
    low, _, high = bounds.partition("-")
    return _span(int(low), int(high), ALIAS, text)


def _measured(folded: str, text: str, how: How) -> Said | None:
    """Read numbers with their units, spans and hedges."""
    rest, kind = unhedged(_tidy(folded))
    rest, unit = _unit(_tidy(rest))
    found = _SPAN.fullmatch(_joined(rest))
    if found and kind is None and unit in (None, "year"):
        return _span(int(found[1]), int(found[2]), EXACT if text.isascii() else FOLDED, text)
    value = _years(rest, unit, how.decimal)
    if value is None:
        return None
    plain = EXACT if rest == text.strip() else FOLDED
    if kind == ABOUT:
        note = f"{text.strip()!r} is taken as two years either way"
        return _span(max(value - 2, 0), min(value + 2, OLDEST), APPROX, text, ("V29",), note)
    if kind in (OVER, MIN):
        return _span(value + (kind == OVER), OLDEST, FOLDED, text)
    if kind in (UNDER, MAX):
        return _span(0, value - (kind == UNDER), FOLDED, text)
    return _span(value, value, plain, text)


def _explained(folded: str, text: str, how: How) -> Said | None:
    """Read a word with its ages in brackets, such as "Adult (18 or over)", where both agree; "18-" may mean two things."""
    if _OPEN.fullmatch(folded):
        note = f"{text.strip()!r} may mean up to that age or from it on; declare the span that the source means"
        return asked(_WIDTH, "V03", note, f"columns.{how.field or 'age'}.words: {{0-17: [{json.dumps(text.strip())}]}}")
    word, _, rest = folded.partition("(")
    word, within = word.removesuffix(" "), rest.removesuffix(")")
    # parted by hand, since a pattern for it is slow on a cell of 100 kB of spaces
    bracketed = bool(word) and bool(within) and rest.endswith(")") and not {"(", ")"} & {*word, *within}
    inside = _measured(within, text, how) if bracketed else None
    outside = (_word(word, text) or _listed(word, how)) if bracketed else None
    if inside is None or outside is None:
        return None
    bounds = [said.values[place] for place in (1, 2) for said in (outside, inside)]
    low, youngest, high, oldest = (number if isinstance(number, int) else -1 for number in bounds)
    agrees = 0 <= low <= youngest <= oldest <= high
    return inside if agrees else None


def _tidy(folded: str) -> str:
    """Take away the words that only say that an age follows."""
    for word in longest_first("age_filler"):
        if folded.startswith(word) and not (folded[len(word) :][:1].isalpha()):
            return folded[len(word) :].strip(" :.")
    return folded


def _unit(rest: str) -> tuple[str, str | None]:
    """Take the unit off the end, or, in Kiswahili, off the beginning."""
    for word in longest_first("age_unit"):
        if rest.endswith(word) and not rest[: -len(word)][-1:].isalpha():
            return rest[: -len(word)].strip(" ."), phrases("age_unit")[word]
        if rest.startswith(word + " "):
            return rest[len(word) :].strip(), phrases("age_unit")[word]
    return rest, None


def _joined(rest: str) -> str:
    """Write "15 to 17" and "15 እስከ 17" as 15-17."""
    for word in longest_first("age_to"):
        rest = re.sub(rf"(?<=[0-9 ]){re.escape(word)}(?=[0-9 ])", "-", rest)
    return "".join(rest.split())


def _years(rest: str, unit: str | None, decimal: str | None) -> int | None:
    """Give completed years: 5 months are 0, 17.5 is 17."""
    numeral = ethiopic_number(rest)
    if numeral is not None:
        return numeral
    # A comma parts years only where the source writes decimals so: "15,7" may be two ages.
    found = re.fullmatch(r"([0-9]{1,4})(?:\.[0-9])?", rest.replace(",", ".") if decimal == "," else rest)
    if found is None:
        return None
    divide = {"month": 12, "week": 52, "day": 365}.get(unit or "", 1)
    return int(found[1]) // divide


def _listed(text: str, how: How) -> Said | None:
    """Read a word of CL_AGE_GROUP that is not in the readings' own table."""
    said = code(text, for_list(how, "CL_AGE_GROUP"))
    if said.match in (NONE, ASK):
        return None
    bounds = _GROUP_BOUNDS.get(str(said.values[0]))
    if bounds is not None:
        return _span(*bounds, said.match, text)
    return Said((None, None, None, "_U", "_U"), said.match)


def _unread(text: str, how: How) -> Said:
    shown = json.dumps(text.strip()[:40], ensure_ascii=False)
    line = f"columns.{how.field or 'age'}.words: {{CODE: [{shown}]}}"
    return refused(_WIDTH, "V03", f"{shown} is not an age that can be read; declare what it means, if it means one", line)


def for_list(how: How, name: str) -> How:
    """Give the same column as read by another code list; its own words are for whole cells and do not count here."""
    return How(today=how.today, country=how.country, languages=how.languages, codelist=name, field=how.field)
