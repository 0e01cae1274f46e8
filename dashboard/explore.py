"""Any indicator by any two dimensions, as a table or a chart, and every figure of a choice page by page; no script needed.

The address holds all of it, so that a view can be sent to somebody else. Nothing is ever added up: what is neither a row nor a
column of the table parts it into panels, one a country, source and period.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import parse_qsl, urlencode

from flask import Flask, render_template, request
from markupsafe import Markup

from dashboard.api.shelf import shelf
from dashboard.bars import bars, columns
from dashboard.cells import ANY, Answer, Ask
from dashboard.controls import Option, controls, languages
from dashboard.db import EditionError, current_edition
from dashboard.download_links import download_link
from dashboard.edition import DIMENSIONS, Edition, Figure
from dashboard.exports import FORMATS
from dashboard.exports.options import Options
from dashboard.figures import number
from dashboard.filters import FIELDS, SAME, TWICE, FilterError, Filters, pairs_of, read_choices, refused_value
from dashboard.layout import EXPLORE, menu
from dashboard.markup import Content, english, tag
from dashboard.queries import check
from dashboard.sources import named, provenance, submissions
from dashboard.tables import head, invented_mark, pending_mark, scroll, spoken, unit
from dashboard.words import Words

COUNTRY, YEAR, NONE = "country", "year", "none"
SIDES = (COUNTRY, YEAR, *DIMENSIONS)
TABLE, CHART, LIST = "table", "chart", "list"
VIEWS = (TABLE, CHART, LIST)
OWN = ("rows", "columns", "view", "after")
# More panels than this are no longer read; a reader is asked to choose.
MOST_PANELS, PAGE = 24, 100
# What a page of single figures shows of each.
LISTED = ("ref_area", "time_period", "source", "indicator", "count_unit", *DIMENSIONS, "obs_value", "obs_status")


@dataclass(frozen=True, slots=True)
class View:
    """How a choice of figures is laid out: what stands in rows and columns, in which form, from where a list goes on."""

    rows: str = COUNTRY
    columns: str = YEAR
    form: str = TABLE
    after: int | None = None

    def query(self, filters: Filters, after: int | None = None, form: str | None = None) -> str:
        """Give the query of the address of this view."""
        own = {"rows": self.rows, "columns": self.columns, "view": form or self.form}
        pairs = [*parse_qsl(filters.query().removeprefix("?")), *own.items()]
        return "?" + urlencode(pairs + ([("after", str(after))] if after is not None else []))


def add_explore(server: Flask) -> None:
    """Serve the page."""

    @server.get(EXPLORE)
    def explore() -> str:
        filters, view = read_view(request.query_string.decode("ascii", "replace"))
        return page(filters, view)


def read_view(query: str) -> tuple[Filters, View]:
    """Read the choices of every page, and rows, columns, view and after; raises FilterError for a value that is not offered."""
    pairs = pairs_of(query)
    own = [(name, value) for name, value in pairs if name in OWN]
    said = dict(own)
    if twice := next((name for name in said if [one for one, _ in own].count(name) > 1), None):
        raise FilterError(f"the address gives {twice} more than once", TWICE, name=twice)
    filters = read_choices(pair for pair in pairs if pair[0] in FIELDS)
    rows, across, form = said.get("rows", COUNTRY), said.get("columns", YEAR), said.get("view", TABLE)
    for name, value, offered in (("rows", rows, SIDES), ("columns", across, (*SIDES, NONE)), ("view", form, VIEWS)):
        if value not in offered:
            raise refused_value(name, value)
    if rows == across:
        raise FilterError(f"rows and columns are both {rows}; choose two", SAME, name=rows)
    after = said.get("after")
    if after is not None and not (after.isdecimal() and after.isascii() and len(after) < 16):
        raise refused_value("after", after)
    return filters, View(rows, across, form, int(after) if after is not None else None)


def page(filters: Filters, view: View) -> str:
    """Write the page of a view of the current edition."""
    edition = current_edition()
    check(edition, filters)
    words = Words(filters.language)
    parts = _list(edition, filters, view, words) if view.form == LIST else _laid_out(edition, filters, view, words)
    names = side_names(words)
    tongues = [one._replace(value=view.query(replace(filters, language=one.code))) for one in languages(filters)]
    return render_template(
        "explore.html",
        edition=edition,
        words=words,
        filters=filters,
        view=view,
        address=EXPLORE,
        query=filters.query(),
        home=filters.home(),
        menu=menu(edition, None, words),
        controls=controls(edition, filters, words)._replace(languages=tongues),
        rows=[Option(name, names[name], name == view.rows) for name in SIDES],
        columns=[Option(name, names[name], name == view.columns) for name in (*SIDES, NONE)],
        views=[Option(view.query(filters, form=form), label, form == view.form) for form, label in _view_names(words).items()],
        formats=[
            (form, download_link(form, filters)) for form in FORMATS if form != "glotip" or _one_year_of_one_country(filters)
        ],
        parts=parts,
    )


def _one_year_of_one_country(filters: Filters) -> bool:
    """Say whether a choice is what a return to UNODC speaks of."""
    return len(filters.countries) == 1 and filters.first is not None and filters.first == filters.last


def side_names(words: Words) -> dict[str, str]:
    """Give the words for all that may stand in rows and columns."""
    named_by = {COUNTRY: words.say("Country"), YEAR: words.say("Year"), NONE: words.say("nothing")}
    return named_by | {name: words.capital(words.dimension(name)) for name in DIMENSIONS}


def _view_names(words: Words) -> dict[str, str]:
    return {TABLE: words.say("Table"), CHART: words.say("Chart"), LIST: words.say("Every figure, page by page")}


def answer(edition: Edition, filters: Filters, view: View) -> Answer:
    """Give the figures of a view; where the year is neither row nor column, the last period of each source."""
    by = tuple(name for name in (view.rows, view.columns) if name in DIMENSIONS)
    return Ask(by=by, origins=ANY, latest=YEAR not in (view.rows, view.columns)).rows(edition, filters)


def _laid_out(edition: Edition, filters: Filters, view: View, words: Words) -> list[Markup]:
    found = answer(edition, filters, view)
    if not found.figures:
        told = words.say(
            "No figure of this indicator is counted by these two together; choose other rows or columns, or clear a choice."
        )
        return [tag("p", told, class_="empty")]
    if view.form == CHART:
        drawn = bars(found, edition, words) if found.by else columns(found, edition, words)
        return [drawn, _foot(found.figures, edition, words)]
    ordered = sorted(found.figures, key=_apart(view, edition, words))
    panels = [list(group) for _, group in groupby(ordered, key=_apart(view, edition, words))]
    parts = [_panel(rows, view, edition, words) for rows in panels[:MOST_PANELS]]
    left = len(panels) - len(parts)
    if left:
        more = words.count(
            left, "{number} more table: choose a country or years.", "{number} more tables: choose a country or years."
        )
        parts.append(tag("p", more, class_="note"))
    return [*parts, _foot(found.figures, edition, words)]


def _apart(view: View, edition: Edition, words: Words) -> Callable[[Figure], tuple[object, ...]]:
    """Give what parts figures into tables: real from invented, and whatever is neither a row nor a column."""
    sides = (view.rows, view.columns)

    def key(row: Figure) -> tuple[object, ...]:
        country = () if COUNTRY in sides else (words.country_order(edition, row.ref_area), row.ref_area)
        # Of two countries in one table each has sources of its own, which are named in the cells.
        source = () if COUNTRY in sides else (row.source,)
        period = () if YEAR in sides else (row.time_period,) if COUNTRY not in sides else ()
        return (row.invented, *country, *source, row.count_unit, *period)

    return key


def _panel(rows: list[Figure], view: View, edition: Edition, words: Words) -> Markup:
    """Lay one panel out; a cell in which several sources or periods speak shows each of them."""
    first = rows[0]
    across = _codes(rows, view.columns, edition, words)
    down = _codes(rows, view.rows, edition, words)
    held: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for row in rows:
        held[_code(row, view.rows), _code(row, view.columns)].append(row)
    several = len({(row.source, row.time_period) for row in rows}) > 1
    lines = [
        tag(
            "tr",
            tag("th", label, scope="row"),
            [_cell(held.get((code, other), []), several, view, edition, words) for other, _ in across],
        )
        for code, label in down
    ]
    table = tag("table", head([side_names(words)[view.rows], *(label for _, label in across)]), tag("tbody", lines))
    told: list[Content] = [] if COUNTRY in (view.rows, view.columns) else [words.country(edition, first.ref_area), " · "]
    if not several or COUNTRY not in (view.rows, view.columns):
        told += [english(edition.sources[first.source].publisher), " · "]
    told += [] if YEAR in (view.rows, view.columns) or several else [words.period(first), " · "]
    title = tag("h3", told, unit(first, edition, words), " ", invented_mark(words) if first.invented else None)
    return tag("div", title, scroll(table, words.label(edition, "INDICATOR", first.indicator)), class_="panel")


def _cell(rows: list[Figure], several: bool, view: View, edition: Edition, words: Words) -> Markup:
    return tag("td", [_value(one, several, view, edition, words) for one in rows], class_="number")


def _value(row: Figure, several: bool, view: View, edition: Edition, words: Words) -> Markup:
    period = [] if row.period_type == "CY" and YEAR in (view.rows, view.columns) else [words.period(row)]
    source = [edition.sources[row.source].publisher] if COUNTRY in (view.rows, view.columns) and several else []
    told = tag("small", english(" · ".join([*period, *source])), class_="spoken") if several and (period or source) else None
    return tag("div", tag("b", number(row, edition, words)), " ", spoken(row, edition, words), told)


def _code(row: Figure, side: str) -> str:
    if side == NONE:
        return NONE
    return row.ref_area if side == COUNTRY else str(row.year) if side == YEAR else row.code(side)


def _codes(rows: list[Figure], side: str, edition: Edition, words: Words) -> list[tuple[str, str]]:
    """Give the codes of one side that occur, with their labels, in the order of their list; countries by their names."""
    codes = {_code(row, side) for row in rows}
    if side == NONE:
        return [(NONE, words.say("Figure"))]
    if side == YEAR:
        return [(code, code) for code in sorted(codes)]
    if side == COUNTRY:
        ordered = sorted(codes, key=lambda code: words.country_order(edition, code))
        return [(code, words.country(edition, code)) for code in ordered]
    order = edition.order
    labelled = [(code, words.code(edition, side, code)) for code in codes]
    return sorted(labelled, key=lambda pair: (pair[0].startswith("_"), order.get((DIMENSIONS[side], pair[0]), 0), pair[1]))


def _list(edition: Edition, filters: Filters, view: View, words: Words) -> list[Markup]:
    """Show a page of single figures in the order of the edition, however many they are."""
    held = shelf(edition.name)
    if held is None:
        raise EditionError(f"Edition {edition.name} is not there; point to another with: pembe editions --use")
    content, found, key = held.page(filters, Options(indicators=(filters.indicator,)), view.after, PAGE)
    if found == 0:
        return [tag("p", words.say("No figure for this choice is in this edition."), class_="empty")]
    rows = json.loads(b"[%s]" % content)
    names = {"ref_area": words.say("Country"), "time_period": words.say("Period"), "source": words.say("Source")}
    names |= {"indicator": words.say("Indicator"), "count_unit": words.say("Unit")}
    names |= {name: words.capital(words.dimension(name)) for name in DIMENSIONS}
    names |= {"obs_value": words.say("Figure"), "obs_status": words.say("Status")}
    shown = [name for name in LISTED if name not in DIMENSIONS or any(row.get(name, "_T") != "_T" for row in rows)]
    lines = [tag("tr", [tag("td", _listed(name, row, edition, words)) for name in shown]) for row in rows]
    table = scroll(
        tag("table", head([names[name] for name in shown]), tag("tbody", lines)), words.say("Every figure, page by page")
    )
    first = tag("a", words.say("First page"), href=EXPLORE + view.query(filters)) if view.after is not None else None
    to = EXPLORE + view.query(filters, after=key)
    following = tag("a", words.say("Next page"), href=to, rel="next") if key is not None else None
    return [table, tag("p", first, " ", following, class_="downloads")]


def _listed(name: str, row: dict[str, object], edition: Edition, words: Words) -> Content:
    value = row.get(name)
    if name == "obs_value":
        if isinstance(value, (int, float)):
            return tag("b", words.number(value))
        lower, upper = row.get("value_lower"), row.get("value_upper")
        between = f" ({lower:g}–{upper:g})" if isinstance(lower, float) and isinstance(upper, float) else ""
        return f"{row.get('value_raw') or '..'}{between}"
    if name == "source":
        source = edition.sources.get(str(value))
        mark = invented_mark(words) if row.get("invented") else None
        return [english(source.title if source is not None else str(value)), " ", mark]
    if name in DIMENSIONS:
        return words.code(edition, name, str(value)) if value is not None else ""
    if name == "obs_status" and row.get("revision"):
        return [words.label(edition, "CL_OBS_STATUS", str(value)), " · ", pending_mark(edition, words)]
    lists = {"ref_area": "COUNTRY", "indicator": "INDICATOR", "count_unit": "CL_COUNT_UNIT", "obs_status": "CL_OBS_STATUS"}
    listed = lists.get(name)
    return edition.labels.get((listed, str(value), words.language), str(value)) if listed else str(value)


def _foot(rows: tuple[Figure, ...], edition: Edition, words: Words) -> Markup:
    told = tag("h2", words.say("The submissions behind the figures of this page"), id="submissions")
    source = tag("div", named(rows, edition, words), class_="source") + provenance(rows, edition, words)
    return source + tag("section", told, submissions(rows, edition, words), class_="chart")
