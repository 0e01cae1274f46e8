"""What one YAML file in `etl/sources` may say, and every way in which it may be wrong, with file and line."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from etl.errors import SourceError, SourceErrors
from etl.yaml_lines import read_yaml
from schemas.places import areas as known_areas

HERE = Path(__file__).parent / "sources"
NAME = re.compile(r"[a-z]{3,8}(_[a-z0-9]+)+")
MOST_FAULTS = 10


# Encodings in which files come; others that Python knows are no encodings of text, or of none that is still written.
PAGES = (*range(1250, 1259), 437, 720, 850, 864)
ENCODINGS = frozenset(
    (
        *("utf-8", "utf-8-sig", "utf8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "latin-1"),
        *("mac-roman", "mac-arabic", "iso-8859-1", "iso-8859-6", "iso-8859-15"),
        *(f"cp{page}" for page in PAGES),
        *(f"windows-{page}" for page in PAGES if page > 1000),
    )
)
MOST_HEADING_ROW = 100
# How a draft begins the reason of a column that nobody has decided on, in English, French and Arabic.
UNDECIDED = ("undecided:", "à décider :", "لم يُقرر:")


def plain_name(name: str) -> str:
    """Give the name of a file or folder as it is; errors: ValueError for one that would lead elsewhere."""
    if 0 < len(name) <= 200 and name not in (".", "..") and not set(name) & set("/\\\0"):
        return name
    raise ValueError(f"{name[:60]!r} is not the name of one file or folder; write the name alone")


PlainName = Annotated[str, AfterValidator(plain_name)]


def web_address(address: str) -> str:
    """Check that a text is an address of the web, which a reader may follow from the screens."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable() and " " not in address
    except ValueError:
        known = False
    if not known:
        raise ValueError(f"{address[:60]!r} is no address of the web; write it as https://example.org/page, or remove it")
    return address


WebAddress = Annotated[str, AfterValidator(web_address)]


class Strict(BaseModel):
    """Refuse what is not declared: a misspelt key must not be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class FileForm(Strict):
    """How the bytes of a submission become a table of text."""

    format: Literal["csv", "xlsx", "xlsb", "xls", "ods", "html", "xml", "docx", "dta", "sav", "json", "jsonl"] = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    sheet: str | None = None
    # the key of a JSON document under which its list of records stands, where it holds several
    records: str | None = None
    header_rows: list[int] = Field(default=[1], min_length=1, max_length=4)
    footer_rows: int = 0
    excel_epoch: Literal[1900, 1904] | None = None

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        if name.isascii() and name.replace("_", "-").lower() in ENCODINGS:
            return name
        raise ValueError(f"{name!r} is no encoding of a file; write one of {', '.join(sorted(ENCODINGS))}")

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, sign: str) -> str:
        if len(sign) == 1 and sign.isascii() and sign not in '"\r\n\0':
            return sign
        raise ValueError(f'{sign!r} is not one sign; write "," ";" "|" or "\\t"')

    @field_validator("header_rows")
    @classmethod
    def _rising(cls, numbers: list[int]) -> list[int]:
        if numbers == sorted(set(numbers)) and numbers[0] >= 1 and numbers[-1] <= MOST_HEADING_ROW:
            return numbers
        raise ValueError(f"are the numbers of rows, rising, from 1 to {MOST_HEADING_ROW}, such as [3, 4]")

    @field_validator("footer_rows")
    @classmethod
    def _few(cls, number: int) -> int:
        if 0 <= number <= MOST_HEADING_ROW:
            return number
        raise ValueError(f"is a number of rows from 0 to {MOST_HEADING_ROW}")


class Release(Strict):
    """A state's recorded decision that a national total under the threshold is shown; its reason names the risk."""

    indicator: str
    period: str
    decided_by: str
    date: date
    reason: str = Field(min_length=10)


class AcceptRefused(Strict):
    """How many of a source's rows may be refused before nothing of it is published, and why so many are."""

    share: float = Field(gt=0, le=1)
    because: str = Field(min_length=10)


class Submission(Strict):
    """One file received, one nil return, or one silence.

    already_public: whether the sender has published what the file says, where this is not so for all files of the source.
    """

    file: PlainName | None = None
    period: str
    received: date | None = None
    due: date | None = None
    status: str = "CHECKED"
    supersedes: str | None = None
    resent: str | None = None
    letter: str | None = None
    language: str | None = None
    coverage: str | None = None
    obs_status: str | None = None
    already_public: bool | None = None

    @model_validator(mode="after")
    def _file_or_silence(self) -> Submission:
        if (self.file is None) != (self.status in ("NIL", "NORESP")):
            raise ValueError("a submission has a file, or else the status NIL or NORESP")
        return self


class Column(Strict):
    """One field of ours: which column of theirs it is, and how it is read."""

    column: str
    reading: str | None = None
    words: dict[str, list[str]] = Field(default_factory=dict)
    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    calendar: Literal["GREG", "ETH", "HIJ", "MIXED"] | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    # in what a length of time is written where its cells are bare numbers
    unit: Literal["months", "years"] | None = None


class SkippedRows(Strict):
    """Rows left out by name: those whose `column` holds one of `words`."""

    column: str
    words: list[str] = Field(min_length=1)


class Correction(Strict):
    """One cell mended on a person's word; it expires, and it fails once the file no longer says `was`."""

    row: int
    column: str
    was: str
    becomes: str
    why: str
    by: str
    decided: date
    expires: date
    file: str | None = None


