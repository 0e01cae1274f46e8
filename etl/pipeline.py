"""The table of contents: read, rule, recode, validate, indicators, publish, for all sources of an edition."""

from __future__ import annotations

import datetime
import gc
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from etl.cells import write_cells
from etl.coarse import Coarse
from etl.contradictions import mark_contradictions
from etl.decisions import read_decisions
from etl.draws import drawing_key
from etl.editions import Edition, input_name, made_with, publish, remembering, temporary_folder
from etl.errors import SourceErrors
from etl.facts import write_facts
from etl.holding import Holding
from etl.indicators import write_observations
from etl.memory import GROUP
from etl.private import private
from etl.protect import write_protected
from etl.public import write_public
from etl.public_notes import write_notes
from etl.public_pending import write_pending
from etl.read_sources import Progress, Work, prepare, read_all, read_fit, records
from etl.released import released_totals
from etl.returns import write_silences
from etl.secret import accept_key, fingerprint, secret
from etl.source import Source
from etl.store import all_is_read, beside, open_public
from etl.tabled import write_table
from etl.validate import COUNTED, FINAL, check_contracts, prefetch_contracts, run_set_rules

if TYPE_CHECKING:
    import duckdb


_LEFT_OUT = {
    "source": "VARCHAR", "reasons": "VARCHAR[]", "read": "BIGINT", "kept": "BIGINT", "refused": "BIGINT", "skipped": "BIGINT",
}  # fmt: skip


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
    marked as pending, and the table `left_out` of the records gives the reasons.

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
    work = prepare(sources, folders, today)
    progress(f"{len(work.plans)} sources, {sum(item.path is not None for item in work.received)} files")
    key = secret(data)
    before = remembering(data, fingerprint(key))
    described = work.plans
    holding = _holding(data, work, key, before, today)
    with temporary_folder(data) as folder:
        with ExitStack() as stack, ThreadPoolExecutor(max_workers=1) as aside:
            connection, work = read_fit(stack, work, folder / "records.duckdb", data, today, progress)
            holding = replace(holding, left_out=tuple(work.left_out))
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
        made = {"key": fingerprint(key), "released": state, "before": before.name if before else None}
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
    work = prepare([source], folders, today)
    with records(work, folder / "records.duckdb") as connection:
        if faults := read_all(connection, work, data, today, lambda _: None):
            raise SourceErrors([fault for told in faults.values() for fault in told])
        _write_records(connection, work, data, today, lambda _: None, None)
        connection.execute("CHECKPOINT")
    return work


def _write_records(
    connection: duckdb.DuckDBPyConnection,
    work: Work,
    data: Path,
    today: datetime.date,
    progress: Progress,
    holding: Holding | None,
) -> tuple[str, str]:
    """Add to the records the figures that are counted from them and what may be shown of them.

    Gives the name of its edition and that of the state that is released with it.
    """
    released, drawn_with = released_totals([plan.source for plan in work.plans], today), drawing_key(secret(data))
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
    write_table(connection, "left_out", _LEFT_OUT, [(source, one.reasons, *one.rows) for source, one in work.left_out.items()])
    write_facts(connection, name, [plan.source for plan in work.plans], today, fingerprint(key), decisions)
    return name, state


def _seal(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Bring to disk what is written so far, where it is so much that it pays to do it twice."""
    if rows > GROUP:
        # one that waits: to DuckDB a change is at work until those who began to read before it are done
        connection.execute("FORCE CHECKPOINT")


