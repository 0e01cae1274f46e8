"""An edition in; what its protection costs by country, and the odds and bounds that its table promises, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.dimensions import ALL_DIMENSIONS
from etl.editions import Edition
from etl.inspect import reading
from etl.report import Listing, Report
from etl.shown import CONFIDENTIAL
from schemas.headlines import headline_indicators
from schemas.protection import HIDDEN, NOT_LISTED, Audience, bounds, perturbation

if TYPE_CHECKING:
    import duckdb

MEASURES = ("cells", "nonzero", "survive_share", "mae")
INTERVALS = ("attacker_min_interval", "attacker_min_interval_lp")
_COUNTED = ("headlines", "exact_headlines")
COUNTS = 40  # counts whose odds are written out
# The yearly figures of a country itself, of the headline indicators and for all persons: how many there are, and how many are
# the true number. What was never answered is no figure.
_HEADLINES = f"""
SELECT ref_area::VARCHAR AS country, count(*) AS headlines, count(*) FILTER (
    obs_value IS NOT NULL AND (protection::VARCHAR IN ('EXACT', 'PUBLISHED') OR value_lower = value_upper)) AS exact_headlines
FROM observation
WHERE list_contains($headlines, indicator::VARCHAR) AND origin <> 'PUBLISHED' AND freq = 'A'
    AND {" AND ".join(f"{name} = '_T'" for name in (*ALL_DIMENSIONS, "ref_subarea"))}
    AND (obs_value IS NOT NULL OR conf_status IN ('A', 'S'))
GROUP BY ref_area ORDER BY country"""


def report_protection(edition: Edition) -> Report:
    """Report what was measured when the edition was published, and how its headline figures are shown.

    Facts: `cells`, `nonzero`, `survive_share`, `mae`, `attacker_min_interval` and `attacker_min_interval_lp` of the edition, as
    `etl.cost` defines them, None where an older release of the program did not measure them; `headlines`, the yearly figures
    for all persons of the headline indicators from the countries themselves, and `exact_headlines`, those shown exactly;
    `hidden_aside` (cells hidden beside others), the threshold and the odds that the table states.
    """
    with reading(edition.public) as connection:
        told = dict(connection.execute("SELECT name, value FROM manifest").fetchall())
        [(aside,)] = connection.execute("SELECT count(*) FROM observation WHERE conf_status = 'S'").fetchall()
        headlines = _headlines(connection)
    # what the noise costs is measured against the truth, and so is confidential: of a country with one total it is the truth
    with reading(edition.records) as connection:
        held = dict(connection.execute("SELECT measure, value FROM protection_cost WHERE ref_area IS NULL").fetchall())
        rows = connection.execute(
            "PIVOT (SELECT ref_area::VARCHAR AS country, measure, value FROM protection_cost WHERE ref_area IS NOT NULL) "
            "ON measure IN ('cells', 'nonzero', 'survive_share', 'mae') USING any_value(value) ORDER BY country"
        ).fetchall()
    facts: dict[str, object] = {"edition": edition.name, "audience": told["audience"], "threshold": int(told["threshold"])}
    facts["hidden_aside"] = aside
    facts |= {name: None if held.get(name) is None else int(held[name]) for name in ("cells", "nonzero", *INTERVALS)}
    facts |= {name: held[name] for name in ("survive_share", "mae")}
    facts |= {name: sum(country[place] for country in headlines.values()) for place, name in enumerate(_COUNTED)}
    facts |= {"odds_worst": float(told["odds_worst"]), "odds_mean": float(told["odds_mean"]), "table": told["perturbation_table"]}
    rules = perturbation(told["audience"])
    odds: list[tuple[object, ...]] = [(count, count + 1, round(rules.noticed(count), 4)) for count in range(COUNTS)]
    stated = bounds(told["audience"])
    signs: list[tuple[object, ...]] = [
        ("not listed", *stated[NOT_LISTED]),
        (f"{CONFIDENTIAL} (status A)", *stated[HIDDEN]),
        (f"{CONFIDENTIAL} (status A), a national total of a year", 1, rules.audience.threshold - 1),
        *((str(said), *stated[said]) for said in sorted(stated) if rules.audience.threshold <= said <= COUNTS),
    ]
    sentences = [
        f"to somebody who knows all others, one person more changes one of her cells with a chance of at most "
        f"{told['odds_worst']}, and at least one of k cells that hold her with at most 1 - (1 - {told['odds_worst']})^k",
        "a cell that does not hold her changes only to or from status S, where another must be hidden beside a small "
        f"count; {aside} cells of this edition are hidden so",
    ]
    if held["survive_share"] is not None:
        sentences.append(
            f"{held['survive_share']:.1%} of {int(held['nonzero'])} cells that count somebody are shown as a number; the others "
            "are hidden or not listed"
        )
    if held["mae"] is not None:
        sentences.append(f"a total that is shown is {held['mae']:g} off the truth on average")
    sentences.append(f"{facts['exact_headlines']} of {facts['headlines']} yearly headline figures are shown exactly")
    sentences += _attacker(facts, rules.audience)
    return Report(
        facts,
        sentences,
        [
            Listing("by country", ("country", *MEASURES, *_COUNTED), [(*row, *headlines.get(row[0], (0, 0))) for row in rows]),
            Listing("what a sign stands for", ("sign", "least", "most"), signs),
            Listing("odds that one person more is noticed in one cell", ("from", "to", "odds"), odds),
        ],
    )


def _headlines(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Count the headline figures of every country, and those of them that are shown exactly."""
    rows = connection.execute(_HEADLINES, {"headlines": list(headline_indicators())}).fetchall()
    return {country: (headlines, exact) for country, headlines, exact in rows}


def _attacker(facts: dict[str, object], audience: Audience) -> list[str]:
    known = f"somebody who knows every shown number to within {audience.known_within} and every exact one"
    small = f"every count under {audience.threshold} can still be one of at least"
    bounds_only, exactly = (facts[name] for name in INTERVALS)
    if bounds_only is None:
        return []
    if exactly is None:
        return [
            f"for {known}, {small} {bounds_only} by bounds; an older release of the program made this edition without linear "
            "programming: build it again to have both"
        ]
    return [f"for {known}, {small} {exactly} by linear programming, and {bounds_only} by bounds"]
