"""Rows as accessible HTML: the grid of answers, the table twin of a chart, and figures that do not agree, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from dashboard.cells import Answer
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.markup import Content, english, tag
from dashboard.queries import NOT_ASKED, NOT_REPORTED, REPORTED, SILENCE, STATES, SUPPRESSED, ZERO, Grid, Row, saying
from dashboard.theme import SAID, SIGNS
from dashboard.words import Words


def invented_mark(words: Words) -> Markup:
    """Give the mark of figures that were made up."""
    return tag("strong", words.say("Invented data, for demonstration"), class_="mark")


def grid(rows: Grid, edition: Edition, words: Words) -> Markup:
    """Show who answered on what: a row a country and subject, a column a year, a sign and a word in each cell."""
    names = state_names(words)
    heads = [words.say("Country"), words.say("Subject"), *map(str, rows.years)]
    bodies = []
    ordered = sorted(rows.rows, key=lambda row: (row.invented, words.country_order(edition, row.country)))
    for invented, part in groupby(ordered, key=lambda row: row.invented):
        told = [words.say("Samples"), " ", invented_mark(words)] if invented else words.say("Received and published figures")
        bodies.append(tag("tbody", tag("tr", tag("th", tag("span", told), scope="colgroup", colspan=len(heads))), class_="part"))
        for country, group in groupby(part, key=lambda row: row.country):
            bodies.append(_country(words.country(edition, country), list(group), words, names))
    return scroll(tag("table", head(heads), bodies, class_="grid"), words.say("Who reported what and when"))


def grid_legend(words: Words) -> Markup:
    """Say in words what each sign of the grid means."""
    return tag("ul", [tag("li", _sign(state), name) for state, name in state_names(words).items()], class_="legend")


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


def twin(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Show as a table what a chart shows, one figure a row."""
    heads = [words.say("Country"), words.say("Period"), words.say("Figure"), words.say("Unit")]
    heads += [words.say("Source"), words.say("Status")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, row.ref_area), scope="row"),
            tag("td", words.period(row), _place_in_time(row, words)),
            tag("td", number(row, edition, words), spoken(row, edition, words), class_="number"),
            tag("td", unit(row, edition, words)),
            tag("td", english(edition.sources[row.source].title)),
            tag("td", status(row, edition, words), " ", invented_mark(words) if row.invented else None),
        )
        for row in by_country(rows, edition, words)
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("The chart as a table"))


def cells(answer: Answer, edition: Edition, words: Words) -> Markup:
    """Show as a table what a chart of broken down figures shows, one figure a row."""
    several = len({row.indicator for row in answer.figures}) > 1
    heads = [words.say("Country"), words.say("Period")]
    heads += [words.say("Indicator")] if several else []
    heads += [words.capital(words.dimension(name)) for name in answer.by]
    heads += [words.say("Figure"), words.say("Unit"), words.say("Source"), words.say("Status")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, row.ref_area), scope="row"),
            tag("td", words.period(row), _place_in_time(row, words)),
            tag("td", words.label(edition, "INDICATOR", row.indicator)) if several else None,
            [tag("td", words.code(edition, name, row.code(name))) for name in answer.by],
            tag("td", number(row, edition, words), spoken(row, edition, words), class_="number"),
            tag("td", unit(row, edition, words)),
            tag("td", english(edition.sources[row.source].title)),
            tag("td", status(row, edition, words), " ", invented_mark(words) if row.invented else None),
        )
        for row in by_country(answer.figures, edition, words)
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("The chart as a table"))


def beside(groups: Sequence[Sequence[Figure]], edition: Edition, words: Words) -> Markup:
    """Show figures that do not agree beside one another, none of them chosen and no mean taken."""
    heads = [words.say("Country"), words.say("Period"), words.say("Unit"), words.say("What each source says")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, group[0].ref_area), scope="row"),
            tag("td", words.period(group[0])),
            tag("td", unit(group[0], edition, words)),
            tag("td", tag("ul", [_side(row, edition, words) for row in group], class_="sides")),
        )
        for group in groups
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Figures that do not agree"))


