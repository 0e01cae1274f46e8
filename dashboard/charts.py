"""What a chart is: a question, the rows that answer it, a picture, its table twin, its sources. A page is a list of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.edition import Edition, Figure
from dashboard.figures import Panel, panels
from dashboard.filters import Filters
from dashboard.markup import english, placed, tag
from dashboard.queries import Grid
from dashboard.sources import named
from dashboard.tables import invented_mark
from dashboard.theme import CONFIG
from dashboard.words import Words


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `question`, `note` and `empty` are texts of the catalogue; `picture` is absent where the table is the chart."""

    name: str
    question: str
    note: str
    empty: str
    rows: Callable[[Edition, Filters], Any]
    table: Callable[[Any, Edition, Words], Markup]
    picture: Callable[[Any, Edition, Words], Component] | None = None
    silence: Callable[[Sequence[Figure], Edition, Filters, Words], Sequence[str]] | None = None
    caption: Callable[[Words, Edition, Filters], str] = Words.caption


def draw(chart: Chart, edition: Edition, filters: Filters, words: Words) -> Component:
    """Answer a chart's question for these filters, or say in a sentence why there is nothing to show."""
    rows = chart.rows(edition, filters)
    shown = figures_in(rows)
    held = rows.rows if isinstance(rows, Grid) else shown
    mark = invented_mark(words) if any(row.invented for row in held) else None
    title = tag("header", tag("h2", words.say(chart.question), id=chart.name), mark)
    parts = [placed(title + tag("p", chart.caption(words, edition, filters), class_="caption"))]
    parts += _answer(chart, rows, edition, words) if held else [placed(tag("p", words.say(chart.empty), class_="empty"))]
    notes = [words.say(chart.note)] if held else []
    notes += chart.silence(shown, edition, filters, words) if chart.silence else []
    told = [tag("p", note, class_="note") for note in notes]
    parts.append(placed(Markup("").join([*told, tag("div", named(shown, edition, words), class_="source")])))
    named_by: dict[str, Any] = {"aria-labelledby": chart.name}
    return html.Section(parts, className="chart", **named_by)


def figures_in(rows: Any) -> tuple[Figure, ...]:
    """Give the single figures that rows hold: themselves, or those of groups; a grid holds none."""
    if isinstance(rows, Grid):
        return ()
    return tuple(row for item in rows for row in ((item,) if isinstance(item, Figure) else item))


def small_multiples(rows: tuple[Figure, ...], edition: Edition, words: Words) -> Component:
    """Draw one small chart a country, which find their own columns by the width of the page."""
    return html.Div([_panel(panel, edition, words) for panel in panels(rows, edition, words)], className="panels")


def _answer(chart: Chart, rows: Any, edition: Edition, words: Words) -> list[Component]:
    table = placed(chart.table(rows, edition, words))
    if chart.picture is None:
        return [table]
    twin = html.Details([html.Summary(words.say("The same as a table")), table], className="twin")
    return [chart.picture(rows, edition, words), twin]


def _panel(panel: Panel, edition: Edition, words: Words) -> Component:
    name = words.country(edition, panel.country)
    key: dict[tuple[object, ...], Markup] = {}
    for series, colour in panel.series:
        kind = (series.source, series.count_unit, series.calendar_year)
        if kind not in key:
            swatch = tag("span", class_="swatch" if series.calendar_year else "swatch other", style=f"background-color:{colour}")
            period = "" if series.calendar_year else " · " + words.say("not a calendar year")
            unit = words.label(edition, "CL_COUNT_UNIT", series.count_unit)
            told = tag("span", english(edition.sources[series.source].publisher), f" · {unit}{period}")
            key[kind] = tag("li", swatch, told)
    described: dict[str, Any] = {"aria-label": words.say("Chart of {country}; its table is below", country=name)}
    # The height stands here and not in the style sheet, because plotly measures before the sheet may have come.
    graph = dcc.Graph(figure=panel.figure, config=CONFIG, responsive=True, style={"height": "90px" if panel.flat else "190px"})
    drawn = html.Div(graph, className="graph", role="img", **described)
    return html.Div([placed(tag("h3", name)), drawn, placed(tag("ul", key.values(), class_="key"))], className="panel")
