"""The proof of a column of days in, the sentences that tell it out; a value of few rows is told with its other digits hidden."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from etl.draft.days import written_day
from etl.draft.proof import ASK, CONFLICT, GIVEN, PROVEN, Proof
from etl.draft.tell import tell
from etl.readings.calendars import ethiopian_year

HIDDEN = "·"
DIGITS = re.compile(r"\d+")


def order_told(proof: Proof, values: Mapping[str, int], least: int, language: str) -> str:
    """Say in which order day, month and year stand, with the value that proves it."""
    if proof.order_state == PROVEN and proof.order is not None:
        return tell(language, "order_proven", order=proof.order, value=_order_shown(proof.order_value, values, least))
    if proof.order_state == CONFLICT:
        pair = " / ".join(_order_shown(value, values, least) for value in proof.order_value.split(" | ") if value)
        return tell(language, "order_conflict", values=pair)
    if proof.order_state == ASK:
        return tell(language, "order_ask", orders=" | ".join(proof.open_orders))
    return tell(language, "order_unneeded")


def calendar_told(proof: Proof, values: Mapping[str, int], least: int, today: datetime.date, language: str) -> str:
    """Say in which calendar the days are, with the value that proves it or what else says it."""
    if proof.calendar_state == PROVEN and proof.calendar is not None:
        if not proof.calendar_value:
            return tell(language, "calendar_marked", calendar=proof.calendar)
        shown = _calendar_shown(proof.calendar_value, values, least, today)
        return tell(language, "calendar_proven", calendar=proof.calendar, value=shown)
    if proof.calendar_state == GIVEN:
        return tell(language, f"calendar_{proof.calendar_value}", calendar=proof.calendar)
    if proof.calendar_state == CONFLICT:
        pair = " / ".join(_calendar_shown(value, values, least, today) for value in proof.calendar_value.split(" | ") if value)
        return tell(language, "calendar_conflict", values=pair)
    if proof.calendar_state == ASK:
        return tell(language, "calendar_ask", calendars=" | ".join(proof.open_calendars))
    return tell(language, "calendar_unneeded")


def _order_shown(value: str, values: Mapping[str, int], least: int) -> str:
    """Show of a rare day only the number that cannot be a month."""
    if values.get(value, 0) >= least or not value:
        return value
    return DIGITS.sub(lambda found: found.group() if len(found.group()) < 3 and int(found.group()) > 12 else _dots(found), value)


def _calendar_shown(value: str, values: Mapping[str, int], least: int, today: datetime.date) -> str:
    """Show of a rare day its year where that proves the calendar, and else its day and month."""
    if values.get(value, 0) >= least or not value:
        return value
    day = written_day(value)
    year = max(day.numbers) if day is not None else 0
    by_year = year > ethiopian_year(today) or year < 1900
    return DIGITS.sub(lambda found: found.group() if (len(found.group()) > 2) == by_year else _dots(found), value)


def _dots(found: re.Match[str]) -> str:
    return HIDDEN * len(found.group())
