"""Classes of case rows in, and what earlier files gave of them; what may be given now out, so that no files compose.

Rows of the same identifiers make a class. Identifiers are coarsened in one order, and how far a class is coarsened is decided
when it is first given and never again: the classes of any two files are the same or apart. A class only grows, by `k` rows or
more at a time; fewer who join wait. One in which somebody left, withdrew her consent or was corrected is given as it was
before she came, or no more. So whoever holds files of any editions, countries and k sets apart nobody or k rows at least.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path

from etl.errors import SourceError
from etl.private import write_private

LEAST_DIVERSE = 2.0
# Of equal shares the logarithms add up to a little less or more.
CLOSE = 1e-9
Row = tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """What one file gave of a class: the sensitive values of its rows, and which columns (by place) were not withheld."""

    rows: tuple[Row, ...]
    columns: frozenset[int]


@dataclass
class Released:
    """What was given so far: k, and for each class (its identifiers) every version that is out, each within the next.

    steps: how far the identifiers of a class are coarsened.
    """

    k: int
    classes: dict[Row, list[Version]] = field(default_factory=dict)
    steps: dict[Row, int] = field(default_factory=dict)

    def give(self, place: Row, step: int, rows: Sequence[Row]) -> Version | None:
        """Give what may be given of a class that has these rows now, and remember it; None where it is left out."""
        versions = self.classes.get(place, [])
        still = [version for version in versions if not _without(version.rows, rows)]
        joined = _without(rows, versions[-1].rows) if versions else list(rows)
        if len(still) == len(versions) and len(joined) >= self.k:
            now = Version(tuple(sorted(rows)), _columns(rows, versions))
            self.classes.setdefault(place, []).append(now)
            self.steps.setdefault(place, step)
            return now
        return still[-1] if still else None


def entropy_l(values: Iterable[str]) -> float:
    """Give the effective number of different values: e to the power of their entropy."""
    counts = Counter(values)
    total = sum(counts.values())
    return exp(-sum(number / total * log(number / total) for number in counts.values()))


def read_released(path: Path, k: int) -> Released:
    """Read what was given so far; with nothing given yet, k is chosen now, for good.

    Errors: SourceError for a smaller k than was chosen, and for a file that cannot be read.
    """
    if not path.exists():
        return Released(k)
    try:
        held = json.loads(path.read_text("utf-8"))
        classes = {
            tuple(one["class"]): [
                Version(tuple(map(tuple, version["rows"])), frozenset(version["columns"])) for version in one["versions"]
            ]
            for one in held["classes"]
        }
        steps = {tuple(one["class"]): int(one["step"]) for one in held["classes"]}
        released = Released(int(held["k"]), classes, steps)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise SourceError(f"{path}: cannot be read; restore it, since it says which case rows were given so far") from fault
    if k < released.k:
        raise SourceError(
            f"--k {k} is less than {released.k}, with which this installation gives case rows: files of two k would show smaller "
            f"groups together; say --k {released.k} or more"
        )
    return released


def write_released(path: Path, released: Released) -> None:
    """Write what was given so far, for the owner of the data folder alone."""
    classes = [
        {
            "class": place,
            "step": released.steps[place],
            "versions": [{"columns": sorted(one.columns), "rows": one.rows} for one in versions],
        }
        for place, versions in sorted(released.classes.items())
    ]
    aside = path.with_name(f"{path.name}.new")
    write_private(aside, json.dumps({"k": released.k, "classes": classes}, ensure_ascii=False))
    aside.replace(path)


def _columns(rows: Sequence[Row], versions: Sequence[Version]) -> frozenset[int]:
    """Choose the columns of which the class, and whoever joined it since a version that gave them too, have answers enough."""
    return frozenset(
        place
        for place in range(len(rows[0]))
        if _is_diverse(rows, place)
        and all(_is_diverse(_without(rows, version.rows), place) for version in versions if place in version.columns)
    )


def _is_diverse(rows: Sequence[Row], place: int) -> bool:
    return entropy_l(row[place] for row in rows) >= LEAST_DIVERSE - CLOSE


def _without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Give the rows that others do not have, each as often as it stands there more often."""
    return list((Counter(rows) - Counter(others)).elements())
