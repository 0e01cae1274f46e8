"""What is a person's is found in a file that nobody has declared, and stands in nothing that a draft writes or prints."""

from __future__ import annotations

import contextlib
import datetime
import io
import zipfile
from pathlib import Path

import pytest

from etl.draft.command import write_draft
from etl.draft.draft import draft_of
from etl.report import Report
from tests.planted_files import Planted, ordinary, plant

TODAY = datetime.date(2026, 1, 31)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Planted, Report, str]]:
    """The planted files, the summary of each draft, and everything that was written or printed."""
    folder = tmp_path_factory.mktemp("planted")
    found = []
    for item in plant(folder):
        report = write_draft(item.path, "KEN", None, None, folder / "out", item.path.stem + "_x", "en", 5, True, TODAY)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            report.print()
        found.append((item, report, printed.getvalue() + str(report.as_dict()) + _written(report)))
    return found


def _written(report: Report) -> str:
    paths = report.facts["written"]
    assert isinstance(paths, list) and len(paths) == 4
    return "".join(map(_text, map(Path, paths)))


def _text(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_nothing_of_three_hundred_planted_values_is_printed_or_stored(planted: list[tuple[Planted, Report, str]]) -> None:
    assert sum(len(item.values) for item, _, _ in planted) == 300
    shown = [value for item, _, told in planted for _, value in item.values if value in told]
    assert shown == []


def test_of_three_hundred_planted_values_at_least_ninety_nine_in_a_hundred_are_found(tmp_path: Path) -> None:
    found = total = 0
    missed = []
    for item in plant(tmp_path):
        draft = draft_of(item.path, "KEN", None, None, TODAY)
        personal = {column.header: one for column, one in zip(draft.sight.seen.columns, draft.sight.personal, strict=True)}
        for header, value in item.values:
            total += 1
            if value in personal[header].hidden:
                found += 1
            else:
                missed.append(value)
    assert total == 300
    assert found >= 297, missed


def test_fewer_than_two_in_a_hundred_ordinary_columns_are_taken_for_a_persons(tmp_path: Path) -> None:
    columns = alarms = 0
    for path in ordinary(tmp_path):
        draft = draft_of(path, "KEN", None, None, TODAY)
        columns += len(draft.sight.personal)
        alarms += sum(one.kind is not None or bool(one.cells) for one in draft.sight.personal)
    assert columns == 780
    assert alarms < 0.02 * columns
