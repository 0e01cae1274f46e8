"""What a reader should know in plain words: how persons are protected, how to cite, what the figures cannot say."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.filters import Filters
from dashboard.markup import Content, english, tag
from dashboard.tables import head, scroll
from dashboard.words import Words

# What an edition of before protection does not state.
THRESHOLD = "10"
# The sign of figures that are not shown.
CONFIDENTIAL = "c"
# What the manifest promises of the protection, in this order.
PROMISES = ("hidden", "hidden_aside", "unlisted", "odds", "perturbation_table")
# A text has one row: itself.
Text = tuple[str]


def text(_: Edition, __: Filters) -> Text:
    """Give the one row of a text, which does not depend on any choice."""
    return ("text",)


def protection(_: Text, edition: Edition, words: Words) -> Markup:
    """Explain how persons are protected, with an example that is invented."""
    least = words.number(int(edition.manifest.get("threshold", THRESHOLD)))
    sign = aside = words.isolated(CONFIDENTIAL)
    why = words.say(
        "A figure can give somebody away: where two women of one nationality were found in a small place, people there know "
        "who they are. So figures that are counted from records of persons are never shown as they are."
    )
    steps = [
        words.say("Names, numbers of papers, days of birth and texts about persons are left out before anything is stored."),
        words.say(
            "Every count is moved a little, by a rule and not by a throw of dice: the same records always give the same "
            "number, on every page and in every file."
        ),
        words.say(
            "What is under {least} after that is not shown; {sign} stands in its place. It is not zero.", least=least, sign=sign
        ),
        words.say(
            "Where a total would give a hidden figure away, a second one is hidden with it; {sign} stands in both places, and "
            "does not say which is the small one.",
            sign=aside,
        ),
        words.say(
            "The total of a source for a country and a year is shown as it is from {least} on, and at zero; from 1 to below "
            "{least} it is confidential, unless the state has decided to show it.",
            least=least,
        ),
        words.say("Shares, rates and medians are worked out from the numbers that are shown, never from the true ones."),
    ]
    hidden = words.say("hidden together, so that neither can be worked out")
    example = [
        (words.say("Women"), 37, words.number(35), words.say("moved a little")),
        (words.say("Girls"), 12, aside, hidden),
        (words.say("Men"), 4, aside, hidden),
        (words.say("All"), 53, words.number(53), words.say("a national total of a year, exact")),
    ]
    heads = [words.say("Persons"), words.say("Counted"), words.say("Shown"), words.say("Why")]
    lines = [
        tag(
            "tr",
            tag("th", who, scope="row"),
            tag("td", words.number(counted)),
            tag("td", shown, class_="number"),
            tag("td", told),
        )
        for who, counted, shown, told in example
    ]
    table = scroll(tag("table", head(heads), tag("tbody", lines)), words.say("An example with invented numbers"))
    after = [
        words.say("The parts do not add up to the total, and are not meant to: nobody can work out that there were four men."),
        words.say(
            "Figures that a state or body published itself stand as published. Invented samples are protected like real records."
        ),
    ]
    promised = [
        tag("div", tag("dt", tag("code", name)), tag("dd", english(edition.manifest[name])))
        for name in PROMISES
        if name in edition.manifest
    ]
    named = tag("h3", words.say("An example with invented numbers"))
    kept = tag("h3", words.say("What this edition promises")) + tag("dl", promised) if promised else None
    told = _prose([tag("p", why), tag("ol", [tag("li", step) for step in steps]), named])
    return told + table + _prose([[tag("p", one) for one in after], kept])


def citation(_: Text, edition: Edition, words: Words) -> Markup:
    """Say how to cite the edition and its figures."""
    name = edition.manifest.get("citation_title", "Pembe")
    cited = f"{name}. Edition {edition.name}, as of {edition.as_of}."
    licence = edition.manifest.get("licence")
    return _prose(
        [
            tag("p", words.say("Cite the edition, which never changes:")),
            tag("p", tag("strong", english(cited))),
            tag(
                "p",
                words.say("Name the publisher of the figure too; it stands below every chart, with the submission and its date."),
            ),
            tag("p", words.say("Licence"), ": ", english(licence)) if licence else None,
        ]
    )


def limits(_: Text, __: Edition, words: Words) -> Markup:
    """Say what the figures cannot say."""
    told = [
        words.say(
            "Figures count what authorities find, and that depends on how they look: more cases found need not mean more crime."
        ),
        words.say("Hardly any source covers a whole country; its note says what is left out."),
        words.say("Laws differ and are known here only in part; what is not established is called not known."),
        words.say("Protected figures do not add up; read each by itself."),
        words.say("Silence is not zero: an institution that sent nothing may have seen many cases."),
        words.say("Labels, terms and texts in languages other than English await review by speakers."),
        words.say("The samples are invented and say nothing about any country."),
    ]
    return _prose([tag("ul", [tag("li", one) for one in told])])


def further(_: Text, __: Edition, words: Words) -> Markup:
    """Lead to the pages that hold the long lists."""
    query = f"?lang={words.language}" if words.language != "en" else ""
    pages = [
        ("/methods/words", words.say("How words were read"), words.say("Each source's words and what they were taken to mean")),
        ("/methods/codes", words.say("Code lists"), words.say("Labels, meanings and crosswalks to other standards")),
        ("/methods/editions", words.say("Editions"), words.say("Which editions there were, and what is different in this one")),
    ]
    links = [tag("li", tag("a", name, tag("span", told), href=f"{address}{query}")) for address, name, told in pages]
    return tag("ul", links, class_="more-pages")


def _prose(content: Content) -> Markup:
    return tag("div", content, class_="prose")
