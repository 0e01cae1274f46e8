"""The bootstrap: what it installs, what it leaves alone, and what it says when a machine lacks something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pembe


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Point the bootstrap at an empty .venv and list the locks it would install there."""
    locks: list[str] = []
    monkeypatch.setattr(pembe, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(pembe, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(pembe, "install", locks.append)
    return locks


def test_a_second_run_installs_nothing(installed: list[str]) -> None:
    pembe.set_up(pembe.RUN_LOCK)
    pembe.set_up(pembe.RUN_LOCK)
    assert installed == ["requirements.txt"]


def test_the_tests_need_more_than_the_demonstration_and_then_both_are_there(installed: list[str]) -> None:
    pembe.set_up(pembe.RUN_LOCK)
    pembe.set_up(pembe.TEST_LOCK)
    pembe.set_up(pembe.RUN_LOCK)
    assert installed == ["requirements.txt", "requirements-test.txt"]


def test_a_renewed_lock_is_installed_again(installed: list[str]) -> None:
    pembe.set_up(pembe.TEST_LOCK)
    pembe.STAMP.write_text("of another day  requirements.txt\n")
    pembe.set_up(pembe.RUN_LOCK)
    assert installed == ["requirements-test.txt", "requirements.txt"]


def test_a_browser_that_is_named_and_not_there_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(pembe.SetUpError, match=r"^PEMBE_CHROMIUM is '/nowhere/chromium', where [^.]*\.$"):
        pembe.find_chromium()


def test_a_machine_without_network_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "print('Temporary failure in name resolution'); raise SystemExit(1)"
    with pytest.raises(pembe.SetUpError, match=r"^No packages: this machine reaches no package index; [^.]*\.$"):
        pembe.succeed([sys.executable, "-c", program], "No packages")


def test_the_exit_code_of_the_command_is_the_exit_code_of_the_bootstrap() -> None:
    program = "import pembe, sys; pembe.PYTHON = sys.executable; pembe.hand_on(['-c', 'raise SystemExit(7)'])"
    assert subprocess.run([sys.executable, "-c", program], cwd=pembe.ROOT).returncode == 7


@pytest.mark.browser
def test_a_page_that_asks_another_machine_fails_its_test(chromium: str, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    leak = "def test_leak(page):\n    page.set_content('<img src=\"http://192.0.2.1/picture\">')\n"
    (tmp_path / "test_leak.py").write_text(leak)
    command = [sys.executable, "-m", "pytest", str(tmp_path)]
    environment = {**os.environ, "PEMBE_CHROMIUM": chromium}
    run = subprocess.run(command, cwd=pembe.ROOT, capture_output=True, encoding="utf-8", env=environment)
    assert "requests left this machine: ['http://192.0.2.1/picture']" in run.stdout, run.stdout + run.stderr
