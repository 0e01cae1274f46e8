"""How the plain peer reads a column: every row of it, with the string and date functions that pandas has for whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from etl.bench.peer_readings import ADULT, AGE, CODED, DATES, FINE, FORMS, MISSING, OLDEST, REQUIRED, SEVERAL, lexicon

LOOK = "look at it in the file"
# What a column of cells becomes: one row a cell, with the columns of `peer_readings.Said`.
Read = Callable[[pd.Series], pd.DataFrame]


def column_readings() -> dict[str, Read]:
    """Give the reading of each column of rulings, by field; each says of every cell what that of `peer_readings` says."""
    return {
        **{field: partial(_dates, field) for field in DATES},
        **{field: partial(_several if field in SEVERAL else _codes, field, lexicon(field)) for field in CODED},
        **{field: partial(_numbers, field) for field in ("sentence_months", "n_victims", "n_migrants")},
        "age": _ages,
        "fine": _fines,
        "legal_basis": _texts,
    }


def _said(
    cells: pd.Series,
    missing: pd.Series,
    match: str | np.ndarray,
    values: Mapping[str, object],
    wrong: pd.Series,
    rule: str,
    note: str,
) -> pd.DataFrame:
    """Put together what a column says; `note` has `{}` where the cell is repeated."""
    rules, notes = np.full(len(cells), None, dtype=object), np.full(len(cells), None, dtype=object)
    rules[wrong] = rule
    notes[wrong] = [note.format(repr(cell)) for cell in cells[wrong]]
    said = np.where(missing, "MISSING", np.where(wrong, "NONE", match))
    return pd.DataFrame({**values, "match": said, "rule": rules, "note": notes}, index=cells.index)


def _stripped(cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Give the cells without padding, and which of them say nothing."""
    text = cells.str.strip()
    return text, text.str.lower().isin(MISSING)


def _codes(field: str, known: dict[str, str], cells: pd.Series) -> pd.DataFrame:
    folded = cells.str.strip().str.lower()
    return _coded(field, cells, folded.isin(MISSING), folded.map(known))


def _several(field: str, known: dict[str, str], cells: pd.Series) -> pd.DataFrame:
    def _joined(text: str) -> str | None:
        codes = [known.get(part.strip()) for part in text.split(";")]
        return None if None in codes else "|".join(dict.fromkeys(filter(None, codes)))

    folded = cells.str.strip().str.lower()
    missing = folded.isin(MISSING)
    return _coded(field, cells, missing, folded[~missing].map(_joined).reindex(cells.index))


def _coded(field: str, cells: pd.Series, missing: pd.Series, codes: pd.Series) -> pd.DataFrame:
    codes = codes.mask(missing)
    wrong = codes.isna() & ~missing
    if field in REQUIRED:
        codes = codes.mask(wrong, "_U")
    rule = "V01" if field in REQUIRED else "V01W"
    return _said(cells, missing, "DECLARED", {field: codes}, wrong, rule, f"{{}} is not a known word of {field}")


def _dates(field: str, cells: pd.Series) -> pd.DataFrame:
    text, missing = _stripped(cells)
    days = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    match = np.full(len(cells), "NONE", dtype=object)
    left = ~missing
    for form, name in FORMS.items():
        found = pd.to_datetime(text[left], format=form, errors="coerce").dropna().astype("datetime64[s]")
        days.loc[found.index] = found
        match[found.index] = name
        left[found.index] = False
    return _said(cells, missing, match, {field: days}, left, "V10", f"{{}} is no day of the calendar; {LOOK}")


def _ages(cells: pd.Series) -> pd.DataFrame:
    text, missing = _stripped(cells)
    parts = text.str.extract(f"^{AGE.pattern}$")
    lowest = pd.to_numeric(parts[0]).astype("Int32")
    highest = pd.to_numeric(parts[1]).astype("Int32").fillna(lowest)
    wrong = ~missing & (lowest.isna() | (lowest > highest) | (highest > OLDEST)).fillna(True).astype(bool)
    lowest, highest = lowest.mask(wrong), highest.mask(wrong)
    group = pd.Series("_U", index=cells.index).mask(lowest >= ADULT, "Y_GE18").mask(highest < ADULT, "Y0T17").mask(lowest.isna())
    match = np.where(parts[2].notna(), "FOLDED", "EXACT")
    values = {"age_min": lowest, "age_max": highest, "age_group": group}
    return _said(cells, missing, match, values, wrong, "V03", f"{{}} is not an age between 0 and {OLDEST}; {LOOK}")


def _numbers(field: str, cells: pd.Series) -> pd.DataFrame:
    text, missing = _stripped(cells)
    plain = text.str.isdecimal()
    values = {field: pd.to_numeric(text.where(plain)).astype("Int32")}
    return _said(cells, missing, "EXACT", values, ~missing & ~plain, "V28", f"{{}} is no number; {LOOK}")


def _fines(cells: pd.Series) -> pd.DataFrame:
    text, missing = _stripped(cells)
    parts = text.str.extract(f"^{FINE.pattern}$")
    values = {"fine_amount": pd.to_numeric(parts[1].str.replace(",", "")), "fine_currency": parts[0]}
    return _said(cells, missing, "ALIAS", values, ~missing & parts[0].isna(), "V28", f"{{}} is no sum of money; {LOOK}")


def _texts(cells: pd.Series) -> pd.DataFrame:
    text, missing = _stripped(cells)
    none = pd.Series(False, index=cells.index)
    return _said(cells, missing, "EXACT", {"legal_basis": text.mask(missing)}, none, "", "")
