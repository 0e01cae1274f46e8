"""The project's JSON in, plain words out: entities and underscores undone, years for lost days, repeats marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from etl.raw import Raw, batches_of_rows, numbered_rows

NUMBER, DAY, CAUSE, PLACE = "web_id", "reported_date", "cause_death", "location_description"
MADE = ("What happened", "Repeat")
YEAR = re.compile(r"(20[0-9]{2})\.MMP[0-9]+")
# What happened is said only in the words for the cause of death and the place; where they do not say it, nobody does.
EVENTS = (
    ("shipwreck", r"ship ?wreck|capsi[sz]|(boat|dinghy|vessel|ship) (sank|sunk|sinking|overturned)"),
    ("remains found", r"(skelet|mummified|decomposed)\w*( and \w+)? (remains|reamains)|skeletoni[sz]ation"),
    ("road accident", r"\b(car|vehicle|truck|bus|van|traffic|road|roadside) (accident|crash|rollover)"),
)


def reshape(raw: Raw) -> Raw:
    """Undo HTML entities and underscores, give the year of its number to a record without a day, and mark repeats.

    What happened is one of the words of `EVENTS` or empty. Repeat is `again` for a record that is like an earlier one
    in every key; records that share a number and differ are parts of one event, and stay.
    """
    if not {NUMBER, DAY, CAUSE, PLACE} <= set(raw.headers):
        return raw
    headers = (*raw.headers, *MADE)
    return Raw(headers, batches_of_rows(_rows(raw), headers, headers, frozenset({NUMBER})), raw.ragged)


def _rows(raw: Raw) -> Iterator[tuple[int, list[str]]]:
    met: set[tuple[str, ...]] = set()
    for number, row in numbered_rows(raw):
        whole = tuple(row.values())
        plain = {name: html.unescape(cell).strip() for name, cell in row.items()}
        plain[CAUSE] = plain[CAUSE].replace("_", " ")
        year = YEAR.fullmatch(plain[NUMBER])
        if not plain[DAY] and year is not None:
            plain[DAY] = year[1]
        yield number, [*plain.values(), _event(plain), "again" if whole in met else ""]
        met.add(whole)


def _event(row: dict[str, str]) -> str:
    told = f"{row[CAUSE]} | {row[PLACE]}"
    return next((event for event, words in EVENTS if re.search(words, told, re.IGNORECASE)), "")
