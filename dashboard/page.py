"""What a page is: an address, a title, a list of charts, and which choices its form offers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard.charts import Chart
from dashboard.filters import Filters

# What a form can offer, in the order in which it stands there.
OFFERS = ("indicator", "years", "country", "sex", "age", "form", "citizenship", "kind")
COUNTRY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `title`, `lead` and the name in the `menu` are texts of the catalogue.

    A page of one country has an address that ends in its code, and its title is the country's name.
    """

    address: str
    menu: str
    title: str
    lead: str
    charts: tuple[Chart, ...]
    offers: tuple[str, ...] = OFFERS
    of_country: bool = False


class Place(NamedTuple):
    """A page and the country that its address names, if it names one."""

    page: Page
    country: str | None

    @property
    def address(self) -> str:
        """Give the address of this very page."""
        return f"{self.page.address}/{self.country}" if self.country else self.page.address

    def narrowed(self, filters: Filters) -> Filters:
        """Give the filters of this page: on the page of a country, that country alone."""
        return replace(filters, countries=(self.country,)) if self.country else filters


def finder(pages: tuple[Page, ...]) -> Callable[[str], Place | None]:
    """Make the function that finds the page of an address, and None where there is none."""
    plain = {page.address: page for page in pages if not page.of_country}
    by_country = {page.address: page for page in pages if page.of_country}

    def find(address: str) -> Place | None:
        if address in plain:
            return Place(plain[address], None)
        above, _, last = address.rpartition("/")
        if above in by_country and COUNTRY.fullmatch(last):
            return Place(by_country[above], last)
        return None

    return find
