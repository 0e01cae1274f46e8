"""The readings: one raw text in, one Said out. Each is a small pure function; this is the list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from etl.readings.ages import age
from etl.readings.dates import date
from etl.readings.how import How
from etl.readings.money import money, months
from etl.readings.numbers import coordinates, count, integer, number
from etl.readings.periods import period, year
from etl.readings.places import area, countries, country
from etl.readings.said import Said
from etl.readings.sex_ages import sex_age
from etl.readings.text import key, text, texts
from etl.readings.words import boolean, code, codes, yes_no


@dataclass(frozen=True, slots=True)
class Reading:
    """Name one reading, its function and the fields it fills; `{}` stands for the field under `columns`.

    `fields` has one name for each value that `read` gives.
    """

    name: str
    read: Callable[[str, How], Said]
    fields: tuple[str, ...] = ("{}",)

    def outputs(self, field: str) -> tuple[str, ...]:
        """Give the name of the field that each value goes to, for a column declared under `field`."""
        return tuple(_OUTPUTS.get((self.name, field), [name.format(field) for name in self.fields]))


READINGS: dict[str, Reading] = {
    reading.name: reading
    for reading in (
        Reading("text", text),
        Reading("texts", texts),
        Reading("key", key),
        Reading("date", date, ("{}", "date_precision")),
        Reading("period", period, ("period_start", "period_end", "period_type", "time_period")),
        Reading("year", year),
        Reading("number", number),
        Reading("integer", integer),
        Reading("count", count, ("{}", "{}_quality", "{}_lower", "{}_upper")),
        Reading("months", months),
        Reading("money", money, ("{}_amount", "{}_currency", "{}_basis")),
        Reading("coordinates", coordinates, ("lat", "lon")),
        Reading("age", age, ("age_years", "age_min", "age_max", "age_group", "age_band")),
        Reading("sex_age", sex_age, ("sex", "age_group")),
        Reading("code", code),
        Reading("codes", codes),
        Reading("yes_no", yes_no),
        Reading("boolean", boolean),
        Reading("country", country),
        Reading("countries", countries),
        Reading("area", area),
    )
}

# Names that do not follow the pattern of their reading.
_OUTPUTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("count", "obs_value"): ("obs_value", "obs_value_quality", "value_lower", "value_upper"),
    ("count", "migrants"): ("n_migrants", "n_migrants_quality", "n_migrants_lower", "n_migrants_upper"),
    ("date", "date_referred"): ("date_referred", "date_referred_precision"),
    ("date", "date_service"): ("date_service", "date_service_precision"),
    ("codes", "exploitation_forms"): ("exploitation_forms", "exploitation_main"),
}
_GROUPS = {
    "age": "age",
    "sex_age": "sex_age",
    "fee": "money",
    "fine": "money",
    "coordinates": "coordinates",
    "migrants": "count",
    "period": "period",
    "obs_value": "count",
    "n_migrants": "count",
    "ref_year": "year",
    "sentence_months": "months",
    "duration_months": "months",
}
_TYPES = {
    "text": "text",
    "hash": "key",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "timestamp": "date",
    "boolean": "boolean",
    "code": "code",
    "country": "country",
    "area": "area",
}
_LISTS = {"code": "codes", "country": "countries", "text": "texts"}


def reading_for(field_type: str, field_name: str, is_list: bool) -> str:
    """Give the name of the reading for a field, by its name where a name says more than a type.

    Errors: KeyError for a type that no reading knows.
    """
    if field_name in _GROUPS:
        return _GROUPS[field_name]
    reading = _TYPES[field_type]
    return _LISTS[reading] if is_list else reading
