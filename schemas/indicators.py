"""The indicators: what each counts or divides, in which unit, and over which records it can be computed."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from schemas.codelists import codelist

LANGUAGES = ("en", "fr", "ar", "sw", "am")
KINDS = ("count", "sum", "ratio", "median", "rate", "quality", "reported")
# Codes of a list that are no part of a share.
RESERVED = ("_T", "_U", "_Z")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of `indicators.csv`: an indicator, or one more way to compute some cells of it.

    `condition`, `measure`, `numerator` and `denominator` are DuckDB expressions over `table`, empty where there is none:
    a condition chooses rows; a measure is summed, or its median taken; the other two are counted where they are true or
    false, and summed where they are numbers. A denominator in several parts, joined by `;`, is their sum, and every part
    must occur. Over the table `observation`, numerator and denominator name indicators (or `population`). `least` is the
    smallest denominator or number of values for which there is a figure. `units` are the counting units in which a figure of
    the indicator may stand, the usual one first; figures of two units are never added. `cell` fixes a dimension (`sex=F`).
    `unknown` names the indicator that says how many a share leaves out because nothing is known of them.
    `breakdowns` are the sets of dimensions in which it is given, of which the empty one is the total.
    """

    code: str
    domain: str
    kind: str
    units: tuple[str, ...]
    table: str
    condition: str
    measure: str
    numerator: str
    denominator: str
    scale: float
    least: int
    each: str
    cell: str
    breakdowns: tuple[tuple[str, ...], ...]
    among: str
    unknown: str
    labels: dict[str, str]
    formula: str
    standard: str

    @property
    def count_unit(self) -> str:
        """Give the unit in which the indicator is computed: the first that it declares."""
        return self.units[0]

    def label(self, language: str) -> str:
        """Give the label in a language, in English where there is none."""
        return self.labels.get(language) or self.labels["en"]

    @property
    def fixed(self) -> tuple[str, str] | None:
        """Give the dimension and the value that `cell` fixes."""
        name, sign, value = self.cell.partition("=")
        return (name, value) if sign else None


@cache
def indicators() -> dict[str, Indicator]:
    """Read all indicators by their code, in the order of the list; a share of each code of a list has a code of its own.

    Lines that only add cells to an indicator above them are left to `computations`.
    """
    found: dict[str, Indicator] = {}
    for line in _lines():
        for indicator in (line, *_expanded(line)):
            found.setdefault(indicator.code, indicator)
    return found


@cache
def computations() -> tuple[Indicator, ...]:
    """Read all that is computed, in the order of the list: a line with `each` stands once for each of its codes."""
    return tuple(part for line in _lines() if line.table for part in (_expanded(line) if line.each else (line,)))


@cache
def population() -> dict[tuple[str, int, str, str], int]:
    """Read the population by country, Gregorian year, sex (M, F, _T) and age (Y0T17, Y_GE18, _T)."""
    found: dict[tuple[str, int, str, str], int] = {}
    with Path(__file__).with_name("population.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for sex in (row["sex"], "_T"):
                for age in (row["age_group"], "_T"):
                    key = (row["iso3"], int(row["year"]), sex, age)
                    found[key] = found.get(key, 0) + int(row["population"])
    return found


@cache
def _lines() -> tuple[Indicator, ...]:
    with Path(__file__).with_name("indicators.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_indicator(row) for row in csv.DictReader(lines))


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        code=row["indicator"],
        domain=row["domain"],
        kind=row["kind"],
        units=tuple(row["count_unit"].split("|")),
        table=row["table"],
        condition=row["condition"],
        measure=row["measure"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        scale=float(row["scale"] or 1),
        least=int(row["least"] or 1),
        each=row["each"],
        cell=row["cell"],
        breakdowns=tuple(() if part == "total" else tuple(part.split("+")) for part in row["dimensions"].split("|") if part),
        among=row["among"],
        unknown=row["unknown"],
        labels={language: row[f"label_{language}"] for language in LANGUAGES},
        formula=row["formula"],
        standard=row["standard"],
    )


def _expanded(line: Indicator) -> tuple[Indicator, ...]:
    """Give one indicator for each code of `each`: a list of codes, a code list, or with `/1` its first level.

    `{code}` becomes the code and `{codes}` the code with all below it. The code goes into `cell` where that asks for it,
    and else behind the indicator's own code, since an observation has no dimension for it.
    """
    if not line.each:
        return ()
    name, _, level = line.each.partition("/")
    listed = codelist(name) if name.startswith("CL_") else None
    codes = listed.codes if listed is not None else tuple(name.split("|"))
    if listed is not None and level:
        codes = tuple(code for code in codes if not listed.parent(code))
    expanded = []
    for code in codes:
        if code in RESERVED:
            continue
        below = [
            code,
            *(
                other
                for other in (listed.codes if listed is not None else ())
                if listed is not None and listed.parent(other) == code
            ),
        ]
        written = {"{code}": code, "{codes}": ", ".join(f"'{one}'" for one in below)}
        labels = {
            language: f"{label}: {listed.label(code, language) if listed is not None else code}"
            for language, label in line.labels.items()
        }
        expanded.append(
            replace(
                line,
                code=line.code if line.cell else f"{line.code}_{code}",
                condition=_filled(line.condition, written),
                numerator=_filled(line.numerator, written),
                denominator=_filled(line.denominator, written),
                cell=_filled(line.cell, written),
                labels=line.labels if line.cell else labels,
            )
        )
    return tuple(expanded)


def _filled(text: str, written: dict[str, str]) -> str:
    for mark, value in written.items():
        text = text.replace(mark, value)
    return text
