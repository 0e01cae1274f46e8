"""A citation names edition and choice in four forms, the same from the command line and in every file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.api.declared import BASE
from dashboard.exports.citation import Citation, cite
from dashboard.exports.options import ExportError
from pembe import ROOT

EDITION = "2026-01-31-abcdef01"
WHOLE = cite({"as_of": "2026-01-31", "citation_title": "Pembe: harmonised data"}, EDITION)
PART = Citation("Pembe", "Harmonised data", EDITION, "2026-01-31", "?country=ETH&sex=F")


SITE = "https://pembe.example.org"
PLACED = cite(
    {"as_of": "2026-01-31", "citation_title": "Pembe: harmonised data"}, EDITION, "", SITE, "?country=ETH&indicator=TIP_X"
)
ADDRESS = f"{SITE}/api/v1/editions/{EDITION}/observations?country=ETH&indicator=TIP_X"


def test_a_citation_says_where_the_figures_are_if_the_site_has_an_address() -> None:
    assert PLACED.text().endswith(f"Data set. {ADDRESS}")
    assert f"  url = {{{ADDRESS}}}\n}}" in PLACED.bibtex()
    assert PLACED.ris().splitlines()[-2:] == [f"UR  - {ADDRESS}", "ER  - "]
    assert json.loads(PLACED.csl())[0]["URL"] == ADDRESS
    assert cite({"as_of": "2026-01-31"}, EDITION, site=SITE).address == f"{SITE}{BASE}/editions/{EDITION}"
    assert (WHOLE.address, "URL" in json.loads(WHOLE.csl())[0]) == ("", False)


def test_a_citation_is_one_line() -> None:
    assert WHOLE.text() == "Pembe (2026). Harmonised data. Edition 2026-01-31-abcdef01, as of 2026-01-31. Data set."
    assert PART.text().endswith("Data set. Choice: ?country=ETH&sex=F.")


def test_bibtex_escapes_what_tex_reads_as_its_own() -> None:
    assert PART.bibtex() == (
        "@dataset{pembe-2026-01-31-abcdef01,\n  author = {{Pembe}},\n  title = {{Harmonised data}},\n  year = {2026},\n"
        "  date = {2026-01-31},\n  version = {2026-01-31-abcdef01},\n  type = {Data set},\n"
        "  note = {Choice: ?country=ETH\\&sex=F}\n}"
    )


def test_ris_is_an_entry_of_data() -> None:
    assert WHOLE.ris().splitlines() == [
        "TY  - DATA", "AU  - Pembe", "PY  - 2026", "DA  - 2026/01/31", "TI  - Harmonised data",
        "ET  - 2026-01-31-abcdef01", "ER  - ",
    ]  # fmt: skip


def test_csl_is_json_that_citation_processors_read() -> None:
    assert json.loads(PART.csl()) == [
        {
            "id": "pembe-2026-01-31-abcdef01", "type": "dataset", "author": [{"literal": "Pembe"}], "title": "Harmonised data",
            "version": "2026-01-31-abcdef01", "issued": {"date-parts": [[2026, 1, 31]]}, "note": "Choice: ?country=ETH&sex=F",
        }
    ]  # fmt: skip


def test_another_form_is_refused() -> None:
    with pytest.raises(ExportError, match="text, bibtex, ris, csl, and not as 'word'"):
        WHOLE.written("word")


def test_the_command_cites_the_current_edition_and_a_choice(edition: Path) -> None:
    name = (edition / "editions" / "current").read_text("utf-8").strip()
    command = [sys.executable, "-m", "etl.cli", "cite", "--data", str(edition)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert told.returncode == 0, told.stderr
    assert f"Edition {name}, as of " in told.stdout
    chosen = subprocess.run(
        [*command, "--country", "KEN", "--indicator", "TIP_CONV"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert chosen.stdout.endswith("Data set. Choice: ?country=KEN&indicator=TIP_CONV.\n")
    placed = subprocess.run(
        [*command, "--country", "KEN"], cwd=ROOT, capture_output=True, encoding="utf-8", env={**os.environ, "PEMBE_ADDRESS": SITE}
    )
    assert placed.stdout.endswith(f" Choice: ?country=KEN. {SITE}/api/v1/editions/{name}/observations?country=KEN\n")
    wrong = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env={**os.environ, "PEMBE_ADDRESS": "pembe"})
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert wrong.stderr.startswith("PEMBE_ADDRESS is 'pembe'; set it to the site's address")
