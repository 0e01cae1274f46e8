"""What each country's law counts as trafficking and smuggling, and how that differs from the Protocols."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.tables import UNKNOWN

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LegalDefinition:
    """One act of one country.

    `assented`, `commenced` and `repealed` are a day, month or year in ISO 8601, empty where unknown or, for the last, where the
    act is in force as far as known. `subject` is TIP, SOM or TIP+SOM; `covers_*` and `som_offence` are Y, N or _U; `child_age`
    is a number or _U; `articles` and `penalties` are those that were read; `flags` are codes of CL_OBS_STATUS.
    """

    iso3: str
    act: str
    assented: str
    commenced: str
    repealed: str
    subject: str
    covers_domestic: str
    covers_men: str
    covers_labour: str
    som_offence: str
    child_age: str
    articles: str
    penalties: str
    flags: tuple[str, ...]
    note: str
    source: str

    @property
    def year(self) -> str:
        """Give the year from which the act counts: of its commencement, else of its date; _U where neither is known."""
        return (self.commenced or self.assented)[:4] or UNKNOWN


@cache
def legal_definitions() -> tuple[LegalDefinition, ...]:
    """Read all acts, in the order of the list."""
    with (FOLDER / "legal_definitions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(LegalDefinition(flags=tuple(row.pop("flag").split()), **row) for row in csv.DictReader(lines))
