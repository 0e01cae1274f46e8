"""Where the figures come from and how they were made, in words: sources, words, rules, indicators, codes, terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from dashboard.edition import Edition, Indicator, Source, Submission
from dashboard.filters import Filters
from dashboard.markup import Content, english, outward, tag
from dashboard.notes import Meaning, Rule, Ruled, Term
from dashboard.scorecard import SEVERAL, country_of, of_chosen
from dashboard.tables import head, invented_mark, scroll
from dashboard.words import Words


@dataclass(frozen=True, slots=True)
class Of:
    """A question about the whole edition, whose answer holds no figures that could be downloaded."""

    query: Callable[[Edition, Filters], Any]

    def rows(self, edition: Edition, filters: Filters) -> Any:
        """Ask the query."""
        return self.query(edition, filters)

    def caption(self, words: Words, edition: Edition, _: Filters) -> str:
        """Name the edition."""
        return words.say("Edition {edition}", edition=words.isolated(edition.name))

    def downloads(self, _: Filters) -> tuple[Filters, ...]:
        """Give none: what is shown can be saved as it stands."""
        return ()


def sources(edition: Edition, filters: Filters) -> tuple[Source, ...]:
    """Give the sources of the chosen countries."""
    return tuple(source for name, source in edition.sources.items() if of_chosen(edition, filters, name))


def rulings(edition: Edition, filters: Filters) -> tuple[Ruled, ...]:
    """Give how words of the sources of the chosen countries were read."""
    return tuple(row for row in edition.notes.rulings if of_chosen(edition, filters, row.source))


def indicators(edition: Edition, _: Filters) -> tuple[Indicator, ...]:
    """Give all indicators."""
    return tuple(edition.indicators.values())


def source_list(rows: Sequence[Source], edition: Edition, words: Words) -> Markup:
    """Tell of every source, folded: who sends it, when, in which language and calendar, and by which law it counts."""
    folded = [
        tag(
            "details", tag("summary", title(row.name, edition, words), _mark(row, words)), tag("dl", _source(row, edition, words))
        )
        for row in sorted(rows, key=lambda row: _order(row.name, edition, words))
    ]
    return tag("div", folded, class_="origins")


def ruling_list(rows: Sequence[Ruled], edition: Edition, words: Words) -> Markup:
    """Show how the words of every source were read, folded, the most frequent words of a column first."""
    folded = []
    ordered = sorted(rows, key=lambda row: _order(row.source, edition, words))
    for source, group in groupby(ordered, key=lambda row: row.source):
        held = list(group)
        count = tag("small", words.count(len(held), "{number} word", "{number} words"))
        named = tag("summary", title(source, edition, words), count, _mark(edition.sources[source], words))
        folded.append(tag("details", named, _words_of(held, edition, words)))
    return tag("div", folded, class_="origins")


def rule_table(rows: Sequence[Rule], edition: Edition, words: Words) -> Markup:
    """Show every rule with its title, how grave it is and where it comes from."""
    heads = [words.say("Rule"), words.say("What it asks"), words.say("Severity"), words.say("What the rule comes from")]
    lines = [
        tag(
            "tr",
            tag("th", tag("bdi", row.code), scope="row"),
            tag("td", words.label(edition, "RULE", row.code)),
            tag("td", words.label(edition, "CL_SEVERITY", row.severity)),
            tag("td", english(row.source)),
        )
        for row in rows
    ]
    named = words.count(len(rows), "{number} rule", "{number} rules")
    return _folded(named, scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Rules")))


def indicator_table(rows: Sequence[Indicator], edition: Edition, words: Words) -> Markup:
    """Show every indicator with its code, its unit and its formula."""
    heads = [words.say("Indicator"), words.say("Code"), words.say("Unit"), words.say("Formula")]
    lines = [
        tag(
            "tr",
            tag("th", _named(words.label(edition, "INDICATOR", row.code)), scope="row"),
            tag("td", tag("code", row.code)),
            tag("td", words.label(edition, "CL_COUNT_UNIT", row.count_unit)),
            tag("td", english(row.formula)),
        )
        for row in rows
    ]
    named = words.count(len(rows), "{number} indicator", "{number} indicators")
    return _folded(named, scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Indicators")))


def code_lists(rows: Sequence[Meaning], edition: Edition, words: Words) -> Markup:
    """Show every code list, folded: labels, meanings, and what other standards call each code."""
    heads = [words.say("Code"), words.say("Label"), words.say("Meaning"), words.say("In other standards")]
    folded = []
    for name, group in groupby(rows, key=lambda row: row.listed):
        held = list(group)
        lines = [
            tag(
                "tr",
                tag("th", tag("code", row.code), scope="row"),
                tag("td", words.label(edition, name, row.code)),
                tag("td", english(row.definition)),
                tag("td", _crosswalk(edition, row, words)),
            )
            for row in held
        ]
        count = tag("small", words.count(len(held), "{number} code", "{number} codes"))
        table = scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Which codes are there?"))
        folded.append(tag("details", tag("summary", tag("code", name), count), table))
    return tag("div", folded, class_="origins couples")


def term_list(rows: Sequence[Term], _: Edition, words: Words) -> Markup:
    """Show the terms with their meanings in the reader's language, in the order of its letters."""
    own = sorted((row for row in rows if row.language == words.language), key=lambda row: row.label.casefold())
    listed = [tag("div", tag("dt", row.label), tag("dd", row.meaning, " ", tag("small", english(row.source)))) for row in own]
    pending = tag("p", words.say("These translations await review by a speaker."), class_="note")
    return tag("dl", listed, class_="terms") + (pending if any(row.review for row in own) else Markup(""))


