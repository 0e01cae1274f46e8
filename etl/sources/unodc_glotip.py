"""The portal's file in, one column a dimension out: Category means what Dimension says; repeated keys are marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from etl.errors import SourceError
from etl.raw import Raw, batches_of_rows, numbered_rows

# What Category holds under each Dimension; a row of another dimension is not broken down by it.
CATEGORIES = {
    "Total": None,
    "by form of exploitation": "Form of exploitation",
    "by citizenship": "Citizenship",
    "by country of repatriation": "Country of repatriation",
}
# The questionnaire turned this table round in 2017. Until then the row is of the country where the victims were found and
# Category the state that took them back (the Emirates, Uganda: Ugandans found in the Emirates, as Uganda told); since then the
# row is of the state that answers and Category the country where its nationals were found, whose sum is "Abroad".
REPATRIATION, TURNED, ABROAD = "by country of repatriation", "2017", "Abroad"
BROUGHT_BACK, FOUND_ABROAD = "Victims repatriated", "Own nationals found abroad"
AT_HOME = "found in the very state that is said to have brought them back; ask the state what it counted"
WHOLE = "(not broken down)"
KEY = ("Iso3_code", "Country", "Indicator", "Dimension", "Category", "Sex", "Age", "Year")
FIGURE = "txtVALUE"
ONCE, AGAIN, CONTRADICTED = "once", "again", "contradicted"
MADE = ("State", "What is counted", "Found in", "Agreement", "Agreement of a hidden figure", "Remark")

Row = tuple[int, dict[str, str]]


def reshape(raw: Raw) -> Raw:
    """Give Category a column for each meaning, and say of every figure whether its key stands more than once.

    Agreement is `once`; `again` for a row that repeats an earlier one, figure and all; `contradicted` for the figures
    of a key that has several. No row is left out and no figure is changed.

    Errors: SourceError for a Dimension that is new.
    """
    if not {*KEY, FIGURE} <= set(raw.headers):
        return raw
    kept = [name for name in raw.headers if name != "Category"]
    headers = (*kept, *(name for name in CATEGORIES.values() if name is not None), *MADE)
    return Raw(headers, batches_of_rows(_rows(raw, kept), headers, headers, frozenset()), raw.ragged)


def _rows(raw: Raw, kept: list[str]) -> Iterator[tuple[int, list[str]]]:
    rows = list(numbered_rows(raw))
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for number, row in rows:
        groups[tuple(row[name] for name in KEY)].append((number, row))
    said = {number: mark for group in groups.values() for number, mark in _agreement(group).items()}
    for number, row in rows:
        yield number, [*(row[name] for name in kept), *_categories(row), *_abroad(row), *said[number]]


def _categories(row: dict[str, str]) -> list[str]:
    dimension = row["Dimension"]
    if dimension not in CATEGORIES:
        raise SourceError(f"unodc_glotip: the dimension {dimension!r} is new; add to its twin what its Category means")
    meanings = (name for name in CATEGORIES.values() if name is not None)
    return [row["Category"] if name == CATEGORIES[dimension] else WHOLE for name in meanings]


def _abroad(row: dict[str, str]) -> tuple[str, str, str]:
    """Say of which state the figure is, what it counts and where the victims were found."""
    state, category = row["Iso3_code"], row["Category"]
    if row["Dimension"] != REPATRIATION:
        return state, row["Indicator"], WHOLE
    if category == ABROAD:
        return state, FOUND_ABROAD, WHOLE
    if category == row["Country"]:
        return state, AT_HOME, WHOLE
    if row["Year"] < TURNED:
        return category, BROUGHT_BACK, state
    return state, FOUND_ABROAD, category


def _agreement(group: list[Row]) -> dict[int, tuple[str, str, str]]:
    """Say of each row of one key: agreement, the same for a hidden figure, and the remark that names the other rows."""
    figures: dict[str, int] = {}
    for number, row in group:
        figures.setdefault(row[FIGURE], number)
    if len(figures) == 1:
        return {number: (ONCE if number == group[0][0] else AGAIN, "", "") for number, _ in group}
    remark = "the file gives several figures: " + ", ".join(f"{figure} in row {at}" for figure, at in figures.items())
    marks = {}
    for number, row in group:
        first = figures[row[FIGURE]] == number
        hidden = CONTRADICTED if row[FIGURE].startswith("<") else ""
        marks[number] = (CONTRADICTED, hidden, remark) if first else (AGAIN, "", "")
    return marks
