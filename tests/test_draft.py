"""From a file that nobody has declared to a declaration: the form is found, little is asked, and the check then passes."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from etl.draft.command import write_draft
from etl.draft.declare import declaration, edits
from etl.draft.draft import Draft, draft_of
from etl.draft.sample import write_sample
from etl.errors import SourceError
from etl.inspect import check_source
from etl.source import Source, load_source, source_paths
from pembe import ROOT
from tests import faulty_files, table_files

TODAY = datetime.date(2026, 11, 25)
SAMPLES = ROOT / "data" / "samples"
# Tables that say shares, or that a person must part by hand first.
OTHER = {"tun_inltp_shares"}
MOST_EDITS = 10
NOTHING = ROOT / "tests" / "no declarations"  # a folder that is not there


def samples() -> list[str]:
    paths = source_paths()
    named = (name for name, path in paths.items() if load_source(path).invented and name not in OTHER)
    return [name for name in named if any(item.file for item in load_source(paths[name]).submissions)]


def received(source: Source) -> Path:
    name = [item.file for item in source.submissions if item.file is not None][-1]
    return SAMPLES / (source.folder or source.name) / name


@cache
def drafted(name: str) -> tuple[Source, Draft]:
    """Draft a sample as if the house had no declaration of it, nor any other."""
    source = load_source(source_paths()[name])
    country = source.country if source.country != "several" else None
    sheet = source.file.sheet if name.startswith("egy") else None
    return source, draft_of(received(source), country, None, sheet, TODAY, declarations=NOTHING)


# Samples whose one table counts cases, incidents, persons and victims.
MIXED_UNITS = ("egy_nccpim_som", "egy_nccpim_tip", "eth_regional_summary", "uga_police_tip")


# What a draft should ask and does not: these children are counted beside men and women, and nothing says of which sex they are.
UNASKED = {"lby_coastguard_incidents": "n_sex_unknown: {column: أطفال}"}


def answered(text: str, source: Source, period: str) -> tuple[str, int]:
    """Answer every ASK as the declaration of the house does; give the text and how many lines were edited."""
    answers = {
        "publisher": source.publisher, "country": source.country, "domain": source.domain, "source_type": source.source_type,
        "count_unit": source.count_unit, "period_type": source.period_type, "calendar": source.calendar, "period": period,
        "indicator": source.constants.get("indicator", "TIP_VIC_DET"),
    }  # fmt: skip
    edited = edits(text)
    text = re.sub(r"(\w+): ASK\b", lambda found: f'{found[1]}: "{answers[found[1]]}"', text)
    if source.name in UNASKED:
        text = text.replace("\ncolumns:\n", f"\ncolumns:\n  {UNASKED[source.name]}\n", 1)
        edited += 1
    return text, edited


def settled(faults: list[str]) -> list[str]:
    """Leave out columns that a draft leaves to a person, and, where there are such, what is refused or unread until then."""
    if not any(": ignore: " in fault for fault in faults):
        return faults
    left = (": ignore: ", ": accept_refused: ", ": none of the values of the column ")
    return [fault for fault in faults if not any(words in fault for words in left)]


@pytest.mark.parametrize("name", samples())
def test_the_form_of_a_sample_is_found_as_a_person_declared_it(name: str) -> None:
    source, draft = drafted(name)
    form = draft.sight.form
    assert draft.about.table.value == source.table
    assert (form.format, form.delimiter, form.header_rows, form.footer_rows) == (
        source.file.format, source.file.delimiter, source.file.header_rows, source.file.footer_rows,
    )  # fmt: skip
    same = {form.encoding, source.file.encoding} <= {"utf-8", "utf-8-sig"} or form.encoding == source.file.encoding
    assert same


@pytest.mark.parametrize("name", samples())
def test_the_draft_of_a_sample_passes_the_check_with_at_most_ten_edited_lines(name: str, tmp_path: Path) -> None:
    source, draft = drafted(name)
    period = [item.period for item in source.submissions if item.file is not None][-1]
    text, edited = answered(declaration(draft, "en"), source, period)
    path = tmp_path / "new_office_register.yml"
    path.write_text(text, "utf-8")
    report = check_source(str(path), received(source), tmp_path / "data", tmp_path, None, TODAY)
    # a table of cases and persons has one unit in its draft: each line whose indicator counts otherwise is one more to edit
    units = [fault for fault in report.faults if fault.endswith("choose the indicator of that unit")]
    assert settled(report.faults) == units and (units == [] or name in MIXED_UNITS)
    assert edited + len(units) <= MOST_EDITS
    if units:
        return
    facts = report.facts
    assert facts["read"] == int(str(facts["kept"])) + int(str(facts["refused"])) + int(str(facts["skipped"]))


@pytest.mark.parametrize("name", samples())
def test_no_column_of_a_sample_is_taken_for_a_field_that_a_person_would_not_choose(name: str) -> None:
    source, draft = drafted(name)
    ours: dict[str, set[str]] = {}
    for key, column in source.columns.items():
        ours.setdefault(column.column, set()).add(key)
    wrong = [
        (choice.header, choice.field)
        for choice in draft.choices
        if choice.state == "mapped" and choice.header in ours
        if not ours[choice.header] & ({choice.field} | ALSO_RIGHT[choice.field])
    ]
    assert wrong == []


class _AlsoRight(dict[str, set[str]]):
    """What says the same of a column in other words."""

    def __missing__(self, field: str) -> set[str]:
        return set()


ALSO_RIGHT = _AlsoRight(age={"age_group"}, migrants={"n_migrants"}, n_migrants={"migrants"}, obs_comment={"obs_status"})


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_draft_is_written_in_the_language_that_was_asked_for(language: str, tmp_path: Path) -> None:
    source = load_source(source_paths()["sdn_moi_reports"])
    report = write_draft(received(source), "SDN", None, None, tmp_path, "sdn_office_reports", language, 5, False, TODAY)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".html", ".tsv", ".yml"]
    page = (tmp_path / "sdn_office_reports.html").read_text("utf-8")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert "http" not in page and "<script" not in page
    words = {"en": "Answer each ASK", "fr": "Répondez à chaque ASK", "ar": "أجب عن كل ASK"}
    text = (tmp_path / "sdn_office_reports.yml").read_text("utf-8")
    assert words[language] in text
    assert YAML(typ="safe", pure=True).load(text)["columns"]["sex"]["column"] == "النوع"
    assert report.facts["asked"] == edits(text)


def test_a_draft_is_not_written_over(tmp_path: Path) -> None:
    path = received(load_source(source_paths()["sdn_moi_reports"]))
    write_draft(path, "SDN", None, None, tmp_path, "sdn_office_reports", "en", 5, False, TODAY)
    with pytest.raises(SourceError, match="stands already; say --force"):
        write_draft(path, "SDN", None, None, tmp_path, "sdn_office_reports", "en", 5, False, TODAY)


def test_the_sample_of_a_draft_has_its_form_and_no_row_of_its_file(tmp_path: Path) -> None:
    source = load_source(source_paths()["dji_gendarmerie_interceptions"])
    write_draft(received(source), "DJI", None, None, tmp_path, "dji_office_incidents", "fr", 5, False, TODAY)
    rows = (tmp_path / "dji_office_incidents_sample.csv").read_bytes().decode("windows-1252").splitlines()
    real = received(source).read_bytes().decode("windows-1252").splitlines()
    assert rows[0] == real[0]
    assert len(rows) == 13 and set(rows[1:]) & set(real) == set()
    assert "PV 0" not in "".join(rows[1:])


FAULTY = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\r\n \r\n", "is empty"),
    "headings.csv": (b"Sex,Age,Nationality\n", "has headings and no rows"),
    "report.pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF and no table"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n", "is a picture and no table"),
    "page.csv": (b"<!DOCTYPE html><html><body>no</body></html>", "is a web page without a table"),
    "letter.docx": (faulty_files.zipped(("word/document.xml", "<x/>")), "is a Word document without a table"),
    "several.zip": (faulty_files.zipped(("a.csv", "a,b\n1,2\n"), ("b.csv", "a,b\n1,2\n")), "holds 2 files"),
    "cut.xlsx": (table_files.workbook([["Sex", "Age"], ["F", "12"]])[:400], "is a damaged workbook"),
    "locked.zip": (faulty_files.locked(table_files.zipped(b"a,b\n1,2\n")), "is locked with a password"),
    "words.txt": (b"Dear colleague, please find the table in the next message, " * 12, "is no table of columns"),
    "bytes.csv": (bytes(range(128, 256)) * 40, "no encoding that is known here"),
    "cut.json": (b'[{"sex": "F"}, {"sex', "is not JSON"),
    "open.csv": (b'Sex,Age,Nationality\nF,"12,Kenya\n' + b"M,13,Uganda\n" * 50, "never closed"),
    "twice.csv": (b"Sex,Sex\nF,M\nM,F\nF,F\n", "two columns have the heading"),
}


@pytest.mark.parametrize("name", list(FAULTY))
def test_a_file_that_is_no_table_is_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, said = FAULTY[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as told:
        draft_of(path, "KEN", None, None, TODAY, declarations=tmp_path)
    assert said in str(told.value) and len(str(told.value).splitlines()) == 1, told.value


SDMX = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,CITIZENSHIP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS"
FRICTIONLESS = "case_id,date_of_identification,sex,age_years,nationality,form_of_exploitation,country_of_exploitation,notes"
XLSFORM = (
    "start,end,intro/enumerator_name,case/case_number,case/date_reported,victim/victim_sex,victim/victim_age,"
    "victim/victim_nationality,victim/exploitation_type,victim/means,service/referred_yn,_uuid,_submission_time,_index"
)
FORMS = {
    "sdmx": [
        SDMX,
        *(
            f"dataflow,PB:TIP(1.0),I,A,KEN,TIP_VIC_DET,{sex},{age},_T,{year},{year % 7 + 3},PS,A"
            for year in range(2015, 2023) for sex in ("F", "M", "_T") for age in ("_T", "Y0T17")
        ),
    ],
    "frictionless": [
        FRICTIONLESS,
        *(
            f"c-{n:03d},2021-{n % 12 + 1:02d}-{n % 27 + 1:02d},{('female', 'male')[n % 2]},{n % 50 + 8},KEN,begging,SAU,"
            for n in range(60)
        ),
    ],
    "xlsform": [
        XLSFORM,
        *(
            f"2022-03-01T10:00:00.000+03:00,2022-03-01T10:20:00.000+03:00,x,CR-{n},2022-{n % 12 + 1:02d}-{n % 27 + 1:02d},"
            f"{('female', 'male')[n % 2]},{n % 50 + 8},kenya,forced_marriage,{('threat', 'deception', 'force threat')[n % 3]},"
            f"{('yes', 'no')[n % 2]},uuid:{n},2022-03-01T10:20:00,{n}"
            for n in range(60)
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize("form", list(FORMS))
def test_forms_of_other_houses_pass_the_check_with_at_most_ten_edited_lines(form: str, tmp_path: Path) -> None:
    file = tmp_path / "received" / f"{form}.csv"
    file.parent.mkdir()
    file.write_text("\n".join([*FORMS[form], ""]), "utf-8")
    draft = draft_of(file, "KEN", None, None, TODAY, declarations=tmp_path / "nothing")
    text, edited = answered(declaration(draft, "en"), load_source(source_paths()["ken_ahtcpu_register"]), "2022")
    path = tmp_path / "new_office_register.yml"
    path.write_text(text, "utf-8")
    report = check_source(str(path), file, tmp_path / "data", tmp_path, None, TODAY)
    assert settled(report.faults) == [] and edited <= MOST_EDITS
    assert report.facts["kept"] == report.facts["read"] == len(FORMS[form]) - 1


def test_answers_that_a_form_parts_by_spaces_are_several_words(tmp_path: Path) -> None:
    file = tmp_path / "xlsform.csv"
    file.write_text("\n".join([*FORMS["xlsform"], ""]), "utf-8")
    draft = draft_of(file, "KEN", None, None, TODAY, declarations=tmp_path / "nothing")
    means = next(choice for choice in draft.choices if choice.header == "victim/means")
    words = draft.words[means.place]
    assert means.field == "means_legal" and words.separator == " "
    assert {word.code for word in words.sure} <= {"FORCE", "THREAT", "DECEPTION"}


def test_a_damaged_old_workbook_is_refused_before_it_takes_all_memory(tmp_path: Path) -> None:
    content = bytearray(received(load_source(source_paths()["sdn_nccht_summary"])).read_bytes())
    at = content.index(b"\xfd\x00\x0a\x00")  # a cell of text: its row and column follow
    content[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    path = tmp_path / "summary.xls"
    path.write_bytes(bytes(content))
    with pytest.raises(SourceError, match=r"summary\.xls: is a damaged xls workbook; save it anew"):
        draft_of(path, "SDN", None, None, TODAY, declarations=tmp_path)


@pytest.mark.parametrize("name", ["ken_ahtcpu_register", "som_puntland_incidents", "uga_odpp_cases", "sdn_moi_reports"])
def test_the_sample_of_a_draft_is_read_by_its_declaration_to_the_last_row(name: str, tmp_path: Path) -> None:
    source, draft = drafted(name)
    period = [item.period for item in source.submissions if item.file is not None][-1]
    path = tmp_path / "new_office_register.yml"
    path.write_text(answered(declaration(draft, "en"), source, period)[0], "utf-8")
    sample = write_sample(draft, tmp_path)
    report = check_source(str(path), sample, tmp_path / "data", tmp_path, None, TODAY)
    assert settled(report.faults) == []
    footers = draft.sight.form.footer_rows  # read too, and counted as skipped
    assert (report.facts["read"], report.facts["kept"]) == (12 + footers, 12)


def test_the_check_of_a_draft_names_the_columns_that_are_left_to_decide(tmp_path: Path) -> None:
    source, draft = drafted("dji_gendarmerie_interceptions")
    path = tmp_path / "dji_office_register.yml"
    path.write_text(answered(declaration(draft, "fr"), source, "2022")[0], "utf-8")
    report = check_source(str(path), received(source), tmp_path / "data", tmp_path, None, TODAY)
    left = next(listing.rows for listing in report.listings if listing.title == "left to decide")
    assert ("Lieu",) in left
    assert left == [(choice.header,) for choice in draft.choices if choice.state == "unsure"]
