"""The data dictionary: every table and field as Frictionless table schemas, as Markdown and as rows."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from schemas.codebook_pages import code_rows, codelists_markdown, indicators_markdown, markdown_table, rules_markdown
from schemas.tables import Field, Table, table, tables

FRICTIONLESS_TYPES = {
    "text": "string",
    "hash": "string",
    "code": "string",
    "country": "string",
    "area": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "timestamp": "datetime",
    "boolean": "boolean",
}
FOREIGN_KEYS = {"submission_id": "submission", "supersedes": "submission", "incident_id": "smuggling_incident"}
REQUIRED_WORDS = {"R": "required", "C": "conditional", "O": "optional"}
DISCLOSURE_WORDS = {"N": "not identifying", "Q": "quasi-identifier", "S": "sensitive", "I": "internal, never exported"}
LONG_LIST = 60  # more codes than this are named by their list and not written out


def write_codebook(folder: Path) -> list[Path]:
    """Write the data dictionary into a folder, made where it is not there, and give the paths written.

    Markdown for people (`README.md`, `codebook.md`, `codelists.md`, `rules.md`, `indicators.md`), `fields.csv` and
    `codes.csv`, and for programs one Frictionless table schema a table, a file of its headings alone to fill in, and
    `datapackage.json`, which lists them.
    """
    rows = {"fields": codebook_rows(), "codes": code_rows()}
    texts = {
        "README.md": _index(),
        "codebook.md": codebook_markdown(),
        "codelists.md": codelists_markdown(),
        "rules.md": rules_markdown(),
        "indicators.md": indicators_markdown(),
        **{f"{found.name}.schema.json": _json(_without_nothing(table_schema(found.name))) for found in tables()},
        **{f"{found.name}.csv": ",".join(field.name for field in found.fields) + "\n" for found in tables()},
        **{f"{name}.schema.json": _json(_text_schema(name, listed)) for name, listed in rows.items()},
        "datapackage.json": _json(data_package()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, listed in rows.items():
        _write_csv(folder / f"{name}.csv", listed)
    return [folder / name for name in (*texts, *(f"{name}.csv" for name in rows))]


def data_package() -> dict[str, object]:
    """Describe the files of the codebook as a Data Package: the fields, the codes and one table of headings a table.

    Standard: Data Package and Tabular Data Resource (datapackage.org), version 1, which version 2 reads too.
    """
    return {
        "profile": "tabular-data-package",
        "name": "pembe",
        "title": "Harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "title": title,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": f"{name}.schema.json",
            }
            for name, title in (
                ("fields", "Every field of every table"),
                ("codes", "Every code of every list"),
                *((found.name, f"Headings of the table {found.name}, without rows") for found in tables()),
            )
        ],
    }


def table_schema(name: str) -> dict[str, object]:
    """Describe a table as a Frictionless Table Schema: fields, constraints, keys and missing values."""
    found = table(name)
    return {
        "name": found.name,
        "fields": [_frictionless_field(field) for field in found.fields],
        "primaryKey": [found.key],
        "foreignKeys": _foreign_keys(found),
        "missingValues": [""],
    }


def _text_schema(name: str, rows: Sequence[dict[str, str]]) -> dict[str, object]:
    """Describe a table of the codebook itself, which holds nothing but text."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return {"name": name, "fields": [{"name": column, "type": "string"} for column in columns], "missingValues": [""]}


def codebook_rows() -> tuple[dict[str, str], ...]:
    """List every field, one dictionary of text a field, with the headings that `codebook.csv` has."""
    return tuple(_codebook_row(field) for found in tables() for field in found.fields)


def codebook_markdown() -> str:
    """Write the data dictionary as Markdown: one heading and one table of fields for each harmonised table."""
    sections = ["# Codebook", "", *(line for found in tables() for line in _section(found))]
    return "\n".join(sections) + "\n"


