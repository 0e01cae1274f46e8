"""The list of records inside a JSON document: a list, an object that holds one, GeoJSON (RFC 7946), DHIS2's analytics."""

from __future__ import annotations

from typing import Any

from etl.errors import SourceError

FEATURES, ANALYTICS = "features", "rows"
Object = dict[str, Any]


def records(found: Any, name: str, wanted: str | None) -> list[Object]:
    """Give the records of a document; `wanted` names the key under which a document with several lists holds them.

    The coordinates of GeoJSON are left out by name; each record is the properties of one feature.

    Errors: SourceError that names the kind of a document that is no list of records.
    """
    if isinstance(found, list):
        return _objects(found, name)
    if not isinstance(found, dict):
        raise SourceError(f"{name}: is a single JSON value and no list of objects; export one object a record")
    if found.get("type") == "FeatureCollection" and isinstance(found.get(FEATURES), list):
        return [_properties(feature, name) for feature in found[FEATURES]]
    if wanted is not None:
        if not isinstance(found.get(wanted), list):
            raise SourceError(f"{name}: holds no list under the key {wanted!r}; correct `records` under `file:`")
        return _rows_of(found, wanted, name)
    lists = lists_of(found)
    if len(lists) > 1:
        raise SourceError(f"{name}: holds the lists {', '.join(lists)}; name the one to read under `file: {{records: …}}`")
    if len(lists) == 1:
        return _rows_of(found, lists[0], name)
    if found and all(isinstance(value, list | dict) for value in found.values()):
        raise SourceError(f"{name}: is JSON with one list for each column and no list of objects; export one object a record")
    raise SourceError(f"{name}: is not a list of objects; export one object a record")


def lists_of(found: Object) -> list[str]:
    """Name the keys under which a document holds a list of objects, or rows with a list of headings beside them."""
    lists = [key for key, value in found.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
    if _is_analytics(found):
        return [ANALYTICS, *(key for key in lists if key != "headers")]
    return lists


def key_of_records(found: Any) -> str | None:
    """Name the key under which a document holds its one list; None where the document is the list, or holds several."""
    if not isinstance(found, dict):
        return None
    if found.get("type") == "FeatureCollection":
        return FEATURES
    lists = lists_of(found)
    return lists[0] if len(lists) == 1 else None


def is_document_with_records(found: Any) -> bool:
    """Say whether a JSON value is a document that holds its records, or its columns, as lists inside."""
    if not isinstance(found, dict):
        return False
    columns = bool(found) and all(isinstance(value, list) for value in found.values())
    return found.get("type") == "FeatureCollection" or bool(lists_of(found)) or columns


def _is_analytics(found: Object) -> bool:
    headers, rows = found.get("headers"), found.get(ANALYTICS)
    named = isinstance(headers, list) and all(
        isinstance(item, str) or (isinstance(item, dict) and "name" in item) for item in headers
    )
    return named and isinstance(rows, list) and all(isinstance(row, list) for row in rows)


def _rows_of(found: Object, key: str, name: str) -> list[Object]:
    if key != ANALYTICS or not _is_analytics(found):
        return _objects(found[key], name)
    headings = [item if isinstance(item, str) else str(item.get("column") or item["name"]) for item in found["headers"]]
    uneven = next((number for number, row in enumerate(found[key], start=1) if len(row) != len(headings)), None)
    if uneven is not None:
        raise SourceError(f"{name}: row {uneven} has other cells than the {len(headings)} headings; send the file again")
    return [dict(zip(headings, row, strict=True)) for row in found[key]]


def _objects(found: list[Any], name: str) -> list[Object]:
    if not all(isinstance(item, dict) for item in found):
        raise SourceError(f"{name}: is not a list of objects; export one object a record")
    return found


def _properties(feature: Any, name: str) -> Object:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise SourceError(f"{name}: holds a feature without properties; export the table that the map was made from")
    return properties
