"""Figures as SDMX 2.1 web services give them: generic and structure-specific SDMX-ML 2.1, and SDMX-CSV 1.0.

Standard: SDMX 2.1, SDMX-ML and section 7; SDMX-CSV 1.0. The structure is that of `sdmx_structure`, whose components are the
columns here. The database writes each observation as text that stands as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from dashboard.exports.options import ExportError, Options
from dashboard.exports.published import Published, read_published
from dashboard.exports.rows import opened
from dashboard.exports.sdmx import AGENCY, DIMENSION, MEASURE, STRUCTURE, VERSION, Component, components, written
from dashboard.exports.text import CHUNK
from dashboard.exports.workbook import HOW
from dashboard.filters import FilterError, Filters

GENERIC, SPECIFIC, CSV = "generic", "structurespecific", "csv"
FLAT, TIME = "AllDimensions", "TIME_PERIOD"
MEMORY = "512MB"
ML = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{STRUCTURE}({VERSION})"
# What an attribute of XML may not hold as it is; other controls become the sign for an unknown one.
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"), ("\r", "&#13;"))


class NoFiguresError(FilterError):
    """Say that no figure is as a query asks."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a query of data asks.

    key: the codes of each dimension but time, in their order; none means all. first, last: the days within which the periods
    lie. observations: FLAT, or TIME for series.
    """

    key: tuple[tuple[str, ...], ...] = field(default_factory=tuple)
    first: datetime.date | None = None
    last: datetime.date | None = None
    observations: str = TIME


def data_message(path: Path, name: str, form: str, query: Query) -> Iterator[bytes]:
    """Write a message of data in a form.

    Errors: NoFiguresError where no figure is as the query asks; FilterError where its key has another number of dimensions;
    ExportError.
    """
    with opened(path, name, MEMORY) as rows:
        published = read_published(rows, path, name, "en")
        ours = components(published)
        values: dict[str, object] = {"edition": name}
        chosen = f"FROM ({_columns(ours)}) WHERE {_condition(ours, query, values)}"
        ((number,),) = rows.fetch(f"SELECT count(*) {chosen}", values)
        if number == 0:
            raise NoFiguresError("no figure is as the query asks")
        head, tail = _around(published, form, query.observations, ours)
        yield head.encode()
        part = rows.copy(_lines(ours, form, query.observations, chosen), HOW, values)
        if part.rows != number and (form == CSV or query.observations == FLAT):
            raise ExportError(f"the message announced {number} figures and wrote {part.rows}, so it is not to be used")
        with part.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        yield tail.encode()


def _columns(ours: Sequence[Component]) -> str:
    """Give each component as text, as SDMX-CSV writes it; the days of a period are also kept as days."""
    listed = ", ".join(f'({written(one)})::VARCHAR AS "{one.id}"' for one in ours)
    return f"SELECT {listed}, period_start AS first_day, period_end AS last_day FROM e.observation"


def _condition(ours: Sequence[Component], query: Query, values: dict[str, object]) -> str:
    dimensions = [one.id for one in ours if one.role == DIMENSION and one.id != TIME]
    if query.key and len(query.key) != len(dimensions):
        raise FilterError(f"the key has {len(query.key)} dimensions and the structure {len(dimensions)}: {'.'.join(dimensions)}")
    conditions = []
    for name, codes in zip(dimensions, query.key, strict=False):
        if codes:
            bound = {f"{name.lower()}_{place}": code for place, code in enumerate(codes)}
            values.update(bound)
            conditions.append(f'"{name}" IN ({", ".join(f"${one}" for one in bound)})')
    for day, sign, column in ((query.first, ">=", "first_day"), (query.last, "<=", "last_day")):
        if day is not None:
            values[column] = day
            conditions.append(f"{column} {sign} ${column}")
    return " AND ".join(conditions) or "true"


def _lines(ours: Sequence[Component], form: str, observations: str, chosen: str) -> str:
    """Give the question whose rows are the lines of the message."""
    dimensions = [one.id for one in ours if one.role == DIMENSION]
    order = ", ".join(f'"{name}"' for name in (*(name for name in dimensions if name != TIME), TIME))
    if form == CSV:
        cells = ", ".join(f"""CASE WHEN "{one.id}" IS NULL THEN '' WHEN regexp_matches("{one.id}", '[",\\r\\n]')
            THEN '"' || replace("{one.id}", '"', '""') || '"' ELSE "{one.id}" END""" for one in ours)  # fmt: skip
        return f"SELECT concat_ws(',', '{AGENCY}:{STRUCTURE}({VERSION})', {cells}) {chosen} ORDER BY {order}"
    generic = form == GENERIC
    if observations == FLAT:
        one = _generic_observation(ours, dimensions) if generic else _specific("Obs", ours, "/>")
        return f"SELECT {one} {chosen} ORDER BY {order}"
    series = [one for one in ours if one.role == DIMENSION and one.id != TIME]
    others = [one for one in ours if one.role != DIMENSION or one.id == TIME]
    keys = ", ".join(f'"{one.id}"' for one in series)
    if generic:
        head = f"concat('<gen:Series><gen:SeriesKey>', {_generic_values(series)}, '</gen:SeriesKey>')"
        one, tail = _generic_observation(others, []), "'</gen:Series>'"
    else:
        head, one, tail = _specific("Series", series, ">"), _specific("Obs", others, "/>"), "'</Series>'"
    return f"SELECT concat({head}, string_agg({one}, '' ORDER BY \"{TIME}\"), {tail}) {chosen} GROUP BY {keys} ORDER BY {keys}"


def _specific(name: str, ours: Sequence[Component], end: str) -> str:
    attributes = ", ".join(f"""' {one.id}="' || {_xml(one.id)} || '"'""" for one in ours)
    return f"concat('<{name}', {attributes}, '{end}')"


def _generic_observation(ours: Sequence[Component], dimensions: Sequence[str]) -> str:
    """Write an observation of a generic message; without dimensions, one of a series, which names its time alone."""
    if dimensions:
        key = f"'<gen:ObsKey>', {_generic_values([one for one in ours if one.id in dimensions])}, '</gen:ObsKey>'"
    else:
        key = f"""'<gen:ObsDimension value="' || {_xml(TIME)} || '"/>'"""
    (measure,) = (one.id for one in ours if one.role == MEASURE)
    value = f"""'<gen:ObsValue value="' || {_xml(measure)} || '"/>'"""
    attributes = _generic_values([one for one in ours if one.role not in (DIMENSION, MEASURE)])
    return f"concat('<gen:Obs>', {key}, {value}, '<gen:Attributes>', {attributes}, '</gen:Attributes></gen:Obs>')"


def _generic_values(ours: Sequence[Component]) -> str:
    return ", ".join(f"""'<gen:Value id="{one.id}" value="' || {_xml(one.id)} || '"/>'""" for one in ours)


def _xml(name: str) -> str:
    expression = f'"{name}"'
    for sign, escaped in ESCAPES:
        expression = f"replace({expression}, '{sign}', '{escaped}')"
    return f"regexp_replace({expression}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{{FFFE}}\\x{{FFFF}}]', '\ufffd', 'g')"


def _around(published: Published, form: str, observations: str, ours: Sequence[Component]) -> tuple[str, str]:
    """Give what stands before and behind the lines of a message."""
    if form == CSV:
        return ",".join(["DATAFLOW", *(one.id for one in ours)]) + "\n", ""
    root, kind = ("GenericData", "generic") if form == GENERIC else ("StructureSpecificData", "structurespecific")
    named = f' namespace="{URN}:ObsLevelDim:{observations}"' if form == SPECIFIC else ""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:{root} xmlns:mes="{ML}/message" xmlns:com="{ML}/common" '
        f'xmlns:gen="{ML}/data/{kind}" xmlns:ns1="{URN}:ObsLevelDim:{observations}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><mes:Header>'
        f"<mes:ID>PEMBE_{escape(published.name)}</mes:ID><mes:Test>false</mes:Test>"
        f'<mes:Prepared>{published.manifest["as_of"]}T00:00:00Z</mes:Prepared><mes:Sender id="{AGENCY}"/>'
        f'<mes:Structure structureID="{STRUCTURE}"{named} dimensionAtObservation="{observations}"><com:Structure>'
        f'<Ref agencyID="{AGENCY}" id="{STRUCTURE}" version="{VERSION}" class="DataStructure"/></com:Structure></mes:Structure>'
        "</mes:Header>"
    )
    if form == GENERIC:
        return f'{head}<mes:DataSet structureRef="{STRUCTURE}" action="Replace">\n', f"</mes:DataSet></mes:{root}>\n"
    scope = 'gen:dataScope="DataStructure" xsi:type="ns1:DataSetType"'
    return f'{head}<mes:DataSet gen:structureRef="{STRUCTURE}" {scope} gen:action="Replace">\n', f"</mes:DataSet></mes:{root}>\n"


def structure_message(path: Path, name: str) -> bytes:
    """Write the whole structure of an edition as SDMX-ML 2.1."""
    # Imported here since they take a third of a second.
    from dashboard.exports import job
    from dashboard.exports.sdmx_structure import structures

    with job(path, name, Filters(), Options(indicators=()), False, MEMORY) as made:
        return dict(structures(made))["structure-2.1.xml"]
