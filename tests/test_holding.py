"""Small changes are held: what moves fewer than ten persons of a source and period leaves its public figures as they were."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
from held_figures import asked, exact, figures, pending
from small import DECLARATION, HEADINGS, House
from warm import Warm

from dashboard.cautions import caution_table, cautions
from dashboard.exports import stream
from dashboard.exports.options import Options
from dashboard.filters import Filters
from dashboard.reader import read_edition
from dashboard.revisions import revision_table, revisions
from dashboard.sources import submissions
from dashboard.tables import twin
from dashboard.words import Words
from etl.editions import Edition, current
from schemas.dimensions import breakdowns

NAME = "ken_station_register"
# 60 invented persons: 40 women of Kenya in housework, 20 men of Uganda who beg.
WOMAN, MAN = "F,17,Kenya,Housework,none", "M,25,Uganda,Begging,none"
COUNTS = """\
title: Annual figures of an office that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
invented: true
languages: [eng]
submissions: [{file: figures.csv, period: 2021}]
accept_refused: {share: 0.4, because: the column All names no sex}
measures:
  Women: {sex: F, indicator: TIP_VIC_DET}
  Men: {sex: M, indicator: TIP_VIC_DET}
  All: {indicator: TIP_VIC_DET}
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture
def house(tmp_path: Path, warm: Warm) -> House:
    made = House(tmp_path / "house", warm)
    made.declare(NAME)
    return made


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> House:
    """A house in which nine women joined a register of sixty persons, so that a revision is pending."""
    made = House(tmp_path_factory.mktemp("waiting") / "house", warm)
    made.declare(NAME)
    built(made, register(women=40))
    built(made, register(women=49))
    return made


def register(women: int = 40, men: int = 20, year: int = 2021, more: Sequence[str] = ()) -> str:
    """Write a register in which every person has a case number of her own."""
    persons = [f"W{number},{year}-02-03,{WOMAN}" for number in range(women)]
    persons += [f"M{number},{year}-03-04,{MAN}" for number in range(men)]
    return "\n".join([HEADINGS, *persons, *more, ""])


def built(house: House, content: str | None = None, day: str = "2026-01-31") -> Edition:
    if content is not None:
        house.receive(NAME, content)
    ended = house.build(day)
    assert ended.code == 0, ended.err
    return current(house.data)


def decide(house: House, **changes: str) -> None:
    line = {
        "kind": "release", "source": NAME, "period": "2021", "decided_by": "Focal point for statistics", "date": "2026-01-31",
        "reason": "The year is closed; that two editions differ by few persons is known and accepted.",
    } | changes  # fmt: skip
    path = house.data / "decisions" / "KEN.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def test_the_first_edition_releases_everything(house: House) -> None:
    first = built(house, register())
    assert pending(first) == [] and figures(first) != []
    assert asked(first.records, "SELECT source, period, standing, cause FROM released_unit") == [
        (NAME, "2021", "RELEASED", "FIRST")
    ]


def test_nine_changes_are_held_and_the_tenth_releases_them(house: House) -> None:
    before = figures(built(house, register(women=40)))
    nine = built(house, register(women=49))
    assert exact(nine) == 69
    assert figures(nine) == before and pending(nine) == [(NAME, "2021")]
    assert asked(nine.public, f"SELECT DISTINCT revision::VARCHAR FROM observation WHERE source = '{NAME}'") == [("PENDING",)]
    assert asked(nine.records, "SELECT DISTINCT moved FROM released_unit") == [(9,)]
    ten = built(house, register(women=50))
    assert pending(ten) == [] and figures(ten) != before
    assert asked(ten.public, "SELECT count(*) FROM observation WHERE revision IS NOT NULL") == [(0,)]


def test_two_steps_of_five_are_counted_from_what_was_released_and_not_from_the_file_before(house: House) -> None:
    before = figures(built(house, register(women=40)))
    first = built(house, register(women=45))
    assert figures(first) == before and pending(first) == [(NAME, "2021")]
    second = built(house, register(women=50))
    assert figures(second) != before and pending(second) == []


def test_a_change_that_is_withdrawn_leaves_nothing_pending(house: House) -> None:
    released = built(house, register())
    assert pending(built(house, register(women=43))) == [(NAME, "2021")]
    again = built(house, register())
    assert pending(again) == [] and figures(again) == figures(released)


