"""The same harmonisation in pandas and pandera, as a competent analyst would write it: the same file in, the same edition out.

Plainly every cell is read, by what pandas has for whole columns; or each distinct value once and by plain Python, which
is our own idea lent to pandas. What is no matter of engine is the same code as ours: the account of the file, the declared
tables, the figures, which are SQL over the store, the public file and its sealing. All that is done to cells and rows is pandas.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.bench.peer_readings import SEVERAL, fold, readings
from etl.bench.peer_rows import column_readings
from etl.bench.source import bench_source
from etl.cells import write_cells
from etl.coarse import Coarse
from etl.draws import Draws, drawing_key
from etl.editions import Edition, input_name, publish, temporary_folder
from etl.facts import write_facts
from etl.indicators import write_observations
from etl.leave import leave_after
from etl.memory import THREADS
from etl.plan import plan_source
from etl.protect import write_protected
from etl.public import write_public
from etl.received import receive
from etl.recode import Tally
from etl.row_texts import KeyTexts
from etl.secret import fingerprint, salt_for, secret
from etl.select import quoted
from etl.store import RECORDS, all_is_read, open_new, open_public
from etl.submissions import CONFIDENCE, write_submission
from schemas.codelists import codelist
from schemas.contracts import contract
from schemas.tables import rows_query, table

if TYPE_CHECKING:
    import duckdb

KEY, KEY_HEADER = "case_key", "Case No. / N° dossier"
PERIOD_START, PERIOD_END = pd.Timestamp("2014-01-01"), pd.Timestamp("2025-12-31")
TODAY = datetime.date(2026, 1, 31)
TOLERANCE = pd.Timedelta(days=31)  # days that a date may lie outside the period: rule V10


def harmonise_plainly(file: Path, data: Path, distinct: bool) -> Edition:
    """Harmonise one generated file into an edition below `data` that holds what ours holds.

    distinct: read each distinct value of a column once, and not every cell.

    Errors: pandera's SchemaErrors where a table breaks its contract.
    """
    source = bench_source(file.name).model_copy(update={"folder": file.parent.name})
    plan = plan_source(source, TODAY)
    received, faults = receive([source], [file.parent.parent], TODAY)
    assert not faults
    submission = received[0].submission_id
    cells = pd.read_csv(file, dtype=str, keep_default_na=False)
    rows = pd.DataFrame({"source_row": np.arange(1, len(cells) + 1, dtype="int32")})
    lineage = rows.assign(submission_id=submission)
    rulings: list[pd.DataFrame] = []
    problems: list[pd.DataFrame] = []
    columns: list[dict[str, object]] = [_column(KEY, KEY_HEADER, "key", (KEY,), 1)]
    by_column = column_readings()
    for field, (header, reading, outputs, read) in readings().items():
        column = cells.pop(header)
        numbers, words = pd.factorize(column)
        if distinct:
            said = pd.DataFrame([read(word) for word in words], columns=[*outputs, "match", "rule", "note"])
            for output in outputs:
                rows[output] = _typed(said[output], output).take(numbers)
        else:
            every = by_column[field](column)
            for output in outputs:
                rows[output] = _typed(every[output], output)
            said = every.loc[column.drop_duplicates().index].reset_index(drop=True)
        said = said.astype({"match": "str", "rule": "str", "note": "str"})
        columns.append(_column(field, header, reading, outputs, 1 + sum(map(len, rulings))))
        rulings.append(_rulings(said, words, numbers, field, header, reading, outputs))
        problems.append(_cell_problems(said, words, numbers, field))
        lineage[f"r_{field}"] = numbers.astype("int32")
    rows[KEY] = _hashes(cells[KEY_HEADER], salt_for(data, "KEN"))
    case_numbers = cells[KEY_HEADER].str.strip().str.lower()
    del cells
    problems += _row_problems(rows)
    problem = pd.concat(problems, ignore_index=True).assign(submission_id=submission, table="suspect")
    problem = _ordered(problem.assign(problem_id=range(1, len(problem) + 1)), "problem")
    ruling = pd.concat(rulings, ignore_index=True)
    ruling = _ordered(ruling.assign(ruling_id=range(1, len(ruling) + 1)), "ruling")
    refused = problem.loc[problem["severity"] == "E", "source_row"].unique()
    suspect = _completed(rows[~rows["source_row"].isin(refused)], submission)
    for name, frame in (("suspect", suspect), ("ruling", ruling), ("problem", problem)):
        contract(name).validate(frame, lazy=True)
    tally = Tally(read=len(rows), kept=len(suspect), refused=len(refused))
    with temporary_folder(data) as folder:
        keys: dict[str, tuple[str, ...]] = {name: () for name in (*RECORDS, "observation")} | {"suspect": tuple(readings())}
        connection = open_new(folder / "records.duckdb", [submission], keys, THREADS)
        all_is_read(connection)
        for name, frame in (
            ("suspect", suspect), ("suspect_lineage", lineage), ("ruling", ruling), ("problem", problem),
            ("ruled_column", pd.DataFrame(columns)),
        ):  # fmt: skip
            _store(connection, name, frame)
        write_submission(connection, source, received[0], tally)
        drawn_with = drawing_key(secret(data))
        _draw(connection, submission, rows["source_row"], case_numbers, drawn_with)
        write_cells(connection)
        write_observations(connection)
        write_protected(connection, drawn_with)
        for name in ("submission", "observation"):
            contract(name).validate(connection.execute(rows_query(name)).df(), lazy=True)
        key = secret(data)
        edition = input_name([plan], received, TODAY, key)
        write_facts(connection, edition, [source], TODAY, fingerprint(key))
        connection.execute("CHECKPOINT")
        with open_public(connection, folder / "public.duckdb") as public:
            write_public(public, edition, [plan], TODAY, Coarse.of(secret(data)))
        connection.close()
        return publish(data, folder, edition, {"key": fingerprint(key)})


def _column(field: str, header: str, reading: str, outputs: tuple[str, ...], first: int) -> dict[str, object]:
    return {
        "source": "ken_bench_court_suspects",
        "table": "suspect",
        "key": field,
        "raw_field": header,
        "reading": reading,
        "outputs": list(outputs),
        "first_ruling": first,
    }


def _typed(values: pd.Series, output: str) -> pd.api.extensions.ExtensionArray:
    """Give the values of a column's distinct cells in the type of their field: codes as categories."""
    field = table("suspect").field(output)
    if field.type == "date":
        return pd.to_datetime(values).astype("datetime64[s]").array
    if field.type in ("integer", "number"):
        return values.astype("Int32" if field.type == "integer" else "Float64").array
    words = values.astype("str")
    return pd.Categorical(words) if field.codes is not None else words.array


