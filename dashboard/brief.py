"""A country on two printed pages: its last figures, who they are about, justice, smuggling, law, quality and cautions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from dashboard.cautions import cautions, flag_name, laws
from dashboard.cells import NATIONAL, PUBLISHED, Answer, Ask
from dashboard.db import EditionError, current_edition
from dashboard.edition import Edition, Figure
from dashboard.errors import BriefError
from dashboard.exports.citation import cite
from dashboard.figures import number
from dashboard.filters import LANGUAGES, Filters
from dashboard.headlines import Headline, cards
from dashboard.markup import Content, english, tag
from dashboard.queries import choices
from dashboard.site import named_address
from dashboard.svg import columns_svg
from dashboard.tables import head, invented_mark, unit
from dashboard.theme import SERIES
from dashboard.words import Words

if TYPE_CHECKING:
    from weasyprint.document import Document

PAGES = 2
# Letters in points, from what reads well to what still reads, until everything stands on two pages.
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
MOST_BARS, MOST_ROWS, MOST_COLUMNS, MOST_SOURCES = 8, 10, 12, 3
VICTIMS, JUSTICE = ("TIP_VIC_DET", "TIP_VIC_PRES", "TIP_VIC_INTERC"), (
    "TIP_CASE", "TIP_INVEST_CASE", "TIP_INVEST", "TIP_PROSEC", "TIP_CONV",
)  # fmt: skip
SEX_AGE, FORM = ("sex", "age"), ("exploitation",)
SMUGGLING = ("SOM_INC", "SOM_MIG", "SOM_ARREST", "SOM_DEATH", "SOM_PROSEC", "SOM_CONV")


def write_brief(country: str, language: str) -> bytes:
    """Print the brief of a country of the current edition in a language, as PDF; the same edition gives the same bytes.

    Errors: BriefError where the country is not known or this machine lacks what sets text.
    """
    edition = current_edition()
    document = set_pages(country, edition, Words(language))
    # Tags tell readers of screens what is a heading, a list or a table (PDF/UA-1, ISO 14289-1).
    identifier = f"{edition.name}-{country}-{language}".encode()
    return bytes(document.write_pdf(pdf_identifier=identifier, pdf_variant="pdf/ua-1", pdf_tags=True))


def set_pages(country: str, edition: Edition, words: Words) -> Document:
    """Set the brief with the largest letters with which it stands on two pages. Errors: as for `write_brief`."""
    if country not in choices(edition).countries:
        raise BriefError(f"This edition knows no country {country}; choose one of {', '.join(choices(edition).countries)}.")
    try:
        from weasyprint import HTML
    except OSError as fault:
        raise BriefError("Printing needs the library Pango; install it (on Debian: libpangoft2-1.0-0).") from fault
    for size in SIZES:
        document = HTML(string=brief_page(country, edition, words, size)).render()
        if len(document.pages) <= PAGES:
            return document
    raise BriefError(f"The brief of {country} in edition {edition.name} does not fit on {PAGES} pages; report it to us.")


def brief_page(country: str, edition: Edition, words: Words, size: float) -> str:
    """Write the brief as one page of HTML for print, with letters of a size in points."""
    filters = Filters(countries=(country,), language=words.language)
    parts = [
        _headlines(edition, filters, words),
        _trend(edition, filters, words),
        _pair(
            _broken(words.say("Are the detected victims women, men, girls or boys?"), SEX_AGE, edition, filters, words),
            _broken(
                words.say("For which forms of exploitation were they trafficked?"), ("exploitation",), edition, filters, words
            ),
        ),
        _pair(
            _latest(
                words.say("From investigation to conviction: how many in each counting unit?"), JUSTICE, edition, filters, words
            ),
            _latest("What is known of smuggling of migrants?", SMUGGLING, edition, filters, words),
        ),
        _published(edition, filters, words),
        _law(edition, filters, words),
        _careful(edition, filters, words),
    ]
    template = Environment(loader=PackageLoader("dashboard"), autoescape=True).get_template("brief.html")
    return template.render(
        words=words, edition=edition, title=words.country(edition, country), parts=parts, size=size,
        citation=cite(edition.manifest, edition.name, site=named_address()).written("text"),
        invented=any(source.invented for source in edition.sources.values()),
    )  # fmt: skip


def _section(title: str, *content: Content) -> Markup:
    return tag("section", tag("h2", title), content)


def _pair(one: Markup, other: Markup) -> Markup:
    return tag("div", tag("div", one, class_="cell"), tag("div", other, class_="cell"), class_="pair")


def _nothing(words: Words) -> Markup:
    return tag("p", words.say("No figure for this choice is in this edition."), class_="soft")


def _headlines(edition: Edition, filters: Filters, words: Words) -> Markup:
    lines = [line for card in cards(edition, filters) for line in card.headlines]
    title = words.say("What are the last figures?")
    if not lines:
        return _section(title, _nothing(words))
    heads = [words.say("Indicator"), words.say("Last period"), words.say("Figure"), words.say("Period before")]
    heads += [words.say("Figure before"), words.say("Unit"), words.say("Source")]
    rows = [_headline(line, edition, words) for line in lines[:MOST_ROWS]]
    return _section(title, tag("table", head(heads), tag("tbody", rows)))


def _headline(line: Headline, edition: Edition, words: Words) -> Markup:
    last, before = line.last, line.before
    return tag(
        "tr",
        tag("th", words.label(edition, "INDICATOR", last.indicator), scope="row"),
        tag("td", words.period(last)),
        tag("td", number(last, edition, words), class_="number"),
        tag("td", words.period(before) if before else "–"),
        tag("td", number(before, edition, words) if before else "–", class_="number"),
        tag("td", unit(last, edition, words)),
        tag("td", english(edition.sources[last.source].publisher), " ", invented_mark(words) if last.invented else None),
    )


def _trend(edition: Edition, filters: Filters, words: Words) -> Markup:
    figures = Ask(VICTIMS, origins=NATIONAL).rows(edition, filters).figures
    ordered = sorted(figures, key=lambda row: (VICTIMS.index(row.indicator), row.source, row.year))
    drawn: list[Content] = []
    for (indicator, source), group in groupby(ordered, key=lambda row: (row.indicator, row.source)):
        rows = list(group)[-MOST_COLUMNS:]
        mark = invented_mark(words) if rows[0].invented else None
        label = words.label(edition, "INDICATOR", indicator)
        name = tag("p", label, " · ", english(edition.sources[source].publisher), " ", mark, class_="what")
        drawn.append(tag("div", name, columns_svg(rows, edition, words, label), class_="trend"))
    shown = tag("div", drawn[:MOST_SOURCES], class_="trends") if drawn else _nothing(words)
    return _section(words.say("How many victims, year by year?"), shown)


def _broken(title: str, by: tuple[str, ...], edition: Edition, filters: Filters, words: Words) -> Markup:
    """Draw bars of the last period of the source that reaches furthest."""
    answer = Ask(VICTIMS[:1], by=by, latest=True).rows(edition, filters)
    figures = _furthest(answer)
    if not figures:
        return _section(title, _nothing(words))
    first = figures[0]
    mark = invented_mark(words) if first.invented else None
    told = tag("p", words.period(first), " · ", english(edition.sources[first.source].publisher), " ", mark, class_="what")
    ordered = sorted(figures, key=lambda row: -(row.obs_value or 0))[:MOST_BARS]
    return _section(title, told, _bars([(_labelled(row, by, edition, words), row) for row in ordered], edition, words))


def _latest(question: str, indicators: tuple[str, ...], edition: Edition, filters: Filters, words: Words) -> Markup:
    title, figures = words.say(question), Ask(indicators, origins=NATIONAL, latest=True).rows(edition, filters).figures
    ordered = sorted(figures, key=lambda row: (indicators.index(row.indicator), -row.year, row.source))[:MOST_ROWS]
    if not ordered:
        return _section(title, _nothing(words))
    rows = [
        tag(
            "tr",
            tag("th", words.label(edition, "INDICATOR", row.indicator), scope="row"),
            tag("td", number(row, edition, words), class_="number"),
            tag("td", unit(row, edition, words)),
            tag("td", words.period(row), " ", invented_mark(words) if row.invented else None),
        )
        for row in ordered
    ]
    heads = [words.say("Indicator"), words.say("Figure"), words.say("Unit"), words.say("Period")]
    return _section(title, tag("table", head(heads), tag("tbody", rows)))


def _published(edition: Edition, filters: Filters, words: Words) -> Markup:
    figures = Ask((*VICTIMS, *JUSTICE, "SOM_DEATH"), origins=PUBLISHED).rows(edition, filters).figures
    title = words.say("What have others published?")
    held = sorted((row for row in figures if row.obs_value is not None), key=lambda row: (-row.year, row.indicator, row.source))
    if not held:
        return _section(title, tag("p", words.say("No other body published a figure that is in this edition."), class_="soft"))
    parts = [_stated(row, edition, words) for row in held[:MOST_ROWS]]
    return _section(title, tag("ul", parts, class_="two"))


def _stated(row: Figure, edition: Edition, words: Words) -> Markup:
    said = [words.period(row), ": ", tag("b", number(row, edition, words)), " ", words.label(edition, "INDICATOR", row.indicator)]
    return tag("li", said, " (", unit(row, edition, words), "; ", english(edition.sources[row.source].publisher), ")")


def _law(edition: Edition, filters: Filters, words: Words) -> Markup:
    rows = laws(edition, filters)
    title = words.say("What does the law call trafficking and smuggling, and how does that differ?")
    answers = {"Y": words.say("yes"), "N": words.say("no"), "_U": words.say("not known")}
    parts = []
    for row in rows:
        name = english(row.act) if row.act != "_U" else words.say("not known")
        asked = (
            (words.say("Covers domestic trafficking"), row.covers_domestic),
            (words.say("Covers men"), row.covers_men),
            (words.say("Covers forced labour"), row.covers_labour),
            (words.say("Smuggling is a crime of its own"), row.som_offence),
        )
        said = "; ".join(f"{question}: {answers[code]}" for question, code in asked)
        flags = "; ".join(words.label(edition, "CL_OBS_STATUS", flag) for flag in row.flags)
        parts.append(tag("li", tag("b", name), " – ", said, ". ", flags))
    shown = tag("ul", parts) if parts else tag("p", words.say("No act of this country is listed."), class_="soft")
    return _section(title, shown)


def _careful(edition: Edition, filters: Filters, words: Words) -> Markup:
    found = cautions(edition, filters)
    parts = [
        tag("li", flag_name(row.flag, edition, words), ": ", english(title), f" ({_years(row.years)})")
        for row in found[:MOST_ROWS]
        if (title := edition.sources[row.source].title)
    ]
    shown = tag("ul", parts, class_="two") if parts else None
    always = words.say("Figures of different laws, units, periods or coverage do not compare.")
    return _section(words.say("What should you be careful about?"), tag("p", always), shown)


def _furthest(answer: Answer) -> list[Figure]:
    """Keep the figures of the source whose period ends last; of several, the first by name."""
    if not answer.figures:
        return []
    last = min(answer.figures, key=lambda row: (-row.period_end.toordinal(), row.source))
    return [row for row in answer.figures if (row.source, row.time_period) == (last.source, last.time_period)]


def _labelled(row: Figure, by: Sequence[str], edition: Edition, words: Words) -> str:
    return " · ".join(words.code(edition, name, row.code(name)) for name in by)


def _bars(rows: Sequence[tuple[str, Figure]], edition: Edition, words: Words) -> Markup:
    highest = max((row.obs_value or 0 for _, row in rows), default=0)
    lines = []
    for label, row in rows:
        share = 100 * (row.obs_value or 0) / highest if highest else 0
        bar = tag("span", class_="bar", style=f"width:{share:.3g}%;background:{SERIES[0]}")
        lines.append(
            tag(
                "tr",
                tag("th", label, scope="row"),
                tag("td", bar, class_="track"),
                tag("td", number(row, edition, words), class_="number"),
            )
        )
    return tag("table", tag("tbody", lines), class_="bars")


def _years(years: tuple[int, ...]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def main() -> None:
    """Print one brief of an edition that is current to standard output: `python -m dashboard.brief KEN fr EDITION`."""
    try:
        country, language, name = sys.argv[1:4]
        if current_edition().name != name:
            raise BriefError("Another edition has become the current one; ask for the brief again.")
        if language not in LANGUAGES:
            raise BriefError(f"There is no brief in {language!r}; choose one of {', '.join(LANGUAGES)}.")
        sys.stdout.buffer.write(write_brief(country, language))
    except (BriefError, EditionError) as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
