"""Who may be compared with whom, and why not: a grid of countries, and every two series with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from dashboard.comparable import FREE, MARK, NOTE, REFUSE, Pair, why
from dashboard.edition import Edition
from dashboard.markup import Content, tag
from dashboard.notes import Reason
from dashboard.side_by_side import named
from dashboard.tables import head, invented_mark, scroll
from dashboard.words import Words

SIGNS = {FREE: "●", MARK: "◐", REFUSE: "✕"}
# From what may be compared to what may not: of several pairs of two countries the best is shown.
BEST = (FREE, MARK, REFUSE)
KINDS = {FREE: "free", MARK: "care", REFUSE: "refuse", NOTE: "known"}


def whom(rows: Sequence[Pair], edition: Edition, words: Words) -> Markup:
    """Show a grid of countries, each cell the best that any two series of theirs allow; below, every two series and why."""
    names = verdict_names(words)
    legend = [tag("li", _sign(verdict), name) for verdict, name in names.items()]
    return tag("ul", legend, class_="legend") + _grid(rows, edition, words, names) + _listed(rows, edition, words, names)


def itself(rows: Sequence[Pair], edition: Edition, words: Words) -> Markup:
    """Show for each series what stands against comparing its own years."""
    names = verdict_names(words)
    heads = [words.say("Series"), words.say("Years"), words.say("May its years be compared?"), words.say("Why")]
    lines = [
        tag(
            "tr",
            tag("th", named(row.one, edition, words), " ", invented_mark(words) if row.invented else None, scope="row"),
            tag("td", f"{row.one.first}–{row.one.last}" if row.one.first != row.one.last else str(row.one.first)),
            tag("td", _sign(row.verdict), " ", names[row.verdict], class_="verdict"),
            tag("td", _reasons(row.reasons, edition, words)),
        )
        for row in sorted(rows, key=lambda row: (row.invented, words.country_order(edition, row.one.ref_area), row.one.number))
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Do the years of one series compare?"))


def verdict_names(words: Words) -> dict[str, str]:
    """Give the words for each verdict, from the best."""
    return {FREE: words.say("comparable"), MARK: words.say("comparable with care"), REFUSE: words.say("not comparable")}


def _grid(rows: Sequence[Pair], edition: Edition, words: Words, names: dict[str, str]) -> Markup:
    best: dict[tuple[str, str], str] = {}
    for row in rows:
        for pair in ((row.one.ref_area, row.other.ref_area), (row.other.ref_area, row.one.ref_area)):
            best[pair] = min(best.get(pair, REFUSE), row.verdict, key=BEST.index)
    countries = sorted({country for pair in best for country in pair}, key=lambda code: words.country_order(edition, code))
    heads = [words.say("Country"), *(words.country(edition, code) for code in countries)]
    lines = [
        tag(
            "tr",
            tag("th", words.country(edition, one), scope="row"),
            [_cell(best.get((one, other)), names, words) for other in countries],
        )
        for one in countries
    ]
    table = tag("table", head(heads), tag("tbody", lines), class_="whom")
    return scroll(table, words.say("Who may be compared with whom"))


def _cell(verdict: str | None, names: dict[str, str], words: Words) -> Markup:
    if verdict is None:
        return tag("td", tag("span", words.say("no two series"), class_="heard"))
    return tag("td", _sign(verdict), tag("span", names[verdict], class_="heard"), title=names[verdict])


def _listed(rows: Sequence[Pair], edition: Edition, words: Words, names: dict[str, str]) -> Markup:
    """List every two series, folded by their countries in the order of names."""

    def order(row: Pair) -> tuple[object, ...]:
        both = sorted(words.country_order(edition, one.ref_area) for one in row[:2])
        return (*both, row.invented, BEST.index(row.verdict), row.one.number, row.other.number)

    folded = []
    for countries, group in groupby(sorted(rows, key=order), key=lambda row: frozenset((row.one.ref_area, row.other.ref_area))):
        held = list(group)
        title = words.list(sorted(words.country(edition, code) for code in countries))
        counted = Counter(row.verdict for row in held)
        signs = [
            tag("span", _sign(verdict), f" {words.number(counted[verdict])}", class_="tally")
            for verdict in BEST
            if counted[verdict]
        ]
        folded.append(tag("details", tag("summary", title, " ", signs), _pairs(held, edition, words, names)))
    return tag("div", folded, class_="origins couples")


def _pairs(rows: Iterable[Pair], edition: Edition, words: Words, names: dict[str, str]) -> Markup:
    heads = [words.say("One series"), words.say("The other"), words.say("May they be compared?"), words.say("Why")]
    lines = [
        tag(
            "tr",
            [tag("td", named(one, edition, words), _kind(one.period_type, edition, words)) for one in row[:2]],
            tag(
                "td",
                _sign(row.verdict),
                " ",
                names[row.verdict],
                invented_mark(words) if row.invented else None,
                class_="verdict",
            ),
            tag("td", _reasons(row.reasons, edition, words)),
        )
        for row in rows
    ]
    return scroll(tag("table", head(heads), tag("tbody", lines)), words.say("Every two series"))


def _kind(period_type: str, edition: Edition, words: Words) -> Markup:
    return tag("small", words.label(edition, "CL_PERIOD", period_type), class_="spoken")


def _reasons(found: Sequence[Reason], edition: Edition, words: Words) -> Content:
    if not found:
        return words.say("nothing stands against it")
    return tag(
        "ul", [tag("li", why(reason, edition, words), class_=KINDS[reason.severity]) for reason in found], class_="reasons"
    )


def _sign(verdict: str) -> Markup:
    return tag("span", SIGNS[verdict], class_=f"sign {KINDS[verdict]}", aria_hidden="true")
