"""Every harmonised cell of the samples leads back to what was written, declared or derived; every figure to its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etl.bench.explain import sample
from etl.editions import Edition, current
from etl.errors import SourceError
from etl.explain import explain, trace
from etl.inspect import reading
from etl.report import Report
from etl.store import RECORDS
from schemas.indicators import indicators
from schemas.tables import table

if TYPE_CHECKING:
    import duckdb

CELLS = 2_000
# What Pembe makes of other fields or of the submission, where no column and no constant gives it.
DERIVED = {
    "victim": {"victim_id", "submission_id", "source_row", "reporting_country", "source_type", "ref_year", "date_precision",
               "exploitation_main", "exploitation_forms", "dq_flags"},
    "suspect": {"suspect_id", "submission_id", "source_row", "reporting_country", "source_type", "ref_year", "iccs_code",
                "dq_flags"},
    "smuggling_incident": {"incident_id", "submission_id", "source_row", "reporting_country", "source_type", "ref_year",
                           "date_precision", "n_migrants_quality", "dq_flags"},
    "smuggled_group": {"group_id", "submission_id", "source_row", "reporting_country", "source_type", "ref_year", "dq_flags"},
    "observation": {"observation_id", "submission_id", "source_row", "source_column", "source", "origin", "invented", "ref_area",
                    "freq", "time_period", "period_start", "period_end", "period_type", "source_type", "count_unit",
                    "obs_status", "conf_status", "protection"},
}  # fmt: skip
# Fields that more than the cell decides: a period is cut and spelled out, a contradicted or missing figure has its own status.
SPELLED = {"time_period", "period_start", "period_end", "period_type", "obs_status"}
UNCERTAIN = dict.fromkeys(RECORDS, "list_contains(row.dq_flags, 'V16')") | {"observation": "TRUE"}


@pytest.fixture(scope="module")
def held(edition: Path) -> Edition:
    return current(edition)


@pytest.fixture(scope="module")
def records(held: Edition) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(held.records) as connection:
        yield connection


def table_of(report: Report, title: str) -> list[dict[str, object]]:
    [listing] = [listing for listing in report.listings if listing.title.startswith(title)]
    return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]


@pytest.mark.parametrize("name", [*RECORDS, "observation"])
def test_every_cell_is_what_its_ruling_or_constant_says_or_may_be_derived(name: str, records: duckdb.DuckDBPyConnection) -> None:
    """All cells of all rows, by joins of our own; `trace` is held against a sample of them below."""
    ways: dict[tuple[str, str], set[str]] = {}
    for source, key, outputs, first, read_as in records.execute(
        'SELECT source, "key", outputs, first_ruling, reading FROM ruled_column WHERE "table" = ?', [name]
    ).fetchall():
        for field in outputs:
            ways.setdefault((source, field), set()).add("KEY" if read_as == "key" else "RULING")
            if read_as == "key" or field in SPELLED:
                continue
            column = "AND line.source_column = row.source_column" if name == "observation" else ""
            said = f"json_extract(ruling.said, '$.{field}')"
            cell = f'row."{field}"'
            text = f"TRY_CAST({cell} AS VARCHAR) = json_extract_string(ruling.said, '$.{field}')"
            equal = f"CAST(to_json({cell}) AS VARCHAR) = CAST({said} AS VARCHAR) OR {text}"
            if not table(name).field(field).many and table(name).field(field).type in ("number", "integer"):
                equal = f"{cell}::DOUBLE = CAST({said} AS DOUBLE)"
            wrong = records.execute(
                f"SELECT row.submission_id, row.source_row, CAST({cell} AS VARCHAR), CAST({said} AS VARCHAR) FROM {name} AS row "
                f"JOIN submission USING (submission_id) JOIN {name}_lineage AS line ON line.submission_id = row.submission_id "
                f'AND line.source_row = row.source_row {column} JOIN ruling ON ruling.ruling_id = ? + line."r_{key}" '
                f"WHERE submission.source = ? AND {cell} IS NOT NULL AND NOT coalesce({equal}, FALSE) "
                # a country that was another one on that day is unknown (V16), whatever its word means today
                f"AND NOT (ruling.reading = 'country' AND CAST({cell} AS VARCHAR) = '_U' AND ({UNCERTAIN[name]})) LIMIT 5",
                [first, source],
            ).fetchall()
            assert wrong == [], f"{source} {field}"
    constants = records.execute('SELECT source, measure, field, value FROM ruled_constant WHERE "table" = ?', [name]).fetchall()
    by_heading = {(source, field) for source, measure, field, _ in constants if measure is not None}
    for source, measure, field, value in constants:
        ways.setdefault((source, field), set()).add("CONSTANT")
        if measure is None and "RULING" not in ways[source, field] and field not in SPELLED and (source, field) not in by_heading:
            cell = f"array_to_string(row.\"{field}\", '|')" if table(name).field(field).many else f'row."{field}"::VARCHAR'
            kept = records.execute(
                f"SELECT DISTINCT {cell} FROM {name} AS row JOIN submission USING (submission_id) WHERE submission.source = ? "
                f'AND row.source_row IS NOT NULL AND row."{field}" IS NOT NULL',
                [source],
            ).fetchall()
            assert {row[0] for row in kept} <= {value}, f"{source} {field}"
    received = "row.source_row IS NOT NULL AND origin <> 'COMPUTED'" if name == "observation" else "TRUE"
    for field in [field.name for field in table(name).fields]:
        sources = records.execute(
            f"SELECT DISTINCT submission.source FROM {name} AS row JOIN submission USING (submission_id) "
            f'WHERE row."{field}" IS NOT NULL AND {received}'
        ).fetchall()
        for (source,) in sources:
            assert ways.get((source, field)) or field in DERIVED[name] | {"value_raw"}, f"{source} {field}: nobody gives it"


def test_trace_resolves_every_cell_of_a_sample_of_every_field_of_every_source(records: duckdb.DuckDBPyConnection) -> None:
    chosen = sample(records, CELLS)
    assert len(chosen) >= CELLS
    lost = []
    for name, identifier, field in chosen:
        origin = trace(records, identifier, field)
        if origin.way == "RULING":
            said = records.execute("SELECT said, raw_value FROM ruling WHERE ruling_id = ?", [origin.ruling_id]).fetchone()
            assert said is not None and said[1] == origin.raw_value and origin.column and origin.source_row and origin.sha256
            good = field in SPELLED or field == "value_raw" or plain(json.loads(said[0])[field]) == plain(origin.value)
            good = good or (origin.reading == "country" and origin.value == "_U")
        elif origin.way == "CONSTANT":
            good = field in SPELLED or plain(origin.says) == plain(origin.value)
        elif origin.way == "KEY":
            good = field == "case_key" or field.endswith("_key")
        else:
            good = origin.way == "DERIVED" and (field in DERIVED[name] or origin.source_row is None)
        if not good:
            lost.append(f"{identifier} {field}: {origin.way} says {origin.says!r}, holds {origin.value!r}")
    assert lost == []


def plain(value: object) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def test_a_figure_counted_from_records_leads_to_its_rows_words_and_refusals(held: Edition) -> None:
    report = explain(held, ["KEN", "TIP_VIC_DET", "2021"], ["sex=F"])
    [figure] = [row for row in table_of(report, "figures") if row["origin"] == "COMPUTED"]
    [counted] = table_of(report, "rows counted")
    assert figure["value"] == str(counted["in this figure"])
    assert counted["kept"] == sum(
        int(str(counted[name])) for name in ("in this figure", "other period", "other meaning", "other breakdown")
    )
    words = table_of(report, "words in")
    assert {row["field"] for row in words} == {"victim_status", "sex"}
    for field in ("victim_status", "sex"):
        assert sum(int(str(row["rows"])) for row in words if row["field"] == field) == counted["in this figure"]
    submissions = {row["submission"]: row for row in table_of(report, "submissions")}
    assert {row["status"] for row in submissions.values()} == {"SUPERSEDED", "REJECTED", "CHECKED"}
    assert all(row["read"] == row["kept"] + row["refused"] + row["skipped"] for row in submissions.values())  # type: ignore[operator]
    assert table_of(report, "why rows were refused") and table_of(report, "rows left out by name")


def test_a_figure_of_every_source_indicator_and_sex_is_counted_again_by_its_explanation(
    held: Edition, records: duckdb.DuckDBPyConnection
) -> None:
    figures = records.execute(
        "SELECT ref_area::VARCHAR, indicator, time_period, sex::VARCHAR, source, source_type::VARCHAR, obs_value "
        "FROM observation WHERE origin = 'COMPUTED' AND list_contains($counts, indicator) "
        "AND age = '_T' AND citizenship = '_T' AND transit = '_T' "
        "AND counterpart_area = '_T' AND exploitation = '_T' AND scope = '_T' AND offence = '_T' "
        "QUALIFY row_number() OVER (PARTITION BY source, indicator, sex ORDER BY hash(time_period, ref_area)) = 1 ORDER BY ALL",
        {"counts": [found.code for found in indicators().values() if found.kind == "count"]},
    ).fetchall()
    assert len(figures) > 40
    for country, indicator, period, sex, source, body, value in figures:
        report = explain(held, [country, indicator, period], [f"sex={sex}", f"source={source}", f"source_type={body}"])
        assert sum(int(str(row["in this figure"])) for row in table_of(report, "rows counted")) == value, (
            country,
            indicator,
            period,
            sex,
        )


def test_a_reported_figure_leads_to_its_cell_and_the_words_beside_it(held: Edition) -> None:
    report = explain(held, ["KEN", "TIP_VIC_DET", "2020"], [])
    [figure] = table_of(report, "figures")
    assert (figure["origin"], figure["value"]) == ("PUBLISHED", "383")
    assert ("obs_value", "383") in {(row["field"], row["as written"]) for row in table_of(report, "how reported figures")}


def test_a_refused_row_is_said_to_be_refused_with_its_problems(held: Edition, records: duckdb.DuckDBPyConnection) -> None:
    row = records.execute(
        "SELECT submission_id, source_row FROM problem WHERE submission_id LIKE 'KEN-2021%' AND severity = 'E' "
        "AND rule_id = 'V01' ORDER BY ALL"
    ).fetchone()
    assert row is not None
    for more in ([], ["sex"]):
        report = explain(held, [f"{row[0]}-{row[1]}", *more], [])
        assert report.facts["kept"] is False and "was refused (V01" in report.sentences[0]
        assert "V01" in {item["rule"] for item in table_of(report, "problems")}


def test_a_row_of_a_replaced_file_is_said_to_be_replaced(held: Edition, records: duckdb.DuckDBPyConnection) -> None:
    row = records.execute(
        "SELECT supersedes, submission_id FROM submission WHERE supersedes IS NOT NULL AND source = 'ken_ahtcpu_register'"
    ).fetchone()
    assert row is not None
    assert f"replaced by submission {row[1]}" in explain(held, [f"{row[0]}-17"], []).sentences[0]


@pytest.mark.parametrize(
    ("what", "where", "said"),
    [
        (["KEN-1999-9999-3"], [], "nearest are KEN-"),
        (["sex"], [], "is no record"),
        (["KEN", "TIP_VIC_DET", "1950"], [], "there is for 2"),
        (["KEN", "NOTHING", "2021"], [], "there are "),
        (["QQQ", "TIP_VIC_DET", "2021"], [], "there are for DJI, "),
        (["KEN", "TIP_VIC_DET", "2021"], ["sex=Q"], "say --where sex= one of F, M"),
        (["KEN", "TIP_VIC_DET", "2021"], ["colour=red"], "is not a dimension"),
        (["a", "b", "c", "d"], [], "say a record or figure"),
    ],
)
def test_what_is_not_there_is_answered_with_what_there_is(held: Edition, what: list[str], where: list[str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        explain(held, what, where)
