"""GeoJSON: one feature a figure, with the shape of its country, for maps of other tools.

Standard: RFC 7946, with exterior rings counterclockwise. A figure of an area within a country, or of a country that we have no
shape of, has no geometry: to paint it over a whole country would say what the figure does not. Disputed areas belong to none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from dashboard.exports.job import Job
from dashboard.exports.selection import quoted
from dashboard.exports.text import in_pieces
from dashboard.exports.workbook import HOW
from dashboard.filters import FilterError
from dashboard.geography import boundaries
from dashboard.words import Words

NEEDED = ("ref_area", "ref_subarea")


def geojson(job: Job) -> Iterator[bytes]:
    """Write a collection of features; its member `about` holds the notes. FilterError for a form without the areas."""
    if job.options.wide in NEEDED:
        raise FilterError("a figure on a map needs its area; choose another dimension for the wide form")
    words = Words(job.filters.language)
    about = json.loads(job.notes.as_json())
    about["boundaries"] = words.say("Boundaries and names on maps imply no official endorsement.")
    yield f'{{"type":"FeatureCollection","about":{json.dumps(about, ensure_ascii=False)},"features":['.encode()
    job.values.update(areas=list(shapes()), shapes=list(shapes().values()))
    shape = "CASE WHEN ref_subarea = '_T' THEN list_extract($shapes, list_position($areas, ref_area::VARCHAR)) END"
    properties = ", ".join(f"{quoted(column.heading)} := {column.expression}" for column in job.columns)
    feature = (
        f"""concat(',{{"type":"Feature","geometry":', coalesce({shape}, 'null'), ',"properties":', """
        f"""to_json(struct_pack({properties}))::VARCHAR, '}}')"""
    )
    pieces = in_pieces(job.parts([("feature", feature)], HOW, HOW))
    # Each feature stands behind a comma, which the first must not have.
    for first in pieces:
        yield first[1:]
        break
    yield from pieces
    yield b"]}\n"


@cache
def shapes() -> dict[str, str]:
    """Give the geometry of each country that has one, as JSON; areas that are disputed stand apart and are none."""
    kept = boundaries()
    features = json.loads(kept.text)["features"]
    return {one["id"]: json.dumps(_wound(one["geometry"]), separators=(",", ":")) for one in features if one["id"] in kept.shapes}


def _wound(geometry: dict[str, Any]) -> dict[str, Any]:
    """Turn the rings of a geometry as RFC 7946 has them: the outer counterclockwise, holes clockwise."""
    single = geometry["type"] == "Polygon"
    parts = [geometry["coordinates"]] if single else geometry["coordinates"]
    turned = [
        [ring if (_area(ring) > 0) == (place == 0) else ring[::-1] for place, ring in enumerate(part)] for part in parts
    ]  # fmt: skip
    return {"type": geometry["type"], "coordinates": turned[0] if single else turned}


def _area(ring: list[list[float]]) -> float:
    """Give twice the area of a ring in square degrees, positive where it runs counterclockwise."""
    return sum(x * following_y - following_x * y for (x, y), (following_x, following_y) in pairwise(ring))
