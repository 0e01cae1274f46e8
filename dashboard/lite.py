"""The main views without any script, for weak lines and old machines: one small page of HTML with tables and inline pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from flask import Flask, abort, render_template, request
from markupsafe import Markup

from dashboard.cells import ANY, Ask
from dashboard.comparable import compared, marks, members, series_of
from dashboard.controls import Link, languages
from dashboard.db import current_edition
from dashboard.described import in_words
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.filters import Filters, read_query
from dashboard.known import known, known_table, standing_names
from dashboard.markup import Content, english, tag
from dashboard.queries import check, choices
from dashboard.side_by_side import left_out, refused
from dashboard.side_by_side import named as named_series
from dashboard.sources import named
from dashboard.svg import columns_svg, map_svg
from dashboard.tables import head, invented_mark, scroll, spoken, status, unit
from dashboard.words import Words

ADDRESS = "/lite"
OVERVIEW, COMPARE = "", "/compare"
TITLES = {OVERVIEW: "Who reported what, and what do the figures say?", COMPARE: "What may stand beside what, and why not?"}
# The indicators that the small form offers; any other can be asked for by its address.
OFFERED = (
    "TIP_VIC_DET", "TIP_VIC_PRES", "TIP_CASE", "TIP_INVEST_CASE", "TIP_INVEST", "TIP_PROSEC", "TIP_CONV",
    "SOM_INC", "SOM_MIG", "SOM_ARREST", "SOM_PROSEC", "SOM_CONV", "SOM_DEATH",
)  # fmt: skip
# Periods of one source that a picture shows; its table has them all.
PERIODS, COMPARED = 12, 8


def add_lite(server: Flask) -> None:
    """Serve the small pages: the overview, what compares, and one page a country."""

    @server.get(ADDRESS)
    def lite_overview() -> str:
        return _page(OVERVIEW, None)

    @server.get(f"{ADDRESS}{COMPARE}")
    def lite_compare() -> str:
        return _page(COMPARE, None)

    @server.get(f"{ADDRESS}/country/<iso3>")
    def lite_country(iso3: str) -> str:
        return _page(f"/country/{iso3}", iso3)


def _page(path: str, country: str | None) -> str:
    edition = current_edition()
    if country is not None and country not in choices(edition).countries:
        abort(404)
    filters = check(edition, read_query(request.query_string.decode("ascii", "replace")))
    words = Words(filters.language)
    asked = replace(filters, countries=(country,)) if country else filters
    parts = {OVERVIEW: _overview, COMPARE: _compare}.get(path, _country)(edition, asked, words)
    codes = sorted(choices(edition).countries, key=lambda code: words.country_order(edition, code))
    links = [Link(f"{ADDRESS}/country/{code}", words.country(edition, code), code == country, ()) for code in codes]
    return render_template(
        "lite.html",
        edition=edition,
        words=words,
        filters=filters,
        address=ADDRESS + path,
        full=path or "/",
        title=words.country(edition, country) if country else words.say(TITLES[path]),
        links=[
            Link(ADDRESS, words.say("Overview"), path == OVERVIEW, ()),
            Link(ADDRESS + COMPARE, words.say("Compare"), path == COMPARE, ()),
            *links,
        ],
        languages=languages(filters),
        offered=[code for code in edition.indicators if code in {*OFFERED, filters.indicator}],
        years=choices(edition).years,
        query=filters.query(),
        parts=parts,
    )


def _overview(edition: Edition, filters: Filters, words: Words) -> list[Markup]:
    rows = known(edition, filters)
    names = standing_names(words)
    picture = map_svg(
        {row.country: row.standing for row in rows},
        {row.country: f"{words.country(edition, row.country)}: {names[row.standing]}" for row in rows},
        words.say("Map of what is known of each country; its table is below"),
    )
    key = [tag("li", tag("i", class_=standing), name) for standing, name in names.items()]
    question = words.say("Of which countries is something known, and how new is it?")
    shown = [row.figure for row in rows if row.figure is not None]
    drawn = [picture, tag("ul", key, class_="key"), known_table(rows, edition, words)]
    return [_chart(question, words.caption(edition, filters), drawn, shown, edition, words)]


def _country(edition: Edition, filters: Filters, words: Words) -> list[Markup]:
    """Answer for one country and indicator: real figures first, then invented ones, each source with its own columns."""
    ask = Ask(origins=ANY)
    figures = sorted(ask.rows(edition, filters).figures, key=lambda row: (row.invented, row.source, row.year))
    question, caption = words.say("What do the figures say, year by year?"), ask.caption(words, edition, filters)
    if not figures:
        nothing = tag("p", words.say("No figure for this choice is in this edition."), class_="empty")
        return [_chart(question, caption, [nothing], [], edition, words)]
    charts = []
    for (invented, source), group in groupby(figures, key=lambda row: (row.invented, row.source)):
        rows = list(group)
        told = in_words(rows, edition, words)
        shown = rows[-PERIODS:]
        left = len(rows) - len(shown)
        more = words.count(
            left, "{number} earlier period is in the table alone", "{number} earlier periods are in the table alone"
        )
        drawn = [invented_mark(words) if invented else None, tag("p", told), columns_svg(shown, edition, words, told)]
        drawn += [tag("p", more, class_="note") if left else None, _table(rows, edition, words)]
        charts.append(_chart(english(edition.sources[source].title), caption, drawn, rows, edition, words))
    return charts


def _compare(edition: Edition, filters: Filters, words: Words) -> list[Markup]:
    """Draw what compares on one scale, a picture a series; of the rest, say why it is not drawn."""
    question, caption = words.say("How do countries compare, year by year?"), words.caption(edition, filters)
    groups = compared(edition, filters)
    if not groups:
        nothing = tag("p", words.say("No figure for whole countries fits this choice."), class_="empty")
        return [_chart(question, caption, [nothing], [], edition, words)]
    drawn = [_group(group, edition, words) for group in groups if len(members(edition, group)) > 1]
    against = refused(groups, edition, filters, words) or left_out(groups, edition, filters, words)
    told = tag("ul", [tag("li", reason) for reason in against])
    title = tag("p", tag("strong", words.say("These figures do not compare"))) if not drawn else None
    shown = [figure for group in groups for figure in group]
    return [_chart(question, caption, [*drawn, title, told], shown, edition, words)]


def _group(group: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    highest = max((row.obs_value or 0 for row in group), default=0)
    found = marks(edition, group)
    parts: list[Content] = []
    for series in sorted(members(edition, group), key=lambda one: words.country_order(edition, one.ref_area)):
        rows = [row for row in group if series_of(edition, row) == series]
        cares = [words.label(edition, "CL_COMPARABILITY", mark.reason.code) for mark in found if series.number in mark.series]
        care = tag("p", words.say("With care"), ": ", "; ".join(cares), class_="note") if cares else None
        picture = columns_svg(rows[-COMPARED:], edition, words, words.country(edition, series.ref_area), highest)
        parts.append([tag("h3", named_series(series, edition, words)), care, picture, tag("p", in_words(rows, edition, words))])
    mark = invented_mark(words) if group[0].invented else None
    return tag("div", mark, tag("p", words.say("One scale for all of these: {unit}", unit=unit(group[0], edition, words))), parts)


def _table(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """List one source's figures; country, source and mark stand above it already."""
    heads = [words.say("Period"), words.say("Figure"), words.say("Unit"), words.say("Status")]
    lines = [
        tag(
            "tr",
            tag("th", words.period(row), " ", tag("small", words.days(row)) if row.period_type != "CY" else None, scope="row"),
            tag("td", number(row, edition, words), " ", spoken(row, edition, words), class_="number"),
            tag("td", unit(row, edition, words)),
            tag("td", status(row, edition, words)),
        )
        for row in rows
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("The chart as a table"))


def _chart(
    title: Content, caption: str, drawn: Sequence[Markup | None], rows: Sequence[Figure], edition: Edition, words: Words
) -> Markup:
    above = [tag("h2", title), tag("p", caption, class_="caption")]
    return tag("section", above, drawn, tag("p", named(rows, edition, words), class_="note"))
