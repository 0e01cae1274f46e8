"""What a row says as it was received in, one keyed number of it out: nothing that was read in it, and no order of columns.

The number of a row is drawn from its case number where the source has one, else from the raw text of its mapped columns. It
cannot be foreseen without the key: every distinct text is drawn once, and rows only add the numbers of their texts. So a
million rows cost a million additions and not a million hashes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from etl.plan import Plan
from etl.rulings import Ruler

Words = NDArray[np.uint64]
CASE = "case_key"
LANE, LANES = 8, 8  # bytes of a key that are mixed at once, and how often: a longer key is drawn alone
# The bytes of a lane that are text, by how many these are.
MASKS = np.array([2 ** (8 * size) - 1 for size in range(LANE + 1)], np.uint64)


class RowTexts:
    """Draw the numbers of the rows of one source, chunk by chunk."""

    def __init__(self, plan: Plan, drawn_with: str) -> None:
        source = plan.source.name
        keys = [column.key for column in plan.columns if column.reading == "key"]
        self.case = CASE if CASE in keys else None
        self.keys = {key: KeyTexts(drawn_with, f"{source}|{key}") for key in keys}
        # a heading that gives several fields is one text
        columns = {column.header: column.key for column in reversed(plan.columns) if column.reading != "key"}
        self.texts = {columns[header]: Texts(drawn_with, f"{source}|{header}") for header in sorted(columns)}

    def numbers(self, coded: pa.Table, rulers: Mapping[str, Ruler]) -> Words:
        """Give the number of each row of `coded` (`k_<key>`, `r_<column>`), the same wherever and whenever its text is met."""
        if self.case is None:
            return self._by_text(coded, rulers)
        numbers, named = self.keys[self.case].numbers(coded.column(f"k_{self.case}"))
        if not named.all():
            without = np.flatnonzero(~named)
            numbers[without] = self._by_text(coded.take(without), rulers)
        return numbers

    def ranks(self, rulers: Mapping[str, Ruler]) -> dict[str, NDArray[np.int64]]:
        """Give for each column, in the order of their headings, the place of each ruling's raw text among all of the column.

        Empty without case numbers: rows of one number then have one text.
        """
        places = {}
        for key in self.texts if self.case is not None else ():
            raws = np.array(rulers[key].raws, dtype=object)
            places[key] = np.unique(raws, return_inverse=True)[1].astype(np.int64) if len(raws) else np.empty(0, np.int64)
        return places

    def _by_text(self, coded: pa.Table, rulers: Mapping[str, Ruler]) -> Words:
        total = np.zeros(coded.num_rows, np.uint64)
        for key, texts in self.texts.items():
            total += texts.numbers(rulers[key].raws)[coded.column(f"r_{key}").to_numpy()]
        for key, drawn in self.keys.items():
            if key != self.case:
                numbers, named = drawn.numbers(coded.column(f"k_{key}"))
                total += np.where(named, numbers, np.uint64(0))
        return total


class Texts:
    """Draw a number for each distinct text of one column, once, and none for an empty one: an empty column changes nothing."""

    def __init__(self, drawn_with: str, label: str) -> None:
        self.secret = hmac.new(drawn_with.encode(), label.encode(), hashlib.sha256).digest()
        self._numbers = np.empty(0, np.uint64)

    def numbers(self, raws: list[str]) -> Words:
        """Give the number of every text of a list to which texts are only ever added."""
        if len(self._numbers) < len(raws):
            fresh = [drawn(self.secret, text) for text in raws[len(self._numbers) :]]
            self._numbers = np.concatenate([self._numbers, np.array(fresh, np.uint64)])
        return self._numbers


class KeyTexts:
    """Draw a number for each text of a column in which nearly every row has another: eight bytes at a time, many rows at once."""

    def __init__(self, drawn_with: str, label: str) -> None:
        self.secret = hmac.new(drawn_with.encode(), label.encode(), hashlib.sha256).digest()
        self.seeds = [seed(self.secret, f"lane {place}") for place in range(LANES + 1)]

    def numbers(self, cells: pa.Array | pa.ChunkedArray) -> tuple[Words, NDArray[np.bool_]]:
        """Give a number for each text, and which of the texts are not empty."""
        joined = pa.concat_arrays(cells.chunks or [pa.array([], pa.string())]) if isinstance(cells, pa.ChunkedArray) else cells
        texts = compute.fill_null(joined.cast(pa.string()), "")
        starts = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, 4 * texts.offset).astype(np.int64)
        sizes = np.diff(starts)
        starts = starts[:-1]
        held = (texts.buffers()[2] or pa.py_buffer(b"")).to_pybytes() + bytes(LANE)
        # every eight bytes that begin anywhere, as one number, without a copy
        words = np.ndarray(len(held) - LANE + 1, "<u8", held, strides=(1,))
        total = np.zeros(len(texts), np.uint64)
        for place in range(min(-(-int(sizes.max(initial=0)) // LANE), LANES)):
            left = np.clip(sizes - LANE * place, 0, LANE)
            lane = words[np.minimum(starts + LANE * place, len(words) - 1)] & MASKS[left]
            # an empty lane adds nothing, so that a text has the same number beside longer ones
            total += np.where(lane == 0, np.uint64(0), mixed(lane ^ self.seeds[place]))
        total = mixed(total ^ self.seeds[LANES])
        for place in np.flatnonzero(sizes > LANE * LANES).tolist():
            total[place] = drawn(self.secret, texts[place].as_py())
        return total, sizes > 0


def drawn(secret: bytes, text: str) -> int:
    """Draw 64 bits for a text without the spaces around it; 0 for an empty one."""
    plain = text.strip()
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8, key=secret).digest(), "little") if plain else 0


def seed(secret: bytes, label: str) -> np.uint64:
    """Draw 64 bits for a purpose."""
    return np.uint64(int.from_bytes(hmac.new(secret, label.encode(), hashlib.sha256).digest()[:8], "little"))


def mixed(numbers: Words) -> Words:
    """Mix 64 bits so that each bit depends on all of them (the finalizer of SplitMix64)."""
    mixing = numbers.copy()
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixing ^= mixing >> np.uint64(shift)
        mixing *= np.uint64(factor)
    mixing ^= mixing >> np.uint64(31)
    return mixing
