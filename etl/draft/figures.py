"""The numbers of a column in; its decimal sign and its sign of thousands out, with the value that proves each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from etl.fold import fold
from etl.identifying import identifying_value

PLAIN = re.compile(r"[-+]?[0-9]+")
ONE = re.compile(r"\A[-+]?([0-9]+)([.,٫])([0-9]+)")
GROUPS = re.compile(r"[-+]?[0-9]{1,3}(?:([.,٬' ])[0-9]{3})(?:\1[0-9]{3})*")
BOTH = re.compile(r"[-+]?[0-9]{1,3}(?:([.,٬' ])[0-9]{3})+([.,٫])[0-9]+")
HEDGED = re.compile(r"^(?:[<>~≈=]+|ca\.?|c\.)\s*|(?<!\s)\s*(?:\+|%)$")
SHORTEST_NUMBER = 9
LEAST = 5  # rows that must share a value before it is shown whole
HIDDEN = re.compile(r"<\s?([0-9]{1,3})")


@dataclass(frozen=True)
class Figures:
    """How numbers are written: proven signs, with the values that prove them; `doubtful` values fit both ways."""

    decimal: str | None = None
    decimal_value: str = ""
    thousands: str | None = None
    thousands_value: str = ""
    doubtful: str = ""
    contradicts: bool = False
    suppressed: tuple[str, ...] = ()


def is_figure(text: str) -> bool:
    """Tell whether a text is a number, hedged or suppressed ones included."""
    plain = HEDGED.sub("", fold(text))
    return any(pattern.fullmatch(plain) for pattern in (PLAIN, ONE, GROUPS, BOTH))


def value_of(text: str, decimal: str | None) -> float | None:
    """Give the number that a text is, by the proven decimal sign; None for a text that is none."""
    plain = HEDGED.sub("", fold(text))
    if PLAIN.fullmatch(plain):
        return float(plain)
    if not is_figure(text):
        return None
    point = decimal if decimal is not None and decimal in plain else "." if ONE.fullmatch(plain) and "." in plain else None
    whole, _, rest = plain.partition(point) if point is not None else (plain, "", "")
    digits = re.sub(r"[^0-9-]", "", whole)
    return float(f"{digits}.{re.sub('[^0-9]', '', rest) or 0}") if digits.strip("-") else None


def figures_of(values: Mapping[str, int]) -> Figures:
    """Work out how the numbers of a column are written."""
    decimals: dict[str, str] = {}
    groups: dict[str, str] = {}
    doubtful = ""
    hidden = set()
    for value in sorted(values, key=lambda item: -values[item]):
        plain = fold(value)
        if len(plain) >= SHORTEST_NUMBER and identifying_value(value) is not None:  # a telephone in groups proves nothing
            continue
        if HIDDEN.fullmatch(plain):
            hidden.add(value.strip())
        plain = HEDGED.sub("", plain)
        if PLAIN.fullmatch(plain):
            continue
        both = BOTH.fullmatch(plain)
        one = ONE.fullmatch(plain)
        many = GROUPS.fullmatch(plain)
        if both and both[1] != both[2]:
            groups.setdefault(both[1], value)
            decimals.setdefault(both[2], value)
        elif one and (len(one[3]) != 3 or len(one[1]) > 3 or one[1].startswith("0") or one[2] == "٫"):
            decimals.setdefault(one[2], value)
        elif many and (many[1] in " '٬" or plain.count(many[1]) > 1):
            groups.setdefault(many[1], value)
        elif one:
            doubtful = doubtful or value
    for sign in decimals:  # what parts the decimals cannot part the thousands, so the doubtful ones are decimals too
        groups.pop(sign, None)
    decimal = next(iter(decimals)) if len(decimals) == 1 else None
    thousands = "".join(groups) or None
    settled = doubtful and (any(sign in doubtful for sign in (decimal or "")) or any(sign in doubtful for sign in groups))
    proofs = decimals.get(decimal or "", ""), next(iter(groups.values()), "")
    return Figures(
        decimal,
        _shown(proofs[0], values),
        thousands,
        _shown(proofs[1], values),
        "" if settled else doubtful,
        len(decimals) > 1,
        tuple(sorted(hidden)),
    )


def _shown(value: str, values: Mapping[str, int]) -> str:
    """Show a value that proves a sign; of one that few rows hold only its form."""
    return value if values.get(value, 0) >= LEAST else re.sub(r"[0-9]", "9", fold(value))
