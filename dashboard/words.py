"""Every word, number and date that a reader sees: texts from gettext catalogues, labels from the edition, signs by CLDR."""

from __future__ import annotations

import datetime
import gettext
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from dashboard.edition import DIMENSIONS, Edition, Figure
from dashboard.filters import Filters
from schemas.dimensions import field_label

# The dimensions that a reader can choose codes of, with the field of Filters that holds them.
CHOSEN = {"sex": "sexes", "age": "ages", "exploitation": "forms", "citizenship": "citizenships"}
# The comma of languages that do not write the Latin one.
COMMAS = {"ar": "، ", "am": "፣ "}
TEXTS = Path(__file__).with_name("texts")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; the English text is its own key."""

    language: str

    @property
    def direction(self) -> str:
        """Give `ltr` or `rtl`."""
        return str(Locale.parse(self.language).text_direction)

    @property
    def own_name(self) -> str:
        """Give the language's name in itself."""
        return (Locale.parse(self.language).display_name or self.language).capitalize()

    def say(self, text: str, **values: object) -> str:
        """Translate a text and fill in its named values."""
        return catalogue(self.language).gettext(text).format(**values)

    def count(self, number: int, one: str, many: str) -> str:
        """Translate a text in the plural form that goes with a number, which it holds as `{number}`."""
        return catalogue(self.language).ngettext(one, many, number).format(number=self.number(number))

    def isolated(self, text: str) -> str:
        """Keep a name of Latin letters and digits in one piece among words that run from right to left."""
        return f"\u2066{text}\u2069"

    def number(self, number: float) -> str:
        """Write a number with the separators of the language."""
        return _number(number, self.language)

    def percent(self, share: float) -> str:
        """Write a share that is given in per cent, with one digit after the point."""
        return format_percent(share / 100, "#,##0.#%", locale=self.language)

    def date(self, day: datetime.date) -> str:
        """Write a day in words."""
        return _date(day, self.language)

    def iso_date(self, day: str) -> str:
        """Write a day in words that is given as 2026-01-31."""
        return self.date(datetime.date.fromisoformat(day))

    def list(self, items: Iterable[str]) -> str:
        """Join items as the language does."""
        return format_list(list(items), locale=self.language)

    def capital(self, text: str) -> str:
        """Write the first letter large, as the first word of a heading is."""
        return text[:1].upper() + text[1:]

    def row(self, items: Iterable[str]) -> str:
        """Write items one after another, with the comma of the language."""
        return COMMAS.get(self.language, ", ").join(items)

    def way(self, places: Iterable[str]) -> str:
        """Write places in the order in which a journey goes through them; the arrow points where the language reads to."""
        return (" ← " if self.direction == "rtl" else " → ").join(places)

    def language_name(self, code: str) -> str:
        """Give the name of a language that has an ISO 639-3 code; the code itself where CLDR knows it under no name."""
        short = {"eng": "en", "fra": "fr", "ara": "ar", "swa": "sw", "amh": "am", "som": "so", "tir": "ti", "orm": "om"}
        return str(Locale.parse(self.language).languages.get(short.get(code, code), code))

    def label(self, edition: Edition, listed: str, code: str) -> str:
        """Give the label of a code in this language, as the edition has it; the English one where it has none yet."""
        return edition.labels.get((listed, code, self.language)) or edition.labels[listed, code, "en"]

    def code(self, edition: Edition, dimension: str, code: str) -> str:
        """Give the label of a code of a dimension; reserved codes, and age bands, stand in lists of their own."""
        own = "INDICATOR" if dimension == "indicator" else DIMENSIONS[dimension]
        for listed in (own, "CL_RESERVED", "CL_AGE_BAND"):
            if label := edition.labels.get((listed, code, self.language)):
                return label
        return code

    def dimension(self, name: str) -> str:
        """Give the name of a dimension by which figures are broken down, as it stands within a sentence."""
        label = field_label(name, self.language)
        return label[:1].lower() + label[1:]

    def country(self, edition: Edition, code: str) -> str:
        """Give the name of a country."""
        return self.label(edition, "COUNTRY", code)

    def country_order(self, edition: Edition, code: str) -> str:
        """Give what countries are put in order by: their names without the marks over letters."""
        return _plain(self.country(edition, code))

    def period(self, figure: Figure) -> str:
        """Write a period as the source counts it: `2021`, `Ethiopian fiscal (budget) year 2015`, or its first and last day."""
        kinds = {"EFY": self.say("Ethiopian fiscal year {year}", year=figure.time_period.removeprefix("EFY"))}
        kinds["EY"] = self.say("Ethiopian year {year}", year=figure.time_period.removeprefix("EY"))
        kinds["FY_JUL"] = self.say("fiscal year {year}", year=figure.time_period.removeprefix("FY"))
        kinds["TIPR"] = self.say("report year {year}", year=figure.time_period.removeprefix("TIPR"))
        if "/" in figure.time_period and figure.period_type not in kinds:
            return self.days(figure)
        return kinds.get(figure.period_type, figure.time_period)

    def days(self, figure: Figure) -> str:
        """Write the first and the last day of a figure's period."""
        return f"{self.date(figure.period_start)} – {self.date(figure.period_end)}"

    def years(self, filters: Filters) -> str:
        """Write the chosen years."""
        if filters.first is None and filters.last is None:
            return self.say("all years")
        if filters.first is None:
            return self.say("up to {last}", last=filters.last)
        if filters.last is None:
            return self.say("since {first}", first=filters.first)
        return str(filters.first) if filters.first == filters.last else f"{filters.first}–{filters.last}"

    def countries(self, edition: Edition, filters: Filters) -> str:
        """Write the chosen countries."""
        chosen = [self.country(edition, country) for country in filters.countries]
        return self.list(chosen) if chosen else self.say("all countries")

    def caption(self, edition: Edition, filters: Filters) -> str:
        """Write what the reader has chosen, from the same value that the query was made from."""
        return f"{self.label(edition, 'INDICATOR', filters.indicator)} · {self.scope(edition, filters)}"

    def scope(self, edition: Edition, filters: Filters) -> str:
        """Write the chosen countries and years, for what speaks of all indicators."""
        return f"{self.countries(edition, filters)} · {self.years(filters)}"

    def everything(self, edition: Edition, filters: Filters) -> str:
        """Write all that was chosen, for the ear: what changed on the page."""
        chosen = [(name, code) for name, field in CHOSEN.items() for code in getattr(filters, field)]
        parts = [self.code(edition, name, code) for name, code in chosen]
        parts += [self.label(edition, "CL_SOURCE_TYPE", kind) for kind in filters.kinds]
        return " · ".join([self.scope(edition, filters), *parts])


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


@lru_cache(maxsize=8192)
def _number(number: float, language: str) -> str:
    return format_decimal(number, locale=language)


@lru_cache(maxsize=2048)
def _date(day: datetime.date, language: str) -> str:
    return format_date(day, "d MMM y", locale=language)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Read the catalogue of a language; English needs none."""
    path = TEXTS / f"{language}.po"
    if language == "en":
        return gettext.NullTranslations()
    # Translators keep the text form; the form that gettext reads is made here, so that none is ever out of date.
    compiled = io.BytesIO()
    with path.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
