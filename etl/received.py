"""What was received: every file, nil return and silence of every source, with its number, hash, period and standing."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.read import sha256_of
from etl.readings.how import How
from etl.readings.periods import period as read_period
from etl.source import Source, Submission

HASHER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hash")
FREQUENCY = {"CY": "A", "EFY": "A", "EY": "A", "FY_JUL": "A", "TIPR": "A", "H": "H", "Q": "Q", "M": "M"}


@dataclass
class Received:
    """One submission of one source, as it stands before it is read.

    status: CHECKED for files whose rows count; SUPERSEDED, REJECTED (a copy of a file already received), NIL and NORESP
    hold no rows that count. `rows_count` says whether its rows are read into the tables.
    """

    submission_id: str
    source: str
    declared: Submission
    path: Path | None
    hashing: Future[str] | None
    size: int | None
    status: str
    period_start: datetime.date
    period_end: datetime.date
    period_type: str
    time_period: str
    supersedes: str | None = None
    copy_of: str | None = None
    stamp: tuple[int, int] | None = None

    @property
    def sha256(self) -> str | None:
        """Give the SHA-256 of the file's bytes; errors: SourceError where it cannot be read."""
        return self.hashing.result() if self.hashing is not None else None

    @property
    def file_name(self) -> str | None:
        """Give the name of the file as received."""
        return self.path.name if self.path is not None else None

    @property
    def rows_count(self) -> bool:
        """Say whether the rows of this submission stand in the tables."""
        return self.path is not None and self.status not in ("SUPERSEDED", "REJECTED")

    def identity(self, source: Source, today: datetime.date) -> dict[str, object]:
        """Give what every row of this submission shares, as the parameters of `etl.select.IDENTITY`."""
        return {
            "submission_id": self.submission_id,
            "source": source.name,
            "invented": source.invented,
            "origin": source.origin,
            "already_public": source.is_public(self.declared),
            "country": source.country if source.country != "several" else None,
            "source_type": source.source_type,
            "count_unit": source.count_unit,
            "period_start": self.period_start,
            "period_end": self.period_end,
            "period_type": self.period_type,
            "time_period": self.time_period,
            "freq": FREQUENCY.get(self.period_type, "_X"),
            "obs_status": self.declared.obs_status,
            "value_column": source.columns["obs_value"].column if "obs_value" in source.columns else None,
            "today": today,
        }

    def refuse_change(self) -> None:
        """Refuse a file that changed while it was read.

        Errors: SourceError.
        """
        if self.path is not None and self.stamp != _stamp(self.path):
            raise SourceError(
                f"{self.source}: {self.file_name}: changed while it was read; wait until it is whole and build again"
            )


def receive(sources: list[Source], folders: list[Path], today: datetime.date) -> tuple[list[Received], list[str]]:
    """Find the files of all sources, number the submissions and mark those that repeat or replace others (V35).

    Gives them in the order declared, with one sentence for every fault.
    """
    found: list[Received] = []
    faults: list[str] = []
    for source in sources:
        for declared in source.submissions:
            try:
                found.append(_received(source, declared, folders, today))
            except SourceError as fault:
                faults.append(str(fault))
    taken: set[str] = set()
    for item in found:
        item.submission_id = _free(item.submission_id, taken)
        taken.add(item.submission_id)
    faults += _mark(found, {source.name: source for source in sources})
    return found, faults


def find_file(source: Source, name: str, folders: list[Path]) -> Path:
    """Find a file of a source below the first folder that has it; SourceError where none has."""
    for folder in folders:
        for below in dict.fromkeys((source.folder or source.name, source.name)):
            path = folder / below / name
            if path.is_file():
                return path
            if path.is_symlink() or path.exists():
                raise SourceError(
                    f"{source.name}: {name} is a folder, a link to nothing or a device; put the file itself in its place"
                )
    raise SourceError(f"{source.name}: the file {name} is not there; put it into a folder called {source.folder or source.name}")


def _received(source: Source, declared: Submission, folders: list[Path], today: datetime.date) -> Received:
    how = How(today=today, field="period", languages=("eng",), period_type=source.period_type)
    said = read_period(declared.period, how)
    start, end, kind, time_period = said.values
    if not isinstance(start, datetime.date) or not isinstance(end, datetime.date):
        raise SourceError(
            f"{source.where('submissions', source.submissions.index(declared), 'period')}: the period {declared.period!r} "
            f"cannot be read ({said.note}); write 2021, EFY 2015, FY 2021/22, "
            "2021-Q2, 2021-07 or 2021-01-01/2021-07-31"
        )
    path = find_file(source, declared.file, folders) if declared.file is not None else None
    stamp = _stamp(path) if path is not None else None
    country = source.country if source.country != "several" else "INT"
    seed = f"{source.name}|{declared.file}|{declared.period}|{declared.status}"
    number = int(hashlib.sha256(seed.encode()).hexdigest()[:12], 16) % 9000 + 1000
    return Received(
        submission_id=f"{country}-{end.year}-{number}",
        source=source.name,
        declared=declared,
        path=path,
        hashing=HASHER.submit(sha256_of, path) if path is not None else None,
        size=stamp[0] if stamp is not None else None,
        status=declared.status,
        period_start=start,
        period_end=end,
        period_type=str(kind),
        time_period=str(time_period),
        stamp=stamp,
    )


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _free(identifier: str, taken: set[str]) -> str:
    stem, number = identifier.rsplit("-", 1)
    while f"{stem}-{number}" in taken:
        number = str((int(number) - 999) % 9000 + 1000)
    return f"{stem}-{number}"


def _mark(found: list[Received], sources: dict[str, Source]) -> list[str]:
    faults: list[str] = []
    by_file = {(item.source, item.file_name): item for item in found if item.path is not None}
    first: dict[tuple[str, str], Received] = {}
    alike = Counter((sources[item.source].country, item.size) for item in found if item.path is not None)
    for item in found:
        # only files of one size can be the same, so that large files are hashed while they are read
        if item.path is None or alike[sources[item.source].country, item.size] < 2 or item.sha256 is None:
            continue
        seen = first.setdefault((sources[item.source].country, item.sha256), item)
        if seen is not item:
            if (
                seen.source != item.source
                and seen.path is not None
                and sources[seen.source].file.sheet != sources[item.source].file.sheet
            ):
                continue  # two sources read two sheets of one workbook
            item.status, item.copy_of = "REJECTED", seen.submission_id
    for item in found:
        if item.declared.supersedes is None:
            continue
        older = by_file.get((item.source, item.declared.supersedes))
        if older is None:
            faults.append(
                f"{item.source}.yml: {item.file_name} supersedes {item.declared.supersedes!r}, "
                "which is not declared; correct the name"
            )
            continue
        older.status, item.supersedes = "SUPERSEDED", older.submission_id
    counted = Counter(
        (item.source, item.time_period, item.period_type, item.declared.coverage) for item in found if item.rows_count
    )
    for (name, period, _, _), times in counted.items():
        if times > 1 and sources[name].country != "several":
            faults.append(
                f"{name}.yml: {times} files for the period {period}; "
                "say `supersedes:` on the newer one, or the `coverage:` of each (V35)"
            )
    return faults
