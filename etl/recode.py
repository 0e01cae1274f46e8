"""Batches of text in, typed rows out: Python rules on each distinct value once, one SQL join a chunk recodes the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute

from etl.blank_rows import BLANK, KEY_ALONE_NOTE, blank_rows
from etl.dictionaries import Dictionaries
from etl.door import refuse_column
from etl.draws import Draws
from etl.errors import SourceError
from etl.fold import fold
from etl.memory import CHUNK, GROUP, PORTION
from etl.plan import ColumnPlan, Plan
from etl.problems import flag_lists, report_cells, report_ragged, report_rows
from etl.raw import Raw
from etl.row_texts import RowTexts
from etl.rulings import Ruler
from etl.select import DATED, field_expressions, outside_expressions, quoted
from etl.source import Correction
from etl.store import RECORDS
from etl.totals import Total, collect, write_differences
from etl.writer import Writer
from schemas.rule_checks import row_checks
from schemas.rules import ERROR_BITS, bit

if TYPE_CHECKING:
    import duckdb

# Keys of this form fold to themselves in small letters, which Arrow does faster than Python.
PARAMETER = re.compile(r"\$(\w+)")
PLAIN_KEY = r"^[A-Za-z0-9/_-]*$"


@dataclass
class Tally:
    """What became of the records of one submission: read = kept + refused + skipped.

    dropped: headings of columns that hold direct identifiers and were never read (V02). absent: mapped keys that no
    object of a JSON file has. changes: what differs from
    the file that this one replaces.
    """

    read: int = 0
    kept: int = 0
    refused: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    changes: str = ""

    @property
    def skipped_rows(self) -> int:
        """Give the number of rows left out by name."""
        return sum(self.skipped.values())


class Recoder:
    """Write the submissions of one source into its record table, chunk by chunk, in bounded memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: Plan, drawn_with: str) -> None:
        self.connection, self.plan = connection, plan
        self.rulers = {column.key: Ruler(column) for column in plan.columns if column.reading != "key"}
        given = {name for column in plan.columns for name in (column.key, *column.outputs)} | set(plan.constants)
        self.checks = tuple((check.rule, check.sql) for check in row_checks(plan.table.name, given))
        self.dictionaries = Dictionaries(connection, plan, self.rulers)
        self._texts = RowTexts(plan, drawn_with)
        self._draws = Draws(connection, plan.table.name, drawn_with) if plan.table.name in RECORDS else None
        self._totals: list[Total] = []
        self._held: list[pa.Table] = []
        self._writer: Writer
        self._lineage_writer: Writer

    def recode(
        self,
        raw: Raw,
        identity: dict[str, object],
        corrections: list[Correction],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Tally:
        """Write one submission; `identity` holds what its rows share: see `etl.select.IDENTITY`.

        meanwhile: is done as soon as all is ruled on, while the last rows are being written.

        Errors: SourceError for a correction that no longer finds what it corrects.
        """
        tally = Tally()
        self._totals = []
        self._held = []
        left = {(item.row, item.column): item for item in corrections}
        with Writer(self.connection) as self._writer, Writer(self.connection) as self._lineage_writer:
            portions = (self._code(portion, tally, left, str(identity["submission_id"])) for portion in _portions(raw.batches))
            for place, coded in enumerate(_chunks(portions)):
                if place == 0:
                    self._pass_door()
                self._write(coded, identity, tally)
                if tally.read > CHUNK:
                    # DuckDB holds rows in memory until they are committed; a build that fails is thrown away whole
                    self._commit()
            self._insert_kept(identity, last=True)
            meanwhile()
        self._commit()  # what was written aside is seen from the next transaction on
        tally.read += len(raw.ragged)
        tally.refused += len(raw.ragged)
        report_ragged(self.connection, self.plan.table.name, str(identity["submission_id"]), raw.ragged)
        write_differences(self.connection, self.plan, self.rulers, self._totals, str(identity["submission_id"]))
        if left:
            row, column = next(iter(left))
            raise SourceError(
                f"{self._where(left[row, column])}: the correction of row {row}, {column!r} finds no such cell; "
                "remove it or mend its row"
            )
        return tally

    def settle_draws(self) -> None:
        """Give every record its draw, once all submissions of the source are written."""
        if self._draws is not None:
            self._draws.settle(lambda: self._texts.ranks(self.rulers))

    def _commit(self) -> None:
        self.connection.commit()
        self.connection.begin()

    def _code(self, chunk: pa.Table, tally: Tally, left: dict[tuple[int, str], Correction], submission: str) -> pa.Table:
        """Replace every cell by the number of its ruling."""
        tally.read += chunk.num_rows
        skipped = self._skipped(chunk, tally)
        if skipped is not None:
            chunk = chunk.filter(pa.array(~skipped))
        chunk = self._without_blank_rows(chunk, tally, submission)
        numbers = chunk.column("_row").to_numpy()
        columns: dict[str, pa.Array | pa.ChunkedArray] = {
            name: chunk.column(name) for name in chunk.column_names if name in ("_row", "_column")
        }
        for column in self.plan.columns:
            cells = chunk.column(column.header)
            if column.reading == "key":
                columns[f"k_{column.key}"] = _folded_keys(cells)
                continue
            ruler = self.rulers[column.key]
            rulings = ruler.rule(cells)
            self._correct(column, ruler, rulings, numbers, left)
            columns[f"r_{column.key}"] = pa.array(rulings)
        return pa.table(columns)

    def _without_blank_rows(self, chunk: pa.Table, tally: Tally, submission: str) -> pa.Table:
        """Leave out, counted, the rows that say nothing; refuse those with a key alone unless the source skips them."""
        found = blank_rows(self.plan, chunk)
        left_out = found.blank | found.key_alone
        if not left_out.any():
            return chunk
        skipped = left_out if self.plan.source.key_alone == "skip" else found.blank
        tally.skipped[BLANK] = tally.skipped.get(BLANK, 0) + int(skipped.sum())
        asked = left_out & ~skipped
        if asked.any():
            tally.refused += int(asked.sum())
            rows = chunk.column("_row").to_numpy()[asked]
            report_rows(self.connection, self.plan.table.name, submission, rows, "V01", "E", KEY_ALONE_NOTE)
        return chunk.filter(pa.array(~left_out))

    def _pass_door(self) -> None:
        """Refuse columns that hold direct identifiers, as soon as enough of them is ruled on and before a row is written."""
        for column in self.plan.columns:
            if column.reading != "key":
                refuse_column(self.plan.source.name, self.rulers[column.key].ruled(), column.key, column.header)

    def _skipped(self, chunk: pa.Table, tally: Tally) -> np.ndarray | None:
        found: np.ndarray | None = None
        for name, (header, words) in self.plan.skips.items():
            hits = np.concatenate([_hits(piece, words) for piece in chunk.column(header).chunks])
            if found is not None:
                hits &= ~found
            self._totals += collect(self.plan, chunk, hits, name)
            tally.skipped[name] = tally.skipped.get(name, 0) + int(hits.sum())
            found = hits if found is None else found | hits
        return found if found is not None and found.any() else None

    def _correct(
        self,
        column: ColumnPlan,
        ruler: Ruler,
        rulings: np.ndarray,
        numbers: np.ndarray,
        left: dict[tuple[int, str], Correction],
    ) -> None:
        for (row, header), correction in list(left.items()):
            place = int(np.searchsorted(numbers, row))
            if header != column.header or place == len(numbers) or numbers[place] != row:
                continue
            met = ruler.raws[rulings[place]]
            if met != correction.was:
                raise SourceError(
                    f"{self._where(correction)}: the correction of row {row}, {header!r} expects {correction.was!r}, but the "
                    "file says something else; remove the correction or write it anew"
                )
            said = replace(column.read(correction.becomes), match="CORRECTED", note=f"corrected: {correction.why}")
            number = ruler.rule_correction(met, said)
            ruler.counts[rulings[place]] -= 1
            ruler.counts[number] += 1
            rulings[place] = number
            if sum(item.header == header for item in self.plan.columns) == 1 or column is self._last(header):
                del left[row, header]

    def _where(self, correction: Correction) -> str:
        source = self.plan.source
        return source.where("corrections", source.corrections.index(correction))

    def _last(self, header: str) -> ColumnPlan:
        return [column for column in self.plan.columns if column.header == header][-1]

    def _write(self, coded: pa.Table, identity: dict[str, object], tally: Tally) -> None:
        self.dictionaries.update()
        if self._draws is not None:
            numbers = self._texts.numbers(coded, self.rulers)
            self._draws.add(str(identity["submission_id"]), coded.column("_row").to_numpy(), numbers)
        coded = coded.append_column("_mask", pa.array(self._cell_masks(coded)))
        self._write_lineage(coded, identity)
        self.connection.register("coded", _grouped(self.dictionaries.gather(coded)))
        masks = self._masks(coded, identity)
        self.connection.unregister("coded")
        clean = masks & ERROR_BITS == 0
        kept = int(clean.sum())
        tally.kept += kept
        tally.refused += coded.num_rows - kept
        report_cells(self.connection, self.rulers, self.plan.table.name, str(identity["submission_id"]), coded, masks)
        coded = coded.drop_columns("_mask").append_column("_mask", pa.array(masks))
        self._held.append(coded if kept == coded.num_rows else coded.filter(pa.array(clean)))
        self._insert_kept(identity)

    def _insert_kept(self, identity: dict[str, object], last: bool = False) -> None:
        """Write kept rows as typed ones, as many as fill DuckDB's groups; the rest waits for the next chunk or the last call."""
        rows = sum(table.num_rows for table in self._held)
        rows -= 0 if last else rows % GROUP
        if rows == 0:
            return
        held = pa.concat_tables(self._held)
        coded, left = held.slice(0, rows), held.slice(rows)
        # copied, so that what has been written is let go
        self._held = [left.take(np.arange(left.num_rows))]
        coded = self.dictionaries.gather(coded).append_column("_flags", flag_lists(coded.column("_mask")))
        expressions = field_expressions(self.plan, self.dictionaries.dated())
        if any(item.name == "dq_flags" for item in self.plan.table.fields):
            expressions["dq_flags"] = "coded._flags"
        if self.plan.table.name in RECORDS:
            del expressions[self.plan.table.key]
        into = ", ".join(map(quoted, expressions))
        query = f"INSERT INTO {self.plan.table.name} ({into}) SELECT {', '.join(expressions.values())} FROM coded"
        self._writer.write(query, _spent(query, identity), _grouped(coded))

    def _cell_masks(self, coded: pa.Table) -> np.ndarray:
        """Give for each row the rules that its cells break, each by itself."""
        mask = np.zeros(coded.num_rows, dtype=np.int64)
        for key, ruler in self.rulers.items():
            if ruler.masks.any():
                mask |= ruler.masks[coded.column(f"r_{key}").to_numpy()]
        return mask

    def _masks(self, coded: pa.Table, identity: dict[str, object]) -> np.ndarray:
        """Give the rules that each row breaks: those of its cells, and those that look at several of its fields."""
        dated = self.dictionaries.dated()
        expressions = field_expressions(self.plan, dated)
        readings = {column.key: column.reading for column in self.plan.columns}
        outside = outside_expressions(self.plan, dated)
        odd = "".join(f" | CASE WHEN {sql} THEN {bit(DATED[readings[key]])} ELSE 0 END" for key, sql in outside.items())
        values = ",\n".join(f"{expression} AS {quoted(item)}" for item, expression in expressions.items())
        checks = "".join(f" | CASE WHEN ({sql}) THEN {bit(identifier)} ELSE 0 END" for identifier, sql in self.checks)
        inner = f"SELECT {values}, coded._row AS _row, coded._mask{odd} AS _mask FROM coded"
        query = f"SELECT _row, _mask{checks} AS _all FROM ({inner})"
        found = self.connection.execute(query, _spent(query, identity)).fetchnumpy()
        if not np.array_equal(found["_row"], coded.column("_row").to_numpy()):
            raise AssertionError("DuckDB gave the rows of an Arrow table in another order, or not all of them")
        return np.asarray(found["_all"])

    def _write_lineage(self, coded: pa.Table, identity: dict[str, object]) -> None:
        keys = ", ".join(quoted(f"r_{key}") for key in self.rulers)
        more = (
            (", _column" if self.plan.source.measures else ", $value_column") + " AS source_column"
            if self.plan.table.name == "observation"
            else ""
        )
        values = f"$submission_id AS submission_id, _row AS source_row{more}, {keys}"
        query = f"INSERT INTO {self.plan.table.name}_lineage BY NAME SELECT {values} FROM coded"
        self._lineage_writer.write(query, _spent(query, identity), _grouped(coded))


def _portions(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Gather batches so that their distinct values are looked up together, yet long before a chunk is full."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= PORTION:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _chunks(portions: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Gather coded rows into chunks, the first of them half as long, so that writing begins while the file is being read."""
    held: list[pa.Table] = []
    rows, enough = 0, max(GROUP, CHUNK // 2)
    for portion in portions:
        held.append(portion)
        rows += portion.num_rows
        while rows >= enough:
            chunk = pa.concat_tables(held)
            yield chunk.slice(0, enough).combine_chunks()
            held, rows, enough = [chunk.slice(enough)], rows - enough, CHUNK
    if rows:
        yield pa.concat_tables(held).combine_chunks()


def _grouped(rows: pa.Table) -> pa.Table:
    """Part rows as DuckDB packs them, so that its threads share them and keep their order."""
    return pa.concat_tables([rows.slice(start, GROUP) for start in range(0, rows.num_rows, GROUP)])


def _hits(cells: pa.Array, words: frozenset[str]) -> np.ndarray:
    if not isinstance(cells, pa.DictionaryArray):
        cells = cells.dictionary_encode()
    said = np.array([fold(word) in words for word in cells.dictionary.to_pylist()], dtype=bool)
    return said[cells.indices.to_numpy(zero_copy_only=False)] if len(said) else np.zeros(len(cells), dtype=bool)


def _folded_keys(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    if compute.all(compute.match_substring_regex(cells, PLAIN_KEY)).as_py() is not False:
        return compute.ascii_lower(cells)
    return pa.chunked_array([pa.array([fold(text) for text in piece.to_pylist()], pa.string()) for piece in cells.chunks])


def _spent(query: str, parameters: dict[str, object]) -> dict[str, object]:
    """Give only the parameters that a query names: DuckDB refuses others."""
    named = set(PARAMETER.findall(query))
    return {name: value for name, value in parameters.items() if name in named}
