"""SDMX-CSV 2.0: one observation a row under the structure that sdmx_structure writes; streamed like any other file of text.

Standard: SDMX 3.0, SDMX-CSV 2.0. The edition stands in every row; licence and citation, which belong to the whole data set and
are long, stand in the description of the dataflow and in the README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.exports.archive import Archive
from dashboard.exports.job import Job
from dashboard.exports.options import CODES
from dashboard.exports.published import Published
from dashboard.exports.readme import readme
from dashboard.exports.selection import plain_text
from dashboard.exports.size import most_bytes
from dashboard.exports.text import doubled, in_pieces
from dashboard.exports.wide import OF_FIGURE
from dashboard.filters import FilterError
from schemas.codelists import codelist
from schemas.indicators import indicators
from schemas.tables import Field

AGENCY, STRUCTURE, VERSION = "AU_HOAI", "PEMBE", "1.0.0"
DIMENSION, MEASURE, ATTRIBUTE = "D", "M", "A"
# The most bytes around a value, and a value's share of the columns that no field of ours has.
AROUND = 16
# What SDMX's own cross-domain concepts call ours; all others are our names in capitals.
CONCEPTS = {"count_unit": "UNIT_MEASURE", "obs_comment": "COMMENT_OBS"}
PERIOD = ("time_period", "period_start", "period_end", "period_type")
# What a series of SDG 16.2.2 can be broken down by; a figure broken down by anything else is none of it.
SERIES = ("sex", "age", "exploitation")
TIME = """CASE
    WHEN regexp_matches(time_period, '^[0-9]{4}(-Q[1-4]|-[01][0-9])?$') THEN time_period
    WHEN regexp_matches(time_period, '^[0-9]{4}-H[12]$') THEN replace(time_period, 'H', 'S')
    ELSE strftime(period_start, '%Y-%m-%d') || '/P' || (period_end - period_start + 1) || 'D' END"""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the structure: `field` is ours where it holds a field; codes: None where it has no list."""

    id: str
    role: str
    expression: str
    meaning: str
    field: Field | None = None
    codes: tuple[str, ...] | None = None
    required: bool = False


def components(published: Published) -> list[Component]:
    """Give every component of the structure in the order of the columns: dimensions, the measure, attributes.

    A source may give several figures for one cell: SUBMISSION_ID and OBS_NUMBER keep them apart.
    """
    held = {field.name: field for field in published.fields}
    dimensions = [field for field in published.fields if field.name not in (*OF_FIGURE, *PERIOD, "invented")]
    found = [_component(published, field, DIMENSION) for field in (*dimensions, held["submission_id"])]
    found.append(Component("OBS_NUMBER", DIMENSION, _number([one.expression for one in found]), "1; more where a source "
                           "gives several figures for one cell.", required=True))  # fmt: skip
    found.append(Component("TIME_PERIOD", DIMENSION, TIME, held["time_period"].definition, required=True))
    found.append(_component(published, held["obs_value"], MEASURE))
    attributes = [field for field in published.fields if field.name in OF_FIGURE or field.name in (*PERIOD[1:], "invented")]
    found += [_component(published, field, ATTRIBUTE) for field in attributes
              if field.name not in ("obs_value", "submission_id")]  # fmt: skip
    found.append(Component("PERIOD_NAME", ATTRIBUTE, "time_period", "Period as the sender counts it.", required=True))
    found.append(Component("SDG_SERIES", ATTRIBUTE, _series(published), "Series of SDG indicator 16.2.2 that the figure "
                           "belongs to; absent where it belongs to none.", codes=series_codes()))  # fmt: skip
    found.append(Component("EDITION", ATTRIBUTE, "$edition", "Edition."))
    return found


