"""Protected cells: they agree with the reference package, and nothing exact, no key and no secret leaves with them."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from people import BREAKDOWN, SECRET, cells, people, register, shown

from etl.draws import KEY, drawing_key, draws
from etl.editions import current
from schemas.protection import HIDDEN, LARGEST, NOT_LISTED, audiences, bounds, cube, odds, perturbation, span

FIELDS = {
    "age": "age_group",
    "counterpart_area": "country_exploitation",
    "exploitation": "exploitation_main",
    "scope": "trafficking_scope",
}


def test_the_table_says_for_every_count_and_key_what_is_added_and_never_shows_what_is_too_small() -> None:
    for name, audience in audiences().items():
        table = perturbation(name)
        assert [len(row) for row in table.moves] == [256] * LARGEST
        for count in range(1, audience.threshold):
            assert set(table.chances(count)) <= {HIDDEN, NOT_LISTED}
        for count in range(audience.threshold + 5, LARGEST):
            assert all(said % 5 == 0 and abs(said - count) < 5 for said in table.chances(count))
            # what is added is nothing on average, to the width of a key
            assert abs(sum(said * chance for said, chance in table.chances(count).items()) - count) < 0.02
    assert (audiences()["public"].threshold, audiences()["working_group"].threshold) == (10, 5)


def test_the_bounds_that_are_stated_are_those_of_the_table() -> None:
    assert {said: bounds("public")[said] for said in (NOT_LISTED, HIDDEN, 10, 15, 20, 745)} == {
        NOT_LISTED: (0, 9), HIDDEN: (1, 14), 10: (11, 14), 15: (11, 19), 20: (16, 24), 745: (741, 749),
    }  # fmt: skip
    assert span("public", 12345) == (12341, 12349)


def test_the_odds_that_are_stated_are_those_of_the_table() -> None:
    table = perturbation("public")
    # nine is not listed for 26 keys and else hidden, ten is always hidden, eleven for 90 keys
    assert table.noticed(9) == pytest.approx(26 / 256)
    assert table.noticed(10) == pytest.approx(1 - 90 / 256)
    # sixteen is 15 for 205 keys and 20 for 51, seventeen 15 for 154 and 20 for 102
    assert table.noticed(16) == pytest.approx(1 - (205 * 154 + 51 * 102) / 256**2)
    assert odds("public")["worst"] == max(round(table.noticed(count), 4) for count in range(LARGEST)) < 0.65


def test_cells_agree_with_the_reference_package_on_the_same_keys_and_table(tmp_path: Path) -> None:
    house = register(tmp_path, people(900))
    ours = shown(house)
    house.draw(SECRET)
    fields = ", ".join(f"{FIELDS.get(one, one)}::VARCHAR AS {one}" for one in BREAKDOWN)
    records = house.connection.execute(
        f"SELECT {fields}, 'KEN' AS area, "
        f"drawn & {KEY} AS record_key FROM victim JOIN {draws('victim')} USING (submission_id, source_row)"
    ).df()
    assert len(records) == 900 and records.record_key.between(0, 255).all()
    table = perturbation("public")
    theirs = pd.DataFrame(
        [(count, key, move) for count, moves in enumerate(table.moves, start=1) for key, move in enumerate(moves)],
        columns=["pcv", "ckey", "pvalue"],
    )
    compared = shown_there = 0
    for broken in cube("victim"):
        expected = create_perturbed_table(records, theirs, ["area"], list(broken), "record_key", False, 10)
        for cell in expected[expected["pre_sdc_count"] > 0].to_dict("records"):
            where = tuple(str(cell[one]) if one in broken else "_T" for one in BREAKDOWN)
            told = ours.get(where)
            compared += 1
            if pd.isna(cell["count"]):
                assert told is None or (told.number is None and told.conf in ("A", "S")), where
            elif told is not None and told.conf == "S":  # hidden besides, which the package leaves to others
                assert told.number is None
            else:
                assert told is not None and told.number == cell["count"] and told.exact == cell["pre_sdc_count"], where
                shown_there += 1
    assert compared > 600 and shown_there > 250


def test_a_person_who_joins_changes_nobody_elses_key(tmp_path: Path) -> None:
    """A file that is sent again with one row more, at its head, moves only the cells that she is in."""
    persons = people(300)
    one, two = register(tmp_path / "a", persons), register(tmp_path / "b", [persons[5]._replace(citizenship="DJI"), *persons])
    first, second = shown(one), shown(two)
    without = [
        where for where in first if where[2] not in ("_T", "DJI") and first[where].conf == "F" and second[where].conf == "F"
    ]
    assert len(without) > 40
    assert [where for where in without if first[where].number != second[where].number] == []


def test_another_secret_moves_the_cells_otherwise(tmp_path: Path) -> None:
    house = register(tmp_path, people(600))
    first, second = shown(house), shown(house, b"another secret of at least sixteen letters")
    both = [where for where in first if where in second and first[where].number is not None and second[where].number is not None]
    assert 10 < sum(first[where].number != second[where].number for where in both) < len(both)


def test_shares_come_from_what_is_shown_and_are_hidden_with_it(tmp_path: Path) -> None:
    house = register(tmp_path, people(400))
    whole = ("_T",) * 6
    shown(house)
    for indicator in ("TIP_SH_CHILD", "TIP_SH_DOM", "TIP_SH_NAT", "TIP_SH_GIRL"):
        share = cells(house, indicator)[whole]
        assert share.comment is not None and share.number is not None
        part, total = map(int, re.findall(r"\d+", share.comment)[:2])
        assert part % 5 == 0 == total % 5 and share.number == round(100 * part / total)
        assert share.lower is not None and share.upper is not None and share.lower <= 100 * share.exact / 400 * 1.3
    few = register(tmp_path / "few", people(12))
    shown(few)
    assert cells(few, "TIP_SH_GIRL")[whole].number is None and cells(few, "TIP_SH_GIRL")[whole].conf == "A"


def texts(path: Path) -> str:
    """Give every text of every table of a database as one text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return "\n".join(str(row) for name in names for row in connection.execute(f'SELECT * FROM "{name}"').fetchall())


