"""A new edition under load: while the pointer moves to and fro, every answer is wholly of one edition, and none fails."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
import time
from pathlib import Path

import duckdb

from etl.browser import free_port
from etl.editions import current
from etl.serve import QUIET, running, wait_until_ready

ONE, TWO = "edition-one", "edition-two"
CALLBACK = "/_dash-update-component"
OUTPUTS = [{"id": "said", "property": "children"}, {"id": "page", "property": "children"}]
ADDRESSES = [("/", ""), ("/victims", "?country=KEN"), ("/country/UGA", ""), ("/lite", "?lang=fr"), ("/justice", "?lang=ar")]
CLIENTS, MOVES, SECONDS_BETWEEN = 6, 16, 0.25


def ask(port: int, path: str, query: str) -> tuple[int, str]:
    """Ask for a small page as it is, and for any other as its callback does."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if path == "/lite":
        line.request("GET", path + query)
    else:
        inputs = [{"id": "address", "property": name, "value": value} for name, value in (("pathname", path), ("search", query))]
        body = {"output": "..said.children...page.children..", "outputs": OUTPUTS, "inputs": inputs}
        line.request("POST", CALLBACK, json.dumps(body), {"Content-Type": "application/json"})
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    return answer.status, said


def point(data: Path, name: str) -> None:
    """Move the pointer as a publication does: written aside, then put in place at once."""
    aside = data / "editions" / "current.new"
    aside.write_text(f"{name}\n")
    aside.replace(data / "editions" / "current")


def test_every_answer_is_of_one_edition_while_the_pointer_moves(edition: Path, tmp_path: Path) -> None:
    for name in (ONE, TWO):
        (tmp_path / "editions" / name).mkdir(parents=True)
        shutil.copy(current(edition).public, tmp_path / "editions" / name)
    with duckdb.connect(str(tmp_path / "editions" / TWO / "public.duckdb")) as connection:
        # invented: so that the figures of the two can be told apart
        connection.execute("UPDATE observation SET obs_value = obs_value + 1000 WHERE obs_value >= 10")
    for name in (ONE, TWO):
        (tmp_path / "editions" / name / "manifest.json").write_text("{}")
    point(tmp_path, ONE)
    port = free_port()
    met: list[tuple[int, int, str]] = []
    with running(tmp_path, "127.0.0.1", port, 2, *QUIET) as process:
        wait_until_ready(process, "127.0.0.1", port)
        right: dict[tuple[int, str], str] = {}
        for name in (ONE, TWO):
            point(tmp_path, name)
            for place, (path, query) in enumerate(ADDRESSES):
                status, said = ask(port, path, query)
                assert status == 200 and name in said
                right[place, name] = said
        ended = threading.Event()

        def client(first: int) -> None:
            place = first
            while not ended.is_set():
                place = (place + 1) % len(ADDRESSES)
                met.append((place, *ask(port, *ADDRESSES[place])))

        clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for one in clients:
            one.start()
        for move in range(MOVES):
            point(tmp_path, (ONE, TWO)[move % 2])
            time.sleep(SECONDS_BETWEEN)
        ended.set()
        for one in clients:
            one.join()
    assert len(met) > 50
    assert [(place, status) for place, status, _ in met if status != 200] == []
    of = [next((name for name in (ONE, TWO) if right[place, name] == said), "mixed") for place, _, said in met]
    assert of.count("mixed") == 0 and min(of.count(ONE), of.count(TWO)) > 5