def _index() -> str:
    files = (
        ("codebook.md", "every table and field: type, codes, range, standard, whether required, disclosure class"),
        ("codelists.md", "every code with its labels, its definition and its counterparts in other standards"),
        ("rules.md", "every rule: what it asks, what it refuses, what to do"),
        ("indicators.md", "every indicator: what it counts, in which unit, over which records"),
        ("fields.csv, codes.csv", "the fields and the codes as tables"),
        ("<table>.csv", "the headings of a table, to be filled in"),
        ("<table>.schema.json, datapackage.json", "Frictionless table schemas, one a table, and the package that lists them"),
    )
    told = markdown_table(("file", "what it says"), [(f"`{name}`", what) for name, what in files])
    lines = ["# The data dictionary of Pembe", "", *told]
    words = ["", "Disclosure classes: " + "; ".join(f"{code}, {meaning}" for code, meaning in DISCLOSURE_WORDS.items()) + "."]
    return "\n".join([*lines, *words]) + "\n"


def _without_nothing(schema: dict[str, object]) -> dict[str, object]:
    """Leave out what is empty: the profile of version 1 allows no empty list of keys."""
    return {name: value for name, value in schema.items() if value != []}


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write_csv(path: Path, rows: Sequence[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _frictionless_field(field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {"required": field.required == "R" and not field.many}
    if field.name == table(field.table).key:
        constraints["unique"] = True
    pattern = _list_pattern(field) if field.many else field.pattern
    if pattern is not None:
        constraints["pattern"] = pattern
    if field.codes is not None and not field.many:
        constraints["enum"] = list(field.codes)
    for bound, value in (("minimum", field.minimum), ("maximum", field.maximum)):
        if value is not None:
            constraints[bound] = int(value) if field.type == "integer" else value
    return {
        "name": field.name,
        "type": FRICTIONLESS_TYPES["text" if field.many else field.type],
        "title": field.name.replace("_", " "),
        "description": field.definition,
        "constraints": constraints,
        "codelist": field.codelist,
        "standard": field.standard,
        "disclosure": field.disclosure,
    }


def _list_pattern(field: Field) -> str | None:
    """A list is text with `|` between its codes, which only a pattern can say."""
    if field.codes is not None:
        one = "|".join(field.codes)
        return f"(({one})(\\|({one}))*)?"
    return f"(({field.pattern})(\\|({field.pattern}))*)?" if field.pattern is not None else None


def _foreign_keys(found: Table) -> list[dict[str, object]]:
    return [
        {"fields": [field.name], "reference": {"resource": target, "fields": [table(target).key]}}
        for field in found.fields
        if (target := FOREIGN_KEYS.get(field.name)) is not None and field.name != found.key
    ]


def _codebook_row(field: Field) -> dict[str, str]:
    return {
        "table": field.table,
        "field": field.name,
        "definition": field.definition,
        "type": f"list of {field.type}" if field.many else field.type,
        "codes": _codes(field),
        "range": _range(field),
        "pattern": field.pattern if field.pattern is not None else "",
        "standard": field.standard,
        "required": REQUIRED_WORDS[field.required],
        "disclosure": DISCLOSURE_WORDS[field.disclosure],
    }


def _codes(field: Field) -> str:
    if field.codes is None:
        return ""
    name = field.codelist if field.codelist is not None else {"country": "ISO 3166-1", "area": "ISO 3166-2"}[field.type]
    if len(field.codes) <= LONG_LIST:
        return f"{name}: {', '.join(field.codes)}"
    return f"{name}, {', '.join(field.also)}" if field.also else name


def _range(field: Field) -> str:
    if field.minimum is None and field.maximum is None:
        return ""
    lowest = f"{field.minimum:g}" if field.minimum is not None else ""
    highest = f"{field.maximum:g}" if field.maximum is not None else ""
    return f"{lowest} to {highest}" if highest else f"{lowest} or more"


def _section(found: Table) -> list[str]:
    head = ("field", "definition", "type", "codes", "range", "standard", "required", "disclosure")
    lines = [f"## {found.name}", "", f"Key: `{found.key}`.", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for field in found.fields:
        row = _codebook_row(field)
        lines.append(f"| `{row['field']}` | {' | '.join(row[name].replace('|', '/') for name in head[1:])} |")
    return [*lines, ""]
