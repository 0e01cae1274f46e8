"""An edition in; what its protection costs by country, and the odds and bounds that its table promises, out."""

from __future__ import annotations

from etl.editions import Edition
from etl.inspect import reading
from etl.report import Listing, Report
from etl.shown import CONFIDENTIAL
from schemas.protection import HIDDEN, NOT_LISTED, bounds, perturbation

MEASURES = ("cells", "nonzero", "survive_share", "mae")
COUNTS = 40  # counts whose odds are written out


def report_protection(edition: Edition) -> Report:
    """Report what was measured when the edition was published.

    Facts: `cells`, `nonzero`, `survive_share`, `mae` and `attacker_min_interval` of the edition, as `etl.cost` defines them,
    `hidden_aside` (cells hidden beside others), the threshold and the odds that the table states.
    """
    with reading(edition.public) as connection:
        told = dict(connection.execute("SELECT name, value FROM manifest").fetchall())
        [(aside,)] = connection.execute("SELECT count(*) FROM observation WHERE conf_status = 'S'").fetchall()
    # what the noise costs is measured against the truth, and so is confidential: of a country with one total it is the truth
    with reading(edition.records) as connection:
        held = dict(connection.execute("SELECT measure, value FROM protection_cost WHERE ref_area IS NULL").fetchall())
        rows = connection.execute(
            "PIVOT (SELECT ref_area::VARCHAR AS country, measure, value FROM protection_cost WHERE ref_area IS NOT NULL) "
            "ON measure IN ('cells', 'nonzero', 'survive_share', 'mae') USING any_value(value) ORDER BY country"
        ).fetchall()
    facts: dict[str, object] = {"edition": edition.name, "audience": told["audience"], "threshold": int(told["threshold"])}
    facts["hidden_aside"] = aside
    facts |= {name: None if held[name] is None else int(held[name]) for name in ("cells", "nonzero", "attacker_min_interval")}
    facts |= {name: held[name] for name in ("survive_share", "mae")}
    facts |= {"odds_worst": float(told["odds_worst"]), "odds_mean": float(told["odds_mean"]), "table": told["perturbation_table"]}
    rules = perturbation(told["audience"])
    odds: list[tuple[object, ...]] = [(count, count + 1, round(rules.noticed(count), 4)) for count in range(COUNTS)]
    stated = bounds(told["audience"])
    signs: list[tuple[object, ...]] = [
        ("not listed", *stated[NOT_LISTED]),
        (f"<{rules.audience.threshold}", *stated[HIDDEN]),
        *((str(said), *stated[said]) for said in sorted(stated) if rules.audience.threshold <= said <= COUNTS),
    ]
    sentences = [
        f"to somebody who knows all others, one person more changes one of her cells with a chance of at most "
        f"{told['odds_worst']}, and at least one of k cells that hold her with at most 1 - (1 - {told['odds_worst']})^k",
        f"a cell that does not hold her changes only to or from {CONFIDENTIAL}, where another must be hidden beside a small "
        f"count; {aside} cells of this edition are hidden so",
    ]
    if held["survive_share"] is not None:
        sentences.append(
            f"{held['survive_share']:.1%} of {int(held['nonzero'])} cells that count somebody are shown as a number; the others "
            "are hidden or not listed"
        )
    if held["mae"] is not None:
        sentences.append(f"a total that is shown is {held['mae']:g} off the truth on average")
    if held["attacker_min_interval"] is not None:
        sentences.append(
            f"for somebody who knows every shown number to within {rules.audience.known_within}, every count under "
            f"{rules.audience.threshold} can still be one of at least {int(held['attacker_min_interval'])}"
        )
    return Report(
        facts,
        sentences,
        [
            Listing("by country", ("country", *MEASURES), rows),
            Listing("what a sign stands for", ("sign", "least", "most"), signs),
            Listing("odds that one person more is noticed in one cell", ("from", "to", "odds"), odds),
        ],
    )
