"""How an edition, or a choice of its figures, is cited: as text, BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.exports.options import ExportError

TITLE = "Harmonised data on trafficking in persons and smuggling of migrants in the Horn of Africa"
AUTHOR = "Pembe"
# The path of editions in the interface for programs, below which an address never changes.
EDITIONS = "/api/v1/editions"


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names.

    choice: the query of the address, empty for a whole edition. address: where the figures are; empty where the site has no
    public address.
    """

    author: str
    title: str
    edition: str
    as_of: str
    choice: str
    address: str = ""

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
        """Write one line, with author, year, title, edition, choice and address."""
        choice = f" Choice: {self.choice}." if self.choice else ""
        address = f" {self.address}" if self.address else ""
        return f"{self.author} ({self.year}). {self.title}. {self.version}. Data set.{choice}{address}"

    def bibtex(self) -> str:
        """Write an entry of BibTeX (biblatex's @dataset)."""
        fields = {
            "author": f"{{{self.author}}}", "title": f"{{{self.title}}}", "year": self.year, "date": self.as_of,
            "version": self.edition, "type": "Data set",
        }  # fmt: skip
        if self.choice:
            fields["note"] = f"Choice: {_escaped(self.choice)}"
        if self.address:
            # A field of addresses is read as it stands.
            fields["url"] = self.address
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@dataset{{{self.key},\n{lines}\n}}"

    def ris(self) -> str:
        """Write an entry of RIS, of type DATA."""
        lines = [("TY", "DATA"), ("AU", self.author), ("PY", self.year), ("DA", self.as_of.replace("-", "/")), ("TI", self.title)]
        lines += [("ET", self.edition), *([("N1", f"Choice: {self.choice}")] if self.choice else [])]
        lines += [*([("UR", self.address)] if self.address else []), ("ER", "")]
        return "\n".join(f"{tag}  - {value}" for tag, value in lines)

    def csl(self) -> str:
        """Write an item of CSL-JSON, as citation processors read it."""
        item: dict[str, object] = {
            "id": self.key, "type": "dataset", "author": [{"literal": self.author}], "title": self.title,
            "version": self.edition, "issued": {"date-parts": [[int(part) for part in self.as_of.split("-")]]},
        }  # fmt: skip
        if self.choice:
            item["note"] = f"Choice: {self.choice}"
        if self.address:
            item["URL"] = self.address
        return json.dumps([item], ensure_ascii=False, indent=2)

    def written(self, form: str) -> str:
        """Write the citation in a form: text, bibtex, ris or csl; raises ExportError for any other."""
        forms = {"text": self.text, "bibtex": self.bibtex, "ris": self.ris, "csl": self.csl}
        if form not in forms:
            raise ExportError(f"a citation is written as {', '.join(forms)}, and not as {form[:40]!r}")
        return forms[form]()


def cite(manifest: Mapping[str, str], edition: str, choice: str = "", site: str = "", query: str | None = None) -> Citation:
    """Make the citation of an edition from its manifest, and of a choice of its figures.

    site: the public address of the site; empty where it has none. query: that of the interface for programs that gives the
    chosen figures; None for the edition itself.
    """
    title = manifest.get("citation_title", TITLE).removeprefix(f"{AUTHOR}: ")
    path = f"{EDITIONS}/{edition}" if query is None else f"{EDITIONS}/{edition}/observations{query}"
    return Citation(AUTHOR, title[:1].upper() + title[1:], edition, manifest["as_of"], choice, f"{site}{path}" if site else "")


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "&%$#_{}" else sign for sign in text)
