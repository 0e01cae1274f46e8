"""Fold a text to the form in which words are looked up. The raw text is kept elsewhere, always."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_QUOTES = "‘’‚‛ʼʻʽʾʿʹ′‵`´"
_DOUBLE_QUOTES = "“”„‟«»″"
_DASHES = "‐‑‒–—―−﹘"
_SIGNS = {"፡": " ", "።": ".", "፣": ",", "፥": ",", "፤": ";", "፦": ":", "،": ",", "؛": ";", "؟": "?", "٪": "%", "۔": "."}
# Letters that writers exchange. ؤ and ئ stay: they part words that plain و and ي would join.
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ـ": ""}
_LATIN = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i"}
# (first syllable of the row that is replaced, first of the row that replaces it): the whole row of orders moves.
_HOMOPHONE_ROWS = (("ሐ", "ሀ"), ("ኀ", "ሀ"), ("ሠ", "ሰ"), ("ዐ", "አ"), ("ፀ", "ጸ"))
_ORDERS = 7
_FIRST_ORDER = {"ሃ": "ሀ", "ኣ": "አ"}  # the fourth order of these two rows sounds like the first


def _ethiopic() -> dict[str, str]:
    rows = {chr(ord(old) + order): chr(ord(new) + order) for old, new in _HOMOPHONE_ROWS for order in range(_ORDERS)}
    return {old: _FIRST_ORDER.get(new, new) for old, new in rows.items()} | _FIRST_ORDER


class _Letters(dict[int, str]):
    """Map a code point to its folded text, worked out at the first meeting."""

    def __missing__(self, code: int) -> str:
        folded = _letter(chr(code))
        self[code] = folded
        return folded


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Cc"):  # marks of direction, joiners, byte order mark; vowel signs and accents
        return " " if char.isspace() else ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    base = unicodedata.normalize("NFD", char)
    if len(base) > 1 and base[0].isascii():
        return base[0]
    return char


def _table() -> _Letters:
    table = _Letters()
    pairs = _SIGNS | _ARABIC | _LATIN | _ethiopic() | dict.fromkeys(_QUOTES, "'")
    pairs |= dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
    table.update({ord(char): folded for char, folded in pairs.items()})
    return table


_LETTERS = _table()
_RAISED = re.compile(r"[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u2189\u2460-\u249b]")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Give the form of a text that is compared: NFKC, lower case, one form for each letter that writers exchange.

    Arabic alef, ta marbuta, alef maqsura, vowel signs and tatweel; Ethiopic homophones; Latin accents; digits of every
    script as 0-9; quotes, dashes and stops as ASCII; direction marks, joiners and doubled spaces away; no stop at the
    end. A raised or circled digit becomes `^2`, so that a footnote sign never joins a number. Folding twice changes
    nothing.
    """
    if text.isascii() and text.isprintable() and "`" not in text:  # most cells: nothing to look up
        text = text.lower()
    else:
        text = _RAISED.sub(_raised, text.translate({0xB4: "'"}))
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_LETTERS)
    text = " ".join(text.split())
    return text.rstrip(". ") or text


def _raised(found: re.Match[str]) -> str:
    return "^" + unicodedata.normalize("NFKC", found.group())


def has_mojibake(text: str) -> bool:
    """Tell whether a text was decoded with the wrong encoding (rule V39): `Ã©`, `�`, `Ø§Ù„`, `ط§ظ„`, `ÇáÓæÏÇä`."""
    return not text.isascii() and bool("\ufffd" in text or _mended(text) or _ACCENT_RUN.search(text))


def mend_hint(text: str) -> str:
    """Say in one sentence what mends a text that `has_mojibake`, or nothing for a sound text."""
    if text.isascii():
        return ""
    if "\ufffd" in text:
        return "letters were lost before this file was saved: ask the sender for the original"
    encoding = _mended(text)
    if encoding:
        return f"utf-8 was read as {encoding}: declare file.encoding: utf-8, or ask for the file as first saved"
    if _ACCENT_RUN.search(text):
        return "windows-1256 was perhaps read as windows-1252: declare file.encoding: windows-1256"
    return ""


_ACCENT_RUN = re.compile(r"[\u00c0-\u00ff]{4}")  # four accented Latin letters on end: no language of the region has them
# Letters that a mended text may hold: "É" before a fixed space would mend, too, but into a letter of no language here.
_OF_THE_REGION = re.compile(r"[\u00a0-\u017f\u0600-\u06ff\u1200-\u137f\u2010-\u203a]")
_UNASSIGNED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # bytes that windows-1252 leaves empty and readers let through


def _mended(text: str) -> str:
    """Name the encoding through which utf-8 bytes were wrongly read, if that is what happened."""
    for encoding in ("windows-1252", "windows-1256"):
        try:
            mended = b"".join(bytes([ord(char)]) if ord(char) in _UNASSIGNED else char.encode(encoding) for char in text).decode(
                "utf-8"
            )
        except UnicodeError:
            continue
        if _OF_THE_REGION.search(mended):
            return encoding
    return ""
