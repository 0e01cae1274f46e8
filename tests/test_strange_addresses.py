"""Addresses and bodies that no page of ours sends: left out, refused in the reader's language, and never a fault of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_dashboard_web import body


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def client(data: Path) -> Iterator[FlaskClient]:
    from dashboard.app import server

    with server.test_client() as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/country/KEN", "/victims", "/explore", "/lite", "/download/csv", "/twin/form/victims"])
def test_what_is_no_choice_of_ours_is_left_out(client: FlaskClient, path: str) -> None:
    usual = client.get(path)
    for added in ("utm_source=mail&fbclid=x%27y", "sort=up", "x", "&&", "a%00b=%00"):
        answer = client.get(f"{path}?{added}")
        assert (answer.status_code, len(answer.data)) == (200, len(usual.data)), added


@pytest.mark.parametrize(
    ("address", "accepted", "language", "sentence"),
    [
        ("/victims?sex=x&lang=fr", "", "fr", "n&#39;est pas une valeur que"),
        ("/victims?sex=x&lang=ar", "", "ar", "ليست قيمة يمكن أن تكون"),
        ("/explore?rows=x", "sw, en;q=0.5", "sw", "si thamani ambayo"),
        ("/lite?from=2022&to=2020", "am", "am", "በኋላ ይመጣል"),
        ("/country/QQQ?lang=xx", "", "en", "is no value that"),
        ("/nowhere?lang=fr", "ar", "fr", "Il n&#39;y a rien à cette adresse."),
    ],
)
def test_a_wrong_address_gets_a_page_in_the_readers_language_that_leads_on(
    client: FlaskClient, address: str, accepted: str, language: str, sentence: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accepted})
    assert answer.status_code == (404 if "nowhere" in address else 400)
    assert f'<html lang="{language}"' in answer.text
    assert sentence in answer.text
    for link in re.findall(r'<a href="([^"]+)"', answer.text):
        assert client.get(link).status_code == (400 if "QQQ" in link else 200), link


def test_a_body_that_is_nested_or_full_of_odd_signs_is_refused_and_nothing_fails(client: FlaskClient) -> None:
    usual = json.dumps(body(search="?country=KEN"))
    for sent in (
        b"[" * 16_000,
        b'{"a":' * 3_000,
        b"9" * 16_000,
        b"\xff\xfe",
        b"\x00",
        b"NaN",
        usual.replace("?country=KEN", "\\ud800").encode(),
        usual.replace("?country=KEN", "?country=\\ud800&lang=fr").encode(),
        usual.replace("?country=KEN", "?sex=%00").encode(),
        usual.replace('"outputs"', '"outputs\\u0000"').encode(),
    ):
        answer = client.post("/_dash-update-component", data=sent, content_type="application/json")
        assert answer.status_code in (200, 400), (sent[:40], answer.status_code)


def test_the_page_tells_no_versions(client: FlaskClient) -> None:
    written = re.findall(r'_dash-config" type="application/json">(.*?)</script>', client.get("/").text)
    config = json.loads(written[0])
    assert "url_base_pathname" in config
    assert not [name for name in config if "version" in name and name != "disable_version_check"]


WORDS = st.sampled_from(
    [
        "", "KEN", "ZZZ", "TIP_VIC_DET", "-1", "9" * 400, "1e999", "\x00", "\ud800", "%ff", "../..", "{x}", "'", "<b>", "F", "_T",
        "2020", "\u202e",
    ]
)  # fmt: skip
ADDRESSES = st.sampled_from(
    [
        "/", "/victims", "/country/{}", "/country/{}/brief.pdf", "/explore", "/lite", "/lite/country/{}", "/lite/{}",
        "/twin/{}/{}", "/download/{}", "/map/{}", "/methods/{}", "/api/v1/{}", "/api/v1/editions/{}", "/api/v1/codelists/{}",
        "/assets/{}", "/api/v1/editions/{}/observations", "/_dash-component-suites/{}/{}", "/_dash-layout", "/_dash-dependencies",
        "/_reload-hash", "/_favicon.ico", "/{}", "/ready", "/data.json", "/sitemap.xml", "/feed.atom", "/robots.txt",
        "/_dash-component-suites/dash/{}",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "country", "from", "to", "indicator", "lang", "sex", "age", "form", "citizenship", "kind", "rows", "columns", "view",
        "after", "labels", "wide", "excel", "separator", "notes", "indicators", "format", "limit", "m", "x", "callback",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    address=ADDRESSES,
    parts=st.lists(WORDS, min_size=2, max_size=2),
    pairs=st.lists(st.tuples(NAMES, WORDS), max_size=4),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT"]),
    headers=st.dictionaries(
        st.sampled_from(["Range", "If-Range", "If-None-Match", "Accept-Language", "Accept-Encoding", "If-Modified-Since"]),
        st.sampled_from(["", "bytes=0-", "bytes=-0", "bytes=9-1", "x", '"a"', "*", "br", "fr;q=x", "bytes=" + "9" * 300 + "-"]),
        max_size=2,
    ),
)
def test_no_address_makes_the_server_fail(
    client: FlaskClient, address: str, parts: list[str], pairs: list[tuple[str, str]], method: str, headers: dict[str, str]
) -> None:
    path = address.format(*(quote(part, safe="", errors="replace") for part in parts))
    query = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in pairs)
    answer = client.open(f"{path}?{query}", method=method, headers=headers)
    assert answer.status_code < 500
    answer.close()
