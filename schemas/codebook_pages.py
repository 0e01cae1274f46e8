"""The pages of the codebook beside the tables: code lists with labels and counterparts, rules, indicators."""

from collections.abc import Iterable, Sequence

from schemas.codelists import LANGUAGES, STANDARDS, CodeList, codelist, codelist_names
from schemas.indicators import indicators
from schemas.rules import Rule, rules
from schemas.tables import tables

# Of other standards, how their names are written.
STANDARD_NAMES = {
    "ic_tip": "IC-TIP", "htcds": "HTCDS", "ctdc": "CTDC", "glotip": "GLOTIP", "sdg_16_2_2": "SDG 16.2.2", "sdmx": "SDMX",
    "iccs": "ICCS", "mmp": "Missing Migrants Project", "ctdc_synthetic": "CTDC synthetic sets",
    "ilo": "ILO indicators of forced labour",
}  # fmt: skip
SEVERITIES = {"E": "error", "W": "warning", "I": "information"}


def codelists_markdown() -> str:
    """Write every code list: what each code means, its labels, and its counterparts in other standards."""
    names = codelist_names()
    lines = ["# Code lists", "", "Counterparts say how they relate to ours: exact, broad (theirs is wider), narrow, related.", ""]
    lines += [f"- [{name}](#{name.lower()}), {len(codelist(name).codes)} codes: {', '.join(_users(name))}" for name in names]
    for name in names:
        lines += ["", *_codelist(codelist(name))]
    return "\n".join(lines) + "\n"


def rules_markdown() -> str:
    """Write every rule: what it asks, how grave it is, what it refuses, and what to do."""
    head = ("rule", "severity", "asks", "tables", "what to do", "from")
    rows = [
        (found.id, _gravity(found), found.title, ", ".join(found.tables), found.remedies[0], found.source)
        for found in rules()
    ]  # fmt: skip
    return "\n".join(["# Rules", "", *markdown_table(head, rows)]) + "\n"


def indicators_markdown() -> str:
    """Write every indicator: what it counts, in which unit, over which records, and its labels."""
    head = ("indicator", "label", "domain", "unit", "counted over", "formula", "from", "labels")
    rows = [
        (found.code, found.label("en"), found.domain, found.count_unit, found.table or "only reported", found.formula,
         found.standard,
         "; ".join(f"{language}: {found.labels[language]}" for language in LANGUAGES[1:] if found.labels[language]))
        for found in indicators().values()
    ]  # fmt: skip
    return "\n".join(["# Indicators", "", *markdown_table(head, rows)]) + "\n"


def code_rows() -> tuple[dict[str, str], ...]:
    """List every code of every list: list, code, then all columns of the list."""
    return tuple({"list": name, **row} for name in codelist_names() for row in codelist(name).rows.values())


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table of Markdown; a bar within a cell would part it, so it becomes a slash."""
    return [_line(head), "|" + " --- |" * len(head), *(_line(row) for row in rows)]


def _gravity(found: Rule) -> str:
    return SEVERITIES[found.severity] + (f", refuses the {found.refuses}" if found.refuses else "")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"


def _codelist(found: CodeList) -> list[str]:
    codes = found.codes
    parents = any(found.parent(code) for code in codes)
    languages = [language for language in LANGUAGES if any(found.rows[code][f"label_{language}"] for code in codes)]
    head = ["code", *(["part of"] if parents else []), *languages, "definition", "from", "to check"]
    rows = []
    for code in codes:
        row = found.rows[code]
        labels = [row[f"label_{language}"] for language in languages]
        rows.append(
            [
                f"`{code}`",
                *([found.parent(code) or ""] if parents else []),
                *labels,
                row["definition"],
                row["source"],
                row["review"],
            ]
        )
    lines = [f"## {found.name}", "", f"Used by {', '.join(_users(found.name)) or 'no field'}.", "", *markdown_table(head, rows)]
    told = [name for name in STANDARDS if any(found.crosswalk(code, name) for code in codes)]
    if told:
        crossed = [(f"`{code}`", *(_counterpart(found, code, name) for name in told)) for code in codes]
        lines += [
            "",
            f"Counterparts of {found.name}:",
            "",
            *markdown_table(["code", *(STANDARD_NAMES[name] for name in told)], crossed),
        ]
    return lines


def _counterpart(found: CodeList, code: str, standard: str) -> str:
    theirs = found.crosswalk(code, standard)
    return f"{theirs} ({found.match(code, standard)})" if theirs else ""


def _users(name: str) -> list[str]:
    return [f"`{field.table}.{field.name}`" for held in tables() for field in held.fields if field.codelist == name]
