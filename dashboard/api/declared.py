"""What programs may ask: every address with what it takes and gives. The OpenAPI document and the checks are both made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.db import EDITION_NAME
from dashboard.exports import FORMATS
from dashboard.exports.options import BOTH, CODES, LABELS
from dashboard.exports.selection import CHOICES
from dashboard.filters import DIMENSIONS, LANGUAGES
from schemas.indicators import indicators
from schemas.tables import Field, table

BASE, SDMX = "/api/v1", "/sdmx/2.1"
# Part of every ETag: to be raised when the same question to the same edition is answered in other bytes.
VERSION = "1.1.0"
PAGE, LARGEST_PAGE = 1_000, 10_000
LONGEST_QUERY = 3_000
MOST_CODES = 20
JSON = "application/json"
CITATIONS = {
    "text": "text/plain",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a request may say: the JSON Schema of one value, and whether it may be said several times.

    formats: those of the parameter `format` for which it may say anything but what is its default; none means all.
    """

    name: str
    told: str
    schema: Mapping[str, Any]
    many: bool = False
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: its path, what it is for, what it takes, and the media types that it answers with.

    path: below `BASE`. within: whether it speaks of one edition; it then stands below that edition, where its answers never
    change, and its short address leads to the current edition. schema: the name of the JSON answer's schema.
    """

    name: str
    path: str
    told: str
    takes: tuple[Parameter, ...]
    gives: tuple[str, ...]
    schema: str
    within: bool = True

    @property
    def whole_path(self) -> str:
        """Give the path below `BASE`, with the edition."""
        return f"/editions/{{edition}}{self.path}" if self.within else self.path


def _codes(field: str, pattern: str) -> dict[str, Any]:
    """Give the schema of a field's codes, as far as an address of a page can name them."""
    one = FIELDS[field]
    if one.codes is None:
        return {"type": "string", "pattern": f"^({one.pattern})$", "maxLength": 12}
    return {"type": "string", "enum": [code for code in one.codes if re.fullmatch(pattern, code)]}


FIELDS: dict[str, Field] = {field.name: field for field in table("observation").fields if field.disclosure != "I"}
_COLUMN = {choice: field for field, choice in CHOICES.items()}
_TOLD = {
    "sex": "Sex of the persons counted; _T for all.",
    "age": "Age of the persons counted, such as Y0T17 or Y_GE18; _T for all.",
    "form": "Form of exploitation; _T for all.",
    "citizenship": "Citizenship of the persons counted, as ISO 3166-1 alpha-3; _T for all.",
    "kind": "Kind of institution that reports.",
}
_YEAR = {"type": "integer", "minimum": 1900, "maximum": 2099}
CHOSEN = (
    Parameter("country", "Country, as ISO 3166-1 alpha-3; all if none is named.", _codes("ref_area", "[A-Z]{3}"), many=True),
    Parameter("from", "First year; a year is that in which the period of a figure ends.", _YEAR),
    Parameter("to", "Last year.", _YEAR),
    Parameter("indicator", "Indicator; all if none is named.", {"type": "string", "enum": list(indicators())}, many=True),
    *(
        Parameter(name, f"{_TOLD[name]} All figures if none is named.", _codes(_COLUMN[choice], pattern), many=True)
        for name, (choice, pattern) in DIMENSIONS.items()
    ),
    Parameter("lang", "Language of labels and notes.", {"type": "string", "enum": list(LANGUAGES), "default": "en"}),
)
# The return for UNODC is a form to fill for one country and year, and no choice of figures.
FILES = {name: form for name, form in FORMATS.items() if name != "glotip"}
_WRITTEN = (
    Parameter(
        "format",
        "json gives pages; every other format gives the whole choice as one file; csvw describes the file of csv.",
        {"type": "string", "enum": ["json", *FILES], "default": "json"},
    ),
    Parameter(
        "limit",
        "The most figures of a page of json.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
        formats=("json",),
    ),
    Parameter(
        "after",
        "The key of the last figure of the page before; `next` and the header Link give it.",
        {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
        formats=("json",),
    ),
    Parameter(
        "labels",
        "What the cells of a file hold: codes, their labels, or both.",
        {"type": "string", "enum": [CODES, LABELS, BOTH], "default": CODES},
        formats=("csv", "csvw", "xlsx", "parquet", "jsonl", "geojson"),
    ),
    Parameter(
        "excel",
        "true for a CSV that a spreadsheet opens by a double click.",
        {"type": "boolean", "default": False},
        formats=("csv", "csvw"),
    ),
    Parameter(
        "notes",
        "Whether a file of text begins with notes on edition, choice, protection, licence and citation; if it is not said, CSV "
        "does, behind hashes, and JSON lines do not.",
        {"type": "boolean"},
        formats=("csv", "csvw", "jsonl"),
    ),
)
EDITION = Parameter("edition", "Name of an edition.", {"type": "string", "pattern": f"^{EDITION_NAME.pattern}$"})
# An older edition may have lists that the program no longer knows.
LIST = Parameter(
    "list",
    "Name of a code list, as `codelists` names them.",
    {
        "type": "string",
        "pattern": "^[A-Z][A-Z0-9_]{1,40}$",
        "examples": ["CL_SEX", "AREA", "COUNTRY", "INDICATOR", "RULE"],
    },
)
_CITED = Parameter("format", "json gives all forms at once.", {"type": "string", "enum": ["json", *CITATIONS], "default": "json"})
_FILES = tuple(dict.fromkeys(form.media.partition(";")[0] for form in FILES.values()))
OPERATIONS = (
    Operation("openapi", "/openapi.json", "This description, as OpenAPI 3.1.", (), (JSON,), "Description", within=False),
    Operation("editions", "/editions", "All editions, the newest first.", (), (JSON,), "Editions", within=False),
    Operation("edition", "", "One edition: its day, sources with their licences, and what it holds.", (), (JSON,), "Edition"),
    Operation("indicators", "/indicators", "The indicators: unit, formula, labels.", (), (JSON,), "Indicators"),
    Operation("codelists", "/codelists", "The names of all code lists.", (), (JSON,), "CodeLists"),
    Operation("codelist", "/codelists/{list}", "One code list: codes in order, with labels.", (), (JSON,), "CodeList"),
    Operation(
        "observations",
        "/observations",
        "Figures, by the choices that the pages take. Zero is obs_value 0; where obs_value is absent, obs_status says why: "
        "M or O not reported, Q suppressed, and any other code what it means in CL_OBS_STATUS.",
        (*CHOSEN, *_WRITTEN),
        (JSON, *_FILES),
        "Observations",
    ),
    Operation(
        "citation", "/citation", "How to cite an edition, or a choice of its figures.", (*CHOSEN, _CITED),
        (JSON, *CITATIONS.values()), "Citation",
    ),
)  # fmt: skip
