"""How our codes and fields answer to IC-TIP, HTCDS, CTDC, GLOTIP, SDG 16.2.2, SDMX, ICCS and the Missing Migrants Project.

The relation is SSSOM's: exact, broad, narrow, related. Of IC-TIP only the blocks (event, victim, perpetrator, reporting entity)
are known to us, since its full text was not at hand.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from dashboard.exports.job import Job
from schemas.codelists import STANDARDS, codelist, codelist_names
from schemas.tables import tables

HEADINGS = ("kind", "ours", "code", "label_en", "relation", "standard", "theirs")


def crosswalk(job: Job) -> Iterator[bytes]:
    """Write the crosswalk as CSV with the notes of the edition; it is the same whatever figures are chosen."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(crosswalk_rows())
    head = "".join(f"{line}\n" for line in job.notes.commented()) if job.options.notes is not False else ""
    yield f"{head}{made.getvalue()}".encode()


def crosswalk_rows() -> Iterator[tuple[str, ...]]:
    """Give one row for each pair of one of our fields or codes and what another standard calls it."""
    for table in tables():
        for field in table.fields:
            if field.disclosure != "I" and field.standard not in ("Pembe", "Pembe rules", "Pembe indicators"):
                for standard in field.standard.split("; "):
                    yield "field", f"{table.name}.{field.name}", "", field.definition, "related", standard, ""
    for name in codelist_names():
        listed = codelist(name)
        for code in listed:
            for standard in STANDARDS:
                for theirs in (listed.crosswalk(code, standard) or "").split(" | "):
                    if theirs:
                        yield "code", name, code, listed.label(code), listed.match(code, standard), standard, theirs
