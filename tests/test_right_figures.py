"""Figures of the samples that were once wrong, counted by hand from the received files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.editions import current

# Persons convicted of trafficking in persons over all years of the registers of suspects.
CONVICTED = {"DJI": 4, "ETH": 15, "KEN": 39, "SDN": 11, "SOM": 2, "UGA": 24}
# Persons charged with trafficking whose conviction names no offence.
UNKNOWN = {"KEN": 1}
# Persons convicted of smuggling, with those who had been charged with trafficking.
SMUGGLERS = {"DJI": 44, "ETH": 11, "KEN": 6, "SDN": 22, "SOM": 1}
TOTAL = " AND ".join(f"{name} = '_T'" for name in ("sex", "age", "citizenship", "offence", "stage", "ref_subarea"))


@pytest.fixture(scope="module")
def records(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(current(edition).records), read_only=True)
    yield connection
    connection.close()


def over_all_years(records: duckdb.DuckDBPyConnection, indicator: str) -> dict[str, int]:
    rows = records.execute(
        "SELECT ref_area::VARCHAR, sum(obs_value)::INTEGER FROM observation "
        f"WHERE origin = 'COMPUTED' AND indicator = ? AND {TOTAL} GROUP BY 1 HAVING sum(obs_value) > 0",
        [indicator],
    ).fetchall()
    return dict(rows)


def test_a_conviction_counts_for_the_crime_of_conviction(records: duckdb.DuckDBPyConnection) -> None:
    assert over_all_years(records, "TIP_CONV") == CONVICTED
    assert over_all_years(records, "TIP_CONV_UNK") == UNKNOWN
    assert over_all_years(records, "SOM_CONV") == SMUGGLERS


def test_whoever_is_convicted_of_another_crime_is_counted_once(records: duckdb.DuckDBPyConnection) -> None:
    """Of those charged with trafficking, six are convicted of another known crime and one is reclassified before judgment."""
    decided = records.execute(
        "SELECT ref_area::VARCHAR, sum(split_part(obs_comment, ' ', 1)::INTEGER) FROM observation "
        f"WHERE origin = 'COMPUTED' AND indicator = 'TIP_RECL' AND {TOTAL} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert decided == [("DJI", 2), ("ETH", 1), ("KEN", 2), ("SDN", 1), ("SOM", 1), ("UGA", 1)]


def test_a_case_closed_before_charge_is_no_prosecution_and_one_withdrawn_after_charge_is(
    records: duckdb.DuckDBPyConnection,
) -> None:
    ended = records.execute(
        "SELECT reporting_country::VARCHAR, stage_highest::VARCHAR, count(*) FROM suspect "
        "WHERE stage_highest IN ('NFA', 'DISCONTINUED') AND offence IN ('TIP', 'TIP_CHILD') GROUP BY ALL ORDER BY 1"
    ).fetchall()
    assert ended == [
        ("DJI", "NFA", 4), ("ETH", "DISCONTINUED", 4), ("KEN", "DISCONTINUED", 24), ("SDN", "NFA", 4), ("SOM", "NFA", 11),
        ("UGA", "DISCONTINUED", 19),
    ]  # fmt: skip
    prosecuted = over_all_years(records, "TIP_PROSEC")
    charged = records.execute(
        "SELECT reporting_country::VARCHAR, count(*) FROM suspect WHERE offence IN ('TIP', 'TIP_CHILD') AND stage_highest IN "
        "('PROSEC', 'TRIAL', 'CONV1', 'APPEAL', 'CONVF', 'ACQ') GROUP BY 1"
    ).fetchall()
    withdrawn = {"ETH": 4, "KEN": 24, "UGA": 19}
    assert prosecuted == {country: number + withdrawn.get(country, 0) for country, number in charged}