def title(source: str, edition: Edition, words: Words) -> Markup:
    """Name a source by its country and title."""
    code = country_of(edition, source)
    name = words.country(edition, code) if code != SEVERAL else words.say("Several countries")
    return tag("span", f"{name}: ", english(edition.sources[source].title))


def _named(label: str) -> list[Content]:
    """Keep the code of a currency, in which some labels end, apart from words that may run the other way."""
    name, sign, code = label.rpartition(": ")
    return [name, sign, tag("bdi", code)] if sign and len(code) == 3 and code.isascii() else [label]


def _folded(name: str, content: Markup) -> Markup:
    return tag("div", tag("details", tag("summary", name), content), class_="origins")


def _order(source: str, edition: Edition, words: Words) -> tuple[bool, str, str]:
    code = country_of(edition, source)
    return code == SEVERAL, words.country_order(edition, code) if code != SEVERAL else "", source


def _mark(source: Source, words: Words) -> Content:
    return [" ", invented_mark(words)] if source.invented else None


def _source(row: Source, edition: Edition, words: Words) -> list[Markup]:
    held = [item for item in edition.submissions.values() if item.source == row.name]
    _, domain, _, source_type, unit, calendar = edition.notes.source_facts[row.name]
    languages = dict.fromkeys(words.language_name(code) for item in held for code in item.languages)
    page = outward(row.url) if row.url else None
    areas = [tag("li", _area(edition, words, area)) for source, area in edition.notes.areas if source == row.name]
    facts: list[tuple[str, Content]] = [
        (words.say("Publisher"), english(row.publisher)),
        (words.say("Page"), page),
        (words.say("Subject"), words.label(edition, "CL_DOMAIN", domain)),
        (words.say("Kind of body"), words.label(edition, "CL_SOURCE_TYPE", source_type)),
        (words.say("Unit"), words.label(edition, "CL_COUNT_UNIT", unit)),
        (words.say("Periods"), tag("ul", [tag("li", _submission(item, edition, words)) for item in held])),
        (words.say("Calendar of the file"), words.label(edition, "CL_CALENDAR", calendar)),
        (words.say("Language of the file"), words.list(languages)),
        (words.say("Legal definition"), english(row.legal_definition) if row.legal_definition else words.say("none noted")),
        (words.say("Areas that the body covers"), tag("ul", areas) if areas else None),
        (words.say("Coverage"), english(row.coverage) if row.coverage else words.say("none noted")),
        (words.say("Licence"), english(row.licence) if row.licence else None),
        (words.say("Remark"), english(row.note) if row.note else None),
        (words.say("Name of the declaration"), tag("code", row.name)),
    ]
    return [tag("div", tag("dt", name), tag("dd", fact)) for name, fact in facts if fact]


def _submission(item: Submission, edition: Edition, words: Words) -> list[Content]:
    days = f"{words.date(item.period_start)} – {words.date(item.period_end)}"
    received = words.date(item.received_at) if item.received_at else words.say("date not recorded")
    standing = words.label(edition, "CL_SUBMISSION_STATUS", item.status)
    return [days, " · ", standing, " · ", words.say("received: {day}", day=received), " · ", tag("bdi", item.submission_id)]


def _words_of(rows: Sequence[Ruled], edition: Edition, words: Words) -> Markup:
    heads = [words.say("Word in the file"), words.say("Read as"), words.say("How it was read"), words.say("Rows")]
    bodies = []
    for (name, heading), group in groupby(rows, key=lambda row: (row.field, row.heading)):
        told = [tag("bdi", heading), " → ", tag("code", name)]
        lines = [tag("tr", tag("th", told, colspan=len(heads), scope="rowgroup"))]
        lines += [
            tag(
                "tr",
                tag("td", tag("bdi", row.word)),
                tag("td", tag("code", row.code) if row.code else words.say("not read")),
                tag("td", words.label(edition, "CL_MATCH", row.match)),
                tag("td", _magnitude(row.at_least, words), class_="number"),
            )
            for row in group
        ]
        bodies.append(tag("tbody", lines))
    return scroll(tag("table", head(heads), bodies), words.say("How words were read"))


def _magnitude(at_least: int, words: Words) -> str:
    if at_least < 10:
        return words.say("fewer than {number}", number=words.number(10))
    return words.say("{number} or more", number=words.number(at_least))


def _crosswalk(edition: Edition, row: Meaning, words: Words) -> Content:
    names = {"none": "", "exact": "=", "broad": "⊂", "narrow": "⊃", "related": "~"}
    strings = edition.notes.crosswalk.get((row.listed, row.code), ())
    said = [
        tag(
            "li",
            tag("small", tag("bdi", standard.upper().replace("_", " ")), " ", names[match], " "),
            tag("bdi", text, lang="en"),
        )
        for standard, text, match in strings
    ]
    return tag("ul", said, class_="reasons") if said else words.say("none")


def _area(edition: Edition, words: Words, code: str) -> Content:
    label = words.label(edition, "AREA", code)
    return label if ("AREA", code, words.language) in edition.labels else english(label)
