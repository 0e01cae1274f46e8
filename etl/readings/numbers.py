"""Numbers and counts, in the digits of every script and with the signs that the source declares."""

from __future__ import annotations

import json
import re

from etl.fold import fold
from etl.readings.ethiopic import ethiopic_number
from etl.readings.hedges import APPROX as ABOUT
from etl.readings.hedges import MIN, OVER, unhedged
from etl.readings.how import How
from etl.readings.phrases import phrases
from etl.readings.said import APPROX, DECLARED, EXACT, FOLDED, Said, refused

_PLAIN = re.compile(r"[0-9]{1,9}")
_MOST = 999_999_999  # no register of the region counts further, and the fields hold no more
_PERCENT = re.compile(r"%|per ?cent|pour ?cent|pct|بالمئه|بالمائه|في المائه|በመቶ|asilimia|boqolkiiba")
_SIGN_WORDS = frozenset(
    {"-", "--", ".", "..", "...", "*", "**", "c", "x", "z", "n", "na", "n/a", "n.a", "nd", "n.d", "nil", "neant"}
)
_NINES = re.compile(r"-9+")  # -99 and its like stand for "not known" in many programs
_LIKE_THOUSANDS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_LEAST_THOUSANDS = 1000  # what is below, and written like thousands, had its sign read as one of decimals
_FIXED_SPACES = "\u00a0\u202f\u2009"  # no language writes decimals with them, so they part thousands everywhere
_NUMBER = re.compile(r"(?P<minus>-? ?)(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:_[0-9]{3}){1,4})(?:\.(?P<part>[0-9]{1,15}))?")


def number(text: str, how: How) -> Said:
    """Read a number, whole or not, negative or not. Gives (int or float,). Breaks V28, V29, V36.

    A sign of per cents belongs to figures whose unit is per cent, and is refused in any other.
    """
    folded = fold(text)
    if _PERCENT.search(folded):
        if not how.percent:
            return _percent(1, text)
        text = _PERCENT.sub("", folded)
    value, note = amount(text, how)
    if value is None:
        return _unread(1, text, note, how)
    return Said((value,), EXACT if text.isascii() else FOLDED)


def integer(text: str, how: How) -> Said:
    """Read a whole number from 0, exactly as counted. Gives (int,). Breaks V28, V29, V36; an "about" is refused."""
    if _PLAIN.fullmatch(text):
        return Said((int(text),), EXACT)
    said = count(text, how)
    if said.match == APPROX:
        return refused(1, "V29", f"{text.strip()!r} is not an exact number, and this field has no place to say so")
    return Said(said.values[:1], said.match, said.rules, said.note, said.line)


def count(text: str, how: How) -> Said:
    """Read a count of persons, cases or events. Gives (value, quality, lower, upper).

    Quality is EXACT, APPROX ("environ 210"), MIN ("plus d'une vingtaine": at least 20) or _U (suppressed by the sender:
    no value, but its declared bounds). APPROX and MIN break V29, a warning. Refused: percentages (V29), signs that the
    source has not declared (V36), signs of thousands or decimals that it has not declared, parts, negatives (V28).
    """
    if _PLAIN.fullmatch(text):
        return Said((int(text), "EXACT", None, None), EXACT)
    folded = fold(text)
    if folded in how.suppressed:
        return Said((None, "_U", *how.suppressed[folded]), DECLARED)
    if folded in how.zero:
        return Said((0, "EXACT", None, None), DECLARED)
    if _PERCENT.search(folded):
        return _percent(4, text)
    value, note = amount(text, how)
    if value is not None and _two_readings(folded, value):
        note = f"{text.strip()!r} may be {value:g} or thousands; declare the sign that parts thousands"
        return refused(4, "V28", note, f'file.thousands: "{folded[-4]}"')
    if value is not None and _whole(value):
        return Said((int(value), "EXACT", None, None), EXACT if text.isascii() else FOLDED)
    if value is not None and not _NINES.fullmatch(folded):
        line = f'file.thousands: "{folded[-4]}"' if _LIKE_THOUSANDS.fullmatch(folded) else ""
        return refused(4, "V28", f"{text.strip()!r} is {value:g}, which no count can be; look at it in the file", line)
    return _hedged(text, folded, how) or _unread(4, text, note, how)


def _two_readings(folded: str, value: float) -> bool:
    """Say whether a lone sign before three digits was read as one of decimals: no count is written 1.000 for one."""
    return _LIKE_THOUSANDS.fullmatch(folded) is not None and value < _LEAST_THOUSANDS


def _whole(value: float) -> bool:
    return 0 <= value <= _MOST and value == int(value)


def _hedged(text: str, folded: str, how: How) -> Said | None:
    """Read "about 50", "plus d'une vingtaine", ">100"; a hedge or a collective noun makes a count inexact."""
    rest, kind = unhedged(folded)
    rest, second = unhedged(rest) if kind else (rest, None)
    words = rest.split()
    collective = _collective(words)
    if collective is not None:
        value: float | None = collective
        kind = kind or ABOUT
    else:
        value, _ = amount(rest, how)
        if value is not None and _two_readings(rest, value):
            return None
    if kind not in (ABOUT, MIN, OVER) or second is not None or value is None or not _whole(value):
        return None
    found = int(value)
    if kind == ABOUT:
        return Said((found, "APPROX", None, None), APPROX, ("V29",), f"{text.strip()!r} is about {found}")
    return Said((found, "MIN", found, None), APPROX, ("V29",), f"{text.strip()!r} is at least {found}")