class Source(Strict):
    """One data set that one institution sends again and again.

    already_public: the sender has published the same figures or rows, as `url` or `note` says where; they are shown exactly,
    with its own signs. What another body published (`origin: PUBLISHED`) always is. release_small_totals: the national
    totals of a year from 1 to 9 that the state lets be shown.
    """

    name: str
    title: str
    publisher: str
    country: str
    domain: Literal["TIP", "SOM", "BOTH"]
    table: Literal["victim", "suspect", "smuggling_incident", "smuggled_group", "observation"]
    source_type: str
    count_unit: str
    period_type: str = "CY"
    origin: Literal["REPORTED", "PUBLISHED"] = "REPORTED"
    invented: bool = False
    already_public: bool = False
    folder: PlainName | None = None
    url: WebAddress | None = None
    licence: str | None = None
    languages: list[str] = Field(min_length=1)
    calendar: Literal["GREG", "ETH", "HIJ", "MIXED"] = "GREG"
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    file: FileForm = FileForm()
    submissions: list[Submission] = Field(min_length=1)
    missing: list[str] = Field(default_factory=list)
    zero: list[str] = Field(default_factory=list)
    suppressed: dict[str, tuple[int, int]] = Field(default_factory=dict)
    columns: dict[str, Column] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    ignore: dict[str, str] = Field(default_factory=dict)
    skip_rows: dict[str, SkippedRows] = Field(default_factory=dict)
    # what becomes of rows that hold the number of a case or person and nothing else; they are asked about if not given
    key_alone: Literal["skip"] | None = None
    measures: dict[str, dict[str, str]] = Field(default_factory=dict)
    expected_rows: tuple[int, int] | None = None
    # a share of refused rows above 5 % stops a source from being published unless it is declared here, with the reason
    accept_refused: AcceptRefused | None = None
    legal_definition: str | None = None
    coverage: str | None = None
    # the first-level areas that the body covers, where it does not cover the whole country
    areas: list[str] = Field(default_factory=list)
    multi_form: bool = False
    corrections: list[Correction] = Field(default_factory=list)
    release_small_totals: list[Release] = Field(default_factory=list)
    note: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    _lines: dict[tuple[str, ...], int] = PrivateAttr(default_factory=dict)

    def is_public(self, submission: Submission) -> bool:
        """Say whether what a submission holds has been published already."""
        declared = submission.already_public
        return declared if declared is not None else self.already_public or self.origin == "PUBLISHED"

    def where(self, *keys: object) -> str:
        """Name the place in the declaration where these keys lead, `<name>.yml line 12: columns.sex`, as far as they do."""
        path = tuple(map(str, keys))
        known = next((self._lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self._lines), None)
        line = f" line {known}" if known is not None else ""
        return f"{self.name}.yml{line}: {'.'.join(path)}"

    @model_validator(mode="after")
    def _whole(self) -> Source:
        if any(submission.file for submission in self.submissions) and not self.columns and not self.measures:
            raise ValueError("a source with files says under `columns` how each of its columns is read")
        if any((self.already_public, *(item.already_public for item in self.submissions))) and not (self.url or self.note):
            raise ValueError("`already_public` needs `url` or `note`, which says where it was published")
        if self.measures and self.table != "observation":
            raise ValueError("`measures` is for the table observation only")
        if unknown := [area for area in self.areas if getattr(known_areas().get(area), "iso3", None) != self.country]:
            raise ValueError(f"`areas` names {unknown[0]}, which is no first-level area of {self.country}; see schemas/areas.csv")
        return self


def undecided(source: Source) -> list[str]:
    """Name the columns that a draft left out because a person must decide what they are."""
    return [name for name, why in source.ignore.items() if why.startswith(UNDECIDED)]


def source_paths(folder: Path = HERE) -> dict[str, Path]:
    """Give the declared sources by name, in the order of their names."""
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def load_source(path: Path) -> Source:
    """Read one source declaration.

    Errors: SourceError naming the file, the line and what to write instead.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError(f"{path.name}: cannot be read as UTF-8 text ({type(fault).__name__}); save it as UTF-8") from fault
    return parse_source(text, path.stem)


@lru_cache(maxsize=256)
def parse_source(text: str, name: str) -> Source:
    """Read the text of a source declaration that is called `name`; errors as in `load_source`."""
    if not NAME.fullmatch(name):
        raise SourceError(f"{name}.yml: the name of a source is <iso3>_<institution>_<subject> in small letters")
    declared, lines = read_yaml(text, f"{name}.yml")
    if "name" in declared:
        raise SourceError(f"{name}.yml line {lines['name',]}: name: the file's name is the name; remove this line")
    try:
        source = Source.model_validate({**declared, "name": name})
        source._lines.update(lines)
        return source
    except ValidationError as fault:
        raise SourceErrors([_sentence(name, lines, error) for error in fault.errors()[:MOST_FAULTS]]) from fault


def _sentence(name: str, lines: dict[tuple[str, ...], int], error: Any) -> str:
    where = tuple(str(part) for part in error["loc"])
    line = next(lines[where[:end]] for end in range(len(where), -1, -1) if where[:end] in lines)
    key = ".".join(where) or "the source"
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "is not a key that a source knows; correct its spelling or remove it"
    elif error["type"] == "missing":
        message = "is missing; add it"
    elif error["type"] == "string_type":
        message = f"is read as {_kind(error['input'])} and not as a word; put it in quotes"
    else:
        message = f"{message[:1].lower()}{message[1:]}; correct it" if error["type"] != "value_error" else message
    return f"{name}.yml line {line}: {key}: {message}"


def _kind(value: object) -> str:
    kinds = {bool: "true or false", date: "a day", list: "a list", dict: "a table", type(None): "nothing"}
    return kinds.get(type(value), f"a {type(value).__name__}")