def test_the_public_file_holds_no_record_no_small_count_no_key_and_no_secret(edition: Path) -> None:
    made = current(edition)
    with duckdb.connect(str(made.public), read_only=True) as public:
        tables = {row[0] for row in public.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {
            "observation", "submission", "quality", "quality_measure", "source", "code", "indicator", "rule", "manifest",
            "body_area", "code_meaning", "comparability", "crosswalk", "edition", "edition_cause",
            "edition_change", "edition_difference", "next_action", "problem_change", "quality_source", "rule_source",
            "revision_pending", "ruling_shown", "series", "term",
        }  # fmt: skip
        columns = {row[0] for row in public.execute("SELECT column_name FROM duckdb_columns()").fetchall()}
        assert (
            columns & {"case_key", "person_key", "source_row", "victim_id", "sha256", "drawn", "n", "rows", "record_key"} == set()
        )
        small = public.execute(
            "SELECT * FROM observation WHERE protection IN ('CELL_KEY', 'RECEIVED') AND (obs_value BETWEEN 1 AND 9 "
            "OR obs_value % 5 <> 0 OR regexp_matches(value_raw, '\\d') AND conf_status <> 'D' AND value_raw <> 'c')"
        ).fetchall()
        assert small == []
        assert columns & {"rows_raw", "rows_ok", "rows_rejected", "rows_skipped", "bytes", "mapping_version"} == set()
        # what a sender has published himself is told exactly
        public_sources = "SELECT source FROM submission GROUP BY source HAVING bool_and(already_public)"
        few = f"SELECT count(*) FROM quality WHERE source NOT IN ({public_sources}) AND count_rows % 10 <> 0"
        assert public.execute(few).fetchone() == (0,)
        exact = f"numerator IS NOT NULL AND measure <> 'DQ_XCOH' AND source NOT IN ({public_sources})"
        told = f"SELECT count(*) FROM quality_measure WHERE {exact}"
        assert public.execute(told).fetchone() == (0,)
    secret = (edition / "secret.key").read_bytes().strip()
    drawn_with = drawing_key(secret).encode()
    for path in (made.public, made.records, made.folder / "manifest.json"):
        held = path.read_bytes()
        assert secret not in held and drawn_with not in held
    public_texts = texts(made.public)
    assert secret.decode() not in public_texts + texts(made.records)
    with duckdb.connect(str(made.records), read_only=True) as records:
        keys = [row[0] for row in records.execute("SELECT DISTINCT case_key FROM victim WHERE case_key IS NOT NULL").fetchall()]
        columns = {row[0] for row in records.execute("SELECT column_name FROM duckdb_columns()").fetchall()}
    assert len(keys) > 500 and columns & {"drawn", "record_key", "cell_key"} == set()
    assert {*keys} & {*re.findall(r"[0-9a-f]{16}", public_texts)} == set()


def test_zero_not_reported_and_suppressed_are_three_things_in_the_public_file(edition: Path) -> None:
    with duckdb.connect(str(current(edition).public), read_only=True) as public:
        rows = public.execute(
            "SELECT obs_value IS NULL, coalesce(obs_value = 0, FALSE), obs_status = 'Q', obs_status IN ('O', 'M', 'S'), count(*) "
            "FROM observation GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        kinds = {row[:4] for row in rows}
        assert kinds == {
            (False, False, False, False), (False, True, False, False), (True, False, True, False), (True, False, False, True),
        }  # fmt: skip
        signs = public.execute(
            "SELECT DISTINCT conf_status::VARCHAR, value_raw, value_lower, value_upper FROM observation "
            "WHERE obs_status = 'Q' AND protection IN ('CELL_KEY', 'RECEIVED') AND value_raw IS NOT NULL ORDER BY ALL"
        ).fetchall()
    assert signs == [("A", "c", 1.0, 9.0), ("A", "c", 1.0, 14.0), ("D", "<5", 1.0, 4.0), ("S", "c", 1.0, None)]


def test_what_was_published_is_shown_as_it_was_published(edition: Path) -> None:
    made = current(edition)
    with duckdb.connect(str(made.public), read_only=True) as public, duckdb.connect(str(made.records), read_only=True) as records:
        query = (
            "SELECT observation_id, obs_value, value_raw, value_lower, value_upper, obs_comment FROM observation "
            "WHERE protection = 'PUBLISHED' ORDER BY 1"
        )
        assert public.execute(query).fetchall() == records.execute(query).fetchall() != []


def test_no_figure_made_of_records_says_nothing_where_there_may_be_somebody(edition: Path) -> None:
    """A count or share that was moved to nothing is no zero: a zero is a sum of nothing, or was reported."""
    made = current(edition)
    with duckdb.connect(str(made.records), read_only=True) as records:
        zeros = records.execute(
            "SELECT protection::VARCHAR, n, below, count(*) FROM shown "
            "JOIN exact USING (observation_id) WHERE obs_value = 0 GROUP BY ALL"
        ).fetchall()
    assert {row[:2] for row in zeros} == {("CELL_KEY", 0), ("EXACT", 0), ("RECEIVED", 0)}
