"""Maps as plain dicts for plotly, over our own boundaries. They fetch nothing and filter nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.figures import number
from dashboard.geography import boundaries, middles
from dashboard.known import STANDINGS, Known, standing_names
from dashboard.markup import placed, tag
from dashboard.theme import CONFIG, EDGE, FONT, INK, LAND, LAYOUT, STANDING
from dashboard.words import Words

# What the maps show, in degrees.
NORTH, EAST = (-12, 37.6), (3, 60)
ROOM = 4


def known_map(rows: Sequence[Known], edition: Edition, words: Words) -> Component:
    """Colour each country by what is known of it, with the last figure written on it."""
    places = middles()
    on_map = [row for row in rows if row.country in boundaries().shapes]
    shapes = {
        "type": "choropleth",
        "geojson": boundaries().address,
        "featureidkey": "id",
        "locations": [row.country for row in on_map],
        "z": [STANDINGS.index(row.standing) for row in on_map],
        "zmin": -0.5,
        "zmax": len(STANDINGS) - 0.5,
        "colorscale": _steps([STANDING[standing] for standing in STANDINGS]),
        "showscale": False,
        "marker": {"line": {"color": EDGE, "width": 1}},
        "customdata": [_known_hover(row, edition, words) for row in on_map],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    written = {
        "type": "scattergeo",
        "mode": "text",
        "lat": [places[row.country][0] for row in on_map],
        "lon": [places[row.country][1] for row in on_map],
        "text": [f"<b>{number(row.figure, edition, words)}</b>" if row.figure else "" for row in on_map],
        "textfont": {"family": FONT, "size": 13, "color": INK},
        "hoverinfo": "skip",
    }
    figure = {"data": [ground(), disputed(), shapes, written], "layout": layout()}
    names = standing_names(words)
    legend = [tag("li", swatch(STANDING[one]), names[one]) for one in STANDINGS]
    told = words.say("Map of what is known of each country; the table below says the same")
    return html.Div([graph(figure, told, "min(430px, 100vw)"), placed(tag("ul", legend, class_="legend"))])


def graph(figure: dict[str, Any], told: str, height: str) -> Component:
    """Place a picture of plotly under the words that are read out in its stead."""
    named: dict[str, Any] = {"aria-label": told}
    # The height stands here and not in the style sheet, because plotly measures before the sheet may have come.
    graph = dcc.Graph(figure=figure, config=CONFIG, responsive=True, style={"height": height})
    return html.Div(graph, className="graph", role="img", **named)


def layout(ends: Iterable[tuple[float, float]] = ()) -> dict[str, Any]:
    """Give the layout of a map of the region, wide enough for these places (latitude and longitude) to stand on it."""
    norths, easts = zip(*ends, strict=True) if (ends := [*ends]) else ((), ())
    geo = {
        "visible": False,
        "projection": {"type": "mercator"},
        "lataxis": {"range": _range(NORTH, norths)},
        "lonaxis": {"range": _range(EAST, easts)},
        "bgcolor": "rgba(0,0,0,0)",
    }
    return {**LAYOUT, "geo": geo, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False}


def _range(span: tuple[float, float], degrees: Sequence[float]) -> list[float]:
    return [min([span[0], *(one - ROOM for one in degrees)]), max([span[1], *(one + ROOM for one in degrees)])]


def ground() -> dict[str, Any]:
    """Give the land that a map is drawn on."""
    shapes = boundaries().shapes
    return _plain(shapes, LAND)


def disputed() -> dict[str, Any]:
    """Give the areas whose standing is not settled, as the United Nations draw them."""
    return _plain(boundaries().disputed, EDGE)


def _plain(shapes: Sequence[str], colour: str) -> dict[str, Any]:
    return {
        "type": "choropleth",
        "geojson": boundaries().address,
        "featureidkey": "id",
        "locations": list(shapes),
        "z": [0] * len(shapes),
        "colorscale": [[0, colour], [1, colour]],
        "showscale": False,
        "marker": {"line": {"color": EDGE, "width": 0.6}},
        "hoverinfo": "skip",
    }


def _steps(colours: Sequence[str]) -> list[list[Any]]:
    share = 1 / len(colours)
    return [[edge, colour] for place, colour in enumerate(colours) for edge in (place * share, (place + 1) * share)]


def _known_hover(row: Known, edition: Edition, words: Words) -> str:
    name = f"<b>{words.country(edition, row.country)}</b>"
    if row.figure is None:
        return f"{name}<br>{standing_names(words)[row.standing]}"
    publisher = edition.sources[row.figure.source].publisher
    said = f"{number(row.figure, edition, words)} · {words.period(row.figure)}"
    return f"{name}<br>{said}<br>{publisher}<br>{standing_names(words)[row.standing]}"


def swatch(colour: str) -> Markup:
    """Give the colour that stands before a word of a legend."""
    return tag("span", class_="swatch", style=f"background-color:{colour}")
