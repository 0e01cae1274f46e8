"""Totals inside the files and files sent again: neither is counted, and what does not agree is told without a value."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.editions import current
from etl.pipeline import build
from etl.source import parse_source


@pytest.fixture(scope="module")
def records(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(current(edition).records), read_only=True)
    yield connection
    connection.close()


def totals(records: duckdb.DuckDBPyConnection, source: str, file: str) -> dict[int, tuple[str, str]]:
    """Give severity and note of each total of a file that differs from the rows above it."""
    found = records.execute(
        "SELECT source_row, severity::VARCHAR, note FROM problem JOIN submission USING (submission_id) "
        "WHERE source = ? AND file_name = ? AND rule_id = 'V17' AND problem.note LIKE 'a total differs%'",
        [source, file],
    ).fetchall()
    return {row: (severity, note) for row, severity, note in found}


def test_a_total_that_the_rows_do_not_make_is_a_question(records: duckdb.DuckDBPyConnection) -> None:
    # The rows of one centre make one man more than its total (row 78), and so does the grand total (row 87).
    found = totals(records, "lby_dcim_stock", "LBY_DCIM_2022-12_tripoli.xlsx")
    assert sorted(found) == [78, 87]
    severity, note = found[78]
    assert severity == "W"
    assert "'ذكور' says 22 where the kept rows make 547 or, since the last total, 23" in note


def test_a_total_that_agrees_once_refused_rows_are_added_is_an_information(records: duckdb.DuckDBPyConnection) -> None:
    found = totals(records, "ssd_social_children", "SSD_children_2021.csv")
    assert [(row, severity) for row, (severity, _) in found.items()] == [(98, "I")]
    assert "'Age' says 97 where the kept rows make 96" in found[98][1]


def test_totals_that_agree_are_not_told(records: duckdb.DuckDBPyConnection) -> None:
    # Sub-totals under their parts and their wholes; the sum of a state is printed again under it.
    assert totals(records, "sdn_nccht_summary", "SDN_NCCHT_2015_2022.xls") == {}
    assert totals(records, "lby_dcim_stock", "LBY_DCIM_2022-12_benghazi.xlsx") == {}
    assert totals(records, "uga_police_tip", "UGA_Police_TIP_2022.xlsx") == {}


def test_g14_what_changed_in_a_file_sent_again_is_shown_without_its_values(records: duckdb.DuckDBPyConnection) -> None:
    notes = records.execute(
        "SELECT problem.note FROM problem JOIN submission USING (submission_id) "
        "WHERE file_name = 'KEN_AHTCPU_2021_v2.xlsx' AND rule_id = 'V35' AND severity = 'I'"
    ).fetchall()
    assert len(notes) == 1
    changed = "3 cells changed: row 341 'Age'; row 347 'Nationality'; row 353 'Form of exploitation'"
    assert notes[0][0].endswith(f"whose rows are no longer counted: {changed}")


def test_sd12_sudanese_before_the_south_left_is_asked_about(records: duckdb.DuckDBPyConnection) -> None:
    found = records.execute(
        "SELECT citizenship::VARCHAR, date_identified < DATE '2011-07-09', list_contains(dq_flags, 'V16'), count(*) > 0 "
        "FROM victim JOIN submission USING (submission_id) WHERE file_name = 'السودان_بلاغات_2011.csv' "
        "AND citizenship IN ('SDN', '_U') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert ("_U", True, True, True) in found
    assert not [row for row in found if row[:2] == ("SDN", True)]


TWICE = """
title: Groups at a border post that does not exist
publisher: Nobody
country: KEN
domain: SOM
table: smuggled_group
source_type: POLICE
count_unit: MIGRANT
invented: true
languages: [eng]
file: {format: csv}
submissions:
  - {file: first.csv, period: 2021, received: 2022-01-10}
  - {file: second.csv, period: 2021, received: 2022-02-10, supersedes: first.csv}
columns:
  citizenship: {column: Nationality}
  sex: {column: Sex}
  n_persons: {column: Persons}
constants: {age_group: _U}
"""


def test_rows_put_between_others_do_not_make_the_rest_look_changed(tmp_path: Path) -> None:
    folder = tmp_path / "received" / "ken_nobody_groups"
    folder.mkdir(parents=True)
    rows = [f"Kenya,F,{number}" for number in range(1, 9)]
    (folder / "first.csv").write_text("\n".join(["Nationality,Sex,Persons", *rows, ""]))
    changed = [*rows[:3], "Uganda,M,50", *rows[3:5], "Kenya,M,6", *rows[6:]]
    (folder / "second.csv").write_text("\n".join(["Nationality,Sex,Persons", *changed, ""]))
    source = parse_source(TWICE, "ken_nobody_groups")
    edition = build(tmp_path / "data", [source], [tmp_path / "received"], datetime.date(2026, 1, 31))
    with duckdb.connect(str(edition.records), read_only=True) as records:
        notes = records.execute("SELECT note FROM problem WHERE rule_id = 'V35' AND severity = 'I'").fetchall()
    assert len(notes) == 1
    assert notes[0][0].endswith("1 rows more")
    assert "row 8" not in notes[0][0] and "row 1 " not in notes[0][0]
