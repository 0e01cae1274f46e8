"""What is told of every number in, the figures that may be seen out: with bounds, signs and flags, and nothing exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.audit import ASIDE
from etl.cells import CELLS
from etl.dimensions import ALL_DIMENSIONS, TIME
from etl.indicators import CELL
from etl.returns import SILENCE
from etl.sums import FAR
from schemas.protection import BASE, HIDDEN, NOT_LISTED, SMALL_TOTAL, Audience, bounds

if TYPE_CHECKING:
    import duckdb

# The sign of all that is not shown; value_lower and value_upper say what it stands for, and the confidentiality status why.
CONFIDENTIAL = "c"
# What may stand of a sender's own writing beside a figure that is not shown: signs without letters or digits, in any script,
# and a bound in ASCII digits.
_SIGN, _BOUND = r"'[^\pL\pN]{1,4}'", "'[<≤] ?[0-9]{1,3}'"
_TOTAL = " AND ".join(f"{name} = '_T'" for name in ALL_DIMENSIONS)
_UPPER = f"CASE WHEN {{0}}_upper < {FAR} THEN {{0}}_upper END"


def write_shown(connection: duckdb.DuckDBPyConnection, audience: Audience) -> None:
    """Fill `shown` and `exact` from the cells, the figures received and what is told of both."""
    connection.execute(_PUBLISHED)
    connection.execute(_received(audience))
    connection.execute(_untold())
    connection.execute(_counted(audience))
    connection.execute(
        "INSERT INTO exact SELECT observation_id, n, below FROM counted_shown UNION ALL "
        "SELECT observation_id, n, NULL FROM received_cell ORDER BY observation_id"
    )
    connection.execute("INSERT INTO shown BY NAME SELECT * EXCLUDE (n, below) FROM counted_shown ORDER BY observation_id")
    connection.execute("DROP TABLE counted_shown")
    connection.execute(_FIGURES)


_SAME = " AND ".join(f"held.{name} = shown.{name}" for name in ("source", *CELL))
# All exact figures: those of the observations, and the cells that only the cube has. It stays in the confidential file.
_FIGURES = f"""
CREATE OR REPLACE VIEW figure AS
SELECT * FROM observation
UNION ALL BY NAME
SELECT shown.* REPLACE (exact.n::DOUBLE AS obs_value, NULL AS value_raw, NULL AS value_lower, NULL AS value_upper,
    CASE WHEN shown.obs_status = 'Q' THEN coalesce(shown.obs_status_2, 'V') ELSE shown.obs_status END AS obs_status,
    'F' AS conf_status)
FROM shown JOIN exact USING (observation_id)
WHERE shown.origin = 'COMPUTED' AND exact.below IS NULL AND protection IN ('CELL_KEY', 'EXACT', 'PUBLISHED') AND NOT EXISTS (
    SELECT 1 FROM observation AS held WHERE held.origin = 'COMPUTED' AND {_SAME}
)"""
# What a state or body has published stands as it was published, with its own signs.
_PUBLISHED = """
INSERT INTO shown BY NAME SELECT * FROM observation WHERE protection = 'PUBLISHED' AND conf_status IN ('F', 'D')"""


def _received(audience: Audience) -> str:
    """Show what was received as a count, without what its sender wrote beside it: that may be the number itself, or a name."""
    return f"""
INSERT INTO shown BY NAME
SELECT received_cell.* EXCLUDE (n, drawn) REPLACE (
    CASE WHEN exact THEN 'EXACT' ELSE protection END AS protection,
    {_number("part", "n = 0", audience)} AS obs_value, {_sign("part")} AS value_raw,
    {_conf("part")} AS conf_status, CASE WHEN part_said < 0 THEN 'Q' ELSE obs_status END AS obs_status,
    CASE WHEN n = 0 THEN 0 ELSE part_lower END AS value_lower,
    CASE WHEN n = 0 THEN 0 ELSE {_UPPER.format("part")} END AS value_upper,
    NULL AS obs_comment)
FROM received_cell JOIN told_received ON told_received.row = received_cell.rowid"""


def _untold() -> str:
    """Show what the sender left out or hid itself; what it measured without saying of how many is hidden.

    Of its own words stand signs alone, such as `*` or `..`, and `<5` where it hid a number itself; of remarks our own.
    """
    return f"""
INSERT INTO shown BY NAME
SELECT observation.* REPLACE (
    NULL AS obs_value, CASE WHEN obs_value IS NULL AND regexp_full_match(value_raw, {_SIGN}) THEN value_raw
        WHEN obs_value IS NULL AND conf_status = 'D' AND regexp_full_match(value_raw, {_BOUND}) THEN value_raw END AS value_raw,
    CASE WHEN obs_value IS NULL THEN obs_status ELSE 'Q' END AS obs_status,
    CASE WHEN obs_value IS NULL THEN conf_status ELSE 'A' END AS conf_status,
    CASE WHEN obs_value IS NULL THEN value_lower END AS value_lower,
    CASE WHEN obs_value IS NULL THEN value_upper END AS value_upper,
    CASE WHEN obs_comment = '{SILENCE}' THEN obs_comment END AS obs_comment)
