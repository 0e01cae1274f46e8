"""The same harmonisation in plain pandas and pandera, as a competent analyst would write it: file in, DuckDB file out."""

from __future__ import annotations

import datetime
import hashlib
import re
import sys
from pathlib import Path

import duckdb
import pandas as pd

from etl.bench.files import COUNTRIES, WORDS
from etl.secret import salt_for
from schemas.codelists import codelist
from schemas.contracts import contract
from schemas.tables import table

SUBMISSION = "KEN-2025-0001"
PERIOD_START, PERIOD_END = pd.Timestamp("2014-01-01"), pd.Timestamp("2025-12-31")
TODAY = pd.Timestamp("2026-01-31")
TOLERANCE = pd.Timedelta(days=31)  # days that a date may lie outside the period: rule V10
OLDEST, ADULT = 110, 18
MISSING = frozenset({"", "n/a", "pending", "en attente", "none", "aucune"})
REQUIRED = frozenset({"offence", "sex", "citizenship", "stage_highest"})
SEVERAL = frozenset({"roles"})  # more than one code in a cell, with ; between them
CODED = {
    "offence": "Offence / Infraction",
    "perp_type": "Type of suspect",
    "roles": "Role(s)",
    "sex": "Sex / Sexe",
    "citizenship": "Nationality / Nationalité",
    "relation_to_victim": "Relation to victim",
    "stage_highest": "Stage / Suite donnée",
    "instance": "Instance",
    "offence_convicted": "Convicted of",
    "exploitation_charged": "Form of exploitation",
    "sentence_types": "Sentence",
}
DATES = {"date_formal": "Date of arrest / Date d'arrestation", "date_charged": "Date charged / Date d'inculpation"}
NUMBERS = {"sentence_months": "Months", "n_victims": "Victims", "n_migrants": "Migrants"}
FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d %b %Y")


def harmonise_plainly(file: Path, data: Path) -> tuple[int, int]:
    """Harmonise one generated file into `peer.duckdb` in `data`: tables `suspect` and `refused` (source_row, field, rule_id).

    Lists are `|`-joined text, as the contract wants them. Gives the numbers of rows kept and refused.

    Errors: pandera's SchemaErrors where the kept rows break the contract of `suspect`.
    """
    cells = pd.read_csv(file, dtype=str, keep_default_na=False)
    rows = pd.DataFrame({"source_row": range(1, len(cells) + 1)})
    faults: list[pd.DataFrame] = []
    for field, header in CODED.items():
        rows[field] = _codes(cells[header], field, rows, faults)
    for field, header in DATES.items():
        rows[field] = _days(cells[header], field, rows, faults)
    for field, header in NUMBERS.items():
        rows[field] = _number(cells[header], field, rows, faults)
    _ages(cells["Age"], rows, faults)
    _fines(cells["Fine"], rows, faults)
    rows["case_key"] = _hashes(cells["Case No. / N° dossier"], salt_for(data, "KEN"))
    rows["legal_basis"] = cells["Law"].str.strip()
    del cells
    _check(rows, faults)
    refused = pd.concat(faults, ignore_index=True)
    kept = _completed(rows[~rows["source_row"].isin(refused["source_row"])])
    contract("suspect").validate(kept, lazy=True)
    with duckdb.connect(str(data / "peer.duckdb")) as connection:
        connection.execute("CREATE TABLE suspect AS SELECT * FROM kept")
        connection.execute("CREATE TABLE refused AS SELECT * FROM refused")
        connection.execute("CHECKPOINT")
    return len(kept), refused["source_row"].nunique()


def _codes(cells: pd.Series[str], field: str, rows: pd.DataFrame, faults: list[pd.DataFrame]) -> pd.Series[str]:
    """Recode a column by the list of its words; an unknown word refuses the row where the field is required."""
    words = {code: [code] for code in COUNTRIES} if field == "citizenship" else WORDS[CODED[field]]
    codes = {word.lower(): code for code, known in words.items() for word in known}
    folded = cells.str.strip().str.lower()
    if field in SEVERAL:
        codes = {text: _list_of_codes(text, codes) for text in folded.unique()}
    recoded = folded.map({text: code for text, code in codes.items() if text not in MISSING and code})
    if field in REQUIRED:
        _refuse(recoded.isna(), field, "V01", rows, faults)
    return recoded.astype("str")


def _list_of_codes(text: str, codes: dict[str, str]) -> str:
    found = [codes.get(part.strip(), "") for part in text.split(";")]
    return "|".join(dict.fromkeys(found)) if all(found) else ""


