"""Declarations and files in, the records of all sources that can be taken out: every file read, ruled on and recoded."""

from __future__ import annotations

import datetime
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.draws import drawing_key
from etl.errors import SourceError, SourceErrors
from etl.fitness import account, unfit
from etl.footers import NAME, count_footers
from etl.memory import AHEAD, patience_for, threads_for
from etl.plan import Plan, dropped_headers, plan_source
from etl.read import read_submission
from etl.received import Received, receive
from etl.recode import Recoder, Tally
from etl.resent import changes
from etl.secret import salt_for, secret
from etl.select import constant_parameters
from etl.source import Source
from etl.store import RECORDS, open_new
from etl.submissions import reconcile, write_lineage, write_submission

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str], None]


@dataclass(frozen=True)
class LeftOut:
    """Why nothing is published of a source, one sentence a reason; its rows read, kept, refused and skipped, if it was read."""

    reasons: list[str]
    rows: tuple[int | None, ...] = (None, None, None, None)


@dataclass
class Work:
    """What a build has so far: its plans, what was received, and what became of every submission.

    left_out: the sources of which nothing is published.
    """

    plans: list[Plan]
    received: list[Received]
    tallies: dict[str, Tally] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)

    def without(self, left_out: dict[str, LeftOut]) -> Work:
        """Give the work that is left to do without these sources too, with nothing read yet."""
        plans = [plan for plan in self.plans if plan.source.name not in left_out]
        received = [item for item in self.received if item.source not in left_out]
        return Work(plans, received, left_out=self.left_out | left_out)


def prepare(sources: list[Source], folders: list[Path], today: datetime.date) -> Work:
    """Plan every source and find what was received of it; errors: SourceErrors, one sentence a fault."""
    faults: list[str] = []
    plans: list[Plan] = []
    for source in sources:
        try:
            plans.append(plan_source(source, today))
        except SourceErrors as fault:
            faults += fault.faults
    received, more = receive([plan.source for plan in plans], folders, today)
    if faults or more:
        raise SourceErrors(faults + more)
    return Work(plans, received)


