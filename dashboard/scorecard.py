"""How good the data of each source are, what changed since the edition before, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import Content, english, tag
from dashboard.notes import Action, Change, Measured
from dashboard.tables import head, invented_mark, scroll
from dashboard.words import Words

SEVERAL, LIST, DAYS = "several", "CL_NQAF", "DQ_TIMELY"
ANSWER = "Answer for {number} periods of which nothing was received."
Row = TypeVar("Row", Measured, Change, Action)


def measured(edition: Edition, filters: Filters) -> tuple[Measured, ...]:
    """Give the measures of the sources of the chosen countries."""
    return tuple(one for one in edition.notes.measured if of_chosen(edition, filters, one.source))


def problems(edition: Edition, filters: Filters) -> tuple[Change, ...]:
    """Give the problems of the sources of the chosen countries."""
    return tuple(one for one in edition.notes.changes if of_chosen(edition, filters, one.source))


def actions(edition: Edition, filters: Filters) -> tuple[Action, ...]:
    """Give the next actions of the sources of the chosen countries."""
    return tuple(one for one in edition.notes.actions if of_chosen(edition, filters, one.source))


def of_chosen(edition: Edition, filters: Filters, source: str) -> bool:
    """Say whether a source speaks of one of the chosen countries; one that speaks of several always does."""
    return not filters.countries or country_of(edition, source) in {*filters.countries, SEVERAL}


def country_of(edition: Edition, source: str) -> str:
    """Give the country of a source, or `several`."""
    return edition.notes.source_facts[source][0]


def scorecard(rows: Sequence[Measured], edition: Edition, words: Words) -> Markup:
    """Show the measures of every source under their dimensions, countries in the order of their names and never by score."""
    kinds = list(dict.fromkeys((row.nqaf, row.measure) for row in sorted(rows, key=lambda row: _place(edition, row))))
    wide = [(nqaf, len(list(group))) for nqaf, group in groupby(kinds, key=lambda kind: kind[0])]
    above = [tag("th", words.label(edition, "CL_NQAF", nqaf), colspan=count, scope="colgroup") for nqaf, count in wide]
    below = [tag("th", words.label(edition, "INDICATOR", measure), scope="col") for _, measure in kinds]
    first = tag("th", words.say("Source"), scope="col", rowspan=2)
    lines = []
    for source, group in groupby(_by_source(rows, edition, words), key=lambda row: row.source):
        held = {row.measure: row for row in group}
        lines.append(tag("tr", _source(source, edition, words), [_score(held.get(measure), words) for _, measure in kinds]))
    table = tag("table", tag("thead", tag("tr", first, above), tag("tr", below)), tag("tbody", lines), class_="scores")
    return tag("p", compared_with(edition, words)) + scroll(table, words.say("How good are the data of each source?"))


def problem_table(rows: Sequence[Change], edition: Edition, words: Words) -> Markup:
    """Show for every source, folded, its problems by rule: new, fixed and still open."""
    heads = [words.say("Rule"), words.say("Severity"), words.say("Dimension"), words.say("New"), words.say("Fixed")]
    heads.append(words.say("Still open"))
    folded = []
    for source, group in groupby(_by_source(rows, edition, words), key=lambda row: row.source):
        held = sorted(group, key=lambda row: (row.severity, row.rule))
        lines = [
            tag(
                "tr",
                tag("th", tag("bdi", row.rule), " ", words.label(edition, "RULE", row.rule), scope="row"),
                tag("td", words.label(edition, "CL_SEVERITY", row.severity)),
                tag("td", words.label(edition, "INDICATOR", row.measure) if row.measure else "–"),
                [tag("td", _number(one, words), class_="number") for one in (row.added, row.fixed, row.still_open)],
            )
            for row in held
        ]
        told = words.count(len(held), "{number} rule", "{number} rules")
        title = tag("summary", _title(source, edition, words), tag("small", told))
        folded.append(tag("details", title, scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Problems"))))
    return tag("p", compared_with(edition, words)) + tag("div", folded, class_="origins")


def action_table(rows: Sequence[Action], edition: Edition, words: Words) -> Markup:
    """Show the next three things to do for every source, each in words."""
    lines = []
    for source, group in groupby(_by_source(rows, edition, words), key=lambda row: row.source):
        told = [tag("li", _action(row, edition, words)) for row in group]
        lines.append(tag("tr", _source(source, edition, words), tag("td", tag("ol", told, class_="next"))))
    table = tag("table", head([words.say("Source"), words.say("Next")]), tag("tbody", lines))
    return scroll(table, words.say("What to do next"))


def compared_with(edition: Edition, words: Words) -> str:
    """Say in one sentence with which edition this one was compared, or why with none."""
    state = edition.manifest.get("compared")
    if state == "COMPARED":
        before = words.isolated(edition.manifest["compared_with"])
        return words.say("Compared with edition {edition}.", edition=before)
    if state == "DAMAGED":
        return words.say("The edition before this one could not be read, so that nothing is compared with it.")
    if state == "FIRST":
        return words.say("This is the first edition here, so that nothing is compared with an earlier one.")
    return words.say("This edition was made before changes between editions were told.")


def _by_source(rows: Sequence[Row], edition: Edition, words: Words) -> list[Row]:
    return sorted(rows, key=lambda row: (_country(row.source, edition, words), row.source))


def _country(source: str, edition: Edition, words: Words) -> str:
    """Give what sources are put in order by: the name of their country; those of several countries come last."""
    code = country_of(edition, source)
    return words.country_order(edition, code) if code != SEVERAL else "\U0010ffff"


def _title(source: str, edition: Edition, words: Words) -> Markup:
    code = country_of(edition, source)
    name = words.country(edition, code) if code != SEVERAL else words.say("Several countries")
    return tag("span", f"{name}: ", english(edition.sources[source].title))


def _source(source: str, edition: Edition, words: Words) -> Markup:
    code = country_of(edition, source)
    name = words.country(edition, code) if code != SEVERAL else words.say("Several countries")
    held = edition.sources[source]
    mark = invented_mark(words) if held.invented else None
    return tag("th", tag("b", name), english(held.title), " ", mark, scope="row", class_="who")


def _place(edition: Edition, row: Measured) -> tuple[int, int]:
    return edition.order[LIST, row.nqaf], edition.order["INDICATOR", row.measure]


def _score(row: Measured | None, words: Words) -> Markup:
    """Show a value with its bar, what it was before and what it is to be; days stand without a bar, as less is better."""
    if row is None:
        return tag("td", "–", tag("span", words.say("not measured"), class_="heard"), class_="score")
    reached = row.value >= row.target if row.high else row.value <= row.target
    value = _value(row.measure, row.value, words)
    bar = None
    if row.measure != DAYS:
        bar = tag("span", tag("span", style=f"inline-size:{min(row.value, 100):.4g}%"), class_="meter", aria_hidden="true")
    goal = words.say("goal {value}", value=_value(row.measure, row.target, words))
    told = words.say("goal reached") if reached else goal
    return tag("td", tag("b", value), bar, tag("small", told), _moved(row, words), class_="score reached" if reached else "score")


def _moved(row: Measured, words: Words) -> Content:
    if row.before is None or row.before == row.value:
        return None
    before = _value(row.measure, row.before, words)
    better = (row.value > row.before) == row.high
    return tag("small", words.say("better than {value}", value=before) if better else words.say("was {value}", value=before))


def _value(measure: str, value: float, words: Words) -> str:
    if measure == DAYS:
        return words.count(round(value), "{number} day", "{number} days")
    return words.say("{number} %", number=words.number(value))


def _number(number: str | None, words: Words) -> Markup:
    """Write a number as the edition tells it; a sign before it stays on its side in every direction of writing."""
    return tag("bdi", "–" if number is None else number if number.startswith("<") else words.number(int(number)), dir="ltr")


def _action(row: Action, edition: Edition, words: Words) -> list[Content]:
    if row.action == "ANSWER":
        return [words.count(round(row.value or 0), "Answer for {number} period of which nothing was received.", ANSWER)]
    told: list[Content] = [tag("b", _what(row.action, words)), " "]
    if row.field:
        told += [words.say("Worst is:"), " ", tag("code", row.field), ". "]
    if row.rule:
        told += [words.say("Rule {rule}: {title}.", rule=row.rule, title=words.label(edition, "RULE", row.rule)), " "]
    if row.measure and row.value is not None and row.target is not None:
        label = words.label(edition, "INDICATOR", row.measure)
        now, goal = _value(row.measure, row.value, words), _value(row.measure, row.target, words)
        told.append(words.say("{measure}: now {now}, goal {goal}.", measure=label, now=now, goal=goal))
    return told


def _what(action: str, words: Words) -> str:
    return {
        "FILL": words.say("Fill in what is left empty or unknown."),
        "MEND": words.say("Mend the values that break a rule."),
        "RULE": words.say("Say what the words mean that nobody has ruled on."),
        "COMPARE_TWICE": words.say("Look at the rows that seem to stand there twice."),
        "RECONCILE": words.say("Make the parts and their total agree, or say why they do not."),
        "EXPLAIN": words.say("Explain where a definition departs from the common one, or where the series breaks."),
        "SEND_EARLIER": words.say("Send the file sooner after the end of its period."),
        "COARSEN": words.say("Use broader groups, so that fewer figures must be hidden."),
        "ASK": words.say("Settle what breaks this rule, or confirm that it is right."),
    }[action]
