"""A draft in, the text of its declaration out: what is proven is written, choices stand as comments, the rest says ASK."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from etl.draft.about import ASK, Answer
from etl.draft.choices import IGNORE, LEFT, MAPPED, MEASURE, PERSONAL, RUNNING, UNSURE, Choice
from etl.draft.draft import Draft, measures_of
from etl.draft.outside import FILE, file_name, sheet_name
from etl.draft.proof import ASK as OPEN
from etl.draft.proof import CONFLICT, PROVEN, Proof
from etl.draft.proofs_told import calendar_told, order_told
from etl.draft.tell import tell
from etl.draft.words import Word, Words
from etl.identifying import identifying_value
from etl.judged import is_known_text
from etl.match import Candidate
from etl.yaml_lines import DAY, TRAPS

PLAIN = re.compile(r"[^\W\d_](?:[\w .'()/-]*[\w.)])?")
RESERVED = re.compile(r"(?i)true|false|null|none|~")
SEVERAL = "several"
MOST_OFFERED = 12  # unsure words offered for one column; the others are counted


def declaration(draft: Draft, language: str) -> str:
    """Write the declaration as YAML with comments in the reader's language.

    No value that fewer than `draft.least` rows hold stands in it, unless it is a known word of a code list.
    """
    lines = [
        *_head(draft, language),
        *_form(draft, language),
        *_columns(draft, language),
        *_measures(draft, language),
        *_constants(draft, language),
        *_ignored(draft, language),
        *_skipped(draft, language),
    ]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Write a text as a scalar of YAML that is read back as the same text, in a list or a table too."""
    trap = any(pattern.fullmatch(text) for pattern, _ in TRAPS) or DAY.fullmatch(text) or RESERVED.fullmatch(text)
    if PLAIN.fullmatch(text) and not trap and ": " not in text and " #" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def edits(text: str) -> int:
    """Count the lines of a declaration that say ASK outside their comments."""
    return sum(ASK in line.partition(" #")[0] and not line.lstrip().startswith("#") for line in text.splitlines())


def _head(draft: Draft, language: str) -> Iterator[str]:
    about = draft.about
    file = file_name(draft.sight.path)
    yield f"# {tell(language, 'head', file=file or FILE)}"
    yield f"# {tell(language, 'head_ask')}"
    if about.title or file is not None:
        yield f"title: {plain(about.title or str(file).split('.')[0])}"
    else:
        yield f"title: {ASK}  # {tell(language, 'title_ask')}"
    if len(draft.sight.layout.titles) and not about.title:
        yield f"# {tell(language, 'titles_withheld', rows=draft.sight.layout.header_rows[0] - 1)}"
    yield f"publisher: {ASK}  # {tell(language, 'publisher_ask')}"
    told = {ASK: "country_ask", SEVERAL: "country_several"}.get(draft.country)
    yield f"country: {draft.country}" + (f"  # {tell(language, told)}" if told is not None else "")
    yield _answer("domain", about.domain, language)
    yield from _table(draft, language)
    yield _answer("source_type", about.sender, language)
    yield _answer("count_unit", about.unit, language)
    yield f"languages: [{', '.join(about.languages)}]"
    if about.period_type != "CY":
        told = f"  # {tell(language, 'period_type_ask')}" if about.period_type == ASK else ""
        yield f"period_type: {about.period_type}{told}"
    if about.calendar is not None and about.calendar != "GREG":
        yield f"calendar: {about.calendar}"


def _table(draft: Draft, language: str) -> Iterator[str]:
    """Write the table; where two fit as well, ask, and say for which the columns below are drafted."""
    answer = draft.about.table
    if answer.why != "table_close":
        yield _answer("table", answer, language)
        return
    yield f"table: {ASK}  # {tell(language, 'table_close', told=answer.told, table=answer.value)}"


def _answer(key: str, answer: Answer, language: str) -> str:
    return f"{key}: {answer.value}  # {tell(language, answer.why, told=answer.told)}"


