"""Declarations in; the small national totals that a state has decided to show out, each with the decision that says so."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from etl.errors import SourceError
from etl.readings.how import How
from etl.readings.periods import period as read_period
from etl.source import Source
from schemas.indicators import indicators


class Released(NamedTuple):
    """A national total of a year that is shown although it is under the threshold."""

    source: str
    indicator: str
    period_start: datetime.date
    period_end: datetime.date


def released_totals(sources: Iterable[Source], today: datetime.date) -> list[Released]:
    """Give the totals that are released.

    Errors: SourceError for an indicator that does not exist or a period that cannot be read.
    """
    found = []
    for source in sources:
        for number, decision in enumerate(source.release_small_totals):
            where = source.where("release_small_totals", number)
            if decision.indicator not in indicators():
                raise SourceError(f"{where}: there is no indicator {decision.indicator!r}; see schemas/indicators.csv")
            if decision.date > today:
                raise SourceError(f"{where}: was decided on {decision.date}, which is still to come; correct the date")
            how = How(today=today, field="period", languages=("eng",), period_type=source.period_type)
            start, end, *_ = read_period(decision.period, how).values
            if not isinstance(start, datetime.date) or not isinstance(end, datetime.date):
                raise SourceError(f"{where}: the period {decision.period!r} cannot be read; write it as under `submissions`")
            found.append(Released(source.name, decision.indicator, start, end))
    return found
