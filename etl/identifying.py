"""Detection of direct identifiers at the door (rule V02): headings, single values, whole columns. Nothing is kept."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from etl.fold import fold
from etl.identifying_numbers import bare_phone, long_decimal, number_kind

SHORTEST = 5  # characters; a shorter value cannot be told from an ordinary word or number
SAMPLE = 1000  # distinct values looked at in a column
SHARE = 0.2  # of them, how many make a column identifying
FEWEST = 3  # and at least so many, unless the column has fewer values
BARE_SHARE = 0.9  # share needed when each single value alone would prove nothing (telephone numbers without their zero)
BARE_FEWEST = 5
GIVEN_SHARE = 0.5  # share needed for a column of given names alone
LONGEST_NAME = 200  # characters; in longer texts only e-mail addresses and numbers are looked for

_SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
# Signs of vowels that stand beside a letter (Devanagari, Bengali) are part of a word, which Python does not see.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0903\u093b\u093e-\u094c\u0982\u0983\u09be-\u09cc\u09d7])+")
_EDGE_NUMBER = re.compile(r"^[\d\s./-]+\s|\s[\d\s./-]+$")  # "17 Name", "Name 3"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PART = re.compile(r"[/|\\\n()\[\]:;]+")
_SEGMENT = re.compile(r"[/|\\\n()\[\]:;,،፣፤]+")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")


def identifying_header(header: str) -> str | None:
    """Give the kind of direct identifier that a column heading names (`phone`, `name`, ...), or nothing.

    A heading fires when it is a heading of `schemas/identifying_headers.csv`, once words that only say whose it is
    are set aside, or when each of its parts (`Name / الاسم`) does; so `Name of county` never fires.
    """
    whole = _heading_kind(header)
    if whole is not None:
        return whole
    kinds = [_heading_kind(part) for part in _PART.split(header) if _left(_heading(part))]
    return kinds[0] if kinds and all(kinds) else None


def identifying_value(text: str) -> str | None:
    """Give the kind of direct identifier that one value holds, or nothing.

    Kinds: e-mail, phone, passport, id_number, plate, coordinates (four decimals or seconds of arc), name (two or more
    words of which one is a given name and none is an ordinary word). Numbers and addresses are found inside a
    longer text too. Bare numbers of fewer than ten digits never fire: nothing parts them from amounts and counts.
    """
    if len(text) < SHORTEST:
        return None
    folded = text.casefold() if text.isascii() else fold(text)
    if "@" in folded and _EMAIL.search(folded):
        return "e-mail"
    kind = number_kind(folded)
    if kind is not None:
        return kind
    return "name" if len(folded) <= LONGEST_NAME and _holds_name(folded) else None


def identifying_column(header: str, values: Iterable[str]) -> str | None:
    """Give the kind of identifier a column holds, by its heading or by its distinct values, or nothing.

    values: distinct texts, of which the first 1000 that are not blank are looked at. At least a fifth of them and at
    least three (or all, of fewer) must be identifying.
    """
    kind = identifying_header(header)
    if kind is not None:
        return kind
    sample = list(islice((value for value in values if value.strip()), SAMPLE))
    if not sample:
        return None
    kinds = Counter(filter(None, map(identifying_value, sample)))
    if _enough(sum(kinds.values()), len(sample), SHARE, FEWEST):
        return kinds.most_common(1)[0][0]
    if _heading(header) in _COORDINATE and _enough(sum(map(long_decimal, sample)), len(sample), SHARE, FEWEST):
        return "coordinates"
    return _kind_of_many(sample)


def is_given_name(word: str) -> bool:
    """Say whether a folded word is a given name of the list."""
    return word in _GIVEN


def ordinary() -> frozenset[str]:
    """Give the folded words that are listed as never part of a person's name."""
    return _ORDINARY


def hidden(text: str) -> str:
    """Give what may stand in a log or a message for an identifying value: its kind, never any of its letters."""
    return f"[identifying: {identifying_value(text) or 'other'}]"


def _kind_of_many(sample: list[str]) -> str | None:
    """Tell columns whose single values prove nothing: given names, and telephones whose zero a spreadsheet dropped."""
    given = sum(fold(value) in _GIVEN for value in sample)
    if _enough(given, len(sample), GIVEN_SHARE, BARE_FEWEST):
        return "name"
    phones = [phone for phone in map(bare_phone, sample) if phone is not None]
    # A register counts upwards from one beginning; telephone numbers have several.
    if len({phone[:2] for phone in phones}) >= FEWEST and _enough(len(phones), len(sample), BARE_SHARE, BARE_FEWEST):
        return "phone"
    return None


def _enough(found: int, of: int, share: float, fewest: int) -> bool:
    return found > 0 and found >= share * of and found >= (min(fewest, of) if fewest == FEWEST else fewest)


def _holds_name(folded: str) -> bool:
    words = _WORD.findall(folded)
    if len(words) < 2 or _GIVEN.isdisjoint(words):
        return False
    if _is_name(_EDGE_NUMBER.sub("", folded)):
        return True
    return any(_is_name(segment) for segment in _SEGMENT.split(folded))


def _is_name(text: str) -> bool:
    words = _WORD.findall(text.replace("'", ""))
    if not 2 <= len(words) <= 6 or _DIGIT.search(text):
        return False
    return not _GIVEN.isdisjoint(words) and _ORDINARY.isdisjoint(words) and " ".join(words) not in _PLACES


def _heading(header: str) -> str:
    return " ".join(_TOKEN.findall(fold(_CAMEL.sub(" ", header))))


def _left(heading: str) -> str:
    return " ".join(word for word in heading.split() if word not in _WHOSE)


def _heading_kind(header: str) -> str | None:
    heading = _heading(header)
    return _HEADINGS.get(heading) or _HEADINGS.get(_left(heading))


def _rows(name: str) -> list[dict[str, str]]:
    with (_SCHEMAS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_TOKEN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_DECLARED = [(row["kind"], _heading(row["header"])) for row in _rows("identifying_headers.csv")]
_HEADINGS = {heading: kind for kind, heading in _DECLARED if not kind.startswith("_")}
_COORDINATE = {heading for kind, heading in _DECLARED if kind == "_coordinate"}
_WHOSE = {word for kind, heading in _DECLARED if kind == "_whose" for word in heading.split()}
_GIVEN = frozenset(fold(row["name"]).replace("'", "") for row in _rows("given_names.csv"))
_ALL_ORDINARY = [fold(row["word"]) for row in _rows("ordinary_words.csv")]
_ORDINARY = frozenset(word for word in _ALL_ORDINARY if " " not in word)
_PLACES = frozenset(word for word in _ALL_ORDINARY if " " in word)
