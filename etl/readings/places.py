"""Countries and their first-level areas, in the words of the region."""

from __future__ import annotations

import datetime
import json
import re
from functools import cache

from etl.fold import fold
from etl.readings.gazetteer import Alias, area_aliases, area_codes, country_aliases, country_codes
from etl.readings.how import How
from etl.readings.said import ALIAS, DECLARED, EXACT, FOLDED, Said, asked, refused
from etl.readings.words import alike, garbled, listed

_UNKNOWN = "_U"
_REPORTER = "REPORTER"
_SOUTH_SUDAN_DAY = datetime.date(2011, 7, 9)  # before it, Sudanese included South Sudanese
_INFLECTION = re.compile(r"\((?:[a-z]{1,5})\)")


def country(text: str, how: How) -> Said:
    """Read a country, a nationality or a city that stands for its country. Gives (ISO 3166-1 alpha-3 or _U,).

    ISO codes, the source's own words, then known names in every language; nothing is matched by likeness. Breaks V15
    (unknown, or a word such as "Nationals" that names no country) and V16 (more than one meaning).
    """
    folded = fold(text)
    own = how.words.get(folded)
    if own is not None:
        return Said((how.country if own == _REPORTER and how.country else own,), DECLARED)
    shown = _shown(text)
    met = next((aliases for form in _forms(folded) if (aliases := country_aliases().get(form))), ())
    line = f"columns.{how.field}.words: {{{met[0].code if met else 'CODE'}: [{shown}]}}"
    question = next((alias for alias in met if alias.ask), None)
    if question is not None:
        return asked(1, "V16", f"{shown} has more than one meaning: {question.ask}", line)
    if text.strip() in country_codes():
        return Said((country_codes()[text.strip()],), EXACT)
    found = sorted({alias.code for alias in met})
    if len(found) > 1:
        return asked(1, "V16", f"{shown} may be {' or '.join(found)}; choose one", line)
    if found:
        return _known(found[0], text, met, how, line)
    spoilt = garbled(text, 1)
    if spoilt is not None:
        return spoilt
    return _unknown(text, folded, how)


def _forms(folded: str) -> list[str]:
    """Give the forms of a word to look up: as written, without "(ne)", and without the s of a plural."""
    forms = [folded, _INFLECTION.sub("", folded).strip()]
    return list(dict.fromkeys([*forms, *(form[:-1] for form in forms if len(form) > 5 and form.endswith("s"))]))


def _known(found: str, text: str, met: tuple[Alias, ...], how: How, line: str) -> Said:
    shown = _shown(text)
    if found == _REPORTER:
        if not how.country:
            return asked(1, "V15", f"{shown} means the reporting country, and this source has several", line)
        return Said((how.country,), ALIAS, ("V15",), f"{shown} is read as the reporting country, {how.country}")
    if found == _UNKNOWN:
        return Said((_UNKNOWN,), ALIAS, ("V15",), f"{shown} names no country")
    if found == "SDN" and how.period_start is not None and how.period_start < _SOUTH_SUDAN_DAY:
        return asked(1, "V16", f"{shown} before {_SOUTH_SUDAN_DAY} may be SDN or SSD; choose one", line)
    if found == "SDN" and how.country == "SSD":
        return asked(1, "V16", f"{shown} in a file from South Sudan may be SDN or SSD; choose one", line)
    written = any(alias.word == text.strip() for alias in met)
    return Said((found,), ALIAS if written else FOLDED)


def _unknown(text: str, folded: str, how: How) -> Said:
    shown = _shown(text)
    words = country_aliases()
    close = [(word, words[word][0].code) for word in alike(folded, words)]
    question = "; is it " + " or ".join(f"{word!r} ({found})" for word, found in close) + "?" if close else ""
    best = close[0][1] if close else "CODE"
    line = f"columns.{how.field}.words: {{{best}: [{shown}]}}"
    return refused(1, "V15", f"{shown} is not a known country or nationality{question}", line)


def countries(text: str, how: How) -> Said:
    """Read a list of countries, in order, parted by the declared separator only. Gives (tuple of codes,)."""
    said = listed(text, how, country)
    return Said(said.values[:1], said.match, said.rules, said.note, said.line)


def area(text: str, how: How) -> Said:
    """Read a first-level area of the reporting country. Gives (ISO 3166-2 code, a listed `-X-` code, or _U,).

    One name is another area in another country, so only the names of `how.country` are looked up. Whether the area
    existed on the day is V38 too, and is checked where the date is known. Breaks V38 (unknown), V16 (two meanings).
    """
    folded = fold(text)
    own = how.words.get(folded)
    if own is not None:
        return Said((own,), DECLARED)
    if text.strip() in area_codes():
        return Said((text.strip(),), EXACT)
    shown = _shown(text)
    met = next((found for form in _area_forms(folded) if (found := area_aliases(how.country).get(form))), ())
    found = sorted({alias.code for alias in met})
    line = f"columns.{how.field}.words: {{{found[0] if found else 'CODE'}: [{shown}]}}"
    question = next((alias for alias in met if alias.ask), None)
    if question is not None or len(found) > 1:
        choice = question.ask if question is not None else " or ".join(found)
        return asked(1, "V16", f"{shown} has more than one meaning: {choice}", line)
    if found:
        written = any(alias.word == text.strip() for alias in met)
        return Said((found[0],), ALIAS if written else FOLDED)
    spoilt = garbled(text, 1)
    if spoilt is not None:
        return spoilt
    words = area_aliases(how.country)
    close = [(word, words[word][0].code) for word in alike(folded, words)]
    question_close = "; is it " + " or ".join(f"{word!r} ({code})" for word, code in close) + "?" if close else ""
    best = close[0][1] if close else "CODE"
    line = f"columns.{how.field}.words: {{{best}: [{shown}]}}"
    return refused(1, "V38", f"{shown} is not a known area of {how.country or 'this country'}{question_close}", line)


_KIND_WORDS = re.compile(r" ?\b(?:county|region|state|province|governorate|district|gouvernorat)\b ?|^(?:محافظه|ولايه) ")


@cache
def _area_forms(folded: str) -> tuple[str, ...]:
    """Give the forms of a name to look up: as written, without "county" or "ولاية", and with one kind of joint."""
    bare = _KIND_WORDS.sub(" ", folded).strip()
    joined = re.sub(r"[-/' ]+", " ", bare).strip()
    return tuple(dict.fromkeys((folded, bare, joined, joined.replace(" ", ""))))


def _shown(text: str) -> str:
    return json.dumps(text.strip()[:40], ensure_ascii=False)
