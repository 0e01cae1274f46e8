"""Telephone, passport and identity numbers, plates and exact coordinates in a folded text (rule V02)."""

from __future__ import annotations

import re

# Calling codes of the region and the Gulf, with the digits that follow.
_CALLING = (
    r"(?:253[27]\d{7}|20(?:1[0125]\d{8}|[2-9]\d{7,8})|291[178]\d{6}|251[1-9]\d{8}|254[17]\d{8}|218[2-9]\d{8}"
    r"|252[1-9]\d{6,8}|211[19]\d{8}|249[19]\d{8}|216[2-9]\d{7}|256[2-7]\d{8}|966[15]\d{7,8}|971[2-9]\d{7,8}"
    r"|967[1-7]\d{6,8})"
)
# Nor a register's number that begins with a year, 20240000123; nor an hour, 201101231530.
_NOT_A_YEAR = r"(?!20[2-9]|201\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?!\d))"
_GAP = r"[ .()\-]{0,2}"
_EDGE = r"(?<![\w\-+])(?<!\d[.,/])"
_END = r"(?![\w+]|[.\-]\d|/\d{1,4}(?!\d))"  # 0712345678/2021 is a case number, 0712345678/0722345678 two telephones

# A plus sign and 9 to 15 digits. Three groups after commas would be an amount; commas are not a telephone's gap.
_PLUS = re.compile(rf"(?<![\w.,])\+{_GAP}[1-9](?:{_GAP}\d){{8,14}}{_END}")
_ZERO_ZERO = re.compile(rf"{_EDGE}00{_GAP}((?:\d{_GAP}){{9,14}}\d){_END}")
_LONG = re.compile(rf"{_EDGE}(?=\d{{11}}){_NOT_A_YEAR}{_CALLING}{_END}")  # without a plus sign
# National forms: 0 and a mobile prefix, ten digits (Egypt eleven) in one piece; or in groups.
_NATIONAL = re.compile(rf"{_EDGE}(?:01[0125]\d{{8}}|0[1679]\d{{8}}){_END}")
_GROUPED = re.compile(rf"{_EDGE}(?:\(?0\d{{1,3}}\)?(?:[ .\-]\d{{2,4}}){{2,4}}|0[1679]\d{{1,2}}[ \-]\d{{6,7}}){_END}")
_PAIRS = re.compile(rf"{_EDGE}(?:77|21|27)(?:[ .\-]\d\d){{3}}{_END}")  # Djibouti
_CALLED = re.compile(
    r"(?:\b(?:tel|phone|telephone|mobile|mob|whatsapp|simu|taleefan|taleefoon|telefoon)\b"
    r"|هاتف|تليفون|تلفون|جوال|موبايل|ስልክ|ስልኪ|ሞባይል|ቴሌፎን|ተሌፎን)[^\d+]{0,12}\d(?:[ .\-]?\d){6,13}(?![\d/])"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")

# A letter or two and seven digits that do not begin with a year.
_PASSPORT = re.compile(rf"{_EDGE}(?:[abcekpr]\d?|[abcdk]k|e[pqr])(?!(?:19|20)[0-4]\d)\d{{7}}{_END}")
_COUNTER = re.compile(r"\A[a-z]+000")  # P0001234 is a register's own counter
_MACHINE_READABLE = re.compile(r"\bp<[a-z]{3}[a-z<]{5,}")
_NAMED_PASSPORT = re.compile(
    r"(?:passport|passeport|pasipoti|paspoti|baasaboor|جواز|ፓስፖርት)[^\d/]{0,16}?\b(?=[a-z0-9]*\d{5})[a-z0-9]{6,12}(?![\w/])"
)
_NAMED_IDENTITY = re.compile(
    r"(?:\b(?:national id|id card|id no|id number|identity card|nin|cni|cin|kitambulisho|aqoonsi\w*)\b"
    r"|الرقم الوطني|الرقم القومي|رقم الهويه|መታወቂያ|መንነት)[^\d/]{0,12}\d(?:[ \-]?\d){5,15}(?![\w/])"
)
# Uganda's NIN; UNHCR's registration number; Egypt's 14 digits with century, birth date and governorate; Libya's 12
# digits with sex and year of birth; Ethiopia's Fayda number in four groups.
_UGANDA = re.compile(rf"{_EDGE}c[mf]\d{{2}}(?=[a-z0-9]*\d)[a-z0-9]{{10}}(?!\w)")
_REGISTERED = re.compile(rf"{_EDGE}\d{{3}}-\d{{2}}c\d{{5}}(?!\w)")
_EGYPT = re.compile(rf"{_EDGE}(?:2[2-9]\d|3[0-2]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[0-2]\d|3[0-5]|88)\d{{5}}{_END}")
_LIBYA = re.compile(rf"{_EDGE}[12](?:19[2-9]|20[0-2])\d{{8}}{_END}")
_FAYDA = re.compile(rf"{_EDGE}\d{{4}}([ \-])\d{{4}}\1\d{{4}}(?:\1\d{{4}})?{_END}")
_PLATE = re.compile(r"(?<!\w)(?:k[a-hm][a-z]|u[a-b][a-z]) ?\d{3} ?[a-z](?!\w)")  # Kenya, Uganda

# No two parts here can divide one run of blanks among them: that would take the square of its length.
_DEGREE = r"[\-+]?\d{1,3}[.,٫]\d{4,}+(?:\s*+°)?+"
_GAP_OF_PAIR = r"(?:\s*+[ns])?(?:\s*+[,;/|]\s*+|\s++)[a-z]{0,4}[:=]?\s*+"
_PAIR = re.compile(rf"(?<![\d.,])({_DEGREE}){_GAP_OF_PAIR}({_DEGREE})(?:\s*+[ewo])?(?![\d.])")
_ARC = re.compile(r"\d{1,3}\s*+°\s*+\d{1,2}\s*+['’]\s*+\d{1,2}(?:[.,]\d++)?+(?:\s*+(?:\"|''))?+\s*+[nsewo]\b")
_HEMISPHERE = re.compile(r"(?<![\d.])\d{1,3}[.,]\d{4,}+\s*+°\s*+[nsewo]?\b|(?<![\d.\w])[nsew]\s?\d{1,3}\.\d{4,}")
_DECIMAL = re.compile(r"[\-+]?\d{1,3}[.,٫]\d{4,}")
_BARE = re.compile(r"[79]\d{8}|6[1-9]\d{7}|(?!19|20)[24579]\d{7}")
_DIGIT = re.compile(r"\d")
_SIX_DIGITS = re.compile(r"\d(?:[^\d]{0,4}\d){5}")
_LATITUDE, _LONGITUDE = 90.0, 180.0


def number_kind(folded: str) -> str | None:
    """Give phone, passport, id_number, plate or coordinates when a folded text holds such a number, or nothing."""
    if "p<" in folded and _MACHINE_READABLE.search(folded):
        return "passport"
    if _DIGIT.search(folded) is None:
        return None
    if _SIX_DIGITS.search(folded) is None:
        return "plate" if _PLATE.search(folded) else None
    if _exact_place(folded):
        return "coordinates"
    if _passport(folded):
        return "passport"
    if any(pattern.search(folded) for pattern in (_NAMED_IDENTITY, _UGANDA, _REGISTERED, _EGYPT, _LIBYA, _FAYDA)):
        return "id_number"
    if _phone(folded):
        return "phone"
    return "plate" if _PLATE.search(folded) else None


def long_decimal(text: str) -> bool:
    """Tell whether a text is one number of degrees with four or more decimals: half of an exact position."""
    return _DECIMAL.fullmatch(text.strip()) is not None


def bare_phone(text: str) -> str | None:
    """Give the digits of a text that looks like a mobile number without its zero or plus sign, or nothing."""
    digits = re.sub(r"[ .\-]", "", text.strip().removesuffix(".0"))
    return digits if _BARE.fullmatch(digits) else None


def _exact_place(folded: str) -> bool:
    pair = _PAIR.search(folded)
    if pair is not None:
        first, second = (_degrees(part) for part in pair.groups())
        if min(first, second) <= _LATITUDE and max(first, second) <= _LONGITUDE:
            return True
    return _ARC.search(folded) is not None or _HEMISPHERE.search(folded) is not None


def _degrees(text: str) -> float:
    return abs(float(re.sub(r"[°\s]", "", text).replace(",", ".").replace("٫", ".")))


def _passport(folded: str) -> bool:
    found = _PASSPORT.search(folded)
    if found is not None and _COUNTER.match(found.group()) is None:
        return True
    return _NAMED_PASSPORT.search(folded) is not None


def _phone(folded: str) -> bool:
    if any(pattern.search(folded) for pattern in (_PLUS, _NATIONAL, _LONG, _PAIRS, _CALLED)):
        return True
    abroad = _ZERO_ZERO.search(folded)
    if abroad is not None and re.match(_CALLING, re.sub(r"\D", "", abroad.group(1))):
        return True
    grouped = _GROUPED.search(folded)
    if grouped is None or _YEAR.search(grouped.group()):
        return False
    return 9 <= len(re.sub(r"\D", "", grouped.group())) <= 11
