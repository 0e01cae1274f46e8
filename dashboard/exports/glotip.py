"""UNODC's GLOTIP return for one country and year: its tables of victims and of suspects, and the same as rows of its data file.

Nothing is added up: every figure stands as published, source by source, and what the form has no place for is counted in the
notes. Source of the shape: the GLOTIP questionnaire and the columns of UNODC's data file.
"""

from __future__ import annotations

import datetime
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from dashboard.exports.job import Job, agree
from dashboard.exports.workbook import TEXT
from dashboard.filters import FilterError
from dashboard.words import Words
from schemas.codelists import codelist
from schemas.dimensions import BREAKDOWN, dimensions
from schemas.glotip import glotip

TOTAL, FORM, CITIZENSHIP = "Total", "by form of exploitation", "by citizenship"
ASKED = ("sex", "age", "exploitation", "citizenship")
SEXES, AGES = ("F", "M", "_O", "_U", "_T"), ("Y0T17", "Y_GE18", "_U", "_T")
# Of these the form has no place for a part.
NOT_ASKED = ("ref_subarea", *(name for name in dimensions(BREAKDOWN) if name not in ASKED))
HEADINGS = (
    "Iso3_code", "Country", "Indicator", "Dimension", "Category", "Detail", "Sex", "Age", "Year", "Unit of measurement",
    "txtVALUE", "Source", "Period", "Status", "Lowest", "Highest", "Protection",
)  # fmt: skip


class Line(NamedTuple):
    """One figure as the return asks for it; `detail` is our own code, `relation` how it answers to the category."""

    table: str
    indicator: str
    unit: str
    dimension: str
    category: str
    detail: str
    sex: str
    age: str
    value: float | None
    sign: str
    source: str
    period: str
    status: str
    lowest: float | None
    highest: float | None
    protection: str
    observation: str


def return_glotip(job: Job) -> Iterator[bytes]:
    """Write the return as a workbook; raises FilterError unless one country and one year are chosen."""
    country, year = chosen(job)
    lines, left_out = placed(job)
    agree(job.facts.rows, len(lines) + sum(left_out.values()))
    yield _book(job, country, year, lines, left_out)


def chosen(job: Job) -> tuple[str, int]:
    """Give the one country and year of the filters; raises FilterError otherwise."""
    filters = job.filters
    if len(filters.countries) != 1 or filters.first is None or filters.first != filters.last:
        raise FilterError("a GLOTIP return is of one country and one year: choose them with country, from and to")
    return filters.countries[0], filters.first


def placed(job: Job) -> tuple[list[Line], Counter[str]]:
    """Give the figures that the form has a place for, in its order, and count the others by why it has none."""
    lines: list[Line] = []
    left_out: Counter[str] = Counter()
    names = [field.name for field in job.published.fields]
    listed = ", ".join(f'"{name}"' for name in names)
    query = f"SELECT {listed} FROM e.observation WHERE {job.selection.condition} ORDER BY observation_id"
    for values in job.rows.fetch(query, job.values):
        row = dict(zip(names, values, strict=True))
        if (why := _no_place(job, row)) is not None:
            left_out[why] += 1
        else:
            lines.append(_line(row))
    order = list(glotip())
    names_of = [glotip()[code].name for code in order]
    lines.sort(key=lambda one: (one.source, names_of.index(one.indicator), one.dimension != TOTAL, one.dimension, one.category,
                                one.detail, SEXES.index(one.sex), AGES.index(one.age), one.observation))  # fmt: skip
    return lines, left_out


def _no_place(job: Job, row: dict[str, Any]) -> str | None:
    words = Words(job.filters.language)
    if row["indicator"] not in glotip():
        return words.say("not asked by the return")
    # A figure of one offence is the whole only where the source counts no other; of what we count there is always a total.
    if row["offence"] not in ("_T", "_Z") and (row["origin"] == "COMPUTED" or row["offence"] != "TIP"):
        return words.say("of one offence only")
    broken = any(row.get(name, "_T") not in ("_T", "_Z") for name in NOT_ASKED)
    if broken or row["age"] not in AGES or (row["exploitation"] != "_T" and row["citizenship"] != "_T"):
        return words.say("broken down in a way that the return does not ask")
    if row["freq"] != "A":
        return words.say("not of a whole year")
    return None


def _line(row: dict[str, Any]) -> Line:
    asked = glotip()[row["indicator"]]
    dimension, category, detail = TOTAL, TOTAL, ""
    if row["exploitation"] != "_T":
        form = codelist("CL_EXPLOIT").crosswalk(row["exploitation"], "glotip") or "Unknown"
        dimension, category, detail = FORM, form, row["exploitation"]
    elif row["citizenship"] != "_T":
        dimension, category, detail = CITIZENSHIP, row["citizenship"], row["citizenship"]
    return Line(
        asked.table, asked.name, asked.unit, dimension, category, detail, row["sex"], row["age"], row["obs_value"],
        row["value_raw"] or "", row["source"], row["time_period"], row["obs_status"], row["value_lower"], row["value_upper"],
        row.get("protection") or "", row["observation_id"],
    )  # fmt: skip


