"""Run by the Python of .venv-bench: headings and names of fields on standard input, Valentine's first choice on output.

Coma is the best of Valentine's matchers that needs neither values nor a download: similarity flooding, the only other,
got fewer headings of the test set right and took minutes.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    """Read `[{headings, fields}]` and write a list of `{heading: field}` in the same order."""
    from valentine.algorithms import Coma

    json.dump([_first(group, Coma()) for group in json.load(sys.stdin)], sys.stdout)


def _first(group: dict[str, list[str]], matcher: Any) -> dict[str, str]:
    import pandas as pd
    from valentine import valentine_match

    theirs, ours = (pd.DataFrame({name: [""] for name in group[side]}) for side in ("headings", "fields"))
    best: dict[str, tuple[float, str]] = {}
    for pair, score in valentine_match([theirs, ours], matcher).items():
        if score > best.get(pair.source_column, (0.0, ""))[0]:
            best[pair.source_column] = (score, pair.target_column)
    return {heading: field for heading, (_, field) in best.items()}


if __name__ == "__main__":
    main()
