"""The terms that a reader meets, with their meanings, and the titles of the rules, in the languages of the screens."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.rules import rules

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "ar", "sw")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its label and its meaning by language, where it comes from, and the languages that await a speaker."""

    code: str
    labels: dict[str, str]
    meanings: dict[str, str]
    source: str
    review: str


@cache
def glossary() -> tuple[Term, ...]:
    """Read all terms, in the order of the file."""
    with (HERE / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Term(
                code=row["term"],
                labels={language: row[f"label_{language}"] for language in LANGUAGES},
                meanings={language: row[f"meaning_{language}"] for language in LANGUAGES},
                source=row["source"],
                review=row["review"],
            )
            for row in csv.DictReader(lines)
        )


@cache
def rule_titles() -> dict[tuple[str, str], str]:
    """Give the title of every rule by rule and language."""
    titles = {(rule.id, "en"): rule.title for rule in rules()}
    with (HERE / "rule_titles.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            titles |= {(row["rule"], language): row[f"title_{language}"] for language in LANGUAGES if language != "en"}
    return titles