def test_a_decision_of_the_state_releases_once_what_waits_and_is_named_as_the_cause(house: House) -> None:
    before = figures(built(house, register(women=40)))
    built(house, register(women=49))
    decide(house)
    decided = built(house)
    assert pending(decided) == [] and figures(decided) != before
    assert asked(decided.public, "SELECT DISTINCT why FROM edition_change") == [("decision",)]
    later = built(house, register(women=52))
    assert pending(later) == [(NAME, "2021")] and figures(later) == figures(decided)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "decisions/KEN.jsonl: line 1: is no JSON; write one object a line"),
        ("[]", "decisions/KEN.jsonl: line 1: must be an object of the texts kind, source, period, decided_by, date, reason"),
        ({"kind": "publish"}, "line 1: 'publish' is no kind of decision; write release"),
        ({"date": "31.1.2026"}, "line 1: the date '31.1.2026' is no day; write it as 2026-01-31"),
        ({"date": "2026-02-01"}, "line 1: the date 2026-02-01 is after the day of the edition, 2026-01-31"),
        ({"reason": "because"}, "line 1: the reason does not name the risk; say why the figures are released although whoever"),
        ({"decided_by": " "}, "line 1: decided_by is empty; fill it in"),
    ],
)
def test_a_decision_that_cannot_be_taken_stops_the_build_in_one_sentence(
    house: House, line: str | dict[str, str], told: str
) -> None:
    house.receive(NAME, register())
    if isinstance(line, dict):
        decide(house, **line)
    else:
        (house.data / "decisions").mkdir(parents=True)
        (house.data / "decisions" / "KEN.jsonl").write_text(line, "utf-8")
    ended = house.build()
    assert ended.code == 1
    assert told in ended.err and "Traceback" not in ended.err


@pytest.mark.parametrize(("rows", "waits"), [(3, True), (12, False)])
def test_a_word_that_is_read_otherwise_is_held_where_few_rows_have_it(house: House, rows: int, waits: bool) -> None:
    herding = [f"H{number},2021-05-06,M,44,Kenya,Herding,none" for number in range(rows)]
    words = "LAB_DOM: [Housework], BEG: [Begging]"
    house.declare(NAME, DECLARATION.replace(words, "LAB_DOM: [Housework], BEG: [Begging, Herding]"))
    before = figures(built(house, register(more=herding)))
    house.declare(NAME, DECLARATION.replace(words, "LAB_DOM: [Housework, Herding], BEG: [Begging]"))
    after = built(house)
    assert (pending(after) == [(NAME, "2021")]) is waits
    assert (figures(after) == before) is waits


def test_a_new_period_of_fewer_than_ten_persons_waits_with_nothing_public_until_ten(house: House) -> None:
    built(house, register())
    files = "{file: register.csv, period: 2021, received: 2022-01-10}"
    house.declare(NAME, DECLARATION.replace(files, f"{files}, {{file: later.csv, period: 2022, received: 2023-01-10}}"))
    house.receive(NAME, register(women=9, men=0, year=2022), "later.csv")
    nine = built(house)
    assert pending(nine) == [(NAME, "2022")]
    assert {row[1] for row in figures(nine)} == {"2021"}
    house.receive(NAME, register(women=10, men=0, year=2022), "later.csv")
    ten = built(house)
    assert pending(ten) == [] and {row[1] for row in figures(ten)} == {"2021", "2022"}


def test_the_same_inputs_and_the_same_released_state_give_the_same_edition(house: House, warm: Warm) -> None:
    first = built(house, register(women=40))
    held = built(house, register(women=45))
    assert built(house).name == held.name
    shown = figures(held)
    # another road to the same files: nothing was released of which they differ by few
    other = House(house.folder.with_name("other"), warm)
    other.declare(NAME)
    other.data.mkdir(parents=True)
    key = other.data / "secret.key"
    key.touch(mode=0o600)
    key.write_bytes((house.data / "secret.key").read_bytes())
    straight = built(other, register(women=45))
    assert straight.name != held.name and figures(straight) != shown
    # back to the state of the first edition, from which the second was built
    assert house.warm.run("editions", "--use", first.name, "--data", str(house.data)).code == 0
    again = built(house)
    assert again.name == held.name and figures(again) == shown
    assert again.manifest["before"] == first.name


def test_after_a_roll_back_changes_are_counted_from_the_state_that_is_shown(house: House) -> None:
    first = built(house, register(women=40))
    built(house, register(women=60))
    assert house.warm.run("editions", "--use", first.name, "--data", str(house.data)).code == 0
    few = built(house, register(women=43))
    assert pending(few) == [(NAME, "2021")] and figures(few) == figures(first)


def test_who_joins_after_a_file_was_withdrawn_and_sent_again_is_not_told_by_the_editions_around_it(house: House) -> None:
    first = built(house, register(women=40))
    many = built(house, register(women=60))
    assert pending(many) == []
    # one person more than the first edition, and nineteen fewer than the second
    third = built(house, register(women=41))
    assert pending(third) == [(NAME, "2021")] and figures(third) == figures(many)
    again = built(house, register(women=40))
    assert pending(again) == [] and figures(again) == figures(first)


def test_a_period_that_is_withdrawn_with_fewer_than_ten_persons_stays_as_it_was(house: House) -> None:
    files = "{file: register.csv, period: 2021, received: 2022-01-10}"
    both = DECLARATION.replace(files, f"{files}, {{file: later.csv, period: 2022, received: 2023-01-10}}")
    house.declare(NAME, both)
    house.receive(NAME, register(women=7, men=0, year=2022), "later.csv")
    before = figures(built(house, register()))
    house.declare(NAME)
    gone = built(house)
    assert pending(gone) == [(NAME, "2022")] and figures(gone) == before
    known = "(SELECT submission_id FROM submission)"
    assert asked(gone.public, f"SELECT count(*) FROM observation WHERE submission_id NOT IN {known}") == [(0,)]


