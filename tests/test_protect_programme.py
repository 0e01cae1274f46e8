"""Every register of the samples before somebody with a linear programme: no small count is left fewer than five values."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from attacker_lp import THRESHOLD, Block, Register, _proven, _solver, narrowest, registers

from etl.editions import current


@pytest.fixture(scope="module")
def known(edition: Path) -> dict[Block, Register]:
    with duckdb.connect(str(current(edition).records), read_only=True) as records:
        return registers(records)


def test_what_is_shown_agrees_with_the_truth(known: dict[Block, Register]) -> None:
    for register in known.values():
        assert {cell: span for cell, span in register.told.items() if not span[0] <= register.truth[cell] <= span[1]} == {}
        assert [
            whole for whole, parts in register.sums if sum(register.truth[part] for part in parts) != register.truth[whole]
        ] == []


def test_the_fewest_values_of_a_small_count_of_any_register_are_five(known: dict[Block, Register]) -> None:
    small = {block: sum(1 <= n < THRESHOLD for n in register.truth.values()) for block, register in known.items()}
    fewest = {block: narrowest(register) for block, register in known.items() if small[block]}
    for block, (values, cell) in fewest.items():
        print(f"{block[0]} {block[3]}: {small[block]} small counts, the best known can be one of {values}: {cell}")
    assert len(fewest) > 20 and sum(small.values()) > 8_000
    assert {block: found for block, found in fewest.items() if found[0] < 5} == {}
    assert min(values for values, _ in fewest.values()) == 5


def test_he_would_know_more_were_no_number_hidden_beside_another(known: dict[Block, Register]) -> None:
    """The same register with every count from the threshold on shown: now subtraction finds somebody."""
    register = next(register for block, register in known.items() if block[0] == "ken_ahtcpu_register")
    told = {cell: (n - 1, n + 1) if n >= THRESHOLD else register.told.get(cell, (0, THRESHOLD - 1)) for cell, n in
            register.truth.items() if cell[0][1] == "part"}  # fmt: skip
    assert narrowest(Register(register.truth, told, register.sums))[0] < 5


@pytest.mark.parametrize(("number", "possible"), [(4, True), (6, True), (3, False), (7, False)])
def test_what_the_solver_rounds_away_is_believed_only_of_a_table_that_agrees_exactly(number: int, possible: bool) -> None:
    # a total of 10 in two parts, of which one is 4 to 6
    spans, rows = [(10.0, 10.0), (0.0, 9.0), (4.0, 6.0)], [(0, (1, 2))]
    solver = _solver(np.array([low for low, _ in spans]), np.array([high for _, high in spans]), rows)
    assert _proven(solver, 1, number, spans, rows) is possible
