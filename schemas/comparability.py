"""What makes two series comparable or not: the checks in order, what is known of the laws, indicators that look alike."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.codelists import codelist
from schemas.legal import LegalDefinition, legal_definitions
from schemas.tables import UNKNOWN

HERE = Path(__file__).parent
LIST = "CL_COMPARABILITY"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `comparability.csv`: a reason, and how it is found.

    `test` is `differs` (a fact has more than one value in the two), `differs_at_home` (the same within one country),
    `either` (a fact holds of one of them), `flag` (a figure of one carries one of the flags), `flag_or_law` (a figure or
    the law does), or a question to the laws: `law` (one leaves out what the other may not), `law_differs`, `law_year`,
    `law_unknown`. `fact` is a fact's name, or `name=CODE`; several are joined by `|`. `detail` is the fact whose values
    tell the reader what differs, labelled by `codelist`. A check with a `domain` is for indicators of that domain alone,
    and not for sources of the kinds in `excluded`, which do not count by a national law, `unless` a fact holds: what such
    a body publishes about a state is that state's own count.
    """

    reason: str
    test: str
    facts: tuple[str, ...]
    detail: str
    codelist: str
    domain: str
    excluded: tuple[str, ...]
    unless: str

    @property
    def severity(self) -> str:
        """Give REFUSE, MARK or NOTE: the code above the reason in its list."""
        found = codelist(LIST).parent(self.reason)
        assert found is not None, self.reason
        return found


@dataclass(frozen=True, slots=True)
class Law:
    """What the acts of one state on trafficking cover, as far as known: Y, N or `_U`; their flags; the years of later acts."""

    covers: dict[str, str]
    flags: frozenset[str]
    changed: tuple[int, ...]


@cache
def checks() -> tuple[Check, ...]:
    """Read all checks, in the order in which their reasons are told."""
    return tuple(
        Check(
            reason=row["reason"],
            test=row["test"],
            facts=tuple(row["fact"].split("|")) if row["fact"] else (),
            detail=row["detail"],
            codelist=row["codelist"],
            domain=row["domain"],
            excluded=tuple(row["except"].split("|")) if row["except"] else (),
            unless=row["unless"],
        )
        for row in _rows("comparability.csv")
    )


@cache
def laws() -> dict[str, Law]:
    """Read what is known of each state's law on trafficking; of several acts the latest that says something counts."""
    found: dict[str, list[LegalDefinition]] = {}
    for act in legal_definitions():
        # an act on smuggling says nothing of trafficking
        if act.subject != "SOM":
            found.setdefault(act.iso3, []).append(act)
    return {country: _law(acts) for country, acts in found.items()}


@cache
def families() -> dict[str, str]:
    """Give for each indicator that looks like others, and is not the same, the first of their family."""
    first: dict[str, str] = {}
    rows = _rows("indicator_families.csv")
    return {row["indicator"]: first.setdefault(row["family"], row["indicator"]) for row in rows}


def _law(acts: list[LegalDefinition]) -> Law:
    ordered = sorted(acts, key=lambda act: act.year if act.year != UNKNOWN else "")
    columns = ("covers_domestic", "covers_men", "covers_labour", "child_age")
    said = {name: [str(getattr(act, name)) for act in reversed(ordered)] for name in columns}
    covers = {name: next((value for value in values if value != UNKNOWN), UNKNOWN) for name, values in said.items()}
    flags = frozenset(flag for act in ordered for flag in act.flags)
    return Law(covers, flags, tuple(int(act.year) for act in ordered[1:] if act.year != UNKNOWN))


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