def _days(cells: pd.Series[str], field: str, rows: pd.DataFrame, faults: list[pd.DataFrame]) -> pd.Series[pd.Timestamp]:
    """Read the dates of a column, each distinct one once; a day that does not exist refuses the row."""
    written = {text: _day(text.strip()) for text in cells.unique()}
    days: pd.Series[pd.Timestamp] = pd.to_datetime(cells.map(written)).astype("datetime64[s]")
    _refuse(days.isna() & ~cells.isin(MISSING), field, "V10", rows, faults)
    return days


def _day(text: str) -> datetime.datetime | None:
    for form in FORMS:
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _number(cells: pd.Series[str], field: str, rows: pd.DataFrame, faults: list[pd.DataFrame]) -> pd.Series[int]:
    texts = cells.str.strip().str.lower()
    told = ~texts.isin(MISSING)
    plain = texts.str.fullmatch(r"\d+")
    _refuse(told & ~plain, field, "V28", rows, faults)
    return pd.to_numeric(texts.where(plain)).astype("Int64")


def _ages(cells: pd.Series[str], rows: pd.DataFrame, faults: list[pd.DataFrame]) -> None:
    """Read `34`, `34 yrs` and `30-35` as a span of years and a group."""
    spans = {text: re.fullmatch(r"(\d+)(?:-(\d+))?(?: yrs)?", text.strip()) for text in cells.unique()}
    lowest = cells.map({text: int(span[1]) for text, span in spans.items() if span})
    highest = cells.map({text: int(span[2] or span[1]) for text, span in spans.items() if span})
    told = ~cells.isin(MISSING)
    _refuse(told & (lowest.isna() | (highest > OLDEST) | (lowest > highest)), "age", "V03", rows, faults)
    rows["age_min"], rows["age_max"] = lowest.astype("Int64"), highest.astype("Int64")
    group = pd.Series("_U", index=cells.index).mask(lowest >= ADULT, "Y_GE18").mask(highest < ADULT, "Y0T17")
    rows["age_group"] = group.where(told)


def _fines(cells: pd.Series[str], rows: pd.DataFrame, faults: list[pd.DataFrame]) -> None:
    """Read `KES 1,500` as an amount and a currency."""
    parts = cells.str.strip().str.extract(r"^([A-Z]{3}) ?([0-9,]+)$")
    _refuse(~cells.isin(MISSING) & parts[1].isna(), "fine", "V28", rows, faults)
    rows["fine_currency"] = parts[0]
    rows["fine_amount"] = pd.to_numeric(parts[1].str.replace(",", "", regex=False)).astype("float64")


def _hashes(cells: pd.Series[str], salt: str) -> list[str]:
    return [hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()[:16] for key in cells.str.strip().str.lower()]


def _check(rows: pd.DataFrame, faults: list[pd.DataFrame]) -> None:
    """Ask the rules that look at several fields of a row; V13 asks for the keys of persons, which these files lack."""
    formal, charged = rows["date_formal"], rows["date_charged"]
    latest = rows[["date_formal", "date_charged"]].max(axis=1)
    start, end = PERIOD_START - TOLERANCE, PERIOD_END + TOLERANCE
    inside = formal.between(start, end) | charged.between(start, end)
    _refuse((latest > TODAY) | (latest.notna() & ~inside), "", "V10", rows, faults)
    _refuse(charged < formal, "", "V20", rows, faults)
    convicted = rows["stage_highest"].isin(["CONV1", "CONVF"])
    without_sentence = convicted & rows["sentence_months"].isna() & rows["sentence_types"].isna()
    flags = pd.Series("", index=rows.index).mask(convicted & rows["offence_convicted"].isna(), "V21")
    without_currency = rows["fine_amount"].notna() & rows["fine_currency"].isna()
    rows["dq_flags"] = flags.mask(without_sentence | without_currency, (flags + "|V22").str.lstrip("|"))


def _completed(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what all rows share or what follows from the others, and put the columns in their declared order."""
    listed = codelist("CL_OFFENCE")
    classes = {code: listed.crosswalk(code, "iccs") for code in listed.codes}
    rows = rows.assign(
        suspect_id=f"{SUBMISSION}-" + rows["source_row"].astype(str),
        submission_id=SUBMISSION,
        person_key=None,
        reporting_country="KEN",
        source_type="COURT",
        ref_year=rows["date_formal"].where(rows["date_formal"].notna(), rows["date_charged"]).dt.year,
        iccs_code=rows["offence"].map({code: iccs for code, iccs in classes.items() if iccs}),
        date_verdict1=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]"),
        date_final=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]"),
        assets_confiscated_usd=float("nan"),
    )
    return rows[[field.name for field in table("suspect").fields]]


def _refuse(wrong: pd.Series[bool], field: str, rule: str, rows: pd.DataFrame, faults: list[pd.DataFrame]) -> None:
    faults.append(rows.loc[wrong, ["source_row"]].assign(field=field, rule_id=rule))


if __name__ == "__main__":
    harmonise_plainly(Path(sys.argv[1]), Path(sys.argv[2]))
