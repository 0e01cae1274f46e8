"""Hashes of received files stay in the records: whoever guesses the rows of a file must not see that he guessed right."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.exports import FORMATS, stream
from dashboard.exports.options import Options
from dashboard.filters import Filters
from etl.editions import Edition, current
from pembe import ROOT
from schemas.codebook import write_codebook

# As many hexadecimal digits as no text has by chance.
SHORTEST = 12


@pytest.fixture(scope="module")
def built(edition: Path) -> Edition:
    return current(edition)


@pytest.fixture(scope="module")
def hashes(built: Edition) -> list[bytes]:
    with duckdb.connect(str(built.records), read_only=True) as connection:
        rows = connection.execute("SELECT sha256 FROM submission WHERE sha256 IS NOT NULL").fetchall()
    assert len(rows) > 10
    return [bytes.fromhex(row[0]) for row in rows]


def met(content: bytes, hashes: list[bytes]) -> list[str]:
    """Give the hashes that stand in a content: as bytes, as the first hexadecimal digits or in base 64; archives are opened."""
    contents = [content, *(member for member in members(content))]
    lowered = [one.lower() for one in contents]
    return [
        digest.hex()
        for digest in hashes
        if any(digest in one or base64.b64encode(digest)[:16] in one for one in contents)
        or any(digest.hex()[:SHORTEST].encode() in one for one in lowered)
    ]


def members(content: bytes) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                inner = archive.read(name)
                yield inner
                yield from members(inner)


def test_the_search_finds_a_hash_wherever_it_stands(hashes: list[bytes]) -> None:
    first = hashes[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", first.hex())
    for content in (first, b"x" + first.hex().upper().encode(), f"({first.hex()[:16]}…)".encode(), packed.getvalue()):
        assert met(content, hashes) == [first.hex()]


def test_the_public_file_and_the_manifest_hold_no_hash_of_a_received_file(built: Edition, hashes: list[bytes]) -> None:
    assert met(built.public.read_bytes() + (built.folder / "manifest.json").read_bytes(), hashes) == []
    with duckdb.connect(str(built.public), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert "submission" in names and "edition" in names
        for name in names:
            rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            assert met(repr(rows).encode(), hashes) == [], name
        columns = {row[0] for row in connection.execute("SELECT column_name FROM duckdb_columns()").fetchall()}
    assert not columns & {"sha256", "mapping_version", "records_sha256"}


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet"])
def test_no_export_holds_a_hash_of_a_received_file(built: Edition, hashes: list[bytes], form: str) -> None:
    chosen = Filters(countries=("KEN",), first=2021, last=2021)
    content = b"".join(stream(built.public, built.name, form, chosen, Options(indicators=())))
    assert len(content) > 500
    assert met(content, hashes) == []


def test_a_parquet_export_holds_no_hash_of_a_received_file(built: Edition, hashes: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    path.write_bytes(b"".join(stream(built.public, built.name, "parquet", Filters(), Options(indicators=()))))
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT * FROM '{path}'").fetchall()
    assert rows and met(repr(rows).encode(), hashes) == []


def test_no_page_and_no_answer_of_the_server_holds_a_hash_of_a_received_file(
    edition: Path, built: Edition, hashes: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    client = server.test_client()
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    answers = [path.replace("{edition}", built.name) for path in paths]
    answers = [address for address in answers if "{" not in address]
    pages = ["/", "/country/KEN", "/victims", "/methods", "/quality", "/compare", "/smuggling", "/justice", "/routes"]
    for address in (*pages, *answers):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.get_data())
        assert met(answer.get_data() + repr(dict(answer.headers)).encode(), hashes) == [], address
    assert len(answers) >= 8


def test_the_offline_copy_and_the_codebook_hold_no_hash_of_a_received_file(
    edition: Path, hashes: list[bytes], tmp_path: Path
) -> None:
    folders = ["--data", str(edition), "--to", str(tmp_path / "copy")]
    command = [sys.executable, "-m", "etl.cli", "pack", *folders, "--language", "en"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    write_codebook(tmp_path / "codebook")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 30
    for path in files:
        assert met(path.read_bytes(), hashes) == [], path
