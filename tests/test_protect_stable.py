"""Noise is stable: what a record is read as, how its file is written and who else is in it move no cell whose count stays."""

from __future__ import annotations

import csv
import datetime
import json
import random
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from openpyxl import Workbook
from valid_rows import VALID

from etl.draws import Draws
from etl.editions import Edition
from etl.pipeline import build
from etl.row_texts import KeyTexts
from etl.source import parse_source
from etl.store import open_new

DAY = datetime.date(2026, 1, 31)
DECLARATION = """
title: Invented register of victims
publisher: Invented police
country: KEN
domain: TIP
table: victim
source_type: POLICE_SPEC
count_unit: VICTIM
invented: true
languages: [eng]
date_order: dmy
file: {form}
submissions:
  - {{file: {file}, period: 2021}}
columns:
  {key}
  date_identified: {{column: Date}}
  sex: {{column: Sex, words: {{F: [girl], M: [boy]}}}}
  age: {{column: Age}}
  citizenship: {{column: Nationality}}
  exploitation_forms: {{column: Form, words: {{LAB_DOM: [housework], LAB_AGR: [farm], SEX_PROST: [bar], {herding}: [cattle]}}}}
  trafficking_scope: {{column: Where, words: {{DOM: [inside], XB_REG: [beyond]}}}}
  country_exploitation: {{column: Taken to}}
  referred: {{column: Referred, words: {{"Y": ["yes"], "N": ["no"]}}}}
constants: {{victim_status: IDENTIFIED, age_reference: IDENTIFICATION, consent_stat_use: _U}}
ignore: {ignore}
"""
HEADINGS = ("No.", "Date", "Sex", "Age", "Nationality", "Form", "Where", "Taken to", "Referred")
NAME = "ken_police_stable"


def rows(number: int = 300) -> list[list[str]]:
    """Make up a register in which some rows are equal but for their case number, and a case has up to three persons."""
    chance = random.Random(11)
    return [
        [
            f"OB/{place // 3}", f"{chance.randint(1, 28):02}/0{chance.randint(1, 3)}/2021", chance.choice(["girl", "boy"]),
            str(chance.choice([9, 15, 24, 40])), chance.choice(["Kenya", "Kenya", "Uganda", "Somalia"]),
            chance.choice(["housework", "farm", "bar", "cattle"]), chance.choice(["inside", "beyond"]),
            chance.choice(["Kenya", "Kenya", "Saudi Arabia"]), chance.choice(["yes", "no"]),
        ]
        for place in range(number)
    ]  # fmt: skip


