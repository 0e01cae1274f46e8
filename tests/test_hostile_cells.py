"""Cells that are long or odd, and addresses that would run a script: refused in one sentence, or read as what they are."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from small import DECLARATION

from dashboard.markup import outward
from etl.cell_limit import LONGEST
from etl.draft.command import write_draft
from etl.errors import SourceError
from etl.read_csv import read_csv
from etl.read_json import read_json
from etl.source import FileForm, parse_source

TODAY = date(2026, 1, 31)


@pytest.mark.parametrize("keys", [frozenset(), frozenset({"Date"})])
def test_a_cell_that_is_too_long_is_told_by_its_record_and_column(tmp_path: Path, keys: frozenset[str]) -> None:
    path = tmp_path / "register.csv"
    path.write_text("Case,Date\n1,a\n2,b\n3," + "é" * (LONGEST + 1) + "\n")
    with pytest.raises(SourceError) as met:
        list(read_csv(path, FileForm(), None, keys).batches)
    assert str(met.value).startswith("register.csv: record 3: the cell under 'Date' has 100,001 characters and may have 100,000;")
    assert "éé" not in str(met.value)
    # Two bytes a letter are one character all the same, and a column that nobody wants is not looked at.
    path.write_text("Case,Date\n1,a\n2," + "é" * LONGEST + "\n")
    assert sum(batch.num_rows for batch in read_csv(path, FileForm(), None, keys).batches) == 2
    path.write_text("Case,Date\n1,a\n2," + "é" * (LONGEST + 1) + "\n")
    assert sum(batch.num_rows for batch in read_csv(path, FileForm(), ("Case",), frozenset()).batches) == 2


def test_a_long_cell_of_json_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    path.write_text(json.dumps([{"Case": "1", "Date": "a"}, {"Case": "x" * (LONGEST + 1), "Date": "b"}]))
    with pytest.raises(SourceError, match=r"register\.json: record 2: the cell under 'Case' has 100,001 characters"):
        list(read_json(path, FileForm(format="json"), None, frozenset()).batches)


@pytest.mark.parametrize(
    "hostile", ["9" * 400, " " * 20_000 + "x", "1.11111" + " " * 20_000 + "!", "-" + "1" * 5_000 + ".5", "1e999"], ids=range(5)
)
def test_a_draft_is_written_of_a_file_with_hostile_cells(tmp_path: Path, hostile: str) -> None:
    path = tmp_path / "register.csv"
    rows = [f"C{number},2021-01-{number % 28 + 1:02},{number % 40},F" for number in range(40)]
    rows += [f"D{number},{hostile},{hostile},{hostile}" for number in range(7)]
    path.write_text("\n".join(["Case,Date,Age,Sex", *rows, ""]))
    write_draft(path, "KEN", None, None, tmp_path / "drafts", "ken_office_register", "en", 5, False, TODAY)
    assert (tmp_path / "drafts").is_dir()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/x", "//example.org", "example.org", "https://", "http://[x"]
)
def test_only_an_address_of_the_web_is_a_link(address: str) -> None:
    with pytest.raises(SourceError) as met:
        parse_source(f"{DECLARATION}url: {json.dumps(address)}\n", "ken_test_register")
    assert "ken_test_register.yml line 22: url: " in str(met.value)
    assert "is no address of the web; write it as https://example.org/page, or remove it" in str(met.value)
    assert "href" not in outward(address)


def test_an_address_of_the_web_is_taken_and_led_to() -> None:
    source = parse_source(f"{DECLARATION}url: https://example.org/page?a=1\n", "ken_test_register")
    assert source.url == "https://example.org/page?a=1"
    assert 'href="https://example.org/page?a=1"' in outward("https://example.org/page?a=1")