def status(row: Figure, edition: Edition, words: Words) -> list[Content]:
    """Say the status of a figure, and whether its revision is pending: the figure is then the one that was released before."""
    label = words.label(edition, "CL_OBS_STATUS", row.obs_status)
    return [label, *([" · ", pending_mark(edition, words)] if edition.waits(row) else [])]


def pending_mark(edition: Edition, words: Words) -> Markup:
    """Give the mark of figures whose revision is pending."""
    return tag("strong", words.label(edition, "CL_REVISION", "PENDING"))


def by_country(rows: Sequence[Figure], edition: Edition, words: Words) -> list[Figure]:
    """Put figures in the order of their countries' names in this language, the real ones before the invented."""
    return sorted(rows, key=lambda row: (row.invented, words.country_order(edition, row.ref_area)))


def unit(row: Figure, edition: Edition, words: Words) -> str:
    """Write the unit that a figure counts, and the offence where trafficking and smuggling were not told apart."""
    text = words.label(edition, "CL_COUNT_UNIT", row.count_unit)
    return f"{text}; {words.label(edition, 'CL_OFFENCE', row.offence)}" if row.offence == "TIPSOM" else text


def spoken(row: Figure, edition: Edition, words: Words) -> Markup | None:
    """Say in words what a sign means that stands where a number does not; None for a number, which speaks for itself."""
    said = {
        ZERO: words.say("zero, as stated"),
        SUPPRESSED: _hidden(row, words),
        NOT_REPORTED: words.say("not reported"),
        SILENCE: words.say("no response"),
    }
    kind = saying(edition, row)
    return tag("small", said[kind], class_="spoken") if kind in SAID else None


def _hidden(row: Figure, words: Words) -> str:
    if row.conf_status == "D":
        return words.say("hidden by the sender because the number is small")
    if row.value_upper is not None:
        return words.say("hidden because the number is small")
    if row.value_raw is None:
        return words.say("not shown, because a part of it is hidden")
    return words.say("hidden so that no small number can be worked out")


def _side(row: Figure, edition: Edition, words: Words) -> Markup:
    publisher = english(edition.sources[row.source].publisher)
    told = tag("small", english(row.remark)) if row.remark else None
    return tag("li", tag("b", number(row, edition, words)), publisher, " ", told, invented_mark(words) if row.invented else None)


def _place_in_time(row: Figure, words: Words) -> Markup | None:
    if row.period_type == "CY":
        return None
    return tag("small", words.days(row), "; ", words.say("shown at {year}", year=row.year), class_="spoken")


def _country(name: str, rows: list[Row], words: Words, names: dict[str, str]) -> Markup:
    subjects = {"victims": words.say("Victims"), "justice": words.say("Cases and justice"), "smuggling": words.say("Smuggling")}
    first = tag("th", name, scope="rowgroup", rowspan=len(rows), class_="country")
    lines = []
    for place, row in enumerate(rows):
        cells = [_cell(state, figures, words, names) for state, figures in row.states]
        lines.append(tag("tr", first if place == 0 else None, tag("th", subjects[row.subject], scope="row"), cells))
    return tag("tbody", lines)


def _cell(state: str, figures: int, words: Words, names: dict[str, str]) -> Markup:
    if state == NOT_ASKED:
        return tag("td", tag("span", names[state], class_="heard"))
    title = names[state]
    if state == REPORTED:
        title = f"{title}, {words.count(figures, '{number} figure', '{number} figures')}"
    return tag("td", _sign(state), tag("span", title, class_="heard"), title=title)


def _sign(state: str) -> Markup:
    return tag("span", SIGNS[state], class_=f"sign {state}", aria_hidden="true")


def head(names: Iterable[str]) -> Markup:
    """Write the head of a table."""
    return tag("thead", tag("tr", [tag("th", name, scope="col") for name in names]))


def scroll(content: Content, name: str) -> Markup:
    """Put a table in a frame of its own, which has a name."""
    # A wide table scrolls in its own frame, which the keyboard must be able to reach.
    return tag("div", content, class_="scroll", role="group", tabindex=0, aria_label=name)
