"""Countries and first-level areas, and the names by which national files write them, unfolded."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr", "ar", "sw", "am", "so", "ti")
REPORTER_ROLES = ("C", "N", "P", "X")


@dataclass(frozen=True, slots=True)
class Box:
    """Bound a country and, where `sea` is true, its waters; degrees, rough on purpose (rule V27)."""

    lat_min: float
    lat_max: float
    lon_min: float
    lon_max: float
    sea: bool

    def holds(self, lat: float, lon: float) -> bool:
        """Say whether a point in degrees lies inside."""
        return self.lat_min <= lat <= self.lat_max and self.lon_min <= lon <= self.lon_max


@dataclass(frozen=True, slots=True)
class Country:
    """Describe one country of ISO 3166-1, or XXA for the stateless.

    `role` in the African Union Horn of Africa Initiative: C core, N neighbouring, P partner that reports,
    X extra that reports, K partner or corridor country that does not report, empty for all others.
    """

    iso3: str
    iso2: str
    m49: str
    role: str
    au_region: str
    m49_subregion: str
    valid_from: date | None
    valid_to: date | None
    labels: Mapping[str, str]
    box: Box | None

    def label(self, language: str = "en") -> str:
        """Give the name in a language of LANGUAGES; English where there is none."""
        if language not in LANGUAGES:
            raise LookupError(f"{self.iso3}: no names in {language!r}; there are {', '.join(LANGUAGES)}")
        return self.labels[language] or self.labels["en"]


@dataclass(frozen=True, slots=True)
class Membership:
    """Say that a country belongs to a body (IGAD, EAC, AMU), from and until when.

    `since` and `until` are a day or a year in ISO 8601, empty where no date is recorded or where the country has not left;
    a withdrawal that was announced ends the membership on the day of the announcement, as `note` says.
    """

    iso3: str
    body: str
    since: str
    until: str
    note: str
    source: str

    def holds_on(self, day: date) -> bool:
        """Say whether the country belonged to the body on a day, as far as the dates are recorded."""
        written = day.isoformat()
        begun = not self.since or written[: len(self.since)] >= self.since
        return begun and (not self.until or written[: len(self.until)] < self.until)


@dataclass(frozen=True, slots=True)
class Area:
    """Describe one first-level area: a code of ISO 3166-2, or an extension written `XX-X-...`."""

    area_code: str
    iso3: str
    name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    note: str

    def valid_on(self, day: date) -> bool:
        """Say whether the area existed on a day (rule V38)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CountryAlias:
    """Hold one other name of a country or its people.

    `iso3` may also be `?` (a person must say), `_U` (no country is said) or `REPORTER` (the reporting country).
    Where `ask` is true the name is never mapped by itself, even if it is also the label of a country.
    """

    iso3: str
    language: str
    alias: str
    ask: bool
    note: str


@dataclass(frozen=True, slots=True)
class AreaAlias:
    """Hold one other name of an area, good only in files of that country; `area_code` may be `?` or `_U`.

    `valid_from` and `valid_to` bound the days on which the area, or a part of it, had this name (rule V38).
    """

    area_code: str
    iso3: str
    alias: str
    ask: bool
    note: str
    valid_from: date | None = None
    valid_to: date | None = None


@cache
def countries() -> Mapping[str, Country]:
    """Give all countries by ISO 3166-1 alpha-3 code."""
    return {row["iso3"]: _country(row) for row in _rows("countries.csv")}


@cache
def memberships() -> tuple[Membership, ...]:
    """Give which countries belong to which regional bodies, and from when to when."""
    return tuple(Membership(**row) for row in _rows("memberships.csv"))


@cache
def reporters() -> tuple[str, ...]:
    """Give the ISO 3166-1 alpha-3 codes of the countries that may send data."""
    return tuple(iso3 for iso3, country in countries().items() if country.role in REPORTER_ROLES)


@cache
def areas() -> Mapping[str, Area]:
    """Give all first-level areas of the reporting countries by code."""
    return {row["area_code"]: _area(row) for row in _rows("areas.csv")}


@cache
def area_labels() -> Mapping[str, Mapping[str, str]]:
    """Give the names of each area by its code and their languages: English, and others where the area is known to have one."""
    labels = {code: {"en": area.name} for code, area in areas().items()}
    for row in _rows("area_labels.csv"):
        labels[row["area_code"]][row["language"]] = row["label"]
    return labels


@cache
def country_aliases() -> tuple[CountryAlias, ...]:
    """Give every other name of a country, unfolded; the labels themselves are not repeated."""
    return tuple(
        CountryAlias(row["iso3"], row["language"], row["alias"], row["ask"] == "y", row["note"])
        for row in _rows("lexicon/countries.csv")
    )


@cache
def area_aliases() -> tuple[AreaAlias, ...]:
    """Give every other name of an area, unfolded; the names of `areas()` are not repeated."""
    return tuple(
        AreaAlias(
            row["area_code"],
            row["iso3"],
            row["alias"],
            row["ask"] == "y",
            row["note"],
            _day(row["valid_from"]),
            _day(row["valid_to"]),
        )
        for row in _rows("lexicon/areas.csv")
    )


@cache
def time_zones() -> Mapping[str, ZoneInfo]:
    """Give the time zone of each state that reports (IANA Time Zone Database)."""
    return {row["iso3"]: ZoneInfo(row["time_zone"]) for row in _rows("time_zones.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _country(row: Mapping[str, str]) -> Country:
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        m49=row["m49"],
        role=row["role"],
        au_region=row["au_region"],
        m49_subregion=row["m49_subregion"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        labels={language: row[f"label_{language}"] for language in LANGUAGES},
        box=_box(row),
    )


def _box(row: Mapping[str, str]) -> Box | None:
    if not row["lat_min"]:
        return None
    lat_min, lat_max, lon_min, lon_max = (float(row[side]) for side in ("lat_min", "lat_max", "lon_min", "lon_max"))
    return Box(lat_min, lat_max, lon_min, lon_max, sea=row["sea_box"] == "Y")


def _area(row: Mapping[str, str]) -> Area:
    return Area(
        row["area_code"],
        row["iso3"],
        row["name"],
        row["parent"] or None,
        _day(row["valid_from"]),
        _day(row["valid_to"]),
        row["note"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
