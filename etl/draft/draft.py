"""One file in, one draft out: what was seen, what was chosen, what is asked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.draft.about import ASK, About, about
from etl.draft.choices import MAPPED, MEASURE, Choice, choose, constants_of, headers_of
from etl.draft.decided import House
from etl.draft.outside import file_name, without_personal_texts
from etl.draft.proof import Context
from etl.draft.sight import Sight, look
from etl.draft.signs import signs
from etl.draft.values import LEAST, NUMBER
from etl.draft.words import Words, words_of
from etl.errors import SourceError
from etl.fold import fold
from etl.source import HERE, Source
from schemas.places import countries

TABLES = ("victim", "suspect", "smuggling_incident", "smuggled_group", "observation")
# What stands in an answer that is still open, so that columns can be planned; it is never written.
OPEN = {"domain": "BOTH", "source_type": "_U", "count_unit": "CASE", "country": "several", "period": "2000", "period_type": "CY"}
DOUBTFUL_SIGNS = frozenset(map(fold, ("x", "*", "/", "?", "??", "|")))


@dataclass(frozen=True)
class Draft:
    """A draft: what was seen and what it may mean. `words` are by the place of their column, `constants` by field."""

    name: str
    sight: Sight
    about: About
    country: str
    source: Source
    choices: tuple[Choice, ...]
    words: Mapping[int, Words]
    constants: Mapping[str, str]
    missing: tuple[str, ...]
    doubtful_signs: tuple[str, ...]
    least: int
    today: datetime.date


def draft_of(
    path: Path,
    country: str | None,
    table: str | None,
    sheet: str | None,
    today: datetime.date,
    least: int = LEAST,
    declarations: Path = HERE,
) -> Draft:
    """Draft the declaration of a file.

    declarations: the folder whose decided words are taken over within one country, and offered to others.

    Errors: SourceError, one sentence, for a file that is no table, and for a country or table that does not exist.
    """
    _refuse_unknown(country, table)
    sight = without_personal_texts(look(path, sheet, Context(today, country), least))
    headers = headers_of(sight)
    answers = about(sight, headers, table)
    missing, doubtful = _missing(sight)
    source = _skeleton(sight, answers, country, missing)
    choices = choose(sight, headers, answers, source, today)
    house = House(country, declarations)
    words = {choice.place: words_of(choice, sight, source, house, least) for choice in choices if choice.state == MAPPED}
    constants = constants_of(choices, source)
    name, state = name_of(path, country), country or (OPEN["country"] if _several(choices, sight) else ASK)
    return Draft(name, sight, answers, state, source, tuple(choices), words, constants, missing, doubtful, least, today)


def _several(choices: list[Choice], sight: Sight) -> bool:
    """Tell a file of several states: a column of reporters holds more than one."""
    for choice in choices:
        if choice.plan is not None and choice.field in ("ref_area", "reporting_country"):
            column = sight.seen.columns[choice.place]
            return len({said.values[0] for value in column.values if (said := choice.plan.read(value)).values[0]} - {"_Z"}) > 1
    return False


def name_of(path: Path, country: str | None) -> str:
    """Give a name that a source may bear, from the country and what may be written of the name of the file."""
    parts = re.findall(r"[a-z0-9]+", fold(path.name.split(".")[0]))
    if file_name(path) is None:
        parts = []
    kept = [part for part in parts if not re.fullmatch(r"(?:19|20)?\d{2}", part) and part != (country or "").lower()][:3]
    return "_".join([(country or "new").lower(), *(kept or ["file"])])


def measures_of(draft: Draft) -> list[Choice]:
    """Give the columns whose headings count."""
    return [choice for choice in draft.choices if choice.state == MEASURE]


def _refuse_unknown(country: str | None, table: str | None) -> None:
    if country is not None and country not in countries():
        raise SourceError(f"there is no country {country!r}; write the three letters of ISO 3166-1, such as KEN or ETH")
    if table is not None and table not in TABLES:
        raise SourceError(f"there is no table {table!r}; choose one of {', '.join(TABLES)}")


def _missing(sight: Sight) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the signs that say that nothing is known, and those that may say it or something else."""
    sure: dict[str, None] = {}
    doubtful: dict[str, None] = {}
    zero = signs("zero")
    for profile, personal in zip(sight.profiles, sight.personal, strict=True):
        if personal.kind is not None:
            continue
        for sign in profile.missing:
            number = any(map(str.isdigit, sign))
            open_ = (number and profile.kind == NUMBER) or fold(sign) in zero or fold(sign) in DOUBTFUL_SIGNS
            (doubtful if open_ else sure)[sign.strip()] = None
    return tuple(sure), tuple(sign for sign in doubtful if sign not in sure)


def _skeleton(sight: Sight, answers: About, country: str | None, missing: tuple[str, ...]) -> Source:
    """Make a declaration of what is known, by which columns can be planned."""
    known = {
        "name": "draft_of_file",
        "title": "-",
        "publisher": "-",
        "country": country or OPEN["country"],
        "domain": answers.domain.value,
        "table": answers.table.value,
        "source_type": answers.sender.value,
        "count_unit": answers.unit.value,
        "languages": list(answers.languages),
        "period_type": answers.period_type,
        "calendar": answers.calendar or "GREG",
        "file": sight.form,
        "submissions": [{"period": OPEN["period"], "status": "NORESP"}],
        "missing": list(missing),
    }
    return Source.model_validate({key: OPEN.get(key, value) if value == ASK else value for key, value in known.items()})
