"""Case rows for analysts: k look the same, sensitive answers differ, and who did not agree stays where she is."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pycanon.anonymity import k_anonymity, l_diversity

from etl.editions import current
from etl.records_export import IDENTIFIERS, SENSITIVE, WITHHELD, coarsened, diverse, export_records
from pembe import ROOT

BASE = dict.fromkeys((*IDENTIFIERS, *SENSITIVE, "age_group"), "_U") | {
    "reporting_country": "KEN", "ref_year": "2021", "quarter": "Q1", "sex": "F", "age": "Y09T17", "age_group": "Y0T17",
    "citizenship": "KEN", "country_exploitation": "KEN", "exploitation": "LAB_DOM",
}  # fmt: skip


def rows(*groups: tuple[int, dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame([BASE | changes for number, changes in groups for _ in range(number)])


def test_rows_are_coarsened_no_further_than_they_must_be() -> None:
    adult = {"age": "Y_GE18", "age_group": "Y_GE18"}
    given = rows(
        (11, {}),
        (6, {"quarter": "Q2", "sex": "M"}),
        (5, {"quarter": "Q3", "sex": "M"}),
        (7, {"citizenship": "UGA", **adult}),
        (4, {"citizenship": "SOM", **adult}),
        (3, {"citizenship": "ETH", "age": "_U", "age_group": "_U"}),
    )
    kept = coarsened(given, 11)
    assert kept.groupby("step").size().to_dict() == {0: 11, 1: 11, 3: 11}
    assert set(kept.loc[kept["step"] == 0, "exploitation"]) == {"LAB"}
    assert set(kept.loc[kept["step"] == 1, "quarter"]) == {"_U"}
    assert set(kept.loc[kept["step"] == 3, "citizenship"]) == {"FOR"} and set(
        kept.loc[kept["step"] == 3, "country_exploitation"]
    ) == {"HOME"}


def test_a_sensitive_answer_that_all_give_is_withheld_from_all_of_them() -> None:
    kept, withheld = diverse(
        rows(
            (6, {"means_control": "DEBT"}),
            (5, {"means_control": "DEBT"}),
            (11, {"sex": "M"}),
            (2, {"sex": "M", "means_control": "DEBT"}),
        )
    )
    assert dict(withheld)["means_control"] == 11
    assert set(kept.loc[kept["sex"] == "F", "means_control"]) == {WITHHELD}
    assert set(kept.loc[kept["sex"] == "M", "means_control"]) == {"_U", "DEBT"}


def test_the_samples_keep_four_rows_of_five_and_nobody_who_did_not_agree(edition: Path, tmp_path: Path) -> None:
    path = tmp_path / "victims.csv"
    command = [sys.executable, "-m", "etl.cli", "records", "export", str(path), "--data", str(edition), "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.strip().splitlines()[-1])
    written = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(written) == told["kept"] and told["kept"] + told["left_out"] == told["rows"]
    assert told["kept_share"] >= 0.8 and told["without_consent"] > 0
    assert set(written["reporting_country"]) == {"KEN", "UGA"}
    # measured again by the reference package, on the file as it was written
    assert k_anonymity(written, list(IDENTIFIERS)) == told["k"] >= 11
    for name in SENSITIVE:
        given = written.loc[written[name] != WITHHELD].reset_index(drop=True)
        assert given.empty or l_diversity(given, list(IDENTIFIERS), [name]) >= 2
    with path.open(encoding="utf-8") as lines:
        assert next(csv.reader(lines)) == [*IDENTIFIERS, "victim_status", *SENSITIVE]
    assert f"k: {told['k']}" in path.with_suffix(".notes.txt").read_text("utf-8")


def test_a_country_whose_victims_were_not_asked_gives_totals_only(edition: Path, tmp_path: Path) -> None:
    from etl.errors import SourceError

    with pytest.raises(SourceError, match="nobody is known to have agreed"):
        export_records(current(edition), tmp_path / "none.csv", 11, ("SDN",))
    assert not (tmp_path / "none.csv").exists()
