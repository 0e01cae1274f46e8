"""A file of several portions and chunks: every row keeps its own values, wherever in the file its words are first met."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from small import DECLARATION, HEADINGS, House
from warm import Warm

from etl.errors import SourceError
from etl.read_csv import read_csv
from etl.source import FileForm

NAME, FORM = "ken_test_large", FileForm(format="csv")
ROWS = 260_000
TOTAL, CORRECTED, LATE = 250_001, 250_002, 255_000
# Both sides of where a portion, a group of rows, the first chunk and the first chunk with little memory end; and the end.
UNKNOWN = [1, 61_440, 61_441, 122_880, 122_881, 245_759, 245_760, 245_761, 245_762, 259_999, ROWS]
MORE = f"""\
skip_rows: {{total: {{column: Case, words: [Total]}}}}
corrections:
  - {{file: register.csv, row: {CORRECTED}, column: Age, was: "7", becomes: "71", by: nobody, decided: 2022-01-11,
     expires: 2027-01-01, why: invented}}
"""
COUNTRIES = {"Kenya": "KEN", "Uganda": "UGA", "Somalia": "SOM"}


def line(row: int) -> list[str]:
    """Write one invented row, in the order of the headings."""
    case = "Total" if row == TOTAL else str(row)
    sex = f"word {row}" if row in UNKNOWN else "FM"[row % 2]
    age = "7" if row == CORRECTED else str(row % 50 + 20)
    country = "Rwanda" if row == LATE else list(COUNTRIES)[row % 3]
    day = f"2021-{row % 12 + 1:02d}-{row % 28 + 1:02d}"
    return [case, day, sex, age, country, ("Housework", "Begging")[row % 5 == 0], "none"]


def kept(row: int) -> tuple[object, ...]:
    """Give what a row that is kept must say: its number, sex, age, citizenship, day and form of exploitation."""
    age = 71 if row == CORRECTED else row % 50 + 20
    country = "RWA" if row == LATE else list(COUNTRIES.values())[row % 3]
    day = f"2021-{row % 12 + 1:02d}-{row % 28 + 1:02d}"
    return (row, "FM"[row % 2], age, country, day, ("LAB_DOM", "BEG")[row % 5 == 0])


@pytest.mark.parametrize("memory", [None, "300MB"])
def test_every_row_of_a_large_file_says_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str | None) -> None:
    if memory is not None:
        monkeypatch.setenv("PEMBE_MEMORY", memory)
    house = House(tmp_path, Warm(tmp_path))
    house.declare(NAME, DECLARATION + MORE)
    house.receive(NAME, "\n".join([HEADINGS, *(",".join(line(row)) for row in range(1, ROWS + 1)), ""]))
    built = house.build()
    house.warm.close()
    assert built.code == 0, built.err
    expected = [kept(row) for row in range(1, ROWS + 1) if row != TOTAL and row not in UNKNOWN]
    (path,) = house.data.glob("editions/*/records.duckdb")
    with duckdb.connect(str(path), read_only=True) as records:
        found = records.execute(
            "SELECT source_row, sex::VARCHAR, age_years, citizenship::VARCHAR, date_identified::VARCHAR, "
            "exploitation_main::VARCHAR FROM victim ORDER BY source_row"
        ).fetchall()
        assert len(found) == len(expected)
        assert [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]] == []
        assert records.execute("SELECT rows_raw, rows_ok, rows_rejected, rows_skipped FROM submission").fetchall() == [
            (ROWS, len(expected), len(UNKNOWN), 1)
        ]
        refused = "SELECT source_row, raw_value FROM problem WHERE rule_id = 'V01' ORDER BY source_row"
        assert records.execute(refused).fetchall() == [(row, f"word {row}") for row in UNKNOWN]
        words = records.execute(
            "SELECT source_row, raw_value FROM victim_lineage JOIN ruled_column ON key = 'citizenship' "
            "JOIN ruling ON ruling_id = first_ruling + r_citizenship ORDER BY source_row"
        ).fetchall()
    assert words == [(row, line(row)[4]) for row in range(1, ROWS + 1) if row != TOTAL]


def test_in_a_file_too_large_to_look_at_every_mark_a_cell_that_holds_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.read_csv.MOST_STRICT", 0)
    path = tmp_path / "r.csv"
    path.write_text('Case,Sex,Age\n1,"F\nor M",17\n2,M,18\n', "utf-8")
    words = [batch.column("Sex").to_pylist() for batch in read_csv(path, FORM, ["Sex"], frozenset()).batches]
    assert words == [["F\nor M", "M"]]
    path.write_text('Case,Sex,Age\n1,F,17\n2,"M,18\n3,F,19\n4,M",20\n', "utf-8")
    with pytest.raises(SourceError, match="a cell holds whole rows; look for a quotation mark that is never closed"):
        list(read_csv(path, FORM, ["Sex"], frozenset()).batches)
