"""Figures in the words of a report in, figures by dimension out, as the tables beside this file say; no guess."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from etl.raw import Raw, batches_of_rows, numbered_rows

HERE = Path(__file__).parent
NAME = Path(__file__).stem
WRITTEN = ("iso3", "data_year", "indicator_as_written", "category_as_written", "value", "source_key", "source_url")
DIMENSIONS = ("sex", "age", "exploitation", "citizenship", "scope")
GIVEN = ("indicator", "count_unit", "source_type", "offence", "ref_subarea", *DIMENSIONS)
MADE = (*GIVEN, "period", "obs_status", "figure", "remark", "repeat")
WHOLE = "_T"


def reshape(raw: Raw) -> Raw:
    """Give every figure the codes of its two wordings; where a table says why it cannot, that stands for the indicator.

    `period` is the year, or the report year of the table of periods; `figure` joins the value with its hedge ("at least
    276"); `repeat` is `again` where another report gives the same figure for the same cell; a contested figure (U) and one
    that holds others (W) say so in their remark.
    """
    if not set(WRITTEN) <= set(raw.headers):
        return raw
    headers = (*raw.headers, *MADE)
    return Raw(headers, batches_of_rows(_rows(raw), headers, headers, frozenset()), raw.ragged)


def _rows(raw: Raw) -> Iterator[tuple[int, list[str]]]:
    indicators = {row["indicator_as_written"]: row for row in _table("indicators")}
    categories = {(row["source_key"], row["category_as_written"]): row for row in _table("categories")}
    remarks = {tuple(row[name] for name in WRITTEN[:4]): row for row in _table("remarks")}
    periods = {(row["source_key"], row["data_year"], row["indicator_as_written"]): row["period"] for row in _table("periods")}
    met: set[tuple[str, ...]] = set()
    for number, row in numbered_rows(raw):
        indicator = indicators.get(row["indicator_as_written"], {})
        wording = row["category_as_written"]
        category = categories.get((row["source_key"], wording)) or categories.get(("", wording), {})
        more = remarks.get(tuple(row[name] for name in WRITTEN[:4]), {})
        codes = _codes(row, indicator, category)
        period = _period(row, periods)
        cell = (row["iso3"], period, row["value"], *codes)
        remark = "; ".join(filter(None, (more.get("remark"), row["source_url"])))
        status = more.get("obs_status") or indicator.get("obs_status", "")
        yield number, [*row.values(), *codes, period, status, _figure(row, category), remark, "again" if cell in met else ""]
        met.add(cell)


def _codes(row: dict[str, str], indicator: dict[str, str], category: dict[str, str]) -> list[str]:
    """Give the codes of `GIVEN`; a dimension that one wording leaves whole is what the other says."""
    missing = "" if indicator and category else "nobody has ruled on these words"
    why_not = indicator.get("why_not") or category.get("why_not") or missing
    if why_not:
        written = f"{row['indicator_as_written']}, {row['category_as_written']}"
        known = (indicator.get(name, "") for name in GIVEN[1:4])
        return [f"{why_not} ({written})", *known, *(WHOLE for _ in GIVEN[4:])]
    said = {name: category[name] if indicator.get(name, WHOLE) == WHOLE else indicator[name] for name in DIMENSIONS}
    return [said.get(name) or indicator[name] for name in GIVEN]


def _period(row: dict[str, str], periods: dict[tuple[str, str, str], str]) -> str:
    """Give the report's own year where the text names no other, else the year that the text gives."""
    page, year = row["source_key"], row["data_year"]
    return periods.get((page, year, row["indicator_as_written"])) or periods.get((page, year, "")) or year


def _figure(row: dict[str, str], category: dict[str, str]) -> str:
    hedge = category.get("hedge", "")
    return hedge if hedge == "not reported" else f"{hedge} {row['value']}".strip()


def _table(name: str) -> list[dict[str, str]]:
    with (HERE / f"{NAME}_{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
