"""Valentine's Coma on the headings of the test set, in an environment of their own beside ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from etl.bench.matching import Heading, fills
from etl.errors import SourceError
from etl.match.names import fields_of
from etl.options import ROOT

VENV, LOCK = ROOT / ".venv-bench", ROOT / "requirements-bench.txt"
ABSENT = "Valentine was not run: --valentine installs it from requirements-bench.txt into .venv-bench and runs it"
_PEER = Path(__file__).with_name("coma.py")


def is_there() -> bool:
    """Say whether the environment of the benchmark has been made."""
    return _python().is_file()


def install() -> None:
    """Make the environment from its lock; SourceError in one sentence where that fails."""
    for command in (
        [sys.executable, "-m", "venv", str(VENV)],
        [str(_python()), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK)],
    ):
        run = subprocess.run(command, capture_output=True, encoding="utf-8")
        if run.returncode != 0:
            last = (run.stderr.strip() or run.stdout.strip()).splitlines()[-1:]
            raise SourceError(f".venv-bench: cannot be made ({' '.join(last)}); run `pembe bench match` without --valentine")


def first_choices(headings: list[Heading]) -> list[bool]:
    """Say whether Coma's first field for each heading is right, in the given order.

    All headings of a language and table are matched at once. A heading that no field has is right when none is given.
    """
    groups: dict[tuple[str, str], list[Heading]] = defaultdict(list)
    for heading in headings:
        groups[heading.language, heading.table].append(heading)
    asked = [
        {
            "headings": [one.text for one in group],
            "fields": [field.replace("_", " ") for field in fields_of(name)],
        }
        for (_, name), group in groups.items()
    ]
    run = subprocess.run([_python(), "-P", _PEER], input=json.dumps(asked), capture_output=True, encoding="utf-8")
    if run.returncode != 0:
        raise SourceError(f"Valentine stopped: {run.stderr.strip().splitlines()[-1]}; remove .venv-bench and run it again")
    chosen: dict[tuple[str, str], dict[str, str]] = dict(zip(groups, json.loads(run.stdout), strict=True))
    return [_right(heading, chosen[heading.language, heading.table].get(heading.text)) for heading in headings]


def _right(heading: Heading, field: str | None) -> bool:
    if field is None:
        return not heading.right
    return not fills(field.replace(" ", "_")).isdisjoint(heading.right)


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
