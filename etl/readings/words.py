"""Words for codes: the source's own first, then the code lists, their standards and the shared words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from etl.fold import fold, has_mojibake, mend_hint
from etl.readings.how import How
from etl.readings.phrases import phrases
from etl.readings.said import ALIAS, ASK, DECLARED, EXACT, FOLDED, NONE, Said, asked, refused
from etl.readings.vocabulary import Vocabulary, vocabulary

_YES_NO_LIST = "CL_YNU"
_CLOSE_ENOUGH = 75


def code(text: str, how: How) -> Said:
    """Read one word as a code of `how.codelist`. Gives (code,).

    Looked up in this order: the source's own words, the codes themselves, labels and shared words in the source's
    languages, strings of the standards. Two meanings are asked about (V16); none is V01, with what it may be as a
    question in the note: a likeness is never applied.
    """
    folded = fold(text)
    if folded in how.words:
        return Said((how.words[folded],), DECLARED)
    if how.codelist is None:
        return refused(1, "V01", f"{_shown(text)} is not a declared word of {how.field}", _line(how, "CODE", text))
    known = vocabulary(how.codelist, how.languages)
    if text.strip() in known.codes:
        return Said((text.strip(),), EXACT)
    if how.codelist == _YES_NO_LIST:
        return yes_no(text, how)
    question = known.questions.get(folded)
    if question is not None:
        return asked(1, "V16", f"{_shown(text)} has more than one meaning: {question}", _line(how, "CODE", text))
    for words in (known.words, known.standards):
        met = words.get(folded, ())
        if len(met) == 1:
            return Said(met, ALIAS if text.strip() in known.written else FOLDED)
        if met:
            choice = " or ".join(f"{found} ({known.labels[found]})" for found in met[:4])
            return asked(1, "V16", f"{_shown(text)} is {choice}; choose one", _line(how, met[0], text))
    return _unknown(text, folded, known, how)


def codes(text: str, how: How) -> Said:
    """Read a list of words, parted by the declared separator only. Gives (tuple of codes in order, the first)."""
    return listed(text, how, code)


def listed(text: str, how: How, read: Callable[[str, How], Said]) -> Said:
    """Read each part of a list with another reading. Gives (tuple of values in order, the first of them)."""
    whole = how.words.get(fold(text))
    if whole is not None:
        return Said(((whole,), whole), DECLARED)
    parts = [part for part in re.split(how.separator, text) if part and part.strip()] if how.separator else [text]
    saids = [read(part, how) for part in parts]
    worst = next((said for match in (NONE, ASK) for said in saids if said.match == match), None)
    if worst is not None:
        hint = " (no separator is declared for lists in this column)" if how.separator is None else ""
        return Said((None, None), worst.match, worst.rules, worst.note + hint, worst.line)
    if not saids:
        return refused(2, "V01", f"{_shown(text)} holds separators only")
    found = tuple(dict.fromkeys(str(said.values[0]) for said in saids))
    match = next(match for match in (DECLARED, FOLDED, ALIAS, EXACT) if any(said.match == match for said in saids))
    rules = tuple(dict.fromkeys(rule for said in saids for rule in said.rules))
    return Said((found, found[0]), match, rules, " ".join(said.note for said in saids if said.note))


def yes_no(text: str, how: How) -> Said:
    """Read yes, no or unknown in the languages of the region. Gives (Y, N or _U,).

    A lone X is asked about: it ticks a box in one file and crosses it out in another.
    """
    folded = fold(text)
    if folded in how.words:
        return Said((how.words[folded],), DECLARED)
    if text.strip() in ("Y", "N", "_U"):
        return Said((text.strip(),), EXACT)
    found = phrases("yes_no").get(folded)
    if found is not None:
        return Said((found,), ALIAS)
    if folded in ("x", "✕", "×"):
        return asked(1, "V16", f"{_shown(text)} may tick or cross out; declare which", _line(how, "CODE", text))
    return garbled(text, 1) or refused(1, "V01", f"{_shown(text)} is neither yes nor no", _line(how, "CODE", text))


def boolean(text: str, how: How) -> Said:
    """Read yes or no. Gives (True, False or None when the source says that it is unknown,)."""
    said = yes_no(text, how)
    if said.match in (ASK, NONE):
        return said
    return Said(({"Y": True, "N": False}.get(str(said.values[0])),), said.match)


def alike(folded: str, words: Iterable[str], most: int = 3) -> list[str]:
    """Give the most alike of some folded words, best first: for a question to a person, never for an answer."""
    from rapidfuzz import fuzz, process  # only when a word is unknown

    close = process.extract(folded, tuple(words), scorer=fuzz.ratio, limit=most, score_cutoff=_CLOSE_ENOUGH)
    return [word for word, _, _ in close]


def _unknown(text: str, folded: str, known: Vocabulary, how: How) -> Said:
    spoilt = garbled(text, 1)
    if spoilt is not None:
        return spoilt
    elsewhere = known.elsewhere.get(folded)
    if elsewhere is not None:
        found, language = elsewhere
        best = "CODE" if found == "?" else found
        note = f"{_shown(text)} means {found} in {language}, which this source does not declare among its languages"
        return refused(1, "V01", note, _line(how, best, text))
    close = [(word, known.words[word][0]) for word in alike(folded, known.words)]
    question = "; is it " + " or ".join(f"{word!r} ({found})" for word, found in close) + "?" if close else ""
    note = f"{_shown(text)} is not a known word of {how.codelist}{question}"
    return refused(1, "V01", note, _line(how, close[0][1] if close else "CODE", text))


def garbled(text: str, width: int) -> Said | None:
    """Refuse a text that was decoded with the wrong encoding (V39); None for a sound text."""
    if not has_mojibake(text):
        return None
    return refused(width, "V39", f"{_shown(text)} was decoded wrongly: {mend_hint(text)}", "file.encoding: utf-8")


def _shown(text: str) -> str:
    return json.dumps(text.strip()[:40], ensure_ascii=False)


def _line(how: How, found: str, text: str) -> str:
    return f"columns.{how.field}.words: {{{found}: [{_shown(text)}]}}"
