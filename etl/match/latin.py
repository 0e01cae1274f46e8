"""Arabic and Ethiopic letters in Latin ones, roughly, and the skeleton of consonants by which two scripts are compared."""

from __future__ import annotations

import re
from functools import lru_cache

from etl.fold import fold

_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئپچژڤگ",
        ("a", "b", "t", "th", "j", "h", "kh", "d", "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "", "gh", "f", "q", "k",
         "l", "m", "n", "h", "w", "y", "", "w", "y", "p", "ch", "j", "v", "g"),
        strict=True,
    )
)  # fmt: skip
# The first syllable of each row of the Ethiopic script and its consonant; the orders follow in the same row.
_ROWS = {
    "ሀ": "h", "ለ": "l", "ሐ": "h", "መ": "m", "ሠ": "s", "ረ": "r", "ሰ": "s", "ሸ": "sh", "ቀ": "q", "ቐ": "q", "በ": "b",
    "ቨ": "v", "ተ": "t", "ቸ": "ch", "ኀ": "h", "ነ": "n", "ኘ": "ny", "አ": "", "ከ": "k", "ኸ": "h", "ወ": "w", "ዐ": "",
    "ዘ": "z", "ዠ": "zh", "የ": "y", "ደ": "d", "ጀ": "j", "ገ": "g", "ጠ": "t", "ጨ": "ch", "ጰ": "p", "ጸ": "ts", "ፀ": "ts",
    "ፈ": "f", "ፐ": "p",
}  # fmt: skip
_VOWELS = ("e", "u", "i", "a", "e", "", "o", "wa")
_ETHIOPIC = {
    chr(ord(first) + order): (consonant or "") + vowel
    for first, consonant in _ROWS.items()
    for order, vowel in enumerate(_VOWELS)
} | {chr(ord("አ") + order): vowel for order, vowel in enumerate(("a", "u", "i", "a", "e", "i", "o", "wa"))}
_LETTERS = str.maketrans(_ETHIOPIC | _ARABIC)
_SAME = (("sch", "s"), ("ch", "s"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("ou", "u"),
         ("ts", "s"), ("tz", "s"), ("ck", "k"), ("qu", "k"))  # fmt: skip
_ALIKE = str.maketrans({"q": "k", "c": "k", "x": "k", "v": "f", "p": "b", "z": "s", "j": "g", "y": "", "w": "", "h": ""})
_VOWEL = re.compile(r"[aeiou\W\d_]+")


def latin(text: str) -> str:
    """Write a text in Latin letters, roughly as a border post would; Arabic keeps only its long vowels."""
    return fold(text).translate(_LETTERS)


@lru_cache(maxsize=1 << 15)
def skeleton(text: str) -> str:
    """Give the consonants of a text with letters that transliterations exchange made one: `إثيوبيا`, `ኢትዮጵያ`, `Ethiopia`."""
    plain = latin(text)
    for spelling, letter in _SAME:
        plain = plain.replace(spelling, letter)
    plain = _VOWEL.sub("", plain.translate(_ALIKE))
    return re.sub(r"(.)\1+", r"\1", plain)
