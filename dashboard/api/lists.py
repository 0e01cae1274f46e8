"""Code lists as programs read them: every code that a field of the list can hold, with its labels where there are any.

Reserved codes, such as `_T` for a total, stand in one list of their own and are used by many: each is repeated in the lists of
the fields that use it, behind the list's own codes. So are ages that no list names.
"""

from __future__ import annotations

from dashboard.api.shelf import Shelf
from dashboard.exports.published import SHARED, list_of
from dashboard.filters import LANGUAGES
from schemas.tables import Field

AREA = "AREA"


def list_sizes(held: Shelf) -> dict[str, int]:
    """Give the names of all lists of an edition, in order, and how many codes each has."""
    found = held.fetch("SELECT list, list(DISTINCT code) FROM e.code GROUP BY list ORDER BY list")
    return {name: len(set(codes).union(*(held.published.codes.get(one.name, ()) for one in _fields(held, name))))
            for name, codes in found}  # fmt: skip


def list_codes(held: Shelf, name: str) -> list[dict[str, object]]:
    """Give the codes of one list in its order, each with its parent and labels; none where the edition has no such list."""
    own = _labelled(held, name)
    if not own:
        return []
    fields = _fields(held, name)
    used = dict.fromkeys(code for one in fields for code in held.published.codes.get(one.name, ()) if code not in own)
    shared = {code: found for listed in reversed(SHARED) for code, found in _labelled(held, listed).items()} if used else {}
    for code in used:
        band = held.published.label(fields[0], code)
        own[code] = None, shared[code][1] if code in shared else dict.fromkeys(LANGUAGES, band)
    return [{"code": code, "parent": parent, "labels": labels} for code, (parent, labels) in own.items()]


def _fields(held: Shelf, name: str) -> list[Field]:
    """Give the fields of a figure whose codes stand in a list."""
    return [one for one in held.published.fields if (AREA if one.type == "area" else list_of(one)) == name]


def _labelled(held: Shelf, name: str) -> dict[str, tuple[str | None, dict[str, str]]]:
    found: dict[str, tuple[str | None, dict[str, str]]] = {}
    for code, parent, language, label in held.fetch(_CODES, {"list": name}):
        found.setdefault(code, (parent, {}))[1][language] = label
    return found


_CODES = "SELECT code, parent, language, label FROM e.code WHERE list = $list ORDER BY position, language"