def shown(line: Line) -> float | str:
    """Give what the form shows: the number, or the sign of what is held back, or the status of what is missing."""
    if line.value is not None:
        return int(line.value) if line.value == int(line.value) else line.value
    return line.sign if line.status == "Q" and line.sign else f"[{line.status}]"


def _book(job: Job, country: str, year: int, lines: Sequence[Line], left_out: Counter[str]) -> bytes:
    from xlsxwriter import Workbook

    made, words = io.BytesIO(), Words(job.filters.language)
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({
        "title": f"GLOTIP {country} {year}", "comments": job.notes.text("citation"),
        "created": datetime.datetime.fromisoformat(job.published.manifest["as_of"]),
    })  # fmt: skip
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": TEXT})
    for name in ("Victims", "Suspects"):
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 1, 30)
        sheet.set_column(2, 21, 10)
        _form(job, sheet, [line for line in lines if line.table == name], country, year, bold, text)
    data = book.add_worksheet("Data")
    _write(data, 0, HEADINGS, bold)
    for place, line in enumerate(lines, start=1):
        _write(data, place, _data(job, country, year, line), text)
    data.freeze_panes(1, 0)
    told = book.add_worksheet(words.say("Notes"))
    pairs = [*job.notes.pairs, (words.say("Figures in the return"), words.number(len(lines)))]
    pairs += [(words.say("Left out: {why}", why=why), words.number(number)) for why, number in sorted(left_out.items())]
    signs = words.say(
        "c is a confidential figure; a capital letter in brackets is the status that says why there is no figure; an "
        "empty cell was not published."
    )
    pairs.append((words.say("Signs"), signs))
    for place, pair in enumerate(pairs):
        _write(told, place, pair, text)
    told.set_column(0, 0, 30)
    told.set_column(1, 1, 110)
    if words.direction == "rtl":
        for sheet in book.worksheets():
            sheet.right_to_left()
    book.close()
    return made.getvalue()


def _form(job: Job, sheet: Any, lines: Sequence[Line], country: str, year: int, bold: Any, text: Any) -> None:
    """Write one table of the questionnaire for each source: categories down, sex and age across."""
    ages, sexes = codelist("CL_AGE_GROUP"), codelist("CL_SEX")
    across = [(sex, age) for sex in SEXES for age in AGES]
    place = 0
    for source, held in groupby(lines, key=lambda line: line.source):
        known = job.published.sources[source]
        mark = f" ({Words(job.filters.language).say('invented sample')})" if known.invented else ""
        _write(sheet, place, (f"{country} {year}: {known.publisher}: {known.title}{mark}",), bold)
        place += 1
        for (indicator, dimension), rows in groupby(held, key=lambda line: (line.indicator, line.dimension)):
            _write(sheet, place, (f"{indicator}, {dimension}", "", *(sexes.crosswalk(sex, "glotip") for sex, _ in across)), bold)
            _write(sheet, place + 1, ("", "", *(ages.crosswalk(age, "glotip") for _, age in across)), bold)
            place += 2
            for (category, detail), cells in groupby(rows, key=lambda line: (line.category, line.detail)):
                found: dict[tuple[str, str], list[float | str]] = {}
                for line in cells:
                    found.setdefault((line.sex, line.age), []).append(shown(line))
                label = _label(job, dimension, detail)
                _write(sheet, place, (category, label, *(_cell(found.get(cell, [])) for cell in across)), text)
                place += 1
        place += 1


def _cell(values: list[float | str]) -> float | str | None:
    # Where a source gives several figures for one cell, all of them are shown.
    if len(values) > 1:
        return " | ".join(map(str, values))
    return values[0] if values else None


def _label(job: Job, dimension: str, detail: str) -> str:
    if not detail:
        return ""
    fields = {field.name: field for field in job.published.fields}
    return job.published.label(fields["exploitation" if dimension == FORM else "citizenship"], detail)


def _data(job: Job, country: str, year: int, line: Line) -> tuple[object, ...]:
    fields = {field.name: field for field in job.published.fields}
    return (
        country, job.published.label(fields["ref_area"], country), line.indicator, line.dimension, line.category,
        _label(job, line.dimension, line.detail), codelist("CL_SEX").crosswalk(line.sex, "glotip"),
        codelist("CL_AGE_GROUP").crosswalk(line.age, "glotip"), year, line.unit, str(shown(line)),
        job.published.sources[line.source].title, line.period, line.status, line.lowest, line.highest, line.protection,
    )  # fmt: skip


def _write(sheet: Any, place: int, values: Sequence[object], style: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int | float):
            sheet.write_number(place, column, value)
        elif value:
            sheet.write_string(place, column, str(value), style)
