"""Sixty invented names and numbers stand outside the cells of sixty files; a draft writes and prints none of them."""

from __future__ import annotations

import contextlib
import datetime
import io
import zipfile
from pathlib import Path

import pytest
from planted_outside import HEADINGS, ROWS, Plant, plants, text

from etl.draft.command import write_draft
from etl.errors import SourceError
from etl.judged import is_known_file, is_known_heading, is_known_text
from etl.source import load_source, source_paths

TODAY = datetime.date(2026, 1, 31)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Plant, str]]:
    """Give every plant with all that a draft of its file writes, prints or says of a fault."""
    folder, found = tmp_path_factory.mktemp("planted"), []
    for number, plant in enumerate(plants(folder)):
        to, printed = tmp_path_factory.mktemp(f"draft{number}"), io.StringIO()
        try:
            report = write_draft(plant.path, "KEN", None, None, to, None, "en", 5, False, TODAY)
        except SourceError as fault:
            printed.write(str(fault))
        else:
            with contextlib.redirect_stdout(printed):
                report.print()
            printed.write(str(report.as_dict()))
        found.append((plant, printed.getvalue() + written(to)))
    return found


def written(folder: Path) -> str:
    """Give the names and contents of all files below a folder, of packed ones those of their parts."""
    texts = []
    for path in folder.rglob("*"):
        texts.append(path.name)
        if path.suffix in (".xlsx", ".ods"):
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        elif path.is_file():
            texts.append(path.read_text("utf-8", errors="replace"))
    return "\n".join(texts)


def test_none_of_sixty_plants_is_written_or_printed(drafted: list[tuple[Plant, str]]) -> None:
    assert len(drafted) == 60
    shown = [(plant.place, plant.value) for plant, told in drafted if plant.value.casefold() in told.casefold()]
    assert shown == []


def test_no_word_of_a_plant_names_a_source(drafted: list[tuple[Plant, str]]) -> None:
    words = {word.casefold() for plant, _ in drafted for word in plant.value.replace("_", " ").split() if len(word) > 3}
    named = {word for _, told in drafted for word in words if f"ken_{word}" in told or f"_{word}." in told}
    assert named == set()


def test_what_is_not_repeated_is_asked_by_its_place(drafted: list[tuple[Plant, str]]) -> None:
    asked = {
        "title": "titles stand in rows 1 to 2 and may name a person",
        "heading": '"(column 5)": ASK',
        "heading in brackets": '"(column 5)": ASK',
        "key": '"(column 5)": ASK',
        "name of the file": "file: ASK",
        "name of the sheet": "the name of sheet 1 may be a person's",
        "no headings": "looks like a row of data (columns ",
    }
    for plant, told in drafted:
        assert asked.get(plant.place, "") in told, (plant.place, told[:2000])


def test_a_row_of_persons_is_no_row_of_headings_and_a_row_of_years_is(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text(ROWS[0], ROWS[1:]))
    with pytest.raises(SourceError, match=r"list\.csv: row 1 stands where .*; put a row of headings above it"):
        write_draft(path, "KEN", None, None, tmp_path / "out", None, "en", 5, False, TODAY)
    assert not (tmp_path / "out").exists()
    years = tmp_path / "figures.csv"
    figures = [["Victims", "12", "14", "2019"], ["Cases", "7", "9", "8"]] * 8
    years.write_bytes(text(["Indicator", "2019", "2020", "2021"], figures))
    assert write_draft(years, "KEN", None, None, tmp_path / "out", None, "en", 5, False, TODAY).facts["columns_read"] == 4
    headed = tmp_path / "register.csv"
    headed.write_bytes(text(HEADINGS, ROWS))
    assert write_draft(headed, "KEN", None, None, tmp_path / "out", None, "en", 5, False, TODAY).facts["columns_read"] == 6


def test_every_heading_sheet_and_file_of_the_declarations_of_the_house_may_be_written() -> None:
    sources = [load_source(path) for path in source_paths().values()]
    headings = {name for one in sources for name in (*(column.column for column in one.columns.values()), *one.ignore)}
    assert len(headings) > 300
    assert [name for name in headings if not is_known_heading(name)] == []
    assert [one.file.sheet for one in sources if one.file.sheet is not None and not is_known_text(one.file.sheet)] == []
    files = [sent.file for one in sources for sent in one.submissions if sent.file is not None]
    assert [name for name in files if not is_known_file(name)] == []