def _rulings(
    said: pd.DataFrame, words: pd.Index, numbers: np.ndarray, field: str, header: str, reading: str, outputs: tuple[str, ...]
) -> pd.DataFrame:
    """Give what is kept of each distinct value of a column, and how many rows hold it."""
    declared = said["match"].isin(["DECLARED", "MISSING"])
    main = said[outputs[0]]
    if field == "age":
        main = main.where(said["age_min"] == said["age_max"])  # a span is no one age
    return pd.DataFrame(
        {
            "source": "ken_bench_court_suspects",
            "table": "suspect",
            "raw_field": header,
            "reading": reading,
            "field": field,
            "raw_value": words,
            "folded": [fold(word) for word in words] if reading in ("code", "codes", "country") else None,
            "said": [_json(values, outputs) for values in said[list(outputs)].itertuples(index=False)],
            "code": [None if pd.isna(value) else _plain(value) for value in main],
            "match": said["match"],
            "confidence": said["match"].map(CONFIDENCE),
            "rules": said["rule"].str.removesuffix("W").fillna(""),
            "note": said["note"],
            "decided_by": np.where(declared, "declaration ken_bench_court_suspects.yml", f"reading {reading}"),
            "count_rows": np.bincount(numbers, minlength=len(words)),
            "count_submissions": 1,
        }
    )


def _json(values: tuple[Any, ...], outputs: tuple[str, ...]) -> str | None:
    pairs = {
        name: str(value).split("|") if name in SEVERAL else int(value) if isinstance(value, Integral) else _plain(value)
        for name, value in zip(outputs, values, strict=True)
        if not pd.isna(value)
    }
    return json.dumps(pairs) if pairs else None


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cell_problems(said: pd.DataFrame, words: pd.Index, numbers: np.ndarray, field: str) -> pd.DataFrame:
    """Give one problem for each cell whose value breaks a rule, with the line that would settle a word."""
    met = np.flatnonzero(said["rule"].notna().to_numpy()[numbers])
    broken = said.iloc[numbers[met]]
    raw = words[numbers[met]]
    return pd.DataFrame(
        {
            "source_row": met + 1,
            "field": field,
            "rule_id": broken["rule"].str.removesuffix("W").to_numpy(),
            "severity": np.where(broken["rule"].str.endswith("W"), "W", "E"),
            "raw_value": raw,
            "note": broken["note"].to_numpy(),
            "line": [
                f"columns.{field}.words: {{CODE: [{json.dumps(word)}]}}" if rule.startswith("V01") else None
                for rule, word in zip(broken["rule"], raw, strict=True)
            ],
        }
    )