def _form(draft: Draft, language: str) -> Iterator[str]:
    sight = draft.sight
    form, encoding = sight.form, sight.encoding
    parts: dict[str, str] = {"format": form.format}
    if encoding is not None and encoding.name != "utf-8":
        parts["encoding"] = encoding.name
    if form.format == "csv" and form.delimiter != ",":
        parts["delimiter"] = json.dumps(form.delimiter)
    if form.records is not None:
        parts["records"] = plain(form.records)
    if form.sheet is not None:
        parts["sheet"] = plain(form.sheet) if sheet_name(sight) is not None else ASK
    if form.header_rows != [1]:
        parts["header_rows"] = str(form.header_rows)
    if form.footer_rows:
        parts["footer_rows"] = str(form.footer_rows)
    signs = _signs(draft)
    parts |= {key: json.dumps(value) for key, (value, _) in signs.items()}
    epochs = {proof.epoch for proof in sight.proofs.values() if proof.epoch is not None}
    if len(epochs) == 1:
        parts["excel_epoch"] = str(epochs.pop())
    if encoding is not None:
        yield f"# {tell(language, encoding.why, name=encoding.name, other=encoding.other)}"
    for key, (value, proof) in signs.items():
        yield f"# {tell(language, key, sign=json_text(value), value=proof)}"
    if form.format == "csv":
        yield f"# {tell(language, 'delimiter', share=f'{sight.delimiter_share:.0%}')}"
    if any(profile.figures.doubtful or profile.figures.contradicts for profile in sight.profiles):
        yield f"# {tell(language, 'numbers_ask')}"
    if sight.layout.doubtful:
        yield f"# {tell(language, 'headings_doubtful')}"
    if len(sight.sheets) > 1:
        others = ", ".join(name if is_known_text(name) else "…" for name in sight.sheets if name != form.sheet)
        yield f"# {tell(language, 'sheets', others=others)}"
        if sheet_name(sight) is None:
            yield f"# {tell(language, 'sheet_ask', place=[*sight.sheets].index(str(form.sheet)) + 1)}"
    yield f"file: {{{', '.join(f'{key}: {value}' for key, value in parts.items())}}}"
    if any(proof.epoch_state == OPEN for proof in sight.proofs.values()):
        yield f"# {tell(language, 'epoch_ask')}"
    period = draft.about.period
    yield "submissions:"
    file, told = file_name(sight.path), tell(language, period.why, told=period.told)
    if file is None:
        yield f"  # {tell(language, 'file_ask')}"
    covered = plain(period.value) if period.value != ASK else ASK
    yield f"  - {{file: {plain(file) if file is not None else ASK}, period: {covered}}}  # {told}"
    if draft.missing:
        yield f"missing: [{', '.join(map(json_text, draft.missing))}]"
    if draft.doubtful_signs:
        yield f"# {tell(language, 'signs_ask', signs=', '.join(map(json_text, draft.doubtful_signs)))}"
    hidden = sorted({sign for profile in sight.profiles for sign in profile.figures.suppressed})
    if hidden:
        bounds = (f"{json_text(sign)}: [1, {int(re.sub('[^0-9]', '', sign)) - 1}]" for sign in hidden)
        yield f"suppressed: {{{', '.join(bounds)}}}"


def json_text(text: str) -> str:
    """Write a text in quotes."""
    return json.dumps(text, ensure_ascii=False)


def _signs(draft: Draft) -> dict[str, tuple[str, str]]:
    """Give the decimal sign and the sign of thousands that all columns agree on, with the value that proves each."""
    found: dict[str, tuple[str, str]] = {}
    shown = [
        profile.figures
        for profile, personal in zip(draft.sight.profiles, draft.sight.personal, strict=True)
        if personal.kind is None
    ]
    decimals = {figures.decimal: figures.decimal_value for figures in shown if figures.decimal is not None}
    if len(decimals) == 1 and "." not in decimals:
        found["decimal"] = next(iter(decimals.items()))
    groups = {sign: figures.thousands_value for figures in shown for sign in figures.thousands or ""}
    groups = {sign: value for sign, value in groups.items() if sign not in decimals}
    if groups:
        found["thousands"] = "".join(groups), next(iter(groups.values()))
    return found