def test_a_source_that_is_left_out_of_a_build_comes_back_to_the_state_that_was_released(house: House) -> None:
    other = "uga_help_line"
    house.declare(other, DECLARATION.replace("country: KEN", "country: UGA", 1))
    house.receive(other, register())
    before = figures(built(house, register()), other)
    (house.folder / "sources" / f"{other}.yml").unlink()
    assert figures(built(house), other) == []
    house.declare(other, DECLARATION.replace("country: KEN", "country: UGA", 1))
    house.receive(other, register(women=41))
    back = built(house)
    assert pending(back) == [(other, "2021")] and figures(back, other) == before


@pytest.mark.parametrize(("women", "total", "waits"), [(141, 191, True), (149, 199, True), (150, 200, False)])
def test_figures_that_a_state_sent_are_held_by_the_persons_whom_they_count(
    house: House, women: int, total: int, waits: bool
) -> None:
    counts = "ken_office_figures"
    house.declare(counts, COUNTS)
    house.receive(counts, "Women,Men,All\n140,50,190\n", "figures.csv")
    before = figures(built(house, register()), counts)
    house.receive(counts, f"Women,Men,All\n{women},50,{total}\n", "figures.csv")
    after = built(house)
    assert (pending(after) == [(counts, "2021")]) is waits
    assert waits is (figures(after, counts) == before)


def test_quality_measures_of_a_source_that_waits_stay_as_they_were(house: House) -> None:
    query = f"SELECT measure, field, value FROM quality_measure WHERE source = '{NAME}' ORDER BY ALL"
    first = built(house, register())
    unknown = [f"U{number},2021-05-06,,,,Begging,none" for number in range(9)]
    assert asked(built(house, register(more=unknown)).public, query) == asked(first.public, query)


def test_what_waits_is_kept_for_those_who_decide_beside_what_is_shown(waiting: House) -> None:
    held = current(waiting.data)
    total = " AND ".join(f"{name} = '_T'" for name in breakdowns())
    query = f"SELECT DISTINCT n FROM {{}} WHERE indicator = 'TIP_VIC_DET' AND {total}"
    assert asked(held.records, query.format("pending")) == [(69,)]
    assert asked(held.records, query.format("shown JOIN exact USING (observation_id)")) == [(60,)]


def test_few_persons_whom_another_program_counts_otherwise_are_held(house: House) -> None:
    first = built(house, register())
    # as if the program before had counted three of these persons in other cells
    with duckdb.connect(str(first.records)) as connection:
        three = "(SELECT rowid FROM released_person LIMIT 3)"
        connection.execute(f"UPDATE released_person SET mark = mark + 1 WHERE rowid IN {three}")
        connection.execute("UPDATE shown SET obs_value = 45 WHERE obs_value = 60")
    manifest = json.loads((first.folder / "manifest.json").read_text("utf-8"))
    content = first.records.read_bytes()
    manifest["files"]["records.duckdb"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (first.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    after = built(house, day="2026-02-01")
    assert pending(after) == [(NAME, "2021")]
    assert {row[6] for row in figures(after)} & {45.0, 60.0} == {45.0}


def test_a_build_and_an_explanation_say_what_is_pending_and_no_number_of_persons(waiting: House) -> None:
    ended = waiting.build()
    assert "fewer than ten persons moved in these sources and periods" in ended.out
    assert any(NAME in line and "2021" in line for line in ended.out.splitlines())
    told = waiting.warm.run("explain", "KEN", "TIP_VIC_DET", "2021", "--data", str(waiting.data)).out
    assert "revision pending: fewer than ten persons moved" in " ".join(told.split())


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "sdmx-csv"])
def test_exports_mark_the_figures_whose_revision_is_pending(waiting: House, form: str) -> None:
    held = current(waiting.data)
    content = b"".join(stream(held.public, held.name, form, Filters(), Options(indicators=())))
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"PENDING" in content
    if form in ("csv", "xlsx"):
        assert f"revision pending: {len(figures(held))}".encode() in content


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Revision pending"), ("fr", "Révision en attente"), ("ar", "مراجعة معلّقة"), ("sw", "Marekebisho yanasubiri"),
        ("am", "ክለሳ በመጠባበቅ ላይ"),
    ],
)  # fmt: skip
def test_screens_say_what_is_pending(waiting: House, language: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_DATA", str(waiting.data))
    edition = read_edition(current(waiting.data).public)
    words = Words(language)
    assert NAME in {row.source for row in revisions(edition, Filters())}
    assert told in revision_table(revisions(edition, Filters()), edition, words)
    figures_held = [figure for figure in edition.figures if figure.source == NAME]
    assert figures_held and told in twin(figures_held, edition, words)
    assert told in caution_table(cautions(edition, Filters()), edition, words)
    assert told in submissions(tuple(figures_held), edition, words)
