"""Scores of columns by fields in, one field a column out: the assignment of the highest sum (Kuhn and Munkres)."""

from __future__ import annotations

from collections.abc import Sequence


def assign(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """Give for each row the column that it is assigned to, no column twice, so that the sum of the scores is highest.

    A row whose best use is none at all (a score of 0) gets None. Takes time with the cube of the rows, times the columns.
    """
    rows = len(scores)
    columns = max((len(row) for row in scores), default=0)
    if not rows or not columns:
        return [None] * rows
    width = columns + rows  # one empty place for each row
    cost = [[-score for score in row] + [0.0] * (width - len(row)) for row in scores]
    owner = _owners(cost, rows, width)
    found: list[int | None] = [None] * rows
    for column in range(columns):
        row = owner[column + 1]
        if row and scores[row - 1][column] > 0:
            found[row - 1] = column
    return found


def _owners(cost: list[list[float]], rows: int, width: int) -> list[int]:
    """Give the row (from 1) that owns each column (from 1), 0 for none: shortest augmenting paths with potentials."""
    infinite = float("inf")
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        at = 0
        least, used = [infinite] * (width + 1), [False] * (width + 1)
        while owner[at]:
            used[at] = True
            line, delta, after = cost[owner[at] - 1], infinite, 0
            base = of_row[owner[at]]
            for column in range(1, width + 1):
                if not used[column]:
                    reduced = line[column - 1] - base - of_column[column]
                    if reduced < least[column]:
                        least[column], way[column] = reduced, at
                    if least[column] < delta:
                        delta, after = least[column], column
            for column in range(width + 1):
                if used[column]:
                    of_row[owner[column]] += delta
                    of_column[column] -= delta
                else:
                    least[column] -= delta
            at = after
        while at:
            owner[at] = owner[way[at]]
            at = way[at]
    return owner
