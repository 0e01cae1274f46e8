"""The distinct values of one column in, what may be said of them out: kind, forms, scripts, ranges, and the common ones."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from etl.draft.columns import ColumnSeen
from etl.draft.figures import LEAST as LEAST
from etl.draft.figures import Figures, figures_of, is_figure, value_of
from etl.draft.proof import LEAST_DAYS, share_of_days
from etl.draft.signs import signs
from etl.fold import fold

NUMBER, DATE, CODE, TEXT, FREE, KEY, EMPTY = "number", "date", "code", "text", "free", "key", "empty"
LONG_TEXT, WORDS_OF_TEXT = 30, 4.0
MOST_CODES, CODE_SHARE = 200, 0.5
SHARE = 0.8
MOST_SHOWN, MOST_FORMS = 20, 3
ENOUGH = 1_500  # distinct values that tell the kind of a column
LONGEST_SIGN = 16
RUNS = ((re.compile(r"[^\W\d_]+"), "a"), (re.compile(r"\d"), "9"))


@dataclass(frozen=True)
class Profile:
    """One column as it may be told to anybody: nothing that fewer than `least` rows share is in it.

    kind: number, date, code, text, free, key or empty. missing: signs that say that nothing is known, with their rows.
    low, high: the range, rounded outwards. forms: how values are written, `9` a digit and `a` letters. scripts: shares of
    the letters. common: values with their rows; rare: how many distinct values are not shown.
    """

    header: str
    place: int
    kind: str
    rows: int
    empty: int
    distinct: int
    more: bool
    missing: Mapping[str, int]
    low: str | None
    high: str | None
    forms: tuple[tuple[str, int], ...]
    scripts: tuple[tuple[str, float], ...]
    common: tuple[tuple[str, int], ...]
    rare: int
    figures: Figures

    @property
    def filled(self) -> int:
        """Give the rows that hold something."""
        return self.rows - self.empty


def profile_of(column: ColumnSeen, least: int) -> Profile:
    """Describe a column; whether it is a person's is told elsewhere."""
    missing = {value: n for value, n in column.values.items() if len(value) <= LONGEST_SIGN and fold(value) in signs("missing")}
    values = {value: times for value, times in column.values.items() if value not in missing}
    some = _some(values)
    kind = _kind(some, len(values), column)
    figures = figures_of(values) if kind == NUMBER else Figures()
    low, high = _range(values, kind, figures)
    common = [(value, times) for value, times in column.values.most_common() if times >= least]
    shown = tuple(common[:MOST_SHOWN]) if kind in (CODE, TEXT, NUMBER, DATE) else ()
    return Profile(
        column.header,
        column.place,
        kind,
        column.rows,
        column.empty,
        len(column.values),
        column.beyond > 0,
        {value: times for value, times in missing.items() if times >= least or fold(value) in signs("missing")},
        low,
        high,
        _forms(some, least) if kind in (NUMBER, DATE, KEY) else (),
        _scripts(some),
        shown,
        len(column.values) - len(shown),
        figures,
    )


def _some(values: Mapping[str, int]) -> Mapping[str, int]:
    """Give values from all parts of a column, as many as its kind needs; all of them where they are few."""
    if len(values) <= ENOUGH:
        return values
    step = len(values) // ENOUGH + 1
    return dict(islice(values.items(), 0, None, step))


def _kind(values: Mapping[str, int], known: int, column: ColumnSeen) -> str:
    total = sum(values.values())
    if not total:
        return EMPTY
    if share_of_days(values) >= LEAST_DAYS:
        return DATE
    if sum(times for value, times in values.items() if is_figure(value)) >= SHARE * total:
        return NUMBER
    length = sum(len(value) * times for value, times in values.items()) / total
    words = sum(len(value.split()) * times for value, times in values.items()) / total
    distinct = len(values) / total
    if length > LONG_TEXT and words > WORDS_OF_TEXT and (distinct > 0.3 or length > 3 * LONG_TEXT):
        return FREE
    digits = sum(times for value, times in values.items() if any(letter.isdigit() for letter in value))
    if digits >= SHARE * total and distinct > CODE_SHARE and total >= 5:
        return KEY
    if known <= MOST_CODES and (distinct <= CODE_SHARE or total < 20):
        return CODE
    return TEXT


def _range(values: Mapping[str, int], kind: str, figures: Figures) -> tuple[str | None, str | None]:
    """Give the lowest and highest number, rounded outwards so that neither is one row's own; of days only the years."""
    if kind == DATE:
        years = sorted(int(year) for value in values for year in re.findall(r"(?<!\d)(?:1[349]|20)\d\d(?!\d)", fold(value)))
        return (str(years[0]), str(years[-1])) if years else (None, None)
    if kind != NUMBER:
        return None, None
    numbers = [number for value in values if (number := value_of(value, figures.decimal)) is not None and math.isfinite(number)]
    if not numbers:
        return None, None
    low, high = min(numbers), max(numbers)
    step = 10 ** max(0, math.floor(math.log10(max(abs(low), abs(high), 1))))
    return str(int(math.floor(low / step) * step)), str(int(math.ceil((high + 1e-9) / step) * step))


def _forms(values: Mapping[str, int], least: int) -> tuple[tuple[str, int], ...]:
    forms: Counter[str] = Counter()
    for value, times in values.items():
        forms[form_of(value)] += times
    return tuple((form, times) for form, times in forms.most_common(MOST_FORMS) if times >= least)


@lru_cache(maxsize=1 << 16)
def form_of(value: str) -> str:
    """Give how a value is written: `9` for a digit, `a` for letters on end."""
    form = value.strip()
    for pattern, sign in RUNS:
        form = pattern.sub(sign, form)
    return form[:40]


def _scripts(values: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
    found: Counter[str] = Counter()
    for value, times in values.items():
        for script in scripts_of(value):
            found[script] += times
    total = max(1, found.total())
    return tuple((script, round(times / total, 3)) for script, times in found.most_common(3) if times / total > 0.01)


@lru_cache(maxsize=1 << 16)
def scripts_of(text: str) -> frozenset[str]:
    """Give the scripts of the letters of a text: Latin, Arabic, Ethiopic and so on."""
    if text.isascii():
        return frozenset(("Latin",)) if any(letter.isalpha() for letter in text) else frozenset()
    return frozenset(_script(letter) for letter in set(text) if letter.isalpha())


@lru_cache(maxsize=1 << 12)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "OTHER LETTER").split()[0].title()
