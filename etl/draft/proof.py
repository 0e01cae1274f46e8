"""The days of one column in; their order and calendar out, each with the value that proves it, or else to be asked.

An order or calendar is proven when every other one is ruled out by a value that stands in the column: one that does not
exist there, or that has not come yet. What no value rules out is asked, and so is a column whose values contradict.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from etl.draft.days import (
    COMPACT,
    DMY,
    ETH,
    FIRST,
    GREG,
    HIJ,
    LAST,
    MDY,
    SERIAL,
    SERIAL_ZERO,
    SHORT,
    YDM,
    YMD,
    Day,
    marked,
    readings_of,
    written_day,
)  # fmt: skip
from etl.fold import fold

PROVEN, ASK, CONFLICT, UNNEEDED, GIVEN = "proven", "ask", "conflict", "unneeded", "given"
ETHIOPIAN = ("ETH", "ERI")  # states whose offices write Ethiopian days
SWAPPED = 5  # days of each form from which on a spreadsheet may have swapped those that it could
MANY, FEW = 30, 0.1  # of so many days, a smaller share that can only be read one way is too few: most days are after the 12th
# One day that a calendar lacks may be a slip of the hand: 30 February in a Gregorian register, the 31st in an Ethiopian one.
FEWEST = 2
LEAST_DAYS = 0.7  # share of a column's values that are days
Reading = tuple[str, str]


@dataclass(frozen=True)
class Proof:
    """What is known of the days of a column.

    order, calendar: the one that is proven or follows from the context, None where none is. *_state: `proven`, `given`
    (by the country, or because the form needs none), `unneeded`, `ask` or `conflict`. *_value: the value that proves it,
    or the two that contradict. open_orders, open_calendars: what is left to choose from. epoch: 1900, 1904 or None.
    """

    days: int
    order: str | None = None
    order_state: str = UNNEEDED
    order_value: str = ""
    open_orders: tuple[str, ...] = ()
    calendar: str | None = None
    calendar_state: str = UNNEEDED
    calendar_value: str = ""
    open_calendars: tuple[str, ...] = ()
    epoch: int | None = None
    epoch_state: str = UNNEEDED
    epoch_value: str = ""
    notes: tuple[str, ...] = ()
    unreadable: int = 0
    forms: Mapping[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Say whether a person must answer before the days of this column can be read."""
        return {ASK, CONFLICT} & {self.order_state, self.calendar_state, self.epoch_state} != set()


@dataclass(frozen=True)
class Context:
    """What is known beside the days themselves: the reporter, the scripts of the file, the workbook's own epoch, today."""

    today: datetime.date
    country: str | None = None
    ethiopic: bool = False
    epoch: int | None = None


def share_of_days(values: Mapping[str, int]) -> float:
    """Give the share of a column's filled rows that hold a day in some form; day numbers count beside others only."""
    found = {value: day for value in values if (day := written_day(value)) is not None}
    plain = sum(values[value] for value, day in found.items() if day.shape not in (SERIAL, COMPACT, "month or year"))
    rest = sum(values[value] for value, day in found.items() if day.shape in (SERIAL, COMPACT, "month or year"))
    total = max(1, sum(values.values()))
    return (plain + (rest if plain else 0)) / total


def prove(header: str, values: Mapping[str, int], context: Context) -> Proof:
    """Work out order and calendar of a column of days."""
    days = {value: day for value in values if (day := written_day(value)) is not None}
    forms: Counter[str] = Counter()
    for value, day in days.items():
        forms[day.shape] += values[value]
    told = Counter(day.told for value, day in days.items() if day.told is not None)
    unmarked = {value: day for value, day in days.items() if day.told is None and day.shape in (LAST, SHORT, FIRST, COMPACT)}
    allowed, why = _allowed(header, context)
    admitted = {value: {one for one in readings_of(day, context.today) if one[1] in allowed} for value, day in unmarked.items()}
    unreadable = sum(values[value] for value, readings in admitted.items() if not readings)
    epoch, epoch_state, epoch_value = _epoch(days, context)
    notes = []
    if any(day.shape == SHORT for day in days.values()):
        notes.append("two_digits")
    if _swapped(unmarked):
        notes.append("swapped")
    orders = _order(days, admitted, values, context)
    calendar = _calendar(admitted, told, orders[0], allowed, why, values)
    if "swapped" in notes and orders[1] in (PROVEN, UNNEEDED):
        orders = (None, CONFLICT, orders[2], (DMY, MDY))
    return Proof(
        sum(values[value] for value in days), orders[0], orders[1], orders[2], orders[3], calendar[0], calendar[1], calendar[2],
        calendar[3], epoch, epoch_state, epoch_value, tuple(notes), unreadable, dict(forms),
    )  # fmt: skip


def _allowed(header: str, context: Context) -> tuple[frozenset[str], str]:
    """Give the calendars that a column may be in, and what says so: its heading, or the reporter."""
    told, _ = marked(fold(header))
    if told is not None:
        return frozenset((told,)), "heading"
    if context.country is not None and context.country not in ETHIOPIAN and not context.ethiopic:
        return frozenset((GREG, HIJ)), "country"
    return frozenset((GREG, ETH, HIJ)), ""


