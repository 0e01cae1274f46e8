"""One figure in; the submissions, rows, words and refusals that made it out: why it differs from what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from etl.counted import account, computation, counted_words, made_from
from etl.dimensions import ALL_DIMENSIONS
from etl.errors import SourceError
from etl.inspect import near
from etl.report import Listing, Report
from etl.shown_as import shown_as
from etl.trace import trace
from schemas.rules import rule

if TYPE_CHECKING:
    import duckdb

# A dimension that nobody names is the total; of the others, all values are shown.
TOTALLED = (*ALL_DIMENSIONS, "ref_subarea")
NAMED = ("source_type", "count_unit", "source")
DIMENSIONS = (*TOTALLED, *NAMED)
TRACED = 20  # reported figures whose words are listed
READ = ("indicator", *TOTALLED, "time_period", "obs_value")
FIELDS = (
    "observation_id", "source", "origin", "count_unit", "source_type", "obs_value", "value_raw", "value_lower", "value_upper",
    "obs_status", "conf_status", "submission_id", "source_row", "source_column", "offence", "invented", "period_start",
    "period_end", "period_type", "ref_subarea", "obs_comment",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """What a reader asks for: country, indicator, period and a value for some dimensions."""

    country: str
    indicator: str
    period: str
    where: dict[str, str]


def explain_figure(
    connection: duckdb.DuckDBPyConnection, edition: str, country: str, indicator: str, period: str, where: list[str]
) -> Report:
    """Lead a figure back to submissions with their counts, the words it rests on, and the reasons for refusal.

    Errors: SourceError for a figure that is not there; it lists what there is.
    """
    cell = _cell(connection, country, indicator, period, where)
    rows = _figures(connection, cell)
    columns = (
        "figure",
        "source",
        "origin",
        "unit",
        "body",
        "value",
        "as written",
        "status",
        "held back",
        "submission",
        "row",
        "column",
    )
    shown: list[tuple[object, ...]] = [
        (
            row["observation_id"], row["source"], row["origin"], row["count_unit"], row["source_type"], value(row),
            row["value_raw"], row["obs_status"], row["conf_status"], row["submission_id"], row["source_row"],
            row["source_column"],
        )
        for row in rows
    ]  # fmt: skip
    listings = [Listing("figures", columns, shown)]
    sentences = [
        f"{indicator} for {country} in {period} is {value(row)} {row['count_unit']} "
        f"({row['source']}, {row['origin']}, {row['source_type']})"
        for row in rows
    ]
    wanted = _submissions(connection, rows)
    sentences += shown_as(connection, [str(row["observation_id"]) for row in rows])
    computed = [row for row in rows if row["origin"] == "COMPUTED"]
    for row in computed:
        if row["obs_comment"]:
            sentences.append(f"{row['observation_id']}: {row['obs_comment']}")
        found = computation(connection, row["source"], indicator, cell.where)
        if found is None:
            listings.append(made_from(connection, row, indicator, country))
            continue
        told, listing = account(connection, row, found, country, cell.where)
        sentences += told
        listings += [listing, counted_words(connection, row, found, country, cell.where)]
    if len(computed) < len(rows):
        listings.append(_reported_words(connection, [row for row in rows if row["origin"] != "COMPUTED"]))
    listings += _reasons(connection, wanted)
    facts: dict[str, object] = {
        "edition": edition,
        "country": country,
        "indicator": indicator,
        "period": period,
        "where": cell.where,
    }
    return Report(facts=facts, sentences=sentences, listings=[listing for listing in listings if listing.rows])


def value(row: dict[str, object]) -> str:
    """Write a figure: its number, the bounds that the sender gave, or that there is none."""
    number, lower, upper = row["obs_value"], row["value_lower"], row["value_upper"]
    if isinstance(number, int | float):
        return f"{number:g}" if number != int(number) else str(int(number))
    return f"{lower:g} to {upper:g}" if isinstance(lower, int | float) and isinstance(upper, int | float) else "not given"


def _cell(connection: duckdb.DuckDBPyConnection, country: str, indicator: str, period: str, where: list[str]) -> Cell:
    """Read the words of the command, and gather all figures they may mean in the temporary table `asked`.

    Errors: SourceError where there are none; it says which countries, indicators and periods there are.
    """
    asked: dict[str, str] = {}
    for pair in where:
        name, sign, given = pair.partition("=")
        if not sign or name not in DIMENSIONS:
            raise SourceError(f"{pair!r} is not a dimension; write one of {', '.join(f'{item}=…' for item in DIMENSIONS)}")
        asked[name] = given
    # once: exact figures are put together from two tables, which takes longer than all that is asked of a few of them
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT * FROM figure "
        "WHERE ref_area::VARCHAR = $country AND indicator = $indicator AND time_period = $period",
        {"country": country, "indicator": indicator, "period": period},
    )
    if connection.execute("SELECT 1 FROM asked LIMIT 1").fetchone() is None:
        _refuse(connection, country, indicator, period)
    return Cell(country, indicator, period, asked)


def _refuse(connection: duckdb.DuckDBPyConnection, country: str, indicator: str, period: str) -> NoReturn:
    known = _distinct(connection, "ref_area", "TRUE", {}, "figure")
    if country not in known:
        raise SourceError(f"there are no figures for {country!r}; there are for {', '.join(known)}")
    known = _distinct(connection, "indicator", "ref_area::VARCHAR = $country", {"country": country}, "figure")
    if indicator not in known:
        raise SourceError(f"there is no {indicator!r} for {country}; there are {', '.join(known)}")
    condition = "ref_area::VARCHAR = $country AND indicator = $indicator"
    known = _distinct(connection, "time_period", condition, {"country": country, "indicator": indicator}, "figure")
    raise SourceError(f"there is no {indicator} for {country} in {period!r}; there is for {', '.join(known)}")


def _figures(connection: duckdb.DuckDBPyConnection, cell: Cell) -> list[dict[str, object]]:
    """Find the figures of a cell, narrowing one dimension after the other, so that an error can say what there is."""
    condition, bound = "TRUE", dict[str, object]()
    asked = f"{cell.indicator} for {cell.country} in {cell.period}"
    for name in sorted(DIMENSIONS, key=lambda item: item not in cell.where):
        known = _distinct(connection, name, condition, bound)
        given = cell.where.get(name)
        if given is None and (name in NAMED or len(known) == 1):
            continue
        if given is None and name == "offence" and "_T" not in known:
            raise SourceError(f"{asked} is given by {name}; say --where {name}= one of {', '.join(known)}")
        chosen = "_T" if given is None else given
        if chosen not in known:
            lacks = "no total over" if given is None else f"no {chosen!r} of"
            raise SourceError(f"{asked} has {lacks} {name}; say --where {name}= one of {near_first(chosen, known)}")
        condition += f" AND {name}::VARCHAR = ${name}"
        bound[name] = chosen
    names = ", ".join(
        f"{name}::VARCHAR"
        if name in ("origin", "count_unit", "source_type", "obs_status", "conf_status", "offence", "ref_subarea", "period_type")
        else name
        for name in FIELDS
    )
    rows = connection.execute(f"SELECT {names} FROM asked WHERE {condition} ORDER BY ALL", bound).fetchall()
    return [dict(zip(FIELDS, row, strict=True)) for row in rows]


def near_first(chosen: str, known: list[str]) -> str:
    """List known values; of many, only the nearest."""
    return ", ".join(known) if len(known) <= 40 else near(chosen, known)


def _distinct(
    connection: duckdb.DuckDBPyConnection, name: str, condition: str, bound: dict[str, object], of: str = "asked"
) -> list[str]:
    found = connection.execute(f"SELECT DISTINCT {name}::VARCHAR FROM {of} WHERE {condition} ORDER BY 1", bound).fetchall()
    return [row[0] for row in found if row[0] is not None]


def _submissions(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, object]]) -> list[str]:
    """Name the submissions of a figure, and the others of its source that tell of the same time."""
    wanted: dict[str, None] = {str(row["submission_id"]): None for row in rows}
    for row in rows:
        found = connection.execute(
            "SELECT submission_id FROM submission WHERE source = ? AND period_start <= ? AND period_end >= ? ORDER BY 1",
            [row["source"], row["period_end"], row["period_start"]],
        ).fetchall()
        wanted |= {item[0]: None for item in found}
    return list(wanted)


def _reported_words(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, object]]) -> Listing:
    """List how the cell of each reported figure and the words beside it were read."""
    origins = [
        trace(connection, str(row["observation_id"]), field)
        for row in rows[:TRACED]
        if row["source_row"] is not None
        for field in READ
    ]
    told: list[tuple[object, ...]] = [
        (
            f"{item.submission_id} row {item.source_row}",
            item.field,
            item.column,
            item.raw_value,
            item.value,
            item.match,
            item.decided_by,
        )
        for item in origins
        if item.way == "RULING" or (item.way == "CONSTANT" and item.column is not None)
    ]
    return Listing(
        "how reported figures were read", ("place", "field", "their column", "as written", "read as", "match", "decided by"), told
    )


def _reasons(connection: duckdb.DuckDBPyConnection, wanted: list[str]) -> list[Listing]:
    """List what became of the rows of some submissions, and what is said of the files as a whole (V17, V35)."""
    accounts = connection.execute(
        "SELECT submission_id, file_name, sha256, status::VARCHAR, rows_raw, rows_ok, rows_rejected, rows_skipped "
        "FROM submission WHERE list_contains($wanted, submission_id) ORDER BY ALL",
        {"wanted": wanted},
    ).fetchall()
    refused = connection.execute(
        "SELECT submission_id, rule_id, field, count(DISTINCT source_row) FROM problem "
        "WHERE list_contains($wanted, submission_id) AND severity = 'E' AND source_row IS NOT NULL GROUP BY ALL ORDER BY ALL",
        {"wanted": wanted},
    ).fetchall()
    skipped = connection.execute(
        "SELECT submission_id, name, count_rows FROM skipped WHERE list_contains($wanted, submission_id) AND count_rows > 0 "
        "ORDER BY ALL",
        {"wanted": wanted},
    ).fetchall()
    said = connection.execute(
        "SELECT submission_id, rule_id, source_row, note FROM problem WHERE list_contains($wanted, submission_id) "
        "AND rule_id IN ('V14', 'V17', 'V35') ORDER BY ALL",
        {"wanted": wanted},
    ).fetchall()
    told = [(*row, rule(row[1]).title) for row in refused]
    return [
        Listing("submissions", ("submission", "file", "sha256", "status", "read", "kept", "refused", "skipped"), accounts),
        Listing("why rows were refused", ("submission", "rule", "field", "rows", "what it asks"), told),
        Listing("rows left out by name", ("submission", "name", "rows"), skipped),
        Listing("said of totals and files", ("submission", "rule", "row", "note"), said),
    ]
