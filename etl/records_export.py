"""Case rows in, case rows of which at least k look the same out: coarsened step by step, else left out, and measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from etl.editions import Edition
from etl.errors import SourceError
from etl.inspect import in_memory, reading
from etl.private import write_private
from etl.records_released import LEAST_DIVERSE, Released, Row, read_released, write_released
from etl.report import Listing, Report
from schemas.codelists import codelist

if TYPE_CHECKING:
    import pandas as pd

# What somebody who knows a victim may know of her; all of it is counted when it is said that k look the same.
IDENTIFIERS = (
    "reporting_country", "ref_year", "quarter", "victim_status", "sex", "age", "citizenship", "country_exploitation",
    "exploitation",
)  # fmt: skip
# What he must not learn: within rows that look the same, answers enough, or none is given. No other column is written.
SENSITIVE = ("means_control", "recruiter_relation", "migration_status", "disability")
WITHHELD = "_X"
# Below the data folder: what was given so far.
GIVEN = Path("given", "records.json")
HOME, ABROAD, NATIONAL, FOREIGN, UNKNOWN = "HOME", "ABROAD", "NAT", "FOR", "_U"
STEPS = (
    "as it stands, by quarter and age band",
    "year and age group",
    "and home or abroad for the country of exploitation, status of the victim left out",
    "and nationals or foreigners for citizenship",
    "and sex left out",
    "and form of exploitation left out",
)
COMPOSING = (
    "files of this installation, of whatever editions, countries or k, set apart nobody or k rows at least: identifiers are "
    "coarsened in one order, how far is decided once for each class, k is chosen once, and a class only grows by k rows or more"
)
_ROWS = """
SELECT reporting_country::VARCHAR AS reporting_country, ref_year::VARCHAR AS ref_year,
    CASE WHEN date_identified IS NULL THEN '_U' ELSE 'Q' || quarter(date_identified) END AS quarter,
    victim_status::VARCHAR AS victim_status, sex::VARCHAR AS sex, age_group::VARCHAR AS age_group,
    coalesce(age_band::VARCHAR, age_group::VARCHAR) AS age, citizenship::VARCHAR AS citizenship,
    country_exploitation::VARCHAR AS country_exploitation, exploitation_main::VARCHAR AS exploitation,
    coalesce(list_aggregate(list_sort(means_control::VARCHAR[]), 'string_agg', '|'), '_U') AS means_control,
    coalesce(list_aggregate(list_sort(recruiter_relation::VARCHAR[]), 'string_agg', '|'), '_U') AS recruiter_relation,
    coalesce(migration_status::VARCHAR, '_U') AS migration_status, coalesce(disability::VARCHAR, '_U') AS disability,
    consent_stat_use::VARCHAR AS consent
