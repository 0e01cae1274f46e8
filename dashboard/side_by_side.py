"""Series that may stand side by side, drawn on one scale with their marks; what may not, in words instead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from markupsafe import Markup

from dashboard.comparable import REFUSE, Mark, marks, members, series_of, why
from dashboard.edition import Edition, Figure
from dashboard.figures import number
from dashboard.filters import Filters
from dashboard.markup import english, tag
from dashboard.notes import Reason, Series
from dashboard.tables import invented_mark, twin, unit
from dashboard.theme import SERIES
from dashboard.words import Words

Groups = Sequence[Sequence[Figure]]
# With more than this a reader is sent to the table below.
MOST = 6


def side_by_side(groups: Groups, edition: Edition, words: Words) -> Markup:
    """Draw each group of series that compare with one another: a row of columns a series, and one scale for the group."""
    drawn = [_group(group, edition, words) for group in groups if len(members(edition, group)) > 1]
    return tag("div", drawn, class_="groups")


def flat_twin(groups: Groups, edition: Edition, words: Words) -> Markup:
    """Show as a table all figures of the choice, also those that are drawn beside no others."""
    return twin([figure for group in groups for figure in group], edition, words)


def refused(groups: Groups, edition: Edition, _: Filters, words: Words) -> list[str]:
    """Say why nothing is drawn: what stands between every two series. Nothing where some may be drawn together."""
    held = [members(edition, group) for group in groups]
    if any(len(series) > 1 for series in held):
        return []
    each = [series[0] for series in held]
    if len(each) == 1:
        return [words.say("Only one series fits this choice; choose another country, indicator or year to set beside it.")]
    told = []
    for one, other in combinations(each, 2):
        if one.invented == other.invented:
            pair = words.list([named(one, edition, words), named(other, edition, words)])
            told.append(words.say("{pair}: {reasons}.", pair=pair, reasons=_grave_words(one, other, edition, words)))
    if not told:
        told = [words.label(edition, "CL_COMPARABILITY", "INVENTED")]
    left = len(told) - MOST
    if left > 0:
        told[MOST:] = [
            words.count(left, "{number} more pair is in the table below.", "{number} more pairs are in the table below.")
        ]
    return told


def left_out(groups: Groups, edition: Edition, _: Filters, words: Words) -> list[str]:
    """Say of each series that is drawn beside no other why it is not."""
    held = [members(edition, group) for group in groups]
    drawn = [series for group in held if len(group) > 1 for series in group]
    if not drawn:
        return []
    apart = [group[0] for group in held if len(group) == 1]
    told = [_not_drawn(one, drawn, edition, words) for one in apart[:MOST]]
    left = len(apart) - MOST
    if left > 0:
        told.append(words.count(left, "{number} more series is not drawn.", "{number} more series are not drawn."))
    return told


def named(series: Series, edition: Edition, words: Words) -> str:
    """Name a series: its country, who says so, and what it counts."""
    publisher = words.isolated(edition.sources[series.source].publisher)
    return f"{words.country(edition, series.ref_area)} ({publisher}; {words.label(edition, 'CL_COUNT_UNIT', series.count_unit)})"


def _grave(one: Series, other: Series, edition: Edition) -> list[Reason]:
    return [reason for reason in edition.notes.between(one.number, other.number) if reason.severity == REFUSE]


def _grave_words(one: Series, other: Series, edition: Edition, words: Words) -> str:
    found = _grave(one, other, edition) or _grave(one, one, edition) or _grave(other, other, edition)
    return "; ".join(why(reason, edition, words) for reason in found)


def _not_drawn(one: Series, drawn: Sequence[Series], edition: Edition, words: Words) -> str:
    # The reason against a series of its own kind says more than that one of the two is invented.
    other = next((series for series in drawn if series.invented == one.invented), drawn[0])
    reasons = _grave_words(one, other, edition, words)
    return words.say("Not drawn: {series}. {reasons}.", series=named(one, edition, words), reasons=reasons)


def _group(group: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    held = sorted(members(edition, group), key=lambda series: (words.country_order(edition, series.ref_area), series.number))
    years = range(min(row.year for row in group), max(row.year for row in group) + 1)
    highest = max((row.obs_value or 0 for row in group), default=0)
    found = marks(edition, group)
    rows = [
        _row(
            series,
            [row for row in group if series_of(edition, row) == series],
            years,
            highest,
            found,
            SERIES[place % len(SERIES)],
            edition,
            words,
        )
        for place, series in enumerate(held)
    ]
    told = [tag("li", _sign(place), " ", _mark_words(mark, held, edition, words)) for place, mark in enumerate(found, start=1)]
    title = words.say("One scale for all of these: {unit}", unit=unit(group[0], edition, words))
    head = tag("div", tag("h3", title), invented_mark(words) if group[0].invented else None, class_="panel-head")
    notes = tag("ul", told, class_="marks", aria_label=words.say("With care")) if told else None
    return tag("div", head, tag("div", rows, class_="compared"), notes, class_="panel")


def _row(
    series: Series,
    rows: list[Figure],
    years: range,
    highest: float,
    found: Sequence[Mark],
    colour: str,
    edition: Edition,
    words: Words,
) -> Markup:
    slots = []
    for year in years:
        drawn = []
        for row in (row for row in rows if row.year == year):
            own = [place for place, mark in enumerate(found, start=1) if mark.of(series, year)]
            share = 100 * (row.obs_value or 0) / highest if highest else 0
            said = tag("span", number(row, edition, words), class_="figure")
            block = tag(
                "span",
                class_="column marked" if own else "column",
                style=f"block-size:{share:.4g}%;--series:{colour};background-color:{colour}",
            )
            title = f"{words.period(row)}: {number(row, edition, words)} · {edition.sources[row.source].publisher}"
            # A hidden figure has its sign and no column: a low one would say that it is low.
            drawn.append(tag("span", said, block if row.obs_value is not None else None, class_="one", title=title))
        slots.append(tag("li", tag("span", drawn, class_="stack"), tag("span", str(year), class_="year")))
    signs = [_sign(place) for place, mark in enumerate(found, start=1) if series.number in mark.series]
    name = tag("b", words.country(edition, series.ref_area))
    kind = (
        tag("span", words.label(edition, "CL_PERIOD", series.period_type), class_="from") if series.period_type != "CY" else None
    )
    who = tag("span", english(edition.sources[series.source].publisher), class_="from")
    return tag(
        "div", tag("p", name, " ", signs, who, kind, class_="label"), tag("ol", slots, class_="columns low"), class_="series"
    )


def _mark_words(mark: Mark, held: Sequence[Series], edition: Edition, words: Words) -> str:
    countries = dict.fromkeys(words.country(edition, series.ref_area) for series in held if series.number in mark.series)
    label = words.label(edition, "CL_COMPARABILITY", mark.reason.code)
    years = f" ({', '.join(map(str, mark.reason.years))})" if mark.reason.years else ""
    return words.say("{reason}: {countries}", reason=label, countries=words.list(countries) + years)


def _sign(place: int) -> Markup:
    return tag("sup", str(place), class_="mark-sign")
