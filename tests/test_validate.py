"""What pandera says of the telling values of a table is what it says of the whole table."""

from __future__ import annotations

import datetime

import pytest
from pandera.errors import SchemaErrors
from valid_rows import database, insert

from etl.validate import contract_faults
from schemas.contracts import contract
from schemas.tables import rows_query

DAY = datetime.date
BROKEN: dict[str, tuple[str, dict[str, object]]] = {
    "an age above the range": ("victim", {"age_years": 300}),
    "ages that contradict the group": ("victim", {"age_min": 30, "age_max": 40, "age_years": None, "age_group": "Y0T17"}),
    "a currency of another form": ("suspect", {"fine_amount": 10.0, "fine_currency": "shillings"}),
    "a negative number": ("suspect", {"n_victims": -1}),
    "the same record twice": ("suspect", {"source_row": 1, "suspect_id": "KEN-2021-01-1"}),
    "a judgment before the arrest and no charge": ("suspect", {"date_charged": None, "date_verdict1": DAY(2020, 4, 30)}),
    "a charge before the arrest": ("suspect", {"date_formal": DAY(2021, 5, 1), "date_charged": DAY(2021, 4, 1)}),
}


def whole_verdict(connection: object, name: str) -> bool:
    """Say whether pandera accepts every row of the table at once."""
    rows = connection.execute(rows_query(name)).df()  # type: ignore[attr-defined]
    try:
        contract(name).validate(rows, lazy=True)
    except SchemaErrors:
        return False
    return True


@pytest.mark.parametrize("case", BROKEN)
def test_telling_values_are_refused_where_the_whole_frame_is(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.validate.FEW", 0)
    name, changes = BROKEN[case]
    connection = database()
    insert(connection, name)
    assert contract_faults(connection, name) == []
    assert whole_verdict(connection, name)
    insert(connection, name, **{f"{name}_id": "KEN-2021-01-2", "source_row": 2, **changes})
    assert contract_faults(connection, name) != []
    assert not whole_verdict(connection, name)
    monkeypatch.undo()
    assert contract_faults(connection, name) != []
