"""The table of contents: read, rule, recode, validate, indicators, publish, for all sources of an edition."""

from __future__ import annotations

import datetime
import gc
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from etl.cells import write_cells
from etl.coarse import Coarse
from etl.contradictions import mark_contradictions
from etl.decisions import read_decisions
from etl.draws import drawing_key
from etl.editions import Edition, input_name, made_with, publish, remembering, temporary_folder
from etl.errors import SourceError, SourceErrors
from etl.facts import write_facts
from etl.fitness import unfit
from etl.footers import NAME, count_footers
from etl.holding import Holding
from etl.indicators import write_observations
from etl.memory import AHEAD, GROUP, patience_for, threads_for
from etl.plan import Plan, dropped_headers, plan_source
from etl.private import private
from etl.protect import write_protected
from etl.public import write_public
from etl.public_notes import write_notes
from etl.public_pending import write_pending
from etl.read import read_submission
from etl.received import Received, receive
from etl.recode import Recoder, Tally
from etl.released import released_totals
from etl.resent import changes
from etl.returns import write_silences
from etl.secret import accept_key, fingerprint, salt_for, secret
from etl.select import constant_parameters
from etl.source import Source
from etl.store import RECORDS, all_is_read, beside, open_new, open_public
from etl.submissions import reconcile, write_lineage, write_submission
from etl.validate import COUNTED, FINAL, check_contracts, prefetch_contracts, run_set_rules

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str], None]


@dataclass
class Work:
    """What a build has so far: its plans, what was received, and what became of every submission.

    left_out: the sources of which nothing is published, with one sentence a reason.
    """

    plans: list[Plan]
    received: list[Received]
    tallies: dict[str, Tally] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self) -> None:
        """Go on without the sources that are left out."""
        self.plans = [plan for plan in self.plans if plan.source.name not in self.left_out]
        gone = {item.submission_id for item in self.received if item.source in self.left_out}
        self.received = [item for item in self.received if item.submission_id not in gone]
        self.tallies = {name: tally for name, tally in self.tallies.items() if name not in gone}


def build(
    data: Path,
    sources: list[Source],
    folders: list[Path],
    today: datetime.date,
    progress: Progress = lambda _: None,
    new_key: bool = False,
) -> Edition:
    """Build one edition from all sources and make it current.

    data: the folder that holds `editions`. folders: where files of sources are looked for, in this order. The same
    bytes, key and day give an edition of the same name. new_key: whether a lost key, or another one than that of the current
    edition, is meant.

    A source that cannot be read, or is unfit (see `etl.fitness`), is left out: the figures that were last released of it stay,
    marked as pending, and the manifest names it under `left_out` with the reasons.

    Errors: SourceErrors, one sentence a fault, where no source is left; the edition in place then stays as it was.
    """
    accept_key(data, made_with(data), new_key)
    # what was imported lives as long as the process, and rulings as long as the build: looking through them for garbage
    # would take a twentieth of the time
    gc.freeze()
    gc.disable()
    try:
        with private():
            return _build(data, sources, folders, today, progress)
    finally:
        gc.enable()


def _build(data: Path, sources: list[Source], folders: list[Path], today: datetime.date, progress: Progress) -> Edition:
    prefetch_contracts()
    work = _prepare(sources, folders, today)
    progress(f"{len(work.plans)} sources, {sum(item.path is not None for item in work.received)} files")
    key = secret(data)
    before = remembering(data, fingerprint(key))
    described = work.plans
    holding = _holding(data, work, key, before, today)
    with temporary_folder(data) as folder:
        with _records(work, folder / "records.duckdb") as connection, ThreadPoolExecutor(max_workers=1) as aside:
            name, state = _write_records(connection, work, data, today, progress, holding)
            # the records are final here: they are sealed while what may be shown of them is written
            sealed = aside.submit(beside(connection).execute, "CHECKPOINT")
            progress("publish")
            with open_public(connection, folder / "public.duckdb") as public:
                coarse = Coarse.of(secret(data))
                write_public(public, name, described, today, coarse)
                compared = write_notes(public, data, name, [plan.source for plan in described], coarse)
                write_pending(public, before.public if before is not None else None)
            sealed.result()
        progress(compared)
        made: dict[str, object] = {"key": fingerprint(key), "released": state, "before": before.name if before else None}
        if work.left_out:
            made["left_out"] = work.left_out
        return publish(data, folder, name, made)


