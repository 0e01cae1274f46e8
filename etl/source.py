"""What one YAML file in `etl/sources` may say, and every way in which it may be wrong, with file and line."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from etl.errors import SourceError

HERE = Path(__file__).parent / "sources"
NAME = re.compile(r"[a-z]{3,8}(_[a-z0-9]+)+")
# YAML 1.1 readers, and people, take these for False, an octal number and a time of day.
TRAPS = (
    (re.compile(r"(?i)(y|n|yes|no|on|off)"), "is read as true or false by many programs"),
    (re.compile(r"0[0-9]+"), "loses its leading zero"),
    (re.compile(r"[0-9]{1,2}(:[0-9]{2})+"), "is read as a number of minutes by many programs"),
)


class Strict(BaseModel):
    """Refuse what is not declared: a misspelt key must not be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class FileForm(Strict):
    """How the bytes of a submission become a table of text."""

    format: Literal["csv", "xlsx", "xls", "ods", "json", "jsonl"] = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    sheet: str | None = None
    header_rows: list[int] = Field(default=[1], min_length=1, max_length=4)
    footer_rows: int = 0
    excel_epoch: Literal[1900, 1904] | None = None


class Submission(Strict):
    """One file received, one nil return, or one silence."""

    file: str | None = None
    period: str
    received: date | None = None
    status: str = "CHECKED"
    supersedes: str | None = None
    resent: str | None = None
    letter: str | None = None
    language: str | None = None
    coverage: str | None = None
    obs_status: str | None = None

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
    """One data set that one institution sends again and again."""

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
    folder: str | None = None
    url: str | None = None
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
    measures: dict[str, dict[str, str]] = Field(default_factory=dict)
    expected_rows: tuple[int, int] | None = None
    legal_definition: str | None = None
    coverage: str | None = None
    multi_form: bool = False
    corrections: list[Correction] = Field(default_factory=list)
    note: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> Source:
        if any(submission.file for submission in self.submissions) and not self.columns and not self.measures:
            raise ValueError("a source with files says under `columns` how each of its columns is read")
        if self.measures and self.table != "observation":
            raise ValueError("`measures` is for the table observation only")
        return self


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
    yaml = YAML(typ="rt")
    try:
        root = yaml.compose(text)
        _refuse_traps(root, name)
        declared = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise SourceError(f"{name}.yml line {line}: not YAML ({fault.problem or fault.context}); mend this line") from fault
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError, KeyError, IndexError) as fault:
        # ruamel.yaml lets a few plain errors through on hostile text (bad escapes, anchors, tags).
        raise SourceError(f"{name}.yml: not YAML that can be read ({type(fault).__name__}); write it anew") from fault
    if not isinstance(declared, dict):
        raise SourceError(f"{name}.yml line 1: a source is a list of `key: value` lines; begin with `title:`")
    try:
        return Source.model_validate({"name": name, **declared})
    except ValidationError as fault:
        raise SourceError("; ".join(_sentence(name, root, error) for error in fault.errors()[:5])) from fault
    except TypeError as fault:
        raise SourceError(f"{name}.yml: every key is a word ({fault}); put it in quotes") from fault


def _refuse_traps(root: Node | None, name: str) -> None:
    for node in _scalars(root, 0):
        if node.style is not None:
            continue
        for trap, why in TRAPS:
            if trap.fullmatch(str(node.value)):
                line = node.start_mark.line + 1
                raise SourceError(f'{name}.yml line {line}: {node.value} {why}; write "{node.value}" in quotes')


def _scalars(node: Node | None, depth: int) -> list[ScalarNode]:
    if depth > 12:
        raise ValueError("nested too deeply")
    if isinstance(node, ScalarNode):
        return [node]
    if isinstance(node, SequenceNode):
        return [scalar for item in node.value for scalar in _scalars(item, depth + 1)]
    if isinstance(node, MappingNode):
        return [scalar for pair in node.value for item in pair for scalar in _scalars(item, depth + 1)]
    return []


def _sentence(name: str, root: Node | None, error: Any) -> str:
    where = [str(part) for part in error["loc"]]
    node = root
    line = 1
    for part in where:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    key = ".".join(where) or "the source"
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "is not a key that a source knows; correct its spelling or remove it"
    elif error["type"] == "missing":
        message = "is missing; add it"
    return f"{name}.yml line {line}: {key}: {message}"


def _child(node: Node | None, key: str) -> tuple[Node, int] | None:
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if str(name.value) == key:
                return value, name.start_mark.line + 1
    if isinstance(node, SequenceNode) and key.isdigit() and int(key) < len(node.value):
        item = node.value[int(key)]
        return item, item.start_mark.line + 1
    return None