FROM observation WHERE protection = 'RECEIVED' AND origin = 'REPORTED' AND conf_status IN ('F', 'D')
    AND observation_id NOT IN (SELECT observation_id FROM received_cell)"""


def _counted(audience: Audience) -> str:
    """Show what was counted from records: a total always, a cell unless it was moved to nothing, a share of what is shown.

    A total of a part of a year that was moved to nothing stands as hidden, and may be nothing; so does a share of nothing.
    Shares of moved counts have no decimals, and carry the flag U where they are of fewer than BASE persons.
    """
    hidden = f"(least(part_said, below_said) < {audience.threshold} AND NOT exact)"
    empty = f"kind = 'count' AND part_said = {NOT_LISTED} AND NOT exact"
    return f"""
CREATE OR REPLACE TEMP TABLE counted_shown AS
WITH listed AS (
    SELECT * REPLACE (CASE WHEN {empty} THEN {HIDDEN} ELSE part_said END AS part_said,
            CASE WHEN {empty} THEN {bounds(audience.name)[HIDDEN][1]} ELSE part_upper END AS part_upper,
            CASE WHEN kind = 'count' AND part_said IN ({NOT_LISTED}, {HIDDEN}) AND {_TOTAL} AND NOT exact THEN 0
                ELSE part_lower END AS part_lower),
        kind = 'ratio' AND below_said < {BASE} AS unreliable
    FROM {CELLS} JOIN told_cell ON told_cell.row = {CELLS}.rowid
    WHERE NOT (part_said = {NOT_LISTED} AND ((kind = 'count' AND NOT ({_TOTAL})) OR (kind = 'ratio' AND each)))
)
SELECT source, 'COMPUTED' AS origin, invented, ref_area, '_T' AS ref_subarea, body AS source_type, period_type, period_start,
    period_end, {TIME} AS time_period, CASE WHEN period_type IN ('H', 'Q', 'M') THEN period_type ELSE 'A' END AS freq,
    submission_id, indicator, count_unit, {", ".join(ALL_DIMENSIONS)}, part.n AS n, below.n AS below,
    submission_id || '-k' || row_number() OVER (
        PARTITION BY submission_id ORDER BY ref_area, indicator, period_start, period_end, body, {", ".join(ALL_DIMENSIONS)}, kind
    ) AS observation_id,
    CASE WHEN public THEN 'PUBLISHED' WHEN kind = 'ratio' THEN 'DERIVED' WHEN exact THEN 'EXACT' ELSE 'CELL_KEY' END
        AS protection,
    CASE WHEN kind <> 'ratio' THEN {_number("part", "part.n = 0 AND kind = 'sum'", audience)}
        WHEN NOT {hidden} THEN {_share("said", "said", "round")} END AS obs_value,
    CASE WHEN kind <> 'ratio' THEN {_sign("part")} END AS value_raw,
    CASE WHEN kind <> 'ratio' THEN CASE WHEN part.n = 0 AND kind = 'sum' THEN 0 ELSE part_lower END
        WHEN NOT {hidden} THEN {_share("lower", "upper", "floor")} END AS value_lower,
    CASE WHEN kind <> 'ratio' THEN CASE WHEN part.n = 0 AND kind = 'sum' THEN 0 ELSE {_UPPER.format("part")} END
        WHEN NOT {hidden} THEN {_share("upper", "lower", "ceil")} END AS value_upper,
    CASE WHEN kind <> 'ratio' THEN {_conf("part")} WHEN NOT {hidden} THEN 'F' ELSE 'A' END AS conf_status,
    CASE WHEN (kind <> 'ratio' AND part_said < 0) OR (kind = 'ratio' AND {hidden}) THEN 'Q'
        WHEN unreliable THEN 'U' WHEN covered THEN 'V' ELSE 'P' END AS obs_status,
    CASE WHEN NOT covered AND ((kind <> 'ratio' AND part_said < 0) OR (kind = 'ratio' AND ({hidden} OR unreliable)))
        THEN 'P' END AS obs_status_2,
    CASE WHEN kind = 'ratio' AND NOT {hidden} THEN part_said || ' of ' || below_said || ' ' || among END AS obs_comment
FROM listed"""


def _number(part: str, zero: str, audience: Audience) -> str:
    return f"CASE WHEN exact OR {part}_said >= {audience.threshold} THEN {part}_said::DOUBLE WHEN {zero} THEN 0 END"


def _share(part: str, below: str, rounding: str) -> str:
    """Divide two counts; a share in per cent of counts that are moved is rounded to a whole number, and its bounds outwards."""
    exactly = f"scale * part_{part} / nullif(below_{below}, 0)"
    return (
        f"CASE WHEN count_unit <> 'PCT' THEN round({exactly}, 4) "
        f"ELSE least(CASE WHEN exact THEN round({exactly}, 4) ELSE {rounding}({exactly}) END, scale) END"
    )


def _sign(part: str) -> str:
    return f"CASE WHEN {part}_said IN ({HIDDEN}, {SMALL_TOTAL}, {ASIDE}) THEN '{CONFIDENTIAL}' END"


def _conf(part: str) -> str:
    return f"CASE {part}_said WHEN {HIDDEN} THEN 'A' WHEN {SMALL_TOTAL} THEN 'A' WHEN {ASIDE} THEN 'S' ELSE 'F' END"
