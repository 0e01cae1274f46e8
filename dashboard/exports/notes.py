"""What every file says of itself: edition, choice, rows, protection, suppressed figures, licence, citation, sources."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.exports.citation import Citation, cite
from dashboard.exports.facts import Facts
from dashboard.exports.options import Options
from dashboard.exports.published import Published
from dashboard.exports.selection import CHOICES
from dashboard.filters import Filters
from dashboard.site import named_address
from dashboard.words import Words

# What the manifest says of the protection, in English, beside the threshold.
DETAILS = ("hidden", "hidden_aside", "unlisted", "odds", "perturbation_table")


@dataclass(frozen=True, slots=True)
class Notes:
    """A name for programs, a heading and a text in one language; always as many, in the same order, and a text is one line."""

    lines: tuple[tuple[str, str, str], ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Give headings and texts."""
        return [(heading, text) for _, heading, text in self.lines]

    def text(self, name: str) -> str:
        """Give the text of a name, such as `citation`."""
        return {key: text for key, _, text in self.lines}[name]

    def commented(self) -> list[str]:
        """Write each as one line that begins with a hash."""
        return [f"# {heading}: {text}" for heading, text in self.pairs]

    def as_json(self) -> str:
        """Write them as one object, by their names for programs."""
        return json.dumps({name: text for name, _, text in self.lines}, ensure_ascii=False)


def notes(published: Published, filters: Filters, options: Options, facts: Facts) -> Notes:
    """Say in the language of the filters what must be known of an export before a figure of it is used."""
    words = Words(filters.language)
    lines = (
        ("title", words.say("Title"), cite(published.manifest, published.name).title),
        ("edition", words.say("Edition"), f"{published.name}, {published.manifest['as_of']}"),
        ("choice", words.say("Choice"), _choice(published, filters, options, words)),
        ("figures", words.say("Figures"), _figures(facts, words)),
        ("protection", words.say("Protection"), _protection(published, words)),
        ("suppressed", words.say("Suppressed figures"), _suppressed(facts, words)),
        ("silence", words.say("Zero and silence"), _silence(published, facts, options, words)),
        ("licence", words.say("Licence"), licence(published, facts, words)),
        ("citation", words.say("How to cite"), citation(published, filters, options).text()),
        ("sources", words.say("Sources"), "; ".join(f"{published.sources[name].publisher}: {published.sources[name].title}"
                                         for name in facts.sources)),
    )  # fmt: skip
    return Notes(tuple((name, heading, " ".join(text.split())) for name, heading, text in lines))


def citation(published: Published, filters: Filters, options: Options, site: str | None = None) -> Citation:
    """Give the citation of an export.

    site: the public address of the site; the one that is set for all if not given, so that equal exports are equal bytes.
    """
    site = named_address() if site is None else site
    choice, figures = address(filters, options), _figures_query(filters, options)
    return cite(published.manifest, published.name, choice, site, figures if figures else None)


def address(filters: Filters, options: Options) -> str:
    """Give the choice as the query of an address, the indicators as the options have them; empty where all was taken."""
    if options.indicators is None:
        return filters.query() or "?"
    return _figures_query(filters, options)


def _figures_query(filters: Filters, options: Options) -> str:
    """Give the choice as the query of the interface for programs, which takes all indicators where none is named."""
    indicators = (filters.indicator,) if options.indicators is None else options.indicators
    one = Filters(**{name: getattr(filters, name) for name in ("countries", "first", "last", *list(CHOICES.values())[1:])})
    pairs = [one.query().removeprefix("?"), *(f"indicator={code}" for code in indicators)]
    joined = "&".join(pair for pair in pairs if pair)
    return f"?{joined}" if joined else ""


def licence(published: Published, facts: Facts, words: Words) -> str:
    """Say under which licence the edition stands, and which terms its sources set."""
    terms = sorted({source.licence for name in facts.sources if (source := published.sources[name]).licence})
    own = published.manifest.get("licence")
    parts = [*([own] if own else []), *([words.say("terms of the sources: {terms}", terms=" | ".join(terms))] if terms else [])]
    return "; ".join(parts) or words.say("the sources name none")


def _choice(published: Published, filters: Filters, options: Options, words: Words) -> str:
    by_name = {field.name: field for field in published.fields}
    chosen = (filters.indicator,) if options.indicators is None else options.indicators
    parts = [words.list(_labels(published, "INDICATOR", chosen)) if chosen else words.say("all indicators")]
    for name, choice in CHOICES.items():
        if codes := getattr(filters, choice):
            parts.append(words.list(published.label(by_name[name], code) for code in codes))
        elif name == "ref_area":
            parts.append(words.say("all countries"))
    parts.append(words.years(filters))
    if options.wide is not None:
        parts.append(words.say("wide by {dimension}", dimension=options.wide))
    query = address(filters, options)
    return " · ".join([*parts, *([query] if query else [])])


def _labels(published: Published, listed: str, codes: Iterable[str]) -> list[str]:
    return [published.labels.get((listed, code), code) for code in codes]


def _figures(facts: Facts, words: Words) -> str:
    parts = [words.count(facts.rows, "{number} figure", "{number} figures")]
    parts += [words.say("of which invented samples: {number}", number=words.number(facts.invented))] if facts.invented else []
    parts += [words.say("revision pending: {number}", number=words.number(facts.pending))] if facts.pending else []
    return " · ".join(parts)


def _protection(published: Published, words: Words) -> str:
    threshold = published.manifest.get("threshold")
    if threshold is None:
        return words.say("Nothing counted from real case records stands in this edition.")
    told = words.say(
        "Counts from case records are changed a little by the cell-key method, and none under {threshold} is shown; the "
        "bounds of a figure are value_lower and value_upper. What states and bodies published is shown as published. Parts "
        "need not add up to totals.",
        threshold=threshold,
    )
    return " ".join([told, *(f"{published.manifest[name]}." for name in DETAILS if name in published.manifest)])


def _suppressed(facts: Facts, words: Words) -> str:
    return words.say(
        "{number} of {rows}; where one is held back, obs_value is empty, obs_status is Q, and value_raw shows the sign",
        number=words.number(facts.suppressed),
        rows=words.number(facts.rows),
    )


def _silence(published: Published, facts: Facts, options: Options, words: Words) -> str:
    meanings = {status: published.labels["CL_OBS_STATUS", status] for status in facts.missing}
    missing = "; ".join(f"{code} = {meanings[code]} ({words.number(number)})" for code, number in facts.missing.items())
    told = words.say(
        "0 is a zero that the source said ({number}); where obs_value is empty, obs_status says why: {missing}",
        number=words.number(facts.zeros),
        missing=missing or "–",
    )
    if options.wide is None:
        return told
    return f"{told}. " + words.say("Where value and status are both empty, the edition has no such figure.")
