"""Ethiopic numerals: ፲፭ is 15. They have no zero; hundreds and ten thousands multiply what stands before."""

from __future__ import annotations

import re

_ONES = {char: value for value, char in enumerate("፩፪፫፬፭፮፯፰፱", 1)}
_TENS = {char: 10 * value for value, char in enumerate("፲፳፴፵፶፷፸፹፺", 1)}
_HUNDRED, _MYRIAD = "፻", "፼"
_RUN = re.compile("[፩-፼]+")
NUMERALS = frozenset(_ONES) | frozenset(_TENS) | {_HUNDRED, _MYRIAD}


def ethiopic_number(text: str) -> int | None:
    """Give the whole number that a text of Ethiopic numerals writes, or None when it does not compose."""
    if not text or not NUMERALS.issuperset(text):
        return None
    groups = text.split(_MYRIAD)
    total = 0
    for place, group in enumerate(groups):
        value = _below_myriad(group)
        if value is None:
            return None
        last = place == len(groups) - 1
        total = total + value if last else (total + value or 1) * 10_000
    return total


def in_digits(text: str) -> str:
    """Write every run of Ethiopic numerals in a text with the digits 0-9; a run that does not compose stays."""
    return text if text.isascii() else _RUN.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    value = ethiopic_number(found.group())
    return found.group() if value is None else str(value)


def _below_myriad(group: str) -> int | None:
    hundreds, hundred, rest = group.rpartition(_HUNDRED)
    above, below = _below_hundred(hundreds), _below_hundred(rest)
    if above is None or below is None:
        return None
    return (above or 1) * 100 + below if hundred else below


def _below_hundred(pair: str) -> int | None:
    tens = pair[:1] if pair[:1] in _TENS else ""
    ones = pair[len(tens) :]
    if ones and ones not in _ONES:
        return None
    return _TENS.get(tens, 0) + _ONES.get(ones, 0)
