"""Pictures made of HTML: bars by category and columns by year. They need no script, mirror by themselves and print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from markupsafe import Markup

from dashboard.cells import Answer
from dashboard.edition import DIMENSIONS, Broken, Edition, Figure
from dashboard.figures import Series, number, series_of
from dashboard.markup import Content, english, tag
from dashboard.tables import invented_mark, spoken, unit
from dashboard.theme import SERIES
from dashboard.words import Words

# With more categories than this a panel shows the largest, and the table has them all.
MOST = 12
# With more years than this a number over every column would cover its neighbours.
CROWDED = 8
LISTS = {**DIMENSIONS, "indicator": "INDICATOR"}


def bars(answer: Answer, edition: Edition, words: Words) -> Markup:
    """Draw one panel a country, source, indicator and period, with a bar a category and a colour a second dimension."""
    colours = _colours(answer)
    panels = [
        _bar_panel(tuple(group), answer.by, edition, words, colours)
        for _, group in groupby(sorted(answer.figures, key=_panel_order(edition, words)), key=_panel)
    ]
    signs = sign_legend(answer.figures, edition, words)
    return tag("div", _legend(answer, edition, words), tag("div", panels, class_="panels"), signs)


def ladder(answer: Answer, edition: Edition, words: Words) -> Markup:
    """Draw one panel a country, source, period and counting unit, with a bar an indicator, in the order of their list."""
    ordered = sorted(answer.figures, key=lambda row: (*_step(row, edition, words), _place(edition, row)))
    # Indicators that are one share of several codes are named once: the bars say the codes.
    named = {words.label(edition, "INDICATOR", row.indicator).rpartition(": ")[0] for row in ordered}
    common = named.pop() if len(named) == 1 else ""
    panels = [
        _bar_panel(tuple(group), ("indicator",), edition, words, {}, common)
        for _, group in groupby(ordered, key=lambda row: _step(row, edition, words))
    ]
    return tag("div", panels, class_="panels") + sign_legend(answer.figures, edition, words)


def sign_legend(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Say in words what the signs mean that stand where a number does not."""
    silent = {(number(row, edition, words), row.conf_status, row.value_raw): row for row in rows if not row.obs_value}
    said = {sign: spoken(row, edition, words) for (sign, *_), row in silent.items()}
    signs = [tag("li", tag("b", sign), " ", told.striptags()) for sign, told in sorted(said.items()) if told]
    return tag("ul", signs, class_="legend signs") if signs else Markup("")


def _step(row: Figure, edition: Edition, words: Words) -> tuple[object, ...]:
    return row.invented, words.country_order(edition, row.ref_area), row.ref_area, row.source, row.time_period, row.count_unit


def columns(answer: Answer, edition: Edition, words: Words) -> Markup:
    """Draw one panel a country, all over the same years; each has its own scale, as countries count by their own rules."""
    return column_panels(answer.figures, edition, words)


def column_panels(rows: Sequence[Figure], edition: Edition, words: Words) -> Markup:
    """Draw columns by year for rows that are not broken down, a panel a country and indicator."""
    if not rows:
        return Markup("")
    years = range(min(row.year for row in rows), max(row.year for row in rows) + 1)
    several = len({row.indicator for row in rows}) > 1
    ordered = sorted(rows, key=lambda row: (row.invented, words.country_order(edition, row.ref_area), _place(edition, row)))
    panels = []
    for (_, country, indicator), group in groupby(ordered, key=lambda row: (row.invented, row.ref_area, row.indicator)):
        title = words.country(edition, country)
        if several:
            title = f"{title}: {words.label(edition, 'INDICATOR', indicator)}"
        rows_here = tuple(group)
        key = ("columns", title, rows_here, years, words.language)
        panels.append(edition.memo.of(key, partial(_column_panel, title, rows_here, years, edition, words)))
    return tag("div", panels, class_="panels") + sign_legend(rows, edition, words)


def _place(edition: Edition, row: Figure) -> int:
    return edition.order.get(("INDICATOR", row.indicator), 0)


def _panel(row: Figure) -> tuple[object, ...]:
    return row.invented, row.ref_area, row.indicator, row.source, row.count_unit, row.time_period


