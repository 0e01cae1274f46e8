"""The secret in, numbers drawn from it out: the key of every record, without a row of Python and without storing one.

Records that agree in every field that any figure looks at can never be told apart by a figure, so their keys are drawn
together: the k-th of them has draw(what they share, k) - draw(what they share, k - 1) as its key, which is as random as a
draw of its own, and the sum over n of them is draw(what they share, n). What they share is what the source says and the
period it says it of, not the file or row: who stands in a file that is sent again keeps her key unless her own row changed.
"""

from __future__ import annotations

import hashlib
import hmac

# Bits of a draw that are kept: the last eight are the key, all of them tell two sets of records apart.
BITS = 40
KEY = 0xFF


def drawing_key(secret: bytes) -> str:
    """Derive what draws are made with, so that the secret itself never reaches a query."""
    return hmac.new(secret, b"record keys", hashlib.sha256).hexdigest()


def draw(identity: str) -> str:
    """Write the SQL that draws a number below 2 ** BITS from `$drawn_with` for a text expression."""
    return f"(md5_number($drawn_with || '|' || {identity} || '|' || $drawn_with) & {2**BITS - 1})::BIGINT"
