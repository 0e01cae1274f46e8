"""Green means green: what makes a source unfit ends a check with exit code 1, and a build goes on without that source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from held_figures import asked, figures, pending
from small import DECLARATION, HEADINGS, House
from warm import Warm

from etl.editions import Edition, current
from etl.inspect import accounts, left_out
from schemas.dimensions import breakdowns

FIRST, SECOND = "ken_station_register", "uga_station_register"
COUNTS = "eth_office_figures"
PUBLISHED = """\
title: Annual figures of an office that does not exist
publisher: Nobody
country: ETH
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
invented: true
already_public: true
note: the annual report of the office, page 3
languages: [eng]
submissions: [{file: figures.csv, period: 2021}]
measures:
  Women: {sex: F, indicator: TIP_VIC_DET}
  Men: {sex: M, indicator: TIP_VIC_DET}
"""
UNREAD = "columns.exploitation_forms: none of the values of the column 'Form' could be read (40 rows); "


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


def register(rows: int, form: str = "Housework", sex: str = "F") -> str:
    """Write a register of so many women, each with a case number of her own."""
    return "\n".join([HEADINGS, *(f"{row},2021-02-03,{sex},17,Kenya,{form},none" for row in range(rows)), ""])


def fill(house: House) -> None:
    house.declare(FIRST)
    house.receive(FIRST, register(40))
    house.declare(SECOND, DECLARATION.replace("country: KEN", "country: UGA", 1))
    house.receive(SECOND, register(40))
    house.declare(COUNTS, PUBLISHED)
    house.receive(COUNTS, "Women,Men\n14,5\n", "figures.csv")


def totals(edition: Edition, name: str) -> list[tuple[object, ...]]:
    totals = " AND ".join(f"{name} = '_T'" for name in breakdowns() if name != "sex")
    query = f"SELECT time_period, obs_value, revision::VARCHAR FROM observation WHERE source = '{name}' "
    return asked(edition.public, f"{query} AND indicator = 'TIP_VIC_DET' AND sex = 'F' AND {totals} ORDER BY ALL")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> House:
    """A house of three sources, of which two can no longer be taken as they are in its second edition."""
    made = House(tmp_path_factory.mktemp("fitness") / "house", warm)
    fill(made)
    ended = made.build()
    assert ended.code == 0, ended.err
    made.receive(FIRST, register(60))
    made.receive(SECOND, register(40, form="Work of an unknown kind"))
    made.receive(COUNTS, "Women,Men\n14,5\n14,5,5,5\n", "figures.csv")
    return made


def test_a_build_goes_on_without_a_source_that_cannot_be_taken_and_keeps_what_was_released_of_it(house: House) -> None:
    before = current(house.data)
    ended = house.build()
    after = current(house.data)
    assert ended.code == 1 and "Traceback" not in ended.err
    faults = [line for line in ended.err.splitlines() if not line.startswith("·")]
    assert len(faults) == 2, faults
    assert UNREAD in faults[1] and f"{COUNTS}.yml: accept_refused: 1 of 3 rows are refused" in faults[0]
    for name in (COUNTS, SECOND):
        assert f"{name} is left out, since it cannot be taken as it is; its last released figures stay, marked" in ended.out
    assert "fewer than ten persons" not in ended.out
    assert after.name != before.name
    # 40 women before, 60 after; 40 stay
    assert totals(before, FIRST)[0][1:] == (40.0, None) and totals(after, FIRST)[0][1:] == (60.0, None)
    for name in (SECOND, COUNTS):
        assert figures(after, name) == figures(before, name) != []
        assert {row[2] for row in totals(after, name)} == {"PENDING"}
    assert pending(after) == [(COUNTS, "2021"), (SECOND, "2021")]
    assert asked(after.public, "SELECT name FROM source ORDER BY name") == [(COUNTS,), (FIRST,), (SECOND,)]
    unknown = "SELECT count(*) FROM observation WHERE submission_id NOT IN (SELECT submission_id FROM submission)"
    assert asked(after.public, unknown) == [(0,)]
    assert [(name, held) for name, _, held in left_out(after)] == [(COUNTS, True), (SECOND, True)]
    # one row of three figures was uneven; of the register all forty rows were refused for the one column
    assert accounts(after) == [
        (COUNTS, 3, 2, 1, 0, "left out"), (FIRST, 60, 60, 0, 0, "published"), (SECOND, 40, 0, 40, 0, "left out"),
    ]  # fmt: skip
    assert "refused" not in (after.folder / "manifest.json").read_text("utf-8")


def test_the_same_build_says_the_same_again_and_a_mended_file_is_taken(house: House) -> None:
    house.build()
    first = current(house.data)
    assert house.build().code == 1 and current(house.data).name == first.name
    house.receive(SECOND, register(55))
    house.receive(COUNTS, "Women,Men\n15,5\n", "figures.csv")
    ended = house.build()
    assert ended.code == 0, ended.err
    after = current(house.data)
    assert totals(after, SECOND)[0][1:] == (55.0, None) and totals(after, COUNTS)[0][1:] == (15.0, None)
    assert pending(after) == [] and left_out(after) == []
    told = json.loads(house.warm.run(*house.words(), "--json").out)
    assert told["rows"][1] == {"source": FIRST, "read": 60, "kept": 60, "refused": 0, "skipped": 0, "standing": "published"}


def test_nothing_is_shown_of_an_unfit_source_of_which_nothing_was_released(tmp_path: Path, warm: Warm) -> None:
    house = House(tmp_path / "house", warm)
    fill(house)
    house.receive(SECOND, register(40, form="Work of an unknown kind"))
    ended = house.build()
    assert ended.code == 1 and UNREAD in ended.err, ended.err
    told = f"{SECOND} is left out, since it cannot be taken as it is; nothing of it was released before or is shown"
    assert told in ended.out and "stay" not in ended.out
    assert figures(current(house.data), SECOND) == [] != figures(current(house.data), FIRST)
    assert pending(current(house.data)) == []


@pytest.mark.parametrize(
    ("change", "content", "told"),
    [
        (
            ("ignore: {Remarks: free text about persons}", "ignore: {Remarks: 'undecided: what is it'}"),
            register(40),
            "ignore: 1 column left to decide: 'Remarks'; give each a field under `columns`, or write under `ignore` why",
        ),
        (
            ("", ""),
            register(40) + "\n".join(f"{row},2031-02-03,F,17,Kenya,Housework,none" for row in range(40, 43)) + "\n",
            "accept_refused: 3 of 43 rows are refused, more than the 5.0% that are accepted; mend what the problems name, or "
            "declare why so many are refused: `accept_refused: {share: 0.07, because: ...}`",
        ),
        (
            ("", ""),
            register(40, sex="§"),
            "columns.sex: none of the values of the column 'Sex' could be read (40 rows); give its words, or another field",
        ),
    ],
)
def test_a_check_ends_with_exit_code_1_and_says_what_makes_a_source_unfit(
    tmp_path: Path, warm: Warm, change: tuple[str, str], content: str, told: str
) -> None:
    house = House(tmp_path / "house", warm)
    path = house.declare(FIRST, DECLARATION.replace(*change))
    house.receive(FIRST, content)
    ended = warm.run("check", str(path), "--raw", str(house.folder / "raw"), "--data", str(house.data))
    assert ended.code == 1 and told in ended.err, ended.err
    assert f"{FIRST}: " in ended.out and "rows read" in ended.out
    assert not (house.data / "editions").exists()


def test_a_larger_share_of_refused_rows_is_accepted_with_its_reason(tmp_path: Path, warm: Warm) -> None:
    house = House(tmp_path / "house", warm)
    accepted = "accept_refused: {share: 0.07, because: three persons of another year stand in the file}\nignore:"
    house.declare(FIRST, DECLARATION.replace("ignore:", accepted))
    house.receive(FIRST, register(40) + "\n".join(f"{row},2031-02-03,F,17,Kenya,Housework,none" for row in range(40, 43)) + "\n")
    assert house.build().code == 0