def _holding(data: Path, work: Work, key: bytes, before: Edition | None, today: datetime.date) -> Holding:
    sources = [plan.source for plan in work.plans]
    return Holding(
        key=key,
        before=before.records if before is not None else None,
        decisions=read_decisions(data, {source.name: source.country for source in sources}, today),
        sources=[source.name for source in sources],
    )


def check(data: Path, source: Source, folders: list[Path], today: datetime.date, folder: Path) -> Work:
    """Run one source as `build` would, into `folder`, without publishing anything; errors as in `build`."""
    work = _prepare([source], folders, today)
    with _records(work, folder / "records.duckdb") as connection:
        _write_records(connection, work, data, today, lambda _: None, None)
        connection.execute("CHECKPOINT")
    return work


def _prepare(sources: list[Source], folders: list[Path], today: datetime.date) -> Work:
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
def _records(work: Work, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
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


def _write_records(
    connection: duckdb.DuckDBPyConnection,
    work: Work,
    data: Path,
    today: datetime.date,
    progress: Progress,
    holding: Holding | None,
) -> tuple[str, str]:
    """Fill `records.duckdb`, with the figures that are counted from it and what may be shown of them.

    Gives the name of its edition and that of the state that is released with it.
    """
    drawn_with = drawing_key(secret(data))
    for plan in work.plans:
        progress(plan.source.name)
        connection.begin()
        try:
            _write_source(connection, plan, work, data, today, drawn_with)
            # a check tells what makes a source unfit together with all else that it met
            if holding is not None and (reasons := unfit(connection, plan.source)):
                raise SourceErrors(reasons)
            connection.commit()
        except SourceError as fault:
            connection.rollback()
            work.left_out[plan.source.name] = fault.faults if isinstance(fault, SourceErrors) else [str(fault)]
    if work.left_out:
        if holding is None or len(work.left_out) == len(work.plans):
            raise SourceErrors([reason for reasons in work.left_out.values() for reason in reasons])
        work.leave_out()
        holding = replace(holding, left_out=tuple(work.left_out))
    released = released_totals([plan.source for plan in work.plans], today)
    all_is_read(connection)
    progress("validate")
    connection.begin()
    write_silences(connection, work.plans, work.received, today)
    run_set_rules(connection, today, {plan.source.name: plan.source.multi_form for plan in work.plans})
    mark_contradictions(connection)
    connection.commit()
    progress("contracts and indicators")
    with ThreadPoolExecutor(max_workers=1) as aside:
        # no record is changed from here on: they are brought to disk and checked while they are counted
        second = beside(connection)
        sealed = aside.submit(_seal, second, sum(tally.kept for tally in work.tallies.values()))
        final = aside.submit(check_contracts, second, FINAL)
        write_cells(connection)
        sealed.result()
        write_observations(connection)
        connection.execute("UPDATE problem SET problem_id = rowid + 1")
        counted = aside.submit(check_contracts, second, COUNTED)
        write_protected(connection, drawn_with, released, holding=holding)
        final.result()
        counted.result()
    key = secret(data)
    decisions = holding.facts() if holding is not None else {}
    state = holding.name(connection) if holding is not None else ""
    name = input_name(work.plans, work.received, today, key, (state, *map(str, decisions.items())))
    write_facts(connection, name, [plan.source for plan in work.plans], today, fingerprint(key), decisions)
    return name, state


def _seal(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Bring to disk what is written so far, where it is so much that it pays to do it twice."""
    if rows > GROUP:
        # one that waits: to DuckDB a change is at work until those who began to read before it are done
        connection.execute("FORCE CHECKPOINT")


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
