"""Countries and their first-level areas, in the words of the region."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Mapping
from functools import cache

from etl.fold import fold
from etl.readings.gazetteer import Alias, area_aliases, area_codes, country_aliases, country_codes
from etl.readings.how import How
from etl.readings.said import ALIAS, DECLARED, EXACT, FOLDED, Said, asked, refused
from etl.readings.words import alike, garbled, listed
from schemas.places import FOLDER

_UNKNOWN = "_U"
_REPORTER = "REPORTER"
_SEVERAL = "?"  # stands in the aliases for a word that always means several places
_SOUTH_SUDAN_DAY = datetime.date(2011, 7, 9)  # before it, Sudanese included South Sudanese
_WARNING = ("V16",)  # V15 refuses the row, and these rows are good: only their word is not
MISSING_CSV = FOLDER / "lexicon" / "missing.csv"
_INFLECTION = re.compile(r"\((?:[a-z]{1,5})\)")


def country(text: str, how: How) -> Said:
    """Read a country, a nationality or a city that stands for its country. Gives (ISO 3166-1 alpha-3 or _U,).

    ISO codes, the source's own words, then known names in every language; nothing is matched by likeness. Breaks V15
    (not known) and V16, a warning: more than one meaning, or a word such as "Nationals" or "Abroad" that names no
    country (read as the reporting country, or as unknown).
    """
    folded = fold(text)
    own = how.words.get(folded)
    if own is not None:
        return Said((how.country if own == _REPORTER and how.country else own,), DECLARED)
    shown = _shown(text)
    met = next((aliases for form in _forms(folded) if (aliases := country_aliases().get(form))), ())
    question = next((alias for alias in met if alias.ask), None)
    best = question or (met[0] if met else None)
    line = _line(how, "CODE" if best is None or best.code == _SEVERAL else best.code, text)
    if question is not None:
        return asked(1, "V16", f"{shown} may not be what it seems: {question.note}", line)
    if folded in silent_codes() and text.strip().upper() in country_codes():
        code = country_codes()[text.strip().upper()]
        note = f"{shown} may be the code of {code} or a sign that nothing is known; declare which"
        return asked(1, "V16", note, f"missing: [{shown}]")
    if text.strip() in country_codes():
        return Said((country_codes()[text.strip()],), EXACT)
    found = sorted({alias.code for alias in met})
    if len(found) > 1:
        return asked(1, "V16", f"{shown} may be {' or '.join(found)}; choose one", line)
    if found:
        return _known(found[0], text, met, how, line)
    return _unknown(text, country_aliases(), how, "V15", "a known country or nationality")


@cache
def silent_codes() -> frozenset[str]:
    """Give the words of two letters, folded, that say in some language that nothing is known, or no."""
    with MISSING_CSV.open(encoding="utf-8", newline="") as lines:
        signs = [fold(sign) for row in csv.DictReader(lines) for sign in row["signs"].split("|")]
    return frozenset({"no", *(sign for sign in signs if len(sign) == 2 and sign.isalpha())})


def _forms(folded: str) -> list[str]:
    """Give the forms of a word to look up: as written, without "(ne)", and without the s of a plural."""
    forms = [folded, _INFLECTION.sub("", folded).strip()]
    return list(dict.fromkeys([*forms, *(form[:-1] for form in forms if len(form) > 5 and form.endswith("s"))]))


def _known(found: str, text: str, met: tuple[Alias, ...], how: How, line: str) -> Said:
    shown = _shown(text)
    if found == _REPORTER:
        if not how.country:
            return asked(1, "V15", f"{shown} means the reporting country, and this source has several", line)
        return Said((how.country,), ALIAS, _WARNING, f"{shown} is read as the reporting country, {how.country}")
    if found == _UNKNOWN:
        note = next((alias.note for alias in met if alias.note), "")
        return Said((_UNKNOWN,), ALIAS, _WARNING if note else (), f"{shown} names no country: {note}" if note else "")
    if found == "SDN" and how.country == "SSD":
        return asked(1, "V16", f"{shown} in a file from South Sudan may be SDN or SSD; choose one", line)
    written = any(alias.word == text.strip() for alias in met)
    since = _SOUTH_SUDAN_DAY if found == "SDN" else None
    return Said((found,), ALIAS if written else FOLDED, since=since)


def countries(text: str, how: How) -> Said:
    """Read a list of countries, in order, parted by the declared separator only. Gives (tuple of codes,)."""
    said = listed(text, how, country)
    return Said(said.values[:1], said.match, said.rules, said.note, said.line)


def area(text: str, how: How) -> Said:
    """Read a first-level area of the reporting country. Gives (ISO 3166-2 code or a listed `-X-` code,).

    One name is another area in another country, so only the names of `how.country` are looked up. Whether the area
    existed on the day is V38 too, and is checked where the date is known. Breaks V38 (unknown), V16 (two meanings).
    """
    folded = fold(text)
    own = how.words.get(folded)
    if own is not None:
        return Said((own,), DECLARED)
    if text.strip() in area_codes():
        return Said((text.strip(),), EXACT)
    known = area_aliases(how.country)
    met = next((aliases for form in _area_forms(folded) if (aliases := known.get(form))), ())
    found = sorted({alias.code for alias in met})
    question = next((alias for alias in met if alias.ask), None)
    if question is not None or len(found) > 1:
        choice = question.note if question is not None else " or ".join(found)
        line = _line(how, found[0] if found[0] != _SEVERAL else "CODE", text)
        return asked(1, "V16", f"{_shown(text)} may not be what it seems: {choice}", line)
    if not found:
        return _unknown(text, known, how, "V38", f"a known area of {how.country or 'the reporting country'}")
    if found[0] == _UNKNOWN:
        return Said((None,), ALIAS, ("V38",), f"{_shown(text)} is no area of today: {met[0].note}")
    written = any(alias.word == text.strip() for alias in met)
    return Said((found[0],), ALIAS if written else FOLDED, since=met[0].since, until=met[0].until)


def _unknown(text: str, known: Mapping[str, tuple[Alias, ...]], how: How, rule: str, what: str) -> Said:
    """Refuse a name that is not in the tables; what it resembles is a question in the note."""
    spoilt = garbled(text, 1)
    if spoilt is not None:
        return spoilt
    close = [(word, known[word][0].code) for word in alike(fold(text), known)]
    question = "; is it " + " or ".join(f"{word!r} ({found})" for word, found in close) + "?" if close else ""
    best = close[0][1] if close and close[0][1] != _SEVERAL else "CODE"
    return refused(1, rule, f"{_shown(text)} is not {what}{question}", _line(how, best, text))


_KIND_WORDS = re.compile(r" ?\b(?:county|region|state|province|governorate|district|gouvernorat)\b ?|^(?:محافظه|ولايه) ")


@cache
def _area_forms(folded: str) -> tuple[str, ...]:
    """Give the forms of a name to look up: as written, without "county" or "ولاية", and with one kind of joint."""
    bare = _KIND_WORDS.sub(" ", folded).strip()
    joined = re.sub(r"[-/' ]+", " ", bare).strip()
    return tuple(dict.fromkeys((folded, bare, joined, joined.replace(" ", ""))))


def _shown(text: str) -> str:
    return json.dumps(text.strip()[:40], ensure_ascii=False)


def _line(how: How, found: str, text: str) -> str:
    return f"columns.{how.field}.words: {{{found}: [{_shown(text)}]}}"