def _row_problems(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Ask the rules that look at several fields of a row; V13 asks for the keys of persons, which these files lack."""
    formal, charged = rows["date_formal"], rows["date_charged"]
    latest = rows[["date_formal", "date_charged"]].max(axis=1)
    start, end = PERIOD_START - TOLERANCE, PERIOD_END + TOLERANCE
    inside = formal.between(start, end) | charged.between(start, end)
    convicted = rows["stage_highest"].isin(["CONV1", "APPEAL", "CONVF"])
    broken = {
        "V10": (latest > pd.Timestamp(TODAY)) | (latest.notna() & ~inside),
        "V20": charged < formal,
        "V21": convicted & rows["offence_convicted"].isna(),
        "V22": (convicted & rows["sentence_months"].isna() & rows["sentence_types"].isna())
        | (rows["fine_amount"].notna() & rows["fine_currency"].isna()),
    }
    rows["dq_flags"] = ""
    for rule in ("V21", "V22"):
        flagged = broken[rule]
        rows.loc[flagged, "dq_flags"] = (rows.loc[flagged, "dq_flags"] + f"|{rule}").str.lstrip("|")
    return [
        pd.DataFrame(
            {
                "source_row": rows.loc[wrong, "source_row"],
                "rule_id": rule,
                "severity": "E" if rule in ("V10", "V20") else "W",
                "note": f"the row breaks {rule}",
            }
        )
        for rule, wrong in broken.items()
    ]


def _hashes(cells: pd.Series, salt: str) -> list[str]:
    return [hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()[:16] for key in cells.str.strip().str.lower()]


def _draw(
    connection: duckdb.DuckDBPyConnection, submission: str, rows: pd.Series, case_numbers: pd.Series, drawn_with: str
) -> None:
    """Give every row the draw of its case number, of which no two rows have one."""
    numbers, _ = KeyTexts(drawn_with, KEY_HEADER).numbers(pa.array(case_numbers, pa.string()))
    drawn = Draws(connection, "suspect", drawn_with)
    drawn.add(submission, rows.to_numpy(), numbers)
    drawn.settle(dict)


def _completed(rows: pd.DataFrame, submission: str) -> pd.DataFrame:
    """Add what all rows share or what follows from the others, and put the columns in their declared order."""
    listed = codelist("CL_OFFENCE")
    classes = {code: iccs for code in listed.codes if (iccs := listed.crosswalk(code, "iccs"))}
    rows = rows.assign(
        suspect_id=f"{submission}-" + rows["source_row"].astype(str),
        submission_id=submission,
        reporting_country="KEN",
        source_type="COURT",
        ref_year=rows["date_formal"].where(rows["date_formal"].notna(), rows["date_charged"]).dt.year.astype("Int32"),
        iccs_code=rows["offence"].map(classes),
    )
    return _ordered(rows, "suspect")


def _ordered(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the declared columns in their order; what nobody filled is absent everywhere."""
    kinds = {"date": "datetime64[s]", "number": "float64"}
    absent = {
        field.name: pd.Series(None, index=rows.index, dtype=kinds.get(field.type, "str"))
        for field in table(name).fields
        if field.name not in rows
    }
    return rows.assign(**absent)[[field.name for field in table(name).fields]]


def _store(connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame) -> None:
    """Write a frame into a table of the store: joined codes become lists, a key that is made from others is left out."""
    lists = {field.name for field in table(name).fields if field.many} if name in ("suspect", "ruling") else set()
    names = [str(column) for column in rows.columns if column != "suspect_id"]
    values = [f"CASE {quoted(item)} WHEN '' THEN [] ELSE string_split({quoted(item)}::VARCHAR, '|') END" if item in lists
              else quoted(item) for item in names]  # fmt: skip
    connection.register("frame", rows)
    connection.execute(f"INSERT INTO {name} ({', '.join(map(quoted, names))}) SELECT {', '.join(values)} FROM frame")
    connection.unregister("frame")


if __name__ == "__main__":
    leave_after(lambda: harmonise_plainly(Path(sys.argv[1]), Path(sys.argv[2]), distinct="--distinct" in sys.argv))
