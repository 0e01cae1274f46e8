"""Case rows in, case rows of which at least k look the same out: coarsened step by step, else left out, and measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from etl.editions import Edition
from etl.errors import SourceError
from etl.inspect import reading
from etl.report import Listing, Report
from schemas.codelists import codelist

if TYPE_CHECKING:
    import pandas as pd

# What somebody who knows a victim may know of her; all of it is counted when it is said that k look the same.
IDENTIFIERS = (
    "reporting_country", "ref_year", "quarter", "sex", "age", "citizenship", "country_exploitation", "exploitation",
)  # fmt: skip
# What he must not learn: within rows that look the same, at least two answers, or none is given.
SENSITIVE = ("means_control", "recruiter_relation", "migration_status", "disability")
LEAST_DIVERSE = 2
WITHHELD = "_X"
HOME, ABROAD, NATIONAL, FOREIGN, UNKNOWN = "HOME", "ABROAD", "NAT", "FOR", "_U"
STEPS = (
    "as it stands, by quarter and age band",
    "year and age group",
    "and home or abroad for the country of exploitation",
    "and nationals or foreigners for citizenship",
    "and sex left out",
    "and form of exploitation left out",
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


def export_records(edition: Edition, path: Path, k: int, countries: tuple[str, ...]) -> Report:
    """Write victims who agreed to statistical use, at least k of whom look the same, as CSV with a file of notes beside it.

    Facts: `rows` (that may leave), `kept`, `kept_share`, `generalised`, `left_out`, `without_consent`, `k`, `l`.
    Errors: SourceError where no row may leave.
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
    kept = coarsened(agreed, k)
    if kept.empty:
        raise SourceError(f"{edition.name}: of {len(agreed)} rows no {k} look the same; ask for more countries, or for totals")
    kept, withheld = diverse(kept)
    measured = measure(kept)
    if cast(int, measured["k"]) < k:
        raise AssertionError(f"rows of which {measured['k']} look the same were about to leave where {k} are asked for")
    steps: list[tuple[object, ...]] = [(STEPS[step], int((kept["step"] == step).sum())) for step in range(len(STEPS))]
    facts: dict[str, object] = {
        "edition": edition.name, "file": path.name, "rows": len(agreed), "kept": len(kept),
        "kept_share": round(len(kept) / len(agreed), 4), "generalised": int((kept["step"] > 0).sum()),
        "left_out": len(agreed) - len(kept), "without_consent": len(rows) - len(agreed), "asked_k": k, **measured,
    }  # fmt: skip
    sentences = [
        f"{len(kept)} of {len(agreed)} rows are written ({facts['kept_share']:.1%}); {facts['left_out']} are left out",
        f"{facts['without_consent']} rows without consent to statistical use stay where they are",
        f"measured with pycanon: k = {measured['k']} over {', '.join(IDENTIFIERS)}; l = {measured['l']}",
    ]
    columns = [*IDENTIFIERS, "victim_status", *SENSITIVE]
    # rows that look the same stand together: the order of the register would tell of single persons
    kept = kept.sort_values(columns, kind="stable")
    path.parent.mkdir(parents=True, exist_ok=True)
    kept[columns].to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    report = Report(
        facts,
        sentences,
        [Listing("rows by how far they were coarsened", ("step", "rows"), steps),
         Listing("sensitive columns withheld", ("column", "rows"), withheld)],
    )  # fmt: skip
    notes = [f"{name}: {value}" for name, value in facts.items()]
    notes += (
        sentences + [f"{step}: {count} rows" for step, count in steps] + [f"{name}: withheld in {n} rows" for name, n in withheld]
    )
    path.with_suffix(".notes.txt").write_text("\n".join(notes) + "\n", encoding="utf-8")
    return report


def coarsened(rows: pd.DataFrame, k: int) -> pd.DataFrame:
    """Coarsen rows step by step: what k others look like leaves as it is, the rest goes one step on, and is left out at last."""
    import pandas as pd

    listed = codelist("CL_EXPLOIT")
    first = {code: listed.parent(code) or code for code in listed.codes}
    rest = rows.assign(exploitation=rows["exploitation"].map(first), step=0)
    done: list[pd.DataFrame] = []
    for step in range(len(STEPS)):
        rest = _coarser(rest, step).assign(step=step)
        alike = rest.groupby(list(IDENTIFIERS))["step"].transform("size") >= k
        done.append(rest.loc[alike])
        rest = rest.loc[~alike]
    return pd.concat(done)


def _coarser(rows: pd.DataFrame, step: int) -> pd.DataFrame:
    if step == 1:
        return rows.assign(quarter=UNKNOWN, age=rows["age_group"])
    if step == 2:
        return rows.assign(country_exploitation=_side(rows, "country_exploitation", HOME, ABROAD))
    if step == 3:
        return rows.assign(citizenship=_side(rows, "citizenship", NATIONAL, FOREIGN))
    if step == 4:
        return rows.assign(sex=UNKNOWN)
    return rows.assign(exploitation=UNKNOWN) if step == 5 else rows


def _side(rows: pd.DataFrame, field: str, own: str, other: str) -> np.ndarray:
    known = np.where(rows[field] == rows["reporting_country"], own, other)
    return np.where(rows[field] == UNKNOWN, UNKNOWN, known)


def diverse(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Withhold a sensitive column from rows that look the same and have one answer only; give how many rows each lost."""
    withheld: list[tuple[object, ...]] = []
    rows = rows.copy()
    for name in SENSITIVE:
        alike = rows.groupby(list(IDENTIFIERS))[name].transform("nunique") < LEAST_DIVERSE
        rows[name] = rows[name].mask(alike, WITHHELD)
        withheld.append((name, int(alike.sum())))
    return rows, withheld


def measure(rows: pd.DataFrame) -> dict[str, object]:
    """Measure k over all identifiers and, of the rows to which it was given, l of every sensitive column, with pycanon."""
    from pycanon.anonymity import k_anonymity, l_diversity

    found: dict[str, int] = {}
    for name in SENSITIVE:
        given = rows.loc[rows[name] != WITHHELD]
        if not given.empty:
            found[name] = int(l_diversity(given.reset_index(drop=True), list(IDENTIFIERS), [name]))
    return {
        "k": int(k_anonymity(rows.reset_index(drop=True), list(IDENTIFIERS))),
        "l": min(found.values(), default=None),
        "l_by_column": found,
    }
