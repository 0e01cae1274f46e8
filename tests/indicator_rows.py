"""A database filled by hand with a few invented records of five sources, and what a test may ask of it."""

from __future__ import annotations

import datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
from valid_rows import VALID

from etl.cells import write_cells
from etl.draws import Draws, drawing_key, draws
from etl.indicators import write_observations
from etl.row_texts import KeyTexts
from etl.store import RECORDS, open_new
from schemas.tables import table

# sex, age group, citizenship, scope, form, services, referred, means of control, recruiters
VICTIMS = [
    ("F", "Y0T17", "KEN", "DOM", "LAB_DOM", ["SHELTER"], "Y", ["THR", "DOCS"], ["FAMILY"]),
    ("F", "Y0T17", "KEN", "DOM", "LAB_AGR", ["NONE"], "N", ["THR"], ["FAMILY", "BROKER"]),
    ("M", "Y0T17", "UGA", "XB_REG", "BEG", None, None, None, ["_U"]),
    ("F", "Y_GE18", "UGA", "XB_REG", "SEX_PROST", ["MEDICAL", "_U"], "Y", ["_U"], None),
    ("F", "Y_GE18", "_U", "_U", "_U", ["_U"], "_U", ["DEBT"], []),
    ("M", "Y_GE18", "KEN", "DOM", "LAB_CON", ["LEGAL"], "Y", ["DOCS", "_U"], ["_U", "BROKER"]),
    ("F", "_U", "KEN", "DOM", "SEX_OTH", None, None, [], None),
]
# offence, stage, sex, citizenship, offence of the conviction
SUSPECTS = [
    ("TIP", "REPORTED", "M", "KEN", None),
    ("TIP", "INVESTIG", "M", "KEN", None),
    ("TIP", "FORMAL", "M", "UGA", None),
    ("TIP", "PROSEC", "F", "KEN", None),
    ("TIP", "CONV1", "M", "KEN", "TIP"),
    ("TIP", "CONVF", "F", "KEN", "TIP"),
    ("TIP", "CONV1", "M", "UGA", "SOM"),
    ("TIP", "ACQ", "M", "KEN", None),
    ("TIP", "DISCONTINUED", "F", "_U", None),
    ("TIP", "NFA", "M", "KEN", None),
    ("TIP", "CONV1", "M", "KEN", None),
    ("TIP", "RECL", "M", "KEN", None),
    ("TIP", "LARGE", "M", "KEN", None),
    ("TIP", "_U", "M", "KEN", None),
    ("TIP_CHILD", "TRIAL", "M", "KEN", None),
    ("SOM", "PROSEC", "M", "KEN", None),
    ("SOM", "CONV1", "M", "KEN", "SOM"),
    ("SOM", "CONV1", "F", "KEN", "TIP_CHILD"),
]
NUMBERS = [
    "n_female",
    "n_male",
    "n_sex_unknown",
    "n_child",
    "n_adult",
    "n_age_unknown",
    "n_uasc",
    "n_dead",
    "n_missing",
    "n_survivors",
    "n_smugglers_arrested",
]
NOTHING: dict[str, object] = dict.fromkeys([*NUMBERS, "fee_amount", "fee_currency", "fee_basis", "country_destination", "abuses"])
# type, route, crossing, entry, signs of trafficking, migrants, and what else is known
INCIDENTS: list[tuple[str, str, str, str, str, int, dict[str, object]]] = [
    ("INTERCEPT", "EAST", "SEA_UNOFF", "NODOC", "Y", 20, {"transport_modes": ["BOAT"],
     "country_destination": "YEM", "n_smugglers_arrested": 2,
     "n_female": 5, "n_male": 14, "n_sex_unknown": 1, "n_child": 4, "n_adult": 16, "n_age_unknown": 0, "n_uasc": 2}),
    ("SHIPWRECK", "EAST", "SEA_UNOFF", "_U", "N", 30, {"transport_modes": ["BOAT", "FOOT"], "country_destination": "YEM",
     "n_dead": 5, "n_missing": 10, "n_survivors": 15, "abuses": ["DANGER", "ROBBERY"]}),
    ("REFUSED", "AIR_GCC", "AIR_PORT", "FRAUD_MADE", "_U", 10, {"transport_modes": ["AIR"],
     "country_destination": "SAU", "n_smugglers_arrested": 0, "abuses": ["NONE"]}),
    ("ARREST", "_U", "_U", "_U", "N", 0, {"transport_modes": ["FOOT", "_U"], "doc_fraud_types": ["FRAUD_IMPOST"],
     "n_smugglers_arrested": 3, "abuses": ["_U", "ROBBERY"]}),
]  # fmt: skip
GROUPS = [("ETH", "M", "Y_GE18", 12), ("ETH", "F", "Y0T17", 8), ("SOM", "M", "Y0T17", 5)]


