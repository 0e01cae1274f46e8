"""A small house of its own in a temporary folder: a declaration or two, what was received, and the editions made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warm import Ended, Warm

DAY = "2026-01-31"
# All invented: no row describes a real person or case.
DECLARATION = """\
title: Register of a station that does not exist
publisher: Nobody
country: KEN
domain: TIP
table: victim
source_type: POLICE
count_unit: VICTIM
invented: true
languages: [eng]
file: {format: csv}
submissions: [{file: register.csv, period: 2021, received: 2022-01-10}]
columns:
  case_key: {column: Case}
  date_identified: {column: Date}
  sex: {column: Sex}
  age: {column: Age}
  citizenship: {column: Nationality}
  exploitation_forms: {column: Form, words: {LAB_DOM: [Housework], BEG: [Begging]}}
constants: {victim_status: IDENTIFIED, age_reference: IDENTIFICATION, trafficking_scope: DOM,
  country_exploitation: KEN, consent_stat_use: _U}
ignore: {Remarks: free text about persons}
"""
HEADINGS = "Case,Date,Sex,Age,Nationality,Form,Remarks"
ROWS = [
    "1,2021-02-03,F,17,Kenya,Housework,none",
    "2,2021-03-04,M,25,Uganda,Begging,none",
    "3,2021-04-05,F,31,Kenya,Begging,none",
    "4,2021-05-06,F,12,Somalia,Housework,none",
    "5,2021-06-07,M,44,Kenya,Begging,none",
]
REGISTER = "\n".join([HEADINGS, *ROWS, ""])
FLAT = """\
title: Calls to a help line that does not exist
publisher: Nobody
country: UGA
domain: TIP
table: victim
source_type: NGO
count_unit: VICTIM
invented: true
languages: [eng]
submissions: [{file: calls.csv, period: 2022}]
accept_refused: {share: 0.2, because: the file of this test holds rows that are to be refused}
columns:
  sex: {column: Caller, words: {F: [girl], M: [boy]}}
  citizenship: {column: From}
  exploitation_forms: {column: Work, words: {LAB_DOM: [house], LAB_HERD: [cattle]}}
constants: {victim_status: PRESUMED, age_group: _U, age_reference: _U, trafficking_scope: _U,
  country_exploitation: UGA, consent_stat_use: _U}
"""
CALLS = "Caller,From,Work\ngirl,Uganda,house\nboy,Kenya,cattle\nboy,Uganda,cattle\ngirl,Rwanda,house\ngirl,Uganda,quarrel\n"


@dataclass(frozen=True)
class House:
    """Folders of declarations, of received files and of data, and the warm process that builds from them."""

    folder: Path
    warm: Warm

    @property
    def data(self) -> Path:
        """Give the folder that holds the editions."""
        return self.folder / "data"

    def declare(self, name: str, text: str = DECLARATION) -> Path:
        """Write the declaration of a source."""
        path = self.folder / "sources" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def receive(self, name: str, content: str | bytes = REGISTER, file: str = "register.csv") -> Path:
        """Put a file into the folder of a source."""
        path = self.folder / "raw" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def words(self, day: str = DAY) -> list[str]:
        """Give the words of the command that builds this house."""
        folders = {"--sources": "sources", "--raw": "raw", "--data": "data"}
        (self.folder / "raw").mkdir(parents=True, exist_ok=True)
        return [
            "build",
            "--samples",
            "--day",
            day,
            *(word for option, name in folders.items() for word in (option, str(self.folder / name))),
        ]

    def build(self, day: str = DAY, **befalls: object) -> Ended:
        """Build an edition; see `tests.warm.Asked` for what may befall the build."""
        return self.warm.run(*self.words(day), **befalls)
