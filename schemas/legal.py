"""What each country's law counts as trafficking and smuggling, and how that differs from the Protocols."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LegalDefinition:
    """One act of one country. `covers_*` and `som_offence` are Y, N or _U; `flags` are codes of CL_OBS_STATUS."""

    iso3: str
    act: str
    year: str
    covers_domestic: str
    covers_men: str
    covers_labour: str
    som_offence: str
    child_age: str
    flags: tuple[str, ...]
    note: str
    source: str


@cache
def legal_definitions() -> tuple[LegalDefinition, ...]:
    """Read all acts, in the order of the list."""
    with (FOLDER / "legal_definitions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(LegalDefinition(flags=tuple(row.pop("flag").split()), **row) for row in csv.DictReader(lines))
