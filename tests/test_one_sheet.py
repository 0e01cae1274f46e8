"""One sheet, saved in every form that is read, gives the same records and the same problems in the same rows."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sheet_forms import CONVERTED, PLAIN, STATISTICS, converted, statistics
from table_files import WRITE
from test_hostile import TODAY

from etl.plan import plan_source
from etl.raw import numbered_rows
from etl.read import read_submission
from etl.read_file import read_file
from etl.received import receive
from etl.recode import Recoder
from etl.select import constant_parameters
from etl.source import FileForm, parse_source
from etl.store import RECORDS, open_new

NAME = "ken_test_register"
DECLARATION = """\
title: Register of a station that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: victim
source_type: POLICE
count_unit: VICTIM
invented: true
languages: [eng, ara, amh]
calendar: ETH
file: FORM
submissions: [{file: FILE, period: 2021}]
columns:
  case_key: {column: Case}
  date_identified: {column: Date}
  sex: {column: Sex}
  age: {column: Age}
  citizenship: {column: Nationality}
  duration_months: {column: Months held}
  n_linked_suspects: {column: Linked suspects, thousands: ","}
  exploitation_forms: {column: Form, words: {LAB_DOM: [Housework], BEG: [Begging]}}
constants: {victim_status: IDENTIFIED, age_reference: IDENTIFICATION, trafficking_scope: DOM,
  country_exploitation: KEN, consent_stat_use: _U}
"""
FORMS = {"tsv": '{format: csv, delimiter: "\\t", footer_rows: 1}', "json": "{format: json}", "jsonl": "{format: jsonl}"}
RECORD = "source_row, date_identified::VARCHAR, sex::VARCHAR, age_years, citizenship::VARCHAR, duration_months, n_linked_suspects"
PROBLEM = "source_row, field, rule_id, severity::VARCHAR, raw_value"


def outcome(form: str, content: bytes, folder: Path) -> dict[str, object]:
    """Read one file as a build does: what became of its rows, its records and its problems."""
    text = DECLARATION.replace("FORM", FORMS.get(form, f"{{format: {form}, footer_rows: 1}}")).replace("FILE", f"cases.{form}")
    if form in STATISTICS:
        text = text.replace(", footer_rows: 1", "").replace("Months held", "Months_held")
        text = text.replace("Linked suspects", "Linked_suspects")
    source = parse_source(text, NAME)
    (folder / NAME).mkdir(exist_ok=True)
    (folder / NAME / f"cases.{form}").write_bytes(content)
    plan = plan_source(source, TODAY)
    [item], faults = receive([source], [folder], TODAY)
    assert faults == [] and item.path is not None
    keys = {name: () for name in (*RECORDS, "observation")}
    keys |= {plan.table.name: tuple(column.key for column in plan.columns if column.reading != "key")}
    connection = open_new(Path(":memory:"), [item.submission_id], keys)
    try:
        identity = item.identity(source, TODAY) | constant_parameters(plan) | {"salt": "invented"}
        tally = Recoder(connection, plan, "invented").recode(read_submission(plan, item.path), identity, ())
        records = connection.execute(f"SELECT {RECORD} FROM victim ORDER BY ALL").fetchall()
        problems = connection.execute(f"SELECT {PROBLEM} FROM problem ORDER BY ALL").fetchall()
    finally:
        connection.close()
    counts = (tally.read, tally.kept, tally.refused, dict(tally.skipped))
    return {"records": records, "problems": problems, "counts": counts}


# Written by hand from the sheet; a row is counted below the headings, the empty one with the others.
RECORDS_READ = [(1, "2021-09-23", "F", 17, "KEN", 14, 1234), (2, "2021-10-31", "M", 25, "ETH", None, 12)]
PROBLEMS = [
    (2, "duration_months", "V01", "W", "#DIV/0!"),
    (4, "age", "V03", "E", "45%"),
    (5, "exploitation_forms", "V01", "E", "Quarrying of salt"),
    (6, "date_identified", "V12", "E", "Pagume 7 2013"),
]
READ = {"records": RECORDS_READ, "problems": PROBLEMS, "counts": (6, 2, 3, {"rows without any value": 1})}


@pytest.mark.parametrize("form", PLAIN)
def test_one_sheet_gives_the_same_records_and_problems_in_every_form(form: str, tmp_path: Path) -> None:
    assert outcome(form, PLAIN[form](), tmp_path) == READ


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice saves the sheet in these forms")
@pytest.mark.parametrize("form", CONVERTED)
def test_so_it_does_as_another_program_saves_it(form: str, tmp_path: Path) -> None:
    assert outcome(form, converted(tmp_path, form), tmp_path) == READ


@pytest.mark.parametrize("form", STATISTICS)
def test_so_it_does_in_files_of_statistics_which_number_the_persons_themselves(form: str, tmp_path: Path) -> None:
    read = outcome(form, statistics(STATISTICS[form], tmp_path, form), tmp_path)
    numbered = [(number - (number > 3), *rest) for number, *rest in PROBLEMS]
    assert read == {"records": RECORDS_READ, "problems": numbered, "counts": (5, 2, 3, {})}


CELLS = some.sampled_from(["", "17", "45%", "1,234", "1.000", "#N/A", "አበበ", "كينيا", "a b", "<5", "x;y", '"', "2021-02-03"])
BODIES = some.lists(some.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5)
QUICK = settings(max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def page_of(rows: list[list[str]]) -> bytes:
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f'<meta charset="utf-8"><table>{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'.encode()


@QUICK
@given(body=BODIES.filter(lambda rows: any(map(any, rows))))
def test_any_small_sheet_is_the_same_rows_in_every_form(body: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("forms")
    expected = [(number, row) for number, row in enumerate(body, start=1) if any(row)]
    for form, write in {**{name: WRITE[name] for name in ("csv", "xlsx", "ods", "json", "jsonl")}, "html": page_of}.items():
        path = folder / f"r.{form}"
        path.write_bytes(write([["Case", "Age", "Note"], *body]))
        raw = read_file(path, FileForm.model_validate({"format": form}), None, frozenset())
        assert [(number, [*row.values()]) for number, row in numbered_rows(raw)] == expected, form
