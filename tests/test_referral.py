"""How long a victim waits for help and through whom she was recognised: counted from exact days, and from nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from indicator_rows import House
from small import DECLARATION, HEADINGS, ROWS
from small import House as Small
from warm import Warm

from etl.match.names import named

IDENTIFIED = datetime.date(2021, 3, 1)
# Days from the identification to the referral; the middle of 3 and 5 is 4.
LAGS = (0, 1, 1, 2, 3, 5, 8, 13, 21, 34)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.receive("KEN-2021-02", "ken_shelter", "KEN", "2021-01-01", "2021-12-31", "NGO")
    return made


def victim(house: House, **changes: object) -> None:
    known = {"submission_id": "KEN-2021-02", "source_type": "NGO", "date_identified": IDENTIFIED, "date_precision": "D"}
    house.put("victim", **{**known, **changes})


def day(lag: int) -> datetime.date:
    return IDENTIFIED + datetime.timedelta(days=lag)


@pytest.mark.parametrize(("field", "indicator"), [("date_referred", "TIP_DAYS_REF"), ("date_service", "TIP_DAYS_SERV")])
def test_the_median_is_of_exact_days_of_detected_victims(house: House, field: str, indicator: str) -> None:
    for lag in LAGS:
        victim(house, **{field: day(lag), f"{field}_precision": "D"})
    # known to the month; before the identification; of a presumed victim; of an identification known to its year
    victim(house, **{field: day(90), f"{field}_precision": "M"})
    victim(house, **{field: day(-5), f"{field}_precision": "D"})
    victim(house, **{field: day(90), f"{field}_precision": "D", "victim_status": "PRESUMED"})
    victim(house, **{field: day(90), f"{field}_precision": "D", "date_precision": "Y"})
    house.count()
    assert house.total("ken_shelter", indicator, "2021") == (4.0, "median of 10 victims of whom both days are known")


def test_nine_victims_give_no_median(house: House) -> None:
    for lag in LAGS[:9]:
        victim(house, date_referred=day(lag), date_referred_precision="D")
    house.count()
    assert house.total("ken_shelter", "TIP_DAYS_REF", "2021") is None


def test_the_share_of_a_channel_is_of_the_victims_of_known_channel(house: House) -> None:
    for channel in ("POLICE", "POLICE", "BORDER", "SELF", "_U", None):
        victim(house, identification_channel=channel)
    house.count()
    of = "4 victims of known channel of identification"
    assert house.total("ken_shelter", "TIP_SH_CHANNEL_POLICE", "2021") == (50.0, f"2 of {of}")
    assert house.total("ken_shelter", "TIP_SH_CHANNEL_BORDER", "2021") == (25.0, f"1 of {of}")
    assert house.total("ken_shelter", "TIP_SH_CHANNEL_NGO", "2021") is None


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


def test_a_victim_is_counted_in_the_year_of_the_identification_and_never_of_the_referral(tmp_path: Path, warm: Warm) -> None:
    made = Small(tmp_path, warm)
    made.declare("ken_station", DECLARATION.replace("  sex: {", "  date_referred: {column: Referred on}\n  sex: {"))
    rows = [f"{row},2022-01-15" for row in ROWS]
    rows[0] = rows[0].replace("2021-02-03", "")  # nothing says when this one was identified
    rows[1] = rows[1].replace("2022-01-15", "April 2021")
    made.receive("ken_station", "\n".join([f"{HEADINGS},Referred on", *rows, ""]))
    ended = made.build()
    assert ended.code == 0, ended.err
    edition = (made.data / "editions" / "current").read_text("utf-8").strip()
    with duckdb.connect(str(made.data / "editions" / edition / "records.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "SELECT source_row, ref_year, date_identified::VARCHAR, date_referred::VARCHAR, date_referred_precision::VARCHAR "
            "FROM victim ORDER BY source_row LIMIT 3"
        ).fetchall()
    assert found == [
        (1, 2021, None, "2022-01-15", "D"),
        (2, 2021, "2021-03-04", "2021-04-01", "M"),
        (3, 2021, "2021-04-05", "2022-01-15", "D"),
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Date of referral", "date_referred"),
        ("Date d'orientation", "date_referred"),
        ("تاريخ الإحالة", "date_referred"),
        ("Tarehe ya rufaa", "date_referred"),
        ("የሪፈራል ቀን", "date_referred"),
        ("Date of first service", "date_service"),
        ("Début de l'assistance", "date_service"),
        ("تاريخ أول خدمة", "date_service"),
        ("How was the victim identified", "identification_channel"),
        ("Mode d'identification", "identification_channel"),
        ("District of recruitment", "area_recruitment"),
        ("Age when trafficked", "age_trafficked"),
        ("Case status", "case_status"),
        ("cas_Status", "case_status"),
        ("vic_AgeWhenTrafficked", "age_trafficked"),
        ("Date registered", "date_identified"),
        ("Referred", "referred"),
    ],
)
def test_a_heading_of_a_new_field_names_that_field_first(heading: str, field: str) -> None:
    assert named(heading, "victim")[0].target == field
