"""What a workbook shows beside its values: errors, formulas without value, per cents and merged cells are never silence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from table_files import opendocument

from etl.cell_signs import is_percent, is_scaled, percent, sign_of_a_program
from etl.errors import SourceError
from etl.raw import numbered_rows
from etl.read_json import read_json
from etl.read_sheet import read_sheet
from etl.source import FileForm

KEYS: frozenset[str] = frozenset({"Case"})


def cells(path: Path, **form: object) -> list[tuple[str, ...]]:
    raw = read_sheet(path, FileForm.model_validate({"format": path.suffix[1:], **form}), None, KEYS)
    return [tuple(row.values()) for _, row in numbered_rows(raw)]


def write_workbook(path: Path, late: bool = False) -> None:
    with xlsxwriter.Workbook(str(path), {"date_1904": late}) as book:
        sheet = book.add_worksheet("Cases")
        sheet.write_row(0, 0, ["Case", "Region", "Victims", "Share"])
        shares, thousands = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "#,##0,"})
        sheet.merge_range(1, 0, 3, 0, 52)
        sheet.merge_range(1, 1, 3, 1, "Nairobi")
        sheet.merge_range(1, 2, 3, 2, 12)
        sheet.write_number(1, 3, 0.45, shares)
        sheet.write_number(2, 3, 12_000, thousands)
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        sheet.write_row(4, 0, [53, "Mombasa", 7, 0.5])


def test_a_workbook_is_read_as_its_program_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_workbook(path)
    merged = "12 (merged over 3 cells)"
    assert cells(path) == [
        ("52", "Nairobi", merged, "45%"),
        ("52", "Nairobi", merged, "12000 (shown in thousands)"),
        ("52", "Nairobi", merged, "#DIV/0!"),
        ("53", "Mombasa", "7", "0.5"),
    ]


def test_a_formula_whose_value_was_not_saved_is_told_and_an_empty_text_is_not(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_workbook(path)
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<c r="C5"><v>7</v></c>', b'<c r="C5"><f>3+4</f><v/></c>')
                content = content.replace(b'<c r="D5"><v>0.5</v></c>', b'<c r="D5" t="str"><f>""</f><v></v></c>')
            new.writestr(name, content)
    assert cells(changed)[-1] == ("53", "Mombasa", "#UNCOMPUTED!", "")


@pytest.mark.parametrize(
    ("late", "declared", "fits"), [(False, 1900, True), (True, 1900, False), (False, 1904, False), (True, 1904, True)]
)
def test_the_first_day_that_a_workbook_names_and_the_declared_one_must_agree(
    late: bool, declared: int, fits: bool, tmp_path: Path
) -> None:
    path = tmp_path / "cases.xlsx"
    write_workbook(path, late)
    if fits:
        assert len(cells(path, excel_epoch=declared)) == 4
        return
    with pytest.raises(SourceError, match="its days count from 19"):
        cells(path, excel_epoch=declared)


def test_an_opendocument_sheet_is_read_as_its_program_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.ods"
    rows = [["Case", "Region", "Victims"], ["52", "Nairobi", "12"], ["", "", ""]]
    content = opendocument([*rows, ["53", "Mombasa", "ERROR"], ["54", "Kisumu", "SHARE"]])
    plain = '<table:table-cell office:value-type="string"><text:p>'
    spanned = 'office:value-type="string" table:number-rows-spanned="2">'
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for word in ("52", "Nairobi"):
                text = text.replace(f"{plain}{word}<", f"<table:table-cell {spanned}<text:p>{word}<")
            number = '<table:table-cell office:value-type="float" office:value="12" table:number-rows-spanned="2"><text:p>12<'
            share = '<table:table-cell office:value-type="percentage" office:value="0.45"><text:p>45%<'
            fault = '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A<'
            text = text.replace(f"{plain}12<", number).replace(f"{plain}SHARE<", share).replace(f"{plain}ERROR<", fault)
            text = text.replace("<office:document-content", '<office:document-content xmlns:calcext="urn:calcext"', 1)
            new.writestr(name, text)
    merged = "12 (merged over 2 cells)"
    assert cells(path)[:2] == [("52", "Nairobi", merged)] * 2
    assert cells(path)[2:] == [("53", "Mombasa", "#N/A"), ("54", "Kisumu", "45%")]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "Err:502", "#UNCOMPUTED!", "12 (merged over 3 cells)"])
def test_what_a_program_wrote_is_told_in_a_sentence(text: str) -> None:
    assert sign_of_a_program(text) is not None
    assert sign_of_a_program(f"about {text} or so") is None


@pytest.mark.parametrize(
    ("code", "shows"), [("0%", True), ("0.0 %", True), ('0" %"', False), ("0\\%", False), ("[Red]0%", True), ("General", False)]
)
def test_a_format_of_per_cents_is_told_from_a_text_that_holds_the_sign(code: str, shows: bool) -> None:
    assert is_percent(code) is shows


@pytest.mark.parametrize(("code", "scaled"), [("#,##0", False), ("#,##0,", True), ('0.0,,"M"', True), ("0", False)])
def test_a_format_that_leaves_three_digits_out_is_known(code: str, scaled: bool) -> None:
    assert is_scaled(code) is scaled


def test_a_share_is_written_without_the_dust_of_binary_fractions() -> None:
    assert [percent(value) for value in (0.45, 0.07, 1.0, 0.333)] == ["45%", "7%", "100%", "33.3%"]


RECORDS = [{"Case": "A1", "Age": 17}, {"Case": "A2", "Age": 25}]
ANALYTICS = {"headers": [{"name": "Case"}, {"name": "Age"}], "rows": [["A1", 17], ["A2", 25]], "width": 2}
MAP = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": row} for row in RECORDS],
}


@pytest.mark.parametrize("document", [RECORDS, {"meta": {"n": 2}, "data": RECORDS}, ANALYTICS, MAP])
def test_the_list_inside_a_json_document_is_read_and_coordinates_are_not(document: object, tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(document), "utf-8")
    raw = read_json(path, FileForm(format="json"), None, frozenset())
    assert [tuple(row.values()) for _, row in numbered_rows(raw)] == [("A1", "17"), ("A2", "25")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"Age": 17, "Age": 99}]', "an object has the key 'Age' twice"),
        ('[{"Age": 17, "Age\\u200e": 99}]', "two keys are the heading 'Age'"),
        ('{"Age": [1, 2], "Sex": ["F", "M"]}', "one list for each column"),
        ('{"a": [{"x": 1}], "b": [{"x": 2}]}', "holds the lists a, b; name the one to read under `file: {records: …}`"),
        ("[{}, {}]", "its objects hold no keys"),
        ("12", "is a single JSON value"),
    ],
)
def test_json_that_is_no_list_of_records_is_refused_by_its_kind(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError) as fault:
        read_json(path, FileForm(format="json"), None, frozenset())
    assert sentence in str(fault.value)


def test_lines_of_json_end_with_a_line_feed_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"Note": "one\u2028two\u0085three"}\n{"Note": "four"}\n', "utf-8")
    raw = read_json(path, FileForm(format="jsonl"), None, frozenset())
    assert [row["Note"] for _, row in numbered_rows(raw)] == ["one\u2028two\u0085three", "four"]
