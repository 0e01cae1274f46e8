"""Amounts of money with their currency and what they pay for; and lengths of time in months."""

from __future__ import annotations

import json
import re
from functools import cache

from etl.fold import fold
from etl.readings.how import How
from etl.readings.numbers import amount
from etl.readings.phrases import longest_first, phrases
from etl.readings.said import ALIAS, DECLARED, EXACT, Said, asked, refused


def money(text: str, how: How) -> Said:
    """Read an amount. Gives (amount, ISO 4217 currency, basis PERSON, GROUP or LEG), each of the last two if written.

    A lone `$` is USD: no state of the region has a dollar of its own. A name that several states share (pounds,
    shillings, dinars) is asked about (V22) unless the source declares its word. Breaks V22, V28.
    """
    folded = fold(text)
    rest, basis = _taken(folded, "basis")
    own = {word: code for word, code in how.words.items() if re.fullmatch("[A-Z]{3}", code)}
    rest, currency = _word_of(rest, own) or _taken(rest, "currency")
    shown = json.dumps(text.strip()[:40], ensure_ascii=False)
    if currency == "?":
        word = next(word for word in longest_first("currency") if word in folded)
        line = f"columns.{how.field}.words: {{CODE: [{json.dumps(word, ensure_ascii=False)}]}}"
        return asked(3, "V22", f"the currency of {shown} belongs to several states; declare which", line)
    value, note = amount(rest, how)
    if value is None or value < 0:
        reason = note or "it is not an amount and a currency"
        return refused(3, "V28", f"{shown} cannot be read for sure: {reason}")
    return Said((value, currency, basis), ALIAS if currency or basis else EXACT)


def _taken(folded: str, kind: str) -> tuple[str, str | None]:
    """Take the longest known word of a kind out of a text."""
    return _word_of(folded, _known(kind)) or (folded, None)


@cache
def _known(kind: str) -> dict[str, str]:
    return {word: phrases(kind)[word] for word in longest_first(kind)}


def _word_of(folded: str, words: dict[str, str]) -> tuple[str, str] | None:
    for word, value in words.items():
        if word in folded:
            before = r"(?<![^\W\d_])" if word[0].isalpha() else ""
            after = r"(?![^\W\d_])" if word[-1].isalpha() else ""
            rest, met = re.subn(before + re.escape(word) + after, " ", folded, count=1)
            if met:
                return " ".join(rest.split()).strip(". "), value
    return None


def months(text: str, how: How) -> Said:
    """Read a length of time. Gives (whole months,). A bare number is in the unit that the source declares. Breaks V28."""
    folded = fold(text)
    total, met = 0.0, False
    rest = folded
    units = "|".join(re.escape(word) for word in longest_first("age_unit"))
    for found in re.finditer(rf"(?<![0-9.,])([0-9.,]++) ?({units})(?![^\W\d_])", folded):
        value, _ = amount(found[1], how)
        unit = phrases("age_unit")[found[2]]
        if value is None or unit not in ("year", "month"):
            break
        total, met = total + value * (12 if unit == "year" else 1), True
        rest = rest.replace(found[0], " ", 1)
    leftover = set(rest.replace(",", " ").split()) - phrases("age_to").keys()
    if met and not leftover and total == int(total):
        return Said((int(total),), ALIAS)
    value, _ = amount(folded, how)
    if value is not None and value >= 0 and value * how.months_each == int(value * how.months_each):
        return Said((int(value * how.months_each),), EXACT if how.months_each == 1 else DECLARED)
    return refused(1, "V28", f"{text.strip()[:40]!r} is not a length of time in years and months; look at it in the file")
