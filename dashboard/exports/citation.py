"""How an edition, or a choice of its figures, is cited: as text, BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.exports.options import ExportError

TITLE = "Harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa"
AUTHOR = "Pembe"


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names: the choice is the query of the address, empty for a whole edition."""

    author: str
    title: str
    edition: str
    as_of: str
    choice: str

    @property
    def year(self) -> str:
        """Give the year of the edition."""
        return self.as_of[:4]

    @property
    def key(self) -> str:
        """Give the name by which a bibliography calls it."""
        return f"pembe-{self.edition}"

    @property
    def version(self) -> str:
        """Name the edition and its day."""
        return f"Edition {self.edition}, as of {self.as_of}"

    def text(self) -> str:
        """Write one line, with author, year, title, edition and choice."""
        choice = f" Choice: {self.choice}." if self.choice else ""
        return f"{self.author} ({self.year}). {self.title}. {self.version}. Data set.{choice}"

    def bibtex(self) -> str:
        """Write an entry of BibTeX (biblatex's @dataset)."""
        fields = {
            "author": f"{{{self.author}}}", "title": f"{{{self.title}}}", "year": self.year, "date": self.as_of,
            "version": self.edition, "type": "Data set",
        }  # fmt: skip
        if self.choice:
            fields["note"] = f"Choice: {_escaped(self.choice)}"
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@dataset{{{self.key},\n{lines}\n}}"

    def ris(self) -> str:
        """Write an entry of RIS, of type DATA."""
        lines = [("TY", "DATA"), ("AU", self.author), ("PY", self.year), ("DA", self.as_of.replace("-", "/")), ("TI", self.title)]
        lines += [("ET", self.edition), *([("N1", f"Choice: {self.choice}")] if self.choice else []), ("ER", "")]
        return "\n".join(f"{tag}  - {value}" for tag, value in lines)

    def csl(self) -> str:
        """Write an item of CSL-JSON, as citation processors read it."""
        item: dict[str, object] = {
            "id": self.key, "type": "dataset", "author": [{"literal": self.author}], "title": self.title,
            "version": self.edition, "issued": {"date-parts": [[int(part) for part in self.as_of.split("-")]]},
        }  # fmt: skip
        if self.choice:
            item["note"] = f"Choice: {self.choice}"
        return json.dumps([item], ensure_ascii=False, indent=2)

    def written(self, form: str) -> str:
        """Write the citation in a form: text, bibtex, ris or csl; raises ExportError for any other."""
        forms = {"text": self.text, "bibtex": self.bibtex, "ris": self.ris, "csl": self.csl}
        if form not in forms:
            raise ExportError(f"a citation is written as {', '.join(forms)}, and not as {form[:40]!r}")
        return forms[form]()


def cite(manifest: Mapping[str, str], edition: str, choice: str = "") -> Citation:
    """Make the citation of an edition from its manifest, and of a choice of its figures."""
    title = manifest.get("citation_title", TITLE).removeprefix(f"{AUTHOR}: ")
    return Citation(AUTHOR, title[:1].upper() + title[1:], edition, manifest["as_of"], choice)


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "&%$#_{}" else sign for sign in text)
