"""The metadata beside a CSV file says how to read it, so that a program that knows only the standard gets every figure."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.exports import stream
from dashboard.exports.options import Options
from dashboard.filters import Filters
from pembe import ROOT
from tests.published import NAME, publish

ALL = Options(indicators=())
CHOICES = [
    (Filters(), ALL),
    (Filters(), Options(indicators=(), notes=False)),
    (Filters(language="fr"), Options(indicators=(), labels="both", excel=True)),
    (Filters(language="ar"), Options(indicators=(), labels="labels", separator="tab")),
    (Filters(), Options(indicators=(), wide="sex")),
]


def described(path: Path, filters: Filters, options: Options) -> tuple[dict[str, Any], str]:
    parts = (b"".join(stream(path, NAME, form, filters, options)) for form in ("csvw", "csv"))
    metadata, content = (part.decode("utf-8-sig") for part in parts)
    return json.loads(metadata), content


@pytest.mark.parametrize(("filters", "options"), CHOICES)
def test_a_reader_that_follows_the_metadata_finds_the_headings_and_all_rows(
    tmp_path: Path, filters: Filters, options: Options
) -> None:
    metadata, content = described(publish(tmp_path), filters, options)
    dialect, columns = metadata["dialect"], metadata["tableSchema"]["columns"]
    body = content.split("\n", dialect["skipRows"])[-1]
    heads, *rows = csv.reader(io.StringIO(body, newline=""), delimiter=dialect["delimiter"])
    assert heads == [column["titles"] for column in columns]
    assert rows and {len(row) for row in rows} == {len(columns)}
    names = [column["name"] for column in columns]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", name)] == []
    for place, column in enumerate(columns):
        assert not column["required"] or all(row[place] for row in rows), column["name"]


def test_the_metadata_gives_types_key_licence_and_citation(tmp_path: Path) -> None:
    metadata, _ = described(publish(tmp_path), Filters(), ALL)
    assert metadata["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert metadata["url"] == f"pembe_{NAME}.csv"
    columns = {column["name"]: column for column in metadata["tableSchema"]["columns"]}
    assert columns["obs_value"]["datatype"] == {"base": "number", "minimum": 0.0}
    assert columns["period_end"]["datatype"] == "date"
    assert columns["invented"]["datatype"] == {"base": "boolean", "format": "true|false"}
    assert columns["age"]["datatype"] == {"base": "string", "format": r"Y\d{1,3}T\d{1,3}|Y_(GE|LT)\d{1,3}|_U|_T"}
    assert metadata["tableSchema"]["primaryKey"] == "observation_id"
    assert metadata["dc:license"] == "CC BY 4.0; terms of the sources: facts; cite the page"
    assert metadata["dc:bibliographicCitation"].startswith("Pembe (2026). ")
    assert metadata["dc:identifier"] == NAME


def test_decimal_commas_of_a_french_spreadsheet_are_declared(tmp_path: Path) -> None:
    metadata, _ = described(publish(tmp_path), Filters(language="fr"), Options(indicators=(), excel=True))
    columns = {column["name"]: column for column in metadata["tableSchema"]["columns"]}
    assert columns["obs_value"]["datatype"]["format"] == {"decimalChar": ",", "groupChar": "."}
    assert metadata["dialect"]["delimiter"] == ";"


def test_the_command_writes_the_metadata_beside_the_file(edition: Path, tmp_path: Path) -> None:
    words = ["export", "csv", "--country", "KEN", "--output", str(tmp_path / "of kenya.csv"), "--data", str(edition)]
    run = subprocess.run([sys.executable, "-m", "dashboard.cli", *words], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert sorted(os.listdir(tmp_path)) == ["of kenya.csv", "of kenya.csv-metadata.json"]
    metadata = json.loads((tmp_path / "of kenya.csv-metadata.json").read_text("utf-8"))
    assert metadata["url"] == "of%20kenya.csv"


@pytest.mark.parametrize(
    ("address", "metadata"),
    [
        ("/download/csv?country=KEN", "csvw?country=KEN"),
        ("/api/v1/observations?country=KEN&format=csv", "observations?country=KEN&format=csvw"),
    ],
)
def test_an_address_of_csv_leads_to_its_metadata_and_back(client: FlaskClient, address: str, metadata: str) -> None:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["Link"] == f'<{metadata}>; rel="describedby"; type="application/csvm+json"'
    beside = client.get(f"{answer.request.path.rpartition('/')[0]}/{metadata}", follow_redirects=True)
    assert beside.headers["Content-Type"] == "application/csvm+json"
    [told] = [json.loads(beside.data)["url"]]
    assert sorted(told.split("?")[1].split("&")) == sorted(address.split("?")[1].split("&"))


@pytest.fixture
def client(edition: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    return server.test_client()
