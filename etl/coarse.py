"""Numbers beside the figures in, what may be told of them out: rounded at places that only the key of the installation knows.

A number of rows is no figure with a cell key, and yet one person more is one more in it. So the places at which a number is
told otherwise are drawn from the key, for each number anew: whoever knows all persons but one does not know beforehand
whether she moves it, and mostly she does not. The draws stay the same from edition to edition, so that nothing is told again.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

# Fewer rows than LEAST to twice LEAST are not told; more of them in steps of STEP.
LEAST, STEP = 10, 10
# Of shares: from how many rows on (up to twice as many, by the key), and in steps of how many per cent. One row more moves a
# share by 100 / rows at most, so that it is told otherwise in two of five cases or less.
SHARES = ((500, 1), (200, 2), (50, 5))
BITS = 40


@dataclass(frozen=True)
class Coarse:
    """The key with which places of rounding are drawn; it never reaches a file."""

    key: str

    @classmethod
    def of(cls, secret: bytes) -> Coarse:
        """Derive the key from the secret of the installation, so that the secret itself reaches no query."""
        return cls(hmac.new(secret, b"numbers beside figures", hashlib.sha256).hexdigest())

    def drawn(self, *identity: object) -> float:
        """Draw a number from 0 up to 1 for what these words name; the same words give the same number."""
        digest = hmac.new(self.key.encode(), "|".join(map(str, identity)).encode(), hashlib.sha256).digest()
        return float(int.from_bytes(digest[: BITS // 8]) / 2**BITS)

    def reaches(self, number: float, least: float, *identity: object) -> bool:
        """Say whether a number is at least `least` to twice `least`, by the draw of what it is."""
        return number >= least * (1 + self.drawn("least", least, *identity))

    def number(self, number: int, *identity: object) -> int | None:
        """Round a number of rows up or down to a multiple of STEP; None for one that is small."""
        if not self.reaches(number, LEAST, *identity):
            return None
        return max(LEAST, STEP * int(number / STEP + self.drawn("step", *identity)))

    def share(self, value: float, rows: float, *identity: object) -> tuple[float, int] | None:
        """Round a percentage of so many rows up or down to a whole step, and give the step; None where few rows are behind it.

        rows: how many; where one person can move several at once, as many less.
        """
        for least, step in SHARES:
            if self.reaches(rows, least, *identity):
                return float(min(100, step * int(value / step + self.drawn("step", *identity)))), step
        return None


def drawn(identity: str) -> str:
    """Write the SQL that draws a number from 0 up to 1, with `$coarse` as the key, for what a text expression names."""
    return f"((md5_number($coarse || '|' || {identity} || '|' || $coarse) & {2**BITS - 1})::DOUBLE / {2**BITS})"
