"""What to be careful about before a figure is used: flags on figures and laws that differ, from the data and never by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import Content, english, tag
from dashboard.tables import head, invented_mark, scroll
from dashboard.words import Words
from schemas.legal import LegalDefinition, legal_definitions

# Flags that leave a figure as any other: normal value, validated, zero, no figure at all.
PLAIN = {"A", "V", "M", "O", "L", "N", "Q", "S"}
PENDING = "PENDING"


class Caution(NamedTuple):
    """One flag on figures of one source: how many have it, and in which years."""

    country: str
    source: str
    invented: bool
    flag: str
    figures: int
    years: tuple[int, ...]


def cautions(edition: Edition, filters: Filters) -> tuple[Caution, ...]:
    """Count, by country and source, the figures for whole countries that carry a flag."""
    found: dict[tuple[str, str, bool, str], list[int]] = defaultdict(list)
    for figure in edition.figures:
        if filters.keeps(figure.ref_area, figure.year):
            waits = {PENDING} if edition.waits(figure) else set()
            for flag in ({figure.obs_status, figure.obs_status_2} - PLAIN - {None}) | waits:
                found[figure.ref_area, figure.source, figure.invented, str(flag)].append(figure.year)
    return tuple(Caution(*key, len(years), tuple(sorted(set(years)))) for key, years in sorted(found.items()))


def caution_table(rows: tuple[Caution, ...], edition: Edition, words: Words) -> Markup:
    """Show the flags, the country's own figures first."""
    heads = [words.say("Country"), words.say("What to know"), words.say("Figures"), words.say("Years"), words.say("Source")]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, row.country), scope="row"),
            tag("td", flag_name(row.flag, edition, words)),
            tag("td", words.number(row.figures), class_="number"),
            tag("td", _span(row.years)),
            tag("td", english(edition.sources[row.source].title), " ", invented_mark(words) if row.invented else None),
        )
        for row in sorted(rows, key=lambda row: (words.country_order(edition, row.country), row.invented, row.source))
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("What to be careful about"))


def flag_name(flag: str, edition: Edition, words: Words) -> str:
    """Give the words for a flag: a status, or that a revision is pending."""
    return words.label(edition, "CL_REVISION" if flag == PENDING else "CL_OBS_STATUS", flag)


def laws(_: Edition, filters: Filters) -> tuple[LegalDefinition, ...]:
    """Give the acts of the chosen countries."""
    return tuple(law for law in legal_definitions() if not filters.countries or law.iso3 in filters.countries)


def law_table(rows: tuple[LegalDefinition, ...], edition: Edition, words: Words) -> Markup:
    """Show what each act covers and how it differs."""
    heads = [
        words.say("Act"),
        words.say("Assented"),
        words.say("In force since"),
        words.say("Covers domestic trafficking"),
        words.say("Covers men"),
    ]
    heads += [words.say("Covers forced labour"), words.say("Smuggling is a crime of its own"), words.say("What to know")]
    answers = {"Y": words.say("yes"), "N": words.say("no"), "_U": words.say("not known")}
    lines = [
        tag(
            "tr",
            tag("th", english(row.act) if row.act != "_U" else words.say("not known"), scope="row"),
            [tag("td", day or words.say("not known")) for day in (row.assented, row.commenced)],
            [tag("td", answers[code]) for code in (row.covers_domestic, row.covers_men, row.covers_labour, row.som_offence)],
            tag("td", _flags(row, edition, words), _text(row, words)),
        )
        for row in rows
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Legal definition"))


def _text(row: LegalDefinition, words: Words) -> list[Content]:
    """Show the articles, the penalties and the end of an act, as far as they were read, before the note and the source."""
    facts = (
        (words.say("Repealed"), row.repealed),
        (words.say("Articles"), row.articles),
        (words.say("Penalties"), row.penalties),
    )
    told: list[Content] = [tag("p", label, ": ", english(value), class_="spoken") for label, value in facts if value]
    return [*told, tag("p", english(row.note), class_="spoken"), english(row.source)]


def _flags(row: LegalDefinition, edition: Edition, words: Words) -> Markup | None:
    flags = [tag("li", words.label(edition, "CL_OBS_STATUS", flag)) for flag in row.flags]
    return tag("ul", flags, class_="flags") if flags else None


def _span(years: tuple[int, ...]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
