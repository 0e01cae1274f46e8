"""The whole of `pembe draft`: look, choose, write declaration, page and sample, and say in a few lines what was found."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from etl.draft.choices import LEFT, MAPPED, MEASURE, PERSONAL, UNSURE
from etl.draft.declare import declaration, edits
from etl.draft.draft import Draft, draft_of
from etl.draft.outside import FILE, file_name
from etl.draft.page import page
from etl.draft.proofs_told import calendar_told, order_told
from etl.draft.sample import write_sample
from etl.draft.tell import refuse_language, tell
from etl.errors import SourceError
from etl.identifying import identifying_value
from etl.private import private, private_folder
from etl.report import Listing, Report
from etl.rulings_kept import ENDING, PROPOSED, Kept
from etl.source import NAME
from etl.sssom import TOOL, write_tsv

ASIDE = ".pembe-draft-"


def write_draft(
    file: Path,
    country: str | None,
    table: str | None,
    sheet: str | None,
    to: Path,
    name: str | None,
    language: str,
    least: int,
    force: bool,
    today: datetime.date,
    summary_language: str | None = None,
) -> Report:
    """Draft a file and write declaration, page and sample into a folder; give the summary.

    language: of the comments and the page, and of the summary where `summary_language` names no other.

    Errors: SourceError for a file that is no table, and where a draft of that name stands already.
    """
    refuse_language(language)
    if not file.is_file():
        raise SourceError(f"{file}: is not there or is no file; correct the path")
    if name is not None and not NAME.fullmatch(name):
        raise SourceError(f"{name!r} is no name of a source; write <iso3>_<institution>_<subject> in small letters")
    draft = _drafted(file, country, table, sheet, today, least)
    draft = draft if name is None else replace(draft, name=name)
    text = declaration(draft, language)
    path = to / f"{draft.name}.yml"
    if path.exists() and not force:
        raise SourceError(f"{path}: stands already; say --force to write over it, or --name for another")
    written = _write(draft, text, language, to)
    return summary(draft, text, written, summary_language or language)


def _drafted(file: Path, country: str | None, table: str | None, sheet: str | None, today: datetime.date, least: int) -> Draft:
    """Draft a file; a sentence about one whose name may be a person's does not say it."""
    try:
        return draft_of(file, country, table, sheet, today, least)
    except SourceError as fault:
        if file_name(file) is not None:
            raise
        raise SourceError(str(fault).replace(str(file), FILE).replace(file.name, FILE)) from None


def _write(draft: Draft, text: str, language: str, to: Path) -> list[Path]:
    """Write all files aside, then put them in place: a draft that dies leaves nothing that does not belong together."""
    with private():
        to.mkdir(parents=True, exist_ok=True)
    with private_folder(to, ASIDE) as aside:
        (aside / f"{draft.name}.yml").write_text(text, encoding="utf-8")
        (aside / f"{draft.name}.html").write_text(page(draft, language), encoding="utf-8")
        sample = write_sample(draft, aside)
        write_tsv(proposals(draft), aside / f"{draft.name}{ENDING}")
        names = [f"{draft.name}.yml", f"{draft.name}.html", sample.name, f"{draft.name}{ENDING}"]
        return [(aside / name).replace(to / name) for name in names]


def proposals(draft: Draft) -> list[Kept]:
    """Give the words that the draft writes, as rulings that nobody has looked at yet."""
    found = []
    for choice in draft.choices:
        for word in draft.words[choice.place].sure if choice.place in draft.words else ():
            if word.code is None:
                continue
            ruled = word.decided
            author, day = (ruled.author, ruled.day) if ruled is not None else (TOOL, draft.today)
            reason = f"decided in {ruled.source}" if ruled is not None else word.reason
            header = choice.header
            found.append(
                Kept(draft.name, choice.field, header, word.raw, word.code, author, day, word.score, "", PROPOSED, reason)
            )
    return found


def summary(draft: Draft, text: str, paths: list[Path], language: str) -> Report:
    """Say what was found, in sentences and tables; no value stands in it."""
    sight = draft.sight
    found = [choice.state for choice in draft.choices]
    states = {state: found.count(state) for state in (MAPPED, MEASURE, UNSURE, PERSONAL, LEFT)}
    asked = edits(text)
    facts: dict[str, object] = {
        "name": draft.name,
        "table": draft.about.table.value,
        "rows": sight.seen.rows,
        "columns_read": len(draft.choices),
        **states,
        "asked": asked,
        "written": [str(path) for path in paths],
    }
    sentences = [
        tell(language, "sum_read", file=file_name(sight.path) or FILE, rows=sight.seen.rows, columns=len(draft.choices)),
        tell(language, "sum_chosen", mapped=states[MAPPED] + states[MEASURE], unsure=states[UNSURE], left=states[LEFT]),
        tell(language, "sum_personal", columns=states[PERSONAL], cells=_cells(draft)),
        tell(language, "sum_asked", asked=asked),
        tell(language, "sum_check", path=paths[0], file=sight.path if file_name(sight.path) is not None else FILE),
    ]
    return Report(facts, sentences, [_columns(draft, language), _days(draft, language)])


def _cells(draft: Draft) -> int:
    return sum(sum(personal.cells.values()) for personal in draft.sight.personal if personal.kind is None)


def _columns(draft: Draft, language: str) -> Listing:
    rows: list[tuple[object, ...]] = []
    for choice in draft.choices:
        profile, personal = draft.sight.profiles[choice.place], draft.sight.personal[choice.place]
        words = draft.words.get(choice.place)
        shown = choice.header if identifying_value(choice.header) is None else "…"
        candidates = ", ".join(f"{one.target} {one.score:.2f}" for one in choice.candidates[:3]) if choice.state == UNSURE else ""
        found = choice.field or ("; ".join(f"{key} {value}" for key, value in (choice.dims or {}).items())) or candidates
        cells = ", ".join(f"{kind}: {rows}" for kind, rows in personal.cells.items())
        rows.append(
            (
                shown,
                tell(language, f"state_{choice.state}"),
                found or None,
                f"{choice.score:.2f}" if choice.state == MAPPED else None,
                profile.kind,
                profile.filled,
                f"{profile.distinct}{'+' if profile.more else ''}" if personal.kind is None else None,
                f"{words.read}/{words.filled}" if words is not None and words.filled else None,
                personal.kind or cells or None,
            )
        )
    heads = ("column", "state", "field", "score", "kind", "filled", "distinct", "words", "personal")
    return Listing("columns", tuple(tell(language, f"head_{name}") for name in heads), rows)


def _days(draft: Draft, language: str) -> Listing:
    rows: list[tuple[object, ...]] = []
    for choice in draft.choices:
        proof = draft.sight.proofs.get(choice.header)
        if proof is not None and draft.sight.personal[choice.place].kind is None:
            values = draft.sight.seen.columns[choice.place].values
            order = order_told(proof, values, draft.least, language)
            calendar = calendar_told(proof, values, draft.least, draft.today, language)
            notes = " ".join(tell(language, f"note_{note}") for note in proof.notes)
            rows.append((choice.header, order, calendar, notes or None))
    return Listing("days", tuple(tell(language, f"head_{name}") for name in ("column", "order", "calendar", "note")), rows)
