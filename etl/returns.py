"""Nil returns and silences in, observations out: zero is said, silence is a missing value, and neither is the other."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from etl.plan import TOTALS, Plan
from etl.received import FREQUENCY, Received
from etl.source import Source

if TYPE_CHECKING:
    import duckdb

# Our own note on a figure that was due; what a letter says of a nil return is the sender's, and stays in the records.
SILENCE = "no submission was received"
# What a source of a table would have reported, had it reported: indicator and counting unit.
EXPECTED = {
    "victim": (("TIP_VIC_DET", "VICTIM"),),
    "suspect": (("TIP_INVEST", "PERSON"), ("TIP_PROSEC", "PERSON"), ("TIP_CONV", "PERSON")),
    "smuggling_incident": (("SOM_INC", "INCIDENT"), ("SOM_MIG", "MIGRANT")),
    "smuggled_group": (("SOM_MIG", "MIGRANT"),),
}


PRESUMED = "PRESUMED"


def write_silences(
    connection: duckdb.DuckDBPyConnection, plans: list[Plan], received: list[Received], today: datetime.date
) -> None:
    """Write one figure for each expected indicator of a nil return (0) or of a silence (none, status O or as declared)."""
    by_name = {plan.source.name: plan for plan in plans}
    for item in received:
        if item.path is not None:
            continue
        plan = by_name[item.source]
        for number, (indicator, unit) in enumerate(_expected(plan), start=1):
            _write(connection, plan, item, number, indicator, unit)


def _expected(plan: Plan) -> tuple[tuple[str, str], ...]:
    source = plan.source
    if source.table == "observation":
        named = {
            dims["indicator"]: dims.get("count_unit", source.count_unit)
            for dims in source.measures.values()
            if "indicator" in dims
        }
        if "indicator" in source.constants:
            named[source.constants["indicator"]] = source.constants.get("count_unit", source.count_unit)
        return tuple(sorted(named.items()))
    if source.table == "victim" and PRESUMED in (source.constants.get("victim_status"), *_statuses(source)):
        return (("TIP_VIC_PRES", "VICTIM"),)
    expected = EXPECTED[source.table]
    if source.domain == "SOM" and source.table == "suspect":
        return tuple((name.replace("TIP_", "SOM_"), unit) for name, unit in expected)
    return expected


def _statuses(source: Source) -> tuple[str, ...]:
    """Give the one status that the words of a register know; none where they know several."""
    column = source.columns.get("victim_status")
    return tuple(column.words) if column is not None and len(column.words) == 1 else ()


def _write(connection: duckdb.DuckDBPyConnection, plan: Plan, item: Received, number: int, indicator: str, unit: str) -> None:
    nil = item.status == "NIL"
    source = plan.source
    values: dict[str, object] = {
        "observation_id": f"{item.submission_id}-r{number}",
        "submission_id": item.submission_id,
        "source": source.name,
        "origin": "REPORTED",
        "invented": source.invented,
        "ref_area": source.country,
        "freq": FREQUENCY.get(item.period_type, "_X"),
        "time_period": item.time_period,
        "period_start": item.period_start,
        "period_end": item.period_end,
        "period_type": item.period_type,
        "indicator": indicator,
        "count_unit": unit,
        "source_type": source.source_type,
        "obs_value": 0 if nil else None,
        "obs_status": "V" if nil else item.declared.obs_status or "O",
        "conf_status": "F",
        "protection": "RECEIVED",
        "obs_comment": item.declared.letter if nil else SILENCE,
        **{name: "_T" for name in TOTALS},
    }
    names = ", ".join(values)
    connection.execute(f"INSERT INTO observation ({names}) VALUES ({', '.join(f'${name}' for name in values)})", values)
