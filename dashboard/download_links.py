"""The addresses of files that screens lead to: who follows one opens the file in a spreadsheet."""

from __future__ import annotations

from dashboard.filters import Filters

# The forms that every chart offers, and what they are called.
FORMS = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON"}


def download_link(form: str, filters: Filters) -> str:
    """Give the address of a file of a choice; CSV in the form that a spreadsheet reads, with the mark of UTF-8 before it.

    Without the mark, Excel reads Arabic, Amharic and accented letters as another encoding.
    """
    query = filters.query()
    if form != "csv":
        return f"/download/{form}{query}"
    return f"/download/{form}{query}{'&' if query else '?'}excel=yes"
