"""How: everything a reading may know about the column that a text stands in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Hold one column's declarations, built once and passed to its reading with every distinct text.

    `words`, `missing`, `zero` and the keys of `suppressed` are folded (`etl.fold.fold`); `suppressed` gives (lowest,
    highest). `languages` are ISO 639-3, `country` is the reporter's ISO 3166-1 alpha-3. `decimal` and `thousands` hold
    the signs (any character of `thousands` is one); None where the source does not say. `separator` is a regex.
    `excel_epoch` is 1900 or 1904. `percent` says that the figures are per cents. `months_each` is how many months one unit
    of a length of time has. `years` are the first and last year in which the file may have been written. `today` is the
    day of the build: readings never ask the clock.
    """

    today: datetime.date
    source: str = ""
    field: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()
    calendar: str = "GREG"
    date_order: str | None = None
    period_type: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    codelist: str | None = None
    words: Mapping[str, str] = default(default_factory=dict)
    separator: str | None = None
    missing: frozenset[str] = frozenset()
    zero: frozenset[str] = frozenset()
    suppressed: Mapping[str, tuple[int, int]] = default(default_factory=dict)
    excel_epoch: int | None = None
    percent: bool = False
    months_each: int = 1
    years: tuple[int, int] | None = None
