"""Rows as accessible HTML: the grid of answers, the table twin of a chart, conflicts side by side, and where a figure comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from dashboard.db import Edition, Figure
from dashboard.figures import number
from dashboard.queries import NOT_ASKED, NOT_REPORTED, REPORTED, SILENCE, STATES, SUPPRESSED, ZERO, Grid, Row, saying
from dashboard.theme import SAID, SIGNS
from dashboard.words import Words

ADDRESS = re.compile(r";?\s*(https?://\S+)$")


def invented_mark(words: Words) -> Component:
    """Give the mark of figures that were made up."""
    return html.Strong(words.say("Invented data, for demonstration"), className="mark")


def grid(rows: Grid, edition: Edition, words: Words) -> Component:
    """Show who answered on what: a row a country and subject, a column a year, a sign and a word in each cell."""
    names = state_names(words)
    head = html.Tr([html.Th(words.say("Country"), scope="col"), html.Th(words.say("Subject"), scope="col"), *_years(rows.years)])
    bodies = []
    for (_, invented), group in groupby(rows.rows, key=lambda row: (row.country, row.invented)):
        lines = list(group)
        country = [words.country(edition, lines[0].country)]
        mark = [html.Small(words.say("invented"), className="tag")] if invented else []
        first = html.Th([*country, *mark], scope="rowgroup", rowSpan=len(lines), className="country")
        bodies.append(html.Tbody([html.Tr([*([first] if place == 0 else []), *_cells(row, words, names)]) for place, row in enumerate(lines)]))
    return _scroll([html.Table([html.Thead(head), *bodies], className="grid")], words.say("Who reported what and when"))


def grid_legend(words: Words) -> Component:
    """Say in words what each sign of the grid means."""
    names = state_names(words)
    signs = [html.Span(SIGNS[state], className=f"sign {state}", **{"aria-hidden": "true"}) for state in STATES]
    return html.Ul([html.Li([sign, names[state]]) for sign, state in zip(signs, STATES, strict=True)], className="legend")


def state_names(words: Words) -> dict[str, str]:
    """Give the words for each state of the grid."""
    said = [
        words.say("Reported"),
        words.say("Nil return: zero was stated"),
        words.say("File received, figure left empty"),
        words.say("No response"),
        words.say("Only published by another body"),
        words.say("Not asked"),
    ]
    return dict(zip(STATES, said, strict=True))


def twin(rows: Sequence[Figure], edition: Edition, words: Words) -> Component:
    """Show as a table what a chart shows, one figure a row."""
    heads = [words.say(head) for head in ("Country", "Period", "Figure", "Unit", "Source", "Status")]
    lines = [
        html.Tr(
            [
                html.Th(words.country(edition, row.ref_area), scope="row"),
                html.Td([words.period(row), *_place_in_time(row, words)]),
                html.Td([number(row, edition, words), *_spoken(row, edition, words)], className="number"),
                html.Td(unit(row, edition, words)),
                html.Td(html.Bdi(edition.sources[row.source].title, lang="en")),
                html.Td([words.label(edition, "CL_OBS_STATUS", row.obs_status), *([invented_mark(words)] if row.invented else [])]),
            ]
        )
        for row in rows
    ]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    return _scroll([html.Table([head, html.Tbody(lines)])], words.say("The chart as a table"))


def beside(groups: Sequence[Sequence[Figure]], edition: Edition, words: Words) -> Component:
    """Show figures that do not agree beside one another, none of them chosen and no mean taken."""
    heads = [words.say("Country"), words.say("Period"), words.say("Unit"), words.say("What each source says")]
    lines = [
        html.Tr(
            [
                html.Th(words.country(edition, group[0].ref_area), scope="row"),
                html.Td(words.period(group[0])),
                html.Td(unit(group[0], edition, words)),
                html.Td(html.Ul([_side(row, edition, words) for row in group], className="sides")),
            ]
        )
        for group in groups
    ]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    return _scroll([html.Table([head, html.Tbody(lines)])], words.say("Figures that do not agree"))


def origins(rows: Sequence[Figure], edition: Edition, words: Words) -> Component:
    """List every figure by country, each with an answer to: where does this come from?"""
    folded = []
    for (code, invented), group in groupby(rows, key=lambda row: (row.ref_area, row.invented)):
        lines = [_origin(row, edition, words) for row in group]
        title = [words.country(edition, code), html.Small(words.count(len(lines), "{number} figure", "{number} figures"))]
        mark = [invented_mark(words)] if invented else []
        folded.append(html.Details([html.Summary([*title, *mark]), html.Div(lines, className="folded")], className="country"))
    return html.Div(folded, className="origins")


def unit(row: Figure, edition: Edition, words: Words) -> str:
    """Write the unit that a figure counts, and the offence where trafficking and smuggling were not told apart."""
    text = words.label(edition, "CL_COUNT_UNIT", row.count_unit)
    return f"{text}; {words.label(edition, 'CL_OFFENCE', row.offence)}" if row.offence == "TIPSOM" else text


def _origin(row: Figure, edition: Edition, words: Words) -> Component:
    source, submission = edition.sources[row.source], edition.submissions[row.submission_id]
    address = ADDRESS.search(row.obs_comment or "")
    remark = ADDRESS.sub("", row.obs_comment or "")
    page = address.group(1) if address else source.url
    languages = words.list(words.language_name(code) for code in submission.languages)
    facts: list[tuple[str, str | Component | None]] = [
        (words.say("Source"), html.Bdi(source.title, lang="en")),
        (words.say("Publisher"), html.Bdi(source.publisher, lang="en")),
        (words.say("Page"), page and html.A(page, href=page, rel="noreferrer noopener external", target="_blank", dir="ltr")),
        (words.say("Submission"), html.Bdi(submission.submission_id)),
        (words.say("Received"), words.date(submission.received_at) if submission.received_at else words.say("date not recorded")),
        (words.say("Standing"), words.label(edition, "CL_SUBMISSION_STATUS", submission.status)),
        (words.say("Period"), f"{words.period(row)}: {words.days(row)}"),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", submission.calendar)),
        (words.say("Language of the file"), languages),
        (words.say("How it came about"), words.label(edition, "CL_ORIGIN", row.origin)),
        (words.say("As the source writes it"), html.Bdi(row.value_raw) if row.value_raw else None),
        (words.say("Status"), words.label(edition, "CL_OBS_STATUS", row.obs_status)),
        (words.say("Remark"), html.Bdi(remark, lang="en") if remark else None),
        (words.say("Legal definition"), _english(submission.legal_definition or source.legal_definition, words)),
        (words.say("Coverage"), _english(submission.coverage or source.coverage, words)),
        (words.say("Licence"), html.Bdi(source.licence, lang="en") if source.licence else None),
    ]
    listed = [html.Div([html.Dt(name), html.Dd(fact)]) for name, fact in facts if fact]
    said = [html.B(number(row, edition, words)), *_spoken(row, edition, words), " ", unit(row, edition, words)]
    summary = [html.Span(words.period(row), className="when"), html.Span(said), html.Span(words.say("Where does this come from?"), className="ask")]
    return html.Details([html.Summary(summary), html.Dl(listed)])


def _english(text: str | None, words: Words) -> Component | str:
    return html.Bdi(text, lang="en") if text else words.say("none noted")


def _side(row: Figure, edition: Edition, words: Words) -> Component:
    source, remark = edition.sources[row.source], ADDRESS.sub("", row.obs_comment or "")
    told = [html.B(number(row, edition, words)), " ", html.Bdi(source.publisher, lang="en"), " "]
    told += [html.Small(html.Bdi(remark, lang="en"))] if remark else []
    return html.Li([*told, *([invented_mark(words)] if row.invented else [])])


def _spoken(row: Figure, edition: Edition, words: Words) -> list[Component]:
    # A sign says little to the ear.
    spoken = {
        ZERO: words.say("zero, as stated"),
        SUPPRESSED: words.say("hidden by the sender because the number is small"),
        NOT_REPORTED: words.say("not reported"),
        SILENCE: words.say("no response"),
    }
    said = saying(edition, row)
    return [html.Small(spoken[said], className="spoken")] if said in SAID else []


def _place_in_time(row: Figure, words: Words) -> list[Component]:
    if row.period_type == "CY":
        return []
    return [html.Small([words.days(row), "; ", words.say("shown at {year}", year=row.year)], className="spoken")]


def _cells(row: Row, words: Words, names: dict[str, str]) -> list[Component]:
    subjects = {"victims": words.say("Victims"), "justice": words.say("Cases and justice"), "smuggling": words.say("Smuggling")}
    return [html.Th(subjects[row.subject], scope="row"), *(_cell(state, figures, words, names) for state, figures in row.states)]


def _cell(state: str, figures: int, words: Words, names: dict[str, str]) -> Component:
    if state == NOT_ASKED:
        return html.Td(html.Span(names[state], className="heard"))
    title = f"{names[state]}, {words.count(figures, '{number} figure', '{number} figures')}" if state == REPORTED else names[state]
    sign = html.Span(SIGNS[state], className=f"sign {state}", **{"aria-hidden": "true"})
    return html.Td([sign, html.Span(title, className="heard")], title=title)


def _years(years: Sequence[int]) -> list[Component]:
    return [html.Th(str(year), scope="col") for year in years]


def _scroll(children: list[Component], name: str) -> Component:
    # A wide table scrolls in its own frame, which the keyboard must be able to reach.
    return html.Div(children, className="scroll", role="region", tabIndex=0, **{"aria-label": name})
