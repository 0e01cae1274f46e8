"""Shapes and middles of countries for maps, from the boundaries of the house; no map server is ever asked."""

from __future__ import annotations

import csv
import hashlib
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import schemas

BOUNDARIES = Path(schemas.__file__).with_name("boundaries.geojson")
MIDDLES = BOUNDARIES.with_name("middles.csv")


class Boundaries(NamedTuple):
    """The boundaries as they are served, with an address that changes when they do."""

    text: str
    address: str
    shapes: tuple[str, ...]
    disputed: tuple[str, ...]


@cache
def boundaries() -> Boundaries:
    """Read the boundaries once a worker."""
    text = BOUNDARIES.read_text("utf-8")
    shapes = json.loads(text)["features"]
    address = f"/map/boundaries-{hashlib.sha256(text.encode()).hexdigest()[:12]}.geojson"
    disputed = tuple(shape["id"] for shape in shapes if shape["properties"]["disputed"])
    return Boundaries(text, address, tuple(shape["id"] for shape in shapes if shape["id"] not in disputed), disputed)


@cache
def middles() -> dict[str, tuple[float, float]]:
    """Give the middle of each country as latitude and longitude: as listed, or that of the largest part of its shape."""
    found = {}
    for shape in json.loads(boundaries().text)["features"]:
        geometry = shape["geometry"]
        parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found[shape["id"]] = _middle(max((part[0] for part in parts), key=lambda ring: abs(_area(ring))))
    with MIDDLES.open(encoding="utf-8", newline="") as lines:
        found |= {row["iso3"]: (float(row["north"]), float(row["east"])) for row in csv.DictReader(lines)}
    return found


def _area(ring: list[Any]) -> float:
    return sum(float(x * v - u * y) for (x, y), (u, v) in pairwise(ring)) / 2


def _middle(ring: list[Any]) -> tuple[float, float]:
    area = 6 * _area(ring)
    pairs = list(pairwise(ring))
    east = sum((x + u) * (x * v - u * y) for (x, y), (u, v) in pairs) / area
    north = sum((y + v) * (x * v - u * y) for (x, y), (u, v) in pairs) / area
    return round(north, 2), round(east, 2)