def _columns(draft: Draft, language: str) -> Iterator[str]:
    mapped = [choice for choice in draft.choices if choice.state == MAPPED]
    yield "columns:" if mapped else "# columns:"
    for choice in mapped:
        yield from _column(draft, choice, language)
    for choice in draft.choices:
        if choice.state == UNSURE or (choice.state == PERSONAL and choice.why == "coordinates"):
            yield from _offered(choice, language)
    if not mapped and not measures_of(draft):
        yield f"  # {tell(language, 'nothing_sure')}"


def _column(draft: Draft, choice: Choice, language: str) -> Iterator[str]:
    """Write one column: on one line where it needs no words, with the reasons beside it."""
    words = draft.words[choice.place]
    proof = draft.sight.proofs.get(choice.header)
    keys = [f"column: {plain(choice.header)}"]
    if choice.column is not None and choice.column.reading is not None:
        keys.append(f"reading: {choice.column.reading}")
    if words.separator is not None:
        keys.append(f"separator: {json_text(words.separator)}")
    if proof is not None and choice.plan is not None and choice.plan.reading in ("date", "period"):
        keys += _day_keys(proof, draft)
    why = f"  # {choice.score:.2f} {'; '.join(map(_safe, choice.reasons))}".rstrip()
    if proof is not None and choice.plan is not None and choice.plan.reading == "date":
        yield from (f"  # {line}" for line in _day_told(draft, choice, proof, language))
    if not words.sure and not words.unsure and not words.hidden:
        yield f"  {choice.field}: {{{', '.join(keys)}}}{why}"
        return
    yield f"  {choice.field}:{why}"
    yield from (f"    {key}" for key in keys)
    yield from _words(words, language)


def _day_keys(proof: Proof, draft: Draft) -> Iterator[str]:
    if proof.order is not None and (proof.order_state == PROVEN or (proof.order == "ymd" and proof.calendar == "ETH")):
        yield f"date_order: {proof.order}"
    if proof.calendar_state in (OPEN, CONFLICT):
        yield f"calendar: {ASK}"
    elif proof.calendar is not None and proof.calendar != (draft.about.calendar or "GREG"):
        yield f"calendar: {proof.calendar}"


def _day_told(draft: Draft, choice: Choice, proof: Proof, language: str) -> Iterator[str]:
    values = draft.sight.seen.columns[choice.place].values
    yield order_told(proof, values, draft.least, language)
    yield calendar_told(proof, values, draft.least, draft.today, language)
    yield from (tell(language, f"note_{note}") for note in proof.notes)
    if proof.unreadable:
        yield tell(language, "days_unreadable", rows=proof.unreadable)


def _words(words: Words, language: str) -> Iterator[str]:
    by_code: dict[str, list[Word]] = defaultdict(list)
    for word in words.sure:
        if word.code is not None:
            by_code[word.code].append(word)
    if by_code:
        yield "    words:"
    for code, met in by_code.items():
        told = "; ".join(dict.fromkeys(_reason(word) for word in met[:3]))
        key = json_text(code) if any(pattern.fullmatch(code) for pattern, _ in TRAPS) else code
        yield f"      {key}: [{', '.join(plain(word.raw) for word in met)}]  # {told}"
    shown = [word for word in words.unsure if identifying_value(word.raw) is None][:MOST_OFFERED]
    if shown and not by_code:
        yield "    # words:"
    for word in shown:
        code = word.candidates[0].target if word.candidates else "CODE"
        offered = " | ".join(_candidate(one) for one in word.candidates)
        told = offered or tell(language, "word_hopeless")
        yield f"    #   {code}: [{plain(word.raw)}]  # {tell(language, 'rows', rows=word.rows)}; {told}"
    left = words.hidden + len(words.unsure) - len(shown)
    if left:
        yield f"    # {tell(language, 'words_hidden', words=left)}"