def _collective(words: list[str]) -> int | None:
    """Give the number of "une cinquantaine" or "deux dizaines"; "des dizaines" is no number."""
    numbers = phrases("number")
    if len(words) == 2 and words[0] in numbers and words[1] in phrases("collectives"):
        return int(numbers[words[0]]) * int(phrases("collectives")[words[1]])
    alone = len(words) == 1 or (len(words) == 2 and numbers.get(words[0]) == "1")
    return int(phrases("collective")[words[-1]]) if alone and words[-1] in phrases("collective") else None


def amount(text: str, how: How) -> tuple[float | None, str]:
    """Give the number that a text writes, or None and a sentence on why it cannot be read.

    Takes digits of every script, Ethiopic numerals, `4 ነጥብ 7 ሚሊዮን`, `1.6 million`, number words; nothing around them.
    """
    stripped = text.strip()
    numeral = ethiopic_number(stripped)
    if numeral is not None:
        return numeral, ""
    words = fold(_parted(stripped)).split()
    scale = 1
    for place in (-1, 0):  # "4.7 million", and in Kiswahili "milioni 4"
        if words and words[place] in phrases("scale"):
            scale = int(phrases("scale")[words.pop(place)])
            break
    point = [place for place, word in enumerate(words) if word in phrases("point")]
    if len(point) == 1 and len(words) == 3 and point[0] == 1 and words[0].isdigit() and words[2].isdigit():
        return _scaled(f"{words[0]}.{words[2]}", scale), ""
    rest = " ".join(words)
    if rest in phrases("number"):
        return int(phrases("number")[rest]) * scale, ""
    if not rest and scale > 1:
        return None, "a scale without a number"
    plain, note = _signs(rest, how)
    return (None, note) if plain is None else (_scaled(plain, scale), "")


def _scaled(plain: str, scale: int) -> float:
    value = float(plain) * scale if "." in plain else int(plain) * scale
    # 4.7 million is a whole number of units: binary fractions must not make it 4699999.999.
    return round(value) if isinstance(value, float) and scale > 1 and abs(value - round(value)) < 1e-6 else value


def _parted(text: str) -> str:
    """Mark the thousands that a fixed space or ٬ parts, and the decimals of ٫, before folding joins them to others."""
    text = re.sub(rf"(?<=\d)[{_FIXED_SPACES}\u066c](?=\d{{3}}(?!\d))", "_", text)
    return re.sub(r"(?<=\d)\u066b(?=\d)", "\u066b", text)


def _signs(rest: str, how: How) -> tuple[str | None, str]:
    """Bring thousands and decimal signs to the form of Python, as declared."""
    thousands = how.thousands or ""
    spaced = " " in thousands or "\u202f" in thousands or "\u00a0" in thousands or "fra" in how.languages
    signs = "".join(sign for sign in thousands if not sign.isspace() and sign not in "٬_")
    for sign in signs:
        rest = re.sub(rf"(?<=[0-9]){re.escape(sign)}(?=[0-9]{{3}}(?![0-9]))", "_", rest)
    if spaced:
        rest = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "_", rest)
    if how.decimal is not None and how.decimal != ".":
        if re.search(r"[0-9]\.[0-9]", rest):
            return None, "the point in it is neither the declared decimal sign nor a declared thousands sign"
        rest = rest.replace(how.decimal, ".")
    elif how.decimal is None and "." in rest:
        return None, "its decimal sign is not declared"
    found = _NUMBER.fullmatch(rest.replace("٫", "."))
    if found is None:
        return None, "its signs are not declared" if re.fullmatch(r"-?[0-9][0-9 .,'٫_]*", rest) else ""
    part = f".{found['part']}" if found["part"] else ""
    return f"{found['minus'].strip()}{found['whole'].replace('_', '')}{part}", ""


def coordinates(text: str, how: How) -> Said:
    """Read a pair of decimal degrees, latitude first. Gives (lat, lon). Breaks V27: no pair, out of range, (0, 0)."""
    parts = [part for part in re.split(r"[;\s]+|,\s+|,(?=[^,]*\.)", fold(text)) if part]
    if len(parts) == 2:
        (lat, _), (lon, _) = amount(parts[0], how), amount(parts[1], how)
        if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0):
            return Said((float(lat), float(lon)), EXACT)
    return refused(2, "V27", "not a pair of decimal degrees with the latitude first; write 11.59 43.15")


def _percent(width: int, text: str) -> Said:
    note = f"{text.strip()!r} is a percentage (unit PCT) in a column of numbers; map it to a figure of its own"
    return refused(width, "V29", note)


def _unread(width: int, text: str, note: str, how: How) -> Said:
    """Refuse a value, with the line that settles it where a declaration can."""
    shown = json.dumps(text.strip()[:40], ensure_ascii=False)
    folded = fold(text)
    if folded in _SIGN_WORDS or _NINES.fullmatch(folded):
        line = f"zero: [{shown}]" if folded in ("nil", "neant") else f"missing: [{shown}]"
        return refused(width, "V36", f"{shown} may mean missing, zero or hidden; declare which", line)
    under = re.fullmatch(r"< ?([0-9]{1,2})", folded)
    if under and int(under[1]) > 1:
        line = f"suppressed: {{{shown}: [1, {int(under[1]) - 1}]}}"
        return refused(width, "V36", f"{shown} hides a number; declare its bounds", line)
    if "declared" in note:
        sign = "," if "," in folded else "." if "." in folded else " "
        return refused(width, "V28", f"{shown} cannot be read for sure: {note}", f'file.thousands: "{sign}"')
    return refused(width, "V28", f"{shown} is not a number that can be read; look at it in the file")
