"""The dashboard without a browser: choices, questions to an edition, pictures as dicts, words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from dashboard.bars import column_panels
from dashboard.charts import draw
from dashboard.db import current_edition
from dashboard.edition import Edition, Figure
from dashboard.figures import series_of
from dashboard.filters import LANGUAGES, FilterError, Filters, read_query
from dashboard.markup import tag
from dashboard.pages import PAGES, overview
from dashboard.queries import (
    EMPTY,
    NIL,
    NO_RESPONSE,
    NOT_ASKED,
    NOT_REPORTED,
    REPORTED,
    SILENCE,
    SUPPRESSED,
    ZERO,
    answers,
    choices,
    conflicts,
    invented_figures,
    real_figures,
    saying,
)
from dashboard.sources import origins
from dashboard.tables import twin
from dashboard.theme import CONFIG
from dashboard.words import TEXTS, Words
from pembe import ROOT


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def shown(data: Path) -> Edition:
    return current_edition()


years = st.integers(1900, 2099)
codes = st.from_regex(r"[A-Z]{3}", fullmatch=True)


@given(
    countries=st.sets(codes, max_size=12),
    span=st.tuples(st.none() | years, st.none() | years),
    indicator=st.from_regex(r"[A-Z]{3}_[A-Z]{3}(_[A-Z]{3})?", fullmatch=True),
    language=st.sampled_from(LANGUAGES),
    sexes=st.sets(st.sampled_from(["F", "M", "_O", "_U", "_T"])),
    forms=st.sets(st.sampled_from(["SEX", "LAB_DOM", "_U"])),
    citizenships=st.sets(codes, max_size=3),
)
def test_every_choice_survives_the_way_through_the_address(
    countries: set[str],
    span: tuple[int | None, int | None],
    indicator: str,
    language: str,
    sexes: set[str],
    forms: set[str],
    citizenships: set[str],
) -> None:
    first, last = span
    if first is not None and last is not None and first > last:
        first, last = last, first
    filters = Filters(
        countries=tuple(sorted(countries)),
        first=first,
        last=last,
        indicator=indicator,
        sexes=tuple(sorted(sexes)),
        forms=tuple(sorted(forms)),
        citizenships=tuple(sorted(citizenships)),
        language=language,
    )
    assert read_query(filters.query()) == filters


@given(st.text(max_size=80))
def test_any_query_is_either_read_or_refused_in_one_sentence(query: str) -> None:
    try:
        assert isinstance(read_query(query), Filters)
    except FilterError as fault:
        assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "query",
    [
        "?lang=xx",
        "?country=kenya",
        "?from=20x1",
        "?from=2022&to=2020",
        "?from=2001&from=2002",
        "?indicator=x",
        "?lang=" + "e" * 3000,
    ],
)
def test_an_address_that_no_form_sends_is_refused(query: str) -> None:
    with pytest.raises(FilterError):
        read_query(query)


def test_an_empty_form_chooses_nothing() -> None:
    assert read_query("?indicator=TIP_VIC_DET&from=&to=") == Filters()


def test_published_figures_stand_as_published_and_never_beside_invented_ones(shown: Edition) -> None:
    published = real_figures(shown, Filters(countries=("KEN",)))
    assert (2019, 853.0) in [(row.year, row.obs_value) for row in published]
    assert not any(row.invented for row in published)
    assert all(row.invented for row in invented_figures(shown, Filters()))


def test_the_grid_tells_a_report_a_nil_return_a_silence_and_what_nobody_asked_apart(shown: Edition) -> None:
    grid = answers(shown, Filters())
    states = {
        (row.country, row.subject, year): state
        for row in grid.rows
        if row.invented
        for year, (state, _) in zip(grid.years, row.states, strict=True)
    }
    assert states["KEN", "victims", 2021] == REPORTED
    assert states["SSD", "justice", 2019] == NIL
    assert states["ERI", "victims", 2022] == NO_RESPONSE
    assert states["SDN", "justice", 2019] == EMPTY
    assert states["KEN", "victims", 2016] == NOT_ASKED


def test_zero_suppressed_not_reported_and_no_response_are_four_things(shown: Edition) -> None:
    said = {saying(shown, row) for row in shown.figures}
    assert {ZERO, NOT_REPORTED, SILENCE} <= said
    row = next(row for row in shown.figures if row.obs_value == 0)
    assert saying(shown, row._replace(obs_value=None, obs_status="Q", value_lower=1, value_upper=4)) == SUPPRESSED


def test_figures_that_differ_stand_side_by_side(shown: Edition) -> None:
    groups = conflicts(shown, Filters(countries=("TUN",)))
    pairs = {group[0].year: sorted(row.obs_value or 0 for row in group) for group in groups if not group[0].invented}
    assert pairs[2018] == [285.0, 780.0]
    assert pairs[2019] == [780.0, 1313.0]


def test_no_series_mixes_units_sources_origins_or_kinds_of_period(shown: Edition) -> None:
    for code in choices(shown).indicators:
        for country in choices(shown).countries:
            chosen = Filters(countries=(country,), indicator=code)
            for rows in (real_figures(shown, chosen), invented_figures(shown, chosen)):
                for found in series_of(rows).values():
                    numbers = [row for row in found if row.obs_value is not None]
                    kinds = {(row.source, row.count_unit, row.origin, row.offence, row.period_type == "CY") for row in numbers}
                    assert len(kinds) <= 1
                    assert len({row.year for row in found}) == len(found)


def test_columns_have_one_place_for_every_year_and_the_figure_written_over_its_own(shown: Edition) -> None:
    drawn = column_panels(real_figures(shown, Filters(countries=("KEN",))), shown, Words("en"))
    years = [int(year) for year in re.findall(r'class="year(?: heard)?">(\d{4})<', drawn)]
    assert years == list(range(years[0], years[-1] + 1))
    slot = next(slot for slot in drawn.split("<li>") if ">2019<" in slot)
    assert '<span class="figure">853</span>' in slot
    assert column_panels((), shown, Words("en")) == ""


def test_an_ethiopian_fiscal_year_stands_at_the_year_in_which_it_ends_and_is_hatched(shown: Edition) -> None:
    rows = [row for row in invented_figures(shown, Filters(countries=("ETH",))) if row.time_period == "EFY2015"]
    assert {row.year for row in rows} == {2023}
    assert 'class="column other"' in column_panels(rows, shown, Words("en"))
    assert "Ethiopian fiscal year 2015" in twin(rows, shown, Words("en"))


def test_an_approximate_figure_shows_its_sign_and_its_words(shown: Edition) -> None:
    rows = [row for row in real_figures(shown, Filters(countries=("KEN",))) if row.year == 2018]
    table = twin(rows, shown, Words("en"))
    assert "≥ 400" in table and "Estimated value" in table


def test_where_a_figure_comes_from_names_source_submission_dates_language_calendar_law_and_coverage(shown: Edition) -> None:
    presumed = Filters(countries=("SDN",), indicator="TIP_VIC_PRES")
    told = origins(invented_figures(shown, presumed), shown, Words("en"))
    facts = ["SDN-2022-2379", "Ministry of Interior", "26 Feb 2023", "Arabic", "Gregorian", "kidnapping for ransom", "Kassala"]
    assert [fact for fact in facts if fact not in told] == []
    assert "state.gov" in origins(real_figures(shown, Filters(countries=("KEN",))), shown, Words("en"))


def test_text_of_a_source_cannot_become_markup(shown: Edition) -> None:
    assert tag("p", "<script>x</script>", title='"><b>') == '<p title="&#34;&gt;&lt;b&gt;">&lt;script&gt;x&lt;/script&gt;</p>'


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_what_the_filters_chose(shown: Edition, language: str) -> None:
    words, filters = Words(language), Filters(countries=("KEN", "SDN"), first=2018, last=2022, language=language)
    caption = words.caption(shown, filters)
    indicator = words.label(shown, "INDICATOR", "TIP_VIC_DET")
    for part in (words.country(shown, "KEN"), words.country(shown, "SDN"), "2018–2022", indicator):
        assert part in caption
    for chart in PAGES[0].charts:
        assert words.scope(shown, filters) in str(draw(chart, shown, filters, words, ""))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_of_the_screens_is_translated_and_keeps_its_values(language: str) -> None:
    with (TEXTS / f"{language}.po").open("rb") as lines:
        entries = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string for entry in read_po(lines) if entry.id}
    assert set(entries) == texts()
    for text, said in entries.items():
        for form in [said] if isinstance(said, str) else said:
            assert form
            assert isinstance(said, tuple) or sorted(re.findall(r"{\w+}", form)) == sorted(re.findall(r"{\w+}", text))


def texts() -> set[str]:
    """Every text that the code, the frame and the charts hand to the catalogue."""
    charts = [chart for page in PAGES for chart in page.charts]
    found = {overview.PARTS} | {text for chart in charts for text in (chart.question, chart.note, chart.empty) if text}
    found |= {text for page in PAGES for text in (page.menu, page.title, page.lead)}
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"say", "count"}:
                given = node.args[:1] if node.func.attr == "say" else node.args[1:2]
                found |= {str(item.value) for item in given if isinstance(item, ast.Constant)}
    for path in (ROOT / "dashboard" / "templates").iterdir():
        found |= set(re.findall(r'words\.say\("([^"]+)"', path.read_text("utf-8")))
    return found - {""}


def test_no_button_leads_out_of_the_house() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["displayModeBar"] is False


def test_a_figure_knows_the_page_that_states_it(shown: Edition) -> None:
    row: Figure = shown.figures[0]._replace(obs_comment="two reports differ; https://example.org/a")
    assert (row.remark, row.page) == ("two reports differ", "https://example.org/a")