def _order(
    days: Mapping[str, Day], admitted: Mapping[str, set[Reading]], values: Mapping[str, int], context: Context
) -> tuple[str | None, str, str, tuple[str, ...]]:
    """Give (order, state, the value that proves it, what is left to choose)."""
    orders: dict[str, frozenset[str]] = {}
    for value, day in days.items():
        if day.shape not in (LAST, SHORT, COMPACT, FIRST):
            continue
        readings = admitted[value] if value in admitted else readings_of(day, context.today)
        if readings:
            orders[value] = frozenset(order for order, _ in readings)
    loose = {value: found for value, found in orders.items() if days[value].shape != FIRST}
    first = {value: found for value, found in orders.items() if days[value].shape == FIRST}
    turned = [value for value, found in first.items() if found == {YDM}]
    if turned:
        return None, CONFLICT, turned[0], (YMD, DMY)
    if not loose:
        return (YMD if first else None), UNNEEDED, "", ()
    left = frozenset.intersection(*loose.values())
    if not left:
        return None, CONFLICT, _contradiction(loose, values), tuple(sorted(frozenset.union(*loose.values())))
    if len(left) > 1:
        return None, ASK, "", tuple(sorted(left))
    order = next(iter(left))
    deciding = {value for value, found in loose.items() if len(found) == 1}
    proving = deciding or set(loose)
    if not deciding or (len(loose) >= MANY and len(deciding) < FEW * len(loose)):
        if not deciding:  # several values together leave one order only
            return order, PROVEN, _commonest(proving, values), ()
        return None, ASK, _commonest(proving, values), (DMY, MDY)
    return order, PROVEN, _commonest(proving, values), ()


def _calendar(
    admitted: Mapping[str, set[Reading]],
    told: Counter[str],
    order: str | None,
    allowed: frozenset[str],
    why: str,
    values: Mapping[str, int],
) -> tuple[str | None, str, str, tuple[str, ...]]:
    """Give (calendar, state, the value that proves it, what is left to choose) of the days that bear no mark."""
    kept: dict[str, frozenset[str]] = {}
    for value, readings in admitted.items():
        fitting = {calendar for one, calendar in readings if order is None or one in (order, YMD, YDM)} or {
            calendar for _, calendar in readings
        }
        if fitting:
            kept[value] = frozenset(fitting)
    if not kept:
        if len(told) > 1:
            return "MIXED", PROVEN, "", ()
        return (next(iter(told)), PROVEN, "", ()) if told else (None, UNNEEDED, "", ())
    left = frozenset.intersection(*kept.values())
    if not left:
        return None, CONFLICT, _contradiction(kept, values), tuple(sorted(frozenset.union(*kept.values())))
    if len(left) > 1:
        return None, ASK, "", tuple(sorted(left))
    calendar = next(iter(left))
    if why == "heading":
        return calendar, GIVEN, "heading", ()
    deciding = {value for value, found in kept.items() if len(found) == 1}
    if why == "country" and calendar == GREG:
        return calendar, GIVEN, "country", ()
    if calendar != HIJ and 0 < len(deciding) < FEWEST:
        return None, ASK, _commonest(deciding, values), (ETH, GREG)
    return calendar, PROVEN, _commonest(deciding or set(kept), values), ()


def _epoch(days: Mapping[str, Day], context: Context) -> tuple[int | None, str, str]:
    """Tell from which year day numbers count: the workbook says it, or one of the two would lie in the future."""
    numbers = {value: day.numbers[0] for value, day in days.items() if day.shape == SERIAL}
    if not numbers:
        return None, UNNEEDED, ""
    if context.epoch is not None:
        return context.epoch, GIVEN, "workbook"
    latest = max(numbers, key=lambda value: numbers[value])
    if (
        SERIAL_ZERO[1904] + datetime.timedelta(numbers[latest])
        > context.today
        >= SERIAL_ZERO[1900] + datetime.timedelta(numbers[latest])
    ):
        return 1900, PROVEN, latest
    return None, ASK, ""


def _swapped(days: Mapping[str, Day]) -> bool:
    """Tell a column in which a spreadsheet took for days what it could, with day and month swapped, and left the rest."""
    whole = [day for day in days.values() if day.shape == FIRST]
    text = [day for day in days.values() if day.shape == LAST]
    if len(whole) < SWAPPED or len(text) < SWAPPED:
        return False
    return all(day.numbers[2] <= 12 for day in whole) and all(max(day.numbers[:2]) > 12 for day in text)


def _contradiction(found: Mapping[str, frozenset[str]], values: Mapping[str, int]) -> str:
    """Give two values that cannot be read in one way."""
    single = {value: readings for value, readings in found.items() if len(readings) == 1} or dict(found)
    ordered = sorted(single, key=lambda value: (-values[value], value))
    first = ordered[0]
    other = next((value for value in ordered if not single[value] & single[first]), first)
    return f"{first} | {other}"


def _commonest(proving: set[str], values: Mapping[str, int]) -> str:
    return max(sorted(proving), key=lambda value: values[value])
