"""Rows in which no mapped column says anything, and rows that hold a number of a case or person and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from etl.fold import fold
from etl.plan import ColumnPlan, Plan

# How the report of a submission calls them.
BLANK = "rows without any value"
KEY_ALONE_NOTE = (
    "the row holds a number and nothing else; fill it in, or declare `key_alone: skip` where such rows were numbered in advance"
)


class BlankRows(NamedTuple):
    """Masks over the rows of a chunk, of one length: blank rows, and rows with a key alone."""

    blank: np.ndarray
    key_alone: np.ndarray


def blank_rows(plan: Plan, chunk: pa.Table) -> BlankRows:
    """Find the rows of a chunk in which every mapped column is empty or holds a declared sign for missing values.

    A table of counts without any other column has no blank rows: each of its empty cells is a figure not reported.
    """
    nobody = np.zeros(chunk.num_rows, dtype=bool)
    keys = [column for column in plan.columns if column.reading == "key"]
    others = [column for column in plan.columns if column.reading != "key"]
    if not others or (plan.source.measures and len(others) == 1):
        return BlankRows(nobody, nobody)
    silent = _silent_in_all(chunk, others)
    if not silent.any():
        return BlankRows(nobody, nobody)
    without_key = _silent_in_all(chunk, keys) if keys else np.ones(chunk.num_rows, dtype=bool)
    return BlankRows(silent & without_key, silent & ~without_key)


def _silent_in_all(chunk: pa.Table, columns: Sequence[ColumnPlan]) -> np.ndarray:
    """Look at one column after the other for as long as a row is left in which all before it are silent."""
    silent = np.ones(chunk.num_rows, dtype=bool)
    for column in columns:
        silent &= _silent(chunk.column(column.header), column.how.missing)
        if not silent.any():
            break
    return silent


def _silent(cells: pa.ChunkedArray, missing: frozenset[str]) -> np.ndarray:
    pieces = [piece if isinstance(piece, pa.DictionaryArray) else piece.dictionary_encode() for piece in cells.chunks]
    masks = []
    for piece in pieces:
        words = np.array([not (text := fold(word)) or text in missing for word in piece.dictionary.to_pylist()], dtype=bool)
        indices = piece.indices.to_numpy(zero_copy_only=False)
        masks.append(words[indices] if len(words) else np.ones(len(indices), dtype=bool))
    return np.concatenate(masks) if masks else np.zeros(0, dtype=bool)
