"""A register of some hundreds of invented victims, whose figures a test protects with a secret of its own."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from indicator_rows import House

from etl.cells import write_cells
from etl.draws import drawing_key
from etl.protect import write_protected
from schemas.dimensions import breakdowns

SECRET = b"invented for these tests and nothing else"
BREAKDOWN = ("sex", "age", "citizenship", "counterpart_area", "exploitation", "scope")


class Person(NamedTuple):
    """What a register says of one invented person."""

    sex: str
    age: str
    citizenship: str
    counterpart_area: str
    exploitation: str
    scope: str


def people(number: int, seed: int = 7) -> list[Person]:
    """Make up persons: some groups are large, some values are rare."""
    chance = random.Random(seed)

    def one(values: str, weights: tuple[int, ...]) -> str:
        return chance.choices(values.split(), weights)[0]

    return [
        Person(
            one("F M _U", (60, 38, 2)),
            one("Y0T17 Y_GE18 _U", (40, 55, 5)),
            one("KEN UGA SOM BDI ETH", (60, 25, 8, 4, 3)),
            one("KEN SAU ARE", (70, 22, 8)),
            one("LAB_DOM SEX_PROST BEG OTH", (50, 30, 15, 5)),
            one("DOM XB_REG _U", (60, 35, 5)),
        )
        for _ in range(number)
    ]


def register(folder: Path, persons: list[Person]) -> House:
    """Fill a database with a register of one year, and count it."""
    folder.mkdir(parents=True, exist_ok=True)
    house = House(folder)
    house.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE_SPEC")
    house.put(
        "victim", submission_id="KEN-2021-01", reporting_country="KEN", source_type="POLICE_SPEC", ref_year=2021,
        victim_status="IDENTIFIED", services=None, referred="_U",
    )  # fmt: skip
    house.connection.register("person", pa.Table.from_pylist([person._asdict() for person in persons]))
    house.connection.execute("CREATE TEMP TABLE one AS SELECT * EXCLUDE (victim_id) FROM victim")
    house.connection.execute("DELETE FROM victim")
    house.connection.execute(
        "INSERT INTO victim BY NAME SELECT one.* REPLACE (person.sex AS sex, person.age AS age_group, "
        "person.citizenship AS citizenship, person.counterpart_area AS country_exploitation, "
        "person.exploitation AS exploitation_main, [person.exploitation] AS exploitation_forms, "
        "person.scope AS trafficking_scope, row_number() OVER () AS source_row) FROM one, person"
    )
    house.connection.unregister("person")
    house.count()
    return house


class Cell(NamedTuple):
    """What is shown of one cell, and what only the confidential file knows."""

    where: tuple[str, ...]
    number: float | None
    sign: str | None
    lower: float | None
    upper: float | None
    conf: str
    comment: str | None
    exact: int | None


def shown(house: House, secret: bytes = SECRET, indicator: str = "TIP_VIC_DET") -> dict[tuple[str, ...], Cell]:
    """Protect the figures with a secret and give the cells of one indicator by their breakdown."""
    house.connection.execute("DROP VIEW IF EXISTS figure")
    house.draw(secret)
    write_cells(house.connection)
    write_protected(house.connection, drawing_key(secret))
    return cells(house, indicator)


def cells(house: House, indicator: str) -> dict[tuple[str, ...], Cell]:
    """Give what is shown of the cells of one indicator."""
    names = ", ".join(f"{name}::VARCHAR" for name in BREAKDOWN)
    others = " AND ".join(f"{name} = '_T'" for name in breakdowns() if name not in BREAKDOWN)
    rows = house.connection.execute(
        f"SELECT [{names}], obs_value, value_raw, value_lower, value_upper, conf_status::VARCHAR, obs_comment, n "
        f"FROM shown LEFT JOIN exact USING (observation_id) WHERE indicator = ? AND {others} ORDER BY ALL",
        [indicator],
    ).fetchall()
    return {tuple(row[0]): Cell(tuple(row[0]), *row[1:]) for row in rows}
