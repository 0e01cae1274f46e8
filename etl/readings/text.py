"""Text as it stands, and keys that can be compared but not read back."""

from __future__ import annotations

import hashlib
import hmac
import re

from etl.fold import fold
from etl.readings.how import How
from etl.readings.said import EXACT, Said


def text(raw: str, how: How) -> Said:
    """Read a text as it stands, without the spaces around it. Gives (text,)."""
    return Said((raw.strip() or None,), EXACT)


def texts(raw: str, how: How) -> Said:
    """Read a list of texts, parted by the declared separator only. Gives (tuple of texts,)."""
    parts = re.split(how.separator, raw) if how.separator else [raw]
    return Said((tuple(part.strip() for part in parts if part and part.strip()) or None,), EXACT)


def key(raw: str, how: How) -> Said:
    """Read a case number or person number in its folded form. Gives (text,), never to be stored: see `hash_key`."""
    return Said((fold(raw) or None,), EXACT)


def hash_key(salt: bytes, value: str) -> str:
    """Give the first 16 hex characters of HMAC-SHA256 over the folded value.

    One number written with other digits, spaces or case gives one key; without the salt nobody can try numbers.
    """
    return hmac.new(salt, fold(value).encode(), hashlib.sha256).hexdigest()[:16]
