"""How the peer reads one distinct value: the value in, what it says and how it was understood out, as plain Python."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import partial

from etl.bench.files import COUNTRIES, WORDS

OLDEST, ADULT = 110, 18
MISSING = frozenset({"", "n/a", "pending", "en attente", "none", "aucune"})
REQUIRED = frozenset({"offence", "sex", "citizenship", "stage_highest"})
SEVERAL = frozenset({"roles", "relation_to_victim", "exploitation_charged", "sentence_types"})  # fields that are lists
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
FORMS = {"%Y-%m-%d": "EXACT", "%d/%m/%Y": "DECLARED", "%d %b %Y": "ALIAS"}
AGE = re.compile(r"(\d+)(?:-(\d+))?( yrs)?")
FINE = re.compile(r"([A-Z]{3}) ?([0-9,]+)")

# What is read: values by field, `match`, and `rule` and `note` where a rule is broken.
Said = dict[str, object]


def readings() -> dict[str, tuple[str, str, tuple[str, ...], Callable[[str], Said]]]:
    """Give for each column of rulings its heading, the kind of reading, the fields that it gives and the reading itself."""
    found: dict[str, tuple[str, str, tuple[str, ...], Callable[[str], Said]]] = {}
    for field, header in DATES.items():
        found[field] = (header, "date", (field,), partial(_date, field))
    for field, header in CODED.items():
        kind = "country" if field == "citizenship" else "codes" if field in SEVERAL else "code"
        found[field] = (header, kind, (field,), partial(_code, field, lexicon(field)))
    found["age"] = ("Age", "age", ("age_min", "age_max", "age_group"), _age)
    found["sentence_months"] = ("Months", "months", ("sentence_months",), partial(_number, "sentence_months"))
    found["fine"] = ("Fine", "money", ("fine_amount", "fine_currency"), _fine)
    found["n_victims"] = ("Victims", "integer", ("n_victims",), partial(_number, "n_victims"))
    found["n_migrants"] = ("Migrants", "count", ("n_migrants",), partial(_number, "n_migrants"))
    found["legal_basis"] = ("Law", "text", ("legal_basis",), _text)
    return found


def fold(text: str) -> str:
    """Give a word as it is looked up."""
    return text.strip().lower()


def lexicon(field: str) -> dict[str, str]:
    """Give the code of each folded word that a field's files use."""
    words = {code: [code] for code in COUNTRIES} if field == "citizenship" else WORDS[CODED[field]]
    return {fold(word): code for code, known in words.items() for word in known}


def _code(field: str, lexicon: dict[str, str], text: str) -> Said:
    folded = fold(text)
    if folded in MISSING:
        return {"match": "MISSING"}
    codes = [lexicon.get(part.strip()) for part in (folded.split(";") if field in SEVERAL else [folded])]
    if None in codes:
        note = f"{text!r} is not a known word of {field}"
        said: Said = {"match": "NONE", "note": note, "rule": "V01" if field in REQUIRED else "V01W"}
        return said | {field: "_U"} if field in REQUIRED else said
    return {field: "|".join(dict.fromkeys(filter(None, codes))), "match": "DECLARED"}


def _date(field: str, text: str) -> Said:
    if fold(text) in MISSING:
        return {"match": "MISSING"}
    for form, match in FORMS.items():
        try:
            return {field: datetime.datetime.strptime(text.strip(), form), "match": match}
        except ValueError:
            continue
    return {"match": "NONE", "rule": "V10", "note": f"{text!r} is no day of the calendar; look at it in the file"}


def _age(text: str) -> Said:
    if fold(text) in MISSING:
        return {"match": "MISSING"}
    found = AGE.fullmatch(text.strip())
    lowest, highest = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if found is None or lowest > highest or highest > OLDEST:
        return {"match": "NONE", "rule": "V03", "note": f"{text!r} is not an age between 0 and {OLDEST}; look at it in the file"}
    group = "Y_GE18" if lowest >= ADULT else "Y0T17" if highest < ADULT else "_U"
    return {"age_min": lowest, "age_max": highest, "age_group": group, "match": "FOLDED" if found[3] else "EXACT"}


def _number(field: str, text: str) -> Said:
    if fold(text) in MISSING:
        return {"match": "MISSING"}
    if not text.strip().isdecimal():
        return {"match": "NONE", "rule": "V28", "note": f"{text!r} is no number; look at it in the file"}
    return {field: int(text), "match": "EXACT"}


def _fine(text: str) -> Said:
    if fold(text) in MISSING:
        return {"match": "MISSING"}
    found = FINE.fullmatch(text.strip())
    if found is None:
        return {"match": "NONE", "rule": "V28", "note": f"{text!r} is no sum of money; look at it in the file"}
    return {"fine_amount": float(found[2].replace(",", "")), "fine_currency": found[1], "match": "ALIAS"}


def _text(text: str) -> Said:
    return {"legal_basis": text.strip(), "match": "EXACT"} if fold(text) not in MISSING else {"match": "MISSING"}