@contextmanager
def records(work: Work, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make the records of one build, empty, with as many threads as the size of the files is worth."""
    keys: dict[str, dict[str, None]] = {name: {} for name in (*RECORDS, "observation")}
    for plan in work.plans:
        keys[plan.table.name] |= {column.key: None for column in plan.columns if column.reading != "key"}
    size = sum(item.size or 0 for item in work.received)
    submissions = [item.submission_id for item in work.received]
    connection = open_new(path, submissions, keys, threads_for(size))
    patience = sys.getswitchinterval()
    sys.setswitchinterval(patience_for(size))
    try:
        yield connection
    finally:
        sys.setswitchinterval(patience)
        connection.close()


def read_fit(
    stack: ExitStack, work: Work, path: Path, data: Path, today: datetime.date, progress: Progress
) -> tuple[duckdb.DuckDBPyConnection, Work]:
    """Read all sources into new records; where some cannot be taken, read the others anew without them.

    Rows are committed while a file is read, so that those of a source that turns out to be unfit could not be rolled back.
    Errors: SourceErrors where no source is left.
    """
    while True:
        reading = stack.enter_context(ExitStack())
        connection = reading.enter_context(records(work, path))
        unread = read_all(connection, work, data, today, progress)
        left_out = {name: LeftOut(reasons) for name, reasons in unread.items()}
        left_out |= {
            plan.source.name: LeftOut(reasons, account(connection, plan.source.name))
            for plan in work.plans
            if plan.source.name not in unread and (reasons := unfit(connection, plan.source))
        }
        if not left_out:
            return connection, work
        reading.close()
        work = work.without(left_out)
        if not work.plans:
            raise SourceErrors([reason for one in work.left_out.values() for reason in one.reasons])
        progress(f"left out: {', '.join(left_out)}; the others are read again")
        for remains in (path, path.with_name(f"{path.name}.wal")):
            remains.unlink(missing_ok=True)


def read_all(
    connection: duckdb.DuckDBPyConnection, work: Work, data: Path, today: datetime.date, progress: Progress
) -> dict[str, list[str]]:
    """Read the files of all sources; give the sources that cannot be read, with the reasons."""
    drawn_with = drawing_key(secret(data))
    faults: dict[str, list[str]] = {}
    for plan in work.plans:
        progress(plan.source.name)
        connection.begin()
        try:
            _write_source(connection, plan, work, data, today, drawn_with)
            connection.commit()
        except SourceError as fault:
            connection.rollback()
            faults[plan.source.name] = fault.faults if isinstance(fault, SourceErrors) else [str(fault)]
    return faults


def _write_source(
    connection: duckdb.DuckDBPyConnection, plan: Plan, work: Work, data: Path, today: datetime.date, drawn_with: str
) -> None:
    source = plan.source
    recoder = Recoder(connection, plan, drawn_with)
    salt = salt_for(data, source.country)
    items = [item for item in work.received if item.source == source.name]
    read = [item for item in items if item.path is not None and item.rows_count]
    for item in items:
        tally = Tally()
        if item.path is not None and item.rows_count:
            raw = read_submission(plan, item.path)
            raw.batches = ahead(raw.batches)
            corrections = [c for c in source.corrections if c.file is None or c.file == item.file_name]
            identity = item.identity(source, today) | constant_parameters(plan) | {"salt": salt}
            # all rulings are there before the rows of the last file are all written
            meanwhile = (lambda: write_lineage(connection, recoder)) if item is read[-1] else lambda: None
            tally = recoder.recode(raw, identity, corrections, meanwhile)
            tally.dropped = dropped_headers(source, raw.headers)
            if footers := count_footers(plan, raw, str(item.file_name)):
                tally.read += footers
                tally.skipped[NAME] = footers
            tally.absent = tuple(name for name in plan.wanted if name not in raw.headers)
            _refuse_nothing(source, item, tally)
        elif item.path is not None:
            raw = read_submission(plan, item.path)
            tally.dropped = dropped_headers(source, raw.headers)
            tally.read = sum(batch.num_rows for batch in raw.batches) + len(raw.ragged)
            tally.read += len(raw.footers) * max(1, len(source.measures))
            tally.skipped[item.status.lower()] = tally.read
        item.refuse_change()
        if item.supersedes is not None:
            older = next(other for other in work.received if other.submission_id == item.supersedes)
            tally.changes = changes(plan, older, item)
        work.tallies[item.submission_id] = tally
        _refuse_size(source, item, tally)
        write_submission(connection, source, item, tally)
        reconcile(connection, plan, item, tally)
    if not read:
        write_lineage(connection, recoder)
    recoder.settle_draws()


def _refuse_nothing(source: Source, item: Received, tally: Tally) -> None:
    if tally.read == 0:
        raise SourceError(
            f"{source.name}: {item.file_name}: has headings and no rows; "
            "send the whole file, or declare `status: NIL` with the letter "
            "that says there was nothing to report"
        )


def _refuse_size(source: Source, item: Received, tally: Tally) -> None:
    if source.expected_rows is None or item.path is None:
        return
    least, most = source.expected_rows
    rows = tally.read // max(1, len(source.measures))
    if not least <= rows <= most:
        raise SourceError(
            f"{source.where('expected_rows')}: {item.file_name}: has {rows} rows where {least} to {most} are expected; "
            "send the whole file, or correct `expected_rows`"
        )


def ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read batches in a thread of their own, some ahead, so that parsing and recoding share the cores."""
    waiting: queue.Queue[pa.RecordBatch | BaseException | None] = queue.Queue(maxsize=AHEAD)
    stopped = threading.Event()

    def _read() -> None:
        try:
            for batch in batches:
                if stopped.is_set():
                    return
                waiting.put(batch)
            waiting.put(None)
        except BaseException as fault:  # noqa: BLE001 - whatever the reader met is raised again by the one who asked
            waiting.put(fault)

    thread = threading.Thread(target=_read, daemon=True)
    thread.start()
    try:
        while (batch := waiting.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch
    finally:
        stopped.set()
        while thread.is_alive():
            try:
                waiting.get(timeout=0.1)
            except queue.Empty:
                continue
