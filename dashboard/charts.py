"""What a chart is: a question, the rows that answer it, a picture, its table twin, its sources. A page is a list of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.cells import Answer, Question
from dashboard.described import in_words
from dashboard.download_links import FORMS, download_link
from dashboard.edition import Edition, Figure
from dashboard.filters import Filters
from dashboard.markup import placed, tag
from dashboard.queries import Grid
from dashboard.sources import named, provenance, submissions
from dashboard.tables import invented_mark
from dashboard.words import Words

# What a picture may be: HTML as text, or a component of Dash where it pays to hover and to zoom.
Picture = Callable[[Any, Edition, Words], Markup | Component]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; `question`, `note` and `empty` are texts of the catalogue.

    `picture` is absent where the table is the chart. `silence` gives sentences on what is not shown. `refusal` gives the
    reasons why what was asked must not be drawn side by side: then they stand in place of the picture, and the table stays.
    """

    name: str
    question: str
    empty: str
    ask: Question
    table: Callable[[Any, Edition, Words], Markup]
    picture: Picture | None = None
    note: str = ""
    silence: Callable[[Any, Edition, Filters, Words], Sequence[str]] | None = None
    refusal: Callable[[Any, Edition, Filters, Words], Sequence[str]] | None = None
    wide: bool = True


@dataclass(frozen=True, slots=True)
class Over:
    """A question with a query of its own; its caption names countries and years, and the chosen indicator if `by_indicator`."""

    query: Callable[[Edition, Filters], Any]
    by_indicator: bool = False

    def rows(self, edition: Edition, filters: Filters) -> Any:
        """Ask the query."""
        return self.query(edition, filters)

    def caption(self, words: Words, edition: Edition, filters: Filters) -> str:
        """Name what was chosen."""
        return words.caption(edition, filters) if self.by_indicator else words.scope(edition, filters)

    def downloads(self, filters: Filters) -> tuple[Filters, ...]:
        """Give the reader's own filters."""
        return (filters,)


def draw(chart: Chart, edition: Edition, filters: Filters, words: Words, twin: str | None) -> Component:
    """Answer a chart's question for these filters, or say in a sentence why there is nothing to show.

    `twin` is the address of its table, which the page asks for when a reader unfolds it: half of all bytes would be tables.
    Where there is no server to ask, it is None: the table then stands in its place, and nothing links to a server.
    """
    rows: Any = chart.ask.rows(edition, filters)
    shown = figures_in(rows)
    held = rows.rows if isinstance(rows, Grid) else shown or (() if isinstance(rows, Answer) else rows)
    mark = invented_mark(words) if any(map(_invented, held)) else None
    title = tag("header", tag("h2", words.say(chart.question), id=chart.name), mark)
    parts: list[Component] = [placed(title + tag("p", chart.ask.caption(words, edition, filters), class_="caption"))]
    if held:
        parts += _answer(chart, rows, shown, edition, filters, words, twin)
    else:
        parts.append(placed(_nothing(chart, rows, words)))
    notes = [words.say(chart.note)] if held and chart.note else []
    notes += _aside(rows, words)
    notes += chart.silence(rows, edition, filters, words) if chart.silence else []
    foot = [tag("p", note, class_="note") for note in notes]
    foot.append(tag("div", named(shown, edition, words), class_="source"))
    if shown:
        foot.append(provenance(shown, edition, words))
    if held and twin is not None:
        foot.append(_downloads(chart, filters, words))
    parts.append(placed(Markup("").join(foot)))
    # Where all is invented, the mark at the head says so for every part.
    kinds = ["chart", "" if chart.wide else "half", "all-invented" if held and all(map(_invented, held)) else ""]
    named_by: dict[str, Any] = {"aria-labelledby": chart.name}
    return html.Section(parts, className=" ".join(filter(None, kinds)), **named_by)


def all_submissions(charts: Sequence[Chart], edition: Edition, filters: Filters, words: Words) -> Component:
    """Tell of every submission that the figures of a page come from."""
    rows = [row for chart in charts for row in figures_in(chart.ask.rows(edition, filters))]
    title = tag("h2", words.say("The submissions behind the figures of this page"), id="submissions")
    named_by: dict[str, Any] = {"aria-labelledby": "submissions"}
    return html.Section([placed(title + submissions(rows, edition, words))], className="chart", **named_by)


def _invented(row: object) -> bool:
    return bool(getattr(row, "invented", False))


def figures_in(rows: Any) -> tuple[Figure, ...]:
    """Give the single figures that rows hold: themselves, or those of groups; a grid and rows of another kind hold none."""
    if isinstance(rows, Answer):
        return rows.figures
    if isinstance(rows, Grid):
        return ()
    found = (row for item in rows for row in ((item,) if isinstance(item, Figure) or not isinstance(item, tuple) else item))
    return tuple(row for row in found if isinstance(row, Figure))


def _answer(
    chart: Chart, rows: Any, shown: Sequence[Figure], edition: Edition, filters: Filters, words: Words, twin: str | None
) -> list[Component]:
    reasons = chart.refusal(rows, edition, filters, words) if chart.refusal else ()
    if reasons:
        why = [tag("strong", words.say("These figures do not compare")), tag("ul", [tag("li", reason) for reason in reasons])]
        return [placed(tag("div", why, class_="refused") + chart.table(rows, edition, words))]
    if chart.picture is None:
        return [placed(chart.table(rows, edition, words))]
    folded = _twin(twin, words) if twin is not None else _unfolded(chart.table(rows, edition, words), words)
    picture = chart.picture(rows, edition, words)
    told = tag("p", in_words(shown, edition, words), class_="in-words") if shown else Markup("")
    if isinstance(picture, Markup):
        return [placed(told + picture + folded)]
    return [placed(told), picture, placed(folded)]


def _twin(address: str, words: Words) -> Markup:
    waiting = tag("p", words.say("The figures are on their way …"), class_="empty")
    return tag("details", tag("summary", words.say("The same as a table")), waiting, class_="twin", data_twin=address)


def _unfolded(table: Markup, words: Words) -> Markup:
    return tag("details", tag("summary", words.say("The same as a table")), table, class_="twin")


def _nothing(chart: Chart, rows: Any, words: Words) -> Markup:
    if isinstance(rows, Answer) and rows.apart:
        chosen = words.list(words.dimension(name) for name in rows.apart)
        told = words.say("Nothing here is counted by this choice: {dimensions}. Clear it to see this chart.", dimensions=chosen)
        return tag("p", told, class_="empty")
    return tag("p", words.say(chart.empty), class_="empty")


def _aside(rows: Any, words: Words) -> list[str]:
    if not isinstance(rows, Answer) or not rows.aside or not rows.figures:
        return []
    chosen = words.list(words.dimension(name) for name in rows.aside)
    return [words.say("Not counted by {dimensions}: that choice does not apply to this chart.", dimensions=chosen)]


def _downloads(chart: Chart, filters: Filters, words: Words) -> Markup:
    seen = tag("button", words.say("This table as CSV"), type="button", data_save=chart.name)
    links = [
        tag("a", name, href=download_link(form, one), rel="nofollow", download="", hreflang=words.language)
        for one in chart.ask.downloads(filters)[:1]
        for form, name in FORMS.items()
    ]
    return tag("p", tag("span", words.say("Download")), seen, links, class_="downloads")
