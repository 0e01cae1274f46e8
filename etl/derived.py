"""Observations in, ratios and rates of them out: always of one source, body, period and cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from schemas.dimensions import BODY, BREAKDOWN, PERIOD, PLACE, QUALIFIER, dimensions
from schemas.indicators import computations, indicators, population
from schemas.protection import BASE

if TYPE_CHECKING:
    import duckdb

# One cell but for what is counted; two figures of one cell that contradict each other give no ratio.
_DIMENSIONS = dimensions(PLACE, PERIOD, BREAKDOWN, QUALIFIER, BODY)
_CELL = ("source", "invented", "freq", "period_type", *_DIMENSIONS)
_SAME_CELL = " AND ".join(f"above.{name} = below.{name}" for name in _CELL)
# How `indicators.csv` names the dimensions in which a figure speaks of a part.
_NAMED = ", ".join(f"CASE WHEN {name} <> '_T' THEN '{name}' END" for name in dimensions(BREAKDOWN))
_BREAKDOWN = f"coalesce(nullif(concat_ws('+', {_NAMED}), ''), 'total')"
# The graver flag of the two figures goes with their ratio.
_GRAVEST = "coalesce(list_position(['U', 'B', 'D', 'W', 'K', 'E', 'P'], {0}::VARCHAR), 8)"
_FLAG = f"""CASE WHEN {_GRAVEST.format("above.obs_status")} < {_GRAVEST.format("below.obs_status")}
    THEN above.obs_status ELSE below.obs_status END"""


def _share(rounding: str, above: str, below: str) -> str:
    """Divide two figures; a share in per cent of counts that are moved is rounded to a whole number, and its bounds outwards."""
    exactly = f"ratio.scale * {above} / {below}"
    moved = "ratio.unit = 'PCT' AND NOT (above.precise AND below.precise)"
    return f"CASE WHEN {moved} THEN {rounding}({exactly}) ELSE round({exactly}, 4) END"


_RATIOS = f"""
SELECT above.* EXCLUDE (indicator, count_unit, obs_value, obs_status, breakdown, precise, shown, value_lower, value_upper),
    ratio.code AS indicator, ratio.unit AS count_unit,
    {_share("round", "above.obs_value", "below.obs_value")} AS obs_value,
    CASE WHEN below.shown AND below.obs_value < {BASE} THEN 'U' ELSE {_FLAG} END AS obs_status,
    {_share("floor", "above.value_lower", "below.value_upper")} AS value_lower,
    {_share("ceil", "above.value_upper", "nullif(below.value_lower, 0)")} AS value_upper,
    format('{{:.15g}} of {{:.15g}} ', above.obs_value, below.obs_value) || ratio.among AS obs_comment
FROM ratio JOIN figure AS above ON above.indicator = ratio.numerator AND above.count_unit::VARCHAR = ratio.numerator_unit
    AND list_contains(ratio.breakdowns, above.breakdown)
JOIN figure AS below ON below.indicator = ratio.denominator AND below.count_unit::VARCHAR = ratio.denominator_unit
    AND {_SAME_CELL}
WHERE coalesce(below.obs_value > 0 AND below.obs_value >= ratio.least, TRUE)"""
# A rate needs a whole Gregorian year and the whole country, whose population alone is known.
_RATES = """
SELECT above.* EXCLUDE (indicator, count_unit, obs_value, breakdown, precise, shown, value_lower, value_upper),
    ratio.code AS indicator, ratio.unit AS count_unit,
    round(ratio.scale * above.obs_value / people.people, 4) AS obs_value,
    round(ratio.scale * above.value_lower / people.people, 4) AS value_lower,
    round(ratio.scale * above.value_upper / people.people, 4) AS value_upper,
    format('{:.15g} of {} ', above.obs_value, people.people) || ratio.among AS obs_comment
FROM ratio JOIN figure AS above ON above.indicator = ratio.numerator AND above.count_unit::VARCHAR = ratio.numerator_unit
    AND list_contains(ratio.breakdowns, above.breakdown)
JOIN people ON people.ref_area = above.ref_area::VARCHAR AND people.year = year(above.period_start)
    AND people.sex = above.sex::VARCHAR AND people.age = above.age
