"""A public file of a few hand-written figures, in the declared table, for tests of what leaves the house."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.public import write_words
from schemas.tables import enum_ddl, table

NAME = "2026-01-31-abcdef01"
TOTALS = ("ref_subarea", "citizenship", "counterpart_area", "departure", "transit", "exploitation", "offence", "scope", "stage",
          "route", "transport_mode", "outcome", "age", "sex")  # fmt: skip
USUAL: dict[str, object] = {
    **dict.fromkeys(TOTALS, "_T"),
    "submission_id": "ETH-2020-01", "source": "eth_samples", "origin": "COMPUTED", "invented": True, "ref_area": "ETH",
    "freq": "A", "time_period": "2020", "period_start": "2020-01-01", "period_end": "2020-12-31", "period_type": "CY",
    "indicator": "TIP_VIC_DET", "count_unit": "VICTIM", "source_type": "POLICE", "obs_status": "V", "conf_status": "F",
    "protection": "CELL_KEY",
}  # fmt: skip
YEAR = {"time_period": "2021", "period_start": "2021-01-01", "period_end": "2021-12-31"}
REPORT = {
    "submission_id": "INT-2021-01", "source": "reports", "origin": "PUBLISHED", "invented": False, "protection": "PUBLISHED",
}  # fmt: skip
FIGURES: tuple[dict[str, object], ...] = (
    {"observation_id": "ETH-2020-01-f1", "sex": "F", "age": "Y18T24", "obs_value": 26, "value_lower": 24, "value_upper": 28},
    {"observation_id": "ETH-2020-01-f2", "sex": "M", "age": "Y18T24", "obs_value": 0, "value_raw": "0", "value_lower": 0,
     "value_upper": 0},
    {"observation_id": "ETH-2020-01-f3", "age": "Y18T24", "value_raw": "c", "value_lower": 1, "value_upper": 9,
     "obs_status": "Q", "conf_status": "A"},
    {**YEAR, "observation_id": "ETH-2020-01-f4", "sex": "F", "value_raw": "n/a", "obs_status": "O"},
    {**YEAR, "observation_id": "ETH-2020-01-f5", "obs_status": "M"},
    {**YEAR, **REPORT, "observation_id": "INT-2021-01-f6", "ref_area": "KEN", "indicator": "TIP_RATE", "count_unit": "RATE100K",
     "obs_value": 12.5, "value_raw": "12.5", "obs_status": "A"},
)  # fmt: skip
MANIFEST = {
    "edition": NAME, "as_of": "2026-01-31", "sources": "2", "threshold": "10", "licence": "CC BY 4.0",
}  # fmt: skip
SOURCES = (
    ("eth_samples", "Register of samples", "Ministry of Samples", True, None),
    ("reports", "Reports", "State Department", False, "facts; cite the page"),
)


def publish(folder: Path, figures: tuple[dict[str, object], ...] = FIGURES) -> Path:
    """Write a public file with these figures into a folder, and give its path."""
    folder.mkdir(exist_ok=True)
    path = folder / "public.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in enum_ddl():
            connection.execute(statement)
        for name in ("observation", "submission"):
            columns = ", ".join(f'"{field.name}" {field.sql_type}' for field in table(name).fields if field.disclosure != "I")
            connection.execute(f"CREATE TABLE {name} ({columns})")
        for figure in figures:
            row = {**USUAL, **figure}
            values = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO observation ({', '.join(row)}) VALUES ({values})", list(row.values()))
        write_words(connection, [])
        sources = "INSERT INTO source (name, title, publisher, invented, licence) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(sources, [list(row) for row in SOURCES])
        connection.execute("CREATE TABLE manifest (name VARCHAR, value VARCHAR)")
        connection.executemany("INSERT INTO manifest VALUES (?, ?)", [list(item) for item in MANIFEST.items()])
    return path
