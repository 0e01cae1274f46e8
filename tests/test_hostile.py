"""Any bytes, any table, any declaration: only the family of faults that a person can act on ever appears."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import DECLARATION, HEADINGS, REGISTER, ROWS
from table_files import WRITE

from etl.errors import SourceError
from etl.plan import plan_source
from etl.read import read_submission
from etl.received import receive
from etl.recode import Recoder, Tally
from etl.select import constant_parameters
from etl.source import Source, parse_source
from etl.store import RECORDS, open_new
from etl.submissions import write_lineage, write_submission

NAME = "ken_test_register"
TODAY = date(2026, 1, 31)
FEW = settings(max_examples=100, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
FEWER = settings(FEW, max_examples=40)
TABLE = [line.split(",") for line in [HEADINGS, *ROWS]]
FORMS = {
    "csv": "{format: csv}",
    "csv.gz": "{format: csv}",
    "csv.zip": "{format: csv}",
    "utf16.csv": "{format: csv, encoding: utf-16}",
    "arabic.csv": "{format: csv, encoding: windows-1256, footer_rows: 1}",
    "headings.csv": "{format: csv, header_rows: [1, 2]}",
    "xlsx": "{format: xlsx}",
    "xls": "{format: xls}",
    "ods": "{format: ods}",
    "json": "{format: json}",
    "jsonl": "{format: jsonl}",
}


def declared(ending: str) -> str:
    return DECLARATION.replace("{format: csv}", FORMS[ending]).replace("register.csv", f"r.{ending}")


def run(source: Source, folder: Path) -> list[Tally]:
    """Do with one source all that a build does with it, into a database in memory; give what became of its rows."""
    plan = plan_source(source, TODAY)
    received, faults = receive([source], [folder], TODAY)
    if faults:
        raise SourceError(faults[0])
    keys = {name: () for name in (*RECORDS, "observation")} | {
        plan.table.name: tuple(column.key for column in plan.columns if column.reading != "key")
    }
    connection = open_new(Path(":memory:"), [item.submission_id for item in received], keys)
    tallies = []
    try:
        recoder = Recoder(connection, plan, "invented")
        for item in received:
            tally = Tally()
            if item.path is not None and item.rows_count:
                identity = item.identity(source, TODAY) | constant_parameters(plan) | {"salt": "invented"}
                tally = recoder.recode(read_submission(plan, item.path), identity, source.corrections)
            write_submission(connection, source, item, tally)
            tallies.append(tally)
            kept = connection.execute(
                f"SELECT count(*) FROM {plan.table.name} WHERE submission_id = ?", [item.submission_id]
            ).fetchone()
            assert kept == (tally.kept,)
        write_lineage(connection, recoder)
    finally:
        connection.close()
    return tallies


def only_faults_of_the_source(text: str, folder: Path, file: str, content: bytes) -> list[Tally]:
    """Run a declaration on a file: a fault is one of the source and one sentence, or every row is accounted for."""
    path = folder / NAME / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    try:
        tallies = run(parse_source(text, NAME), folder)
    except SourceError as fault:
        assert all(line.strip() for line in str(fault).splitlines()) and len(str(fault)) < 10_000
        return []
    finally:
        path.unlink()
    for tally in tallies:
        assert tally.read == tally.kept + tally.refused + tally.skipped_rows
    return tallies


# Signs that mean something to one reader or another, and any others.
PIECES = st.sampled_from(['"', ",", "\n", "\r\n", "\r", "\0", "\ufeff", ";", "\t", "\u2028", "\x1a", "'", "é", "١٢", "፩", "ቀን"])
CELLS = st.one_of(
    st.sampled_from(sorted({cell for row in TABLE for cell in row})),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.lists(PIECES, max_size=3).map("".join),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(
        [
            "31/12/2021",
            "1.000,5",
            "-1",
            "1e999",
            "٣١/١٢/٢٠٢١",
            "13 Meskerem 2014",
            "5-10",
            "<5",
            "about 20",
            "9" * 400,
            "2021-02-30",
        ]
    ),
)
ROW = st.lists(CELLS, min_size=len(TABLE[0]), max_size=len(TABLE[0]))
XML = {number: None for number in [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]}


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Give a file cut, overwritten, repeated or lengthened at any place."""
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    inserted = draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"", b"\0", b'"', whole[start:end]])))
    return whole[:start] + inserted + whole[draw(st.sampled_from([start, end])) :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("ending", FORMS)
@FEWER
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(folder: Path, ending: str, content: bytes) -> None:
    only_faults_of_the_source(declared(ending), folder, f"r.{ending}", content)


@pytest.mark.parametrize("ending", WRITE)
def test_a_damaged_file_is_read_or_refused(folder: Path, ending: str) -> None:
    whole = WRITE[ending](TABLE)

    @FEWER
    @given(content=damaged(whole))
    def check(content: bytes) -> None:
        only_faults_of_the_source(declared(ending), folder, f"r.{ending}", content)

    assert len(only_faults_of_the_source(declared(ending), folder, f"r.{ending}", whole)) == 1
    check()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "json"])
