"""Invented messy case files of any size, for benchmarks: 22 columns, 20 of them mapped, 3 % of the rows to be refused."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

CHUNK = 250_000
SOURCE = "bench_court_suspects"
HEADERS = (
    "S/N",
    "Case No. / N° dossier",
    "Date of arrest / Date d'arrestation",
    "Date charged / Date d'inculpation",
    "Offence / Infraction",
    "Type of suspect",
    "Role(s)",
    "Sex / Sexe",
    "Age",
    "Nationality / Nationalité",
    "Relation to victim",
    "Stage / Suite donnée",
    "Instance",
    "Convicted of",
    "Form of exploitation",
    "Sentence",
    "Months",
    "Fine",
    "Victims",
    "Migrants",
    "Law",
    "Remarks",
)

# Our code, then the words by which the invented courts write it; every word also appears in other cases and paddings.
WORDS: dict[str, dict[str, list[str]]] = {
    "Offence / Infraction": {
        "TIP": ["Trafficking in persons", "TIP", "Traite des personnes", "c/s 3 PTIP Act"],
        "TIP_CHILD": ["Child trafficking", "Aggravated trafficking", "Traite d'enfants"],
        "SOM": ["Smuggling of migrants", "SoM", "Trafic illicite de migrants"],
        "KIDNAP": ["Kidnapping", "Enlèvement"],
        "LABOUR": ["Illegal recruitment", "Recrutement illégal"],
        "OTH": ["Other offence", "Autre infraction"],
    },
    "Type of suspect": {
        "IND": ["Individual", "Individu", "alone"],
        "GROUP": ["Group", "Réseau", "network"],
        "OCG": ["Organised group", "Groupe criminel organisé"],
        "LEGAL": ["Company", "Société", "agency"],
        "ARMED": ["Armed group", "Groupe armé"],
    },
    "Role(s)": {
        "RECRUITER": ["Recruiter", "Recruteur"],
        "TRANSPORTER": ["Driver", "Transporteur"],
        "HARBOURER": ["Harboured", "Hébergeur"],
        "EXPLOITER": ["Exploiter", "Exploitant"],
        "BROKER": ["Broker", "Courtier"],
    },
    "Sex / Sexe": {"F": ["Female", "F", "Femme", "woman"], "M": ["Male", "M", "Homme", "man"]},
    "Relation to victim": {
        "PARTNER": ["Partner", "Conjoint"],
        "FAMILY": ["Relative", "Parent éloigné"],
        "FRIEND": ["Friend", "Ami"],
        "EMPLOYER": ["Employer", "Employeur"],
        "STRANGER": ["Stranger", "Inconnu de la victime"],
    },
    "Stage / Suite donnée": {
        "INVESTIG": ["Under investigation", "PUI", "Enquête en cours"],
        "FORMAL": ["Arrested", "Interpellé"],
        "PROSEC": ["Charged", "Taken to court", "Poursuivi"],
        "TRIAL": ["Pending in court", "Procès en cours"],
        "ACQ": ["Acquitted", "Relaxé"],
        "DISCONTINUED": ["Dismissed"],
        "NFA": ["Classé sans suite"],
    },
    "Instance": {"FIRST": ["First instance", "Première instance"], "APPEAL": ["Appeal", "Appel"]},
    "Convicted of": {"_Z": ["none", "aucune"]},
    "Form of exploitation": {
        "SEX": ["Sexual", "Sexuelle"],
        "LAB": ["Labour", "Travail forcé"],
        "OTH": ["Other", "Autre forme"],
    },
    "Sentence": {"_U": ["pending", "en attente"]},
}
COUNTRIES = (
    *("KEN", "UGA", "ETH", "SOM", "SSD", "SDN", "DJI", "ERI", "TZA", "RWA", "BDI", "COD"),
    *("YEM", "SAU", "EGY", "LBY", "TUN", "TCD", "NGA", "NER", "IND", "PAK", "BGD", "LKA"),
)


def write_case_file(path: Path, rows: int, seed: int = 20260101) -> int:
    """Write `rows` invented rows as CSV to `path` and give the number of rows that a harmoniser must refuse.

    Same rows and seed, same bytes. Refused are rows with an impossible date, an unknown offence or an age over 110.
    """
    generator = np.random.default_rng(seed)
    variants = {header: _variants(words, seed) for header, words in WORDS.items()}
    variants["Nationality / Nationalité"] = _variants({code: [code] for code in COUNTRIES}, seed)
    refused = 0
    schema = pa.schema([(header, pa.string()) for header in HEADERS])
    with csv.CSVWriter(path, schema) as writer:
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            table, bad = _chunk(generator, variants, start, count)
            writer.write_table(table)
            refused += bad
    return refused


def _variants(words: dict[str, list[str]], seed: int) -> pa.Array:
    """Give about 50 spellings of the words of one column: cases and paddings as clerks write them."""
    shuffle = random.Random(seed)
    spellings = {
        spelling
        for known in words.values()
        for word in known
        for spelling in (word, word.upper(), word.lower(), f" {word}", f"{word} ", word.title(), f"  {word.upper()} ")
    }
    ordered = sorted(spellings)
    shuffle.shuffle(ordered)
    return pa.array(ordered)


def _chunk(generator: np.random.Generator, variants: dict[str, pa.Array], start: int, count: int) -> tuple[pa.Table, int]:
    numbers = np.arange(start, start + count)
    bad = generator.random(count) < 0.03
    kind = generator.integers(0, 3, count)
    arrested = generator.integers(0, 3650, count)
    charged = arrested + generator.integers(0, 300, count)
    columns: dict[str, pa.Array] = {
        "S/N": pa.array(numbers + 1).cast(pa.string()),
        "Case No. / N° dossier": _joined("CR/", pa.array(numbers * 7919 % 99_999_989).cast(pa.string())),
        "Date of arrest / Date d'arrestation": _dates(generator, arrested, np.where(bad & (kind == 0), 1, 0)),
        "Date charged / Date d'inculpation": _dates(generator, charged, np.zeros(count, dtype=int)),
        "Age": _ages(generator, count, bad & (kind == 2)),
        "Months": _picked(generator, ["", "", "", "n/a", *[str(months) for months in range(6, 121, 6)]], count),
        "Fine": _fines(generator, count),
        "Victims": _picked(generator, [str(number) for number in range(13)], count),
        "Migrants": _picked(generator, ["0", "0", "0", *[str(number) for number in range(60)]], count),
        "Law": _picked(generator, ["Act 8/2010 s.3", "Act 8/2010 s.4", "Loi 133/2016 art. 5", "CTP Act s.3(1)"], count),
        "Remarks": _picked(
            generator, ["", "file returned", "see exhibit, page 2", 'said "later"', "hearing moved\nto March"], count
        ),
        "Role(s)": _roles(generator, variants["Role(s)"], count),
    }
    for header, spellings in variants.items():
        if header not in columns:
            columns[header] = spellings.take(pa.array(generator.integers(0, len(spellings), count)))
    offence = np.asarray(columns["Offence / Infraction"], dtype=object)
    offence[bad & (kind == 1)] = "not in any list"
    columns["Offence / Infraction"] = pa.array(offence, pa.string())
    return pa.table({header: columns[header] for header in HEADERS}), int(bad.sum())


def _dates(generator: np.random.Generator, days: np.ndarray, wrong: np.ndarray) -> pa.Array:
    """Write days since 2014-01-01 in three forms (ISO, d/m/y, `5 Mar 2019`), or `31/02/2019` where wrong."""
    all_days = np.arange(days.max() + 1) + np.datetime64("2014-01-01")
    iso = all_days.astype(str)
    years, months, dates = (np.array(part) for part in zip(*(day.split("-") for day in iso), strict=True))
    names = np.array(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])[months.astype(int) - 1]
    slashed = [f"{day}/{month}/{year}" for day, month, year in zip(dates, months, years, strict=True)]
    named = [f"{int(day)} {name} {year}" for day, name, year in zip(dates, names, years, strict=True)]
    forms = pa.array([*iso, *slashed, *named, "31/02/2019"])
    picks = days + generator.integers(0, 3, len(days)) * len(iso)
    return forms.take(pa.array(np.where(wrong == 1, len(forms) - 1, picks)))


def _ages(generator: np.random.Generator, count: int, wrong: np.ndarray) -> pa.Array:
    forms = [*[str(age) for age in range(18, 70)], *[f"{age} yrs" for age in range(18, 60)], "n/a", "25-30", "30-35"]
    picks = generator.integers(0, len(forms), count)
    return pa.array([*forms, "171"]).take(pa.array(np.where(wrong, len(forms), picks)))


def _fines(generator: np.random.Generator, count: int) -> pa.Array:
    amounts = generator.integers(1, 4_000, count) * 500
    kind = generator.random(count)
    texts = np.array(["" if share < 0.6 else f"KES {amount:,}" for share, amount in zip(kind, amounts, strict=True)])
    return pa.array(texts.astype(object), pa.string())


def _roles(generator: np.random.Generator, spellings: pa.Array, count: int) -> pa.Array:
    first = spellings.take(pa.array(generator.integers(0, len(spellings), count)))
    second = np.asarray(spellings.take(pa.array(generator.integers(0, len(spellings), count))), dtype=object)
    joined = np.where(generator.random(count) < 0.2, np.asarray(first, dtype=object) + ";" + second, first)
    return pa.array(joined, pa.string())


def _picked(generator: np.random.Generator, texts: list[str], count: int) -> pa.Array:
    return pa.array(texts).take(pa.array(generator.integers(0, len(texts), count)))


def _joined(prefix: str, texts: pa.Array) -> pa.Array:
    return pa.compute.binary_join_element_wise(prefix, texts, "")
