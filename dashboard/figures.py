"""From rows to pictures, as plain dicts. They fetch nothing and filter nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from dashboard.edition import Edition, Figure
from dashboard.queries import NUMBER, SUPPRESSED, saying
from dashboard.theme import FAINT, LAYOUT, SAID, SERIES
from dashboard.words import Words

# With more years than this a number over every bar would cover its neighbours.
CROWDED = 8


class Series(NamedTuple):
    """What may stand in one row of bars: nothing that differs in any of these is ever joined or added."""

    source: str
    origin: str
    count_unit: str
    offence: str
    calendar_year: bool
    repeat: int


class Panel(NamedTuple):
    """One country's picture: its rows of bars with their colours, whether it is flat, and a figure for plotly."""

    country: str
    series: tuple[tuple[Series, str], ...]
    flat: bool
    figure: dict[str, Any]


def panels(rows: tuple[Figure, ...], edition: Edition, words: Words) -> tuple[Panel, ...]:
    """Draw one panel a country, all over the same years; each has its own scale, as countries count by their own rules."""
    if not rows:
        return ()
    first, last = min(row.year for row in rows), max(row.year for row in rows)
    countries = sorted({row.ref_area for row in rows}, key=lambda code: words.country_order(edition, code))
    shared = sorted({row.source for row in rows if len({other.ref_area for other in rows if other.source == row.source}) > 1})
    drawn = []
    for country in countries:
        series = series_of(row for row in rows if row.ref_area == country)
        colours = _colours(series, shared)
        labelled = _labelled(series, crowded=last - first >= CROWDED)
        years = range(first, last + 1)
        traces = [_trace(key, _texts(found, edition, words, labelled), colours[key], years) for key, found in series.items()]
        highest = max(row.obs_value or 0 for found in series.values() for row in found)
        figure = {"data": traces, "layout": _layout(first, last, words, highest)}
        drawn.append(Panel(country, tuple(colours.items()), highest == 0, figure))
    return tuple(drawn)


def series_of(rows: Iterable[Figure]) -> dict[Series, list[Figure]]:
    """Part one country's figures into series; a second figure of one source for one year opens a series of its own."""
    series: dict[Series, list[Figure]] = {}
    # What is no number joins the series of its source: a silence has no origin of its own.
    for row in sorted(rows, key=lambda row: row.obs_value is None):
        kind = (row.source, row.origin, row.count_unit, row.offence, row.period_type == "CY")
        if row.obs_value is None:
            kind = next((key[:5] for key in series if key.source == row.source and key.count_unit == row.count_unit), kind)
        repeat = sum(row.year == other.year for key, found in series.items() if key[:5] == kind for other in found)
        series.setdefault(Series(*kind, repeat), []).append(row)
    return series


def number(row: Figure, edition: Edition, words: Words) -> str:
    """Write what a figure says: a number, `0`, its sign of suppression, `..` or the sign of silence."""
    said = saying(edition, row)
    if said == SUPPRESSED and row.value_raw is not None:
        small = f"<{words.number(int(row.value_raw[1:]))}" if row.value_raw[1:].isdecimal() else row.value_raw
        return _signed(f"{small}{_range(row, words)}", words)
    if said == NUMBER and row.protection == "DERIVED" and row.value_raw and row.value_upper is not None:
        # of a median only the band is known in which it lies
        return words.say("{lower} to {upper}", lower=words.number(row.value_lower or 0), upper=words.number(row.value_upper))
    if said == NUMBER and row.obs_value is not None:
        sign = "" if row.obs_status != "E" else "≥ " if row.value_lower is not None and row.value_upper is None else "≈ "
        # A share of protected numbers is no more exact than they are.
        written = words.number(round(row.obs_value, 1) if row.count_unit == "PCT" else row.obs_value)
        return _signed(f"{sign}{written}", words) if sign else written
    return SAID[said]