def write(path: Path, table: list[list[str]]) -> None:
    """Write headings and rows in the form that the ending of a file names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    heads, body = table[0], table[1:]
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in table:
            book.active.append(row)
        book.save(path)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table)
    else:
        objects = [dict(zip(heads, row, strict=True)) for row in body]
        lines = path.suffix == ".jsonl"
        path.write_text("\n".join(map(json.dumps, objects)) if lines else json.dumps(objects), encoding="utf-8")


def edition(
    data: Path, body: list[list[str]], ending: str = "csv", keyed: bool = True, herding: str = "LAB_HERD",
    order: tuple[int, ...] = tuple(range(len(HEADINGS))),
) -> Edition:  # fmt: skip
    """Build an edition of one register, always with the secret of the same data folder."""
    file = f"register.{ending}"
    table = [[row[place] for place in order] for row in [list(HEADINGS), *body]]
    write(data / "received" / NAME / file, table)
    key, ignore = ("case_key: {column: No.}", "{}") if keyed else ("", "{No.: running number}")
    text = DECLARATION.format(file=file, form=f"{{format: {ending}}}", key=key, ignore=ignore, herding=herding)
    return build(data, [parse_source(text, NAME)], [data / "received"], DAY)


Told = dict[tuple[str, ...], tuple[int, float | None, str]]
Registers = dict[bool, tuple[Path, Told]]


def told(made: Edition) -> Told:
    """Give of every cell that is shown the true count, the number shown and its confidentiality."""
    with duckdb.connect(str(made.records), read_only=True) as records:
        found = records.execute(
            "SELECT [source, indicator, time_period, source_type, sex, age, citizenship, counterpart_area, departure, transit, "
            "exploitation, offence, scope, stage, route, transport_mode, outcome]::VARCHAR[] AS cell, n, obs_value, "
            "conf_status::VARCHAR FROM shown JOIN exact USING (observation_id) WHERE protection = 'CELL_KEY'"
        ).fetchall()
    return {tuple(row[0]): row[1:] for row in found}


def moved(first: Told, second: Told) -> tuple[int, list[tuple[str, ...]]]:
    """Give how many cells have one true count in both editions and are numbers in both, and which of them are not one number."""
    both = [
        cell for cell, (n, number, _) in first.items()
        if number is not None and cell in second and second[cell][0] == n and second[cell][1] is not None
    ]  # fmt: skip
    return len(both), [cell for cell in both if first[cell][1] != second[cell][1]]


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Registers:
    """Give the register as a comma-separated file, with its case numbers and without: the data folder, and what is shown."""
    made = {keyed: tmp_path_factory.mktemp("stable") for keyed in (True, False)}
    return {keyed: (data, told(edition(data, rows(), keyed=keyed))) for keyed, data in made.items()}


@pytest.mark.parametrize("keyed", [True, False])
def test_a_word_that_is_coded_otherwise_moves_no_cell_whose_count_stays(registers: Registers, keyed: bool) -> None:
    data, one = registers[keyed]
    two = told(edition(data, rows(), keyed=keyed, herding="LAB_OTH"))
    assert {cell[10] for cell in one} != {cell[10] for cell in two}
    number, differ = moved(one, two)
    assert number > 100 and differ == []


@pytest.mark.parametrize(("ending", "keyed"), [("xlsx", True), ("xlsx", False), ("json", False), ("jsonl", False)])
def test_the_format_of_a_file_moves_no_cell(registers: Registers, ending: str, keyed: bool) -> None:
    data, first = registers[keyed]
    assert told(edition(data, rows(), ending, keyed=keyed)) == first


@pytest.mark.parametrize("keyed", [True, False])
def test_neither_the_order_of_columns_nor_that_of_rows_moves_a_cell(registers: Registers, keyed: bool) -> None:
    data, first = registers[keyed]
    body = random.Random(3).sample(rows(), 300)
    assert told(edition(data, body, keyed=keyed, order=(8, 3, 0, 7, 1, 2, 6, 5, 4))) == first


def test_with_a_case_number_another_answer_for_fifteen_of_a_hundred_moves_nothing(tmp_path: Path) -> None:
    """That is 46 of 300; without case numbers only they themselves are drawn anew."""
    body = [[*row[:8], {"yes": "no", "no": "yes"}[row[8]]] if place % 13 in (0, 6) else row for place, row in enumerate(rows())]
    body = [[f"OB/{place}", *row[1:]] for place, row in enumerate(body)]
    before = [[f"OB/{place}", *row[1:]] for place, row in enumerate(rows())]
    number, differ = moved(told(edition(tmp_path, before)), told(edition(tmp_path, body)))
    assert number > 100 and differ == []


def test_without_case_numbers_only_the_rows_whose_text_changed_are_drawn_anew(registers: Registers, tmp_path: Path) -> None:
    data, first = registers[False]
    # an installation of the same key with no edition before it, so that nothing is held there and nothing released here
    shutil.copy(data / "secret.key", tmp_path / "secret.key")
    body = rows()
    places = [place for place, row in enumerate(body) if (row[2], row[5]) == ("girl", "housework")][:12]
    changed = [[*row[:8], {"yes": "no", "no": "yes"}[row[8]]] if place in places else row for place, row in enumerate(body)]
    _, differ = moved(first, told(edition(tmp_path, changed, keyed=False)))
    sex, form = "F", "LAB_DOM"
    assert differ != []
    for cell in differ:
        assert cell[4] in ("_T", sex) and cell[10] in ("_T", form)


@pytest.mark.parametrize("keyed", [True, False])
def test_a_person_who_joins_moves_only_her_own_cells(registers: Registers, keyed: bool) -> None:
    data, first = registers[keyed]
    joins = ["OB/900", "14/02/2021", "girl", "15", "Uganda", "bar", "beyond", "Kenya", "yes"]
    number, differ = moved(first, told(edition(data, [joins, *rows()], keyed=keyed)))
    assert number > 100 and differ == []


def test_rows_that_say_the_same_have_draws_of_their_own(tmp_path: Path) -> None:
    connection = open_new(tmp_path / "records.duckdb", ["KEN-2021-1"], {})
    row = VALID["submission"] | {"submission_id": "KEN-2021-1"}
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(f"INSERT INTO submission ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    numbers, _ = KeyTexts("a key of this test", "case").numbers(pa.array(["OB/1"] * 10 + ["OB/2"]))
    draws = Draws(connection, "victim", "a key of this test")
    draws.add("KEN-2021-1", np.arange(11), numbers)
    draws.settle(dict)
    drawn = [item[0] for item in connection.execute("SELECT drawn FROM victim_draw ORDER BY source_row").fetchall()]
    assert len({*drawn}) == 11 and drawn[0] == int(numbers[0] >> np.uint64(1))
    connection.close()