def _candidate(one: Candidate) -> str:
    return f"{one.target} {one.score:.2f} {_safe(one.reasons[0])}" if one.reasons else f"{one.target} {one.score:.2f}"


def _reason(word: Word) -> str:
    if word.decided is not None:
        day = f" {word.decided.day}" if word.decided.day is not None else ""
        return f"{word.score:.2f} {word.decided.source}: {word.decided.author}{day}"
    return f"{word.score:.2f} {_safe(word.reason)}"


def _offered(choice: Choice, language: str) -> Iterator[str]:
    """Write the fields that a column may be as comments, best first."""
    yield f"  # {tell(language, f'open_{choice.why}', column=_safe(choice.header))}"
    for one in choice.candidates[:4]:
        told = "; ".join(map(_safe, one.reasons))
        if one.target not in (RUNNING, IGNORE):
            yield f"  # {one.target}: {{column: {plain(choice.header)}}}  # {one.score:.2f} {told}".rstrip()


def _measures(draft: Draft, language: str) -> Iterator[str]:
    measures = measures_of(draft)
    if not measures:
        return
    yield f"# {tell(language, 'measures')}"
    yield "measures:"
    for choice in measures:
        if choice.dims is None:
            continue
        dims = ", ".join(f"{name}: {json_text(value) if name == 'time_period' else value}" for name, value in choice.dims.items())
        yield f"  {plain(choice.header)}: {{{dims}}}"


def _constants(draft: Draft, language: str) -> Iterator[str]:
    if not draft.constants:
        return
    yield f"# {tell(language, 'constants')}"
    yield "constants:"
    for name, value in draft.constants.items():
        yield f"  {name}: {value}"
    state = "ref_area" if draft.source.table == "observation" else "reporting_country"
    if draft.country == ASK and state not in {choice.field for choice in draft.choices}:
        yield f"  # {state}: _Z  # {tell(language, 'several')}"


def _ignored(draft: Draft, language: str) -> Iterator[str]:
    ignored = [choice for choice in draft.choices if choice.state in (LEFT, PERSONAL, UNSURE)]
    ignored += [choice for choice in draft.choices if choice.state == MEASURE and choice.dims is None]
    if not ignored:
        return
    yield "ignore:"
    for choice in ignored:
        if choice.header in draft.sight.withheld:
            yield f"  {plain(choice.header)}: {ASK}  # {tell(language, 'heading_withheld')}"
            continue
        why = "identifying" if choice.why == "identifying" else tell(language, f"left_{choice.why or 'share'}")
        yield f"  {plain(choice.header)}: {plain(why)}{_personal(draft, choice)}"


def _personal(draft: Draft, choice: Choice) -> str:
    personal = draft.sight.personal[choice.place]
    return f"  # {personal.kind}" if personal.kind is not None and choice.why == "identifying" else ""


def _skipped(draft: Draft, language: str) -> Iterator[str]:
    if draft.sight.withheld_totals:
        yield f"# {tell(language, 'totals_withheld', rows=draft.sight.withheld_totals)}"
    lines = []
    for number, total in enumerate(draft.sight.totals, start=1):
        name = "total" if number == 1 else f"total_{number}"
        words = ", ".join(plain(word) for word in total.words)
        told = tell(language, "rows", rows=total.rows)
        lines.append(f"  {name}: {{column: {plain(total.header)}, words: [{words}]}}  # {told}")
    repeated = draft.sight.repeated
    if repeated is not None:
        last = repeated.rpartition(" / ")[2]
        told = tell(language, "rows", rows=draft.sight.seen.repeated)
        lines.append(f"  repeated_header: {{column: {plain(repeated)}, words: [{plain(last)}]}}  # {told}")
    if lines:
        yield "skip_rows:"
        yield from lines


def _safe(text: str) -> str:
    """Give a text as a comment may hold it: on one line, and nothing of a person."""
    return " ".join(text.split()) if identifying_value(text) is None else "…"