def _range(row: Figure, words: Words) -> str:
    """Say between which numbers a figure lies that we hide; a sender's own sign stands as it is."""
    if row.conf_status == "D" or row.value_lower is None or row.value_upper is None:
        return ""
    return f" ({words.number(row.value_lower)}–{words.number(row.value_upper)})"


def _signed(text: str, words: Words) -> str:
    # Among words that run from right to left a browser would turn the sign round, so that less looks like more.
    return words.isolated(text) if words.direction == "rtl" else text


def _colours(series: Iterable[Series], shared: list[str]) -> dict[Series, str]:
    # A source that speaks of several countries has one colour in all panels; the others follow in their own panel.
    order = [(source, "", "") for source in shared]
    colours = {}
    for key in series:
        kind = (key.source, "", "") if key.source in shared else (key.source, key.count_unit, key.offence)
        if kind not in order:
            order.append(kind)
        colours[key] = SERIES[order.index(kind) % len(SERIES)]
    return colours


def _trace(key: Series, texts: dict[int, tuple[float, str, str]], colour: str, years: range) -> dict[str, Any]:
    # Every year has its place, filled or not, so that a bar is as wide in all panels.
    nothing = (None, "", "")
    rows = [texts.get(year, nothing) for year in years]
    return {
        "type": "bar",
        "x": list(years),
        "y": [height for height, _, _ in rows],
        "text": [text for _, text, _ in rows],
        "customdata": [hover for _, _, hover in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"size": 11},
        "offsetgroup": "·".join(map(str, key)),
        # The second figure for one year stands beside the first in the same colour, only lighter.
        "marker": {
            "color": colour,
            "opacity": 1 if key.repeat == 0 else 0.55,
            "pattern": {"shape": "" if key.calendar_year else "/", "solidity": 0.45},
        },
    }


def _texts(rows: list[Figure], edition: Edition, words: Words, labelled: set[str]) -> dict[int, tuple[float, str, str]]:
    texts = {}
    for row in rows:
        text = number(row, edition, words) if row.observation_id in labelled else ""
        texts[row.year] = (row.obs_value or 0, text, _hover(row, edition, words))
    return texts


def _labelled(series: dict[Series, list[Figure]], crowded: bool) -> set[str]:
    # In a crowded panel the highest and the latest figure are written out, and whatever is no number; the table has them all.
    rows = [row for found in series.values() for row in found]
    numbers = [row for row in rows if row.obs_value]
    if not crowded or not numbers:
        return {row.observation_id for row in rows}
    told = [max(numbers, key=lambda row: row.obs_value or 0), max(numbers, key=lambda row: row.year)]
    return {row.observation_id for row in told + [row for row in rows if not row.obs_value]}


def _hover(row: Figure, edition: Edition, words: Words) -> str:
    source = edition.sources[row.source]
    unit = words.label(edition, "CL_COUNT_UNIT", row.count_unit)
    return f"<b>{number(row, edition, words)}</b> {unit}<br>{words.period(row)}<br>{source.publisher}"


def _layout(first: int, last: int, words: Words, highest: float) -> dict[str, Any]:
    step = 1 if last - first < 5 else 2 if last - first < 10 else 5
    span = [first - 0.6, last + 0.6]
    right_to_left = words.direction == "rtl"
    axis: dict[str, Any] = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "", "tickfont": {"size": 11}}
    ticks = list(range(first, last + 1, step))
    side = "right" if right_to_left else "left"
    return {
        **LAYOUT,
        "margin": {**LAYOUT["margin"], side[0]: 46 if highest else 8},
        "xaxis": {**axis, "range": span[::-1] if right_to_left else span, "tickvals": ticks, "ticktext": list(map(str, ticks))},
        "yaxis": {
            **axis,
            "showgrid": highest > 0,
            "gridcolor": "rgba(128,140,150,0.25)",
            "zeroline": True,
            "zerolinecolor": FAINT,
            "nticks": 4,
            "tickformat": "~s" if highest >= 10_000 else ",d",
            "rangemode": "tozero",
            "range": [0, highest * 1.18 if highest else 1],
            "showticklabels": highest > 0,
            "side": side,
        },
    }
