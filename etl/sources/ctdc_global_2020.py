"""The three columns that tell the exploitation in, one list out; which of them says what stays legible."""

from __future__ import annotations

from collections.abc import Iterator

from etl.raw import Raw, batches_of_rows, numbered_rows

FORM, FORCED, WORK = "ExploitType", "isForcedLabour", "Labor_Type"
FORMS = "Forms of exploitation"
YES = frozenset({"1", "1.0"})


def reshape(raw: Raw) -> Raw:
    """Add the list of forms, joined by `;`: the named form, and the kind of work where the labour is said to be forced.

    A kind of work without forced labour names no form of exploitation: it stays a trade.
    """
    if not {FORM, FORCED, WORK} <= set(raw.headers):
        return raw
    headers = (*raw.headers, FORMS)
    return Raw(headers, batches_of_rows(_rows(raw), headers, headers, frozenset()), raw.ragged)


def _rows(raw: Raw) -> Iterator[tuple[int, list[str]]]:
    for number, row in numbered_rows(raw):
        yield number, [*row.values(), ";".join(_forms(row[FORM], row[FORCED], row[WORK]))]


def _forms(form: str, forced: str, work: str) -> list[str]:
    if forced not in YES:
        return [form] if form else []
    labour = f"Forced labour: {work}" if work else "Forced labour"
    return [labour] if form in ("", "Labor") else [form, labour]
