"""What a chart is: a question, the rows that answer it, a picture, its table twin, its sources. A page is a list of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.db import Edition, Figure
from dashboard.figures import Panel, panels
from dashboard.filters import Filters
from dashboard.queries import Grid
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
    table: Callable[[Any, Edition, Words], Component]
    picture: Callable[[Any, Edition, Words], Component] | None = None
    silence: Callable[[Any, Edition, Filters, Words], Sequence[str]] | None = None


def draw(chart: Chart, edition: Edition, filters: Filters, words: Words) -> Component:
    """Answer a chart's question for these filters, or say in a sentence why there is nothing to show."""
    rows = chart.rows(edition, filters)
    shown = figures_in(rows)
    invented = any(row.invented for row in (rows.rows if isinstance(rows, Grid) else shown))
    title = [html.H2(words.say(chart.question), id=chart.name), *([invented_mark(words)] if invented else [])]
    parts: list[Component] = [html.Header(title), html.P(words.caption(edition, filters), className="caption")]
    if (rows.rows if isinstance(rows, Grid) else shown):
        parts += _answer(chart, rows, edition, words)
        parts.append(html.P(words.say(chart.note), className="note"))
    else:
        parts.append(html.P(words.say(chart.empty), className="empty"))
    parts += [html.P(line, className="note") for line in (chart.silence(rows, edition, filters, words) if chart.silence else ())]
    parts.append(html.P(_sources(shown, edition, words), className="source"))
    return html.Section(parts, className="chart", **{"aria-labelledby": chart.name})


def figures_in(rows: Any) -> tuple[Figure, ...]:
    """Give the single figures that rows hold: themselves, or those of groups; a grid holds none."""
    if isinstance(rows, Grid):
        return ()
    return tuple(row for item in rows for row in ((item,) if isinstance(item, Figure) else item))


def small_multiples(rows: tuple[Figure, ...], edition: Edition, words: Words) -> Component:
    """Draw one small chart a country, which find their own columns by the width of the page."""
    return html.Div([_panel(panel, edition, words) for panel in panels(rows, edition, words)], className="panels")


def _answer(chart: Chart, rows: Any, edition: Edition, words: Words) -> list[Component]:
    table = chart.table(rows, edition, words)
    if chart.picture is None:
        return [table]
    return [chart.picture(rows, edition, words), html.Details([html.Summary(words.say("The same as a table")), table], className="twin")]


def _panel(panel: Panel, edition: Edition, words: Words) -> Component:
    name = words.country(edition, panel.country)
    key = []
    for series, colour in panel.series:
        if series.repeat:
            continue
        swatch = html.Span(className="swatch" if series.calendar_year else "swatch other", style={"backgroundColor": colour})
        said = f"{edition.sources[series.source].publisher} · {words.label(edition, 'CL_COUNT_UNIT', series.count_unit)}"
        period = [] if series.calendar_year else [" · ", words.say("not a calendar year")]
        key.append(html.Li([swatch, html.Span([html.Bdi(said), *period])]))
    graph = dcc.Graph(figure=panel.figure, config=CONFIG, responsive=True, className="graph")
    described = words.say("Chart of {country}; its table is below", country=name)
    drawn = html.Div(graph, role="img", **{"aria-label": described})
    return html.Figure([html.Figcaption(html.H3(name)), drawn, html.Ul(key, className="key")], className="panel")


def _sources(shown: Sequence[Figure], edition: Edition, words: Words) -> list[Component | str]:
    names = sorted({row.source for row in shown})
    stated = words.say("Edition {edition}", edition=edition.name)
    if not names:
        return [words.count(len(edition.sources), "Source: {number} source of the edition", "Source: {number} sources of the edition"), " · ", stated]
    titles = [html.Bdi(f"{edition.sources[name].publisher}: {edition.sources[name].title}", lang="en") for name in names]
    return [words.say("Sources"), ": ", *(part for title in titles for part in (title, "; ")), stated]
