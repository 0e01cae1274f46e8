"""The rules V01..V41: what each asks, how grave it is, and what it says in English, French and Arabic."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES_CSV = Path(__file__).with_name("rules.csv")
LANGUAGES = ("en", "fr", "ar")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as a line of `rules.csv` declares it.

    `severity` is E (error), W (warning) or I (information); `refuses` says what an error refuses: the row, the column,
    the submission, the figure that compares, or the export; empty where it refuses nothing.
    """

    id: str
    severity: str
    refuses: str
    title: str
    tables: tuple[str, ...]
    fields: tuple[str, ...]
    messages: tuple[str, ...]
    remedies: tuple[str, ...]
    source: str
    review: str

    def message(self, language: str, met: str, where: str) -> str:
        """Say in `en`, `fr` or `ar` what was met, where, and what to do; ValueError for another language."""
        number = LANGUAGES.index(language)
        filled = {"{met}": met, "{where}": where}
        # not str.format: only these two are filled, and a raw value may itself hold braces
        said = re.sub(r"\{(?:met|where)\}", lambda hole: filled[hole[0]], self.messages[number])
        return f"{said} {self.remedies[number]}"


@cache
def rules() -> tuple[Rule, ...]:
    """Read all rules, V01 first."""
    with RULES_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(_rule(line) for line in csv.DictReader(lines))


@cache
def rule(identifier: str) -> Rule:
    """Find a rule by its id, such as `V10`; KeyError when there is none."""
    for found in rules():
        if found.id == identifier:
            return found
    raise KeyError(f"no rule {identifier!r}; there are V01 to V{len(rules()):02}")


def bit(identifier: str) -> int:
    """Give the bit of a rule in a mask of broken rules: 1 for V01, 2 for V02, 4 for V03; KeyError when unknown."""
    return 1 << (int(rule(identifier).id[1:]) - 1)


def broken_rules(mask: int) -> tuple[str, ...]:
    """Name the rules whose bits are set in a mask, in order."""
    return tuple(found.id for found in rules() if mask & bit(found.id))


def _rule(line: dict[str, str]) -> Rule:
    return Rule(
        id=line["rule"],
        severity=line["severity"],
        refuses=line["refuses"],
        title=line["title"],
        tables=tuple(line["tables"].split("|")),
        fields=tuple(line["fields"].split("|")) if line["fields"] else (),
        messages=tuple(line[f"message_{language}"] for language in LANGUAGES),
        remedies=tuple(line[f"remedy_{language}"] for language in LANGUAGES),
        source=line["source"],
        review=line["review"],
    )


# the errors that refuse a row; V02, V31, V34, V35 and V37 are errors that refuse something else
ERROR_BITS = sum(bit(found.id) for found in rules() if found.severity == "E" and found.refuses == "row")
