"""The editions known, and what is different in this one: figures, causes, and the lists and files that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from dashboard.edition import DIMENSIONS, Edition
from dashboard.filters import Filters
from dashboard.markup import Content, english, tag
from dashboard.notes import Difference, Past
from dashboard.scorecard import compared_with
from dashboard.tables import head, scroll
from dashboard.words import Words


def past(edition: Edition, _: Filters) -> tuple[Past, ...]:
    """Give the editions that this one knows, itself last."""
    return edition.notes.past


def differences(edition: Edition, filters: Filters) -> tuple[Difference, ...]:
    """Give the figures of the chosen countries that are new, gone or changed."""
    return tuple(row for row in edition.notes.differences if not filters.countries or row.ref_area in filters.countries)


def edition_table(rows: Sequence[Past], edition: Edition, words: Words) -> Markup:
    """Show every edition with its day, its size and the hashes of its files."""
    heads = [words.say("Edition"), words.say("As of"), words.say("Sources"), words.say("Submissions"), words.say("Figures")]
    heads.append(words.say("SHA-256 of the public file"))
    own = words.say("stands in manifest.json beside the file")
    lines = [
        tag(
            "tr",
            tag("th", tag("bdi", row.name), scope="row"),
            tag("td", words.date(row.as_of)),
            [tag("td", words.number(number), class_="number") for number in (row.sources, row.submissions, row.figures)],
            tag("td", tag("code", row.public_hash) if row.public_hash else own),
        )
        for row in reversed(rows)
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Editions"))


def difference_table(rows: Sequence[Difference], edition: Edition, words: Words) -> Markup:
    """Show what changed: in numbers by cause, what changed beside the figures, and the first figures one by one."""
    return (
        tag("p", compared_with(edition, words))
        + _counted(edition, words)
        + _causes(edition, words)
        + _figures(rows, edition, words)
    )


def _counted(edition: Edition, words: Words) -> Markup:
    heads = [words.say("What happened"), words.say("Why"), words.say("Source"), words.say("Figures")]
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, why, source, _, count in edition.notes.counted:
        counts[kind, why, source] += count
    lines = [
        tag(
            "tr",
            tag("td", kind_name(kind, words)),
            tag("td", words.label(edition, "CL_CHANGE", why)),
            tag("td", _source(source, edition)),
            tag("td", words.number(count), class_="number"),
        )
        for (kind, why, source), count in counts.items()
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Figures by cause"))


def _causes(edition: Edition, words: Words) -> Markup:
    if not edition.notes.causes:
        return Markup("")
    listed = [tag("li", tag("code", name), " ", english(what)) for _, name, what in edition.notes.causes]
    named = words.say("Files, declarations and lists that changed")
    return tag(
        "details", tag("summary", named, " ", tag("small", words.number(len(listed)))), tag("ul", listed), class_="provenance"
    )


def _figures(rows: Sequence[Difference], edition: Edition, words: Words) -> Markup:
    heads = [words.say("What happened"), words.say("Country"), words.say("Indicator"), words.say("Period"), words.say("Of whom")]
    heads += [words.say("Before"), words.say("Now"), words.say("Source")]
    lines = [
        tag(
            "tr",
            tag("td", kind_name(row.kind, words)),
            tag("th", edition.labels.get(("COUNTRY", row.ref_area, words.language), row.ref_area), scope="row"),
            tag("td", _indicator(row.indicator, edition, words)),
            tag("td", tag("bdi", row.time_period)),
            tag("td", _of_whom(row.breakdown, edition, words)),
            [tag("td", tag("bdi", said or "–"), class_="number") for said in (row.before, row.after)],
            tag("td", _source(row.source, edition)),
        )
        for row in rows
    ]
    told = tag("summary", words.count(len(rows), "{number} figure one by one", "{number} figures one by one"))
    table = scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Figures that changed"))
    return tag("details", told, table, class_="provenance")


def _of_whom(breakdown: str, edition: Edition, words: Words) -> str:
    """Say in words what `sex=F age=Y0T17` says in codes; an area or offence has its code alone."""
    pairs = [part.partition("=") for part in breakdown.split()]
    return words.list(words.code(edition, name, code) if name in DIMENSIONS else code for name, _, code in pairs) or words.say(
        "all"
    )


def kind_name(kind: str, words: Words) -> str:
    """Give the word for what happened to a figure."""
    return {"new": words.say("new"), "gone": words.say("gone"), "changed": words.say("changed")}[kind]


def _source(name: str, edition: Edition) -> Content:
    held = edition.sources.get(name)
    return english(held.title) if held else tag("code", name)


def _indicator(code: str, edition: Edition, words: Words) -> str:
    return edition.labels.get(("INDICATOR", code, words.language), code)
