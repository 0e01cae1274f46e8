"""Text as it stands, and numbers of cases in the form in which they are compared."""

from __future__ import annotations

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
    """Read a case number or person number in its folded form. Gives (text,), never to be stored but as a salted hash."""
    return Said((fold(raw) or None,), EXACT)
