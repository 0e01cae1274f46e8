"""A received file in, its table of text out: which reader a form needs, and how a table of counts is turned."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from etl.errors import SourceError
from etl.headings import heading
from etl.plan import FIGURE, Plan, check_headers
from etl.raw import Raw
from etl.read_file import read_file
from etl.source import HERE

PIECE = 4 << 20  # bytes that are hashed at once, while other threads go on


def read_submission(plan: Plan, path: Path) -> Raw:
    """Read what a source wants of one file, turned to one figure a row where its headings are counts.

    Errors: SourceError when the columns are not those ruled on, and whatever the readers meet.
    """
    source = plan.source
    twin = _twin(source.name)
    wanted = plan.wanted + tuple(map(heading, source.measures))
    if twin is not None:
        raw: Raw = twin.reshape(read_file(path, source.file, None, frozenset()))
    else:
        raw = read_file(path, source.file, wanted, plan.keys)
    check_headers(source, raw.headers, path.name, wanted)
    if source.measures:
        raw.batches = _turned(raw.batches, plan)
    return raw


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hexadecimal.

    Errors: SourceError for a file that is not there or cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as stream:
            digest, piece = hashlib.sha256(), bytearray(PIECE)
            view = memoryview(piece)
            while size := stream.readinto(view):
                digest.update(view[:size])
        return digest.hexdigest()
    except FileNotFoundError as fault:
        raise SourceError(f"{path.name}: is not there; put it beside the other files of this source") from fault
    except OSError as fault:
        raise SourceError(f"{path.name}: cannot be read ({fault.strerror}); mend its rights or send it again") from fault


def _twin(name: str) -> ModuleType | None:
    path = HERE / f"{name}.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(f"etl.sources.{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _turned(batches: Iterator[pa.RecordBatch], plan: Plan) -> Iterator[pa.RecordBatch]:
    """Make one row of each cell under a heading that is a count; `_column` says which heading."""
    measures = [heading(name) for name in plan.source.measures]
    for batch in batches:
        kept = [name for name in batch.schema.names if name not in measures]
        for name in measures:
            names = [*kept, "_column", FIGURE]
            label = pa.DictionaryArray.from_arrays(pa.array([0] * batch.num_rows, pa.int32()), pa.array([name]))
            yield pa.record_batch([*(batch.column(item) for item in kept), label, batch.column(name)], names=names)
