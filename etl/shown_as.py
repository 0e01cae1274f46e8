"""A figure in, what others are shown for it out, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.indicators import CELL

if TYPE_CHECKING:
    import duckdb

_SAME = " AND ".join(f"figure.{name} = shown.{name}" for name in ("source", *CELL))
_SHOWN = f"""
SELECT figure.observation_id, shown.observation_id, shown.protection::VARCHAR, shown.conf_status::VARCHAR, shown.obs_value,
    shown.value_raw, shown.value_lower, shown.value_upper, shown.revision::VARCHAR
FROM figure LEFT JOIN shown ON {_SAME} AND shown.origin = figure.origin
WHERE list_contains($wanted, figure.observation_id) AND figure.origin <> 'PUBLISHED'
ORDER BY ALL"""
PENDING = (
    "revision pending: fewer than ten persons moved since this period was released, or the source could not be taken as it is "
    "now, and what is shown is what was released"
)
_WHY = {
    "CELL_KEY": "moved by the keys of its records",
    "DERIVED": "made of protected counts",
    "EXACT": "a national total of a year, as it is",
    "PUBLISHED": "published already, as it is",
    "RECEIVED": "moved by the key of its cell",
}
_HIDDEN = {
    "A": "a small count could be worked out",
    "S": "another cell, or this one, is small and would be told by the rest",
    "D": "the sender hides it",
}


def shown_as(connection: duckdb.DuckDBPyConnection, wanted: list[str]) -> list[str]:
    """Say for each figure what stands in the public file in its place."""
    sentences = []
    rows = connection.execute(_SHOWN, {"wanted": wanted}).fetchall()
    for figure, shown, protection, conf, number, raw, lower, upper, revision in rows:
        if shown is None:
            sentences.append(f"{figure} is not listed in the public file: it was moved to nothing, stands aside, or is a median")
        elif number is None:
            reason = _HIDDEN.get(conf, "nothing was received")
            sentences.append(f"{figure} is shown as {raw or 'hidden'} ({shown}): {reason}")
        else:
            between = f", which stands for {lower:g} to {upper:g}" if lower is not None and upper is not None else ""
            sentences.append(f"{figure} is shown as {number:g} ({shown}), {_WHY[protection]}{between}")
        if revision is not None:
            sentences.append(f"{figure}: {PENDING}")
    return sentences
