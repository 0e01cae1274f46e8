"""What stands around a number: about, at least, more than, at most, less than, in six languages."""

from __future__ import annotations

from functools import cache

from etl.readings.phrases import longest_first, phrases

APPROX, MIN, OVER, MAX, UNDER = "APPROX", "MIN", "OVER", "MAX", "UNDER"
_AMHARIC_FROM = "ከ"  # ከ…በላይ: "from … upward" is written around its number


@cache
def _parts() -> tuple[tuple[str, str], ...]:
    """Give (folded phrase, kind), the longest first; a phrase written around its number is known by its end."""
    words = phrases("hedge")
    return tuple((word.rpartition("...")[2], words[word]) for word in longest_first("hedge"))


def unhedged(folded: str) -> tuple[str, str | None]:
    """Part a folded text into what is left and the kind of its hedge: APPROX, MIN, OVER, MAX, UNDER or None."""
    for phrase, kind in _parts():
        rest = _without(folded, phrase)
        if rest is not None:
            if phrase in ("በላይ", "በታች"):
                rest = rest.removeprefix(_AMHARIC_FROM).strip()
            return rest, kind
    return folded, None


def _without(folded: str, phrase: str) -> str | None:
    """Take a phrase off the beginning or the end, where it is a word of its own."""
    if phrase not in folded:
        return None
    if folded.startswith(phrase) and len(folded) > len(phrase):
        rest = folded[len(phrase) :]
        if not (phrase[-1].isalpha() and rest[0].isalpha()):
            return rest.strip(" .")
    if folded.endswith(phrase) and len(folded) > len(phrase):
        rest = folded[: -len(phrase)]
        if not (phrase[0].isalpha() and rest[-1].isalpha()):
            return rest.strip(" ")
    return None
