"""The reader's choices: one value that the address, the queries and the captions all come from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

LANGUAGES = ("en", "fr", "ar", "sw", "am")
INDICATOR = "TIP_VIC_DET"
LONGEST = 2000
# The dimensions by which a figure may be chosen: the name in the address, the field here, and the form of a code.
DIMENSIONS = {
    "sex": ("sexes", r"[FM]|_[OTU]"),
    "age": ("ages", r"[A-Z0-9_]{1,12}"),
    "form": ("forms", r"[A-Z0-9_]{1,20}"),
    "citizenship": ("citizenships", r"[A-Z]{3}|_[UTZ]"),
    "kind": ("kinds", r"[A-Z0-9_]{1,20}"),
}
FIELDS = {"country", "from", "to", "indicator", "lang", *DIMENSIONS}


# What can be wrong with an address, each of which the screens have a sentence for in every language.
LONG, UNREADABLE, ORDER, TWICE, VALUE, SAME = "long", "unreadable", "order", "twice", "value", "same"


class FilterError(ValueError):
    """Say in English which part of an address cannot be read; kind and values let the screens say it in other languages."""

    def __init__(self, sentence: str, kind: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.kind, self.values = kind, values


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader has chosen; no countries means all of them, None means no limit of years.

    sexes, ages, forms (of exploitation), citizenships and kinds (of source) are codes of the edition's lists; none of a
    dimension means that nothing was chosen there, which a chart answers with its totals and an export with all it has.
    """

    countries: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    indicator: str = INDICATOR
    sexes: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    citizenships: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = "en"

    def keeps(self, country: str, year: int) -> bool:
        """Say whether a country and a year are among those chosen."""
        if self.countries and country not in self.countries:
            return False
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

    def home(self) -> str:
        """Give the query of the same language with nothing chosen."""
        return Filters(language=self.language).query()

    def query(self) -> str:
        """Give the query of the address, with its `?`; empty where nothing was chosen."""
        pairs = [("country", country) for country in self.countries]
        pairs += [(name, str(year)) for name, year in (("from", self.first), ("to", self.last)) if year is not None]
        if self.indicator != INDICATOR:
            pairs.append(("indicator", self.indicator))
        for name, (field, _) in DIMENSIONS.items():
            pairs += [(name, code) for code in getattr(self, field)]
        if self.language != "en":
            pairs.append(("lang", self.language))
        return f"?{urlencode(pairs)}" if pairs else ""


def read_query(query: str) -> Filters:
    """Read the query of an address, with or without its `?`; what is no choice of ours is left out, as mail programs add it.

    Errors: FilterError for a choice with a value that no form of ours sends.
    """
    return read_choices([(name, value) for name, value in pairs_of(query.removeprefix("?")) if name in FIELDS])


def pairs_of(query: str) -> list[tuple[str, str]]:
    """Split a query into names and values; raises FilterError where it is too long or cannot be read."""
    if len(query) > LONGEST:
        raise FilterError("the address is too long", LONG)
    try:
        return parse_qsl(query, errors="strict", max_num_fields=100)
    except ValueError as fault:
        raise FilterError("the address cannot be read", UNREADABLE) from fault


def read_choices(pairs: Iterable[tuple[str, str]]) -> Filters:
    """Read choices, given by name and value; raises FilterError for one that we do not have, or a value that it cannot have."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if unknown := set(fields) - FIELDS:
        raise FilterError(f"the address asks for {_shown(sorted(unknown)[0])}, which is no choice here")
    first, last = _year(fields, "from"), _year(fields, "to")
    if first is not None and last is not None and first > last:
        raise FilterError(f"the first year, {first}, comes after the last year, {last}", ORDER, first=first, last=last)
    return Filters(
        countries=_codes(fields, "country", r"[A-Z]{3}"),
        first=first,
        last=last,
        indicator=_match(_one(fields, "indicator") or INDICATOR, r"[A-Z][A-Z0-9]*(_[A-Z0-9]+){1,6}", "indicator"),
        language=_match(_one(fields, "lang") or "en", "|".join(LANGUAGES), "language"),
        **{field: _codes(fields, name, pattern) for name, (field, pattern) in DIMENSIONS.items()},
    )


def refused_value(name: str, value: str) -> FilterError:
    """Give the error for a value that a part of the address cannot have."""
    return FilterError(f"{_shown(value)} is no {name} here", VALUE, name=name, value=_shown(value))


def _codes(fields: dict[str, list[str]], name: str, pattern: str) -> tuple[str, ...]:
    """Read the codes of one choice, each once and in order, so that equal choices have equal addresses."""
    return tuple(sorted({_match(code, pattern, name) for code in fields.get(name, [])}))


def _one(fields: dict[str, list[str]], name: str) -> str | None:
    values = fields.get(name, [])
    if len(values) > 1:
        raise FilterError(f"the address gives {name} more than once", TWICE, name=name)
    return values[0] if values else None


def _year(fields: dict[str, list[str]], name: str) -> int | None:
    text = _one(fields, name)
    return None if text is None else int(_match(text, r"(19|20)[0-9]{2}", "year"))


def _match(text: str, pattern: str, what: str) -> str:
    if re.fullmatch(pattern, text) is None:
        raise refused_value(what, text)
    return text


def _shown(text: str) -> str:
    # What a stranger wrote into the address is shown short and without signs that a terminal or a page could take for its own.
    return repr(re.sub(r"[^\w .,-]", "�", text[:40]))
