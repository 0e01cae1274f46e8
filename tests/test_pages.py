"""What the pages ask and answer, on figures written by hand in the shape of an edition, and on the samples."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.bars import bars, column_panels, ladder
from dashboard.cells import PUBLISHED, Ask, latest
from dashboard.charts import draw
from dashboard.db import current_edition
from dashboard.described import in_words
from dashboard.edition import DIMENSIONS, Edition, Figure, indexed, whole
from dashboard.figures import number
from dashboard.filters import Filters
from dashboard.flows import flow_diagram, flow_map
from dashboard.geography import boundaries, middles
from dashboard.headlines import cards
from dashboard.journeys import Journey, legs
from dashboard.known import known
from dashboard.maps import known_map
from dashboard.pages import PAGES, find
from dashboard.tables import cells
from dashboard.words import Words

ENGLISH = Words("en")


@pytest.fixture(autouse=True)
def data(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEMBE_DATA", str(edition))
    return edition


@pytest.fixture
def shown(data: Path) -> Edition:
    return current_edition()


@pytest.fixture
def template(shown: Edition) -> Figure:
    """A real figure of a Kenyan register, to write others from."""
    return next(row for row in shown.figures if row.source == "ken_ahtcpu_register" and row.indicator == "TIP_VIC_DET")


def year(figure: Figure, number: int, value: float | None, **fields: object) -> Figure:
    """Write a figure of a calendar year from another."""
    start, end = datetime.date(number, 1, 1), datetime.date(number, 12, 31)
    period = {"time_period": str(number), "period_type": "CY", "period_start": start, "period_end": end, "year": number}
    codes = tuple(str(fields.pop(name, code)) for name, code in zip(DIMENSIONS, figure.codes, strict=True))
    name = f"{number}-{value}-{codes}-{fields}"
    return figure._replace(obs_value=value, obs_status="V", observation_id=name, codes=codes, **{**period, **fields})


def of(shown: Edition, figures: list[Figure]) -> Edition:
    """Give an edition that holds these figures and nothing else, in the words of a real one."""
    held = indexed(figures)
    return replace(shown, cells=held, figures=whole(held), presences=shown.presences)


def test_a_chosen_sex_takes_the_cells_of_that_sex_and_two_chosen_are_never_added(shown: Edition, template: Figure) -> None:
    figures = [
        year(template, 2021, 42),
        year(template, 2021, 30, sex="F"),
        year(template, 2021, 12, sex="M"),
        year(template, 2021, 25, sex="F", exploitation="SEX"),
        year(template, 2021, 11, sex="M", exploitation="LAB"),
    ]
    small = of(shown, figures)
    ask = Ask(("TIP_VIC_DET",))
    assert [row.obs_value for row in ask.rows(small, Filters()).figures] == [42]
    assert [row.obs_value for row in ask.rows(small, Filters(sexes=("F",))).figures] == [30]
    assert [row.obs_value for row in ask.rows(small, Filters(sexes=("F", "M"))).figures] == [30, 12]
    by_form = Ask(("TIP_VIC_DET",), by=("exploitation",))
    assert [row.obs_value for row in by_form.rows(small, Filters(sexes=("F",))).figures] == [25]
    assert by_form.rows(small, Filters()).figures == ()


def test_a_choice_that_never_applies_is_aside_and_one_not_counted_together_is_apart(shown: Edition, template: Figure) -> None:
    small = of(shown, [year(template, 2021, 42), year(template, 2021, 30, sex="F"), year(template, 2021, 9, age="Y0T17")])
    answer = Ask(("TIP_VIC_DET",)).rows(small, Filters(forms=("SEX",)))
    assert ([row.obs_value for row in answer.figures], answer.aside, answer.apart) == ([42], ("exploitation",), ())
    both = Ask(("TIP_VIC_DET",)).rows(small, Filters(sexes=("F",), ages=("Y0T17",)))
    assert (both.figures, both.aside, set(both.apart)) == ((), (), {"sex", "age"})


def test_the_caption_is_written_from_what_was_asked_and_leaves_out_what_did_not_apply(shown: Edition, template: Figure) -> None:
    small = of(shown, [year(template, 2021, 42), year(template, 2021, 30, sex="F")])
    filters = Filters(countries=("KEN",), first=2020, last=2021, sexes=("F",), forms=("SEX",), kinds=("POLICE",))
    said = Ask(("TIP_VIC_DET",), latest=True).caption(ENGLISH, small, filters)
    assert said == (
        "Detected victims of trafficking in persons · Female · Police (general) · Kenya · 2020–2021 · "
        "last period with figures of each source"
    ).replace("Police (general)", ENGLISH.label(shown, "CL_SOURCE_TYPE", "POLICE"))


def test_national_figures_and_those_of_others_are_never_in_one_answer(shown: Edition) -> None:
    for page in PAGES:
        for chart in page.charts:
            if isinstance(chart.ask, Ask):
                origins = {row.origin in PUBLISHED for row in chart.ask.rows(shown, Filters()).figures}
                assert len(origins) <= 1, chart.name


def test_what_another_body_counts_from_records_of_its_own_is_no_figure_of_the_country(shown: Edition, template: Figure) -> None:
    missing = shown.sources[template.source]._replace(name="iom_missing_migrants", origin="PUBLISHED")
    figures = [year(template, 2021, 42), year(template, 2021, 99, source="iom_missing_migrants")]
    small = replace(of(shown, figures), sources={**shown.sources, missing.name: missing})
    assert [row.obs_value for row in Ask(("TIP_VIC_DET",)).rows(small, Filters()).figures] == [42]
    assert [row.obs_value for row in Ask(("TIP_VIC_DET",), origins=PUBLISHED).rows(small, Filters()).figures] == [99]


def test_no_chart_holds_trafficking_and_smuggling_together(shown: Edition) -> None:
    for page in PAGES:
        for chart in page.charts:
            if isinstance(chart.ask, Ask):
                domains = {shown.indicators[code].domain for code in chart.ask.indicators if code in shown.indicators}
                assert len(domains) <= 1 or chart.ask.origins == PUBLISHED, chart.name


def test_the_last_period_is_the_last_that_says_a_number_and_a_silence_where_there_is_none(template: Figure) -> None:
    numbers = [year(template, 2020, 5), year(template, 2021, 7), year(template, 2022, None)]
    assert [row.year for row in latest(numbers)] == [2021]
    hidden = [year(template, 2020, 5), year(template, 2021, None)._replace(obs_status="Q")]
    assert [row.year for row in latest(hidden)] == [2021]
    assert [row.year for row in latest([year(template, 2019, None), year(template, 2020, None)])] == [2020]


def test_a_country_is_known_recently_earlier_by_others_or_not_at_all(shown: Edition, template: Figure) -> None:
    published = next(row for row in shown.figures if row.origin == "PUBLISHED")
    figures = [
        year(template, 2025, 9),
        year(template, 2015, 8, ref_area="UGA"),
        year(published, 2020, 7, ref_area="EGY", indicator="TIP_VIC_DET"),
        year(template, 2024, None, ref_area="ERI"),
    ]
    small = of(shown, figures)
    chosen = Filters(countries=("EGY", "ERI", "KEN", "LBY", "UGA"), last=2025)
    assert {row.country: row.standing for row in known(small, chosen)} == {
        "EGY": "published", "ERI": "silent", "KEN": "recent", "LBY": "nothing", "UGA": "older",
    }  # fmt: skip


def test_a_headline_stands_beside_the_period_before_and_others_speak_only_where_the_country_does_not(
    shown: Edition, template: Figure
) -> None:
    published = next(row for row in shown.figures if row.origin == "PUBLISHED")
    figures = [
        year(template, 2020, 10),
        year(template, 2021, 12),
        year(published, 2022, 99, ref_area="KEN", indicator="TIP_VIC_DET"),
        year(published, 2022, 3, ref_area="KEN", indicator="TIP_CONV"),
    ]
    (card,) = cards(of(shown, figures), Filters(countries=("KEN",)))
    pairs = [
        (line.last.indicator, line.last.obs_value, line.before.obs_value if line.before else None) for line in card.headlines
    ]
    assert pairs == [("TIP_VIC_DET", 12, 10), ("TIP_CONV", 3, None)]


def test_hidden_figures_show_their_sign_and_have_no_bar(shown: Edition, template: Figure) -> None:
    small = year(template, 2021, None, sex="F", value_raw="c", value_lower=1, value_upper=14, conf_status="A")
    beside = year(template, 2021, None, sex="M", value_raw="c", value_lower=1, value_upper=None, conf_status="S")
    figures = [row._replace(obs_status="Q") for row in (small, beside)]
    edition = of(shown, figures)
    assert [number(row, edition, ENGLISH) for row in figures] == ["c (1–14)", "c"]
    # From right to left the sign would be turned round, and less look like more.
    assert [number(row, edition, Words("ar")) for row in figures] == ["\u2066c (1–14)\u2069", "\u2066c\u2069"]
    answer = Ask(("TIP_VIC_DET",), by=("sex",)).rows(edition, Filters())
    drawn = bars(answer, edition, ENGLISH)
    assert 'class="fill"' not in drawn
    assert "c (1–14)</b> hidden because the number is small" in drawn
    assert "c</b> hidden so that no small number can be worked out" in drawn
    assert in_words(figures, edition, ENGLISH) == "2 figures · 2 hidden because they are small"


def test_bars_are_as_long_as_their_figures_and_a_part_stands_under_its_whole(shown: Edition, template: Figure) -> None:
    figures = [
        year(template, 2021, 40, exploitation="LAB"),
        year(template, 2021, 10, exploitation="LAB_DOM"),
        year(template, 2021, 20, exploitation="SEX"),
    ]
    edition = of(shown, figures)
    drawn = bars(Ask(("TIP_VIC_DET",), by=("exploitation",)).rows(edition, Filters()), edition, ENGLISH)
    assert re.findall(r"inline-size:([\d.]+)%", drawn) == ["50", "100", "25"]
    assert drawn.count('class="nested"') == 1


def test_units_have_panels_of_their_own_in_the_funnel(shown: Edition, template: Figure) -> None:
    figures = [
        year(template, 2021, 90, indicator="TIP_CASE", count_unit="CASE"),
        year(template, 2021, 50, indicator="TIP_INVEST", count_unit="PERSON"),
        year(template, 2021, 20, indicator="TIP_CONV", count_unit="PERSON"),
    ]
    edition = of(shown, figures)
    drawn = ladder(Ask(("TIP_CASE", "TIP_INVEST", "TIP_CONV")).rows(edition, Filters()), edition, ENGLISH)
    assert drawn.count('class="panel"') == 2
    assert re.findall(r"inline-size:([\d.]+)%", drawn) == ["100", "100", "40"]


def test_a_chart_in_words_names_the_highest_and_adds_nothing(shown: Edition, template: Figure) -> None:
    rows = [year(template, 2020, 10), year(template, 2021, 1200), year(template, 2022, None)]
    said = in_words(rows, of(shown, rows), ENGLISH)
    assert said == "3 figures · the highest is 1,200 (Kenya, 2021) · 1 without a number"


def test_columns_of_presumed_and_identified_stand_in_panels_of_their_own(shown: Edition, template: Figure) -> None:
    rows = [year(template, 2021, 10), year(template, 2021, 5, indicator="TIP_VIC_PRES")]
    drawn = column_panels(rows, of(shown, rows), ENGLISH)
    assert drawn.count('class="panel"') == 2


def test_two_records_of_one_corridor_are_two_curves_and_two_bands(shown: Edition, template: Figure) -> None:
    corridor = {"indicator": "TIP_FLOW", "citizenship": "UGA", "counterpart_area": "KEN"}
    figures = [year(template, 2021, 30, **corridor), year(template, 2021, 14, ref_area="UGA", **corridor)]
    edition = of(shown, figures)
    answer = Ask(("TIP_FLOW",), by=("citizenship", "counterpart_area")).rows(edition, Filters())
    diagram = flow_diagram(answer, edition, ENGLISH).children[1].children.figure
    assert diagram["data"][0]["link"]["value"] == [30, 14]
    curves = [trace for trace in flow_map(answer, edition, ENGLISH).children[0].children.figure["data"] if "line" in trace]
    assert [curve["line"]["width"] for curve in curves] == [9.0, 4.8]


def test_a_journey_is_its_leg_into_and_its_leg_out_of_the_country_between(shown: Edition, template: Figure) -> None:
    figures = [
        year(template, 2021, 30, citizenship="UGA", transit="KEN"),
        year(template, 2021, 20, transit="KEN", counterpart_area="SAU"),
        year(template, 2021, None, transit="MIXED", counterpart_area="SAU")._replace(obs_status="Q"),
        # a register that names no country of transit
        year(template, 2021, 40, citizenship="SDN", transit="_U", source="sdn_moi_reports", ref_area="SDN"),
    ]
    edition = of(shown, figures)
    answer = Journey("TIP_VIC_DET", "citizenship").rows(edition, Filters())
    assert [(leg.by, leg.start, leg.end) for leg in legs(answer)] == [
        (("citizenship", "transit"), "UGA", "KEN"),
        (("transit", "counterpart_area"), "KEN", "SAU"),
        (("transit", "counterpart_area"), "MIXED", "SAU"),
    ]
    drawn = flow_diagram(answer, edition, ENGLISH)
    diagram = drawn.children[1].children.figure["data"][0]
    assert diagram["node"]["label"] == ["Uganda", "Kenya", "Saudi Arabia"]
    assert list(zip(*(diagram["link"][name] for name in ("source", "target", "value")), strict=True)) == [(0, 1, 30), (1, 2, 20)]
    heads = re.findall(r"<span>(.*?)</span>", str(drawn.children[0]))
    assert heads == ["Citizenship", "Country of transit", "Country of exploitation"]
    assert "Not on the map: Several countries." in str(flow_map(answer, edition, ENGLISH))
    assert in_words(answer.figures, edition, ENGLISH) == (
        "3 figures · the highest is 30 (Kenya, Uganda → Kenya, 2021) · 1 hidden because it is small"
    )
    assert "Uganda ← Kenya" in "".join(Words("ar").way(["Uganda", "Kenya"]))


def test_smuggling_goes_straight_where_no_country_of_transit_is_named(shown: Edition, template: Figure) -> None:
    moved = {"indicator": "SOM_MIG", "count_unit": "MIGRANT"}
    figures = [
        year(template, 2021, 900, departure="LBY", counterpart_area="ITA", **moved),
        year(template, 2021, 900, departure="LBY", transit="_U", **moved),
        year(template, 2021, 80, departure="ETH", transit="DJI", source="dji_gendarmerie_interceptions", **moved),
        year(template, 2021, 80, departure="ETH", counterpart_area="YEM", source="dji_gendarmerie_interceptions", **moved),
    ]
    edition = of(shown, figures)
    answer = Journey("SOM_MIG", "departure", straight=True).rows(edition, Filters())
    assert [(leg.start, leg.end) for leg in legs(answer)] == [("ETH", "DJI"), ("LBY", "ITA")]
    layout = flow_map(answer, edition, ENGLISH).children[0].children.figure["layout"]
    assert layout["geo"]["lataxis"]["range"] == [-12, pytest.approx(46.8)]  # Italy, 42.8 degrees north, has room above it


def test_the_map_colours_by_standing_and_asks_our_own_address_for_its_shapes(shown: Edition) -> None:
    figure = known_map(known(shown, Filters()), shown, ENGLISH).children[0].children.figure
    shapes = [trace for trace in figure["data"] if trace["type"] == "choropleth"]
    assert {trace["geojson"] for trace in shapes} == {boundaries().address}
    assert {"KEN", "ETH", "SDN", "SOM"} <= set(shapes[-1]["locations"])
    assert set(middles()) >= set(boundaries().shapes)
    north, east = middles()["KEN"]
    assert (round(north), round(east)) == (1, 38)


def test_an_address_finds_its_page_and_a_country_narrows_it() -> None:
    place = find("/country/KEN")
    assert place is not None and place.address == "/country/KEN"
    assert place.narrowed(Filters(countries=("UGA",))).countries == ("KEN",)
    assert [find(path) for path in ("/country", "/country/kenya", "/nowhere", "/country/KEN/x", "")] == [None] * 5


def test_every_chart_of_every_page_draws_in_every_choice_or_says_why_not(shown: Edition) -> None:
    choices = [
        Filters(),
        Filters(countries=("KEN",), first=2021),
        Filters(sexes=("F", "M"), ages=("Y0T17",)),
        Filters(forms=("SEX",), citizenships=("ETH",), kinds=("POLICE",)),
        Filters(first=1999, last=1999),
    ]
    for page in PAGES:
        for chart in page.charts:
            for filters in choices:
                drawn = str(draw(chart, shown, filters, ENGLISH, "/twin/x/"))
                assert ENGLISH.say(chart.question).split("?")[0][:20] in drawn
                assert chart.table(chart.ask.rows(shown, filters), shown, ENGLISH).startswith("<")


def test_the_table_of_a_chart_has_a_row_a_figure_and_a_column_a_dimension(shown: Edition, template: Figure) -> None:
    figures = [year(template, 2021, 30, sex="F", age="Y0T17"), year(template, 2021, 12, sex="M", age="Y_GE18")]
    edition = of(shown, figures)
    table = cells(Ask(("TIP_VIC_DET",), by=("sex", "age")).rows(edition, Filters()), edition, ENGLISH)
    heads = re.findall(r'<th scope="col">(.*?)</th>', table)
    assert heads == ["Country", "Period", "Sex", "Age", "Figure", "Unit", "Source", "Status"]
    assert len(re.findall(r'<th scope="row">', table)) == 2
