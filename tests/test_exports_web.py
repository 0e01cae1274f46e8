"""Downloads over HTTP: the same bytes as the command writes, with a name and a type, and faults told before the first byte."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_dashboard_web import body

from dashboard.downloads import read_download
from dashboard.exports import stream
from dashboard.exports.options import Options
from dashboard.filters import FilterError, Filters


@pytest.fixture
def client(edition: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    return server.test_client()


def test_a_download_is_the_file_that_the_command_writes(client: FlaskClient, edition: Path) -> None:
    name = (edition / "editions" / "current").read_text("utf-8").strip()
    answer = client.get("/download/csv?country=KEN&labels=both&lang=fr&indicators=all")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="pembe_{name}_KEN.csv"'
    assert answer.headers["X-Pembe-Edition"] == name
    path = edition / "editions" / name / "public.duckdb"
    filters = Filters(countries=("KEN",), language="fr")
    assert answer.data == b"".join(stream(path, name, "csv", filters, Options(labels="both", indicators=())))


@pytest.mark.parametrize("form", ["jsonl", "parquet", "xlsx"])
def test_every_format_has_an_address(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/download/{form}?country=ETH")
    assert answer.status_code == 200
    assert len(answer.data) > 1000
    assert answer.headers["Content-Disposition"].endswith(f'_TIP_VIC_DET_ETH.{form}"')


@pytest.mark.parametrize("page", ["/explore?country=KEN&lang=ar", "/victims?lang=ar", "/justice?lang=am"])
def test_every_file_that_a_screen_leads_to_is_there_and_its_csv_opens_in_a_spreadsheet(client: FlaskClient, page: str) -> None:
    path, _, query = page.partition("?")
    if path in ("/victims", "/justice"):
        answered = client.post("/_dash-update-component", json=body(path=path, search=f"?{query}")).json
        written = json.dumps(answered, ensure_ascii=False)
    else:
        written = client.get(page).text
    links = {html.unescape(link) for link in re.findall(r'href=\\?"(/download/[^"\\]+)', written)}
    assert links
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        if link.startswith("/download/csv?"):
            assert answer.data.startswith(b"\xef\xbb\xbf"), link


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/download/pdf", 400), ("/download/csv?country=QQQ", 400), ("/download/csv?sex=red", 400),
        ("/download/csv?labels=codes&labels=both", 400), ("/download/csv?excel=maybe", 400), ("/download/csv?wide=nothing", 400),
        ("/download/csv?indicators=some", 400), ("/download/", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_downloaded_is_told_before_the_first_byte(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "Content-Disposition" not in answer.headers


def test_an_address_says_how_the_file_is_written() -> None:
    filters, options = read_download("country=ETH&wide=sex&excel=yes&separator=tab&notes=no&labels=labels&lang=sw")
    assert filters == Filters(countries=("ETH",), language="sw")
    assert options == Options("labels", "sex", None, True, "tab", False)
    with pytest.raises(FilterError, match="too long"):
        read_download("country=ETH&" * 400)