def sdmx_csv(job: Job) -> Iterator[bytes]:
    """Write SDMX-CSV 2.0; raises FilterError for the wide form or labels, which the structure holds."""
    if job.options.wide is not None or job.options.labels != CODES:
        raise FilterError("SDMX holds codes in the long form; its structure holds the labels")
    job.values.update(edition=job.published.name, structure=f"{AGENCY}:{STRUCTURE}({VERSION})")
    listed = [("STRUCTURE", "'dataflow'"), ("STRUCTURE_ID", "$structure"), ("ACTION", "'R'")]
    listed += [(one.id, written(one)) for one in components(job.published)]
    how = "FORMAT csv, HEADER "
    yield from in_pieces(job.parts(listed, f"{how}true", f"{how}false", whole=True))


def sdmx_package(job: Job) -> Iterator[bytes]:
    """Write a zip archive of the structure, the data and a README of sources, caveats and how to cite."""
    # Imported here since it takes a third of a second.
    from dashboard.exports.sdmx_structure import structures

    archive = Archive()
    yield archive.add("README.md", readme(job).encode())
    for name, content in structures(job):
        yield archive.add(name, content)
    with archive.open("data.csv", most_bytes(job, AROUND, doubled)) as file:
        for chunk in sdmx_csv(job):
            file.write(chunk)
            yield archive.taken()
    yield archive.close()


def series_codes() -> tuple[str, ...]:
    """Give the codes of the series of SDG 16.2.2 that a figure of ours can belong to: numbers, and rates, which end in R."""
    listed = codelist("CL_EXPLOIT")
    forms = [str(listed.crosswalk(code, "sdg_16_2_2")) for code in listed if listed.match(code, "sdg_16_2_2") == "exact"]
    numbers = ("VC_HTF_DETV", *forms)
    return (*numbers, *(f"{code}R" for code in numbers))


def _component(published: Published, field: Field, role: str) -> Component:
    codes = published.codes[field.name] if field.codes is not None else None
    codes = tuple(indicators()) if field.name == "indicator" else codes
    expression = "replace(freq::VARCHAR, 'H', 'S')" if field.name == "freq" else f'"{field.name}"'
    if field.name == "freq":
        # SDMX writes half-years as S, and what has no frequency as N.
        codes, expression = ("A", "S", "Q", "M", "N"), f"replace({expression}, '_X', 'N')"
    name = CONCEPTS.get(field.name, field.name.upper())
    return Component(name, role, expression, field.definition, field, codes, field.required == "R" or role == DIMENSION)


def _number(expressions: list[str]) -> str:
    return f"row_number() OVER (PARTITION BY {', '.join(expressions)}, period_start, period_end ORDER BY observation_id)"


def _series(published: Published) -> str:
    """Give the SQL of the series of a figure: only what is a series exactly, by sex, age and form and by nothing else."""
    dimensions = [field.name for field in published.fields if field.codes is not None and "_T" in field.codes]
    others = [name for name in dimensions if name not in (*SERIES, "offence") and name not in OF_FIGURE]
    whole = " AND ".join([*(f"{name} = '_T'" for name in others), "offence IN ('_T', 'TIP')", "freq = 'A'"])
    listed = codelist("CL_EXPLOIT")
    forms = " ".join(
        f"WHEN '{code}' THEN '{listed.crosswalk(code, 'sdg_16_2_2')}'"
        for code in listed
        if listed.match(code, "sdg_16_2_2") == "exact"
    )
    kind = "CASE indicator WHEN 'TIP_VIC_DET' THEN '' WHEN 'TIP_RATE' THEN 'R' END"
    return f"CASE WHEN {whole} THEN CASE exploitation::VARCHAR WHEN '_T' THEN 'VC_HTF_DETV' {forms} END || {kind} END"


def written(one: Component) -> str:
    """Give the SQL of a component as a file of text holds it."""
    if one.field is None or re.match(r"[^\"]", one.expression):
        return one.expression
    from dashboard.exports.selection import Column

    return plain_text(Column(one.id, one.field, False, one.expression), decimal_comma=False)
