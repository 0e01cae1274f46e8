"""The wide form: one row for all figures that differ in one dimension only, and two columns for each of its codes."""

from __future__ import annotations

from dataclasses import replace

from dashboard.exports.options import BOTH, LABELS, ExportError, Options
from dashboard.exports.published import Published
from dashboard.exports.rows import Rows
from dashboard.exports.selection import Column, Selection, columns
from dashboard.filters import FilterError, Filters
from dashboard.words import Words
from schemas.tables import Field

# What belongs to one figure and not to what it counts: of these a wide row keeps value and status.
OF_FIGURE = (
    "observation_id", "submission_id", "obs_value", "obs_status", "obs_status_2", "conf_status", "protection", "value_raw",
    "value_lower", "value_upper", "obs_comment",
)  # fmt: skip
PERIOD = ("time_period", "period_start", "period_end")
MOST = 2_000


def wide_columns(
    published: Published, filters: Filters, options: Options, rows: Rows, selection: Selection, values: dict[str, object]
) -> tuple[tuple[Column, ...], str]:
    """Give the columns of the wide form and the table, in SQL, that they stand in.

    Where a source gives several figures for one cell each stands in a row of its own, numbered in the column `figure`. Errors:
    FilterError where there is no such dimension; ExportError where it has too many codes.
    """
    by_name = {one.name: one for one in published.fields}
    chosen = by_name.get(options.wide or "")
    dimensions = [one for one in published.fields if one.name not in OF_FIGURE and one.name not in PERIOD[1:]]
    if chosen is None or chosen not in dimensions:
        raise FilterError(f"the wide form takes one of {', '.join(one.name for one in dimensions)}, and not {options.wide!r}")
    kept = [one for one in published.fields if one.name not in OF_FIGURE and not _goes(one, chosen)]
    figures = f"FROM e.observation WHERE {selection.condition}"
    codes = [str(code) for (code,) in rows.fetch(f"SELECT DISTINCT {chosen.name} {figures} ORDER BY 1", selection.values)]
    if len(codes) > MOST:
        raise ExportError(f"{chosen.name} has {len(codes):,} codes here; choose another dimension or the long form")
    values["wide"] = codes
    keys = ", ".join(one.name for one in kept)
    cells = "".join(
        f", max(obs_value) FILTER (WHERE code = $wide[{place}]) AS value{place}, "
        f"max(obs_status) FILTER (WHERE code = $wide[{place}]) AS status{place}"
        for place in range(1, len(codes) + 1)
    )
    table = (
        f"(SELECT {keys}, figure{cells} FROM (SELECT {keys}, {chosen.name}::VARCHAR AS code, obs_value, obs_status, "
        f"row_number() OVER (PARTITION BY {keys}, {chosen.name} ORDER BY submission_id, observation_id) AS figure {figures}) "
        f"GROUP BY {keys}, figure ORDER BY {keys}, figure)"
    )
    value, status = by_name["obs_value"], by_name["obs_status"]
    listed = columns(published, filters, options, values, kept)
    number = replace(value, name="figure", type="integer")
    listed.append(Column(_heading(options, filters), number, False, "figure"))
    for place, heading in enumerate(_headings(published, chosen, codes, options), start=1):
        listed.append(Column(heading, value, False, f"value{place}"))
        listed.append(Column(f"{heading}_status", status, False, f"status{place}"))
    return tuple(listed), table


def cells(table: str, columns: tuple[Column, ...]) -> str:
    """Write the question for the rows of a wide table, and for the figures in them."""
    told = " + ".join(f"count({column.expression})" for column in columns if column.expression.startswith("status"))
    return f"SELECT count(*), {told or '0'} FROM {table}"


def _goes(one: Field, chosen: Field) -> bool:
    return one.name == chosen.name or (chosen.name in PERIOD and one.name in PERIOD)


def _heading(options: Options, filters: Filters) -> str:
    return Words(filters.language).say("Number of the figure") if options.labels == LABELS else "figure"


def _headings(published: Published, chosen: Field, codes: list[str], options: Options) -> list[str]:
    if options.labels not in (LABELS, BOTH):
        return codes
    labels = [published.label(chosen, code) for code in codes]
    return [
        label if (options.labels == LABELS and labels.count(label) == 1) or label == code else f"{code} ({label})"
        for code, label in zip(codes, labels, strict=True)
    ]
