"""Code lists: what each code means, its labels by language and its counterparts in other standards."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "codelists"
LANGUAGES = ("en", "fr", "ar", "sw", "am")
STANDARDS = ("ic_tip", "htcds", "ctdc", "glotip", "sdg_16_2_2", "sdmx", "iccs", "mmp", "ctdc_synthetic", "ilo")


# What a list says of a standard that has no column in it.
_ABSENT = {True: "none", False: ""}


class UnknownCodeError(LookupError):
    """Say which code list, code, language or standard was asked for and does not exist."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """Hold one code list: `rows` gives every column of its CSV by code, in the order of the file."""

    name: str
    rows: Mapping[str, Mapping[str, str]]

    @property
    def codes(self) -> tuple[str, ...]:
        """Give all codes in the order of the list."""
        return tuple(self.rows)

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def label(self, code: str, language: str = "en") -> str:
        """Give the label of a code; English where the list has none in that language."""
        row = self._row(code)
        if language not in LANGUAGES:
            raise UnknownCodeError(f"{self.name}: no labels in {language!r}; there are {', '.join(LANGUAGES)}")
        return row[f"label_{language}"] or row["label_en"]

    def definition(self, code: str) -> str:
        """Give the one English sentence that says what a code means."""
        return self._row(code)["definition"]

    def parent(self, code: str) -> str | None:
        """Give the code one level up; None at the top."""
        return self._row(code)["parent"] or None

    def rank(self, code: str) -> int | None:
        """Give the place of a code in an ordered list such as the justice stages; None where order means nothing."""
        rank = self._row(code)["rank"]
        return int(rank) if rank else None

    def crosswalk(self, code: str, standard: str) -> str | None:
        """Give the exact string of another standard; several are parted by ` | `; None where it has none."""
        return self._crosswalk_column(code, standard) or None

    def match(self, code: str, standard: str) -> str:
        """Say how the other standard's string relates to ours: exact, broad, narrow, related or none (SSSOM)."""
        return self._crosswalk_column(code, f"{standard}_match")

    def _crosswalk_column(self, code: str, column: str) -> str:
        row = self._row(code)
        if column.removesuffix("_match") not in STANDARDS:
            raise UnknownCodeError(f"{self.name}: no standard {column!r}; there are {', '.join(STANDARDS)}")
        return row[column] if column in row else _ABSENT[column.endswith("_match")]

    def _row(self, code: str) -> Mapping[str, str]:
        if code not in self.rows:
            raise UnknownCodeError(f"{self.name}: no code {code!r}; there are {', '.join(self.rows)}")
        return self.rows[code]


@cache
def codelist(name: str) -> CodeList:
    """Give a code list by its name, such as `CL_SEX`; raises UnknownCodeError when there is none."""
    if name not in codelist_names():
        raise UnknownCodeError(f"no code list {name!r}; there are {', '.join(codelist_names())}")
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    for row in _more().get(name, ()):
        rows[row["code"]] |= {row["standard"]: row["string"], f"{row['standard']}_match": row["match"]}
    return CodeList(name, rows)


@cache
def _more() -> dict[str, list[dict[str, str]]]:
    """Read the counterparts in standards that few lists have, by list; a standard has one string for a code there."""
    found: dict[str, list[dict[str, str]]] = {}
    with (FOLDER.parent / "crosswalks.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["list"], []).append(row)
    return found


@cache
def codelist_names() -> tuple[str, ...]:
    """Give the names of all code lists, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("CL_*.csv")))
