"""The operations page names what an administrator can set: every variable of the environment, and nothing that is not read."""

from __future__ import annotations

import configparser
import re

from pembe import ROOT

PROGRAM = [*ROOT.glob("etl/**/*.py"), *ROOT.glob("dashboard/**/*.py"), *ROOT.glob("schemas/**/*.py"), ROOT / "pembe.py"]


def test_every_variable_of_the_environment_stands_in_the_operations_page_and_no_other() -> None:
    table = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("## Environment variables")[2]
    named = set(re.findall(r"^\| `(PEMBE_[A-Z_]+)`", table, re.M))
    texts = [text for path in PROGRAM if "environ" in (text := path.read_text("utf-8"))]
    read = {name for text in texts for name in re.findall(r"\"(PEMBE_[A-Z_]+)\"", text)}
    assert named == read


def test_the_unit_for_systemd_starts_the_screens_on_this_machine_only_and_hides_the_key() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "docs" / "pembe.service")
    assert unit["Service"]["ExecStart"].endswith("pembe serve --host 127.0.0.1 --port 8050")
    assert unit["Service"]["UMask"] == "0077" and "secret.key" in unit["Service"]["InaccessiblePaths"]
