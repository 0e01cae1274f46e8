"""Bounds of numbers and which of them make which in, exactly what each of them can be out: a linear programme, solved by HiGHS.

Bounds that are run through one sum after the other miss what several sums tell together; a linear programme does not.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from etl.sums import Flags, Numbers, Sums

_CLOSE = 1e-6  # HiGHS holds bounds and sums to 1e-7
_WIDE = 1_000
_IDLE = 2  # turns that tell of hardly any cell more
_PRIMAL = 4  # the last solution stays feasible when only the objective changes


class Programme:
    """The numbers of one source and period, within bounds and bound by sums; one table that agrees with all is known.

    n: that table. lower, upper: what is known of each number alone, FAR where there is no upper bound. before: the programme
    of the same numbers with more known of them, whose tables agree with what is known now.
    """

    def __init__(self, n: Numbers, lower: Numbers, upper: Numbers, sums: Sums, before: Programme | None = None) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1), ("simplex_strategy", _PRIMAL)):
            self._solver.setOptionValue(option, value)
        # nobody needs to know how far a number without an upper bound can go
        self._solver.passModel(_model(lower, np.minimum(upper, n + _WIDE), _different(sums, upper)))
        self._least: NDArray[np.float64] = n.astype(float) if before is None else before._least
        self._most: NDArray[np.float64] = n.astype(float) if before is None else before._most

    def values(self, cell: int, enough: int) -> int:
        """Say how many whole numbers a cell can be; `enough` or more where they are found to be as many.

        Every table that is met on the way tells of all cells at once, so that most of them need no solution of their own.
        """
        for sign in (1.0, -1.0):
            if self._met(cell) < enough:
                self._solve(cell, sign)
        return self._met(cell)

    def look_around(self, cells: Numbers, enough: int) -> None:
        """Look for tables far apart in many of some cells at once, until this tells of few more: that spares solutions.

        In each pair of tables the cells are moved away from each other in another pattern.
        """
        every = np.arange(len(self._most), dtype=np.int32)
        idle = turn = 0
        while idle < _IDLE:
            left = np.array([cell for cell in cells if self._met(int(cell)) < enough], np.int64)
            if not len(left):
                break
            pattern = np.where((left >> (turn - 1) % 8) & 1, 1.0, -1.0) if turn else np.ones(len(left))
            for sign in (1.0, -1.0):
                costs = np.zeros(len(every))
                costs[left] = sign * pattern
                self._solver.changeColsCost(len(every), every, costs)
                self._look()
            open_yet = sum(self._met(int(cell)) < enough for cell in left)
            idle, turn = idle + 1 if open_yet > 0.95 * len(left) else 0, turn + 1
        self._solver.changeColsCost(len(every), every, np.zeros(len(every)))

    def binding(self, cell: int) -> Flags:
        """Say which cells' own bounds keep this one between its least and its greatest number."""
        return self._solve(cell, 1.0) | self._solve(cell, -1.0)

    def _met(self, cell: int) -> int:
        return int(np.floor(self._most[cell] + _CLOSE) - np.ceil(self._least[cell] - _CLOSE)) + 1

    def _solve(self, cell: int, sign: float) -> Flags:
        """Find the least number of a cell (1) or the greatest (-1); give the cells whose bounds hold it there."""
        self._solver.changeColCost(cell, sign)
        binding = self._look()
        self._solver.changeColCost(cell, 0.0)
        return binding

    def _look(self) -> Flags:
        """Solve, remember how far the table that is found is from others, and give the cells whose bounds hold it."""
        self._solver.run()
        status, solution = self._solver.getModelStatus(), self._solver.getSolution()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"the linear programme of the audit ends without a solution: {status}")
        values = np.array(solution.col_value)
        np.minimum(self._least, values, out=self._least)
        np.maximum(self._most, values, out=self._most)
        binding: Flags = np.abs(np.array(solution.col_dual)) > _CLOSE
        return binding


def _different(sums: Sums, upper: Numbers) -> Sums:
    """Leave out parts that are nothing, sums that say nothing, and all but one of those that say the same."""
    there = (upper[sums.part] > 0) & (sums.part != sums.whole[sums.of])
    part, of = sums.part[there], sums.of[there]
    # numbers are the same set where hashes of their members add up to the same
    mixed = (part.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    members = np.zeros(len(sums.whole), np.uint64)
    np.add.at(members, of, mixed ^ (mixed >> np.uint64(32)))
    same = np.zeros(len(sums.whole), bool)
    same[sums.of[sums.part == sums.whole[sums.of]]] = True
    _, first = np.unique(np.stack([sums.whole.astype(np.uint64), members]), axis=1, return_index=True)
    wanted = np.zeros(len(sums.whole), bool)
    wanted[first] = True
    wanted &= ~same
    number = np.cumsum(wanted) - 1
    entries = wanted[of]
    return Sums(part[entries], number[of[entries]], sums.whole[wanted])


def _model(lower: Numbers, upper: Numbers, sums: Sums) -> highspy.HighsLp:
    rows = len(sums.whole)
    order = np.argsort(sums.of, kind="stable")
    cells = np.concatenate([sums.whole, sums.part[order]])
    row = np.concatenate([np.arange(rows), sums.of[order]])
    weight = np.concatenate([np.ones(rows), -np.ones(len(order))])
    by_row = np.argsort(row, kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lower), rows
    model.col_cost_ = np.zeros(len(lower))
    model.col_lower_ = lower.astype(float)
    model.col_upper_ = upper.astype(float)
    model.row_lower_ = model.row_upper_ = np.zeros(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row[by_row], np.arange(rows + 1))
    model.a_matrix_.index_ = cells[by_row]
    model.a_matrix_.value_ = weight[by_row]
    return model
