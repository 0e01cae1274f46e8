"""What an edition was made with, as names and hashes: its day, the lists, the rules, the program and every declaration."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from etl.source import HERE, Source
from etl.submissions import SCHEMA_VERSION

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).parent.parent
SCHEMAS, ETL = ROOT / "schemas", ROOT / "etl"
# Of the lexicon, the files that readings look words up in; the others only help to draft a declaration.
READ_BY = ("codes", "countries", "areas", "phrases")


def write_facts(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    sources: list[Source],
    today: datetime.date,
    key: str,
    decisions: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Fill the table `manifest` (name, value) of `records.duckdb`, by which `etl.diff` says why a figure changed.

    key: the fingerprint of the key of the installation. Names: `edition`, `as_of`, `key`, `schema_version`,
    `codelist/CL_SEX`, `lexicon/codes`, `mapping/<source>`, `program`, `sheet/<source>`, the sheet that is read,
    and `decision/<source> <period>`, the decisions of the state.
    """
    facts = {"edition": name, "as_of": today.isoformat(), "key": key, "schema_version": SCHEMA_VERSION, **_lists(), **decisions}
    facts |= {f"mapping/{source.name}": _mapping(source) for source in sources}
    facts |= {f"sheet/{source.name}": source.file.sheet for source in sources if source.file.sheet is not None}
    facts["program"] = _hash(path for folder in (ETL, SCHEMAS) for path in folder.glob("**/*.py") if path.parent != HERE)
    names = sorted(facts)
    values = [facts[item] for item in names]
    connection.execute("INSERT INTO manifest SELECT unnest($names), unnest($values)", {"names": names, "values": values})


def _lists() -> dict[str, str]:
    lists = {f"codelist/{path.stem}": path for path in SCHEMAS.glob("codelists/*.csv")}
    lists |= {f"list/{path.stem}": path for path in SCHEMAS.glob("*.csv")}
    lists |= {f"lexicon/{name}": SCHEMAS / "lexicon" / f"{name}.csv" for name in READ_BY}
    return {name: _hash([path]) for name, path in lists.items()}


def _mapping(source: Source) -> str:
    """Hash a declaration without the files received, so that one more file is no other mapping; its twin belongs to it."""
    digest = hashlib.sha256(source.model_dump_json(exclude={"submissions"}).encode())
    for path in sorted((*HERE.glob(f"{source.name}.py"), *HERE.glob(f"{source.name}_*.csv"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
