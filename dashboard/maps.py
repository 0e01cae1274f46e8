"""Maps and flows as plain dicts for plotly, over our own boundaries. They fetch nothing and filter nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.cells import Answer
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.geography import boundaries, middles
from dashboard.known import STANDINGS, Known, standing_names
from dashboard.markup import placed, tag
from dashboard.theme import CONFIG, EDGE, FONT, INK, LAND, LAYOUT, SERIES, STANDING
from dashboard.words import Words

# Points of a curve between two countries: enough to look round, few enough to be light.
STEPS = 12
WIDEST, THINNEST = 9.0, 1.2
# What the maps show, in degrees.
NORTH, EAST = (-12, 37.6), (3, 60)


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
    figure = {"data": [_ground(), _disputed(), shapes, written], "layout": _layout()}
    names = standing_names(words)
    legend = [tag("li", _swatch(STANDING[one]), names[one]) for one in STANDINGS]
    told = words.say("Map of what is known of each country; the table below says the same")
    return html.Div([_graph(figure, told, "430px"), placed(tag("ul", legend, class_="legend"))])


def flow_map(answer: Answer, edition: Edition, words: Words) -> Component:
    """Draw a curve from each citizenship to each country of exploitation, as wide as its figure; hidden ones are thin."""
    places = middles()
    flows = [row for row in answer.figures if row.citizenship != row.counterpart_area]
    inside = {code for code, (north, east) in places.items() if _within(NORTH, north) and _within(EAST, east)}
    drawn = [row for row in flows if {row.citizenship, row.counterpart_area} <= inside]
    highest = max((row.obs_value or 0 for row in drawn), default=0)
    reporters = sorted({row.ref_area for row in drawn})
    curves = [_curve(row, highest, SERIES[reporters.index(row.ref_area) % len(SERIES)], edition, words) for row in drawn]
    ends = sorted({code for row in drawn for code in (row.citizenship, row.counterpart_area)})
    points = {
        "type": "scattergeo",
        "mode": "markers+text",
        "lat": [places[code][0] for code in ends],
        "lon": [places[code][1] for code in ends],
        "text": [words.country(edition, code) for code in ends],
        "textposition": "top center",
        "textfont": {"family": FONT, "size": 11, "color": INK},
        "marker": {"size": 5, "color": INK},
        "hoverinfo": "skip",
    }
    figure = {"data": [_ground(), _disputed(), *curves, points], "layout": _layout()}
    keys = [
        tag("li", _swatch(SERIES[place % len(SERIES)]), _recorded(code, edition, words)) for place, code in enumerate(reporters)
    ]
    left = sorted({code for row in flows for code in (row.citizenship, row.counterpart_area) if code not in inside})
    missing = words.list(words.code(edition, "citizenship", code) for code in left)
    note = tag("p", words.say("Not on the map: {countries}.", countries=missing), class_="more") if left else None
    told = words.say("Map of corridors; the table below says the same")
    return html.Div([_graph(figure, told, "520px"), placed(tag("ul", keys, class_="legend") + (note or Markup("")))])


def flow_diagram(answer: Answer, edition: Edition, words: Words) -> Component:
    """Draw the same corridors as a flow from citizenship to country of exploitation; a record of two countries is two bands."""
    rows = [row for row in answer.figures if row.obs_value]
    left = sorted({row.citizenship for row in rows}, key=lambda code: words.code(edition, "citizenship", code))
    right = sorted({row.counterpart_area for row in rows}, key=lambda code: words.code(edition, "counterpart_area", code))
    reporters = sorted({row.ref_area for row in answer.figures})
    labels = [words.code(edition, "citizenship", code) for code in left]
    labels += [words.code(edition, "counterpart_area", code) for code in right]
    diagram: dict[str, Any] = {
        "type": "sankey",
        "arrangement": "fixed",
        # What is read from the right flows from the right.
        "direction": "reversed" if words.direction == "rtl" else "forward",
        "node": {
            "label": labels,
            "pad": 10,
            "thickness": 12,
            "color": INK,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        "link": {
            "source": [left.index(row.citizenship) for row in rows],
            "target": [len(left) + right.index(row.counterpart_area) for row in rows],
            "value": [row.obs_value for row in rows],
            "color": [_faint(SERIES[reporters.index(row.ref_area) % len(SERIES)]) for row in rows],
            "customdata": [_flow_hover(row, edition, words) for row in rows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "textfont": {"family": FONT, "size": 12, "color": INK, "shadow": "none"},
    }
    height = f"{max(280, 26 * max(len(left), len(right)) + 40)}px"
    figure = {"data": [diagram], "layout": {**LAYOUT, "margin": {"l": 4, "r": 4, "t": 8, "b": 8}}}
    told = words.say("Flow diagram of corridors; the table below says the same")
    ends = [tag("span", words.capital(words.say("citizenship"))), tag("span", words.say("Country of exploitation"))]
    return html.Div([placed(tag("p", ends, class_="ends")), _graph(figure, told, height)])


def _graph(figure: dict[str, Any], told: str, height: str) -> Component:
    named: dict[str, Any] = {"aria-label": told}
    # The height stands here and not in the style sheet, because plotly measures before the sheet may have come.
    graph = dcc.Graph(figure=figure, config=CONFIG, responsive=True, style={"height": height})
    return html.Div(graph, className="graph", role="img", **named)


def _layout() -> dict[str, Any]:
    geo = {
        "visible": False,
        "projection": {"type": "mercator"},
        "lataxis": {"range": list(NORTH)},
        "lonaxis": {"range": list(EAST)},
        "bgcolor": "rgba(0,0,0,0)",
    }
    return {**LAYOUT, "geo": geo, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False}


def _ground() -> dict[str, Any]:
    shapes = boundaries().shapes
    return _plain(shapes, LAND)


def _disputed() -> dict[str, Any]:
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


def _flow_hover(row: Figure, edition: Edition, words: Words) -> str:
    ends = " → ".join(words.code(edition, "citizenship", code) for code in (row.citizenship, row.counterpart_area))
    return f"<b>{number(row, edition, words)}</b> {ends}<br>{_recorded(row.ref_area, edition, words)}, {words.period(row)}"


def _recorded(country: str, edition: Edition, words: Words) -> str:
    return words.say("recorded by {country}", country=words.country(edition, country))


def _curve(row: Figure, highest: float, colour: str, edition: Edition, words: Words) -> dict[str, Any]:
    (north, east), (to_north, to_east) = middles()[row.citizenship], middles()[row.counterpart_area]
    # The middle of the curve is pushed to one side, so that there and back are two lines.
    over = (north + to_north) / 2 + 0.18 * (to_east - east), (east + to_east) / 2 - 0.18 * (to_north - north)
    shares = [step / (STEPS - 1) for step in range(STEPS)]
    share = (row.obs_value or 0) / highest if highest else 0
    return {
        "type": "scattergeo",
        "mode": "lines",
        "lat": [round((1 - t) ** 2 * north + 2 * (1 - t) * t * over[0] + t**2 * to_north, 2) for t in shares],
        "lon": [round((1 - t) ** 2 * east + 2 * (1 - t) * t * over[1] + t**2 * to_east, 2) for t in shares],
        "line": {
            "width": round(THINNEST + (WIDEST - THINNEST) * share, 1),
            "color": colour,
            "dash": "solid" if row.obs_value is not None else "dot",
        },
        "opacity": 0.8,
        "text": _flow_hover(row, edition, words),
        "hovertemplate": "%{text}<extra></extra>",
    }


def _within(span: tuple[float, float], degrees: float) -> bool:
    return span[0] < degrees < span[1]


def _swatch(colour: str) -> Markup:
    return tag("span", class_="swatch", style=f"background-color:{colour}")


def _faint(colour: str) -> str:
    return f"rgba({int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:7], 16)},0.5)"