# The dimensions that tell the figures of these records apart.
WHO = ("sex", "age", "citizenship", "counterpart_area", "transit", "exploitation", "offence", "scope")


# All that any of these tests receives.
SUBMISSIONS = [
    *(f"KEN-{year}-0{number}" for year in (2020, 2021, 2022) for number in range(1, 6)),
    *("DJI-2022-01", "DJI-2022-02", "ETH-2023-01", "TUN-2022-01"),
]


class House:
    """A database as a build makes it, filled by hand."""

    def __init__(self, folder: Path) -> None:
        self.connection = open_new(folder / "records.duckdb", SUBMISSIONS, {})
        self.rows = 0

    def count(self) -> None:
        """Count the records as a build does, before anything is protected."""
        self.draw(b"invented")
        write_cells(self.connection)
        write_observations(self.connection)

    def draw(self, secret: bytes) -> None:
        """Draw for every record from all that it says; those that say the same are told apart by their places."""
        drawn_with = drawing_key(secret)
        for name in RECORDS:
            self.connection.execute(f"DROP TABLE IF EXISTS {draws(name)}")
            numbers = Draws(self.connection, name, drawn_with)
            key = table(name).key
            columns = f"submission_id::VARCHAR, source_row, * EXCLUDE ({key}, submission_id, source_row)"
            records = self.connection.execute(f"SELECT {columns} FROM {name} ORDER BY ALL").fetchall()
            for submission, group in groupby(records, key=lambda row: row[0]):
                rows = list(group)
                drawn, _ = KeyTexts(drawn_with, name).numbers(pa.array(["|".join(map(str, row[2:])) for row in rows]))
                numbers.add(submission, np.array([row[1] for row in rows]), drawn)
            numbers.settle(dict)

    def put(self, name: str, **changes: object) -> None:
        """Insert the valid row of a table with some fields changed; the keys of records make themselves."""
        row = VALID[name] | changes
        if name not in ("submission", "observation", "problem", "ruling"):
            row.pop(table(name).key)
            self.rows += 1
            row["source_row"] = self.rows
        columns = ", ".join(f'"{field}"' for field in row)
        self.connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({", ".join("?" * len(row))})', list(row.values()))

    def receive(
        self, submission: str, source: str, country: str, start: str, end: str, body: str, period: str = "CY", **changes: object
    ) -> None:
        """Insert a submission of an invented source."""
        given = {
            "submission_id": submission,
            "source": source,
            "reporting_country": country,
            "source_type": body,
            "period_type": period,
        }
        days = {"period_start": datetime.date.fromisoformat(start), "period_end": datetime.date.fromisoformat(end)}
        self.put("submission", **{**given, **days, **changes})

    def figures(self, source: str, indicator: str, time: str) -> dict[str, float]:
        """Give the computed figures of an indicator by their breakdown, such as `sex=F age=Y0T17`; the total is ``."""
        dimensions = WHO
        names = ", ".join(f"{name}::VARCHAR" for name in dimensions)
        rows = self.connection.execute(
            f"SELECT obs_value, {names} FROM observation "
            "WHERE origin = 'COMPUTED' AND source = ? AND indicator = ? AND time_period = ?",
            [source, indicator, time],
        ).fetchall()
        found = {
            " ".join(f"{name}={value}" for name, value in zip(dimensions, row[1:], strict=True) if value != "_T"): row[0]
            for row in rows
        }
        assert len(found) == len(rows), "two figures stand in one cell"
        return found

    def total(self, source: str, indicator: str, time: str) -> tuple[float, str | None] | None:
        """Give the computed figure for all, with its comment."""
        whole = " AND ".join(f"{name} = '_T'" for name in WHO)
        row = self.connection.execute(
            f"SELECT obs_value, obs_comment FROM observation "
            f"WHERE origin = 'COMPUTED' AND source = ? AND indicator = ? AND time_period = ? AND {whole}",
            [source, indicator, time],
        ).fetchone()
        return row and (row[0], row[1])

    def quality(self, source: str, measure: str, field: str = "_T") -> tuple[float, int, int] | None:
        """Give a measure of quality with its numerator and denominator."""
        return self.connection.execute(
            "SELECT round(value, 4), numerator, denominator FROM quality_measure WHERE source = ? AND measure = ? AND field = ?",
            [source, measure, field],
        ).fetchone()


