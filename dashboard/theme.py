"""Colours and signs, by code. Colours that follow light and dark stand in the style sheet, under the same names."""

from __future__ import annotations

from typing import Any

from dashboard.queries import ELSEWHERE, EMPTY, NIL, NO_RESPONSE, NOT_ASKED, NOT_REPORTED, REPORTED, SILENCE, SUPPRESSED, ZERO

# Told apart by people who see colours differently, and each at 3:1 or more on both the light and the dark ground.
SERIES = ("#2b7bba", "#c8702a", "#2f9070", "#a560a8", "#a0822a", "#6f7bd0", "#c0567a", "#6a8a35")
INK, FAINT = "#5d6b78", "#8a97a3"
# On maps, whose colours no style sheet reaches: ground without figures, edges, and how a country stands.
LAND, EDGE = "rgba(128,140,150,0.16)", "rgba(110,122,132,0.75)"
STANDING = {"recent": "#2f9070", "older": "#8cc3ae", "published": "#b9a5d6", "silent": "#e0a458", "nothing": "#cfd6da"}
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Ethiopic', sans-serif"
SIGNS = {REPORTED: "●", NIL: "0", EMPTY: "∅", NO_RESPONSE: "✕", ELSEWHERE: "○", NOT_ASKED: ""}
# What stands in a chart and a table where a number does not; a suppressed figure shows the sign that was written for it.
SAID = {ZERO: "0", SUPPRESSED: "<", NOT_REPORTED: "..", SILENCE: "✕"}
# No button leads out of the house: plotly's own would send the figure to its makers.
CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
}
LAYOUT: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"family": FONT, "size": 12, "color": INK},
    "margin": {"l": 8, "r": 8, "t": 16, "b": 24},
    "showlegend": False,
    "barmode": "group",
    "bargap": 0.25,
    "dragmode": False,
    "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
}
