"""A file of any form in, batches of text out: which reader its bytes need, whatever its name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from etl.kinds import JSON, STATISTICS, fitting_format
from etl.raw import Raw
from etl.read_csv import read_csv
from etl.read_json import read_json
from etl.read_sheet import read_sheet
from etl.read_statistics import read_statistics
from etl.source import FileForm


def read_file(path: Path, form: FileForm, wanted: Sequence[str] | None, keys: frozenset[str]) -> Raw:
    """Read the wanted columns (None: all) of a file in its declared form; `keys` come as plain text.

    Errors: SourceError for a file of another kind than the declared one, and whatever the readers meet.
    """
    met = fitting_format(path, form.format)
    form = form if met == form.format else form.model_copy(update={"format": met})
    if met == "csv":
        return read_csv(path, form, wanted, keys)
    if met in JSON:
        return read_json(path, form, wanted, keys)
    return (read_statistics if met in STATISTICS else read_sheet)(path, form, wanted, keys)
