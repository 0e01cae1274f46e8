"""Every pattern that meets a stranger's cells takes a time that grows with the cell, and not with its square."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from types import FrameType

import pytest

from etl.identifying import identifying_column, identifying_header, identifying_value
from etl.readings import READINGS
from etl.readings.how import How
from etl.serve import ROOT

SIZE = 100_000
# Seconds of processor time: what a pattern may take of what a plain search takes, and what a clock needs at least.
TIMES, LEAST = 300.0, 0.15
PLAIN = re.compile(r"(?:qq|zz)\d")
# What is repeated, and what it follows: runs that a pattern may divide among several of its parts.
AFTER_ALL = (" ", "1", "a", "\u00a0", "1 ")
ALONE = (
    "0", "A", ".", "-", ",", "\n",
    "a1", "1.", "1,", "1-", "1/", "a.", "a ", "a@", "a/", "(", "_", "1_", "1.11111 ", "+1", "2020 ",
    "'", "0 - ", "1:", "tel 1", "id no ", "1 to ", "1\u00b0 ", "\u0645 ", "\u12a0", "a, ", " (merged", "<", '"', "aA",
)  # fmt: skip
BEFORE = ("", "x", "1.11111", "1\u00b01'1", "+", "<a", "2020")


class SlowError(Exception):
    """A pattern took longer than a whole cell may."""


def stop(_: int, __: FrameType | None) -> None:
    raise SlowError


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@cache
def patterns() -> dict[tuple[str, int], str]:
    """Give every pattern of the code that reads files, with the place where it stands: named ones and those in a call."""
    found: dict[tuple[str, int], str] = {}
    for path in sorted(path for package in ("etl", "schemas") for path in (ROOT / package).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if module.startswith(("etl.bench", "etl.sources")):
            continue
        for name, value in vars(importlib.import_module(module)).items():
            for pattern in within(value):
                found.setdefault((pattern.pattern, pattern.flags), f"{module}.{name}")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found.setdefault((text.value, re.UNICODE.value), f"{module}:{node.lineno}")
    return found


def within(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for item in value:
            yield from within(item, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for item in value.values():
            yield from within(item, depth + 1)


@cache
def cells() -> tuple[str, ...]:
    runs = {unit: (unit * (SIZE // len(unit) + 1))[:SIZE] for unit in (*AFTER_ALL, *ALONE)}
    return (*(before + runs[unit] for unit in AFTER_ALL for before in BEFORE), *(run + "!" for run in runs.values()))


def seconds(call: object, cell: str, allowed: float) -> float:
    """Time one call; twice what is allowed where it takes longer than that."""
    assert callable(call)
    start = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, allowed * 2)
    try:
        call(cell)
    except SlowError:
        return allowed * 2
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


@cache
def allowance() -> float:
    return max(LEAST, TIMES * max(seconds(PLAIN.search, cell, 1.0) for cell in cells()[:80]))


def test_a_pattern_that_takes_the_square_is_found() -> None:
    assert seconds(re.compile(r"\s*;").search, " " * SIZE, allowance()) > allowance()
    assert len(patterns()) > 120


@pytest.mark.parametrize("part", range(6))
def test_every_pattern_is_linear_on_hostile_cells(part: int) -> None:
    slow = []
    for (text, flags), where in list(patterns().items())[part::6]:
        pattern = re.compile(text, flags)
        for cell in cells():
            calls = (pattern.search, pattern.fullmatch) if cell in cells()[: len(AFTER_ALL) * len(BEFORE)] else (pattern.search,)
            taken = max(seconds(call, cell, allowance()) for call in calls)
            if taken > allowance():
                slow.append(f"{where}: {text[:60]!r} on {cell[:14]!r}: {taken:.2f} s")
                break
    assert slow == []


def test_the_search_for_persons_is_linear_on_hostile_cells() -> None:
    def column(cell: str) -> None:
        identifying_column("Remarks", [cell])

    slow = []
    for call in (identifying_value, identifying_header, column):
        for cell in cells():
            if (taken := seconds(call, cell, allowance() * 10)) > allowance() * 10:
                slow.append(f"{call.__name__} on {cell[:14]!r}: {taken:.2f} s")
    assert slow == []


@pytest.mark.parametrize("name", ["age", "count", "coordinates", "date", "months", "number", "period", "sex_age", "year"])
def test_readings_are_linear_on_hostile_cells_and_raise_nothing(name: str) -> None:
    how = How(today=date(2026, 1, 31), field="sex", country="KEN", languages=("eng", "ara"), decimal=".", thousands=",")
    slow = []
    for cell in cells()[:: len(BEFORE)]:
        taken = seconds(lambda text: READINGS[name].read(text, how), cell, allowance() * 10)
        if taken > allowance() * 10:
            slow.append(f"{name} on {cell[:14]!r}: {taken:.2f} s")
    assert slow == []
