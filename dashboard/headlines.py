"""The headline figures of each country: the last period of a source beside the period before it. Nothing is added up."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from dashboard.cells import NATIONAL, PUBLISHED, Ask
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.queries import choices
from dashboard.tables import head, invented_mark, scroll, spoken, unit
from dashboard.words import Words
from schemas.headlines import headline_indicators

ON_CARD = 5  # as many as are read at one look
INDICATORS = headline_indicators()[:ON_CARD]


class Headline(NamedTuple):
    """The last figure of one source on one indicator, and the one before it in the same unit and kind of period."""

    last: Figure
    before: Figure | None


class Card(NamedTuple):
    """One country's headlines in the order of INDICATORS; none where nothing is known."""

    country: str
    invented: bool
    headlines: tuple[Headline, ...]


def cards(edition: Edition, filters: Filters) -> tuple[Card, ...]:
    """Give one card a country: of each indicator the national source that reaches furthest, else the published figures."""
    found: dict[str, dict[str, list[Headline]]] = defaultdict(dict)
    for origins in (NATIONAL, PUBLISHED):
        for indicator in INDICATORS:
            figures = Ask((indicator,), origins=origins).rows(edition, filters).figures
            # That another body published no figure is no headline; that the country itself said nothing is one.
            figures = tuple(figure for figure in figures if origins == NATIONAL or figure.obs_value is not None)
            for country in {figure.ref_area for figure in figures} - {seen for seen in found if indicator in found[seen]}:
                found[country][indicator] = _furthest([figure for figure in figures if figure.ref_area == country])
    made = []
    for country in filters.countries or choices(edition).countries:
        lines = tuple(line for indicator in INDICATORS for line in found[country].get(indicator, ()))
        made.append(Card(country, any(line.last.invented for line in lines), lines))
    return tuple(made)


def card_list(rows: tuple[Card, ...], edition: Edition, words: Words) -> Markup:
    """Show the cards, each with a link to the country's own page."""
    ordered = sorted(rows, key=lambda card: words.country_order(edition, card.country))
    return tag("ul", [_card(card, edition, words) for card in ordered], class_="cards")


def card_table(rows: tuple[Card, ...], edition: Edition, words: Words) -> Markup:
    """Show the same as a table."""
    heads = [words.say("Country"), words.say("Indicator"), words.say("Last period"), words.say("Figure")]
    heads += [words.say("Period before"), words.say("Figure before"), words.say("Unit"), words.say("Source")]
    lines = [_line(card, line, edition, words) for card in rows for line in card.headlines]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("The chart as a table"))


def _furthest(figures: list[Figure]) -> list[Headline]:
    series: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda one: (one.period_end, one.period_start)):
        series[figure.source, figure.count_unit, figure.offence, figure.period_type].append(figure)
    newest = max(held[-1].period_end for held in series.values())
    return [_headline(held) for held in series.values() if held[-1].period_end == newest][:2]


def _headline(held: list[Figure]) -> Headline:
    before = [figure for figure in held if figure.period_end < held[-1].period_start]
    return Headline(held[-1], before[-1] if before else None)


def _card(card: Card, edition: Edition, words: Words) -> Markup:
    query = Filters(language=words.language).query()
    name = tag("h3", tag("a", words.country(edition, card.country), href=f"/country/{card.country}{query}"))
    mark = invented_mark(words) if card.invented else None
    none = tag("p", words.say("No headline figure for this choice."), class_="silent-card")
    lines = tag("dl", [_entry(line, edition, words) for line in card.headlines]) if card.headlines else none
    return tag("li", tag("header", name, mark), lines, class_="card")


def _entry(line: Headline, edition: Edition, words: Words) -> Markup:
    last = line.last
    label = words.label(edition, "INDICATOR", last.indicator)
    told = [tag("b", number(last, edition, words)), spoken(last, edition, words), " ", tag("span", words.period(last))]
    parts = [tag("dd", told, class_="last")]
    if line.before:
        before = words.say(
            "before: {value} in {period}", value=number(line.before, edition, words), period=words.period(line.before)
        )
        parts.append(tag("dd", before, class_="before"))
    others = edition.speaker(last) in PUBLISHED
    by = words.say("published by others") if others else None
    parts.append(tag("dd", [by, ": "] if by else None, english(edition.sources[last.source].publisher), class_="by"))
    return tag("div", tag("dt", label), parts, class_="published" if others else None)


def _line(card: Card, line: Headline, edition: Edition, words: Words) -> Markup:
    last, before = line.last, line.before
    return tag(
        "tr",
        tag("th", words.country(edition, card.country), scope="row"),
        tag("td", words.label(edition, "INDICATOR", last.indicator)),
        tag("td", words.period(last)),
        tag("td", number(last, edition, words), spoken(last, edition, words), class_="number"),
        tag("td", words.period(before) if before else None),
        tag("td", number(before, edition, words) if before else None, class_="number"),
        tag("td", unit(last, edition, words)),
        tag("td", english(edition.sources[last.source].title), " ", invented_mark(words) if last.invented else None),
    )
