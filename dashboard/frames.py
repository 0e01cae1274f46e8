"""Keep data frames out of the process: DuckDB imports pandas, numpy and pyarrow as soon as a value is bound to a question.

That costs 86 MB and a second, for types that we never bind. To be deleted once DuckDB looks only at modules that are there
(seen with duckdb 1.5.5: TransformPythonValue asks its import cache for pandas.NaT).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, cast

PANDAS = "pandas"
_lock = Lock()
_asking: list[None] = []


@contextmanager
def without_frames() -> Iterator[None]:
    """Refuse the import of pandas while the block runs, in all threads; where it is loaded already, nothing is refused."""
    modules = cast(dict[str, Any], sys.modules)
    with _lock:
        _asking.append(None)
        modules.setdefault(PANDAS, None)
    try:
        yield
    finally:
        with _lock:
            _asking.pop()
            if not _asking and modules.get(PANDAS) is None:
                del modules[PANDAS]