@FEWER
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_any_table_under_the_headings_agreed_is_accounted_for(folder: Path, ending: str, rows: list[list[str]]) -> None:
    if ending in ("xlsx", "ods"):
        rows = [[cell.translate(XML) for cell in row] for row in rows]
    tallies = only_faults_of_the_source(declared(ending), folder, f"r.{ending}", WRITE[ending]([TABLE[0], *rows]))
    for tally in tallies:
        empty = sum(not any(cell.strip() for cell in row) for row in rows)
        assert len(rows) - empty <= tally.read <= len(rows)


@FEW
@given(text=st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\n\n  :-[]{}&*!|>'\"#,?\t")), max_size=200))
def test_any_text_is_a_declaration_or_refused(folder: Path, text: str) -> None:
    only_faults_of_the_source(text, folder, "register.csv", REGISTER.encode())


LINES = DECLARATION.splitlines()
WORDS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "null",
                "~",
                "[]",
                "{}",
                "0",
                "-1",
                "1e9",
                "2021",
                "2021-02-30",
                "No",
                "_U",
                "_T",
                "KEN",
                "F",
                "SEX",
                "several",
            ),
            *(
                "[1, 2]",
                "{a: b}",
                "Sex",
                "code",
                "key",
                "age",
                "date",
                "count",
                "money",
                "text",
                "years",
                "period",
                "observation",
            ),
            *("victim", "suspect", "smuggling_incident", "'", '"', "&a", "*a", "!!python/object:os.system", "!!binary x", "? x"),
            *("- x", ": ", "#", "%", "@", "\t", "|", ">"),
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)


@st.composite
def declarations(draw: st.DrawFn) -> str:
    """Give a declaration of which one or two lines were lost, repeated, moved or written otherwise."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "word", "lose", "repeat", "move", "indent"])):
            case "value":
                lines[place] = lines[place].split(":")[0] + ": " + draw(WORDS)
            case "word":
                words = lines[place].replace(",", " ,").replace("}", " }").split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(WORDS)
                lines[place] = " ".join(words)
            case "lose":
                lines.pop(place)
            case "repeat":
                lines.insert(place, lines[place])
            case "move":
                lines.insert(draw(st.integers(0, len(lines))), lines.pop(place))
            case "indent":
                lines[place] = draw(st.sampled_from(["  ", " ", "\t", "- "])) + lines[place].strip()
    return "\n".join(lines)


@FEW
@given(text=declarations())
def test_a_declaration_with_lines_changed_is_run_or_refused(folder: Path, text: str) -> None:
    only_faults_of_the_source(text, folder, "register.csv", REGISTER.encode())


FIELDS = st.sampled_from(
    [
        *("sex", "age", "age_group", "sex_age", "citizenship", "exploitation_forms", "exploitation_main", "fee", "case_key"),
        *("date_identified", "area_exploitation", "means_legal", "services", "uasc", "n_linked_suspects", "referred"),
        *("ref_year", "reporting_country", "victim_status", "consent_stat_use", "labour_isic", "coordinates", "migrants"),
        *("obs_value", "time_period"),
    ]
)
# What a table of victims asks for, so that many of the declarations made are whole.
NEEDED = {
    **dict.fromkeys(("consent_stat_use", "exploitation_main", "sex", "age_group", "citizenship"), "_U"),
    **{
        "victim_status": "IDENTIFIED",
        "age_reference": "IDENTIFICATION",
        "trafficking_scope": "DOM",
        "country_exploitation": "KEN",
    },
}
READINGS_NAMED = st.sampled_from(
    [None, "code", "codes", "key", "text", "date", "age", "count", "number", "yes_no", "country", "area", "period", "money"]
)


@FEW
@given(
    columns=st.dictionaries(FIELDS, st.tuples(st.sampled_from(TABLE[0]), READINGS_NAMED), max_size=6),
    constants=st.dictionaries(
        FIELDS, st.sampled_from(["_U", "F", "KEN", "2021", "1", "x", "LAB_DOM|BEG", "true", "2021-01-01"]), max_size=6
    ),
    table=st.sampled_from(["victim", "suspect", "smuggling_incident", "smuggled_group", "observation"]),
)
def test_any_columns_and_constants_are_run_or_refused(
    folder: Path, columns: dict[str, tuple[str, str | None]], constants: dict[str, str], table: str
) -> None:
    top = DECLARATION[: DECLARATION.index("columns:")].replace("table: victim", f"table: {table}")
    base = NEEDED if table == "victim" else {}
    given_by = {name for name in columns} | ({"age_group"} if columns.keys() & {"age", "sex_age"} else set())
    said = {name: value for name, value in (base | constants).items() if name not in given_by}
    mapped = {name: {"column": header} | ({"reading": reading} if reading else {}) for name, (header, reading) in columns.items()}
    used = {header for header, _ in columns.values()}
    ignored = {name: "not needed" for name in TABLE[0] if name not in used}
    text = top + "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in (("columns", mapped), ("constants", said), ("ignore", ignored))
    )
    only_faults_of_the_source(text, folder, "register.csv", REGISTER.encode())


def test_an_uneven_row_that_is_no_text_is_refused_without_a_word_from_the_reader(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = REGISTER.encode().replace(b"25,Uganda", b"25,more,\xf3")
    assert only_faults_of_the_source(declared("csv"), folder, "r.csv", content) == []
    assert capfd.readouterr() == ("", "")
