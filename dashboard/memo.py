"""What a worker has written once of an edition need not be written again: it is kept with the edition, and goes with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from markupsafe import Markup

# Letters that one edition keeps: the panels of all countries in all languages and usual choices. Most take a byte, some two.
MOST = 6_000_000


class Memo:
    """Keep pieces of HTML by what they were written from; when there are too many, all are let go."""

    def __init__(self) -> None:
        self._pieces: dict[Hashable, Markup] = {}
        self._length = 0

    def of(self, key: Hashable, write: Callable[[], Markup]) -> Markup:
        """Give the piece kept under a key, or write it now."""
        piece = self._pieces.get(key)
        if piece is None:
            piece = write()
            if self._length + len(piece) > MOST:
                self._pieces.clear()
                self._length = 0
            self._length += len(piece)
            self._pieces[key] = piece
        return piece
