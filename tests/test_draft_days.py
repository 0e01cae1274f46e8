"""The order and calendar of days are proven by a value, given by what is known beside them, or asked; never guessed."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from etl.draft.proof import ASK, CONFLICT, GIVEN, PROVEN, Context, Proof, prove
from etl.draft.proofs_told import calendar_told, order_told
from etl.readings.dates import date
from etl.readings.how import How
from tests.day_traps import TODAY, Trap, traps


def proof_of(trap: Trap) -> Proof:
    return prove(trap.header, dict.fromkeys(trap.written, 1), Context(TODAY, trap.country, epoch=trap.epoch))


def misread(trap: Trap, proof: Proof) -> list[str]:
    """Give the values that the pipeline would read as another day, with what the draft would have written."""
    how = How(
        today=TODAY,
        calendar=proof.calendar or "GREG",
        date_order=proof.order if proof.order_state == PROVEN else None,
        excel_epoch=proof.epoch,
    )
    read = {value: date(value, how).values[0] for value in trap.written}
    return [value for value, day in read.items() if day is not None and day != trap.written[value]]


def test_of_five_hundred_traps_none_is_read_wrongly_in_silence() -> None:
    found = list(traps())
    assert len(found) >= 500
    proofs = [(trap, proof_of(trap)) for trap in found]
    silent = [(trap.kind, misread(trap, proof)[:2]) for trap, proof in proofs if not proof.asked and misread(trap, proof)]
    assert silent == []


def test_what_nothing_proves_is_asked() -> None:
    guessed = Counter(trap.kind for trap in traps() if trap.must_ask and not proof_of(trap).asked)
    assert guessed == {}


def test_what_a_value_proves_is_not_asked() -> None:
    asked = Counter(trap.kind for trap in traps() if not trap.must_ask and proof_of(trap).asked)
    assert set(asked) <= {"two digits"}, asked  # years 01 to 12 may leave several orders open
    assert asked["two digits"] <= 18


@pytest.mark.parametrize(
    ("values", "country", "order", "state", "calendar", "calendar_state"),
    [
        (["03/04/2021", "25/06/2021"], "KEN", "dmy", PROVEN, "GREG", GIVEN),
        (["03/04/2021", "06/25/2021"], "KEN", "mdy", PROVEN, "GREG", GIVEN),
        (["03/04/2021", "05/06/2021"], "KEN", None, ASK, "GREG", GIVEN),
        (["25/03/2021", "03/25/2021"], "KEN", None, CONFLICT, "GREG", GIVEN),
        (["30/02/2014", "3/13/2014", "17/02/2014"], "ETH", "dmy", PROVEN, "ETH", PROVEN),
        (["31/12/2014", "31/05/2014"], "ETH", "dmy", PROVEN, "GREG", PROVEN),
        (["31/12/2014", "01/05/2014"], "ETH", "dmy", PROVEN, None, ASK),
        (["12/05/1443", "25/05/1443"], "SDN", "dmy", PROVEN, "HIJ", PROVEN),
        (["2021/25/03", "2021/03/04"], "KEN", None, CONFLICT, "GREG", GIVEN),
    ],
)
def test_the_order_and_calendar_of_a_few_days(
    values: list[str], country: str, order: str | None, state: str, calendar: str | None, calendar_state: str
) -> None:
    proof = prove("Date", dict.fromkeys(values, 1), Context(TODAY, country))
    assert (proof.order, proof.order_state, proof.calendar, proof.calendar_state) == (order, state, calendar, calendar_state)


def test_a_heading_may_tell_the_calendar() -> None:
    proof = prove("ቀን (ዓ.ም)", {"11/11/2014": 3, "14/2/2015": 2}, Context(TODAY, "ETH", ethiopic=True))
    assert (proof.calendar, proof.calendar_state, proof.order) == ("ETH", GIVEN, "dmy")


def test_a_day_number_is_proven_where_the_other_beginning_lies_in_the_future() -> None:
    late = str((datetime.date(2025, 6, 1) - datetime.date(1899, 12, 30)).days)
    proof = prove("Date", {late: 1, "25/06/2021": 4}, Context(TODAY, "KEN"))
    assert (proof.epoch, proof.epoch_state) == (1900, PROVEN)
    early = prove("Date", {"42000": 1, "25/06/2021": 4}, Context(TODAY, "KEN"))
    assert (early.epoch, early.epoch_state, early.asked) == (None, ASK, True)


def test_a_day_that_one_row_holds_is_told_without_its_other_numbers() -> None:
    values = {"25/06/2021": 1, "03/04/2021": 9}
    proof = prove("Date", values, Context(TODAY, "KEN"))
    assert order_told(proof, values, 5, "en") == "order of dates dmy: proven by 25/··/····"
    assert order_told(proof, values | {"25/06/2021": 5}, 5, "en").endswith("proven by 25/06/2021")
    assert "KEN" not in calendar_told(proof, values, 5, TODAY, "fr")
