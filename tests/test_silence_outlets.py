"""Screens, answers, exports and the copy that opens without a server are made where nothing but the public file is.

So what `test_silence` says of every table of the public file holds for them, and for those that are added, too.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard.exports import FORMATS, write
from dashboard.exports.options import Options
from dashboard.filters import Filters
from etl.editions import current

# What begins with an underscore belongs to Dash.
APART = ("/_",)


@pytest.fixture
def alone(edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the public file of the samples in a data folder in which there is nothing else: no record, manifest or key."""
    made = current(edition)
    folder = tmp_path / "data" / "editions" / made.name
    folder.mkdir(parents=True)
    shutil.copyfile(made.public, folder / "public.duckdb")
    (folder.parent / "current").write_text(made.name, "utf-8")
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path / "data"))
    return folder / "public.duckdb"


def test_every_address_is_answered_from_the_public_file_alone(alone: Path) -> None:
    from dashboard.app import server

    client = server.test_client()
    rules = [rule for rule in server.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    addresses = [rule.rule for rule in rules if not rule.rule.startswith(APART)]
    answered = {address: client.get(address, follow_redirects=True).status_code for address in addresses}
    assert len(answered) >= 15
    assert {address: code for address, code in answered.items() if code != 200} == {}
    assert client.get("/country/KEN/brief.pdf").status_code == 200
    assert [path.name for path in alone.parent.iterdir()] == ["public.duckdb"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_export_is_made_from_the_public_file_alone(alone: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"figures.{FORMATS[kind].ending}"
    write(alone, alone.parent.name, kind, Filters(countries=("KEN",), first=2021, last=2021), Options(), target)
    assert target.stat().st_size > 500


def test_the_copy_without_a_server_is_made_from_the_public_file_alone(alone: Path, tmp_path: Path) -> None:
    from dashboard.pack import pack

    files, size = pack(tmp_path / "copy", ["en"])
    assert files > 10 and size > 100_000
    assert [path.name for path in alone.parent.iterdir()] == ["public.duckdb"]
