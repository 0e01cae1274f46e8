"""Recorded decisions of states in, `data/decisions/<ISO>.jsonl`, one JSON object a line; checked decisions out."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceErrors
from schemas.places import countries

FOLDER = "decisions"
RELEASE = "release"
KINDS = (RELEASE,)
FIELDS = ("kind", "source", "period", "decided_by", "date", "reason")
SEVERAL = "INT"
# A reason that names a risk is a sentence.
LEAST_REASON = 30
RISK = "whoever compares the two editions may tell in which cells a known person stands"


@dataclass(frozen=True)
class Decision:
    """What a state decided for one period of one of its sources, in whose office, on which day, and why.

    country: ISO 3166-1 alpha-3, or INT for a source of several states. period: as figures write it, such as 2021 or
    2021-Q2. decided_by: the office, never a person. Decisions are confidential, and so is all that they hold.
    """

    country: str
    kind: str
    source: str
    period: str
    decided_by: str
    date: datetime.date
    reason: str

    def mark(self, key: bytes) -> str:
        """Give the mark by which an edition remembers that it was carried out (HMAC-SHA-256 under the given key)."""
        parts = (self.country, self.kind, self.source, self.period, self.decided_by, self.date.isoformat(), self.reason)
        return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()[:16]


def read_decisions(data: Path, sources: dict[str, str], today: datetime.date) -> list[Decision]:
    """Read the decisions of all states, in the order of their files and lines.

    sources: the country of each source by its name, as its declaration has it. A decision on a source that is not in this
    build waits.

    Errors: SourceErrors, one sentence for every line that cannot be taken.
    """
    decisions: list[Decision] = []
    faults: list[str] = []
    for path in sorted((data / FOLDER).glob("*")):
        if path.suffix != ".jsonl" or (path.stem not in countries() and path.stem != SEVERAL):
            faults.append(f"{FOLDER}/{path.name}: is not named after a country; call it as KEN.jsonl, or INT.jsonl for several")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if not line.strip():
                continue
            read = _read(path.stem, line, sources, today)
            if isinstance(read, str):
                faults.append(f"{FOLDER}/{path.name}: line {number}: {read}")
            else:
                decisions.append(read)
    if faults:
        raise SourceErrors(faults)
    return decisions


def _read(country: str, line: str, sources: dict[str, str], today: datetime.date) -> Decision | str:
    """Read one line; where it cannot be taken, say what was met and what to do."""
    try:
        loaded = json.loads(line)
    except ValueError:
        return "is no JSON; write one object a line"
    if not isinstance(loaded, dict) or set(loaded) != set(FIELDS) or not all(isinstance(item, str) for item in loaded.values()):
        return f"must be an object of the texts {', '.join(FIELDS)} and nothing else"
    values = {name: " ".join(loaded[name].split()) for name in FIELDS}
    empty = [name for name in FIELDS if not values[name]]
    if empty:
        return f"{empty[0]} is empty; fill it in"
    if values["kind"] not in KINDS:
        return f"{values['kind']!r} is no kind of decision; write {' or '.join(KINDS)}"
    owner = sources.get(values["source"], country).replace("several", SEVERAL)
    if owner != country:
        return f"{values['source']} is a source of {owner}; write the decision into {owner}.jsonl"
    try:
        day = datetime.date.fromisoformat(values["date"])
    except ValueError:
        return f"the date {values['date']!r} is no day; write it as 2026-01-31"
    if day > today:
        return f"the date {day} is after the day of the edition, {today}; a decision holds from its day on"
    if len(values["reason"]) < LEAST_REASON:
        return f"the reason does not name the risk; say why the figures are released although {RISK}"
    return Decision(
        country, values["kind"], values["source"], values["period"], values["decided_by"], day, values["reason"]
    )
