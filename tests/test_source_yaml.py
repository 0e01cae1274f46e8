"""A declaration that is wrong is refused with its file, the line and what to write; a flat source takes few lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from small import CALLS, DECLARATION, FLAT, REGISTER, House
from warm import Warm

from etl.editions import current
from etl.errors import SourceError
from etl.plan import plan_source
from etl.source import load_source, parse_source, source_paths

NAME = "ken_test_register"
TODAY = date(2026, 1, 31)
CORRECTION = """\
corrections:
  - {row: 2, column: Age, was: "25", becomes: "26", why: a slip, by: the station, decided: 2022-01-01, expires: 2027-01-01}
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


# What is replaced, by what, the line of the fault, and words that the sentence must hold.
WRONG = {
    "an unknown key": ("invented: true", "invneted: true", 8, "invneted: is not a key that a source knows"),
    "an unknown key below": ("{format: csv}", "{format: csv, delimeter: ;}", 10, "file.delimeter: is not a key"),
    "a missing key": ("publisher: Nobody\n", "", 1, "publisher: is missing; add it"),
    "a missing key below": ("column: Sex", "reading: code", 15, "columns.sex.column: is missing"),
    "No without marks": ("column: Case", "column: No", 13, 'write "No" in quotes'),
    "off without marks": ("{column: Sex}", "{column: Sex, words: {F: [off]}}", 15, 'write "off" in quotes'),
    "a number with a zero before it": ("{column: Sex}", "{column: Sex, words: {F: [0555]}}", 15, 'write "0555" in quotes'),
    "a number with a zero behind it": ("{column: Sex}", "{column: Sex, words: {F: [1.10]}}", 15, 'write "1.10" in quotes'),
    "a number with a line": ("{column: Sex}", "{column: Sex, words: {F: [1_000]}}", 15, 'write "1_000" in quotes'),
    "a time of day": ("{column: Sex}", "{column: Sex, words: {F: [1:30]}}", 15, 'write "1:30" in quotes'),
    "nothing": ("{column: Sex}", "{column: Sex, words: {F: [null]}}", 15, "is read as nothing and not as a word"),
    "a day for a word": ("{column: Sex}", "{column: 2021-01-01}", 15, "is read as a day and not as a word; put it in quotes"),
    "a day that is none": ("received: 2022-01-10", "received: 2022-02-30", 11, "2022-02-30 is no day"),
    "a tab": ("  sex:", "\tsex:", 15, "not YAML"),
    "a bracket left open": ("{column: Sex}", "{column: Sex", 16, "not YAML"),
    "a key given twice": ("domain: TIP", "domain: TIP\ndomain: SOM", 5, "duplicate"),
    "a field given twice": ("  age: ", "  sex: {column: Gender}\n  age: ", 16, "duplicate"),
    "a reference": ("{column: Sex}", "{column: Sex, words: &w {F: [*w]}}", 15, "write it out"),
    "a name": ("title:", "name: another\ntitle:", 1, "name: the file's name is the name"),
    "a table that is not": ("table: victim", "table: victims", 5, "table: "),
    "a source type that is not": ("source_type: POLICE", "source_type: POLIZEI", 6, "no code 'POLIZEI'; choose one of POLICE"),
    "a unit that is not": ("count_unit: VICTIM", "count_unit: HEADS", 7, "no code 'HEADS'; choose one of VICTIM"),
    "a country that is not": ("country: KEN", "country: KEY", 3, "no code 'KEY'"),
    "a language that is not": ("[eng]", "[english]", 9, "'english' is no ISO 639-3 code; write three letters"),
    "an encoding that is not": ("{format: csv}", "{format: csv, encoding: rot13}", 10, "'rot13' is no encoding of a file"),
    "a delimiter of two signs": ("{format: csv}", '{format: csv, delimiter: "::"}', 10, "'::' is not one sign; write"),
    "headings in no row": ("{format: csv}", "{format: csv, header_rows: [0]}", 10, "header_rows: are the numbers of rows"),
    "a file elsewhere": ("file: register.csv", "file: ../../register.csv", 11, "is not the name of one file or folder"),
    "a period that is not": ("period: 2021", "period: MMXXI", 11, "the period 'MMXXI' cannot be read"),
    "a status that is not": (
        "received: 2022-01-10",
        "received: 2022-01-10, status: FINE",
        11,
        "no code 'FINE'; choose one of RECEIVED",
    ),
    "a file that replaces itself": ("period: 2021", "period: 2021, supersedes: register.csv", 11, "cannot replace itself"),
    "a code that is not": ("{column: Sex}", "{column: Sex, words: {X: [girl]}}", 15, "no code 'X'; choose one of"),
    "a word of two codes": (
        "{column: Sex}",
        "{column: Sex, words: {F: [child], M: [Child]}}",
        15,
        "'Child' cannot mean both F and M; keep one",
    ),
    "a reading that is not": ("{column: Age}", "{column: Age, reading: aging}", 16, "no reading 'aging'; choose one of"),
    "a field that is not": ("  sex:", "  gender:", 15, "columns.gender: victim has no such field; choose one of"),
    "a pattern that is not": (
        "{column: Sex}",
        '{column: Sex, separator: "[;"}',
        15,
        "is not a pattern; write the signs in brackets",
    ),
    "a pattern of nothing": ("{column: Sex}", '{column: Sex, separator: ";*"}', 15, "would part every letter"),
    "two columns for one field": (
        "  sex: {column: Sex}",
        "  sex: {column: Sex}\n  sex_age: {column: Both}",
        15,
        "sex is given by two columns; keep one",
    ),
    "a constant for no field": ("constants: {", "constants: {mood: good, ", 19, "constants.mood: victim has no such field"),
    "a constant with no such code": ("victim_status: IDENTIFIED", "victim_status: FOUND", 19, "no code 'FOUND'; choose one of"),
    "a constant of another kind": (
        "constants: {",
        "constants: {ref_year: last, ",
        19,
        "'last' is not a whole number; write it so",
    ),
    "a constant that is not theirs to give": (
        "constants: {",
        "constants: {source_row: 1, ",
        19,
        "is written by Pembe itself; remove it",
    ),
    "a field that nothing gives": (
        "  sex: {column: Sex}\n",
        "",
        None,
        "nothing gives sex; add `sex: {column: …}` under columns or `sex: …` under constants",
    ),
    "a word where a table belongs": ("{column: Sex}", "Sex", 15, "columns.sex: input should be a valid dictionary"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_declaration_is_refused_with_its_line_and_what_to_write(warm: Warm, tmp_path: Path, name: str) -> None:
    old, new, line, says = WRONG[name]
    assert DECLARATION.count(old) == 1, old
    house = House(tmp_path, warm)
    house.declare(NAME, DECLARATION.replace(old, new))
    house.receive(NAME)
    ended = house.build()
    told = ended.err.splitlines()
    assert ended.code == 1 and "Traceback" not in ended.err, ended.err
    place = f"{NAME}.yml line {line}:" if line is not None else f"{NAME}.yml:"
    assert any(sentence.startswith(place) and says in sentence for sentence in told), ended.err


def test_all_faults_of_all_declarations_are_told_at_once(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.declare(
        NAME, DECLARATION.replace("count_unit: VICTIM", "count_unit: HEADS").replace("{column: Age}", "{column: Age, reading: x}")
    )
    house.declare("uga_test_register", DECLARATION.replace("[eng]", "[english]"))
    house.receive(NAME)
    house.receive("uga_test_register")
    starts = {line.split(": ")[0] for line in house.build().err.splitlines()}
    assert starts == {f"{NAME}.yml line 16", f"{NAME}.yml line 7", "uga_test_register.yml line 9"}


def test_a_column_that_nobody_ruled_on_is_refused_with_the_exact_line_to_add(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.declare(NAME, DECLARATION)
    house.receive(NAME, REGISTER.replace("Remarks", "Remarks,Station,Telephone").replace("none", "none,Embu,"))
    told = house.build().err
    assert "gone: [], new: ['Station', 'Telephone']" in told
    assert 'ignore: {"Station": why it is not needed}; ignore: {"Telephone": identifying}' in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('was: "25"', 'was: "52"'), "expects '52', but the file says something else; remove the correction or write it anew"),
        (("row: 2", "row: 9"), "the correction of row 9, 'Age' finds no such cell; remove it or mend its row"),
        (("column: Age, was", "column: Aeg, was"), "finds no such cell"),
        (("expires: 2027-01-01", "expires: 2026-01-30"), "expired on 2026-01-30; ask the station whether it still holds"),
    ],
)
def test_a_correction_that_no_longer_holds_stops_the_build(
    warm: Warm, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    house = House(tmp_path, warm)
    house.receive(NAME)
    house.declare(NAME, DECLARATION + CORRECTION.replace(*change))
    ended = house.build()
    told = [line for line in ended.err.splitlines() if not line.startswith("·")]
    assert ended.code == 1 and len(told) == 1, ended.err
    assert told[0].startswith(f"{NAME}.yml line 23:") and says in told[0]


def test_a_correction_that_holds_is_applied_until_its_last_day(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.receive(NAME)
    house.declare(NAME, DECLARATION + CORRECTION)
    for day, code in (("2026-01-31", 0), ("2027-01-01", 0), ("2027-01-02", 1)):
        assert house.build(day).code == code
    with duckdb.connect(str(current(house.data).records), read_only=True) as records:
        assert records.execute("SELECT age_years FROM victim WHERE source_row = 2").fetchone() == (26,)


def test_a_file_of_unexpected_size_is_refused(warm: Warm, tmp_path: Path) -> None:
    house = House(tmp_path, warm)
    house.receive(NAME)
    house.declare(NAME, f"{DECLARATION}expected_rows: [10, 20]\n")
    ended = house.build()
    assert ended.code == 1
    assert (
        f"{NAME}.yml line 22: expected_rows: register.csv: has 5 rows where 10 to 20 are expected; send the whole file"
        in ended.err
    )


def test_a_flat_source_takes_seventeen_lines(warm: Warm, tmp_path: Path) -> None:
    assert len(FLAT.splitlines()) == 17
    house = House(tmp_path, warm)
    house.declare("uga_help_line", FLAT)
    house.receive("uga_help_line", CALLS, "calls.csv")
    ended = house.build()
    assert ended.code == 0, ended.err
    with duckdb.connect(str(current(house.data).records), read_only=True) as records:
        found = records.execute(
            "SELECT sex::VARCHAR, citizenship::VARCHAR, exploitation_main::VARCHAR FROM victim ORDER BY source_row"
        ).fetchall()
        assert found[:4] == [("F", "UGA", "LAB_DOM"), ("M", "KEN", "LAB_HERD"), ("M", "UGA", "LAB_HERD"), ("F", "RWA", "LAB_DOM")]
        assert records.execute("SELECT rows_raw, rows_ok, rows_rejected FROM submission").fetchone() == (5, 4, 1)
        assert records.execute("SELECT raw_value, rule_id::VARCHAR FROM problem WHERE severity = 'E'").fetchall() == [
            ("quarrel", "V01")
        ]


@pytest.mark.parametrize("name", sorted(source_paths()))
def test_the_declarations_of_the_house_can_all_be_planned(name: str) -> None:
    source = load_source(source_paths()[name])
    assert plan_source(source, TODAY).source.where("title") == f"{name}.yml line {source._lines['title',]}: title"


def test_a_declaration_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.yml"
    path.write_bytes(b"\xff\xfet\0")
    with pytest.raises(SourceError, match="cannot be read as UTF-8 text"):
        load_source(path)
    with pytest.raises(SourceError, match="in small letters"):
        parse_source(DECLARATION, "Ken Register")


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("age: {column: Age}", "columns.age: observation has no field for what is read here; write `reading: code`, and its"),
        ("age: {column: Age, words: {Y0T17: [Children]}}", "columns.age: observation has no field for what is read here"),
        ("sex_age: {column: Who}", "columns.sex_age: observation has no field for what is read here; declare the fields"),
        ("fine: {column: Fine}", "columns.fine: observation has no field for what is read here; declare the fields"),
        ("age: {column: Age, reading: code, words: {Y0T17: [Children], Y_GE18: [Adults]}}", None),
    ],
)
def test_a_column_whose_words_would_be_lost_is_refused_and_never_counted_as_a_total(column: str, told: str | None) -> None:
    text = (
        "title: x\npublisher: x\ncountry: ETH\ndomain: TIP\ntable: observation\nsource_type: COORD\ncount_unit: VICTIM\n"
        "invented: true\nlanguages: [eng]\nsubmissions: [{file: figures.csv, period: 2021}]\n"
        f"columns:\n  {column}\n  obs_value: {{column: Number}}\nconstants: {{indicator: TIP_VIC_DET}}\n"
    )
    source = parse_source(text, "eth_office_figures")
    if told is None:
        assert plan_source(source, TODAY).columns[0].outputs == ("age",)
        return
    with pytest.raises(SourceError) as met:
        plan_source(source, TODAY)
    assert told in str(met.value)