def filled(empty: House) -> House:
    """Records of Kenya, Djibouti, Ethiopia and Tunisia, all invented."""
    empty.receive(
        "KEN-2021-01",
        "ken_register",
        "KEN",
        "2021-01-01",
        "2021-12-31",
        "POLICE_SPEC",
        rows_raw=11,
        rows_ok=10,
        rows_rejected=1,
        rows_skipped=0,
    )
    for sex, age, citizenship, scope, form, services, referred, control, recruiters in VICTIMS:
        empty.put(
            "victim",
            sex=sex,
            age_group=age,
            citizenship=citizenship,
            trafficking_scope=scope,
            exploitation_main=form,
            services=services,
            referred=referred,
            means_control=control,
            recruiter_relation=recruiters,
        )
    empty.put("victim", victim_status="PRESUMED")
    empty.put("victim", victim_status="INTERCEPTED")
    empty.put("victim", ref_year=2020)
    empty.receive("KEN-2021-02", "ken_court", "KEN", "2021-01-01", "2021-12-31", "COURT")
    for offence, stage, sex, citizenship, convicted in SUSPECTS:
        empty.put(
            "suspect", submission_id="KEN-2021-02", source_type="COURT", offence=offence, stage_highest=stage, sex=sex,
            citizenship=citizenship, offence_convicted=convicted, date_charged=None, date_verdict1=None,
        )  # fmt: skip
    empty.receive("DJI-2022-01", "dji_coast", "DJI", "2022-01-01", "2022-12-31", "COASTG")
    of_djibouti = {"reporting_country": "DJI", "source_type": "COASTG", "ref_year": 2022}
    for kind, route, crossing, entry, signs, migrants, more in INCIDENTS:
        said = {
            "incident_type": kind,
            "route": route,
            "crossing_type": crossing,
            "entry_mode": entry,
            "tip_indicators": signs,
            "n_migrants": migrants,
        }
        empty.put("smuggling_incident", **{"submission_id": "DJI-2022-01", **of_djibouti, **NOTHING, **said, **more})
    empty.receive("DJI-2022-02", "dji_groups", "DJI", "2022-01-01", "2022-12-31", "COASTG")
    for citizenship, sex, age, persons in GROUPS:
        empty.put(
            "smuggled_group",
            **{
                "submission_id": "DJI-2022-02",
                **of_djibouti,
                "citizenship": citizenship,
                "sex": sex,
                "age_group": age,
                "n_persons": persons,
            },
        )
    empty.receive("TUN-2022-01", "tun_groups", "TUN", "2022-01-01", "2022-12-31", "POLICE")
    empty.put(
        "smuggled_group", submission_id="TUN-2022-01", reporting_country="TUN", source_type="POLICE", ref_year=2022, n_persons=7
    )
    empty.receive("ETH-2023-01", "eth_register", "ETH", "2022-07-08", "2023-07-07", "PROSEC", period="EFY")
    for year in (2022, 2023):
        empty.put("victim", submission_id="ETH-2023-01", reporting_country="ETH", source_type="PROSEC", ref_year=year)
    return empty


def reported(house: House, number: int, indicator: str, value: float, unit: str, **changes: object) -> None:
    """Insert a figure that a country sent."""
    key = {
        "observation_id": f"KEN-2021-05-{number}",
        "submission_id": "KEN-2021-05",
        "source": "ken_return",
        "offence": "_T",
        "source_row": number,
    }
    house.put("observation", **{**key, "indicator": indicator, "obs_value": value, "count_unit": unit, **changes})
