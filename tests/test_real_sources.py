"""The four real sources: what others published comes out row for row, and what cannot be said is named."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.pipeline import check
from etl.read_sources import Work
from etl.recode import Tally
from etl.source import Source, load_source, source_paths
from pembe import ROOT

TODAY = datetime.date(2026, 11, 23)
PUBLISHED = ROOT / "data" / "published"
DIMENSIONS = (
    "ref_area, ref_subarea, time_period, indicator, count_unit, sex, age, citizenship, exploitation, offence, scope, source_type"
)


class Try:
    """One source, run as a build runs it and published nowhere: its tallies by file, and its records."""

    def __init__(self, source: Source, folders: list[Path], place: Path) -> None:
        work: Work = check(place, source, folders, TODAY, place)
        files = {item.submission_id: item.file_name or "" for item in work.received}
        self.tallies: dict[str, Tally] = {files[key]: tally for key, tally in work.tallies.items()}
        self.records = duckdb.connect(str(place / "records.duckdb"), read_only=True)

    @property
    def whole(self) -> Tally:
        """Give the tallies of all files together."""
        skipped: dict[str, int] = {}
        for tally in self.tallies.values():
            for name, rows in tally.skipped.items():
                skipped[name] = skipped.get(name, 0) + rows
        tallies = list(self.tallies.values())
        return Tally(
            sum(tally.read for tally in tallies),
            sum(tally.kept for tally in tallies),
            sum(tally.refused for tally in tallies),
            skipped,
        )

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Give the rows of a query on the records."""
        return self.records.execute(query).fetchall()


def declared(name: str) -> Source:
    """Load a source of this project by its name."""
    return load_source(source_paths()[name])


def tried(source: Source, folders: list[Path], place: Path) -> Iterator[Try]:
    """Run a source, and close its records when the tests are done."""
    run = Try(source, folders, place)
    yield run
    run.records.close()


