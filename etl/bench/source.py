"""The declaration with which the benchmark's invented court files are read: 20 columns mapped, 10 of them recoded."""

from __future__ import annotations

from etl.bench.files import COUNTRIES, SOURCE, WORDS
from etl.source import Source, parse_source

DECLARATION = """
title: Invented court files for benchmarks
publisher: Invented courts
country: KEN
domain: BOTH
table: suspect
source_type: COURT
count_unit: PERSON
invented: true
languages: [eng, fra]
date_order: dmy
period_type: PART
submissions:
  - {{file: {file}, period: 2014-01-01/2025-12-31, received: 2026-01-31}}
missing: ["", "n/a", "pending", "en attente", "none", "aucune"]
file: {{format: csv, thousands: ","}}
columns:
  case_key: {{column: Case No. / N° dossier}}
  date_formal: {{column: Date of arrest / Date d'arrestation}}
  date_charged: {{column: Date charged / Date d'inculpation}}
  offence: {{column: Offence / Infraction, words: {offence}}}
  perp_type: {{column: Type of suspect, words: {perp_type}}}
  roles: {{column: Role(s), separator: ";", words: {roles}}}
  sex: {{column: Sex / Sexe, words: {sex}}}
  age: {{column: Age}}
  citizenship: {{column: Nationality / Nationalité, words: {citizenship}}}
  relation_to_victim: {{column: Relation to victim, words: {relation_to_victim}}}
  stage_highest: {{column: Stage / Suite donnée, words: {stage_highest}}}
  instance: {{column: Instance, words: {instance}}}
  offence_convicted: {{column: Convicted of}}
  exploitation_charged: {{column: Form of exploitation, words: {exploitation_charged}}}
  sentence_types: {{column: Sentence}}
  sentence_months: {{column: Months}}
  fine: {{column: Fine}}
  n_victims: {{column: Victims}}
  n_migrants: {{column: Migrants}}
  legal_basis: {{column: Law}}
ignore: {{S/N: running number, Remarks: free text}}
"""
# Which recoded field each of the invented columns feeds; the words come from the files themselves.
FIELDS = {
    "offence": "Offence / Infraction",
    "perp_type": "Type of suspect",
    "roles": "Role(s)",
    "sex": "Sex / Sexe",
    "relation_to_victim": "Relation to victim",
    "stage_highest": "Stage / Suite donnée",
    "instance": "Instance",
    "exploitation_charged": "Form of exploitation",
}


def bench_source(file: str) -> Source:
    """Declare the source of one generated file."""
    words = {field: _flow(WORDS[header]) for field, header in FIELDS.items()}
    words["citizenship"] = _flow({code: [code] for code in COUNTRIES})
    return parse_source(DECLARATION.format(file=file, **words), f"ken_{SOURCE}")


def _flow(words: dict[str, list[str]]) -> str:
    return "{" + ", ".join(f'"{code}": [{", ".join(_text(word) for word in known)}]' for code, known in words.items()) + "}"


def _text(word: str) -> str:
    return '"' + word.replace('"', '\\"') + '"'