WHERE ratio.denominator = 'population' AND above.period_type = 'CY' AND above.freq = 'A' AND above.ref_subarea = '_T'
    AND above.obs_status <> 'P' AND above.period_start = make_date(year(above.period_start), 1, 1)
    AND above.period_end = make_date(year(above.period_start), 12, 31)"""


def _twice(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


# What the country itself reports for the same cell is not computed a second time.
_DERIVED = f"""
CREATE OR REPLACE TEMP TABLE derived AS
WITH figure AS (
    SELECT {", ".join(_CELL)}, indicator, count_unit, {_BREAKDOWN} AS breakdown,
        min(obs_value) AS obs_value, min(submission_id) AS submission_id,
        {{BOUNDS}}, bool_and({{PRECISE}}) AS precise, {{SHOWN}} AS shown,
        arg_min(obs_status::VARCHAR, {_GRAVEST.format("obs_status")}) AS obs_status
    FROM {{FIGURES}}
    WHERE {{WANTED}} AND exploitation <> '_U'
        AND (origin <> 'COMPUTED' OR offence IN ('_T', '_Z'))
        AND indicator IN (SELECT numerator FROM ratio UNION SELECT denominator FROM ratio)
    GROUP BY ALL HAVING coalesce(min(obs_value) = max(obs_value), TRUE) AND count(obs_value) IN (0, count(*))
        AND bool_and(coalesce(obs_status_2 <> 'P', TRUE))
),
found AS ({_twice(_RATIOS)} UNION ALL BY NAME {_twice(_RATES)})
SELECT * FROM found WHERE NOT EXISTS (
    SELECT 1 FROM {{FIGURES}} AS reported WHERE reported.origin <> 'COMPUTED' AND reported.indicator = found.indicator
    AND {" AND ".join(f"reported.{name} = found.{name}" for name in _CELL[2:])}
)
ORDER BY ALL"""
# Of what is shown, that which is hidden hides what would be made of it.
_SAID = "(obs_value IS NOT NULL AND conf_status = 'F' OR conf_status IN ('A', 'S'))"
_NO_BOUNDS = "NULL::DOUBLE AS value_lower, NULL::DOUBLE AS value_upper"
_INSERT = """
INSERT INTO {FIGURES} BY NAME
SELECT derived.* REPLACE (CASE WHEN obs_value IS NULL THEN 'Q' ELSE obs_status END AS obs_status,
        CASE WHEN obs_value IS NOT NULL THEN obs_comment END AS obs_comment,
        CASE WHEN obs_value IS NOT NULL THEN value_lower END AS value_lower,
        CASE WHEN obs_value IS NOT NULL THEN value_upper END AS value_upper),
    'COMPUTED' AS origin, CASE WHEN obs_value IS NULL THEN 'A' ELSE 'F' END AS conf_status, 'DERIVED' AS protection,
    submission_id || '-{LETTER}' || (row_number() OVER (PARTITION BY submission_id ORDER BY derived.rowid) + coalesce(already, 0))
        AS observation_id
FROM derived LEFT JOIN (
    SELECT submission_id, count(*) AS already FROM {FIGURES} WHERE origin = 'COMPUTED' GROUP BY ALL
) AS held USING (submission_id)
ORDER BY derived.rowid"""


def write_derived(connection: duckdb.DuckDBPyConnection, figures: str = "observation") -> None:
    """Write the indicators that divide one observation by another, or by the population of the same sex and age.

    Both figures are in the unit that their own indicator declares. Nothing is computed from a hidden or missing figure.
    figures: the table of figures; of `shown`, what would be made of a hidden figure is there, and hidden with it.
    """
    known = indicators()
    wanted = [found for found in computations() if found.table == "observation"]
    rows = [
        {
            "code": found.code,
            "unit": found.count_unit,
            "numerator": found.numerator,
            "numerator_unit": known[found.numerator].count_unit,
            "denominator": found.denominator,
            "denominator_unit": known[found.denominator].count_unit if found.denominator in known else None,
            "scale": found.scale,
            "least": found.least,
            "among": found.among,
            "breakdowns": ["+".join(breakdown) or "total" for breakdown in found.breakdowns],
        }
        for found in wanted
    ]
    people = [(*key, number) for key, number in population().items()]
    names = ("ref_area", "year", "sex", "age", "people")
    connection.register("ratio", pa.Table.from_pylist(rows))
    connection.register("people", pa.table({name: [row[place] for row in people] for place, name in enumerate(names)}))
    exact = figures == "observation"
    written = {
        "FIGURES": figures,
        "WANTED": "obs_value IS NOT NULL AND conf_status = 'F'" if exact else _SAID,
        "BOUNDS": _NO_BOUNDS if exact else "min(value_lower) AS value_lower, max(value_upper) AS value_upper",
        "LETTER": "c" if exact else "d",
        "PRECISE": "TRUE" if exact else "protection IN ('EXACT', 'PUBLISHED')",
        "SHOWN": "FALSE" if exact else "TRUE",
    }
    connection.execute(_DERIVED.format(**written))
    connection.execute(_INSERT.format(**written))
    connection.unregister("ratio")
    connection.unregister("people")