@pytest.fixture(scope="module")
def glotip(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    yield from tried(declared("unodc_glotip"), [shared_data], tmp_path_factory.mktemp("glotip"))


@pytest.fixture(scope="module")
def migrants(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    yield from tried(declared("iom_missing_migrants"), [shared_data], tmp_path_factory.mktemp("migrants"))


@pytest.fixture(scope="module")
def ctdc(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    yield from tried(declared("ctdc_global_2020"), [shared_data], tmp_path_factory.mktemp("ctdc"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    yield from tried(declared("usdos_tip_report_figures"), [PUBLISHED], tmp_path_factory.mktemp("reports"))


def test_every_row_of_the_global_workbook_is_kept_refused_or_skipped_by_name(glotip: Try) -> None:
    skipped = {"region": 956, "total": 1, "repeated": 255}
    assert glotip.whole == Tally(46556, 45226, 118, skipped)
    assert 45226 + 118 + sum(skipped.values()) == 46556


def test_the_global_workbook_loses_an_island_without_code_and_citizenships_that_are_none(glotip: Try) -> None:
    query = "SELECT rule_id, count(DISTINCT source_row) FROM problem WHERE severity = 'E' GROUP BY ALL ORDER BY ALL"
    assert glotip.ask(query) == [("V01", 35), ("V15", 81), ("V30", 9), ("V39", 2)]


def test_victims_of_kenya_come_out_as_published(glotip: Try) -> None:
    found = glotip.ask(
        "SELECT time_period, obs_value FROM observation WHERE ref_area = 'KEN' AND indicator = 'TIP_VIC_DET' "
        "AND sex = '_T' AND age = '_T' AND citizenship = '_T' AND exploitation = '_T' ORDER BY time_period"
    )
    assert found == [("2014", 143), ("2015", 318), ("2016", 187), ("2017", 352), ("2018", 283)]


def test_victims_brought_home_are_of_the_state_that_tells_of_them(glotip: Try) -> None:
    """Uganda told of 73 Ugandans found in Congo in 2013; Nigeria of 239 Nigerians found abroad in 2018, 101 of them in Libya."""
    brought = (
        "SELECT counterpart_area::VARCHAR, obs_value FROM observation "
        "WHERE indicator = 'TIP_REPAT' AND ref_area = 'UGA' AND time_period = '2013' AND obs_value > 50 ORDER BY ALL"
    )
    assert glotip.ask(brought) == [("COD", 73), ("KWT", 98), ("SYR", 83)]
    found = (
        "SELECT counterpart_area::VARCHAR, obs_value FROM observation "
        "WHERE indicator = 'TIP_VIC_ABROAD' AND ref_area = 'NGA' AND time_period = '2018' AND obs_value > 40 ORDER BY ALL"
    )
    assert glotip.ask(found) == [("LBY", 101), ("MLI", 42), ("_T", 239)]
    here = "SELECT count(*) FROM problem WHERE raw_value LIKE 'found in the very state%' AND field = 'indicator'"
    assert glotip.ask(here) == [(9,)]


def test_less_than_five_never_becomes_a_number(glotip: Try) -> None:
    found = glotip.ask(
        "SELECT obs_value, value_lower, value_upper, obs_status, conf_status FROM observation WHERE value_raw = '<5' GROUP BY ALL"
    )
    assert found == [(None, 1, 4, "Q", "D")]
    assert glotip.ask("SELECT min(obs_value) FROM observation WHERE origin = 'PUBLISHED'") == [(5,)]


def test_all_524_repeated_keys_of_the_global_workbook_are_accounted_for(glotip: Try) -> None:
    """Of the 524, 255 repeat a figure and are skipped; 269 contradict one, and stay beside the 192 they contradict."""
    contradicted = glotip.ask(
        "SELECT count(*), count(*) FILTER (obs_status = 'U' OR obs_status_2 = 'U') FROM observation "
        "WHERE obs_comment LIKE 'the file gives several figures%'"
    )
    assert glotip.whole.skipped["repeated"] + 269 == 524
    assert contradicted == [(192 + 269, 192 + 269)]


def test_the_rule_on_repeated_figures_names_every_contradicting_row(glotip: Try) -> None:
    unnamed = glotip.ask(
        "SELECT count(*) FROM (SELECT source_row, row_number() OVER (PARTITION BY obs_comment ORDER BY source_row) "
        "AS place FROM observation WHERE obs_comment IS NOT NULL) AS row "
        "WHERE place > 1 AND source_row NOT IN (SELECT source_row FROM problem WHERE rule_id = 'V13')"
    )
    assert unnamed == [(0,)]


def test_all_records_of_missing_migrants_stay_less_the_repeats_that_are_named(migrants: Try) -> None:
    assert migrants.whole == Tally(17846, 17773, 0, {"repeated": 73})
    assert [tally.read for _, tally in sorted(migrants.tallies.items())] == [
        535, 855, 1293, 1357, 1684, 1832, 1352, 1920, 2320, 2689, 1034, 975,
    ]  # fmt: skip
    assert migrants.ask("SELECT count(*) FROM problem WHERE rule_id = 'V13'") == [(626 - 73,)]


def test_missing_migrants_by_route_of_the_region(migrants: Try) -> None:
    found = migrants.ask(
        "SELECT route::VARCHAR, count(*) FROM smuggling_incident WHERE route IN ('EAST', 'NORTH') GROUP BY ALL ORDER BY ALL"
    )
    assert found == [("EAST", 599), ("NORTH", 45)]


def test_how_many_travelled_is_never_made_up(migrants: Try) -> None:
    query = "SELECT count(n_migrants), count(*) FROM smuggling_incident WHERE n_migrants_quality = '_U'"
    assert migrants.ask(query) == [(0, 17773)]


def test_numbers_below_zero_are_named_and_left_out(migrants: Try) -> None:
    below = "SELECT rule_id, count(*) FROM problem WHERE field LIKE 'n_%' AND raw_value LIKE '-%' GROUP BY ALL"
    assert migrants.ask(f"{below} ORDER BY ALL") == [("V28", 27), ("V36", 1)]
    assert migrants.ask("SELECT least(min(n_dead), min(n_missing), min(n_survivors)) FROM smuggling_incident") == [(0,)]


def test_entities_are_undone_and_a_lost_day_leaves_the_year(migrants: Try) -> None:
    entities = "SELECT count(*) FROM smuggling_incident WHERE regexp_matches(location_text, '&#?[a-z0-9]+;')"
    assert migrants.ask(entities) == [(0,)]
    assert migrants.ask("SELECT count(*) FROM smuggling_incident WHERE reporting_country = 'CIV'") == [(59,)]
    years = "SELECT ref_year, count(*) FROM smuggling_incident WHERE date_precision = 'Y' GROUP BY ALL ORDER BY ALL"
    assert migrants.ask(years) == [(2019, 1), (2020, 14)]


def test_the_partial_years_say_so(migrants: Try) -> None:
    query = "SELECT period_end, left(coverage_note, 13) FROM submission WHERE period_type = 'PART' ORDER BY ALL"
    assert migrants.ask(query) == [
        (datetime.date(2024, 7, 28), "Looks partial"), (datetime.date(2025, 9, 8), "The year as f"),
    ]  # fmt: skip


def test_every_case_of_the_anonymised_file_is_a_victim(ctdc: Try) -> None:
    assert ctdc.whole == Tally(48801, 48801, 0, {})
    assert ctdc.ask("SELECT age_group::VARCHAR, count(*) FROM victim GROUP BY ALL ORDER BY ALL") == [
        ("Y0T17", 8645 + 1556), ("Y_GE18", 26238), ("_U", 12362),
    ]  # fmt: skip
    assert ctdc.ask("SELECT count(*) FROM observation WHERE origin <> 'COMPUTED'") == [(0,)]


def test_missing_and_unknown_are_kept_apart_in_case_rows(tmp_path: Path) -> None:
    """Invented rows in the form of the file, with the signs of other editions of it."""
    (tmp_path / "ctdc").mkdir()
    header = (
        ",yearOfRegistration,Datasource,gender,ageBroad,citizenship,isForcedLabour,control_category,RecruiterCategory,"
        "ExploitType,Labor_Type"
    )
    signs = ("", "-99", "ZZ", "0", "UG")
    rows = [f"1,2016.0,Hotline,Female,9--17,{sign},1.0,,,Sexual,Domestic Work" for sign in signs]
    file = tmp_path / "ctdc" / "global_k_anonymised_2020_10_columns.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    source = declared("ctdc_global_2020").model_copy(update={"expected_rows": None})
    (tmp_path / "work").mkdir()
    run = Try(source, [tmp_path], tmp_path / "work")
    found = run.ask("SELECT raw_value, code, match::VARCHAR FROM ruling WHERE field = 'citizenship' ORDER BY ruling_id")
    forms = run.ask("SELECT DISTINCT exploitation_forms::VARCHAR[] FROM victim")
    run.records.close()
    assert found == [
        ("", "_U", "MISSING"), ("-99", "_U", "MISSING"), ("ZZ", "_U", "DECLARED"), ("0", "_U", "DECLARED"),
        ("UG", "UGA", "EXACT"),
    ]  # fmt: skip
    assert forms == [(["SEX", "LAB_DOM"],)]


def test_every_figure_of_the_reports_is_kept_or_says_why_not(reports: Try) -> None:
    assert reports.whole == Tally(136, 125, 11, {"repeated": 0})
    named = "SELECT count(DISTINCT source_row) FROM problem WHERE severity = 'E' AND field = 'indicator'"
    assert reports.ask(f"{named} AND raw_value LIKE '%(%)'") == [(11,)]


def test_what_a_report_says_of_its_own_period_is_no_calendar_year(reports: Try) -> None:
    """Read on the pages: Ethiopia in the report of 2023, Djibouti in that of 2018, Tunisia in that of 2021."""
    found = reports.ask(
        "SELECT ref_area::VARCHAR, indicator, time_period, period_start, period_end, obs_value FROM observation "
        "WHERE period_type = 'TIPR' AND obs_value > 0 AND ref_area IN ('ETH', 'DJI') AND sex = '_T' AND age = '_T' "
        "AND citizenship = '_T' AND exploitation IN ('_T', 'LAB') AND obs_value <> 188 ORDER BY ALL"
    )
    day = datetime.date
    assert found == [
        ("DJI", "SOM_RETURN", "TIPR2021", day(2020, 4, 1), day(2021, 3, 31), 537),
        ("DJI", "TIP_CONV", "TIPR2018", day(2017, 4, 1), day(2018, 3, 31), 1),
        ("DJI", "TIP_INVEST_CASE", "TIPR2018", day(2017, 4, 1), day(2018, 3, 31), 250),
        ("DJI", "TIP_PROSEC", "TIPR2018", day(2017, 4, 1), day(2018, 3, 31), 9),
        ("DJI", "TIP_VIC_PRES", "TIPR2018", day(2017, 4, 1), day(2018, 3, 31), 7),
        ("DJI", "TIP_VIC_PRES", "TIPR2019", day(2018, 4, 1), day(2019, 3, 31), 28),
        ("DJI", "TIP_VIC_PRES", "TIPR2020", day(2019, 4, 1), day(2020, 3, 31), 33),
        ("ETH", "TIP_VIC_DET", "TIPR2022", day(2021, 4, 1), day(2022, 3, 31), 329),
        ("ETH", "TIP_VIC_DET", "TIPR2023", day(2022, 4, 1), day(2023, 3, 31), 264),
    ]
    assert reports.ask("SELECT count(*) FROM observation WHERE indicator = 'TIP_RATE' AND ref_area = 'ETH'") == [(0,)]


def test_cases_and_persons_of_the_reports_are_two_indicators(reports: Try) -> None:
    found = reports.ask(
        "SELECT indicator, count_unit::VARCHAR, count(*) FROM observation WHERE origin = 'PUBLISHED' "
        "AND regexp_matches(indicator, '^TIP_(INVEST|PROSEC|CONV)') GROUP BY ALL ORDER BY ALL"
    )
    assert found == [
        ("TIP_CONV", "PERSON", 3), ("TIP_CONV_CASE", "CASE", 1), ("TIP_INVEST_CASE", "CASE", 10),
        ("TIP_INVEST_CASE", "INCIDENT", 2), ("TIP_PROSEC", "PERSON", 12), ("TIP_PROSEC_CASE", "CASE", 2),
    ]  # fmt: skip


def test_contradicting_figures_of_the_reports_all_stay_and_are_marked(reports: Try) -> None:
    query = (
        "SELECT ref_area::VARCHAR, time_period, count_unit::VARCHAR, obs_value, obs_status::VARCHAR FROM observation "
        "WHERE obs_status = 'U' AND origin = 'PUBLISHED' ORDER BY ALL"
    )
    assert reports.ask(query) == [
        ("TUN", "2017", "VICTIM", 285, "U"),
        ("TUN", "2018", "VICTIM", 285, "U"),
        ("TUN", "2018", "VICTIM", 780, "U"),
        ("TUN", "2019", "VICTIM", 780, "U"),
        ("TUN", "2019", "VICTIM", 1313, "U"),
        ("UGA", "2023", "CASE", 11, "U"),
        ("UGA", "2023", "PERSON", 130, "U"),
    ]
    twice = f"SELECT bool_and(obs_status = 'U') FROM observation GROUP BY {DIMENSIONS} HAVING count(*) > 1"
    assert reports.ask(twice) == [(True,), (True,)]


def test_a_figure_that_a_report_hedges_or_lacks_is_no_exact_number(reports: Try) -> None:
    query = (
        "SELECT ref_area::VARCHAR, time_period, value_raw, obs_value, obs_status::VARCHAR FROM observation "
        "WHERE obs_status IN ('E', 'O') AND origin = 'PUBLISHED' ORDER BY ALL"
    )
    assert reports.ask(query) == [
        ("DJI", "TIPR2021", "not reported", None, "O"),
        ("DJI", "TIPR2022", "not reported", None, "O"),
        ("ETH", "2016", "about 30000", 30000, "E"),
        ("ETH", "2018", "more than 10100", 10100, "E"),
        ("KEN", "2018", "at least 400", 400, "E"),
        ("SDN", "2018", "about 1400", 1400, "E"),
        ("UGA", "2017", "at least 276", 276, "E"),
        ("UGA", "2018", "at least 214", 214, "E"),
    ]


def test_every_figure_of_the_reports_cites_its_page(reports: Try) -> None:
    published = "SELECT count(*) FROM observation WHERE origin = 'PUBLISHED'"
    assert reports.ask(f"{published} AND obs_comment NOT LIKE '%https://%'") == [(0,)]


def test_words_of_a_report_that_nobody_has_ruled_on_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "usdos_tip_report_figures"
    shutil.copytree(PUBLISHED / "usdos_tip_report_figures", folder)
    file = folder / "horn_tip_report_figures.csv"
    more = "KEN,2022,victims seen,total,7,K23,https://example.org\n"
    file.write_text(file.read_text("utf-8") + more, encoding="utf-8")
    (tmp_path / "work").mkdir()
    run = Try(declared("usdos_tip_report_figures"), [tmp_path], tmp_path / "work")
    whole, met = run.whole, run.ask("SELECT raw_value FROM problem WHERE source_row = 137 AND field = 'indicator'")
    run.records.close()
    assert whole == Tally(137, 125, 12, {"repeated": 0})
    assert met == [("nobody has ruled on these words (victims seen, total)",)]
