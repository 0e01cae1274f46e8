"""Journeys as curves on a map and as bands of a flow, each leg a figure of its own. They fetch nothing and filter nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.cells import Answer
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.geography import middles
from dashboard.journeys import Leg, legs
from dashboard.maps import disputed, graph, ground, layout, swatch
from dashboard.markup import placed, tag
from dashboard.theme import FONT, INK, LAYOUT, SERIES
from dashboard.words import Words

# Points of a curve between two countries: enough to look round, few enough to be light.
STEPS = 12
WIDEST, THINNEST = 9.0, 1.2
# How far a journey may lead for the map to grow with it, in degrees: from South Africa to Italy, and to the Gulf.
NORTH, EAST = (-36, 48), (-20, 62)
# East of here, in degrees, a name stands to the left below its place: it would leave the map, or run into that of Saudi Arabia.
GULF = 48
LONGEST = 25  # letters of a line beside a band; the names of countries fit


def flow_map(answer: Answer, edition: Edition, words: Words) -> Component:
    """Draw a curve for each leg from country to country, as wide as its figure; hidden ones are thin."""
    places = middles()
    moving = [leg for leg in legs(answer) if leg.start != leg.end]
    inside = {code for code, (north, east) in places.items() if _within(NORTH, north) and _within(EAST, east)}
    drawn = [leg for leg in moving if {leg.start, leg.end} <= inside]
    highest = max((leg.figure.obs_value or 0 for leg in drawn), default=0)
    reporters = _reporters(leg.figure for leg in drawn)
    curves = [_curve(leg, highest, _colour(leg.figure, reporters), edition, words) for leg in drawn]
    ends = sorted({code for leg in drawn for code in (leg.start, leg.end)})
    points = {
        "type": "scattergeo",
        "mode": "markers+text",
        "lat": [places[code][0] for code in ends],
        "lon": [places[code][1] for code in ends],
        "text": [words.country(edition, code) for code in ends],
        "textposition": ["bottom left" if places[code][1] > GULF else "top center" for code in ends],
        "textfont": {"family": FONT, "size": 11, "color": INK},
        "marker": {"size": 5, "color": INK},
        "hoverinfo": "skip",
    }
    figure = {"data": [ground(), disputed(), *curves, points], "layout": layout(places[code] for code in ends)}
    colours = {leg.figure.ref_area: _colour(leg.figure, reporters) for leg in drawn}
    keys = [tag("li", swatch(colours[code]), _recorded(code, edition, words)) for code in reporters]
    left = {(leg.by[place], code) for leg in moving for place, code in enumerate((leg.start, leg.end)) if code not in inside}
    missing = words.list(sorted({_named(name, code, edition, words) for name, code in left}))
    note = tag("p", words.say("Not on the map: {countries}.", countries=missing), class_="more") if left else None
    told = words.say("Map of corridors; the table below says the same")
    return html.Div([graph(figure, told, "min(520px, 100vw)"), placed(tag("ul", keys, class_="legend") + (note or Markup("")))])


def flow_diagram(answer: Answer, edition: Edition, words: Words) -> Component:
    """Draw the same legs as bands from column to column; what two countries recorded is two bands."""
    drawn = [leg for leg in legs(answer) if leg.figure.obs_value]
    found = {(leg.by[place], code) for leg in drawn for place, code in enumerate((leg.start, leg.end))}
    # Each column has its places in the order of their names, and the columns follow one another as the journey does.
    nodes = sorted(found, key=lambda node: (answer.by.index(node[0]), _named(node[0], node[1], edition, words)))
    reporters = _reporters(answer.figures)
    diagram: dict[str, Any] = {
        "type": "sankey",
        "arrangement": "fixed",
        # What is read from the right flows from the right.
        "direction": "reversed" if words.direction == "rtl" else "forward",
        "node": {
            "label": ["<br>".join(wrap(_named(name, code, edition, words), LONGEST)) for name, code in nodes],
            "pad": 10,
            "thickness": 12,
            "color": INK,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        "link": {
            "source": [nodes.index((leg.by[0], leg.start)) for leg in drawn],
            "target": [nodes.index((leg.by[1], leg.end)) for leg in drawn],
            "value": [leg.figure.obs_value for leg in drawn],
            "color": [_faint(_colour(leg.figure, reporters)) for leg in drawn],
            "customdata": [_hover(leg, edition, words) for leg in drawn],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "textfont": {"family": FONT, "size": 12, "color": INK, "shadow": "none"},
    }
    columns = [name for name in answer.by if any(node[0] == name for node in nodes)]
    most = max((sum(node[0] == name for node in nodes) for name in columns), default=0)
    figure = {"data": [diagram], "layout": {**LAYOUT, "margin": {"l": 4, "r": 4, "t": 8, "b": 8}}}
    told = words.say("Flow diagram of corridors; the table below says the same")
    heads = [tag("span", _head(name, answer, words)) for name in columns]
    return html.Div([placed(tag("p", heads, class_="ends")), graph(figure, told, f"{max(280, 26 * most + 40)}px")])


def _head(name: str, answer: Answer, words: Words) -> str:
    """Name a column; what the other country is depends on what the figures count."""
    if name != "counterpart_area":
        return words.capital(words.dimension(name))
    trafficking = any(figure.indicator.startswith("TIP") for figure in answer.figures)
    return words.say("Country of exploitation") if trafficking else words.say("Country of destination")


def _named(name: str, code: str, edition: Edition, words: Words) -> str:
    return words.say("no country of transit recorded") if (name, code) == ("transit", "_U") else words.code(edition, name, code)


def _reporters(figures: Iterable[Figure]) -> list[str]:
    return sorted({figure.ref_area for figure in figures})


def _colour(figure: Figure, reporters: Sequence[str]) -> str:
    return SERIES[reporters.index(figure.ref_area) % len(SERIES)]


def _hover(leg: Leg, edition: Edition, words: Words) -> str:
    row = leg.figure
    ends = words.way(_named(name, code, edition, words) for name, code in zip(leg.by, (leg.start, leg.end), strict=True))
    return f"<b>{number(row, edition, words)}</b> {ends}<br>{_recorded(row.ref_area, edition, words)}, {words.period(row)}"


def _recorded(country: str, edition: Edition, words: Words) -> str:
    return words.say("recorded by {country}", country=words.country(edition, country))


def _curve(leg: Leg, highest: float, colour: str, edition: Edition, words: Words) -> dict[str, Any]:
    (north, east), (to_north, to_east) = middles()[leg.start], middles()[leg.end]
    # The middle of the curve is pushed to one side, so that there and back are two lines.
    over = (north + to_north) / 2 + 0.18 * (to_east - east), (east + to_east) / 2 - 0.18 * (to_north - north)
    shares = [step / (STEPS - 1) for step in range(STEPS)]
    share = (leg.figure.obs_value or 0) / highest if highest else 0
    return {
        "type": "scattergeo",
        "mode": "lines",
        "lat": [round((1 - t) ** 2 * north + 2 * (1 - t) * t * over[0] + t**2 * to_north, 2) for t in shares],
        "lon": [round((1 - t) ** 2 * east + 2 * (1 - t) * t * over[1] + t**2 * to_east, 2) for t in shares],
        "line": {
            "width": round(THINNEST + (WIDEST - THINNEST) * share, 1),
            "color": colour,
            "dash": "solid" if leg.figure.obs_value is not None else "dot",
        },
        "opacity": 0.8,
        "text": _hover(leg, edition, words),
        "hovertemplate": "%{text}<extra></extra>",
    }


def _within(span: tuple[float, float], degrees: float) -> bool:
    return span[0] < degrees < span[1]


def _faint(colour: str) -> str:
    return f"rgba({int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:7], 16)},0.5)"
