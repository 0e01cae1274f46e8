"""The structure of SDMX: agency, concepts, code lists, data structure, dataflow and the constraint of what an edition holds."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import (
    Agency,
    AgencyScheme,
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    ConstraintAttachment,
    CubeKeyValue,
    CubeRegion,
    CubeValue,
    DataConstraint,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Organisation,
    Role,
)  # fmt: skip
from pysdmx.model.__base import MaintainableArtefact
from pysdmx.model.message import Header

from dashboard.exports.job import Job
from dashboard.exports.published import list_of
from dashboard.exports.sdmx import AGENCY, DIMENSION, MEASURE, STRUCTURE, VERSION, components
from dashboard.exports.sdmx import Component as Ours
from schemas.dimensions import field_label

SCHEME = "PEMBE_CONCEPTS"
FILES = {"structure.xml": Format.STRUCTURE_SDMX_ML_3_0, "structure-2.1.xml": Format.STRUCTURE_SDMX_ML_2_1}
URN = "urn:sdmx:org.sdmx.infomodel"
TYPES = {"number": DataType.DOUBLE, "date": DataType.DATE, "boolean": DataType.BOOLEAN, "integer": DataType.INTEGER}
ROLES = {DIMENSION: Role.DIMENSION, MEASURE: Role.MEASURE}


def structures(job: Job) -> list[tuple[str, bytes]]:
    """Write the structure message, in English, as SDMX-ML 3.0, to which the data belong, and as 2.1, which most tools read."""
    ours = components(job.published)
    agency = AgencyScheme(agency="SDMX", items=[Agency(AGENCY, name="African Union Horn of Africa Initiative")])
    lists = {name: codes for one in ours if (name := _list(one)) is not None for codes in [_codes(job, one, name)]}
    concepts = ConceptScheme(SCHEME, name="Pembe", agency=AGENCY, version=VERSION, items=[_concept(job, one) for one in ours])
    parts = Components([_component(one, concepts, lists) for one in ours])
    about = " ".join(f"{heading}: {text}" for heading, text in job.notes.pairs)
    made = DataStructureDefinition(STRUCTURE, name=job.notes.text("title"), agency=AGENCY, version=VERSION, components=parts)
    flow = Dataflow(STRUCTURE, name=job.notes.text("title"), description=about, agency=AGENCY, version=VERSION, structure=made)
    named = f"{URN}.datastructure.Dataflow={AGENCY}:{STRUCTURE}({VERSION})"
    held = DataConstraint(
        f"{STRUCTURE}_HELD", name=job.published.name, agency=AGENCY, version=VERSION,
        constraint_attachment=ConstraintAttachment(None, dataflows=[named]),
        cube_regions=[CubeRegion(_held(job, ours), is_included=True)],
    )  # fmt: skip
    day = datetime.fromisoformat(f"{job.published.manifest['as_of']}T00:00:00+00:00")
    header = Header(id=f"PEMBE_{job.published.name}", test=False, prepared=day, sender=Organisation(AGENCY))
    parts_of = [agency, *lists.values(), concepts, made, flow, held]
    return [(name, _written(parts_of, form, header)) for name, form in FILES.items()]


def _written(parts: Sequence[MaintainableArtefact], form: Format, header: Header) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "structure.xml"
        write_sdmx(parts, form, output_path=str(path), header=header, prettyprint=True)
        return path.read_bytes()


def _list(one: Ours) -> str | None:
    """Name the code list of a component; fields of one declared list share it."""
    if one.codes is None:
        return None
    if one.field is None:
        return "CL_SDG_SERIES"
    if one.field.type == "area":
        return "CL_AREA"
    listed = list_of(one.field)
    return None if listed is None else listed if listed.startswith("CL_") else f"CL_{listed}"


def _codes(job: Job, one: Ours, name: str) -> Codelist:
    def label(code: str) -> str:
        return job.published.label(one.field, code) if one.field is not None else code

    codes = [Code(code, name=label(code)) for code in one.codes or ()]
    return Codelist(name, name=name, agency=AGENCY, version=VERSION, items=codes)


def _concept(job: Job, one: Ours) -> Concept:
    named = one.field is not None and one.id != "TIME_PERIOD"
    name = field_label(one.field.name, job.filters.language) if named and one.field is not None else one.id
    return Concept(one.id, name=name, description=one.meaning)


def _component(one: Ours, concepts: ConceptScheme, lists: dict[str, Codelist]) -> Component:
    name = _list(one)
    kind = DataType.PERIOD if one.id == "TIME_PERIOD" else DataType.INTEGER if one.id == "OBS_NUMBER" else DataType.STRING
    kind = TYPES.get(one.field.type, kind) if one.field is not None else kind
    role = ROLES.get(one.role, Role.ATTRIBUTE)
    return Component(
        id=one.id, required=one.required if role != Role.MEASURE else False, role=role,
        concept=ItemReference("Concept", AGENCY, SCHEME, VERSION, one.id), local_dtype=None if name is not None else kind,
        local_codes=lists[name] if name is not None else None, attachment_level="O" if role == Role.ATTRIBUTE else None,
    )  # fmt: skip


def _held(job: Job, ours: list[Ours]) -> list[CubeKeyValue]:
    """Give the codes of each dimension that the choice holds."""
    found = []
    for one in ours:
        if one.role == DIMENSION and one.codes is not None:
            query = f"SELECT DISTINCT {one.expression}::VARCHAR FROM e.observation WHERE {job.selection.condition} ORDER BY 1"
            codes = [code for (code,) in job.rows.fetch(query, job.values)]
            if codes:
                found.append(CubeKeyValue(one.id, [CubeValue(code) for code in codes]))
    return found
