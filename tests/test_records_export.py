"""Case rows for analysts: k look the same, sensitive answers differ, files do not compose, and who did not agree stays."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from math import exp, log
from pathlib import Path

import pandas as pd
import pytest

from etl.editions import current
from etl.errors import SourceError
from etl.records_export import IDENTIFIERS, SENSITIVE, WITHHELD, classes_given, export_records
from etl.records_released import Released, entropy_l, read_released, write_released
from pembe import ROOT

BASE = dict.fromkeys((*IDENTIFIERS, *SENSITIVE, "age_group"), "_U") | {
    "reporting_country": "KEN", "ref_year": "2021", "quarter": "Q1", "victim_status": "IDENTIFIED", "sex": "F", "age": "Y09T17",
    "age_group": "Y0T17", "citizenship": "KEN", "country_exploitation": "KEN", "exploitation": "LAB_DOM",
}  # fmt: skip
Row = tuple[str, ...]


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
    kept = classes_given(given, Released(11), 11)
    assert kept.groupby("step").size().to_dict() == {0: 11, 1: 11, 3: 11}
    assert set(kept.loc[kept["step"] == 0, "exploitation"]) == {"LAB"}
    assert set(kept.loc[kept["step"] == 1, "quarter"]) == {"_U"}
    assert set(kept.loc[kept["step"] == 3, "citizenship"]) == {"FOR"} and set(
        kept.loc[kept["step"] == 3, "country_exploitation"]
    ) == {"HOME"}


def test_the_status_of_a_victim_is_an_identifier_too_and_is_left_out_where_it_would_single_out() -> None:
    kept = classes_given(rows((10, {}), (1, {"victim_status": "PRESUMED"})), Released(11), 11)
    assert len(kept) == 11 and set(kept["victim_status"]) == {"_U"}


def test_the_entropy_of_answers_is_worked_out_as_by_hand() -> None:
    assert entropy_l(["DEBT"] * 11) == 1
    assert round(entropy_l(["DEBT", "THREAT"]), 9) == 2
    # three quarters and a quarter: 4 / 3 ** 0.75
    assert round(entropy_l(["DEBT", "DEBT", "DEBT", "THREAT"]), 4) == 1.7548


def test_sensitive_answers_that_nearly_all_give_are_withheld_from_all_of_them() -> None:
    kept = classes_given(
        rows(
            (10, {"means_control": "DEBT"}),
            (1, {"means_control": "THREAT"}),
            (6, {"sex": "M"}),
            (6, {"sex": "M", "means_control": "DEBT"}),
        ),
        Released(11),
        11,
    )
    assert set(kept.loc[kept["sex"] == "F", "means_control"]) == {WITHHELD}
    assert set(kept.loc[kept["sex"] == "M", "means_control"]) == {"_U", "DEBT"}


def classes(kept: pd.DataFrame) -> dict[Row, Counter[Row]]:
    found: dict[Row, Counter[Row]] = {}
    for line in kept[[*IDENTIFIERS, *SENSITIVE]].itertuples(index=False):
        found.setdefault(tuple(line[: len(IDENTIFIERS)]), Counter())[tuple(line[len(IDENTIFIERS) :])] += 1
    return found


def smallest_group(files: list[pd.DataFrame]) -> int:
    """Give the fewest rows that somebody sets apart who subtracts the classes of any two files from one another."""
    sizes: list[int] = []
    for one, other in combinations(files, 2):
        first, second = classes(one), classes(other)
        for place in first.keys() & second.keys():
            batches = (first[place] - second[place], second[place] - first[place])
            sizes += [batch.total() for batch in batches if batch]
    for kept in files:
        sizes += [held.total() for held in classes(kept).values()]
    return min(sizes)


def register(joined: int, left: int = 0) -> pd.DataFrame:
    """Give an invented register in which persons of every kind join one by one, and some leave."""
    means = ["DEBT", "THREAT", "ISOLATION", "_U"]
    persons = [
        BASE
        | {
            "sex": "FFM"[number % 3],
            "quarter": f"Q{number % 4 + 1}",
            "citizenship": ("KEN", "KEN", "UGA", "SOM", "KEN")[number % 5],
            "exploitation": ("LAB_DOM", "SEX_PROST")[number % 7 // 4],
            "means_control": means[number % 4] + str(number),
            "recruiter_relation": ("FRIEND", "AGENT")[number % 2],
        }
        for number in range(300 + joined)
    ]
    return pd.DataFrame(persons[left:])


def test_files_of_several_editions_and_k_show_no_group_smaller_than_k_together() -> None:
    released = Released(11)
    files = [classes_given(register(joined), released, 11) for joined in (0, 1, 9, 200, 201)]
    files += [classes_given(register(201), released, 25), classes_given(register(201, left=1), released, 11)]
    # who joins alone waits for ten others of her class
    assert len(files[3]) > len(files[0]) and len(files[1]) == len(files[0]) > 200
    assert smallest_group(files) >= 11
    # who left is given no more
    assert "DEBT0" in set(files[0]["means_control"]) and "DEBT0" not in set(files[-1]["means_control"])


def test_with_k_chosen_anew_for_every_file_smaller_groups_would_show() -> None:
    apart = [classes_given(register(joined), Released(k), k) for joined, k in ((0, 11), (1, 11), (0, 5))]
    assert smallest_group(apart) < 5


def test_a_smaller_k_than_before_is_refused_in_one_sentence(tmp_path: Path) -> None:
    released = Released(11)
    first = classes_given(register(0), released, 11)
    path = tmp_path / "given" / "records.json"
    write_released(path, released)
    assert path.stat().st_mode & 0o777 == 0o600
    again = read_released(path, 20)
    assert again == released
    assert classes(classes_given(register(0), again, 11)) == classes(first)
    with pytest.raises(SourceError, match=r"--k 5 is less than 11, .*; say --k 11 or more"):
        read_released(path, 5)
    path.write_text("{", "utf-8")
    with pytest.raises(SourceError, match="cannot be read; restore it"):
        read_released(path, 11)


def by_hand(values: Iterable[str]) -> float:
    counts = Counter(values)
    return exp(-sum(number / counts.total() * log(number / counts.total()) for number in counts.values()))


def test_the_samples_keep_four_rows_of_five_and_nobody_who_did_not_agree(edition: Path, tmp_path: Path) -> None:
    path = tmp_path / "victims.csv"
    command = [sys.executable, "-m", "etl.cli", "records", "export", str(path), "--data", str(edition), "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout.strip().splitlines()[-1])
    written = pd.read_csv(path, dtype=str, keep_default_na=False)
    print({name: report[name] for name in ("kept_share", "k", "l", "l_by_column", "sensitive columns withheld")})
    assert len(written) == report["kept"] and report["kept"] + report["left_out"] == report["rows"]
    assert report["kept_share"] >= 0.8 and report["without_consent"] > 0
    assert set(written["reporting_country"]) == {"KEN", "UGA"}
    # measured again in another way, over every column of the file as it was written
    assert [*written.columns] == [*IDENTIFIERS, *SENSITIVE]
    assert written.groupby(list(IDENTIFIERS)).size().min() == report["k"] >= 11
    for name in SENSITIVE:
        for _, alike in written.loc[written[name] != WITHHELD].groupby(list(IDENTIFIERS)):
            assert by_hand(alike[name]) >= 2 - 1e-9
    with path.open(encoding="utf-8") as lines:
        assert next(csv.reader(lines)) == [*IDENTIFIERS, *SENSITIVE]
    notes = path.with_suffix(".notes.txt").read_text("utf-8")
    assert f"k: {report['k']}" in notes and "by entropy" in notes and "only grows by k rows or more" in notes
    # how many stay in the register is nobody's business who holds the file
    assert "without" not in notes and "left_out" not in notes and "rows: " not in notes


def test_a_country_whose_victims_were_not_asked_gives_totals_only(edition: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nobody is known to have agreed"):
        export_records(current(edition), tmp_path / "none.csv", 11, ("SDN",), tmp_path / "given.json")
    assert not (tmp_path / "none.csv").exists()
