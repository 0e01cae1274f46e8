"""Two editions that differ by one known person in every register: no table beside the figures changes for certain."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from etl.editions import Edition, current
from etl.pipeline import build
from etl.source import load_source, source_paths
from pembe import ROOT
from schemas.codelists import codelist

KEYS = [hashlib.sha256(f"invented key {number}".encode()).hexdigest() for number in range(4)]
# A register of each kind: persons who are victims, suspects, and groups of migrants; with rules broken and words unread.
REGISTERS = {
    "som_oag_cases": "SOM_XGQ_2022.csv",
    "ssd_social_children": "SSD_children_2021.csv",
    "ken_secretariat_suspects": "KEN_CTIP_suspects_2021.csv",
    "dji_gendarmerie_nationalites": "DJI_nationalites_2022.csv",
}
FIRST, SECOND = datetime.date(2026, 11, 29), datetime.date(2026, 11, 30)
# What is made from the figures of the public file alone, and so changes only where they do; an edition counts its figures.
FROM_FIGURES = {"observation", "series", "comparability", "edition", "edition_change", "edition_difference"}
# That a revision waits is to be said of a source and period, which is all that it says of a change of few persons.
SAID = {"revision_pending", "quality_source"}
# of a source that waits its quality stands as it was, without what stood before it
QUALITY = "SELECT * EXCLUDE (before) FROM quality_source ORDER BY ALL"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the folder of files as received, and another in which one person more stands in each."""
    without, joined = tmp_path_factory.mktemp("without"), tmp_path_factory.mktemp("joined")
    for name, file in REGISTERS.items():
        for folder in (without, joined):
            shutil.copytree(ROOT / "data" / "samples" / name, folder / name)
        path = joined / name / file
        text = path.read_bytes()
        # her row says what no other says in one column: a word that nobody has ruled on, in a row that breaks a rule
        cells = text.splitlines()[-2].split(b"," if b"," in text.splitlines()[0] else b";")
        cells[-4] = b"Zanzibariyya"
        path.write_bytes(text + (b"," if b"," in text.splitlines()[0] else b";").join(cells) + b"\n")
    return without, joined


def edition(data: Path, folder: Path, day: datetime.date = SECOND) -> Edition:
    paths = source_paths()
    build(data, [load_source(paths[name]) for name in REGISTERS], [folder], day)
    return current(data)


def tables(made: Edition) -> dict[str, Counter[str]]:
    """Give every row of every table of a public file as text, without the name of the edition."""
    with duckdb.connect(str(made.public), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    return {name: Counter(str(row).replace(made.name, "EDITION") for row in found) for name, found in rows.items()}


def changed(one: Edition, other: Edition) -> set[str]:
    first, second = tables(one), tables(other)
    assert first.keys() == second.keys()
    return {name for name in first if first[name] != second[name]}


def figures(made: Edition) -> dict[tuple[object, ...], tuple[object, ...]]:
    with duckdb.connect(str(made.public), read_only=True) as connection:
        described = [row[0] for row in connection.execute("DESCRIBE observation").fetchall()]
        said = [name for name in described if name.startswith(("obs_", "value_", "conf_"))]
        where = [name for name in described if name not in said and name != "observation_id"]
        rows = connection.execute(f"SELECT {', '.join([*where, *said])} FROM observation").fetchall()
    return {row[: len(where)]: row[len(where) :] for row in rows}


@pytest.fixture(scope="module")
def pairs(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Edition, Edition]]:
    """Give, for several keys, the first edition of an installation without her and with her."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for key in KEYS:
            patch.setenv("PEMBE_SECRET_KEY", key)
            one, other = (edition(tmp_path_factory.mktemp("data"), folder) for folder in files)
            found.append((one, other))
    return found


def test_no_table_but_the_figures_changes_for_certain_when_one_person_joins_each_register(
    pairs: list[tuple[Edition, Edition]],
) -> None:
    each = [changed(one, other) for one, other in pairs]
    print("changed by key:", *(sorted(names - FROM_FIGURES) for names in each), sep="\n  ")
    assert set.intersection(*each) - FROM_FIGURES == set()
    # she is there: the figures of the registers do change
    assert all("observation" in names for names in each)


def test_figures_that_change_are_protected_ones(pairs: list[tuple[Edition, Edition]]) -> None:
    for one, other in pairs:
        first, second = figures(one), figures(other)
        differ = {where for where in first.keys() | second.keys() if first.get(where) != second.get(where)}
        # no figure that others published or sent; totals of a year are exact, which holding small changes answers for
        kinds = {code for where in differ for code in where if code in codelist("CL_PROTECTION").codes}
        assert kinds <= {"CELL_KEY", "DERIVED", "EXACT"}


def test_what_is_told_of_two_editions_changes_with_the_figures_alone(files: tuple[Path, Path], tmp_path: Path) -> None:
    each = []
    with pytest.MonkeyPatch.context() as patch:
        for number, key in enumerate(KEYS):
            patch.setenv("PEMBE_SECRET_KEY", key)
            same = tmp_path / f"same {number}"
            edition(same, files[0], FIRST)
            shutil.copytree(same, tmp_path / f"joined {number}")
            one, other = edition(same, files[0]), edition(tmp_path / f"joined {number}", files[1])
            each.append(changed(one, other))
            with duckdb.connect(str(one.public), read_only=True) as connection:
                quality = connection.execute(QUALITY).fetchall()
            with duckdb.connect(str(other.public), read_only=True) as connection:
                assert connection.execute(QUALITY).fetchall() == quality
                assert connection.execute("SELECT * FROM edition_cause WHERE kind = 'file'").fetchall() == []
                told = connection.execute("SELECT DISTINCT why FROM edition_difference").fetchall()
            assert {why for (why,) in told} <= {"source"}
    assert set.intersection(*each) - FROM_FIGURES - SAID == set()