def _panel_order(edition: Edition, words: Words) -> Callable[[Figure], tuple[object, ...]]:
    def order(row: Figure) -> tuple[object, ...]:
        country = words.country_order(edition, row.ref_area)
        return (row.invented, country, row.ref_area, _place(edition, row), *_panel(row)[2:])

    return order


def _colours(answer: Answer) -> dict[str, str]:
    """Give each code of the second dimension its colour, the same in all panels; one colour where there is no second."""
    if len(answer.by) < 2:
        return {}
    codes = sorted({row.code(answer.by[1]) for row in answer.figures}, key=lambda code: (code.startswith("_"), code))
    return {code: SERIES[place % len(SERIES)] for place, code in enumerate(codes)}


def _legend(answer: Answer, edition: Edition, words: Words) -> Content:
    colours = _colours(answer)
    if not colours:
        return None
    items = [tag("li", _swatch(colour), words.code(edition, answer.by[1], code)) for code, colour in colours.items()]
    return tag("ul", items, class_="legend")


def _bar_panel(
    rows: tuple[Figure, ...], by: Broken, edition: Edition, words: Words, colours: dict[str, str], common: str = ""
) -> Markup:
    key = ("bars", rows, by, words.language, tuple(colours.items()), common)
    return edition.memo.of(key, partial(_written_bars, rows, by, edition, words, colours, common))


def _written_bars(
    rows: tuple[Figure, ...], by: Broken, edition: Edition, words: Words, colours: dict[str, str], common: str
) -> Markup:
    highest = max((row.obs_value or 0 for row in rows), default=0)
    categories: dict[str, list[Figure]] = {}
    for row in sorted(rows, key=lambda row: _category_order(row, by, edition)):
        categories.setdefault(row.code(by[0]) if by else "_T", []).append(row)
    shown = _largest(categories) if len(categories) > MOST else list(categories)
    inside = {code for code in categories if by and edition.parents.get((LISTS[by[0]], code)) in categories}
    lines = [
        _category(code, categories[code], by, edition, words, highest, colours, code in inside, common)
        for code in categories
        if code in shown
    ]
    left = len(categories) - len(shown)
    more = words.count(left, "{number} more is in the table", "{number} more are in the table") if left else None
    told = tag("p", more, class_="more") if more else None
    return tag(
        "div", _panel_head(rows[0], by, edition, words, common), tag("ul", lines, class_="bars-list"), told, class_="panel"
    )


def _largest(categories: dict[str, list[Figure]]) -> list[str]:
    return sorted(categories, key=lambda code: -max(row.obs_value or 0 for row in categories[code]))[:MOST]


def _panel_head(row: Figure, by: Sequence[str], edition: Edition, words: Words, common: str) -> Markup:
    publisher = english(edition.sources[row.source].publisher)
    told = [words.period(row), " · ", unit(row, edition, words), " · ", publisher]
    name = words.country(edition, row.ref_area)
    mark = invented_mark(words) if row.invented else None
    # Where the bars are indicators, they name themselves.
    what = common if by == ("indicator",) else words.label(edition, "INDICATOR", row.indicator)
    named = tag("span", what, class_="what") if what else None
    return tag(
        "div",
        tag("h3", name),
        named,
        tag("p", told, class_="from"),
        mark,
        class_="panel-head",
    )


def _category_order(row: Figure, by: Sequence[str], edition: Edition) -> tuple[object, ...]:
    """Put codes in the order of their lists; what is unknown comes last, and of countries the largest first."""
    keys: list[object] = []
    for name in by:
        code = row.code(name)
        place = edition.order.get((LISTS[name], code), 10_000)
        keys += [code.startswith("_"), -(row.obs_value or 0) if name in {"citizenship", "counterpart_area"} else place, code]
    return tuple(keys)


