"""The SDMX service over a real port: a client finds flow, structure and codes, and reads figures by key and period."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sdmx
from flask.testing import FlaskClient
from pysdmx.io import read_sdmx
from werkzeug.serving import make_server

SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
KENYA = {"REF_AREA": "KEN", "INDICATOR": "TIP_VIC_DET", "SOURCE": "usdos_tip_report_figures"}
KEY = "usdos_tip_report_figures..KEN...TIP_VIC_DET.................."


@pytest.fixture(scope="module")
def address(edition: Path) -> Iterator[str]:
    """The samples on a port of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEMBE_DATA", str(edition))
        from dashboard.app import server

        patch.setattr(server.extensions["pembe-limits"], "rate", 0)
        listening = make_server("127.0.0.1", 0, server, threaded=True)
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/sdmx/2.1"
        listening.shutdown()
        thread.join()
        listening.server_close()


@pytest.fixture(scope="module")
def service(address: str) -> sdmx.Client:
    source: dict[str, Any] = {"id": "AU_HOAI", "name": "Pembe", "url": address}
    sdmx.add_source(source, override=True)
    return sdmx.Client("AU_HOAI")


@pytest.fixture
def client(edition: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    from dashboard.app import server

    monkeypatch.setattr(server.extensions["pembe-limits"], "rate", 0)
    return server.test_client()


def test_a_client_finds_the_flow_its_structure_and_its_codes(service: sdmx.Client) -> None:
    assert list(service.dataflow().dataflow) == ["PEMBE"]
    message = service.dataflow("PEMBE")
    dimensions = [one.id for one in message.structure["PEMBE"].dimensions]
    assert dimensions[:3] == ["SOURCE", "ORIGIN", "REF_AREA"] and dimensions[-1] == "TIME_PERIOD"
    assert {"CL_SEX", "CL_COUNTRY", "CL_INDICATOR", "CL_AREA"} <= set(message.codelist)
    assert list(service.datastructure("PEMBE").structure) == ["PEMBE"]
    sexes = service.codelist("CL_SEX").codelist
    assert list(sexes) == ["CL_SEX"] and str(sexes["CL_SEX"]["F"].name) == "Female"


@pytest.mark.parametrize("accept", ["*/*", SPECIFIC])
@pytest.mark.parametrize("observations", ["TIME_PERIOD", "AllDimensions"])
def test_a_client_reads_figures_by_key_and_period(service: sdmx.Client, edition: Path, accept: str, observations: str) -> None:
    asked = {"startPeriod": "2019", "endPeriod": "2021", "dimensionAtObservation": observations}
    message = service.data("PEMBE", key=KENYA, params=asked, headers={"Accept": accept})
    (figures,) = message.data
    assert bool(figures.series) == (observations == "TIME_PERIOD")
    read = {
        str(one.attached_attribute["OBSERVATION_ID"].value): (
            None if one.value is None else float(one.value), str(one.attached_attribute["OBS_STATUS"].value)
        )
        for one in figures.obs
    }  # fmt: skip
    assert read["INT-2023-8959-1"] == (853.0, "A") and read["INT-2023-8959-5"] == (0.0, "A")
    name = (edition / "editions" / "current").read_text("utf-8").strip()
    with duckdb.connect(str(edition / "editions" / name / "public.duckdb"), read_only=True) as connection:
        held = connection.execute(
            "SELECT observation_id, obs_value, obs_status::VARCHAR FROM observation WHERE ref_area = 'KEN' AND indicator = "
            "'TIP_VIC_DET' AND source = 'usdos_tip_report_figures' AND year(period_start) >= 2019 AND year(period_end) <= 2021"
        ).fetchall()
    assert read == {place: (value, status) for place, value, status in held}
    assert {one.key["REF_AREA"].value for one in figures.obs} == {"KEN"}


def test_a_second_reader_and_the_csv_say_the_same(client: FlaskClient) -> None:
    with client.get(f"/sdmx/2.1/data/AU_HOAI,PEMBE,1.0.0/{KEY}/AU_HOAI?format=csv") as answer:
        assert answer.headers["Content-Type"] == "application/vnd.sdmx.data+csv;version=1.0.0"
        rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["DATAFLOW"] for row in rows} == {"AU_HOAI:PEMBE(1.0.0)"}
    value = {row["OBSERVATION_ID"]: row["OBS_VALUE"] for row in rows}
    assert (value["INT-2023-8959-1"], value["INT-2023-8959-5"]) == ("853", "0")
    for form in ("generic", "structurespecific"):
        with client.get(f"/sdmx/2.1/data/PEMBE/{KEY}?format={form}&dimensionAtObservation=AllDimensions") as answer:
            (figures,) = read_sdmx(answer.text, validate=False).data
        assert dict(zip(figures.data["OBSERVATION_ID"], figures.data["OBS_VALUE"].fillna(""), strict=True)) == value


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("data/PEMBE/..ABW.....................", 404, "No figure is as the query asks."),
        ("data/OTHER/all", 404, "There is one dataflow here"),
        ("data/PEMBE/KEN.F", 400, "The key has 2 dimensions and the structure 24"),
        ("data/PEMBE/all?startPeriod=soon", 400, "StartPeriod is a period such as 2020"),
        ("data/PEMBE/all?endPeriod=2020-13-01", 400, "EndPeriod is a period such as 2020"),
        ("data/PEMBE/all?lastNObservations=1", 501, "LastNObservations is not done here"),
        ("data/PEMBE/all?colour=red", 400, "'colour' is not taken here"),
        ("codelist/AU_HOAI/CL_NONE/latest", 404, "There is no such codelist"),
        ("metadata/PEMBE", 501, "There is no 'metadata' here"),
        ("codelist/AU_HOAI/CL_SEX?detail=allstubs", 501, "Structures are given in full"),
    ],
)
def test_what_there_is_not_is_said_in_one_sentence(client: FlaskClient, path: str, status: int, words: str) -> None:
    answer = client.get(f"/sdmx/2.1/{path}")
    assert answer.json is not None
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["detail"].startswith(words)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_form_that_is_not_made_is_refused_and_no_other_given(client: FlaskClient) -> None:
    answer = client.get(f"/sdmx/2.1/data/PEMBE/{KEY}", headers={"Accept": "application/vnd.sdmx.data+json"})
    assert answer.status_code == 406


@pytest.mark.parametrize(
    ("first", "last", "periods"),
    [
        ("2020", "2020", {"2020"}), ("2020-S1", "2020-Q4", {"2020"}), ("2020-02", "2021-12-31", {"2021"}),
        ("2020-01-01", "2021-M12", {"2020", "2021"}),
    ],
)  # fmt: skip
def test_a_period_holds_what_lies_within_it(client: FlaskClient, first: str, last: str, periods: set[str]) -> None:
    key = "usdos_tip_report_figures..KEN...TIP_VIC_DET+TIP_PROSEC.................."
    with client.get(f"/sdmx/2.1/data/PEMBE/{key}?format=csv&startPeriod={first}&endPeriod={last}") as answer:
        assert {row["TIME_PERIOD"] for row in csv.DictReader(io.StringIO(answer.text))} == periods
