"""The interface for programs: what it gives in each format, page by page, how long it may be kept, and what it refuses."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import duckdb
import openpyxl
import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from dashboard.api.declared import CITATIONS
from dashboard.api.limits import Limits
from dashboard.api.shelf import _opened

NAME = "four-things"
HOME = f"/api/v1/editions/{NAME}"
NUMBER, ZERO, SUPPRESSED = "INT-2023-8959-1", "INT-2023-8959-5", "EGY-2022-1130-58-1"
NOT_REPORTED, NOT_APPLICABLE = "DJI-2022-4979-r1", "DJI-2022-4979-r2"
# What the files say of each: value, status, as written. A law without the offence is what the samples do not have.
SAID = {
    NUMBER: (853.0, "A", "853"),
    ZERO: (0.0, "A", "0"),
    SUPPRESSED: (None, "Q", "<5"),
    NOT_REPORTED: (None, "O", None),
    NOT_APPLICABLE: (None, "M", None),
}


@pytest.fixture(scope="module")
def data(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public file and nothing else, in which one figure is not applicable."""
    folder = tmp_path_factory.mktemp("public")
    (folder / "editions" / NAME).mkdir(parents=True)
    built = (edition / "editions" / "current").read_text("utf-8").strip()
    file = folder / "editions" / NAME / "public.duckdb"
    shutil.copy(edition / "editions" / built / "public.duckdb", file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE observation SET obs_status = 'M' WHERE observation_id = ?", [NOT_APPLICABLE])
    (folder / "editions" / "current").write_text(NAME, "utf-8")
    return folder


@pytest.fixture
def server(data: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("PEMBE_DATA", str(data))
    from dashboard.app import server

    monkeypatch.setitem(server.extensions, "pembe-limits", Limits(rate=0))
    return server


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        yield client


@pytest.fixture
def address(server: Flask) -> Iterator[str]:
    """The same server on a port of this machine, for readers that only know an address."""
    listening = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/api/v1"
    listening.shutdown()
    thread.join()
    listening.server_close()


def answer_json(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def file_of(client: FlaskClient, query: str) -> bytes:
    with client.get(f"{HOME}/observations?{query}") as answer:
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)


def said_in(form: str, client: FlaskClient) -> dict[str, tuple[float | None, str, str | None]]:
    """What a format says of each figure."""
    if form == "json":
        rows = [row for page in pages(client, f"{HOME}/observations?limit=10000") for row in page["observations"]]
    elif form == "csv":
        found = csv.DictReader(io.StringIO(file_of(client, "format=csv&notes=false").decode()))
        rows = [{name: value or None for name, value in row.items()} for row in found]
        assert {row["obs_value"] for row in rows if row["observation_id"] == ZERO} == {"0"}
    elif form == "jsonl":
        rows = [json.loads(line) for line in file_of(client, "format=jsonl").splitlines()]
    elif form == "sdmx-csv":
        found = csv.DictReader(io.StringIO(file_of(client, "format=sdmx-csv").decode()))
        rows = [{name.lower(): value or None for name, value in row.items()} for row in found]
    else:
        assert form == "parquet"
        frame = pd.read_parquet(io.BytesIO(file_of(client, "format=parquet")))
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    value = {row["observation_id"]: row["obs_value"] for row in rows}
    marks = {row["observation_id"]: (row["obs_status"], row["value_raw"] or None) for row in rows}
    assert len(value) == len(rows)
    return {place: (None if number is None else float(number), *marks[place]) for place, number in value.items()}


def pages(client: FlaskClient, path: str) -> Iterator[Any]:
    """Follow `next` to the end."""
    following: str | None = path
    while following is not None:
        page = answer_json(client, following)
        yield page
        following = page["next"]


@pytest.mark.parametrize("form", ["json", "csv", "jsonl", "parquet", "sdmx-csv"])
def test_number_zero_suppressed_not_reported_and_not_applicable_stay_apart(client: FlaskClient, form: str) -> None:
    said = said_in(form, client)
    assert {place: said[place] for place in SAID} == SAID


def test_every_format_gives_the_same_figures_in_the_same_order(client: FlaskClient) -> None:
    given = [said_in(form, client) for form in ("json", "csv", "jsonl", "parquet")]
    assert len(given[0]) > 7_000
    for other in given[1:]:
        assert list(other.items()) == list(given[0].items())
    # A message of SDMX has no order of its own.
    assert said_in("sdmx-csv", client) == given[0]


def test_pages_by_key_give_every_figure_once_and_the_header_names_the_next(client: FlaskClient) -> None:
    first = client.get(f"{HOME}/observations?country=KEN&indicator=TIP_VIC_DET&limit=50")
    assert first.json is not None and first.json["figures"] == 50
    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'
    found = list(pages(client, f"{HOME}/observations?country=KEN&indicator=TIP_VIC_DET&limit=50"))
    assert all(page["figures"] == 50 for page in found[:-1]) and 0 < found[-1]["figures"] <= 50
    paged = [row["observation_id"] for page in found for row in page["observations"]]
    lines = csv.DictReader(io.StringIO(file_of(client, "country=KEN&indicator=TIP_VIC_DET&format=csv&notes=false").decode()))
    assert paged == [row["observation_id"] for row in lines]
    assert len(set(paged)) == len(paged) > 100
    assert answer_json(client, f"{HOME}/observations?after={2**53 - 1}")["observations"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=7",
        "country=KEN&country=EGY&sex=F&sex=M&limit=90",
        "from=2020&to=2021&age=Y0T17&limit=30",
        "indicator=TIP_VIC_DET&indicator=TIP_INVEST&form=SEX&form=_T&citizenship=ETH&citizenship=_T&limit=100",
        "kind=COASTG&to=2019&limit=11",
        "country=ABW",
    ],
)
def test_a_large_edition_whose_figures_are_not_kept_gives_the_same_pages(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    kept = [page for _, page in zip(range(9), pages(client, f"{HOME}/observations?{query}"), strict=False)]
    monkeypatch.setattr("dashboard.api.shelf.MOST_KEPT", 0)
    _opened.cache_clear()
    asked = [page for _, page in zip(range(9), pages(client, f"{HOME}/observations?{query}"), strict=False)]
    _opened.cache_clear()
    assert asked == kept


def test_the_choices_are_those_of_the_pages(client: FlaskClient) -> None:
    query = "country=KEN&country=UGA&from=2019&to=2021&indicator=TIP_VIC_DET&sex=F&age=Y0T17&limit=10000"
    rows = answer_json(client, f"{HOME}/observations?{query}")["observations"]
    assert rows
    for row in rows:
        assert row["ref_area"] in {"KEN", "UGA"} and "2019" <= row["period_end"][:4] <= "2021"
        assert (row["indicator"], row["sex"], row["age"]) == ("TIP_VIC_DET", "F", "Y0T17")
    assert answer_json(client, f"{HOME}/observations?kind=COASTG&limit=5")["figures"] == 5


def test_a_short_address_leads_to_the_edition_whose_address_may_be_kept_for_ever(client: FlaskClient) -> None:
    short = client.get("/api/v1/observations?to=2021&country=KEN")
    assert (short.status_code, short.headers["Cache-Control"]) == (307, "no-cache")
    assert short.headers["Location"] == f"{HOME}/observations?country=KEN&to=2021"
    for path in ("", "/indicators", "/codelists", "/codelists/CL_SEX", "/citation", "/observations?country=KEN"):
        answer = client.get(f"{HOME}{path}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/api/v1/editions").headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", [f"{HOME}/observations?sex=F", f"{HOME}/observations?format=csv", "/api/v1/editions", HOME])
def test_what_a_reader_has_already_is_not_sent_again(client: FlaskClient, path: str) -> None:
    with client.get(path) as first:
        tag = first.headers["ETag"]
    with client.get(path, headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    other = f"{HOME}/observations?country=UGA"
    assert client.get(other, headers={"If-None-Match": tag}).status_code == 200


def test_an_older_edition_keeps_its_address_when_another_becomes_current(
    client: FlaskClient, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data / "editions", tmp_path / "editions")
    shutil.copytree(data / "editions" / NAME, tmp_path / "editions" / "zz-newer")
    with duckdb.connect(str(tmp_path / "editions" / "zz-newer" / "public.duckdb")) as connection:
        connection.execute("UPDATE observation SET obs_value = 854 WHERE observation_id = ?", [NUMBER])
    (tmp_path / "editions" / "current").write_text("zz-newer", "utf-8")
    (tmp_path / "editions" / "damaged").mkdir()
    (tmp_path / "editions" / "damaged" / "public.duckdb").write_bytes(b"no database")
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    query = "observations?country=KEN&indicator=TIP_VIC_DET&from=2019&to=2019&limit=10000"
    for name, value in ((NAME, 853), ("zz-newer", 854)):
        rows = answer_json(client, f"/api/v1/editions/{name}/{query}")["observations"]
        assert [row["obs_value"] for row in rows if row["observation_id"] == NUMBER] == [value]
    assert client.get(f"/api/v1/{query}").headers["Location"].startswith("/api/v1/editions/zz-newer/")
    listed = answer_json(client, "/api/v1/editions")["editions"]
    assert [(one["edition"], one["current"]) for one in listed] == [("zz-newer", True), (NAME, False), ("damaged", False)]
    assert listed[2]["as_of"] is None and listed[0]["as_of"] == listed[1]["as_of"]
    assert client.get("/api/v1/editions/damaged/observations").status_code == 503


@pytest.mark.parametrize("query", ["country=KEN", "country=KEN&format=csv", "country=KEN&format=jsonl"])
def test_answers_are_compressed_and_say_the_same(client: FlaskClient, query: str) -> None:
    plain = file_of(client, query)
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        with client.get(f"{HOME}/observations?{query}", headers={"Accept-Encoding": encoding}) as answer:
            assert answer.headers["Content-Encoding"] == encoding
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert unpack(answer.data) == plain
            assert len(answer.data) < len(plain) / 10


def test_words_of_an_edition_can_be_read(client: FlaskClient) -> None:
    sex = answer_json(client, f"{HOME}/codelists/CL_SEX")["codes"]
    assert [(code["code"], code["labels"]["fr"]) for code in sex[:2]] == [("F", "Féminin"), ("M", "Masculin")]
    listed = {one["list"]: one["codes"] for one in answer_json(client, f"{HOME}/codelists")["codelists"]}
    assert listed["CL_SEX"] == 5 and "COUNTRY" in listed and "INDICATOR" in listed
    for name, number in listed.items():
        codes = answer_json(client, f"{HOME}/codelists/{name}")["codes"]
        assert len({code["code"] for code in codes}) == len(codes) == number, name
    first = answer_json(client, f"{HOME}/indicators")["indicators"][0]
    assert (first["indicator"], first["count_unit"]) == ("TIP_VIC_DET", "VICTIM")
    assert first["labels"]["sw"].startswith("Waathiriwa") and first["figures"] > 300
    told = answer_json(client, HOME)
    licences = {source["name"]: source["licence"] for source in told["sources"]}
    assert told["figures"] > 7_000 and "usdos_tip_report_figures" in licences


def test_a_list_holds_the_reserved_codes_that_its_fields_use_and_areas_the_names_they_have(client: FlaskClient) -> None:
    def labels(name: str) -> dict[str, dict[str, str]]:
        return {code["code"]: code["labels"] for code in answer_json(client, f"{HOME}/codelists/{name}")["codes"]}

    assert {"_T", "_U", "_Z", "NAT", "FOR", "MIXED"} <= set(labels("COUNTRY"))
    areas, offences = labels("AREA"), labels("CL_OFFENCE")
    assert (areas["SD-KA"], areas["KE-01"]) == ({"en": "Kassala", "ar": "كسلا"}, {"en": "Baringo"})
    assert areas["ET-AF"] == {"en": "Afar", "ar": "عفر", "am": "አፋር"}
    assert (areas["_T"]["fr"], offences["_Z"]["fr"]) == ("Total", "Sans objet")
    rows = answer_json(client, f"{HOME}/observations?limit=10000")["observations"]
    for field, name in (("ref_area", "COUNTRY"), ("citizenship", "COUNTRY"), ("ref_subarea", "AREA"), ("offence", "CL_OFFENCE"),
                        ("age", "CL_AGE_GROUP"), ("transit", "COUNTRY"), ("indicator", "INDICATOR")):  # fmt: skip
        assert {row[field] for row in rows} <= set(labels(name)), field


def test_a_choice_can_be_cited_in_every_form(client: FlaskClient) -> None:
    cited = answer_json(client, f"{HOME}/citation?country=KEN&from=2019")
    assert NAME in cited["text"] and "country=KEN&from=2019" in cited["text"]
    assert cited["csl"][0]["type"] == "dataset"
    for form in ("text", "bibtex", "ris"):
        answer = client.get(f"{HOME}/citation?country=KEN&from=2019&format={form}")
        assert (answer.mimetype, answer.text) == (CITATIONS[form], f"{cited[form]}\n")
    page = answer_json(client, f"{HOME}/observations?country=KEN&from=2019&limit=1")
    assert page["citation"] == cited["text"]


def test_pandas_reads_a_choice_by_its_short_address(address: str) -> None:
    figures = pd.read_csv(f"{address}/observations?country=KEN&indicator=TIP_VIC_DET&format=csv&notes=false")
    assert figures.set_index("observation_id").loc[NUMBER, "obs_value"] == 853
    table = pd.read_parquet(f"{address}/observations?country=KEN&indicator=TIP_VIC_DET&format=parquet")
    assert table["observation_id"].tolist() == figures["observation_id"].tolist()
    assert table["obs_status"].tolist() == figures["obs_status"].tolist()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice: install libreoffice-calc")
def test_a_spreadsheet_opens_the_csv_that_is_made_for_it(client: FlaskClient, tmp_path: Path) -> None:
    content = file_of(client, "country=KEN&indicator=TIP_VIC_DET&format=csv&excel=true&labels=both&lang=ar")
    assert content.startswith("\ufeff".encode())
    (tmp_path / "figures.csv").write_bytes(content)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    # Without a window nobody confirms that the text is UTF-8 and parted by commas, as the first bytes of the file say.
    how = ["--headless", "--infilter=Text - txt - csv (StarCalc):44,34,76,1", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run(["soffice", home, *how, str(tmp_path / "figures.csv")], check=True, capture_output=True, timeout=120)
    rows = list(openpyxl.load_workbook(tmp_path / "figures.xlsx", read_only=True).active.values)
    heads = next(place for place, row in enumerate(rows) if row[0] == "observation_id")
    figures = [dict(zip(rows[heads], row, strict=True)) for row in rows[heads + 1 :]]
    found = {row["observation_id"]: (row["obs_value"], row["ref_area_label"]) for row in figures}
    assert found[NUMBER] == (853, "كينيا") and found[ZERO] == (0, "كينيا")


def test_any_page_of_any_site_may_read_and_the_strict_headers_stay(client: FlaskClient) -> None:
    for path in (f"{HOME}/observations?limit=1", "/api/v1/nowhere", "/api/v1/observations", f"{HOME}/observations?x=1"):
        answer = client.get(path, headers={"Origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    preflight = client.options(f"{HOME}/observations", headers={"Access-Control-Request-Headers": "If-None-Match"})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "Accept, If-None-Match, If-Range, Range"
    exposed = set(preflight.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"Accept-Ranges", "Content-Length", "Content-Range", "ETag", "Link", "Retry-After"} <= exposed
    assert client.get("/").headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl"), ("sw", "ltr")])
def test_a_page_without_script_says_how_to_use_it(client: FlaskClient, language: str, direction: str) -> None:
    page = client.get(f"/api/v1/?lang={language}").text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert "<script" not in page and "pd.read_csv" in page and "format=parquet" in page
    assert client.get("/api").headers["Location"] == "/api/v1/"


def test_nothing_but_public_files_is_open(client: FlaskClient) -> None:
    answer_json(client, f"{HOME}/observations?country=KEN")
    opened = {os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.exists()}
    files = {Path(name).name for name in opened if name.endswith(".duckdb")}
    assert "public.duckdb" in files and "records.duckdb" not in files


def test_without_an_edition_a_program_is_told_so(client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    for path in ("/api/v1/editions", "/api/v1/observations", f"{HOME}/observations", "/api/v1/"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert answer.json is not None and answer.json["detail"].startswith("No edition has been published yet")
    assert client.get("/api/v1/openapi.json").status_code == 200
