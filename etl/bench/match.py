"""How well headings and words are matched, by language and half of the test set, beside plain likeness of letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process

from etl.bench import aside as peer
from etl.bench.matching import IDENTIFYING, TUNED, UNSEEN, Heading, Word, fills, headings, words
from etl.fold import fold
from etl.match import HeaderMatch, HeaderSeen, ValueMatch, match_headers, match_values
from etl.match.lists import entries
from etl.match.names import IGNORE, RUNNING_NUMBER, fields_of
from etl.report import Listing, Report
from schemas.codelists import codelist, codelist_names

LEAVES_OUT = (IGNORE, RUNNING_NUMBER)  # targets that are no field of ours: the column is left out
BEST_CODES = 3
ALL = "all"
_COLUMNS = (
    "half", "language", "headers", "column_top1", "values", "value_top3", "confident_precision", "confident_share",
    "rapidfuzz_top1", "rapidfuzz_top3", "valentine_top1",
)  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """One row of the test set after matching: whether it is right, sure, rightly sure, and right by letters alone.

    `asked` is false for a word that no code fits: it counts for the precision only.
    """

    row: Heading | Word
    right: bool
    sure: bool
    asked: bool
    by_letters: bool
    said: str
    by_valentine: bool | None = None


def bench(misses: bool = False, valentine: bool = False) -> Report:
    """Match the whole test set and give the figures of every language and half.

    Facts: `tuned` and `unseen`, each by language and `all`: `column_top1`, `value_top3`, `confident_precision` and the
    same of rapidfuzz. misses: also list what goes wrong in the tuned half; of the unseen half no row is ever shown.
    valentine: also run Valentine's Coma, installed aside, for `valentine_top1`.
    """
    marked_headings = [_heading(heading) for heading in headings()]
    sentences = [peer.ABSENT]
    if valentine:
        if not peer.is_there():
            peer.install()
        rights = peer.first_choices(headings())
        marked_headings = [replace(one, by_valentine=right) for one, right in zip(marked_headings, rights, strict=True)]
        sentences = []
    marked_words = _words(words())
    languages = tuple(dict.fromkeys(one.row.language for one in marked_headings))
    facts: dict[str, object] = {}
    lines: list[tuple[object, ...]] = []
    for half in (TUNED, UNSEEN):
        figures = {}
        for language in (ALL, *languages):
            ours = [one for one in marked_headings if _belongs(one, half, language)]
            theirs = [one for one in marked_words if _belongs(one, half, language)]
            figures[language] = _figures(ours, theirs)
            lines.append((half, language, *figures[language].values()))
        facts[half] = figures
    listings = [Listing("matching", _COLUMNS, lines)]
    if misses:
        listings += _misses(marked_headings, marked_words)
    return Report(facts=facts, sentences=[_sentence(facts), *sentences], listings=listings)


def _figures(ours: Sequence[Marked], theirs: Sequence[Marked]) -> dict[str, float | int | None]:
    sure = [one for one in (*ours, *theirs) if one.sure]
    asked = [one for one in theirs if one.asked]
    return {
        "headers": len(ours),
        "column_top1": _share(ours, lambda one: one.right),
        "values": len(asked),
        "value_top3": _share(asked, lambda one: one.right),
        "confident_precision": _share(sure, lambda one: one.said == "sure and right"),
        "confident_share": _share([*ours, *theirs], lambda one: one.sure),
        "rapidfuzz_top1": _share(ours, lambda one: one.by_letters),
        "rapidfuzz_top3": _share(asked, lambda one: one.by_letters),
        "valentine_top1": _share([one for one in ours if one.by_valentine is not None], lambda one: bool(one.by_valentine)),
    }


def _heading(heading: Heading) -> Marked:
    match = match_headers([HeaderSeen(heading.text)], heading.table, None)[0]
    right = _right_heading(match, heading.right)
    said = "sure and right" if match.confident and right else ", ".join(one.target for one in match.candidates[:3]) or "nothing"
    # A column that is left out is nothing to be sure of wrongly: no figure comes from it.
    return Marked(heading, right, match.confident, True, _by_name(heading), said)


def _right_heading(match: HeaderMatch, right: tuple[str, ...]) -> bool:
    first = match.candidates[0].target if match.candidates else None
    if right == (IDENTIFYING,):
        return match.identifying
    if not right:
        return match.abstain or first in LEAVES_OUT
    return first is not None and not fills(first).isdisjoint(right)


def _words(rows: list[Word]) -> list[Marked]:
    marked = []
    for row in rows:
        match = match_values(row.listed, {row.text: 1}, row.language, row.country)[0]
        best = [one.target for one in match.candidates[:BEST_CODES]]
        right = bool(set(best) & set(row.right))
        first = bool(best) and best[0] in row.right
        said = "sure and right" if match.confident and first else _said(match)
        marked.append(Marked(row, right, match.confident, bool(row.right), _by_label(row), said))
    return marked


def _said(match: ValueMatch) -> str:
    return ", ".join(f"{one.target} {one.score:.2f}" for one in match.candidates[:BEST_CODES]) or "nothing"


def _by_name(heading: Heading) -> bool:
    """Say whether the nearest name of a field by letters is right, as plain fuzzy matching would have it."""
    names = [field.replace("_", " ") for field in fields_of(heading.table)]
    best = process.extractOne(fold(heading.text), names, scorer=fuzz.WRatio)
    return best is not None and not fills(best[0].replace(" ", "_")).isdisjoint(heading.right)


def _by_label(word: Word) -> bool:
    """Say whether one of the three codes whose labels are nearest by letters is right."""
    labels = _labels(word.listed, word.country)
    best: dict[str, None] = {}
    for _, _, place in process.extract(fold(word.text), [text for text, _ in labels], scorer=fuzz.WRatio, limit=12):
        best[labels[place][1]] = None
    return not set(list(best)[:BEST_CODES]).isdisjoint(word.right)


@cache
def _labels(name: str, country: str | None) -> tuple[tuple[str, str], ...]:
    """Give the labels of a list in every language that it has, folded: what a fuzzy matcher knows without a lexicon."""
    if name in codelist_names():
        listed = codelist(name)
        columns = [column for column in next(iter(listed.rows.values())) if column.startswith("label_")]
        return tuple((fold(row[column]), code) for code, row in listed.rows.items() for column in columns if row[column])
    return tuple((fold(entry.written), entry.code) for entry in entries(name, country) if entry.label)


def _belongs(one: Marked, half: str, language: str) -> bool:
    return one.row.half == half and language in (ALL, one.row.language)


def _share(rows: Sequence[Marked], holds: Callable[[Marked], bool]) -> float | None:
    return round(sum(map(holds, rows)) / len(rows), 4) if rows else None


def _misses(ours: Iterable[Marked], theirs: Iterable[Marked]) -> list[Listing]:
    lines = [(*_shown(one), one.said) for one in (*ours, *theirs) if one.row.half == TUNED and _missed(one)]
    return [Listing("misses of the tuned half", ("language", "where", "text", "right", "sure", "said"), lines)]


def _missed(one: Marked) -> bool:
    return (one.asked and not one.right) or (one.sure and one.said != "sure and right")


def _shown(one: Marked) -> tuple[object, ...]:
    where = one.row.table if isinstance(one.row, Heading) else one.row.listed
    return one.row.language, where, one.row.text, "|".join(one.row.right) or "(abstain)", one.sure


def _sentence(facts: dict[str, object]) -> str:
    said = []
    for half in (TUNED, UNSEEN):
        figures = facts[half]
        assert isinstance(figures, dict)
        whole = figures[ALL]
        said.append(
            f"{half} half: {whole['column_top1']:.1%} of the headings first, {whole['value_top3']:.1%} of the words among three, "
            f"{whole['confident_precision']:.2%} of what is sure is right"
        )
    return "; ".join(said)
