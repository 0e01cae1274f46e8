"""From the reader's choices to one question: constant SQL, values bound by name. Nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.exports.options import BOTH, CODES, LABELS, Options
from dashboard.exports.published import Published, list_of
from dashboard.filters import FilterError, Filters
from schemas.dimensions import field_label
from schemas.tables import Field

# A spreadsheet takes a text for a formula by its first sign, also a wide one, and passes over spaces and controls before it.
# Written as the signs themselves, so that the database and Python read the same.
_PASSED_OVER = "".join(map(chr, (*range(1, 33), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030), 0x205F,
                                 *range(0x2060, 0x206A), 0x3000, 0xFEFF)))  # fmt: skip
FORMULA = f"^[{_PASSED_OVER}]*[=+@＝＋－＠-]|^[\t\r\n]"
CHOICES = {
    "ref_area": "countries",
    "sex": "sexes",
    "age": "ages",
    "exploitation": "forms",
    "citizenship": "citizenships",
    "source_type": "kinds",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, the field that it shows, whether by its label, and the SQL that gives it."""

    heading: str
    field: Field
    labelled: bool
    expression: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The figures that an export takes: a condition over `e.observation`, and the values that it names."""

    condition: str
    values: dict[str, object] = field(default_factory=dict)


def select(published: Published, filters: Filters, options: Options) -> Selection:
    """Say which figures the filters and options choose; raises FilterError for a code that the edition does not know."""
    values: dict[str, object] = {}
    conditions: list[str] = []
    for name, choice in CHOICES.items():
        if codes := getattr(filters, choice):
            if unknown := [code for code in codes if code not in published.codes.get(name, ())]:
                raise FilterError(f"this edition knows no {name} {unknown[0]}")
            conditions.append(_among(name, choice, codes, values))
    indicators = (filters.indicator,) if options.indicators is None else options.indicators
    if indicators:
        if unknown := [code for code in indicators if ("INDICATOR", code) not in published.labels]:
            raise FilterError(f"this edition knows no indicator {unknown[0][:40]!r}")
        conditions.append(_among("indicator", "indicators", indicators, values))
    for sign, bound, year in ((">=", "first", filters.first), ("<=", "last", filters.last)):
        if year is not None:
            conditions.append(f"year(period_end) {sign} ${bound}")
            values[bound] = year
    return Selection(" AND ".join(conditions) or "true", values)


def _among(name: str, choice: str, codes: Sequence[str], values: dict[str, object]) -> str:
    """Write the condition that a field holds one of some codes, each bound by a name of its own.

    A list that is bound whole would have to be joined: half as fast again, and in no order that is promised.
    """
    bound = {f"{choice}_{place}": code for place, code in enumerate(codes)}
    values.update(bound)
    return f"{name} IN ({', '.join(f'${one}' for one in bound)})"


def columns(
    published: Published, filters: Filters, options: Options, values: dict[str, object], fields: Sequence[Field]
) -> list[Column]:
    """Give the columns of a file in the chosen words; the lists of labels that they need are added to `values`."""
    found: list[Column] = []
    for one in fields:
        labelled = is_labelled(one)
        if options.labels != LABELS or not labelled:
            heading = one.name if options.labels != LABELS else field_label(one.name, filters.language)
            found.append(Column(heading, one, False, f'"{one.name}"'))
        if options.labels != CODES and labelled:
            heading = f"{one.name}_label" if options.labels == BOTH else field_label(one.name, filters.language)
            found.append(Column(heading, one, True, _label(published, one, values)))
    return found


def is_labelled(one: Field) -> bool:
    """Say whether a field holds codes that have labels."""
    return one.codes is not None or list_of(one) is not None or one.name == "source"


def plain_text(column: Column, decimal_comma: bool) -> str:
    """Give the SQL of a column as a file of text holds it: whole numbers without `.0`, texts as they are."""
    one, expression = column.field, column.expression
    if one.type == "number":
        whole = f"{expression} = trunc({expression}) AND abs({expression}) < 1e15"
        text = f"{expression}::VARCHAR"
        text = f"replace({text}, '.', ',')" if decimal_comma else text
        return f"CASE WHEN {whole} THEN {expression}::BIGINT::VARCHAR ELSE {text} END"
    return expression


def guarded(column: Column, decimal_comma: bool) -> str:
    """Give the SQL of a column as a spreadsheet opens a file of text: an apostrophe before what it could take for a formula."""
    expression = plain_text(column, decimal_comma)
    if not column.labelled and not is_free(column.field):
        return expression
    return f"CASE WHEN regexp_matches({expression}, '{FORMULA}') THEN '''' || {expression} ELSE {expression} END"


def guarded_text(text: str) -> str:
    """Put an apostrophe before a heading that a spreadsheet could take for a formula."""
    return f"'{text}" if re.match(FORMULA, text) else text


def is_free(one: Field) -> bool:
    """Say whether a field holds a text in no declared form, which may therefore begin with any sign."""
    return one.type == "text" and one.pattern is None


def quoted(name: str) -> str:
    """Write a heading as SQL names a column."""
    return '"' + name.replace('"', '""') + '"'


def _label(published: Published, one: Field, values: dict[str, object]) -> str:
    name = f"labels_{one.name}"
    values[name] = [published.label(one, code) for code in published.codes[one.name]]
    return published.listed(one, name, values)
