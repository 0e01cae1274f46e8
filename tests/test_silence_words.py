"""No word of a sender stands beside a protected figure: not a number in any digits or in letters, and not a name."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb

from etl.editions import current
from etl.pipeline import build
from etl.public_pending import _keep
from etl.source import load_source

# All invented: no remark speaks of a real person.
DECLARATION = """\
title: Figures of a ministry that does not exist
publisher: Nobody
country: ETH
domain: TIP
table: observation
source_type: COORD
count_unit: VICTIM
languages: [eng]
missing: ["", "-", none known]
file: {format: csv}
submissions:
  - {file: figures.csv, period: 2021, received: 2022-01-10}
  - {period: 2020, status: NIL, received: 2021-01-10, letter: Captain Testman found nobody}
  - {period: 2019, status: NORESP}
columns:
  obs_value: {column: Victims}
  citizenship: {column: Nationality}
  obs_comment: {column: Remark}
constants: {indicator: TIP_VIC_DET}
"""
REMARKS = [
    "٧ ضحايا", "፯ ተጎጂዎች", "seven girls and a boy", "Amina Testwoman of Bole", "sept", "VII", "7", "७", "as Mr Testman says",
]  # fmt: skip
NATIONALITIES = ["Kenya", "Uganda", "Somalia", "Eritrea", "Sudan", "Djibouti", "Egypt", "Tunisia", "Libya"]
FIGURES = ["7", "0", "12", "-", "none known", "8", "", "3", "250"]


def test_no_remark_of_the_sender_and_no_word_in_place_of_a_figure_reaches_the_public_file(tmp_path: Path) -> None:
    path = tmp_path / "eth_ministry_figures.yml"
    path.write_text(DECLARATION, "utf-8")
    source = load_source(path)
    folder = tmp_path / "raw" / source.name
    folder.mkdir(parents=True)
    lines = [",".join(cells) for cells in zip(FIGURES, NATIONALITIES, REMARKS, strict=True)]
    (folder / "figures.csv").write_text("\n".join(["Victims,Nationality,Remark", *lines, ""]), "utf-8")
    build(tmp_path / "data", [source], [tmp_path / "raw"], datetime.date(2026, 1, 31))
    made = current(tmp_path / "data")
    with duckdb.connect(str(made.public), read_only=True) as public:
        rows = public.execute("SELECT count(*) FROM observation WHERE origin = 'REPORTED'").fetchone()
        comments = public.execute("SELECT DISTINCT obs_comment FROM observation WHERE origin = 'REPORTED'").fetchall()
        signs = {sign for (sign,) in public.execute("SELECT DISTINCT value_raw FROM observation").fetchall()}
    assert rows == (11,)
    # our own note on the year for which nothing came
    assert {*comments} == {(None,), ("no submission was received",)}
    assert signs <= {None, "c", "-"}
    # nothing is lost: the records hold what was sent
    with duckdb.connect(str(made.records), read_only=True) as records:
        held = records.execute("SELECT obs_comment FROM observation WHERE source_row IS NOT NULL ORDER BY source_row").fetchall()
    assert [comment for (comment,) in held] == REMARKS


def test_rows_that_a_pending_revision_takes_out_leave_no_bytes_in_the_public_file(tmp_path: Path) -> None:
    path, before = tmp_path / "public.duckdb", tmp_path / "before.duckdb"
    with duckdb.connect(str(before)) as connection:
        connection.execute("CREATE TABLE quality AS SELECT 'waiting' AS source, 'V01' AS rule_id")
    with duckdb.connect(config={"max_vacuum_tasks": 0, "checkpoint_threshold": "1TB"}) as connection:
        connection.execute(f"ATTACH '{path}' AS made (RECOVERY_MODE NO_WAL_WRITES)")
        connection.execute(f"ATTACH '{before}' AS earlier (READ_ONLY)")
        connection.execute("USE made")
        connection.execute("CREATE TABLE revision_pending AS SELECT 'waiting' AS source")
        connection.execute("CREATE TABLE quality AS SELECT 'waiting' AS source, 'UNTOLD' || i AS rule_id FROM range(50) AS t(i)")
        _keep(connection, "quality")
        connection.execute("CHECKPOINT")
        assert connection.execute("SELECT * FROM quality").fetchall() == [("waiting", "V01")]
        connection.execute("USE memory")
        connection.execute("DETACH made")
    assert b"UNTOLD" not in path.read_bytes()
