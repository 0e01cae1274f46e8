"""The bytes of a text in, the name of their encoding out, with what proves it."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.unpack import open_plain

PIECE = 4 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters of the languages that come in each encoding; what else a decoding gives speaks against it.
WESTERN = frozenset("àâäçéèêëîïìôöòùûüÿœæñáíóúãõÀÂÇÉÈÊËÎÏÌÔÒÙÛÜŒÑÁÍÓÚ°º«»’‘“”–—…€§·\u00a0")
ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْـ،؛؟«»\u200f\u200e\u00a0")
PAGES = {"windows-1256": ARABIC, "iso-8859-6": ARABIC, "cp720": ARABIC, "cp864": ARABIC, "mac-arabic": ARABIC,
         "windows-1252": WESTERN, "cp850": WESTERN, "mac-roman": WESTERN}  # fmt: skip
ENOUGH = 0.9
CLEAR = 0.02  # how much better the best must be than the next that reads the letters otherwise
MOST_LOOKED_AT = 1 << 20
# The commonest letters of a language tell an encoding that moves the alphabet from one that is right.
COMMON = {"ARABIC": frozenset("اليمونترب"), "WESTERN": frozenset("éèàçêôîâûëïüóáíñãõìòù")}
RUN = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class Encoding:
    """An encoding; `sure` is False where another one reads the same bytes as well; `why` is a key of the texts."""

    name: str
    sure: bool
    why: str
    other: str = ""


def encoding_of(path: Path) -> Encoding:
    """Tell the encoding of a whole file of text.

    Errors: SourceError for bytes that are of no encoding of a text.
    """
    high: Counter[bytes] = Counter()
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = valid = True
    kept = 0
    with open_plain(path) as stream:
        head = stream.read(PIECE)
        for mark, name in MARKS:
            if head.startswith(mark):
                return Encoding(name, True, "encoding_mark")
        if b"\0" in head[:4096]:
            return _wide(head, path)
        piece = head
        while piece:
            if not piece.isascii():
                plain = False
                if valid:
                    valid = _decodes(decoder, piece)
                if not valid or kept < MOST_LOOKED_AT:
                    runs = RUN.findall(piece[:MOST_LOOKED_AT])
                    high.update(runs)
                    kept += len(piece)
            elif valid:
                valid = _decodes(decoder, piece)
            if not valid and kept > MOST_LOOKED_AT:
                break
            piece = stream.read(PIECE)
    if plain:
        return Encoding("utf-8", True, "encoding_ascii")
    if valid and _decodes(decoder, b"", final=True):
        return Encoding("utf-8", True, "encoding_utf8")
    return _legacy(high, path)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _wide(head: bytes, path: Path) -> Encoding:
    """Tell UTF-16 without a mark by where its empty bytes stand."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 4 * max(1, even):
        return Encoding("utf-16-le", True, "encoding_wide")
    if even > 4 * max(1, odd):
        return Encoding("utf-16-be", True, "encoding_wide")
    raise SourceError(f"{path.name}: holds bytes that are no text in any encoding; ask for it as CSV in UTF-8 or as a workbook")


def _legacy(high: Counter[bytes], path: Path) -> Encoding:
    """Choose among the encodings of one byte a letter by the letters that each would give."""
    scored = sorted(((_score(high, name), name) for name in PAGES), reverse=True)
    best, name = scored[0]
    if best < ENOUGH:
        raise SourceError(
            f"{path.name}: its bytes are of no encoding that is known here; ask for it as CSV in UTF-8, or as a workbook"
        )
    rivals = [other for score, other in scored[1:] if score > best - CLEAR and _differ(high, name, other)]
    return Encoding(name, not rivals, "encoding_letters" if not rivals else "encoding_unsure", rivals[0] if rivals else "")


def _score(high: Counter[bytes], page: str) -> float:
    """Give the share of bytes above 127 that become letters of the region's languages, the common ones weighing most."""
    letters, good, common = PAGES[page], 0.0, 0.0
    wanted = COMMON["ARABIC" if letters is ARABIC else "WESTERN"]
    total = 0
    for run, times in high.items():
        # Accents stand alone between plain letters; Arabic words are runs.
        text = run.decode(page, errors="replace")
        for letter in text:
            total += times
            good += times * (letter in letters)
            common += times * (letter in wanted)
    runs = sum(times for run, times in high.items() if len(run) > 1) / max(1, sum(high.values()))
    shape = runs if letters is ARABIC else 1 - runs
    return 0.8 * good / max(1, total) + 0.1 * min(1.0, 2 * common / max(1, total)) + 0.1 * shape


def _differ(high: Counter[bytes], one: str, other: str) -> bool:
    return any(run.decode(one, "replace") != run.decode(other, "replace") for run in high)