FROM victim WHERE victim_status <> 'NOTVICTIM' ORDER BY submission_id, source_row"""


def export_records(edition: Edition, path: Path, k: int, countries: tuple[str, ...], given: Path) -> Report:
    """Write victims who agreed to statistical use, at least k of whom look the same, as CSV with a file of notes beside it.

    given: where it is remembered what was given so far, see `etl.records_released`.

    Facts: `rows` (that may leave), `kept`, `kept_share`, `generalised`, `left_out`, `without_consent`, `k`, `l`.
    Errors: SourceError where no row may leave, or with a smaller k than before.
    """
    with reading(edition.records) as connection:
        rows = connection.execute(_ROWS).df().astype(str)
    if countries:
        rows = rows.loc[rows["reporting_country"].isin(countries)]
    agreed = rows.loc[rows["consent"] == "Y"].reset_index(drop=True)
    if agreed.empty:
        raise SourceError(
            f"{edition.name}: of {len(rows)} victims nobody is known to have agreed to statistical use; totals only"
        )
    released = read_released(given, k)
    kept = classes_given(agreed, released, k)
    if kept.empty:
        raise SourceError(f"{edition.name}: of {len(agreed)} rows no {k} look the same; ask for more countries, or for totals")
    measured = measure(kept)
    if cast(int, measured["k"]) < k:
        raise AssertionError(f"rows of which {measured['k']} look the same were about to leave where {k} are asked for")
    facts: dict[str, object] = {
        "edition": edition.name, "file": path.name, "rows": len(agreed), "kept": len(kept),
        "kept_share": round(len(kept) / len(agreed), 4), "generalised": int((kept["step"] > 0).sum()),
        "left_out": len(agreed) - len(kept), "without_consent": len(rows) - len(agreed), "asked_k": k, **measured,
    }  # fmt: skip
    # what is remembered as given may be more than was given, and never less
    write_released(given, released)
    return _written(path, kept, facts)


def _written(path: Path, kept: pd.DataFrame, facts: dict[str, object]) -> Report:
    """Write the rows and their notes; what is said of rows that stay is for the screen of the owner, and in no file."""
    columns = [*IDENTIFIERS, *SENSITIVE]
    # rows that look the same stand together: the order of the register would tell of single persons
    kept = kept.sort_values(columns, kind="stable")
    write_private(path, kept[columns].to_csv(index=False, lineterminator="\n"))
    steps: list[tuple[object, ...]] = [(STEPS[step], int((kept["step"] == step).sum())) for step in range(len(STEPS))]
    withheld: list[tuple[object, ...]] = [(name, int((kept[name] == WITHHELD).sum())) for name in SENSITIVE]
    sentences = [
        f"k = {facts['k']} over {', '.join(IDENTIFIERS)}; l = {facts['l']} by entropy over {', '.join(SENSITIVE)}, each "
        f"withheld where it would be under {LEAST_DIVERSE:g}; measured over the rows as they are written",
        COMPOSING,
    ]
    of_file = {name: facts[name] for name in ("edition", "file", "kept", "asked_k", "k", "l", "l_by_column")}
    notes = [f"{name}: {value}" for name, value in of_file.items()] + sentences
    notes += [f"{step}: {count} rows" for step, count in steps] + [f"{name}: withheld in {n} rows" for name, n in withheld]
    write_private(path.with_suffix(".notes.txt"), "\n".join(notes) + "\n")
    about = [
        f"{len(kept)} of {facts['rows']} rows are written ({facts['kept_share']:.1%}); {facts['left_out']} are left out",
        f"{facts['without_consent']} rows without consent to statistical use stay where they are",
    ]
    listings = [
        Listing("rows by how far they were coarsened", ("step", "rows"), steps),
        Listing("sensitive columns withheld", ("column", "rows"), withheld),
    ]
    return Report(facts, [*about, *sentences], listings)


def classes_given(agreed: pd.DataFrame, released: Released, k: int) -> pd.DataFrame:
    """Give the rows of the file, and how far each is coarsened as `step`: of classes of fewer than k nothing."""
    import pandas as pd

    found: list[tuple[object, ...]] = []
    for place, (step, rows) in sorted(_classes(agreed, released).items()):
        version = released.give(place, step, rows)
        if version is not None and len(version.rows) >= k:
            found += [
                (released.steps[place], *place, *(value if at in version.columns else WITHHELD for at, value in enumerate(row)))
                for row in version.rows
            ]
    return pd.DataFrame(found, columns=["step", *IDENTIFIERS, *SENSITIVE])


def _classes(agreed: pd.DataFrame, released: Released) -> dict[Row, tuple[int, list[Row]]]:
    """Put every row into the finest class that was given before, else into a new one of k rows that look the same, if any."""
    coarse = [_first_level(agreed)]
    for step in range(1, len(STEPS)):
        coarse.append(_coarser(coarse[-1], step))
    places = [[tuple(map(str, row)) for row in frame[list(IDENTIFIERS)].itertuples(index=False)] for frame in coarse]
    answers = [tuple(map(str, row)) for row in agreed[list(SENSITIVE)].itertuples(index=False)]
    found: dict[Row, tuple[int, list[Row]]] = {}
    left = []
    for number, answer in enumerate(answers):
        place = next((each[number] for each in places if each[number] in released.classes), None)
        if place is None:
            left.append(number)
        else:
            found.setdefault(place, (released.steps[place], []))[1].append(answer)
    for step, each in enumerate(places):
        alike: dict[Row, list[int]] = {}
        for number in left:
            alike.setdefault(each[number], []).append(number)
        # identifiers that are unknown in the register look like those that are left out
        taken = {place for place, numbers in alike.items() if place in found or len(numbers) >= released.k}
        for place in taken:
            found.setdefault(place, (step, []))[1].extend(answers[number] for number in alike[place])
        left = [number for number in left if each[number] not in taken]
    return found


def _first_level(rows: pd.DataFrame) -> pd.DataFrame:
    listed = codelist("CL_EXPLOIT")
    first = {code: listed.parent(code) or code for code in listed.codes}
    return rows.assign(exploitation=rows["exploitation"].map(first))


def _coarser(rows: pd.DataFrame, step: int) -> pd.DataFrame:
    if step == 1:
        return rows.assign(quarter=UNKNOWN, age=rows["age_group"])
    if step == 2:
        return rows.assign(country_exploitation=_side(rows, "country_exploitation", HOME, ABROAD), victim_status=UNKNOWN)
    if step == 3:
        return rows.assign(citizenship=_side(rows, "citizenship", NATIONAL, FOREIGN))
    if step == 4:
        return rows.assign(sex=UNKNOWN)
    return rows.assign(exploitation=UNKNOWN) if step == 5 else rows


def _side(rows: pd.DataFrame, field: str, own: str, other: str) -> np.ndarray:
    known = np.where(rows[field] == rows["reporting_country"], own, other)
    return np.where(rows[field] == UNKNOWN, UNKNOWN, known)


def measure(rows: pd.DataFrame) -> dict[str, object]:
    """Measure k over all identifiers and, of the rows to which it was given, the entropy l of every sensitive column.

    l is 2 to the power of the entropy in bits (Machanavajjhala and others, 2007); of columns given to nobody there is none.
    """
    alike = ", ".join(IDENTIFIERS)
    with in_memory() as connection:
        connection.register("given", rows)
        [(k,)] = connection.execute(f"SELECT min(n) FROM (SELECT count(*) AS n FROM given GROUP BY {alike})").fetchall()
        found: dict[str, float] = {}
        for name in SENSITIVE:
            of_class = f"SELECT 2 ** entropy({name}) AS l FROM given WHERE {name} <> '{WITHHELD}' GROUP BY {alike}"
            [(least,)] = connection.execute(f"SELECT round(min(l), 4) FROM ({of_class})").fetchall()
            if least is not None:
                found[name] = least
    return {"k": int(k), "l": min(found.values(), default=None), "l_by_column": found}
