"""Pictures as inline SVG for pages without any script: a map and columns by year. Numbers stand in words beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.geography import boundaries
from dashboard.markup import tag
from dashboard.theme import SERIES
from dashboard.words import Words

# Tenths of a degree are enough for a map as wide as a phone, and make it a third of the size.
SCALE = 10
WEST, EAST, SOUTH, NORTH = 7.0, 55.5, -5.5, 38.0
COLUMN, GAP, HEIGHT, HEAD, FOOT = 26, 8, 90, 14, 14


def map_svg(classes: Mapping[str, str], titles: Mapping[str, str], told: str) -> Markup:
    """Draw the countries of the region and their neighbours; `classes` names the standing by which the page colours each."""
    shapes = [
        tag("path", tag("title", titles[code]) if code in titles else None, d=path, class_=classes.get(code, "other"))
        for code, path in _paths().items()
    ]
    box = f"0 0 {round((EAST - WEST) * SCALE)} {round((NORTH - SOUTH) * SCALE)}"
    return tag("svg", shapes, viewBox=box, role="img", aria_label=told, class_="map")


def columns_svg(rows: Sequence[Figure], edition: Edition, words: Words, told: str, highest: float | None = None) -> Markup:
    """Draw one country's figures of one indicator in the order of their periods; what is no number is written, not drawn.

    highest: the figure as tall as the picture, where several pictures share a scale; the highest of these if not given.
    """
    ordered = sorted(rows, key=lambda row: (row.year, row.source, row.period_start))
    if highest is None:
        highest = max((row.obs_value or 0 for row in ordered), default=0)
    sources = list(dict.fromkeys(row.source for row in ordered))
    parts = []
    for place, row in enumerate(ordered):
        left = GAP + place * (COLUMN + GAP)
        high = round(HEIGHT * (row.obs_value or 0) / highest) if highest else 0
        top, middle = HEAD + HEIGHT - high, left + COLUMN // 2
        colour = SERIES[sources.index(row.source) % len(SERIES)]
        parts.append(tag("rect", x=left, y=top, width=COLUMN, height=high, fill=colour) if high else None)
        parts += [
            tag("text", written, x=middle, y=line, font_size="10", text_anchor="middle")
            for written, line in ((number(row, edition, words), top - 3), (str(row.year), HEAD + HEIGHT + FOOT - 2))
        ]
    width = GAP + len(ordered) * (COLUMN + GAP)
    box = f"0 0 {width} {HEAD + HEIGHT + FOOT}"
    return tag("svg", parts, viewBox=box, width=width, role="img", aria_label=told, class_="columns", direction="ltr")


@cache
def _paths() -> dict[str, str]:
    """Give the outline of every country within the frame as an SVG path, in tenths of a degree."""
    found = {}
    for shape in json.loads(boundaries().text)["features"]:
        geometry = shape["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        path = "".join(_ring(polygon[0]) for polygon in polygons)
        if path:
            found[str(shape["id"])] = path
    return found


def _ring(ring: list[Any]) -> str:
    """Write one ring; an island smaller than a point of the map, or a ring outside the frame, is left out."""
    if not any(WEST <= east <= EAST and SOUTH <= north <= NORTH for east, north in ring):
        return ""
    points: list[tuple[int, int]] = []
    for east, north in ring:
        point = (round((min(max(east, WEST), EAST) - WEST) * SCALE), round((NORTH - min(max(north, SOUTH), NORTH)) * SCALE))
        far = not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) > 2
        if far:
            points.append(point)
    if len(points) < 4:
        return ""
    moves = [f"{x - u} {y - v}" for (u, v), (x, y) in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(moves)}z"
