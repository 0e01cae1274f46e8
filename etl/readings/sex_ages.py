"""Sex and age group written together in one cell: M/A, FJ, Female juvenile."""

from __future__ import annotations

import json
import re

from etl.fold import fold
from etl.readings.ages import age, for_list
from etl.readings.how import How
from etl.readings.phrases import phrases
from etl.readings.said import ALIAS, ASK, DECLARED, NONE, Said, refused
from etl.readings.words import code

LONGEST = 200  # characters; a longer text can be parted in too many ways


def sex_age(text: str, how: How) -> Said:
    """Read sex and age group written together. Gives (sex, age_group). Breaks V01.

    `M/A`, `F/J`, `FJ`, `Female juvenile`, `boys`; the two parts in either order.
    """
    folded = fold(text)
    pair = how.words.get(folded) or phrases("sex_age").get(folded)
    if pair is not None:
        sex, _, group = pair.partition(" ")
        return Said((sex, group or "_U"), DECLARED if folded in how.words else ALIAS)
    for first, second in _halves(folded) if len(folded) <= LONGEST else ():
        for one, other in ((first, second), (second, first)):
            found = _sex(one, how), _age_group(other, how)
            if None not in found:
                return Said(found, ALIAS)
    shown = json.dumps(text.strip()[:40], ensure_ascii=False)
    line = f"columns.{how.field or 'sex_age'}.words: {{CODE: [{shown}]}}"
    return refused(2, "V01", f"{shown} is not a sex and an age group that can be read; declare what it means", line)


def _halves(folded: str) -> list[tuple[str, str]]:
    """Give the ways to part a text in two: at a sign, at each space, between two letters."""
    parts = re.split(r" ?[/_,-] ?", folded)
    if len(parts) == 2:
        return [(parts[0], parts[1])]
    words = folded.split()
    if len(words) > 1:
        return [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return [(folded[0], folded[1])] if len(folded) == 2 else []


def _sex(part: str, how: How) -> str | None:
    if part in phrases("sex_letter"):
        return phrases("sex_letter")[part]
    said = code(part, for_list(how, "CL_SEX"))
    return str(said.values[0]) if said.match not in (NONE, ASK) else None


def _age_group(part: str, how: How) -> str | None:
    if part in phrases("age_letter"):
        return phrases("age_letter")[part]
    said = age(part, for_list(how, "CL_AGE_GROUP"))
    return str(said.values[3]) if said.match not in (NONE, ASK) else None
