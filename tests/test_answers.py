"""Answers over HTTP: how heavy they are, what a worker keeps, tables, boundaries, and what changed since the edition before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient

from dashboard.changes import changes
from dashboard.db import current_edition
from dashboard.filters import LANGUAGES, Filters
from dashboard.geography import boundaries
from dashboard.kept import Answer, Kept
from dashboard.pages import PAGES

OUTPUT = "..said.children...page.children.."
OUTPUTS = [{"id": "said", "property": "children"}, {"id": "page", "property": "children"}]
ADDRESSES = [f"{page.address}/KEN" if page.of_country else page.address for page in PAGES]
# A change of filters may weigh this much, compressed.
HEAVIEST = 20_000


def body(path: str, search: str = "") -> dict[str, Any]:
    """What our own page sends when its address changes."""
    inputs = [{"id": "address", "property": name, "value": value} for name, value in (("pathname", path), ("search", search))]
    return {"output": OUTPUT, "outputs": OUTPUTS, "inputs": inputs, "changedPropIds": ["address.search"]}


def ask(client: FlaskClient, path: str, search: str = "") -> bytes:
    """Ask as our own page does, and give the answer as it goes over the line."""
    answer = client.post("/_dash-update-component", json=body(path, search), headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    return bytes(answer.data)


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def client(data: Path) -> Iterator[FlaskClient]:
    from dashboard.app import server

    with server.test_client() as client:
        yield client


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("/methods")])
def test_no_answer_to_a_choice_is_heavy(client: FlaskClient, address: str) -> None:
    weights = {language: len(ask(client, address, f"?lang={language}" if language != "en" else "")) for language in LANGUAGES}
    assert {language: weight for language, weight in weights.items() if weight > HEAVIEST} == {}


def test_the_same_question_gets_the_same_answer_from_what_is_kept(client: FlaskClient) -> None:
    assert ask(client, "/victims", "?country=KEN") == ask(client, "/victims", "?country=KEN")
    assert ask(client, "/victims", "?country=KEN") != ask(client, "/victims", "?country=UGA")


def test_a_new_edition_is_never_answered_from_the_old_one(
    client: FlaskClient, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = current_edition().name
    for copy in ("edition-one", "edition-two"):
        (tmp_path / "editions" / copy).mkdir(parents=True)
        shutil.copy(data / "editions" / name / "public.duckdb", tmp_path / "editions" / copy)
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    for copy in ("edition-one", "edition-two", "edition-one"):
        (tmp_path / "editions" / "current").write_text(copy)
        answer = client.post("/_dash-update-component", json=body("/victims"))
        assert copy in answer.text


def test_what_is_kept_stays_within_its_bytes_and_the_oldest_goes_first() -> None:
    kept = Kept(most=100)
    for name in ("a", "b", "c"):
        kept.put((name,), Answer(name.encode() * 40, {}))
    assert kept.get(("a",)) is None
    assert kept.get(("b",)) == Answer(b"b" * 40, {})
    kept.put(("d",), Answer(b"d" * 40, {}))
    assert kept.get(("c",)) is None
    kept.put(("e",), Answer(b"e" * 101, {}))
    assert kept.get(("e",)) is None


def test_a_table_is_served_for_the_filters_of_its_address(client: FlaskClient) -> None:
    table = client.get("/twin/published/?country=KEN")
    assert table.status_code == 200
    assert "<td>2019</td>" in table.text and ">853<" in table.text
    assert client.get("/twin/form/victims?country=KEN&lang=ar").status_code == 200
    assert client.get("/twin/law/country/KEN").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/twin/nothing/victims", 404),
        ("/twin/form/nowhere", 404),
        ("/twin/form/victims?sex=woman", 400),
        ("/twin/form/victims?country=QQQ", 400),
        ("/country/QQQ", 400),
        ("/country/kenya", 404),
        ("/country", 404),
        ("/map/boundaries-0.geojson", 404),
        ("/map/..%2f..%2fpembe.py", 404),
    ],
)
def test_an_address_that_nothing_leads_to_gets_a_clear_refusal(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_boundaries_are_served_compressed_and_kept_for_a_year(client: FlaskClient) -> None:
    answer = client.get(boundaries().address, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert len(answer.data) < 8_000
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_what_changed_is_told_by_country_and_source(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = current_edition().name
    for place, copy in enumerate(("before", "after")):
        folder = tmp_path / "editions" / copy
        folder.mkdir(parents=True)
        shutil.copy(data / "editions" / name / "public.duckdb", folder)
        if copy == "after":
            change(folder / "public.duckdb")
        os.utime(folder / "public.duckdb", (1_700_000_000 + place, 1_700_000_000 + place))
    (tmp_path / "editions" / "current").write_text("after")
    monkeypatch.setenv("PEMBE_DATA", str(tmp_path))
    edition = current_edition()
    assert edition.before == "before"
    (summary,) = changes(edition, Filters())
    assert (summary.country, summary.source, summary.new, summary.gone) == ("KEN", "usdos_tip_report_figures", 0, 1)
    assert [(one.indicator, one.period, one.before, one.after) for one in summary.differ] == [
        ("TIP_VIC_DET", "2019", "853", "854")
    ]
    assert changes(edition, Filters(countries=("UGA",))) == ()


def change(path: Path) -> None:
    """Change one published figure of Kenya and take another away, as a correction would."""
    where = "source = 'usdos_tip_report_figures' AND ref_area = 'KEN' AND indicator = 'TIP_VIC_DET' AND sex = '_T' AND age = '_T'"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"UPDATE observation SET obs_value = 854 WHERE {where} AND time_period = '2019'")
        connection.execute(f"DELETE FROM observation WHERE {where} AND time_period = '2020'")


def test_the_first_edition_has_nothing_before_it() -> None:
    edition = current_edition()
    assert (edition.before, edition.changes) == (None, ())
