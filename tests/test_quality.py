"""The measures of quality over a few invented records and problems, worked out by hand."""

from __future__ import annotations

import re
from pathlib import Path

from indicator_rows import House, filled, reported

from schemas.indicators import indicators
from schemas.quality import measures


def test_quality_is_measured_by_source_and_submission(tmp_path: Path) -> None:
    house = filled(House(tmp_path))
    house.put("problem", problem_id=1, source_row=99, field="sex", rule_id="V01")
    house.put("problem", problem_id=2, source_row=2, field=None, rule_id="V13", severity="W")
    house.connection.execute("INSERT INTO ruled_column VALUES ('ken_register', 'victim', 'sex', 'Sex', 'code', ['sex'], 1)")
    for number, (match, rows) in enumerate((("EXACT", 7), ("ALIAS", 2), ("ASK", 3), ("MISSING", 5))):
        house.put("ruling", ruling_id=number + 1, source="ken_register", match=match, count_rows=rows)
    house.receive("KEN-2021-05", "ken_return", "KEN", "2021-01-01", "2021-12-31", "POLICE_SPEC", grain="AGGREGATE")
    reported(house, 1, "TIP_CASE", 10, "CASE")
    reported(house, 2, "TIP_CASE", 6, "CASE", sex="F")
    reported(house, 3, "TIP_CASE", 5, "CASE", sex="M", obs_status="D")
    reported(house, 4, "TIP_CASE", 0, "CASE", age="_U", obs_value=None, obs_status="Q")
    house.put(
        "problem",
        problem_id=3,
        submission_id="KEN-2021-05",
        table="observation",
        source_row=1,
        field=None,
        rule_id="V17",
        severity="W",
        note="sex: the parts make 11, the total says 10",
    )
    reported(
        house,
        5,
        "TIP_VIC_DET",
        14,
        "VICTIM",
        origin="PUBLISHED",
        source="world_report",
        submission_id="INT-2021-01",
        observation_id="INT-2021-01-1",
    )
    house.count()
    assert house.quality("ken_register", "DQ_COMPL", "citizenship") == (90.0, 9, 10)
    assert house.quality("ken_register", "DQ_VALID", "sex") == (90.9091, 10, 11)
    assert house.quality("ken_register", "DQ_MAPPED") == (75.0, 9, 12)
    # one of ten victims has no known citizenship, and of ten values of each dimension there are seven dimensions
    assert house.quality("ken_register", "DQ_UNKNOWN", "citizenship") == (10.0, 1, 10)
    unknown = house.quality("ken_register", "DQ_UNKNOWN")
    assert unknown is not None and unknown[2] == 70
    assert house.quality("ken_register", "DQ_UNITRESP") == (100.0, None, None)
    assert house.quality("ken_register", "DQ_REVISED") == (0.0, None, None)
    # the declaration has a column for sex, one of the seven
    assert house.quality("ken_register", "DQ_RELEV") == (14.2857, None, None)
    assert house.quality("ken_register", "DQ_UNIQ") == (90.0, 9, 10)
    assert house.quality("ken_register", "DQ_TIMELY") == (41.0, None, None)
    assert house.quality("ken_register", "DQ_PUNCT") == (-5.0, None, None)
    assert house.quality("ken_register", "DQ_XCOH", "TIP_VIC_DET 2021 world_report") == (0.5, 7, 14)
    assert house.quality("ken_return", "DQ_COHER") == (0.0, 0, 1)
    assert house.quality("ken_return", "DQ_COMPAR") == (75.0, 3, 4)
    assert house.quality("ken_return", "DQ_SUPPR") == (25.0, 1, 4)


def test_a_measure_and_its_formula_name_the_same_rules() -> None:
    for code in ("DQ_VALID", "DQ_UNIQ", "DQ_COHER"):
        assert tuple(re.findall(r"V\d{2}", indicators()[code].formula)) == measures()[code].rules, code


def test_measures_of_our_own_processing_stand_apart_from_those_of_a_source() -> None:
    assert {code for code, measure in measures().items() if measure.nqaf == "PROCESS"} == {"DQ_MAPPED", "DQ_SUPPR"}


def test_silence_lowers_the_response_and_a_file_sent_again_is_a_revision(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.receive("KEN-2020-01", "ken_register", "KEN", "2020-01-01", "2020-12-31", "POLICE")
    house.receive("KEN-2021-01", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE")
    house.receive("KEN-2021-02", "ken_register", "KEN", "2021-01-01", "2021-12-31", "POLICE", supersedes="KEN-2021-01")
    silence = {"status": "NORESP", "file_name": None, "sha256": None, "bytes": None, "received_at": None}
    house.receive("KEN-2022-01", "ken_register", "KEN", "2022-01-01", "2022-12-31", "POLICE", **silence)
    house.count()
    assert house.quality("ken_register", "DQ_UNITRESP") == (66.6667, None, None)
    assert house.quality("ken_register", "DQ_REVISED") == (33.3333, None, None)
