"""How an export is to be written: which labels, long or wide, and what a spreadsheet needs."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.filters import FilterError

CODES, LABELS, BOTH = "codes", "labels", "both"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
# The languages whose spreadsheets part values with a semicolon, since the comma parts the decimals.
DECIMAL_COMMA = ("fr",)


class ExportError(Exception):
    """Say which export cannot be made, and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the writer of a file has chosen beside the filters.

    labels: codes, labels or both. wide: the dimension whose codes become columns; None for one figure a row. indicators:
    those to be taken instead of the one of the filters; an empty tuple takes all. excel: a file of text as a spreadsheet
    opens it, with a mark of UTF-8 first, the separators of its language, unless `separator` says otherwise, and an apostrophe
    before texts that it could take for formulas. notes: whether a file of text begins with what must be known of it; None
    leaves it to the format, of which CSV does and JSON lines do not. address: where the CSV file stands that its metadata
    describes, seen from the metadata.
    """

    labels: str = CODES
    wide: str | None = None
    indicators: tuple[str, ...] | None = None
    excel: bool = False
    separator: str | None = None
    notes: bool | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.labels not in (CODES, LABELS, BOTH):
            raise FilterError(f"labels are codes, labels or both, and not {self.labels[:40]!r}")
        if self.separator is not None and self.separator not in SEPARATORS:
            raise FilterError(f"values are parted by comma, semicolon or tab, and not by {self.separator[:40]!r}")

    def sign(self, language: str) -> str:
        """Give the sign between values: a comma, unless it is chosen or a spreadsheet of the language wants another."""
        if self.separator is not None:
            return SEPARATORS[self.separator]
        return ";" if self.decimal_comma(language) else ","

    def decimal_comma(self, language: str) -> bool:
        """Say whether decimals are parted by a comma, as a spreadsheet of the language reads them."""
        return self.excel and language in DECIMAL_COMMA
