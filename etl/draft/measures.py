"""The heading of a column of counts in, what it counts out: indicator, sex, age, scope, form, year."""

from __future__ import annotations

import re
from functools import lru_cache

from etl.draft.about import About
from etl.draft.signs import is_total, told_by
from etl.fold import fold
from etl.match import match_values

LISTS = {"sex": "CL_SEX", "age": "CL_AGE_GROUP", "scope": "CL_SCOPE", "exploitation": "CL_EXPLOIT"}
WHOLE = ("_T", "_U", "_Z")
LONGEST = 3
SHARE = re.compile(r"%|\b(?:share|percent|percentage|rate|ratio|part|taux|pourcentage)\b|نسبة")


def measure_of(header: str, about: About, year: bool) -> dict[str, str] | None:
    """Give the fields that a heading fills; only words that mean one thing count.

    The indicator is what the lowest level of the heading says, or the level above where the lowest only breaks it down.
    None for a heading of shares, which are never counts.
    """
    folded = fold(header)
    if SHARE.search(folded):
        return None
    if year:
        return {"time_period": _year(header.rpartition(" / ")[2], about)}
    dims: dict[str, str] = {}
    last = folded.rpartition(" / ")[2]
    for field, name in LISTS.items():
        met = dict.fromkeys(code for piece in _pieces(folded) if (code := _known(piece, name)) is not None)
        if len(met) == 1:
            dims[field] = next(iter(met))
    told = told_by("indicator", last)
    if not told and (is_total(last) or any(_known(piece, name) for name in LISTS.values() for piece in _pieces(last))):
        told = told_by("indicator", folded)
    if len(told) == 1 and about.domain.value == "TIP":
        dims["indicator"] = told[0]
    return {name: dims[name] for name in ("indicator", *LISTS) if name in dims}


def _year(text: str, about: About) -> str:
    plain = fold(text).upper()
    if re.fullmatch(r"\d{4}", plain):
        return f"{about.period_type} {plain}" if about.period_type in ("EFY", "EY") else plain
    if re.fullmatch(r"\d{2}(\d{2})?/\d{2}(\d{2})?", plain):
        first, second = plain.split("/")
        return f"FY {first if len(first) == 4 else '20' + first}/{second[-2:]}"
    return plain


def _pieces(folded: str) -> tuple[str, ...]:
    """Give the whole heading, its levels, and every run of up to three words."""
    words = re.findall(r"[^\W_]+", folded)
    runs = [" ".join(words[at : at + size]) for size in range(1, LONGEST + 1) for at in range(len(words) - size + 1)]
    return tuple(dict.fromkeys([folded, *(part.strip() for part in folded.split(" / ")), *runs]))


@lru_cache(maxsize=1 << 13)
def _known(piece: str, name: str) -> str | None:
    if len(piece) < 2:
        return None
    match = match_values(name, {piece: 1})[0]
    if not match.confident or match.reason != "known word" or match.candidates[0].target in WHOLE:
        return None
    return match.candidates[0].target
