"""A JSON list of objects, or one object a line, in; batches of text out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from etl.cell_limit import limited
from etl.door import shown_heading
from etl.errors import SourceError
from etl.headings import heading, joined_headings
from etl.json_lists import key_of_records, records
from etl.raw import Raw, batches_of_rows
from etl.source import FileForm
from etl.unpack import open_plain

MOST_BYTES = 128 << 20
MOST_CELL = 1 << 20


def read_json(path: Path, form: FileForm, wanted: Sequence[str] | None, keys: frozenset[str]) -> Raw:
    """Read the wanted keys (None: all) of every object; the headings are all keys met, in order of first sight.

    Errors: SourceError for what is not JSON in the declared encoding, not a list of objects, or has a key twice.
    """
    objects = _objects(path, form)
    headers = _headings(objects, path.name)
    wanted = headers if wanted is None else wanted
    raw = Raw(headers=headers, batches=iter(()))
    # A key that no object of this file has is missing in every row: later years have keys that earlier ones lack.
    rows = ((number, _row(item, wanted, path)) for number, item in enumerate(objects, start=1))
    raw.batches = limited(batches_of_rows(rows, list(wanted), wanted, keys), path.name)
    return raw


def _headings(objects: list[dict[str, Any]], name: str) -> tuple[str, ...]:
    """Give the keys as headings in the order of first sight, with the checks that a row of headings has.

    Errors: SourceError for no key, and for two keys that are one heading.
    """
    written = dict.fromkeys(str(key) for item in objects for key in item)
    if objects and not written:
        raise SourceError(f"{name}: its objects hold no keys; export the file again")
    named: dict[str, str] = {}
    for key in written:
        other = named.setdefault(heading(key), key)
        if other != key:
            raise SourceError(f"{name}: two keys are the heading {shown_heading(heading(key))}; give each its own")
    return joined_headings([[*named]], name) if named else ()


def _row(item: dict[str, Any], wanted: Sequence[str], path: Path) -> list[str]:
    named = {heading(str(key)): value for key, value in item.items()}
    texts = [_text(named.get(name)) for name in wanted]
    if max(map(len, texts), default=0) > MOST_CELL:
        raise SourceError(f"{path.name}: a value is longer than {MOST_CELL >> 20} MB; this is not the table that was agreed")
    return texts


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case int():
            return str(value)
    return json.dumps(value, ensure_ascii=False)


def key_of_list(path: Path, form: FileForm) -> str | None:
    """Name the key of a document under which its list stands; errors as in `read_json`."""
    return key_of_records(_document(path, form)) if form.format == "json" else None


def _objects(path: Path, form: FileForm) -> list[dict[str, Any]]:
    return records(_document(path, form), path.name, form.records)


def _document(path: Path, form: FileForm) -> Any:
    try:
        with open_plain(path) as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SourceError(f"{path.name}: is larger than {MOST_BYTES >> 20} MB of JSON; send it as CSV")
        text = content.decode("utf-8-sig" if form.encoding == "utf-8" else form.encoding)
        found = _lines(text, path.name) if form.format == "jsonl" else _loads(text, path.name)
    except (UnicodeError, LookupError):
        raise SourceError(f"{path.name}: its bytes are not {form.encoding}; declare its encoding under `file:`") from None
    except json.JSONDecodeError as fault:
        raise SourceError(f"{path.name} line {fault.lineno}: is not JSON; send the file again as it was exported") from None
    except (RecursionError, ValueError):
        raise SourceError(f"{path.name}: is JSON that is nested too deeply or has numbers too long; send a flat list") from None
    if "\\u" in text:
        _refuse_halves(found, path)
    return found


def _refuse_halves(value: Any, path: Path) -> None:
    """Refuse halves of signs, which no table can hold."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise SourceError(f"{path.name}: a value holds half a sign (\\ud800 …); export the file again") from None
    elif isinstance(value, dict):
        _refuse_halves(list(value), path)
        _refuse_halves(list(value.values()), path)
    elif isinstance(value, list):
        for item in value:
            _refuse_halves(item, path)


def _loads(text: str, name: str) -> Any:
    """Parse JSON; two keys of one name in an object, of which a parser would take the last, are refused (RFC 8259, 4)."""
    return json.loads(text, object_pairs_hook=partial(_object, name))


def _object(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise SourceError(f"{name}: an object has the key {shown_heading(heading(twice))} twice; export the file again")
    return found


def _lines(text: str, name: str) -> list[Any]:
    return list(_parsed(text, name))


def _parsed(text: str, name: str) -> Iterator[Any]:
    # a line of JSON Lines ends with \n alone; other signs that end lines may stand in its texts
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _loads(line, name)
            except json.JSONDecodeError as fault:
                raise json.JSONDecodeError(fault.msg, "\n" * (number - 1), number - 1) from None
