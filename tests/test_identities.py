"""What indicators tell of each other: which counts records of another, and what is hidden against subtraction."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyarrow as pa
import pytest
from indicator_rows import House

from etl.conditions import Broken, Conditions, Figure, conditions
from etl.draws import drawing_key
from etl.protect import write_protected

INVEST, PROSEC, CONV = (Figure(name, None, "part") for name in ("TIP_INVEST", "TIP_PROSEC", "TIP_CONV"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def among(known: Conditions, part: Figure, whole: Figure) -> bool:
    return known.figures[part] in known.within[known.figures[whole]]


def test_who_is_prosecuted_is_among_those_in_formal_contact(house: House) -> None:
    known = conditions(house.connection, "suspect")
    assert among(known, PROSEC, INVEST) and not among(known, INVEST, PROSEC)
    # who is convicted of trafficking may have been suspected of something else
    assert not among(known, CONV, PROSEC)
    assert among(known, Figure("TIP_CONV_RATE", None, "part"), CONV)
    assert (known.figures[PROSEC], known.figures[Figure("SOM_PROSEC", None, "part")]) in known.apart
    # of another text, and the same persons
    assert known.figures[Figure("TIP_ATTRITION_FORMAL", None, "whole")] == known.figures[Figure("TIP_RECL", None, "whole")]


def test_shares_that_leave_out_nobody_make_what_they_are_of(house: House) -> None:
    known = conditions(house.connection, "victim")
    of = known.figures[Figure("TIP_SH_GIRL", None, "below")]
    four = sorted(known.figures[Figure(f"TIP_SH_{name}", None, "part")] for name in ("GIRL", "BOY", "WOMAN", "MAN"))
    assert (of, tuple(four)) in known.families()
    for one, other in itertools.combinations(four, 2):
        assert (one, other) in known.apart


def test_cells_of_a_total_make_what_another_indicator_counts(house: House) -> None:
    known = conditions(house.connection, "suspect")
    prosecuted = {("PROSEC",), ("TRIAL",), ("CONV1",), ("APPEAL",), ("CONVF",), ("ACQ",), ("DISCONTINUED",)}
    [found] = [item for item in known.broken if (item.number, item.of) == (known.figures[PROSEC], known.figures[INVEST])]
    assert found == Broken(known.figures[PROSEC], known.figures[INVEST], ("stage",), frozenset(prosecuted), True)
    known = conditions(house.connection, "victim")
    of, victims = Figure("TIP_SH_NAT", None, "below"), Figure("TIP_VIC_DET", None, "part")
    assert Broken(known.figures[of], known.figures[victims], ("citizenship",), frozenset({("_U",)}), False) in known.broken


def suspects(folder: Path, investigated: int, prosecuted: int) -> House:
    """Count invented suspects, who differ in nothing but how far they came."""
    folder.mkdir()
    house = House(folder)
    house.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE_SPEC")
    house.put("suspect", submission_id="KEN-2021-01", reporting_country="KEN", source_type="POLICE_SPEC", ref_year=2021,
              offence="TIP", offence_convicted=None, sex="M", age_group="Y_GE18", citizenship="KEN")  # fmt: skip
    stages = ["PROSEC"] * prosecuted + ["FORMAL"] * (investigated - prosecuted)
    house.connection.register("stage", pa.table({"stage": stages}))
    house.connection.execute("CREATE TEMP TABLE one AS SELECT * EXCLUDE (suspect_id) FROM suspect")
    house.connection.execute("DELETE FROM suspect")
    house.connection.execute(
        "INSERT INTO suspect BY NAME SELECT one.* REPLACE (stage.stage AS stage_highest, row_number() OVER () AS source_row) "
        "FROM one, stage"
    )
    house.connection.unregister("stage")
    house.count()
    return house


@pytest.mark.parametrize(
    ("investigated", "prosecuted", "both"),
    [
        (41, 40, False),  # within one of both, one who was not prosecuted could be nought to three
        (41, 36, True),  # five could be three to seven
    ],
)
def test_who_was_not_prosecuted_is_not_found_by_subtraction(
    tmp_path: Path, investigated: int, prosecuted: int, both: bool
) -> None:
    house = suspects(tmp_path / "house", investigated, prosecuted)
    write_protected(house.connection, drawing_key(b"invented"))
    rows = house.connection.execute(
        "SELECT indicator, obs_value, n FROM shown JOIN exact USING (observation_id) WHERE indicator IN "
        "('TIP_INVEST', 'TIP_PROSEC') AND (sex, age, citizenship, offence, stage) = ('_T', '_T', '_T', '_T', '_T') ORDER BY 1"
    ).fetchall()
    assert [(name, exact) for name, _, exact in rows] == [("TIP_INVEST", investigated), ("TIP_PROSEC", prosecuted)]
    numbers = [number for _, number, _ in rows]
    assert (None not in numbers) == both
    # forty-one and thirty-six would say five: neither is shown as it is, unless the other is not shown at all
    exact = [number for number in numbers if number is not None and number % 5]
    assert len(exact) <= (0 if both else 1)