def _category(
    code: str,
    rows: list[Figure],
    by: Sequence[str],
    edition: Edition,
    words: Words,
    highest: float,
    colours: dict[str, str],
    nested: bool,
    common: str,
) -> Markup:
    label = words.code(edition, by[0], code) if by else words.label(edition, "INDICATOR", rows[0].indicator)
    label = label.removeprefix(f"{common}: ") if common else label
    drawn = [_bar(row, by, edition, words, highest, colours) for row in rows]
    return tag("li", tag("span", label, class_="label"), tag("span", drawn, class_="tracks"), class_="nested" if nested else None)


def _bar(row: Figure, by: Sequence[str], edition: Edition, words: Words, highest: float, colours: dict[str, str]) -> Markup:
    share = 100 * (row.obs_value or 0) / highest if highest else 0
    second = row.code(by[1]) if len(by) > 1 else None
    heard = tag("span", words.code(edition, by[1], second), ": ", class_="heard") if second else None
    colour = colours.get(second, SERIES[0]) if second else SERIES[0]
    # What is no number has no bar, however short.
    drawn = row.obs_value is not None
    fill = tag("span", class_="fill", style=f"inline-size:{share:.4g}%;background-color:{colour}") if drawn else None
    said = spoken(row, edition, words)
    told = tag("span", said.striptags(), class_="heard") if said else None
    value = tag("span", heard, tag("b", number(row, edition, words)), told, class_="value")
    return tag("span", tag("span", fill, class_="track"), value, class_="row")


def _column_panel(title: str, rows: tuple[Figure, ...], years: range, edition: Edition, words: Words) -> Markup:
    series = series_of(rows)
    highest = max((row.obs_value or 0 for row in rows), default=0)
    colours = _series_colours(series)
    crowded = len(years) > CROWDED
    slots = [_slot(year, series, colours, edition, words, highest, crowded) for year in years]
    keys: dict[tuple[object, ...], Markup] = {}
    for one, colour in colours.items():
        period = "" if one.calendar_year else " · " + words.say("not a calendar year")
        told = tag("span", english(edition.sources[one.source].publisher), f" · {unit(series[one][0], edition, words)}{period}")
        keys.setdefault((one.source, one.count_unit, one.calendar_year), tag("li", _swatch(colour, not one.calendar_year), told))
    mark = invented_mark(words) if any(row.invented for row in rows) else None
    head = tag("div", tag("h3", title), mark, class_="panel-head")
    return tag("div", head, tag("ol", slots, class_="columns"), tag("ul", keys.values(), class_="key"), class_="panel")


def _series_colours(series: dict[Series, list[Figure]]) -> dict[Series, str]:
    kinds = list(dict.fromkeys((one.source, one.count_unit, one.offence) for one in series))
    return {one: SERIES[kinds.index((one.source, one.count_unit, one.offence)) % len(SERIES)] for one in series}


def _slot(
    year: int,
    series: dict[Series, list[Figure]],
    colours: dict[Series, str],
    edition: Edition,
    words: Words,
    highest: float,
    crowded: bool,
) -> Markup:
    found = [(one, row) for one, rows in series.items() for row in rows if row.year == year]
    drawn = [_column(one, row, colours[one], edition, words, highest, crowded) for one, row in found]
    # Among many years every other is written, and all are there for the ear.
    written = tag("span", str(year), class_="year" if not crowded or year % 2 == 0 else "year heard")
    return tag("li", tag("span", drawn, class_="stack"), written)


def _column(one: Series, row: Figure, colour: str, edition: Edition, words: Words, highest: float, crowded: bool) -> Markup:
    share = 100 * (row.obs_value or 0) / highest if highest else 0
    text = number(row, edition, words)
    kind = "column" if one.calendar_year else "column other"
    hover = f"{words.period(row)}: {text} · {unit(row, edition, words)} · {edition.sources[row.source].publisher}"
    told = tag("span", text, class_="figure crowded" if crowded and row.obs_value not in {None, highest} else "figure")
    faint = ";opacity:.55" if one.repeat else ""
    drawn = row.obs_value is not None
    block = tag("span", class_=kind, style=f"block-size:{share:.4g}%;background-color:{colour}{faint}") if drawn else None
    return tag("span", told, block, class_="one", title=hover)


def _swatch(colour: str, other: bool = False) -> Markup:
    return tag("span", class_="swatch other" if other else "swatch", style=f"background-color:{colour}")
