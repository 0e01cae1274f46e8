"""GeoJSON: a figure a feature, drawn where its country is, with every value as it is; nothing is painted that has no shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.exports import stream
from dashboard.exports.geojson import shapes
from dashboard.exports.options import Options
from dashboard.filters import FilterError, Filters
from tests.published import FIGURES, NAME, publish

ALL = Options(indicators=())
# Djibouti lies between these degrees, east and north.
DJIBOUTI = (41.0, 10.5, 44.0, 13.0)


def read(path: Path, options: Options = ALL, filters: Filters | None = None) -> Any:
    return json.loads(b"".join(stream(path, NAME, "geojson", filters or Filters(), options)))


def test_a_figure_is_a_feature_with_its_values_and_the_shape_of_its_country(tmp_path: Path) -> None:
    figures = (
        *FIGURES[:3],
        {"observation_id": "region", "ref_subarea": "ET-AF", "obs_value": 11, "obs_comment": 'say "no"\nand =1+1'},
        {"observation_id": "far", "ref_area": "ABW", "obs_value": 12},
        {"observation_id": "dji", "ref_area": "DJI", "obs_value": 13},
    )  # fmt: skip
    made = read(publish(tmp_path, figures))
    assert made["type"] == "FeatureCollection"
    assert made["about"]["citation"].startswith("Pembe (2026). ")
    assert made["about"]["boundaries"] == "Boundaries and names on maps imply no official endorsement."
    said = [(one["properties"]["observation_id"][-6:], one["properties"]["obs_value"], one["properties"]["obs_status"],
             one["geometry"] is not None) for one in made["features"]]  # fmt: skip
    assert said == [
        ("-01-f1", 26, "V", True), ("-01-f2", 0, "V", True), ("-01-f3", None, "Q", True), ("region", 11, "V", False),
        ("far", 12, "V", False), ("dji", 13, "V", True),
    ]  # fmt: skip
    assert made["features"][3]["properties"]["obs_comment"] == 'say "no"\nand =1+1'
    assert {one["type"] for one in made["features"]} == {"Feature"}
    west, south, east, north = DJIBOUTI
    assert all(west < x < east and south < y < north for x, y in points(made["features"][5]["geometry"]))


def test_outer_rings_run_counterclockwise_and_no_disputed_area_is_a_country() -> None:
    assert {"ETH", "KEN", "SOM", "TUN"} <= set(shapes()) and not {"XHT", "XIT", "XBT"} & set(shapes())
    for content in shapes().values():
        geometry = json.loads(content)
        parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for outer, *_ in parts:
            assert outer[0] == outer[-1]
            # The lowest point of a ring is passed from west to east where it runs counterclockwise.
            corners = outer[:-1]
            lowest = min(range(len(corners)), key=lambda place: (corners[place][1], corners[place][0]))
            before, at, after = (corners[(lowest + step) % len(corners)] for step in (-1, 0, 1))
            assert (at[0] - before[0]) * (after[1] - at[1]) - (after[0] - at[0]) * (at[1] - before[1]) > 0


def test_labels_the_wide_form_and_an_empty_choice_are_collections_too(tmp_path: Path) -> None:
    path = publish(tmp_path)
    labelled = read(path, Options(labels="both", indicators=()), Filters(language="fr"))
    assert labelled["features"][0]["properties"]["sex_label"] == "Féminin"
    wide = read(path, Options(wide="sex", indicators=("TIP_VIC_DET",)))["features"]
    assert [(one["properties"]["F"], one["properties"]["F_status"], one["geometry"] is not None) for one in wide] == [
        (26, "V", True), (None, "O", True),
    ]  # fmt: skip
    assert read(path, filters=Filters(first=2024))["features"] == []
    with pytest.raises(FilterError, match="a figure on a map needs its area"):
        read(path, Options(wide="ref_area", indicators=()))


def points(geometry: Any) -> list[tuple[float, float]]:
    """Give all points of a geometry as east and north."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [(x, y) for part in parts for ring in part for x, y in ring]
